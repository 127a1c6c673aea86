# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`email_settings_check` against servers of all kinds: what Nodemailer makes of the options, in Webitel's words."""

from __future__ import annotations

import json
import ssl
from typing import Any

import pytest

from tests.unit.plugins.module_utils._mail.certificates import Certificates
from tests.unit.plugins.module_utils._mail.smtp_servers import SmtpServer
from tests.unit.plugins.module_utils._smtp_check.smtp_checks import PASSWORD, SILENCE, Checks, codes, finding

WITH_STARTTLS = ("SIZE 1000000", "STARTTLS", "AUTH PLAIN LOGIN")
AUTH = {"user": "pbx", "pass": PASSWORD}


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
    sender = {"domain": "my.example.com", "from": "The PBX <pbx@example.com>"}
    result = checks.settings(server, secure=True, auth=AUTH, **sender)
    assert result["findings"] == []
    assert result["msg"] == "check of the email settings of my.example.com: nothing is wrong"
    assert result["server"]["login"]["accepted"] is True
    assert result["sender_domain"]["name"] == "example.com"
    assert [line.encrypted for line in server.saw(PASSWORD)] == [True]


@pytest.mark.parametrize(
    ("sender", "domain"),
    [
        ("pbx@example.com", "example.com"),
        ("Müller, Hans <hans@example.com> ", "example.com"),
        ("The PBX (of my.example.org) <pbx@example.com>", "example.com"),
        ("pbx@[192.0.2.1]", None),
    ],
)
def test_domain_of_the_sender(checks: Checks, sender: str, domain: str | None) -> None:
    """An address without a domain has nothing that the DNS could tell of."""
    result = checks.settings(SmtpServer(), **{"from": sender})
    assert (result["sender_domain"] or {}).get("name") == domain
    assert {"not_encrypted", "read_otherwise"}.issuperset(codes(result))


def test_starttls_where_it_is_offered(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), offers=WITH_STARTTLS)
    result = checks.settings(server, auth=AUTH)
    assert codes(result, "error", "warning", "info") == ["not_read_by_all", "tls_not_required"]
    assert finding(result, "tls_not_required")["advice"] == "set options.extra.requireTLS to true"
    assert result["server"]["login"]["accepted"] is True
    assert result["sender_domain"] is None
    required = checks.settings(server, extra={"requireTLS": True})
    assert codes(required, "error", "warning", "info") == ["not_read_by_all"]


def test_starttls_that_is_not_offered(checks: Checks) -> None:
    """Nodemailer would send the password in clear; the check does not."""
    server = SmtpServer()
    result = checks.settings(server, secure=False, auth=AUTH)
    assert codes(result, "error", "warning", "info") == ["not_encrypted", "not_read_by_all", "login_not_tried"]
    assert finding(result, "not_encrypted")["severity"] == "warning"
    assert server.logins() == []
    result = checks.settings(server, extra={"requireTLS": True}, auth=AUTH)
    assert finding(result, "starttls_not_offered")["message"] == (
        "the server offers no STARTTLS, but options.extra.requireTLS is true, and where it is asked for all the same, "
        "it answers 502 5.5.1 Command not implemented"
    )
    assert server.logins() == []


def test_starttls_that_is_ignored(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), offers=WITH_STARTTLS)
    result = checks.settings(server, extra={"ignoreTLS": True}, auth=AUTH)
    assert finding(result, "not_encrypted")["advice"] == (
        "remove options.extra.ignoreTLS, and set options.extra.requireTLS to true"
    )
    assert [line.encrypted for line in server.saw(PASSWORD)] == [False]


def test_contradiction(checks: Checks) -> None:
    server = SmtpServer()
    result = checks.settings(server, extra={"ignoreTLS": True, "requireTLS": True}, auth=AUTH)
    assert codes(result) == ["starttls_not_offered", "contradiction"]
    assert server.logins() == []


