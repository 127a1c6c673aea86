# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A look at servers of all kinds, on real connections: what it finds, and where the password goes."""

from __future__ import annotations

import socket
import ssl
import struct
import sys
import threading

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.addresses import Address
from ansible_collections.mailfleet.email.plugins.module_utils._mail.smtp_probe import look_at
from ansible_collections.mailfleet.email.plugins.module_utils._mail.smtp_session import (
    Encryption,
    Login,
    NotTried,
    Observation,
    Step,
    Target,
)
from ansible_collections.mailfleet.email.plugins.module_utils._mail.tls import Trust
from tests.unit.plugins.module_utils._mail.certificates import Certificates
from tests.unit.plugins.module_utils._mail.smtp_servers import SmtpServer, serve

NONE, STARTTLS, IF_OFFERED, TLS = (
    Encryption.NONE,
    Encryption.STARTTLS,
    Encryption.STARTTLS_IF_OFFERED,
    Encryption.TLS,
)
EVERY_ENCRYPTION = pytest.mark.parametrize("encryption", list(Encryption))
PASSWORD = "planted-passw0rd"
# How long to wait for a server that says nothing, and for the others' answers on a machine that is busy.
SILENCE = 3.0
WITH_STARTTLS = ("STARTTLS", "AUTH PLAIN LOGIN CRAM-MD5")
LOGIN = Login("me@example.com", PASSWORD)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates of every kind."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


def look(
    server: SmtpServer,
    encryption: Encryption,
    certificates: Certificates | None = None,
    *,
    login: Login | None = LOGIN,
    name: str = "localhost",
    timeout: float = 10.0,
) -> Observation:
    ca_path = certificates.ca_path if certificates else None
    with serve(server):
        address = Address(socket.AF_INET, ("127.0.0.1", server.port))
        return look_at(Target(address, Trust(name, ca_path), "client.example.com", timeout), encryption, login)


def test_tls_from_the_first_byte(certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), tls_first=True)
    found = look(server, TLS, certificates)
    session = found.session
    assert (found.as_configured, session.tls_first, session.verified, session.failure) == (True, True, True, None)
    assert session.tls is not None
    assert session.tls.version.startswith("TLSv1.")
    assert session.tls.cipher
    assert (session.before_tls, session.login and session.login.code) == (None, 235)
    assert server.words == ["ehlo", "AUTH", "quit"]
    assert all(line.encrypted for line in server.lines)


@pytest.mark.parametrize("encryption", [STARTTLS, IF_OFFERED])
def test_starttls(certificates: Certificates, encryption: Encryption) -> None:
    server = SmtpServer(certificates.good(), offers=("STARTTLS", "SIZE 5"), offers_in_tls=("AUTH LOGIN",))
    session = look(server, encryption, certificates).session
    assert session.verified
    assert session.before_tls is not None
    assert (session.before_tls.size, session.before_tls.mechanisms) == (5, ())
    assert session.after_tls is not None
    assert (session.after_tls.size, session.after_tls.mechanisms) == (None, ("LOGIN",))
    assert session.mechanism == "LOGIN"
    assert all(line.encrypted for line in server.saw(PASSWORD))
    assert len(server.saw(PASSWORD)) == 1


def test_in_clear_as_configured(certificates: Certificates) -> None:
    """The login goes as configured; what STARTTLS would bring is looked at without it."""
    server = SmtpServer(certificates.good(), offers=WITH_STARTTLS)
    found = look(server, NONE, certificates, login=Login("me", PASSWORD, in_clear=True))
    assert found.session.login is not None
    assert (found.session.login.code, found.session.tls) == (235, None)
    assert found.upgraded is not None
    assert found.upgraded.verified
    assert found.upgraded.login is None
    assert [line.encrypted for line in server.saw(PASSWORD)] == [False]


@pytest.mark.parametrize("encryption", [STARTTLS, IF_OFFERED, NONE])
def test_port_that_speaks_tls_from_the_first_byte(certificates: Certificates, encryption: Encryption) -> None:
    server = SmtpServer(certificates.good(), tls_first=True)
    found = look(server, encryption, certificates, timeout=SILENCE)
    assert (found.as_configured, found.session.tls_first, found.session.verified) == (False, True, True)
    assert found.session.login is not None


def test_port_that_begins_in_clear(certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), offers=WITH_STARTTLS)
    found = look(server, TLS, certificates)
    assert (found.as_configured, found.session.tls_first, found.session.verified) == (False, False, True)
    assert all(line.encrypted for line in server.saw(PASSWORD))


@EVERY_ENCRYPTION
def test_password_needs_a_good_certificate(certificates: Certificates, encryption: Encryption) -> None:
    """Whatever is configured, and whatever is wrong: nothing of the login goes to a server that may be another one."""
    for context in (
        certificates.self_signed(),
        certificates.expired(),
        certificates.of_other_authority(),
        certificates.good("mail.example.com"),
    ):
        keeps_the_password(SmtpServer(context, offers=WITH_STARTTLS), encryption, certificates)


