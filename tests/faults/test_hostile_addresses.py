# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers that lead elsewhere or are not who they should be: credentials stay, and the user reads why."""

from __future__ import annotations

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE
from tests.faults.hostile import HostileServer, document, whole
from tests.faults.reads import PATIENCE, TOKEN, Read, by_product
from tests.integration.records import settings
from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec


def _redirect(location: str, status: int = 302) -> list[bytes]:
    return whole("", f"Location: {location}", status=status)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("tls") / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@by_product
@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_to_itself(read: Read, status: int) -> None:
    with HostileServer.start(lambda _line: _redirect(read.path, status)) as server:
        message = read.failure(server.url, "redirect", timeout=PATIENCE, retries=3)
        assert len(server.received) == 1
    assert "set api_url" in message or "very same address" in message


# Each is read by some as the first server, and by others as the second one.
_PLACES = (
    "//{other}/",
    "http://{other}/api",
    "http://{other}",
    "http:\\\\{other}/",
    "HTTP://{other}/",
    "http://{other}\\@{own}/",
    "http://{own}\\@{other}/",
    "http://{own}@{other}/",
    "http://{other}@{own}/",
    "http://{other}#@{own}/",
    "http://{other}?@{own}/",
    "http://{other}/\\@{own}/",
    "http:///{other}/",
    "http:/{other}/",
    "http:{other}/",
    "/\\{other}/",
    "\\\\{other}/",
    "///{other}/",
    "http://{own}%40{other}/",
    "http://{own}%2f@{other}/",
    "http://{own};@{other}/",
    "http://{own}&@{other}/",
    "http://{own}\t@{other}/",
    " http://{other}/",
    "https://{other}/",
    "http://{own}/elsewhere",
    "/elsewhere",
    # Other spellings of the same host and port.
    "http://127.0.0.1:0{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://\uff4c\u00f3calhost:{port}/",
    "http://xn--lcalhost-n0a:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::1]:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://0:{port}/",
    "http://user:pass@127.0.0.1:{port}/",
    "hTTp://127.0.0.1:{port}/",
)


def _located(place: str, other: HostileServer, server: HostileServer) -> str:
    """The address of a place, for a redirect of one server to the other."""
    own, there = (one.url.partition("//")[2] for one in (server, other))
    return place.format(other=there, own=own, port=there.rpartition(":")[2])


@by_product
@pytest.mark.parametrize("place", _PLACES)
def test_a_redirect_is_not_followed(read: Read, place: str) -> None:
    with HostileServer.start(lambda _line: document(read.good)) as other:
        location = ""
        with HostileServer.start(lambda _line: _redirect(location)) as server:
            location = _located(place, other, server)
            message = read.failure(server.url, "redirect", timeout=PATIENCE, retries=3)
            assert len(server.received) == 1
            assert "api_url" in message
        assert other.received == []


ACCOUNT = {"id": 1, "name": "Live", "email": "live@example.com", "has_auth": False, "default": False}
SETTINGS = {"domain": "live.example", "type": "smtp", "options": {"host": "a.example"}}
PROFILE = {"id": 1, "name": "Live", "enabled": False, "schema": {"id": 1, "name": "Tickets"}}
WRITES: dict[str, tuple[ModuleSpec, dict[str, Any]]] = {
    "POST account": (EMAIL_ACCOUNT, {"name": "New", "email": "new@example.com"}),
    "PUT account": (EMAIL_ACCOUNT, {"name": "Live", "email": "other@example.com"}),
    "DELETE account": (EMAIL_ACCOUNT, {"name": "Live", "state": "absent"}),
    "POST settings": (EMAIL_SETTINGS, {"domain": "new.example", **settings()}),
    "PUT settings": (EMAIL_SETTINGS, {"domain": "live.example", "options": {"host": "b.example"}}),
    "DELETE settings": (EMAIL_SETTINGS, {"domain": "live.example", "state": "absent"}),
    "POST profile": (EMAIL_PROFILE, {"name": "New", "schema": {"id": 1}}),
}


def _read_of(line: str) -> list[bytes]:
    """The good answer to a read."""
    if "templates" in line:
        return document({"email_templates": []})
    if "whoami" in line:
        return document({"domain": "new.example"})
    if "/email/settings" in line:
        none = document({"status": "error", "info": "Not settings EMail provider from domain"}, status=404)
        return document(SETTINGS) if "live.example" in line else none
    return document([ACCOUNT] if "/accounts" in line else {"items": [PROFILE]})


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
@pytest.mark.parametrize("write", WRITES)
def test_no_write_is_redirected(write: str, status: int) -> None:
    method = write.partition(" ")[0]
    spec, options = WRITES[write]
    places: list[str] = []
    with (
        HostileServer.start(_read_of) as other,
        HostileServer.start(
            lambda line: _redirect(places[0], status) if line.startswith(method) else _read_of(line)
        ) as server,
    ):
        for place in _PLACES:
            places[:] = [_located(place, other, server)]
            connection = {"api_url": server.url, "access_token": TOKEN, "retries": 1, "timeout": PATIENCE}
            server.received.clear()
            result = Runner(connection).run(spec, **options)
            sent = [request for request in server.received if request.startswith(method.encode())]
            assert len(sent) == 1, (place, result)
            assert result["failed"], place
            assert result["failure"]["kind"] == "redirect"
            assert "api_url" in result["msg"], place
            assert "user:pass" not in str(result)
        assert other.received == []