def test_other_mode(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), tls_first=True)
    found = finding(checks.settings(server, timeout=SILENCE), "tls_from_first_byte")
    assert found["message"].endswith("speaks TLS from the first byte, but options.secure is not true")
    assert (found["field"], found["advice"]) == ("options.secure", "set options.secure to true")
    server = SmtpServer(certificates.good(), offers=WITH_STARTTLS)
    found = finding(checks.settings(server, secure=True), "clear_at_first")
    assert found["message"].endswith("begins in clear, but options.secure is true")
    assert found["advice"] == "set options.secure to false, and options.extra.requireTLS to true"


def test_certificate_that_counts_for_nothing(checks: Checks, certificates: Certificates) -> None:
    for context, code in (
        (certificates.expired(), "certificate_expired"),
        (certificates.good("mail.example.com"), "certificate_other_name"),
        (certificates.self_signed(), "certificate_self_signed"),
        (certificates.of_other_authority(), "certificate_unknown_authority"),
    ):
        server = SmtpServer(context, tls_first=True)
        strict = checks.settings(server, secure=True, auth=AUTH)
        assert codes(strict, "error") == [code]
        assert server.saw(PASSWORD) == []
        lenient = checks.settings(server, secure=True, auth=AUTH, tls={"reject_unauthorized": False})
        assert codes(lenient, "error", "warning", "info") == [code, "not_read_by_all"]
        assert finding(lenient, code)["message"].endswith(
            "which counts for nothing while options.tls.reject_unauthorized is false"
        )
        assert lenient["server"]["login"]["accepted"] is True
        assert len(server.saw(PASSWORD)) == 1


def test_verification_that_is_switched_off_for_nothing(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), tls_first=True)
    result = checks.settings(server, secure=True, tls={"reject_unauthorized": False})
    assert codes(result, "warning") == ["verification_off"]
    assert codes(checks.settings(server, secure=True, tls={"reject_unauthorized": True})) == []


def test_names_that_the_options_give(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.good("mail.example.com"), tls_first=True)
    extra = {"name": "pbx.example.com", "tls": {"servername": "mail.example.com"}}
    result = checks.settings(server, secure=True, extra=extra)
    assert result["server"]["certificate"]["verified"] is True
    assert server.lines[0].text == "ehlo pbx.example.com"


