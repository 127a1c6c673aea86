# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`email_account_check` against servers of all kinds: what it finds, in the words of iTFLEX."""

from __future__ import annotations

import base64
import json
import socket
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail import addresses
from ansible_collections.mailfleet.email.plugins.module_utils._smtp_check import check as smtp_check
from tests.unit.plugins.module_utils._mail.certificates import Certificates
from tests.unit.plugins.module_utils._mail.smtp_servers import SmtpServer
from tests.unit.plugins.module_utils._smtp_check.smtp_checks import PASSWORD, SILENCE, Checks, codes, finding, free_port

WITH_STARTTLS = ("SIZE 1000000", "STARTTLS", "AUTH PLAIN LOGIN")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates of every kind."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def checks(certificates: Certificates) -> Checks:
    """Runs checks that trust the good authority."""
    return Checks(certificates)


def test_nothing_is_wrong(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), tls_first=True)
    result = checks.account(server, smtp_crypt="ssl-tls", smtp_auth_mechanism="login", password=PASSWORD)
    assert "failed" not in result
    assert (result["changed"], result["findings"]) == (False, [])
    assert result["msg"] == "check of the email account me@example.com: nothing is wrong"
    assert checks.warnings == []
    seen = result["server"]
    assert (seen["host"], seen["port"], seen["addresses"]) == ("localhost", server.port, ["127.0.0.1"])
    assert seen["banner"] == "220 mail.example.com ESMTP"
    assert seen["before_tls"] is None
    assert seen["after_tls"] == {
        "extensions": ["SIZE 1000000", "AUTH PLAIN LOGIN CRAM-MD5"],
        "mechanisms": ["PLAIN", "LOGIN", "CRAM-MD5"],
        "size": 1000000,
    }
    assert seen["tls"].keys() == {"from_first_byte", "version", "cipher"}
    assert seen["tls"]["from_first_byte"] is True
    assert seen["certificate"]["names"] == ["localhost"]
    assert (seen["certificate"]["verified"], seen["certificate"]["problems"]) == (True, [])
    assert seen["login"] == {
        "tried": True,
        "accepted": True,
        "mechanism": "LOGIN",
        "code": 235,
        "enhanced_code": "2.7.0",
        "reply": "2.7.0 Welcome",
    }
    assert result["sender_domain"] == {
        "name": "example.com",
        "exists": True,
        "mx": ["mail.example.com"],
        "spf": ["v=spf1 mx -all"],
    }
    assert json.loads(json.dumps(result)) == result


def test_report_tells_what_was_seen(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), offers=WITH_STARTTLS)
    result = checks.account(server, smtp_crypt="starttls", password=PASSWORD)
    authority = result["server"]["certificate"]["issuer"]
    until = result["server"]["certificate"]["not_after"][:10]
    tls = result["server"]["tls"]
    assert result["report"] == [
        "localhost is 127.0.0.1",
        f"port {server.port} says: 220 mail.example.com ESMTP",
        f"TLS after STARTTLS: {tls['version']}, {tls['cipher']}",
        f"certificate for localhost, of {authority}, until {until}, verified",
        "before TLS it offers: SIZE 1000000, STARTTLS, AUTH PLAIN LOGIN",
        "after TLS it offers: SIZE 1000000, AUTH PLAIN LOGIN CRAM-MD5",
        "login as me@example.com with PLAIN: accepted",
        "MX of example.com: mail.example.com",
        "SPF of example.com: v=spf1 mx -all",
    ]


@pytest.mark.parametrize("crypt", ["none", "starttls"])
def test_port_speaks_tls_from_the_first_byte(checks: Checks, certificates: Certificates, crypt: str) -> None:
    server = SmtpServer(certificates.good(), tls_first=True)
    result = checks.account(server, smtp_crypt=crypt, password=PASSWORD, timeout=SILENCE)
    text = f"port {server.port} speaks TLS from the first byte, but smtp_crypt is {crypt}"
    assert result["failed"]
    assert result["failure"] == {"kind": "check"}
    assert result["findings"] == [
        {
            "code": "tls_from_first_byte",
            "severity": "error",
            "evidence": "proved",
            "field": "smtp_crypt",
            "message": text,
            "advice": "set smtp_crypt to ssl-tls",
            "cause": None,
            "decided_by": None,
        }
    ]
    assert result["msg"] == f"check of the email account me@example.com: 1 error: {text}: set smtp_crypt to ssl-tls"
    assert result["report"][-1] == f"error (proved): {text}: set smtp_crypt to ssl-tls"


