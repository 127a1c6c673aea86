# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates and proxies, on real connections."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import ConnectionFailed
from tests.unit.plugins.module_utils._http.sessions import session_to
from tests.unit.plugins.module_utils.conversation import Conversation, conversation_at


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The certificate of the authority that signs the servers' ones."""
    path = tmp_path_factory.mktemp("tls") / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture(scope="module")
def other_ca_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The certificate of an authority that nobody uses."""
    path = tmp_path_factory.mktemp("tls") / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(path))
    return str(path)


def context_for(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Conversation]:
    """A server whose certificate is right."""
    with conversation_at(context_for(authority, "127.0.0.1")) as scripted:
        yield scripted


def test_ca_path(secure: Conversation, ca_file: str) -> None:
    secure.expect("GET /a").answers([])
    with session_to(secure.url, ca_path=ca_file) as session:
        assert session.request("GET", "/a").status == 200


def test_ca_path_beats_the_environment(
    secure: Conversation, ca_file: str, other_ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", other_ca_file)
    secure.expect("GET /a").answers([])
    with session_to(secure.url, ca_path=ca_file) as session:
        assert session.request("GET", "/a").status == 200


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_validate_certs_off_beats_the_environment(
    secure: Conversation, other_ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", other_ca_file)
    secure.expect("GET /a").answers([])
    with session_to(secure.url, validate_certs=False) as session:
        assert session.request("GET", "/a").status == 200


def test_the_environment_counts_without_ca_path(
    secure: Conversation, ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca_file)
    secure.expect("GET /a").answers([])
    with session_to(secure.url) as session:
        assert session.request("GET", "/a").status == 200


def test_an_unknown_authority(secure: Conversation, other_ca_file: str, pauses: list[float]) -> None:
    with (
        session_to(secure.url, ca_path=other_ca_file, retries=3) as session,
        pytest.raises(ConnectionFailed, match=r"certificate not accepted: .*ca_path"),
    ):
        session.request("GET", "/a")
    assert pauses == []


def test_an_authority_that_nobody_named(secure: Conversation) -> None:
    with session_to(secure.url) as session, pytest.raises(ConnectionFailed, match="certificate not accepted"):
        session.request("GET", "/a")


def test_a_certificate_for_another_name(authority: trustme.CA, ca_file: str) -> None:
    with (
        conversation_at(context_for(authority, "other.example.com")) as scripted,
        session_to(scripted.url, ca_path=ca_file) as session,
        pytest.raises(ConnectionFailed) as caught,
    ):
        session.request("GET", "/a")
    assert "certificate not accepted" in str(caught.value)
    assert not caught.value.sent


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_path_that_is_no_use(
    secure: Conversation, tmp_path: Path, content: str | None, pauses: list[float]
) -> None:
    path = tmp_path / "authority.pem"
    if content is not None:
        path.write_text(content)
    with (
        session_to(secure.url, ca_path=str(path), retries=3) as session,
        pytest.raises(ConnectionFailed, match="ca_path"),
    ):
        session.request("GET", "/a")
    assert pauses == []


def test_tls_to_a_server_without_it(conversation: Conversation) -> None:
    url = conversation.url.replace("http://", "https://")
    with session_to(url) as session, pytest.raises(ConnectionFailed, match=r"TLS failed: .*scheme"):
        session.request("GET", "/a")


def test_requests_go_through_the_proxy_of_the_environment(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", conversation.url)
    conversation.expect("GET http://server.invalid/a").answers([])
    with session_to("http://server.invalid") as session:
        assert session.request("GET", "/a").status == 200


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_fails_is_named_without_its_password(
    unused_port: int, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{scheme}_proxy", f"http://user:hunter2@127.0.0.1:{unused_port}")
    with session_to(f"{scheme}://server.invalid") as session, pytest.raises(ConnectionFailed) as caught:
        session.request("GET", "/a")
    assert "the proxy failed: Connection refused. Check the proxy settings" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_proxy_that_refuses_the_tunnel(conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", conversation.url.replace("http://", "http://user:hunter2@"))
    conversation.expect("CONNECT server.invalid:443").answers(status=407)
    with session_to("https://server.invalid") as session, pytest.raises(ConnectionFailed) as caught:
        session.request("GET", "/a")
    assert "the proxy failed" in str(caught.value)
    assert "hunter2" not in str(caught.value)