def test_server_with_several_certificates(checks: Checks, certificates: Certificates) -> None:
    """Nodemailer 1 says no name (SNI) unless `tls.servername` does, and gets the usual certificate."""
    usual, other = certificates.good("host.example.com"), certificates.good("mail.example.com", "localhost")

    def choose(connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = other if name in ("mail.example.com", "localhost") else usual

    usual.sni_callback = choose
    for secure in (True, False):
        server = SmtpServer(usual, tls_first=secure, offers=WITH_STARTTLS)
        result = checks.settings(server, secure=secure, auth=AUTH)
        assert codes(result, "error") == ["certificate_other_name"]
        found = finding(result, "certificate_other_name")
        assert "is for host.example.com, not for localhost" in found["message"]
        assert "give options.extra.tls.servername" in found["advice"]
        assert server.saw(PASSWORD) == []
        reported = checks.settings(server, secure=secure, auth=AUTH, extra={"tls": {"servername": "mail.example.com"}})
        assert codes(reported, "error") == []
        assert reported["server"]["certificate"]["verified"] is True
    account = SmtpServer(usual, tls_first=True)
    assert codes(checks.account(account, smtp_crypt="ssl-tls")) == []


@pytest.mark.parametrize("name", ["mail.example.com.", "localhost."])
def test_name_with_a_dot_at_its_end(checks: Checks, certificates: Certificates, name: str) -> None:
    """Node takes the certificate without it."""
    server = SmtpServer(certificates.good("mail.example.com", "localhost"), tls_first=True)
    result = checks.settings(server, secure=True, extra={"tls": {"servername": name}})
    assert codes(result) == []
    assert result["server"]["certificate"]["verified"] is True


def test_mechanism_that_the_options_give(checks: Checks, certificates: Certificates) -> None:
    """Nodemailer uses it whether it is offered or not, and so does the check."""
    refused = {"AUTH": "504 5.5.4 Unrecognized authentication type"}
    server = SmtpServer(certificates.good(), tls_first=True, offers_in_tls=("AUTH PLAIN",), answers=refused)
    result = checks.settings(server, secure=True, auth=AUTH, extra={"authMethod": "cram-md5"})
    assert codes(result) == ["mechanism_not_offered"]
    found = finding(result, "mechanism_not_offered")
    assert found["message"] == (
        "the server offers PLAIN after TLS, but options.extra.authMethod is CRAM-MD5 "
        "(504 5.5.4 Unrecognized authentication type)"
    )
    assert (found["advice"], found["evidence"]) == ("set options.extra.authMethod to PLAIN", "proved")
    assert found["cause"] == "mechanism_not_offered"
    assert [line.text for line in server.logins()] == ["AUTH CRAM-MD5"]


@pytest.mark.parametrize(
    ("offers", "extra", "code", "sent"),
    [
        ("AUTH PLAIN", {"authMethod": "login"}, "mechanism_not_offered", "AUTH LOGIN"),
        ("AUTH NTLM", {}, "mechanism_not_offered", "AUTH PLAIN"),
        ("SIZE 1", {}, "login_not_offered", "AUTH PLAIN"),
        ("SIZE 1", {"authMethod": "cram-md5"}, "login_not_offered", "AUTH CRAM-MD5"),
    ],
)
def test_login_that_was_not_offered_and_is_taken(
    checks: Checks, certificates: Certificates, offers: str, extra: dict[str, Any], code: str, sent: str
) -> None:
    """A test send succeeds, so nothing is an error."""
    server = SmtpServer(certificates.good(), tls_first=True, offers_in_tls=(offers,))
    result = checks.settings(server, secure=True, auth=AUTH, extra=extra)
    assert (codes(result, "error"), codes(result, "warning")) == ([], [code])
    found = finding(result, code)
    assert found["message"].endswith(", yet it takes the login that the product makes")
    assert found["evidence"] == "proved"
    assert result["server"]["login"]["accepted"] is True
    assert server.logins()[0].text.startswith(sent)


@pytest.mark.parametrize("offers", [("STARTTLS",), ("STARTTLS", "AUTH LOGIN")])
def test_no_password_in_clear_for_a_server_that_offers_it_in_tls(
    checks: Checks, certificates: Certificates, offers: tuple[str, ...]
) -> None:
    """The product would send one in vain; the check does not."""
    server = SmtpServer(certificates.good(), offers=offers)
    result = checks.settings(server, auth=AUTH, extra={"ignoreTLS": True, "authMethod": "plain"})
    assert server.saw(PASSWORD) == []
    assert len(codes(result, "error")) == 1


def test_another_reason_than_the_offer_is_a_finding_of_its_own(checks: Checks, certificates: Certificates) -> None:
    refused = {"AUTH": "535 5.7.8 no"}
    server = SmtpServer(certificates.good(), tls_first=True, offers_in_tls=("AUTH NTLM",), answers=refused)
    result = checks.settings(server, secure=True, auth=AUTH)
    assert codes(result, "error") == ["mechanism_not_offered", "login_refused"]


@pytest.mark.parametrize("offers", ["AUTH XOAUTH2", "AUTH NTLM XOAUTH2"])
def test_nodemailer_sends_a_token_where_only_that_is_offered(
    checks: Checks, certificates: Certificates, offers: str
) -> None:
    server = SmtpServer(certificates.good(), tls_first=True, offers_in_tls=(offers,))
    result = checks.settings(server, secure=True, auth=AUTH)
    assert len(codes(result, "error")) == 1
    assert server.logins() == []


@pytest.mark.parametrize(
    ("mechanism", "answers", "accepted"),
    [
        ("plain", {"AUTH": "250 2.0.0 fine"}, True),
        ("plain", {"AUTH": "235-2.7.0 fine\r\n235 2.7.0 really"}, True),
        ("plain", {"AUTH": "334 ", "": "235 2.7.0 after all"}, True),
        ("plain", {"AUTH": "334 ", "": "535 5.7.8 no"}, False),
        ("plain", {"AUTH": "334 ", "": "334 and more"}, False),
        ("plain", {"AUTH": "354 no"}, False),
        ("login", {"aHVudGVyMg==": "250 fine"}, True),
        ("cram-md5", {}, True),
    ],
)
def test_any_success_lets_nodemailer_in(
    checks: Checks, certificates: Certificates, mechanism: str, answers: dict[str, str], accepted: bool
) -> None:
    server = SmtpServer(certificates.good(), tls_first=True, answers=answers)
    extra = {"authMethod": mechanism}
    result = checks.settings(server, secure=True, auth={"user": "pbx", "pass": "hunter2"}, extra=extra)
    assert result["server"]["login"]["accepted"] is accepted
    assert codes(result) == ([] if accepted else ["login_refused"])


def test_mechanism_that_nodemailer_does_not_know(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), tls_first=True, offers_in_tls=("AUTH NTLM LOGIN",))
    result = checks.settings(server, secure=True, auth=AUTH, extra={"authMethod": "ntlm"})
    found = finding(result, "mechanism_not_offered")
    assert found["message"] == (
        "the server offers NTLM, LOGIN after TLS, but options.extra.authMethod is NTLM, which the product does not know"
    )
    assert found["advice"] == "set options.extra.authMethod to LOGIN"
    assert server.logins() == []