def test_port_begins_in_clear(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), offers=WITH_STARTTLS)
    found = finding(checks.account(server, smtp_crypt="ssl-tls"), "clear_at_first")
    assert found["message"] == f"port {server.port} begins in clear, but smtp_crypt is ssl-tls"
    assert found["advice"] == "set smtp_crypt to starttls"


def test_port_begins_in_clear_and_stays_there(checks: Checks) -> None:
    found = finding(checks.account(SmtpServer(), smtp_crypt="ssl-tls"), "clear_at_first")
    assert found["message"].endswith("it does not offer STARTTLS either")


def test_no_starttls(checks: Checks) -> None:
    server = SmtpServer()
    result = checks.account(server, smtp_crypt="starttls", password=PASSWORD)
    assert codes(result, "error", "info") == ["starttls_not_offered", "login_not_tried"]
    assert finding(result, "starttls_not_offered")["message"] == (
        "the server offers no STARTTLS, but smtp_crypt is starttls"
    )
    assert server.logins() == []


def test_in_clear(checks: Checks, certificates: Certificates) -> None:
    clear = checks.account(SmtpServer(), smtp_crypt="none", password=PASSWORD)
    assert codes(clear, "error", "warning", "info") == ["not_encrypted"]
    assert finding(clear, "not_encrypted")["severity"] == "warning"
    assert checks.warnings == [f"check of the email account me@example.com: {_text(clear, 'not_encrypted')}"]
    without_login = checks.account(SmtpServer(), smtp_crypt="none")
    assert finding(without_login, "not_encrypted")["severity"] == "info"
    assert checks.warnings == []
    better = checks.account(SmtpServer(certificates.good(), offers=WITH_STARTTLS), smtp_crypt="none")
    assert finding(better, "not_encrypted")["advice"] == "set smtp_crypt to starttls"
    assert finding(better, "not_encrypted")["severity"] == "warning"


def _text(result: dict[str, Any], code: str) -> str:
    found = finding(result, code)
    return f"{found['message']}: {found['advice']}"


def test_certificates(checks: Checks, certificates: Certificates) -> None:
    expected = {
        "certificate_expired": (certificates.expired(), "expired 10 days ago"),
        "certificate_other_name": (certificates.good("mail.example.com"), "for mail.example.com, not for localhost"),
        "certificate_self_signed": (certificates.self_signed(), "signed by itself alone"),
        "certificate_unknown_authority": (certificates.of_other_authority(), "O=Other authority"),
    }
    for code, (context, words) in expected.items():
        result = checks.account(SmtpServer(context, tls_first=True), smtp_crypt="ssl-tls", password=PASSWORD)
        assert codes(result) == [code]
        assert words in finding(result, code)["message"]
        assert finding(result, "login_not_tried")["severity"] == "info"
        certificate = result["server"]["certificate"]
        assert certificate["verified"] is False
        assert len(certificate["problems"]) == 1
        assert certificate["self_signed"] is (code == "certificate_self_signed")


def test_all_problems_of_a_certificate_at_once(checks: Checks, certificates: Certificates) -> None:
    context = certificates.expired("mail.example.com")
    result = checks.account(SmtpServer(context, offers=WITH_STARTTLS), smtp_crypt="starttls")
    assert codes(result) == ["certificate_expired", "certificate_other_name"]
    # With no encryption wanted, they are about what could be.
    result = checks.account(SmtpServer(context, offers=WITH_STARTTLS), smtp_crypt="none")
    assert codes(result, "warning") == ["not_encrypted", "certificate_expired", "certificate_other_name"]


def test_name_of_a_certificate_that_nobody_trusts(checks: Checks, certificates: Certificates) -> None:
    """OpenSSL stops at the authority; the name is reported all the same."""
    server = SmtpServer(certificates.self_signed(), tls_first=True)
    result = checks.account(server, smtp_crypt="ssl-tls", smtp_server="127.0.0.1")
    assert codes(result) == ["certificate_other_name", "certificate_self_signed"]


def test_certificate_with_a_name_in_its_subject_alone(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.with_subject_only(), tls_first=True)
    assert codes(checks.account(server, smtp_crypt="ssl-tls")) == []
    result = checks.account(server, smtp_crypt="ssl-tls", smtp_server="127.0.0.1")
    assert finding(result, "certificate_other_name")["message"] == (
        "the certificate is for localhost, not for 127.0.0.1"
    )


def test_certificate_without_its_authority(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.without_intermediate(), tls_first=True)
    found = finding(checks.account(server, smtp_crypt="ssl-tls"), "certificate_unknown_authority")
    assert "whose own certificate the server does not send" in found["message"]
    assert "whole chain" in found["advice"]


