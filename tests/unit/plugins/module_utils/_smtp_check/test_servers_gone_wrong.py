# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers that speak something else, too old, too late or in other words: each is named, without a second finding."""

from __future__ import annotations

import hmac
import ssl
import warnings
from typing import Any

import pytest

from tests.unit.plugins.module_utils._mail.certificates import Certificates
from tests.unit.plugins.module_utils._mail.smtp_servers import SmtpServer
from tests.unit.plugins.module_utils._smtp_check.smtp_checks import PASSWORD, Checks, codes, finding

AUTH = {"user": "me@example.com", "pass": PASSWORD}
WITH_STARTTLS = ("STARTTLS", "AUTH PLAIN LOGIN")
WAYS = ("none", "starttls", "ssl-tls")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates of every kind."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def checks(certificates: Certificates) -> Checks:
    """Both checks."""
    return Checks(certificates)


@pytest.mark.parametrize(
    ("banner", "protocol"),
    [
        (b"* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n", "IMAP"),
        (b"* BYE too many connections\r\n", "IMAP"),
        (b"+OK POP3 ready\r\n", "POP3"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH"),
        (b'"IMPLEMENTATION" "Dovecot Pigeonhole"\r\n', "ManageSieve"),
        (b"HTTP/1.1 408 Request Timeout\r\n\r\n", "HTTP"),
        (b"200 news.example.com ready - posting allowed\r\n", "NNTP"),
        (b"201 reader ready\r\n", "NNTP"),
        (b"J\x00\x00\x00\n8.0.36\x00\x08\x00\x00\x00abcdefgh\x00caching_sha2_password\x00", "MySQL"),
        (b"-DENIED Redis is running in protected mode\r\n", "Redis"),
        (b"\xff\xfd\x18\xff\xfd\x20", "Telnet"),
        (b"RFB 003.008\n", "VNC"),
        (b"@RSYNCD: 31.0 sha512\n", "rsync"),
        (b":irc.example.com NOTICE AUTH :*** Looking up your hostname\r\n", "IRC"),
        (b"Content-Type: auth/request\n\n", "the event socket of FreeSWITCH"),
    ],
)
@pytest.mark.parametrize("crypt", WAYS)
def test_another_protocol(checks: Checks, banner: bytes, protocol: str, crypt: str) -> None:
    result = checks.account(SmtpServer(banner=banner), smtp_crypt=crypt, timeout=2.0)
    assert codes(result) == ["another_protocol"]
    found = finding(result, "another_protocol")
    assert f"speaks {protocol}, and not SMTP: it says " in found["message"]
    assert found["message"].isprintable()
    assert (found["field"], found["evidence"]) == ("smtp_port", "proved")


@pytest.mark.parametrize("crypt", WAYS)
def test_another_protocol_in_tls(checks: Checks, certificates: Certificates, crypt: str) -> None:
    server = SmtpServer(certificates.good(), tls_first=True, banner=b"* OK IMAP4rev1 ready\r\n")
    result = checks.account(server, smtp_crypt=crypt, password=PASSWORD, timeout=2.0)
    assert codes(result) == ["another_protocol"]


@pytest.mark.parametrize("crypt", WAYS)
def test_web_server_that_waits_to_be_asked(checks: Checks, certificates: Certificates, crypt: str) -> None:
    words = b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n"
    for server in (
        SmtpServer(banner=None, answer_to_all=words),
        SmtpServer(certificates.good(), tls_first=True, banner=None, answer_to_all=words),
    ):
        result = checks.account(server, smtp_crypt=crypt, timeout=1.0)
        assert codes(result) == ["another_protocol"]
        assert "speaks HTTP" in finding(result, "another_protocol")["message"]


@pytest.mark.parametrize(
    ("words", "protocol"),
    [
        (b"-ERR unknown command 'EHLO', with args beginning with: \r\n", "Redis"),
        (b"SIP/2.0 400 Bad Request\r\n\r\n", "SIP"),
        (b"RTSP/1.0 400 Bad Request\r\n\r\n", "RTSP"),
        (b"AMQP\x00\x00\x09\x01", "AMQP"),
        (b"0$\x02\x01\x00x\x1f\n\x01\x02\x04\x00\x04\x00\x8a\x161.3.6.1.4.1.1466.20036", "LDAP"),
        (b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x80", "HTTP"),
        (b"<?xml version='1.0'?><stream:stream>", "XMPP"),
    ],
)
def test_server_that_speaks_when_it_is_spoken_to(checks: Checks, words: bytes, protocol: str) -> None:
    result = checks.account(SmtpServer(banner=None, answer_to_all=words), smtp_crypt="ssl-tls", timeout=1.0)
    assert codes(result) == ["another_protocol"]
    assert f"speaks {protocol}, " in finding(result, "another_protocol")["message"]


@pytest.mark.parametrize(
    ("banner", "code"),
    [
        (b"120 Service ready in 5 minutes\r\n", "no_smtp"),
        (b"100 something\r\n", "no_smtp"),
        (b"login: ", "no_smtp"),
        # SMTP that is not ready in time: the beginning of a greeting, and a refusal of who cannot wait.
        (b"220-mail.example.com ESMTP\r\n", "no_greeting"),
        (b"220 mail", "no_greeting"),
        (b"554-mail.example.com\r\n", "no_greeting"),
    ],
)
def test_other_first_words(checks: Checks, banner: bytes, code: str) -> None:
    result = checks.account(SmtpServer(banner=banner), smtp_crypt="starttls", timeout=0.5)
    assert codes(result) == [code]
    assert f"it says {banner.split()[0].decode()}" in finding(result, code)["message"]


@pytest.mark.parametrize(("rest", "why"), [(b"", "closed the connection"), (b"220-hello\r\n" * 7000, "without end")])
@pytest.mark.parametrize("crypt", WAYS)
def test_greeting_that_does_not_end(checks: Checks, rest: bytes, why: str, crypt: str) -> None:
    """It is no matter of time."""
    server = SmtpServer(banner=b"220-mail.example.com\r\n" + rest, closes=True)
    found = finding(checks.account(server, smtp_crypt=crypt, timeout=5.0), "no_greeting")
    assert why in found["message"]
    assert "in time" not in found["message"]
    assert "timeout" not in found["advice"]


def test_late_server_that_refuses_who_speaks_first(checks: Checks) -> None:
    """As Exim does: the words of TLS come before its greeting."""
    words = b"554 SMTP synchronization error\r\n"
    result = checks.account(SmtpServer(banner=None, answer_to_all=words), smtp_crypt="ssl-tls", timeout=0.5)
    assert codes(result) == ["no_greeting"]


@pytest.mark.parametrize(
    "banner",
    [
        b"220-FileZilla Server 1.7.0\r\n220 Please visit https://filezilla-project.org/\r\n",
        b"220-Welcome to example.com\r\n220 ProFTPD Server ready\r\n",
        b"220 (vsFTPd 3.0.5)\r\n",
        b"220 mail.example.com Cyrus LMTP v3.8 ready\r\n",
    ],
)
def test_greetings_of_several_lines_that_are_none_of_smtp(checks: Checks, banner: bytes) -> None:
    answers = dict.fromkeys(("EHLO", "HELO"), "500 Wrong command.")
    result = checks.account(SmtpServer(banner=banner, answers=answers), smtp_crypt="starttls")
    assert codes(result) == ["another_protocol"]


@pytest.mark.parametrize(
    "banner",
    [
        b"220-mail.example.com\r\n220-no spam\r\n220 ESMTP\r\n",
        b"220\r\n",
        b"220 mail\x00.example.com \xe9 ESMTP\n",
    ],
)
def test_odd_greetings_of_smtp(checks: Checks, banner: bytes) -> None:
    result = checks.account(SmtpServer(banner=banner), smtp_crypt="none")
    assert codes(result, "error") == []
    assert result["server"]["banner"].isprintable()


@pytest.mark.parametrize("banner", [b"220 ProFTPD Server (ftp.example.com)\r\n", b"220 FTP server ready.\r\n"])
def test_file_server_that_greets_like_smtp(checks: Checks, banner: bytes) -> None:
    answers = dict.fromkeys(("EHLO", "HELO"), "500 command not understood")
    result = checks.account(SmtpServer(banner=banner, answers=answers), smtp_crypt="starttls")
    assert codes(result) == ["another_protocol"]
    assert "speaks FTP" in finding(result, "another_protocol")["message"]


def test_words_of_the_server_are_cleaned(checks: Checks) -> None:
    banner = b"* OK \x1b[31mred\x07 ready\r\n"
    found = finding(checks.account(SmtpServer(banner=banner), smtp_crypt="none", timeout=1.0), "another_protocol")
    assert "\\x1b[31mred\\x07" in found["message"]
    assert found["message"].isprintable()


@pytest.mark.parametrize("crypt", WAYS)
def test_no_greeting_in_time(checks: Checks, crypt: str) -> None:
    result = checks.account(SmtpServer(banner=None), smtp_crypt=crypt, timeout=0.3)
    assert codes(result) == ["no_greeting"]
    assert "more timeout" in finding(result, "no_greeting")["advice"]


def old_tls(context: ssl.SSLContext) -> ssl.SSLContext:
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1
    return context


@pytest.mark.parametrize(("crypt", "tls_first"), [("starttls", False), ("ssl-tls", True), ("starttls", True)])
def test_server_of_old_tls(checks: Checks, certificates: Certificates, crypt: str, tls_first: bool) -> None:
    server = SmtpServer(old_tls(certificates.good()), tls_first, offers=WITH_STARTTLS)
    result = checks.account(server, smtp_crypt=crypt, password=PASSWORD, timeout=2.0)
    assert codes(result) == ["tls_too_old"]
    assert "agrees to TLSv1, " in finding(result, "tls_too_old")["message"]
    assert server.saw(PASSWORD) == []


V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


@pytest.mark.parametrize(
    ("crypt", "tls_first", "version"),
    [
        ("starttls", False, V12),
        ("starttls", False, V13),
        *((crypt, True, version) for crypt in ("ssl-tls", "starttls", "none") for version in (V12, V13)),
    ],
)
def test_server_that_wants_a_certificate_of_the_client(
    checks: Checks, certificates: Certificates, crypt: str, tls_first: bool, version: ssl.TLSVersion
) -> None:
    """With TLS 1.3 it says so only after the handshake, in place of its greeting."""
    context = certificates.good()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(certificates.ca_path)
    context.maximum_version = version
    result = checks.account(SmtpServer(context, tls_first, offers=WITH_STARTTLS), smtp_crypt=crypt, timeout=2.5)
    assert codes(result, "error") == ["tls_failed"]
    found = finding(result, "tls_failed")
    assert "alert" in found["message"]
    named = version is V13
    assert ("the server wants a certificate of the client" in found["message"]) == named
    assert found["advice"].startswith("let the server take clients without" if named else "look at the TLS settings")
    assert ("from the first byte" in found["message"]) == tls_first


@pytest.mark.parametrize("cipher", ["ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"])
def test_ciphers_that_the_products_take(checks: Checks, certificates: Certificates, cipher: str) -> None:
    """Python would not by itself, and then the check would call TLS 1.2 too old where mail is sent."""
    context = certificates.good()
    context.maximum_version = V12
    context.set_ciphers(cipher)
    result = checks.account(SmtpServer(context, tls_first=True), smtp_crypt="ssl-tls", password=PASSWORD)
    assert codes(result) == []
    assert result["server"]["tls"]["cipher"] == cipher


@pytest.mark.parametrize("kind", ["with_a_weak_key", "with_a_weak_signature"])
@pytest.mark.parametrize("tls_first", [True, False])
def test_weak_certificates(checks: Checks, certificates: Certificates, kind: str, tls_first: bool) -> None:
    server = SmtpServer(getattr(certificates, kind)(), tls_first, offers=WITH_STARTTLS)
    result = checks.account(server, smtp_crypt="ssl-tls" if tls_first else "starttls", password=PASSWORD)
    assert codes(result) == ["certificate_too_weak"]
    assert "SHA-256" in finding(result, "certificate_too_weak")["advice"]
    assert server.saw(PASSWORD) == []


@pytest.mark.parametrize("extra", [{}, {"requireTLS": True}])
def test_starttls_that_fails_is_one_finding(checks: Checks, certificates: Certificates, extra: dict[str, Any]) -> None:
    """What was offered in clear says nothing of the login that TLS would have brought."""
    server = SmtpServer(certificates.good(), offers=("STARTTLS",), answers={"STARTTLS": "454 4.7.0 TLS not available"})
    result = checks.settings(server, auth=AUTH, extra=extra)
    assert codes(result, "error", "warning", "info") == ["starttls_refused", "not_read_by_all"]
    assert finding(result, "starttls_refused")["cause"] == "starttls_not_offered"


@pytest.mark.parametrize(
    "offers",
    [
        ("XXXXXXXA", "AUTH PLAIN"),
        ("PIPELINING", "XXXXXXXX"),
        ("xxxxxxxa",),
        ("********", "AUTH PLAIN"),
        ("XXXXXXXXXXXX XXX XXXXX", "SIZE 1000"),
    ],
)
def test_offer_that_is_written_over(checks: Checks, offers: tuple[str, ...]) -> None:
    result = checks.account(SmtpServer(offers=offers), smtp_crypt="starttls")
    assert codes(result) == ["starttls_masked"]
    assert "firewall" in finding(result, "starttls_masked")["advice"]
    result = checks.settings(SmtpServer(offers=offers))
    assert (codes(result, "warning"), codes(result, "error")) == (["starttls_masked"], [])


NOT_KNOWN = {"STARTTLS": "502 5.5.1 Command not implemented"}
REQUIRED = {"requireTLS": True}


@pytest.mark.parametrize("offers", [("SIZE 1000", "AUTH PLAIN"), ("XXXXXXXA", "AUTH PLAIN"), ("SIZE 1000",)])
def test_starttls_that_is_not_offered_and_works(
    checks: Checks, certificates: Certificates, offers: tuple[str, ...]
) -> None:
    """Nodemailer asks for it wherever `requireTLS` is set, and so does the check."""
    server = SmtpServer(certificates.good(), offers=offers)
    result = checks.settings(server, auth=AUTH, extra=REQUIRED)
    assert codes(result) == []
    found = finding(result, "starttls_not_offered")
    assert (found["severity"], found["evidence"]) == ("info", "proved")
    assert result["server"]["login"]["accepted"] is True
    # Others ask only where it is offered.
    other = SmtpServer(certificates.good(), offers=offers)
    expected = "starttls_masked" if "XXXXXXXA" in offers else "starttls_not_offered"
    assert codes(checks.account(other, smtp_crypt="starttls"), "error") == [expected]
    assert "STARTTLS" not in other.words


@pytest.mark.parametrize(
    ("offers", "code"),
    [(("SIZE 1000", "AUTH PLAIN"), "starttls_not_offered"), (("XXXXXXXA", "AUTH PLAIN"), "starttls_masked")],
)
def test_starttls_that_is_not_offered_and_refused(checks: Checks, offers: tuple[str, ...], code: str) -> None:
    server = SmtpServer(offers=offers, answers=NOT_KNOWN)
    result = checks.settings(server, auth=AUTH, extra=REQUIRED)
    assert codes(result, "error", "warning") == [code]
    assert server.words.count("STARTTLS") == 1
    assert server.logins() == []
    if code == "starttls_not_offered":
        assert "it answers 502 5.5.1 Command not implemented" in finding(result, code)["message"]
        assert finding(result, code)["evidence"] == "proved"


def test_starttls_that_is_not_offered_and_fails(checks: Checks, certificates: Certificates) -> None:
    """What is wrong with TLS is one finding; that nobody offered it is none beside it."""
    server = SmtpServer(old_tls(certificates.good()), offers=("SIZE 1000",))
    assert codes(checks.settings(server, extra=REQUIRED), "error", "warning") == ["tls_too_old"]


def test_server_that_knows_no_ehlo_is_not_asked_for_starttls(checks: Checks) -> None:
    """Nodemailer gives up then."""
    server = SmtpServer(answers={"EHLO": "502 5.5.1 Command not implemented"})
    assert codes(checks.settings(server, extra=REQUIRED), "error", "warning") == ["starttls_not_offered"]
    assert "STARTTLS" not in server.words


@pytest.mark.parametrize("offers", [("XXXXXXXA", "SIZE 1000"), ("********",), ()])
def test_firewall_that_hides_the_login_too(checks: Checks, offers: tuple[str, ...]) -> None:
    """What does not arrive was not refused: one finding, and none about a login that the server does not offer."""
    banner = b"220 ****************************2**0*****0***\r\n"
    result = checks.account(SmtpServer(banner=banner, offers=offers), smtp_crypt="starttls", password=PASSWORD)
    assert codes(result) == ["starttls_masked"]
    old = SmtpServer(banner=banner, answers={"EHLO": "500 5.5.1 Command unrecognized: XXXX localhost"})
    assert codes(checks.account(old, smtp_crypt="starttls", password=PASSWORD)) == ["starttls_masked"]


@pytest.mark.parametrize(
    "prompts",
    [
        ("dXNlcm5hbWU6", "cGFzc3dvcmQ6"),
        ("VXNlciBOYW1lAA==", "UGFzc3dvcmQA"),
        ("VXNlcm5hbWU6", "cGFzc3dvcmQ6"),
        ("", ""),
    ],
)
def test_prompt_that_the_product_does_not_take(
    checks: Checks, certificates: Certificates, prompts: tuple[str, str]
) -> None:
    """The login succeeds here, and the product's test send would fail."""
    server = SmtpServer(certificates.good(), tls_first=True, prompts=prompts)
    result = checks.settings(server, secure=True, auth=AUTH, extra={"authMethod": "LOGIN"})
    assert codes(result) == ["login_prompt_unknown"]
    found = finding(result, "login_prompt_unknown")
    assert found["cause"] == "login_prompt_unknown"
    assert "  " not in found["message"]
    account = SmtpServer(certificates.good(), tls_first=True, prompts=prompts)
    assert codes(checks.account(account, smtp_crypt="ssl-tls", password=PASSWORD, smtp_auth_mechanism="login")) == []


@pytest.mark.parametrize("offers", ["AUTH XOAUTH2", "AUTH OAUTHBEARER XOAUTH2", "AUTH=XOAUTH2"])
def test_server_that_takes_tokens_alone(checks: Checks, certificates: Certificates, offers: str) -> None:
    server = SmtpServer(certificates.good(), tls_first=True, offers_in_tls=(offers,))
    result = checks.settings(server, secure=True, auth=AUTH)
    assert codes(result) == ["login_switched_off"]
    assert server.logins() == []


def test_host_that_allows_no_md5(checks: Checks, certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_arguments: object) -> None:
        raise ValueError("[digital envelope routines] unsupported")

    monkeypatch.setattr(hmac, "new", forbidden)
    server = SmtpServer(certificates.good(), tls_first=True)
    result = checks.account(server, smtp_crypt="ssl-tls", password=PASSWORD, smtp_auth_mechanism="cram-md5")
    assert codes(result) == ["digest_unavailable"]
    found = finding(result, "digest_unavailable")
    assert "this host" in found["advice"]
    assert "log" not in found["advice"]


@pytest.mark.parametrize(
    ("answers", "banner", "code", "cause"),
    [
        ({}, b"554 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org\r\n", "turned_away",
         "client_refused"),
        ({}, b"421 4.7.0 Too many connections from your IP\r\n", "turned_away", "too_many_connections"),
        ({}, b"554 qwx zzyk\r\n", "turned_away", "greeting_refused"),
        (dict.fromkeys(("EHLO", "HELO"), "504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname"),
         b"220 x\r\n", "broken_off", "client_name_refused"),
    ],
)  # fmt: skip
def test_refusals_before_the_login(
    checks: Checks, answers: dict[str, str], banner: bytes, code: str, cause: str
) -> None:
    result = checks.account(SmtpServer(answers=answers, banner=banner), smtp_crypt="none")
    assert codes(result, "error") == [code]
    found = finding(result, code)
    assert (found["cause"], found["evidence"]) == (cause, "proved")
    assert found["decided_by"] in ("codes", "words")