def test_mechanism_that_takes_a_token(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), tls_first=True, offers_in_tls=("AUTH XOAUTH2 PLAIN",))
    result = checks.settings(server, secure=True, auth=AUTH, extra={"authMethod": "XOAUTH2"})
    assert codes(result, "error", "warning", "info") == ["not_read_by_all", "login_not_tried"]
    assert finding(result, "login_not_tried")["message"] == (
        "the login was not tried: XOAUTH2 takes a token, not a password"
    )


def test_refused_login(checks: Checks, certificates: Certificates) -> None:
    server = SmtpServer(certificates.good(), tls_first=True, answers={"AUTH": "535 5.7.8 no"})
    found = finding(checks.settings(server, secure=True, auth=AUTH), "login_refused")
    assert (found["field"], found["advice"]) == ("options.auth.pass", "check options.auth.user and options.auth.pass")


@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (
            "534-5.7.9 Application-specific password required. Learn more at\r\n534 5.7.9  https://x.example/",
            (
                "the mail server refuses the login: it wants a password made for an application: make one at the mail "
                "service, and put it into options.auth.user and options.auth.pass"
            ),
        ),
        (
            "534-5.7.14 <https://x.example/> Please log in via\r\n534 5.7.14 your web browser and then try again.",
            (
                "the mail server refuses the login: the mail service wants one with a web browser first: log in there "
                "once with a browser, or make a password for an application at the mail service, and put it into "
                "options.auth.user and options.auth.pass"
            ),
        ),
        (
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
            (
                "the mail service takes no password over SMTP for this mailbox: let its administrator allow it (in "
                "Microsoft 365: SMTP AUTH), or use another options.host"
            ),
        ),
        ("534 5.7.9 Mechanism too weak", "the server wants a stronger mechanism, so change options.extra.authMethod"),
        ("535 5.7.3 No", "check options.auth.user and options.auth.pass"),
    ],
)
def test_what_to_do_about_a_refused_login(checks: Checks, certificates: Certificates, answer: str, advice: str) -> None:
    server = SmtpServer(certificates.good(), tls_first=True, answers={"AUTH": answer})
    assert finding(checks.settings(server, secure=True, auth=AUTH), "login_refused")["advice"] == advice


@pytest.mark.parametrize("auth", [{"pass": PASSWORD}, {"user": "pbx"}, {"user": "", "pass": PASSWORD}])
def test_half_a_login_is_none(checks: Checks, auth: dict[str, Any]) -> None:
    server = SmtpServer()
    result = checks.settings(server, extra={"ignoreTLS": True}, auth=auth)
    assert server.logins() == []
    assert PASSWORD not in json.dumps(result)


