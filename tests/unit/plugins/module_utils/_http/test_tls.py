# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates and proxies, on real connections."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from ansible_collections.mailfleet.email.plugins.module_utils._http import trust
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


@pytest.mark.parametrize(("named", "given"), [("ca_file", "other_ca_file"), ("other_ca_file", "ca_file")])
def test_ca_path_adds_to_the_environment(
    secure: Conversation, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, named: str, given: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", request.getfixturevalue(named))
    secure.expect("GET /a").answers([])
    with session_to(secure.url, ca_path=request.getfixturevalue(given)) as session:
        assert session.request("GET", "/a").status == 200


@pytest.mark.parametrize("hashed", [True, False])
def test_ca_path_is_a_directory(secure: Conversation, ca_file: str, tmp_path: Path, hashed: bool) -> None:
    name = f"{subject_hash(ca_file)}.0" if hashed else "company.crt"
    (tmp_path / name).write_bytes(Path(ca_file).read_bytes())
    (tmp_path / "README.pem").write_text("no certificate")
    secure.expect("GET /a").answers([])
    with session_to(secure.url, ca_path=str(tmp_path)) as session:
        assert session.request("GET", "/a").status == 200


def subject_hash(ca_file: str) -> str:
    """By which name OpenSSL looks for the authority in a folder."""
    command = ["openssl", "x509", "-in", ca_file, "-noout", "-subject_hash"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_the_system_s_store_is_trusted(secure: Conversation, ca_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a company adds to it counts, as it does for ansible.builtin.uri."""
    monkeypatch.setenv("SSL_CERT_FILE", ca_file)
    secure.expect("GET /a").answers([])
    with session_to(secure.url) as session:
        assert session.request("GET", "/a").status == 200


def test_the_system_s_folder_is_trusted(
    secure: Conversation, ca_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{subject_hash(ca_file)}.0").write_bytes(Path(ca_file).read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    secure.expect("GET /a").answers([])
    with session_to(secure.url) as session:
        assert session.request("GET", "/a").status == 200


def test_ca_path_adds_to_the_system_s_store(
    secure: Conversation, ca_file: str, other_ca_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", ca_file)
    secure.expect("GET /a").answers([])
    with session_to(secure.url, ca_path=other_ca_file) as session:
        assert session.request("GET", "/a").status == 200


def test_where_uri_looks_beside_the_store(
    secure: Conversation, ca_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust, "_FOLDERS", (str(tmp_path / "none"), str(tmp_path)))
    (tmp_path / "company.cer").write_bytes(Path(ca_file).read_bytes())
    # A store of another name is another context than the one that other tests made.
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    secure.expect("GET /a").answers([])
    with session_to(secure.url) as session:
        assert session.request("GET", "/a").status == 200


@pytest.mark.parametrize("without_store", [True, False])
def test_the_bundle_of_requests_counts_where_the_system_has_none(
    secure: Conversation, ca_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_store: bool
) -> None:
    monkeypatch.setattr(trust, "_FOLDERS", ())
    monkeypatch.setattr(requests.certs, "where", lambda: ca_file)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    if without_store:
        monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
        secure.expect("GET /a").answers([])
        with session_to(secure.url) as session:
            assert session.request("GET", "/a").status == 200
    else:
        with session_to(secure.url) as session, pytest.raises(ConnectionFailed, match="certificate not accepted"):
            session.request("GET", "/a")


def test_one_context_serves_all_connections_of_a_process(ca_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[ssl.SSLContext] = []
    create = ssl.create_default_context

    def counted(**options: Any) -> ssl.SSLContext:
        made.append(create(**options))
        return made[-1]

    monkeypatch.setenv("SSL_CERT_FILE", f"{ca_file}.absent")
    monkeypatch.setattr(ssl, "create_default_context", counted)
    for _twice in range(2):
        trust.prepare()
        assert len(made) == 1
    first = trust.context_for(trust.Trust(ca_path=ca_file))
    assert made == [first]
    assert trust.context_for(trust.Trust(ca_path=ca_file)) is first
    # Others trust something else.
    assert trust.context_for(trust.Trust()) is not first
    assert len(made) == 2
    monkeypatch.setenv("SSL_CERT_FILE", ca_file)
    assert trust.context_for(trust.Trust()) not in made[:2]


def test_what_is_no_use_is_left_to_the_task_that_needs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "absent.pem"))
    trust.prepare()
    with pytest.raises(trust.TrustError, match="cannot be read"):
        trust.context_for(trust.Trust())


def test_a_folder_that_the_environment_names_is_all_there_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path))
    monkeypatch.setattr(ssl, "create_default_context", lambda **options: asked.append(options))
    trust._with_usual_authorities()
    assert asked == [{"capath": str(tmp_path)}]


@pytest.mark.parametrize("authorities", [0, 1, 2])
def test_a_store_with_one_authority_is_one(monkeypatch: pytest.MonkeyPatch, authorities: int) -> None:
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: SimpleNamespace(capath=None))
    context: Any = SimpleNamespace(cert_store_stats=lambda: {"x509_ca": authorities})
    assert trust._trusts_anybody(context) is (authorities > 0)


def test_a_client_shows_its_certificate_also_when_it_is_asked_late(client: dict[str, str]) -> None:
    late = trust.context_for(trust.Trust(client_cert=client["both"]))
    assert (late.post_handshake_auth, trust.context_for(trust.Trust()).post_handshake_auth) == (True, False)


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


@pytest.mark.parametrize("name", ["ca_path", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file or directory"),
        ("no certificate", "holds no certificate in the format PEM"),
        ("", "holds no certificate in the format PEM"),
    ],
)
def test_authorities_that_are_no_use(
    secure: Conversation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str | None, words: str
) -> None:
    path = tmp_path / "authority.pem"
    if content is not None:
        path.write_text(content)
    options = {}
    if name == "ca_path":
        options[name] = str(path)
    else:
        monkeypatch.setenv(name, str(path))
    with session_to(secure.url, retries=3, **options) as session, pytest.raises(ConnectionFailed) as caught:
        session.request("GET", "/a")
    assert str(caught.value) == f"GET {secure.url}/a: TLS cannot start: {path} {words}. Check {name}"
    assert not caught.value.transient


@pytest.fixture
def demanding(authority: trustme.CA) -> Iterator[Conversation]:
    """A server that wants a certificate of the client."""
    context = context_for(authority, "127.0.0.1")
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    with conversation_at(context) as scripted:
        yield scripted


@pytest.fixture
def client(authority: trustme.CA, tmp_path: Path) -> dict[str, str]:
    """A client's certificate and its key, apart and in one file."""
    certificate = authority.issue_cert("client@example.com")
    files = {name: str(tmp_path / f"{name}.pem") for name in ("certificate", "key", "both")}
    certificate.cert_chain_pems[0].write_to_path(files["certificate"])
    certificate.private_key_pem.write_to_path(files["key"])
    certificate.private_key_and_cert_chain_pem.write_to_path(files["both"])
    return files


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("validate_certs", [True, False])
@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_a_client_s_certificate(
    demanding: Conversation, ca_file: str, client: dict[str, str], apart: bool, validate_certs: bool
) -> None:
    shown = {"client_cert": client["certificate"], "client_key": client["key"]} if apart else {}
    demanding.expect("GET /a").answers([])
    options = {"client_cert": client["both"], "ca_path": ca_file, "validate_certs": validate_certs, **shown}
    with session_to(demanding.url, **options) as session:
        assert session.request("GET", "/a").status == 200


_ADDRESS = "Check api_url, its port and its scheme"


def test_a_server_that_wants_a_client_s_certificate_says_so(demanding: Conversation, ca_file: str) -> None:
    with session_to(demanding.url, ca_path=ca_file) as session, pytest.raises(ConnectionFailed) as caught:
        session.request("GET", "/a")
    # With TLS 1.3 the server says so after the handshake; where it closes first, its word may not be read any more.
    assert str(caught.value) in (
        f"GET {demanding.url}/a: TLS failed: the server wants a client's certificate. Check client_cert and client_key",
        f"GET {demanding.url}/a: the server closed it before the answer was complete. {_ADDRESS}",
        f"GET {demanding.url}/a: TLS failed: the server closed it before the answer was complete. {_ADDRESS}",
    )


def test_a_client_s_certificate_that_is_no_use(
    secure: Conversation, ca_file: str, client: dict[str, str], tmp_path: Path, authority: trustme.CA
) -> None:
    other, sealed, junk = (tmp_path / f"{name}.pem" for name in ("other", "sealed", "junk"))
    authority.issue_cert("other@example.com").private_key_pem.write_to_path(str(other))
    junk.write_text("no certificate")
    key = load_pem_private_key(Path(client["key"]).read_bytes(), None)
    sealed.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"planted passphrase"))
    )
    gone = str(tmp_path / "gone.pem")
    reported = {
        (gone, None): f"{gone} cannot be read: No such file or directory. Check client_cert",
        (client["certificate"], gone): f"{gone} cannot be read: No such file or directory. Check client_key",
        (client["certificate"], str(other)): f"{other} is not the key of {client['certificate']}. Check client_key",
        (client["certificate"], str(sealed)): f"{sealed} is protected by a passphrase, which nobody could type: "
        "give a key without one. Check client_key",
        (str(junk), None): f"{junk} and its key are no certificate and key in the format PEM. Check client_cert",
        # The key is missing.
        (client["certificate"], None): f"{client['certificate']} and its key are no certificate and key in the format "
        "PEM. Check client_cert",
    }
    for (certificate, key_file), words in reported.items():
        options = {"ca_path": ca_file, "client_cert": certificate, "client_key": key_file}
        with session_to(secure.url, **options) as session, pytest.raises(ConnectionFailed) as caught:
            session.request("GET", "/a")
        assert str(caught.value) == f"GET {secure.url}/a: TLS cannot start: {words}"


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
    assert "the proxy failed: it answered 407. Check the proxy settings" in str(caught.value)
    assert "hunter2" not in str(caught.value)
