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
    ],
)
@pytest.mark.parametrize("crypt", WAYS)
def test_another_protocol(checks: Checks, banner: bytes, protocol: str, crypt: str) -> None:
    result = checks.account(SmtpServer(banner=banner), smtp_crypt=crypt, timeout=2.0)
    assert codes(result) == ["another_protocol"]
    found = finding(result, "another_protocol")
    assert f"speaks {protocol}, and not SMTP: it says {banner.decode().split()[0]}" in found["message"]
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


@pytest.mark.parametrize("offers", [("XXXXXXXA", "AUTH PLAIN"), ("PIPELINING", "XXXXXXXX"), ("xxxxxxxa",)])
def test_offer_that_is_written_over(checks: Checks, offers: tuple[str, ...]) -> None:
    result = checks.account(SmtpServer(offers=offers), smtp_crypt="starttls")
    assert codes(result) == ["starttls_masked"]
    assert "firewall" in finding(result, "starttls_masked")["advice"]
    result = checks.settings(SmtpServer(offers=offers))
    assert (codes(result, "warning"), codes(result, "error")) == (["starttls_masked"], [])


@pytest.mark.parametrize(
    "prompts",
    [
        ("dXNlcm5hbWU6", "cGFzc3dvcmQ6"),
        ("VXNlciBOYW1lAA==", "UGFzc3dvcmQA"),
        ("VXNlcm5hbWU6", "cGFzc3dvcmQ6"),
    ],
)
def test_prompt_that_the_product_does_not_take(
    checks: Checks, certificates: Certificates, prompts: tuple[str, str]
) -> None:
    """The login succeeds here, and the product's test send would fail."""
    server = SmtpServer(certificates.good(), tls_first=True, prompts=prompts)
    result = checks.settings(server, secure=True, auth=AUTH, extra={"authMethod": "LOGIN"})
    assert codes(result) == ["login_prompt_unknown"]
    assert finding(result, "login_prompt_unknown")["cause"] == "login_prompt_unknown"
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