def test_sender_without_a_domain(checks: Checks) -> None:
    """The DNS has nothing to tell of an address literal."""
    result = checks.account(SmtpServer(), smtp_crypt="none", email="me@[192.0.2.1]")
    assert result["sender_domain"] is None
    assert codes(result, "error", "warning") == []


def test_mechanisms(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(offers=("AUTH LOGIN",))
    result = checks.account(server, smtp_crypt="none", smtp_auth_mechanism="cram-md5", password=PASSWORD)
    found = finding(result, "mechanism_not_offered")
    assert found["message"] == "the server offers login, but smtp_auth_mechanism is cram-md5"
    assert (found["field"], found["advice"]) == ("smtp_auth_mechanism", "set smtp_auth_mechanism to login")
    assert server.logins() == []
    tokens_only = SmtpServer(offers=("AUTH XOAUTH2",))
    found = finding(checks.account(tokens_only, smtp_crypt="none", password=PASSWORD), "login_switched_off")
    assert found["message"] == "the server offers xoauth2 alone, which take a token, no password"
    assert found["evidence"] == "read"
    others_only = SmtpServer(offers=("AUTH NTLM XOAUTH2",))
    found = finding(checks.account(others_only, smtp_crypt="none", password=PASSWORD), "mechanism_not_offered")
    assert found["message"] == "the server offers ntlm, xoauth2"
    assert found["advice"] == "let the server offer one of plain, login, cram-md5"
    result = checks.account(SmtpServer(offers=("SIZE 1",)), smtp_crypt="none", password=PASSWORD)
    assert finding(result, "login_not_offered")["message"] == "the server offers no login"
    after = SmtpServer(certificates.good(), offers=("STARTTLS",), offers_in_tls=("AUTH PLAIN",))
    found = finding(checks.account(after, smtp_crypt="none", password=PASSWORD), "login_not_offered")
    assert found["message"] == "the server offers no login in clear, but after STARTTLS"
    assert found["advice"] == "set smtp_crypt to starttls"


@pytest.mark.parametrize(
    ("reply", "enhanced_code", "field", "cause", "advice"),
    [
        ("535 5.7.8 Bad credentials", "5.7.8", "password", "login_refused", "check email and password"),
        ("535 no", "", "password", "login_refused", "check email and password"),
        ("454 4.7.0 Temporary failure", "4.7.0", "password", "server_trouble", "try again later"),
        ("534 5.7.9 Too weak", "5.7.9", "smtp_auth_mechanism", "mechanism_not_offered", "change smtp_auth_mechanism"),
        ("538 5.7.11 Encrypt first", "5.7.11", "smtp_crypt", "encryption_required", "set smtp_crypt to starttls"),
        (
            "535 5.7.8 Error: authentication failed: Invalid authentication mechanism",
            "5.7.8",
            "smtp_auth_mechanism",
            "mechanism_not_offered",
            "change smtp_auth_mechanism",
        ),
        ("535 5.7.139 Authentication unsuccessful, user is locked", "5.7.139", "password", "account_blocked", "locked"),
        ("535 Application password is REQUIRED", "", "password", "application_password_wanted", "an application"),
    ],
)
def test_refused_login(checks: Checks, reply: str, enhanced_code: str, field: str, cause: str, advice: str) -> None:
    result = checks.account(SmtpServer(answers={"AUTH": reply}), smtp_crypt="none", password=PASSWORD)
    found = finding(result, "login_refused")
    assert (found["severity"], found["field"], found["cause"]) == ("error", field, cause)
    assert found["evidence"] == "proved"
    assert found["message"] == f"the server refuses the login of me@example.com with plain ({reply})"
    assert advice in found["advice"]
    login = result["server"]["login"]
    assert (login["accepted"], login["code"], login["enhanced_code"]) == (False, int(reply[:3]), enhanced_code)


def test_login_that_breaks_off(checks: Checks) -> None:
    result = checks.account(SmtpServer(answers={"AUTH": ""}), smtp_crypt="none", password=PASSWORD)
    assert codes(result, "error") == ["login_broken_off"]


@pytest.mark.parametrize(
    ("options", "tried"),
    [
        ({"password": PASSWORD}, True),
        ({"password": PASSWORD, "has_auth": True}, True),
        ({"password": PASSWORD, "has_auth": False}, False),
        ({"password": PASSWORD, "log_in": False}, False),
        ({"has_auth": True}, False),
        ({}, False),
    ],
)
def test_when_a_login_is_tried(checks: Checks, options: dict[str, Any], tried: bool) -> None:
    server = SmtpServer()
    result = checks.account(server, smtp_crypt="none", **options)
    assert result["server"]["login"]["tried"] is tried
    assert bool(server.logins()) is tried
    assert ("login_not_tried" in codes(result, "info")) is (options == {"has_auth": True})


def test_unknown_host(checks: Checks) -> None:
    result = checks.account(smtp_server="no-such-host.invalid", smtp_port=25, smtp_crypt="none", timeout=60)
    found = finding(result, "host_unknown")
    assert (found["severity"], found["field"]) == ("error", "smtp_server")
    assert result["server"]["addresses"] == []
    assert result["sender_domain"]["mx"] == ["mail.example.com"]


def test_nobody_listens(checks: Checks) -> None:
    port = free_port()
    result = checks.account(smtp_port=port, smtp_crypt="none")
    assert codes(result) == ["unreachable"]
    assert finding(result, "unreachable")["message"] == (
        f"nothing takes a connection on port {port} of localhost (127.0.0.1: Connection refused)"
    )
    assert result["server"]["addresses"] == ["127.0.0.1"]


def test_one_address_of_two_does_not_answer(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    server = SmtpServer()

    def with_silent_one(_host: str, port: int, timeout: float) -> list[addresses.Address]:
        # Nobody listens on this one, which is on this machine all the same.
        silent = addresses.Address(socket.AF_INET, ("127.0.0.7", port))
        return [silent, *addresses.resolve("127.0.0.1", port, timeout)]

    monkeypatch.setattr(smtp_check, "resolve", with_silent_one)
    result = checks.account(server, smtp_crypt="none")
    assert codes(result) == ["address_unreachable"]
    assert "127.0.0.7" in finding(result, "address_unreachable")["message"]
    assert result["server"]["banner"]


def test_no_smtp_at_all(checks: Checks) -> None:
    for server in (SmtpServer(banner=None), SmtpServer(banner=b"SSH-2.0-OpenSSH_9.2\r\n")):
        for crypt in ("none", "starttls", "ssl-tls"):
            result = checks.account(server, smtp_crypt=crypt, timeout=0.3)
            assert codes(result) == ["no_greeting" if server.banner is None else "another_protocol"]


@pytest.mark.parametrize(
    ("answers", "banner", "code"),
    [
        ({}, b"421 4.3.2 Overloaded\r\n", "turned_away"),
        ({"EHLO": "550 5.7.1 no", "HELO": "550 5.7.1 no"}, b"220 x\r\n", "broken_off"),
        ({"STARTTLS": "454 4.7.0 later"}, b"220 x\r\n", "starttls_refused"),
    ],
)
def test_conversation_that_ends_early(
    checks: Checks, certificates: Certificates, answers: dict[str, str], banner: bytes, code: str
) -> None:
    server = SmtpServer(certificates.good(), offers=WITH_STARTTLS, answers=answers, banner=banner)
    result = checks.account(server, smtp_crypt="starttls")
    assert codes(result, "error") == [code]
    (answer,) = {*answers.values(), banner.decode().strip()} - {"220 x"}
    assert answer in finding(result, code)["message"]


@pytest.mark.parametrize(
    ("fail_on", "severity", "fails"),
    [
        ("error", "error", True),
        ("error", "warning", False),
        ("warning", "warning", True),
        ("warning", "info", False),
        ("never", "error", False),
    ],
)
def test_fail_on(checks: Checks, fail_on: str, severity: str, fails: bool) -> None:
    options: dict[str, Any] = {
        "error": {"smtp_crypt": "starttls"},
        "warning": {"smtp_crypt": "none", "password": PASSWORD},
        "info": {"smtp_crypt": "none"},
    }[severity]
    result = checks.account(SmtpServer(), fail_on=fail_on, **options)
    assert result.get("failed", False) is fails
    assert {found["severity"] for found in result["findings"]} >= {severity}
    # What makes a task fail is in its message; what does not is a warning.
    assert bool(checks.warnings) is (not fails and severity != "info")


@pytest.mark.parametrize(
    ("options", "assumed"),
    [
        ({"smtp_port": 2525}, [("smtp_crypt", "starttls")]),
        ({"smtp_crypt": "none"}, [("smtp_port", "25")]),
        ({"smtp_port": 465}, [("smtp_crypt", "ssl-tls")]),
        ({}, [("smtp_crypt", "starttls"), ("smtp_port", "587")]),
    ],
)
def test_what_is_not_given(
    checks: Checks, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], assumed: list[tuple[str, str]]
) -> None:
    _no_network(monkeypatch)
    result = checks.account(**options)
    found = [found for found in result["findings"] if found["code"] == "assumed"]
    assert [(entry["field"], entry["message"].rpartition(" ")[2]) for entry in found] == assumed


def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_arguments: object) -> list[addresses.Address]:
        raise addresses.HostUnknown("not asked")

    monkeypatch.setattr(smtp_check, "resolve", unknown)