def keeps_the_password(server: SmtpServer, encryption: Encryption, certificates: Certificates) -> None:
    found = look(server, encryption, certificates, timeout=SILENCE if server.tls_first else 10.0)
    assert found.session.login is None
    assert found.session.not_tried in (NotTried.UNVERIFIED, NotTried.IN_CLEAR)
    assert server.logins() == []
    assert server.saw(PASSWORD) == []
    assert found.encrypted.tls is not None
    assert not found.encrypted.verified


@EVERY_ENCRYPTION
def test_password_needs_a_good_certificate_with_tls_from_the_first_byte(
    certificates: Certificates, encryption: Encryption
) -> None:
    keeps_the_password(SmtpServer(certificates.self_signed(), tls_first=True), encryption, certificates)


@pytest.mark.parametrize("encryption", [STARTTLS, IF_OFFERED, TLS])
def test_password_does_not_go_in_clear(encryption: Encryption) -> None:
    """Where the server offers no encryption, a configuration that does not say `none` keeps the password back."""
    server = SmtpServer()
    found = look(server, encryption)
    assert found.session.not_tried is NotTried.IN_CLEAR
    assert found.session.before_tls is not None
    assert found.session.before_tls.mechanisms == ("PLAIN", "LOGIN", "CRAM-MD5")
    assert server.logins() == []
    assert server.saw(PASSWORD) == []


@pytest.mark.parametrize("answer", ["454 4.7.0 TLS not available", "501 no"])
def test_starttls_that_is_refused(certificates: Certificates, answer: str) -> None:
    server = SmtpServer(certificates.good(), offers=WITH_STARTTLS, answers={"STARTTLS": answer})
    session = look(server, IF_OFFERED, certificates).session
    assert session.failure is not None
    assert (session.failure.step, str(session.failure.reply)) == (Step.STARTTLS, answer)
    assert server.logins() == []


def test_what_came_in_clear_does_not_count_in_tls(certificates: Certificates) -> None:
    """Whoever sits on the line could have slipped it in behind the answer to STARTTLS."""
    answers = {"STARTTLS": "220 Go ahead\r\n250-evil.example.com\r\n250 AUTH PLAIN"}
    server = SmtpServer(certificates.good(), offers=WITH_STARTTLS, offers_in_tls=("SIZE 7",), answers=answers)
    session = look(server, STARTTLS, certificates).session
    assert session.after_tls is not None
    assert session.after_tls.extensions == ("SIZE 7",)
    assert server.saw(PASSWORD) == []


def test_password_goes_to_an_unverified_server_where_the_settings_say_so(certificates: Certificates) -> None:
    server = SmtpServer(certificates.self_signed(), tls_first=True)
    found = look(server, TLS, certificates, login=Login("me", PASSWORD, unverified=True))
    assert found.session.login is not None
    assert not found.session.verified
    assert len(server.saw(PASSWORD)) == 1


def test_all_that_is_wrong_with_a_certificate(certificates: Certificates) -> None:
    problems = {
        "name": certificates.good("mail.example.com"),
        "expired": certificates.expired(),
        "both": certificates.expired("mail.example.com"),
        "self-signed": certificates.self_signed(),
        "other authority": certificates.of_other_authority(),
    }
    found = {}
    for kind, context in problems.items():
        session = look(SmtpServer(context, tls_first=True), TLS, certificates, login=None).session
        found[kind] = [problem.code for problem in session.certificate_problems]
        assert session.after_tls is not None
    assert found == {"name": [62], "expired": [10], "both": [62, 10], "self-signed": [18], "other authority": [20]}


def test_name_in_the_subject_alone_is_a_name(certificates: Certificates) -> None:
    session = look(SmtpServer(certificates.with_subject_only(), tls_first=True), TLS, certificates).session
    assert session.verified


def test_certificate_for_an_address(certificates: Certificates) -> None:
    server = SmtpServer(certificates.good("127.0.0.1"), tls_first=True)
    assert look(server, TLS, certificates, name="127.0.0.1").session.verified
    server = SmtpServer(certificates.good("127.0.0.2"), tls_first=True)
    (problem,) = look(server, TLS, certificates, name="127.0.0.1").session.certificate_problems
    assert problem.is_about_name


def test_whole_chain(certificates: Certificates) -> None:
    session = look(SmtpServer(certificates.good_with_intermediate(), tls_first=True), TLS, certificates).session
    assert session.verified
    assert session.tls is not None
    assert len(session.tls.chain) == (1 if sys.version_info < (3, 10) else 2)


def test_authorities_of_the_system(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    server = SmtpServer(certificates.good(), tls_first=True)
    assert not look(server, TLS).session.verified
    monkeypatch.setenv("SSL_CERT_FILE", certificates.ca_path)
    assert look(server, TLS).session.verified


def test_directory_of_authorities(certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), tls_first=True)
    with serve(server):
        address = Address(socket.AF_INET, ("127.0.0.1", server.port))
        trust = Trust("localhost", certificates.hashed_directory())
        assert look_at(Target(address, trust, "client.example.com", 10.0), TLS, LOGIN).session.verified