@by_product
@pytest.mark.parametrize(
    "location",
    ["", "http://[", "http://127.0.0.1:99999/", "ftp://127.0.0.1/", "file:///etc/hostname", "javascript:0"],
)
def test_a_redirect_to_nowhere(read: Read, location: str) -> None:
    with HostileServer.start(lambda _line: _redirect(location)) as server:
        result = read.run(server.url, timeout=PATIENCE)
        assert len(server.received) == 1
    assert result["failed"]
    assert result["failure"]["kind"] == "redirect"
    assert "api_url" in result["msg"]


@by_product
def test_a_redirect_from_https_to_http(read: Read, authority: trustme.CA, ca_file: str) -> None:
    with HostileServer.start(lambda _line: document(read.good)) as plain:
        to_plain = _redirect(f"{plain.url}{read.path}")
        with HostileServer.start(lambda _line: to_plain, _context(authority.issue_cert("127.0.0.1"))) as server:
            message = read.failure(server.url, "redirect", timeout=PATIENCE, ca_path=ca_file)
        assert plain.received == []
    assert f"set api_url to {plain.url}" in message


def _expired(authority: trustme.CA) -> trustme.LeafCert:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return authority.issue_cert("127.0.0.1", not_before=yesterday - timedelta(days=1), not_after=yesterday)


def _self_signed(_authority: trustme.CA) -> trustme.LeafCert:
    return trustme.CA().issue_cert("127.0.0.1")


@by_product
@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        pytest.param(_expired, "certificate has expired", id="expired"),
        pytest.param(lambda authority: authority.issue_cert("other.example"), "127.0.0.1", id="another name"),
        pytest.param(_self_signed, "ca_path", id="unknown authority"),
    ],
)
def test_a_certificate_that_is_not_accepted(
    read: Read, authority: trustme.CA, ca_file: str, certificate: Callable[[trustme.CA], trustme.LeafCert], words: str
) -> None:
    context = _context(certificate(authority))
    with HostileServer.start(lambda _line: document(read.good), context) as server:
        message = read.failure(server.url, "connection", timeout=PATIENCE, ca_path=ca_file, retries=3)
        assert server.received == []
    assert "certificate not accepted: " in message
    assert words in message


@by_product
def test_a_protocol_that_is_too_old(read: Read, authority: trustme.CA, ca_file: str) -> None:
    context = _context(authority.issue_cert("127.0.0.1"))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    with HostileServer.start(lambda _line: document(read.good), context) as server:
        message = read.failure(server.url, "connection", timeout=PATIENCE, ca_path=ca_file)
        assert server.received == []
    assert "TLS failed: " in message
    assert "too old" in message


@by_product
def test_https_to_a_server_that_speaks_http(read: Read) -> None:
    with HostileServer.start(lambda _line: document(read.good)) as server:
        message = read.failure(server.url.replace("http:", "https:"), "connection", timeout=PATIENCE)
        assert not any(TOKEN.encode() in request for request in server.received)
    assert "TLS failed: " in message
    assert "scheme" in message


@by_product
def test_http_to_a_server_that_speaks_https(read: Read, authority: trustme.CA) -> None:
    context = _context(authority.issue_cert("127.0.0.1"))
    with HostileServer.start(lambda _line: document(read.good), context) as server:
        result = read.run(server.url.replace("https:", "http:"), timeout=PATIENCE)
        assert server.received == []
    assert result["failed"]
    assert result["failure"]["kind"] in ("answer", "connection")
    assert "Check api_url" in result["msg"]


@by_product
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(whole("<html>", f"Content-Type: text/html; session={TOKEN}"), id="type of the content"),
        pytest.param(whole(f'{{"{TOKEN}": 1, "{TOKEN}": 2}}'), id="key that stands twice"),
        pytest.param(whole(f'[{{"{TOKEN}": 1}}]'), id="key of an object"),
        pytest.param(whole("{}", status=500, reason=TOKEN), id="status line"),
        pytest.param(whole("", f"Content-Encoding: {TOKEN}"), id="encoding"),
        pytest.param(_redirect(f"http://{TOKEN}.example.com/"), id="host of a redirect"),
        pytest.param(_redirect(f"http://me:{TOKEN}@example.com/"), id="login of a redirect"),
        pytest.param(_redirect(f"{TOKEN}://example.com/"), id="scheme of a redirect"),
        pytest.param(_redirect(f"/session/{TOKEN}"), id="path of a redirect"),
        pytest.param(_redirect(f"/?session={TOKEN}"), id="query of a redirect"),
    ],
)
def test_a_credential_that_comes_back_is_not_repeated(read: Read, answer: list[bytes]) -> None:
    """Also where it comes back in what an error usually quotes."""

    def once_then_fail(line: str) -> list[bytes]:
        return answer if read.path in line else whole("", status=500)

    with HostileServer.start(once_then_fail) as server:
        result = read.run(server.url, timeout=PATIENCE)
        assert any(TOKEN.encode() in request for request in server.received)
    assert result["failed"]
    assert result["failure"]["kind"] != "defect"


@pytest.mark.parametrize("location", ["/session/{}", "/?session={}", "http://{}.example.com/", "http://example.com/{}"])
def test_a_secret_of_a_write_that_comes_back_in_a_redirect_is_not_repeated(location: str) -> None:
    password = "planted-password-77e1"

    def answer(line: str) -> list[bytes]:
        return document([]) if line.startswith("GET ") else _redirect(location.format(password))

    with HostileServer.start(answer) as server:
        connection = {"api_url": server.url, "access_token": TOKEN, "retries": 0, "timeout": PATIENCE}
        account: dict[str, Any] = {"name": "New", "email": "new@example.com", "password": password}
        result = Runner(connection).run(EMAIL_ACCOUNT, **account)
        assert any(password.encode() in request for request in server.received)
    assert result["failed"]
    assert password not in str(result)
    assert result["failure"]["kind"] == "redirect"