@pytest.mark.parametrize(
    ("options", "port", "assumed"),
    [
        ({"secure": True}, 465, []),
        ({"secure": False}, 25, ["assumed", "not_read_by_all"]),
        ({}, 25, ["assumed", "not_read_by_all"]),
    ],
)
def test_port_that_is_not_given(checks: Checks, options: dict[str, Any], port: int, assumed: list[str]) -> None:
    result = checks.settings(**options, host="no-such-host.invalid", timeout=60)
    assert result["server"]["port"] == port
    assert codes(result, "info") == assumed


def test_one_secret_of_many(checks: Checks) -> None:
    """What else may stand in the options is none of the check's business, and does not come out."""
    extra = {"dkim": {"privateKey": "planted-key-123"}, "token": "planted-token-123"}
    result = checks.settings(SmtpServer(), extra=extra, auth=AUTH)
    assert "planted" not in json.dumps(result)


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"host": None}, ["options.host"]),
        ({"host": "", "port": 70000}, ["options.port", "options.host"]),
        ({"extra": {"name": "a\r\nb", "authMethod": 5}}, ["options.extra.authMethod", "options.extra.name"]),
        ({"extra": {"name": "m\u00fcnchen"}}, ["options.extra.name"]),
        ({"extra": {"tls": {"servername": ["x"]}}}, ["options.extra.tls.servername"]),
        ({"extra": {"tls": {"servername": "a" * 64}}}, ["options.extra.tls.servername"]),
        ({"extra": {"tls": {"servername": ".example.com"}}}, ["options.extra.tls.servername"]),
        ({"extra": {"port": 25}}, ["options.extra.port"]),
        ({"from": "x", "timeout": 0.0}, ["from", "timeout"]),
        ({"dns_servers": ["192.0.2.53", "192.0.2.54:53", "192.0.2.53", "192.0.2.53:5353"]}, ["dns_servers[3]"]),
    ],
)
def test_input_problems_all_at_once(checks: Checks, options: dict[str, Any], fields: list[str]) -> None:
    result = checks.settings(**options)
    assert result["failure"]["kind"] == "input"
    assert [problem["field"] for problem in result["failure"]["problems"]] == fields


@pytest.mark.parametrize("tls", [{}, {"reject_unauthorized": None}])
def test_verification_that_is_not_asked_for(checks: Checks, certificates: Certificates, tls: dict[str, Any]) -> None:
    """It depends on the server's environment then, and the vendor's own image verifies nothing."""
    result = checks.settings(SmtpServer(certificates.good(), tls_first=True), secure=True, tls=tls)
    found = finding(result, "assumed")
    assert (found["severity"], found["field"]) == ("warning", "options.tls.reject_unauthorized")
    assert found["advice"] == "set options.tls.reject_unauthorized to true"


@pytest.mark.parametrize(
    ("options", "unread"),
    [
        ({"secure": False}, "options.tls.reject_unauthorized"),
        ({"secure": False, "tls": {}, "extra": {"requireTLS": True}}, "options.extra.requireTLS"),
        ({"secure": True, "tls": {"reject_unauthorized": False}}, "options.tls.reject_unauthorized"),
        (
            {"secure": None, "extra": {"name": "pbx", "requireTLS": True}},
            "options.tls.reject_unauthorized, options.extra.name, options.extra.requireTLS",
        ),
    ],
)
def test_what_call_flows_do_not_read(checks: Checks, options: dict[str, Any], unread: str) -> None:
    result = checks.settings(**options, host="no-such-host.invalid", timeout=60)
    found = finding(result, "not_read_by_all")
    assert (found["severity"], found["field"]) == ("info", unread.partition(",")[0])
    assert found["message"].startswith("call flows send with from, options.host, port, secure, auth.user and auth.pass")
    assert found["message"].endswith(f": without {unread}")


@pytest.mark.parametrize(
    "options",
    [
        {"secure": True},
        {"secure": True, "tls": {}},
        {"tls": {"reject_unauthorized": False}},
        {"extra": {"name": None}, "tls": {}},
    ],
)
def test_what_call_flows_read_as_the_server_does(checks: Checks, options: dict[str, Any]) -> None:
    result = checks.settings(**options, host="no-such-host.invalid", timeout=60)
    assert "not_read_by_all" not in codes(result, "info")