def test_server_of_old_tls(certificates: Certificates) -> None:
    context = certificates.good()
    context.set_ciphers("PSK")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    session = look(SmtpServer(context, offers=WITH_STARTTLS), STARTTLS, certificates).session
    assert session.failure is not None
    assert session.failure.step is Step.TLS
    assert "handshake failure" in session.failure.reason


@EVERY_ENCRYPTION
def test_server_that_says_nothing(encryption: Encryption) -> None:
    found = look(SmtpServer(banner=None), encryption, timeout=0.3)
    assert not found.session.greeted
    assert found.as_configured
    assert found.session.failure is not None
    assert found.session.not_tried is NotTried.NO_LINK


@EVERY_ENCRYPTION
def test_server_that_turns_clients_away(encryption: Encryption) -> None:
    server = SmtpServer(banner=b"554 5.7.1 Go away\r\n")
    session = look(server, encryption).session
    assert session.greeted
    assert session.failure is not None
    assert (session.failure.step, str(session.failure.reply)) == (Step.BANNER, "554 5.7.1 Go away")
    assert "ehlo" not in server.words


def test_server_that_takes_no_greeting() -> None:
    server = SmtpServer(answers={"EHLO": "550 no", "HELO": "550 5.7.1 no"})
    session = look(server, NONE).session
    assert session.failure is not None
    assert (session.failure.step, session.failure.reply and session.failure.reply.code) == (Step.HELLO, 550)


def test_server_that_hangs_up_at_the_login() -> None:
    server = SmtpServer(answers={"AUTH": ""})
    session = look(server, NONE, login=Login("me", PASSWORD, in_clear=True)).session
    assert session.login is None
    assert session.failure is not None
    assert session.failure.step is Step.LOGIN


@pytest.mark.parametrize(
    ("mechanism", "offered", "used"),
    [
        (None, "AUTH CRAM-MD5 LOGIN PLAIN", "PLAIN"),
        (None, "AUTH CRAM-MD5 LOGIN", "LOGIN"),
        (None, "AUTH XOAUTH2", None),
        ("CRAM-MD5", "AUTH CRAM-MD5 LOGIN PLAIN", "CRAM-MD5"),
        ("CRAM-MD5", "AUTH LOGIN PLAIN", None),
        ("XOAUTH2", "AUTH XOAUTH2 PLAIN", None),
    ],
)
def test_mechanism(mechanism: str | None, offered: str, used: str | None) -> None:
    """The configured one or none: a password never goes out in another way than it is meant to."""
    server = SmtpServer(offers=(offered,))
    session = look(server, NONE, login=Login("me", PASSWORD, mechanism, in_clear=True)).session
    assert session.mechanism == used
    assert session.not_tried is (None if used else NotTried.NO_MECHANISM)
    assert bool(server.logins()) is (used is not None)


def test_no_login_wanted() -> None:
    server = SmtpServer()
    assert look(server, NONE, login=None).session.login is None
    assert server.words == ["ehlo", "quit"]


def test_password_is_not_shown() -> None:
    assert PASSWORD not in repr(LOGIN)


@pytest.mark.parametrize("name", [".example.com", "a" * 300, "\udcff.example.com"])
def test_name_that_tls_cannot_ask_for(certificates: Certificates, name: str) -> None:
    session = look(SmtpServer(certificates.good(), offers=WITH_STARTTLS), STARTTLS, certificates, name=name).session
    assert not session.verified
    assert session.login is None


def test_a_server_that_is_gone_after_its_handshake_is_not_of_old(certificates: Certificates) -> None:
    """As one that wants a certificate of the client can be, with TLS 1.3, before its alert is read."""
    listener = socket.create_server(("127.0.0.1", 0))
    alert = b"\x15\x03\x03\x00\x02\x02\x28"

    def answer(connection: socket.socket, handshake: bool) -> None:
        for words in (b"220 a\r\n", b"250-a\r\n250 STARTTLS\r\n"):
            connection.sendall(words)
            connection.recv(1000)
        connection.sendall(b"220 go\r\n")
        if handshake:
            connection = certificates.good().wrap_socket(connection, server_side=True)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.recv(1000)
            connection.sendall(alert)
        connection.close()

    def serve_all() -> None:
        answer(listener.accept()[0], handshake=False)
        answer(listener.accept()[0], handshake=True)

    thread = threading.Thread(target=serve_all)
    thread.start()
    target = Target(
        Address(socket.AF_INET, listener.getsockname()), Trust("localhost", None), "client.example.com", 10.0
    )
    found = look_at(target, STARTTLS, LOGIN)
    thread.join()
    listener.close()
    assert found.session.failure is not None
    assert found.session.failure.step is Step.TLS
    assert found.old_tls is None