def test_service_without_a_server(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    _no_network(monkeypatch)
    result = checks.account(service="outlook", smtp_server=None, smtp_port=587, smtp_crypt="starttls")
    assert result["server"]["host"] == "smtp-mail.outlook.com"
    assert (
        finding(result, "assumed")["message"] == "smtp_server is not given, and the check takes smtp-mail.outlook.com"
    )


def test_service_with_other_settings(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    _no_network(monkeypatch)
    result = checks.account(service="outlook", smtp_server="smtp.gmail.com", smtp_port=587, smtp_crypt="starttls")
    assert _text(result, "preset_other_server") == (
        "service is outlook, but smtp_server is smtp.gmail.com: "
        "the servers that Outlook documents are smtp-mail.outlook.com and smtp.office365.com"
    )
    result = checks.account(service="gmail", smtp_server="SMTP.gmail.com.", smtp_port=25, smtp_crypt="starttls")
    assert finding(result, "preset_other_way")["message"] == (
        "Gmail documents port 465 with TLS from the first byte or port 587 with STARTTLS for smtp.gmail.com, "
        "but smtp_port is 25 and smtp_crypt is starttls"
    )
    for port, crypt in ((465, "ssl-tls"), (587, "starttls")):
        result = checks.account(service="gmail", smtp_server="smtp.gmail.com", smtp_port=port, smtp_crypt=crypt)
        assert codes(result) == ["host_unknown"]


def test_refused_login_of_a_service(checks: Checks) -> None:
    server = SmtpServer(answers={"AUTH": "534 5.7.9 Application-specific password required"})
    result = checks.account(server, service="gmail", smtp_crypt="none", password=PASSWORD)
    assert "app password" in finding(result, "login_refused")["advice"]


def test_unusual_port_is_a_guess_where_nobody_answers(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_check, "unreachable", lambda found, _timeout: dict.fromkeys(found, "no answer"))
    result = checks.account(smtp_port=465, smtp_crypt="starttls")
    found = finding(result, "unusual_port")
    assert found["message"] == "port 465 is unusual where smtp_crypt is starttls"
    assert found["advice"] == "if the port is right, set smtp_crypt to ssl-tls"
    assert codes(checks.account(smtp_port=465, smtp_crypt="ssl-tls"), "info") == []


@pytest.mark.parametrize("where", ["banner", "EHLO", "AUTH", "STARTTLS"])
@pytest.mark.parametrize("form", ["plain", "base64", "response"])
def test_server_that_repeats_the_password(checks: Checks, certificates: Certificates, where: str, form: str) -> None:
    forms = {"plain": PASSWORD, "base64": _base64(PASSWORD), "response": _base64(f"\0me@example.com\0{PASSWORD}")}
    words = f"5.7.8 it is {forms[form]} you know"
    server = SmtpServer(certificates.good(), offers=WITH_STARTTLS)
    if where == "banner":
        server.banner = f"220 {words}\r\n".encode()
    else:
        server.answers[where] = f"250-{words}\r\n250 {words}" if where == "EHLO" else f"535 {words}"
    for crypt in ("none", "starttls"):
        result = checks.account(server, smtp_crypt=crypt, password=PASSWORD, fail_on="never")
        reported = json.dumps(result) + " ".join(checks.warnings)
        assert [secret for secret in forms.values() if secret in reported] == []
    assert server.saw(PASSWORD) or where in ("EHLO", "STARTTLS")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"smtp_server": None}, ["smtp_server"]),
        ({"smtp_server": None, "service": "other"}, ["smtp_server"]),
        ({"email": "me", "smtp_port": 0, "timeout": 0.0}, ["email", "smtp_port", "timeout"]),
        (
            {"timeout": 301.0, "dns_servers": ["dns.example.com", "::1", "x"]},
            ["timeout", "dns_servers[0]", "dns_servers[2]"],
        ),
        ({"ca_path": "/nowhere/ca.pem"}, ["ca_path"]),
        ({"ca_path": __file__}, ["ca_path"]),
        ({"password": "********"}, ["password"]),
    ],
)
def test_input_problems_all_at_once(checks: Checks, options: dict[str, Any], fields: list[str]) -> None:
    result = checks.account(**options)
    assert result["failure"]["kind"] == "input"
    assert [problem["field"] for problem in result["failure"]["problems"]] == fields
