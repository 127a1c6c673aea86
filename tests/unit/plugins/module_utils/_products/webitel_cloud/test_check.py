# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`email_profile_check` against servers of all kinds: both sides of a profile, in the product's words."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud import check
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.check_spec import (
    EMAIL_PROFILE_CHECK,
)
from ansible_collections.mailfleet.email.plugins.module_utils._smtp_check import login
from tests.unit.plugins.module_utils._mail.certificates import Certificates
from tests.unit.plugins.module_utils._mail.dns_server import DnsZone, serve_dns
from tests.unit.plugins.module_utils._mail.imap_server import Answers, ImapServer, imap_server
from tests.unit.plugins.module_utils._mail.smtp_servers import SmtpServer, serve
from tests.unit.plugins.module_utils._smtp_check.smtp_checks import GOOD_ZONE, PASSWORD, codes, finding, free_port
from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator

WITH_STARTTLS = ("SIZE 1000000", "STARTTLS", "AUTH PLAIN LOGIN")
LOGIN: dict[str, Any] = {"login": "desk@example.com", "password": PASSWORD}
ALL = ("error", "warning", "info")
NOTHING_UNREAD: Answers = {"UID SEARCH": "* SEARCH"}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates of every kind."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def runner(certificates: Certificates) -> Iterator[Runner]:
    """Runs checks that trust the good authority, and ask a DNS that knows the sender's domain."""
    with serve_dns(DnsZone(dict(GOOD_ZONE))) as zone:
        yield Runner({"timeout": 10.0, "ca_path": certificates.ca_path, "dns_servers": [zone.address]})


def imap_side(server: ImapServer, **changes: Any) -> dict[str, Any]:
    """The options about this server."""
    return {"imap_host": "localhost", "imap_port": server.port, "mailbox": "INBOX", **LOGIN, **changes}


def of_imap(runner: Runner, certificates: Certificates, answers: Answers, **changes: Any) -> dict[str, Any]:
    """The check of the side that fetches, with a server that answers so."""
    with imap_server(answers, tls=certificates.good()) as server:
        return runner.run(EMAIL_PROFILE_CHECK, **imap_side(server, **changes))


def test_nothing_is_wrong_on_either_side(runner: Runner, certificates: Certificates) -> None:
    smtp = SmtpServer(certificates.good(), offers=WITH_STARTTLS)
    with serve(smtp), imap_server(NOTHING_UNREAD, tls=certificates.good()) as imap:
        sending: dict[str, Any] = {"smtp_host": "localhost", "smtp_port": smtp.port, "name": "Desk"}
        result = runner.run(EMAIL_PROFILE_CHECK, **imap_side(imap), **sending)
    assert codes(result, *ALL) == ["tls_not_required"]
    assert result["msg"] == "check of the email profile Desk: nothing is wrong"
    assert result["server"]["login"]["accepted"] is True
    assert result["sender_domain"]["name"] == "example.com"
    assert result["imap_server"] == {
        "host": "localhost",
        "port": imap.port,
        "capabilities": ["AUTH=PLAIN", "IMAP4REV1"],
        "login": {"tried": True, "accepted": True},
        "mailbox": "INBOX",
        "exists": True,
        "unread": 0,
    }
    assert not runner.warnings
    assert PASSWORD not in json.dumps(result)


def test_a_side_that_is_not_given_is_not_looked_at(runner: Runner, certificates: Certificates) -> None:
    smtp = SmtpServer(certificates.good(), offers=WITH_STARTTLS)
    with serve(smtp):
        result = runner.run(EMAIL_PROFILE_CHECK, smtp_host="localhost", smtp_port=smtp.port)
    assert result["imap_server"] is None
    assert result["sender_domain"] is None
    assert result["server"]["port"] == smtp.port
    result = of_imap(runner, certificates, NOTHING_UNREAD)
    assert (result["server"], result["sender_domain"]) == (None, None)


def test_no_mail_is_marked(runner: Runner, certificates: Certificates) -> None:
    """Unread mail is what a profile would fetch: it is counted, in a folder that is opened to read."""
    with imap_server({"UID SEARCH": "* SEARCH 3 5"}, tls=certificates.good()) as server:
        result = runner.run(EMAIL_PROFILE_CHECK, **imap_side(server, mailbox="inbox"))
        verbs = [command.split()[0] for command in server.commands]
    assert codes(result, *ALL) == ["mailbox_unread"]
    assert finding(result, "mailbox_unread")["message"] == (
        "unread messages in inbox: 2, which the product fetches all where it fetches mail"
    )
    assert result["imap_server"]["unread"] == 2
    assert "EXAMINE" in verbs
    assert {"SELECT", "STORE", "FETCH"}.isdisjoint(verbs)


@pytest.mark.parametrize(
    ("answers", "changes", "expected", "field"),
    [
        ({}, {"mailbox": "Tickets"}, ["mailbox_missing"], "mailbox"),
        ({"LOGIN": "NO [AUTHENTICATIONFAILED] no"}, {}, ["imap_login_refused"], "password"),
        ({"LIST": "NO not today"}, {}, ["imap_broken_off"], "imap_host"),
        (
            {"CAPABILITY": "* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN", "UID SEARCH": "* SEARCH"},
            {},
            ["imap_login_not_offered"],
            "auth_type",
        ),
        ({}, {"auth_type": "OAuth2"}, ["imap_login_not_offered"], "auth_type"),
        (
            {"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2", "LOGIN": "NO [AUTHENTICATIONFAILED] no"},
            {},
            ["imap_login_refused"],
            "password",
        ),
    ],
)
def test_what_is_wrong_with_the_mailbox(
    runner: Runner,
    certificates: Certificates,
    answers: Answers,
    changes: dict[str, Any],
    expected: list[str],
    field: str,
) -> None:
    greeting = {} if "CAPABILITY" in answers else {"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN"}
    with imap_server({**greeting, **answers}, "* OK ready", tls=certificates.good()) as server:
        result = runner.run(EMAIL_PROFILE_CHECK, **imap_side(server, fail_on="never", **changes))
    assert codes(result) == expected
    assert finding(result, expected[0])["field"] == field
    assert finding(result, expected[0])["advice"]


@pytest.mark.parametrize(
    ("able", "answers", "accepted"),
    [
        ("AUTH=PLAIN", {"AUTHENTICATE": "NO no such thing here"}, True),
        ("AUTH=PLAIN", {"LOGIN": "NO [AUTHENTICATIONFAILED] switched off"}, False),
        ("", {"AUTHENTICATE": "BAD what"}, True),
        ("AUTH=PLAIN LOGINDISABLED", {}, None),
    ],
)
def test_login_at_imap_as_the_product_makes_it(
    runner: Runner, certificates: Certificates, able: str, answers: Answers, accepted: bool | None
) -> None:
    """go-imap sends LOGIN whatever is offered, and nothing where LOGINDISABLED is."""
    scripted: Answers = {"CAPABILITY": f"* CAPABILITY IMAP4rev1 {able}", "UID SEARCH": "* SEARCH", **answers}
    with imap_server(scripted, "* OK ready", tls=certificates.good()) as server:
        result = runner.run(EMAIL_PROFILE_CHECK, **imap_side(server, fail_on="never"))
        logins = [command.split()[0] for command in server.commands if command.startswith(("LOGIN", "AUTH"))]
    assert result["imap_server"]["login"] == {"tried": accepted is not None, "accepted": accepted}
    assert logins == ([] if accepted is None else ["LOGIN"])
    assert codes(result) == {True: [], False: ["imap_login_refused"], None: ["imap_login_not_offered"]}[accepted]


@pytest.mark.parametrize("able", ["IMAP4rev1", "IMAP4rev1 LITERAL+"])
@pytest.mark.parametrize(
    ("user", "password", "sent"),
    [
        ("me@example.com", 'a "b" \\c', 'LOGIN "me@example.com" "a \\"b\\" \\\\c"'),
        ("a user", "{3}", 'LOGIN "a user" "{3}"'),
        ("jürgen@example.com", "pass", 'LOGIN jürgen@example.com "pass"'),
        ("me@example.com", "pässwörd", 'LOGIN "me@example.com" pässwörd'),
        ("jürgen", "пароль", "LOGIN jürgen пароль"),
    ],
)
def test_any_user_and_password_fit_into_the_command(
    runner: Runner, certificates: Certificates, able: str, user: str, password: str, sent: str
) -> None:
    scripted: Answers = {"CAPABILITY": f"* CAPABILITY {able}", "UID SEARCH": "* SEARCH"}
    with imap_server(scripted, "* OK ready", tls=certificates.good()) as server:
        side = imap_side(server, login=user, password=password, fail_on="never")
        result = runner.run(EMAIL_PROFILE_CHECK, **side)
        (login_command,) = [command for command in server.commands if command.startswith("LOGIN")]
    assert login_command == sent
    assert codes(result) == []


def test_a_server_that_wants_no_literal(runner: Runner, certificates: Certificates) -> None:
    """Its refusal comes in place of the request to go on, and is passed on."""
    scripted: Answers = {"CAPABILITY": "* CAPABILITY IMAP4rev1", "LOGIN": "NO [AUTHENTICATIONFAILED] ASCII only"}
    with imap_server(scripted, "* OK ready", tls=certificates.good()) as server:
        result = runner.run(EMAIL_PROFILE_CHECK, **imap_side(server, login="jürgen", fail_on="never"))
        assert not [command for command in server.commands if PASSWORD in command]
    assert "ASCII only" in finding(result, "imap_login_refused")["message"]


def test_an_error_fails_the_task(runner: Runner, certificates: Certificates) -> None:
    result = of_imap(runner, certificates, {}, mailbox="Tickets")
    assert result["failed"]
    assert result["failure"]["kind"] == "check"
    assert "the mailbox of desk@example.com has no folder Tickets" in result["msg"]
    assert "set mailbox to one of: Archive/SPAM, INBOX" in result["msg"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"password": None}, "no password was given"),
        ({"log_in": False}, "log_in is false"),
        ({"auth_type": "OAuth2"}, "the login takes a token, which only the product has"),
    ],
)
def test_no_login_is_tried_without_need(
    runner: Runner, certificates: Certificates, changes: dict[str, Any], why: str
) -> None:
    able: Answers = {"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 AUTH=PLAIN"}
    with imap_server(able, "* OK ready", tls=certificates.good()) as server:
        result = runner.run(EMAIL_PROFILE_CHECK, **imap_side(server, **changes))
        assert not [command for command in server.commands if command.startswith(("LOGIN", "AUTHENTICATE"))]
    assert codes(result, *ALL) == ["imap_login_not_tried"]
    assert finding(result, "imap_login_not_tried")["message"] == f"no login was tried at IMAP: {why}"
    assert result["imap_server"]["login"] == {"tried": False, "accepted": None}
    assert result["imap_server"]["exists"] is None


def test_imap_without_tls_gets_no_password(runner: Runner) -> None:
    """The product speaks TLS from the first byte, and so does the check."""
    with imap_server() as server:
        result = runner.run(EMAIL_PROFILE_CHECK, **imap_side(server, timeout=2.0))
        said = " ".join(server.commands)
    assert codes(result) == ["imap_unreachable"]
    assert PASSWORD not in said


def test_a_certificate_of_nobody_gets_no_password(runner: Runner, certificates: Certificates) -> None:
    with imap_server(tls=certificates.of_other_authority()) as server:
        result = runner.run(EMAIL_PROFILE_CHECK, **imap_side(server))
        assert server.commands == []
    assert codes(result) == ["imap_unreachable"]
    assert "certificate is not accepted" in finding(result, "imap_unreachable")["message"]


def test_nobody_listens(runner: Runner) -> None:
    nobody: dict[str, Any] = {"imap_host": "localhost", "imap_port": free_port(), "mailbox": "INBOX"}
    result = runner.run(EMAIL_PROFILE_CHECK, **nobody, **LOGIN)
    assert codes(result) == ["imap_unreachable"]
    assert "check imap_host and imap_port" in finding(result, "imap_unreachable")["advice"]


def test_words_of_a_server_that_repeat_the_password(runner: Runner, certificates: Certificates) -> None:
    result = of_imap(runner, certificates, {"LOGIN": f"NO [AUTHENTICATIONFAILED] {PASSWORD} is wrong"})
    assert codes(result) == ["imap_login_refused"]
    assert PASSWORD not in json.dumps(result)


def test_a_password_in_clear(runner: Runner) -> None:
    """The library that the product sends with refuses PLAIN without TLS, and the check does not try."""
    smtp = SmtpServer()
    with serve(smtp):
        result = runner.run(EMAIL_PROFILE_CHECK, smtp_host="localhost", smtp_port=smtp.port, **LOGIN)
    assert codes(result, *ALL) == ["not_encrypted", "login_not_tried"]
    assert smtp.logins() == []


def test_tls_begins_at_once_on_one_port_alone(
    runner: Runner, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    smtp = SmtpServer(certificates.good(), tls_first=True)
    with serve(smtp):
        sending: dict[str, Any] = {"smtp_host": "localhost", "smtp_port": smtp.port, **LOGIN}
        other = runner.run(EMAIL_PROFILE_CHECK, **sending)
        monkeypatch.setattr(check, "_TLS_PORT", smtp.port)
        usual = runner.run(EMAIL_PROFILE_CHECK, **sending)
    assert codes(other) == ["tls_from_first_byte"]
    assert finding(other, "tls_from_first_byte")["advice"].startswith("set smtp_port to 465")
    assert codes(usual, *ALL) == ["not_read_by_all"]
    assert finding(usual, "not_read_by_all")["field"] == "smtp_port"


def test_a_login_with_a_token(runner: Runner, certificates: Certificates) -> None:
    smtp = SmtpServer(certificates.good(), offers=WITH_STARTTLS)
    with serve(smtp):
        sending: dict[str, Any] = {"smtp_host": "localhost", "smtp_port": smtp.port, "auth_type": "OAuth2", **LOGIN}
        result = runner.run(EMAIL_PROFILE_CHECK, **sending)
    assert codes(result) == ["mechanism_not_offered"]
    assert finding(result, "mechanism_not_offered")["message"] == (
        "the server offers Plain (PLAIN), Plain (LOGIN), Plain (CRAM-MD5) after TLS, but auth_type is OAuth2"
    )
    assert smtp.logins() == []


def test_what_a_new_profile_has_is_assumed(runner: Runner, certificates: Certificates) -> None:
    result = of_imap(runner, certificates, NOTHING_UNREAD, mailbox=None)
    assert finding(result, "assumed")["message"] == (
        "mailbox is not given, and the check takes INBOX, which a new profile has"
    )


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({}, ["smtp_host"]),
        ({"smtp_host": "", "imap_host": ""}, ["smtp_host"]),
        ({"smtp_host": "a host", "imap_port": 0, "timeout": 0.0}, ["imap_port", "smtp_host", "timeout"]),
        ({"imap_host": "imap.example.com", "mailbox": "a\nb"}, ["mailbox"]),
    ],
)
def test_options_that_are_wrong(runner: Runner, options: dict[str, Any], fields: list[str]) -> None:
    result = runner.run(EMAIL_PROFILE_CHECK, **options)
    assert sorted(problem["field"] for problem in result["failure"]["problems"]) == fields


@pytest.mark.parametrize(
    ("offers", "taken"),
    [
        ("AUTH PLAIN LOGIN CRAM-MD5", "CRAM-MD5"),
        ("AUTH LOGIN PLAIN", "PLAIN"),
        ("AUTH LOGIN XOAUTH2", "LOGIN"),
        ("AUTH SCRAM-SHA-1 CRAM-MD5 XOAUTH2", "CRAM-MD5"),
    ],
)
def test_mechanisms_in_the_order_of_the_product(
    runner: Runner, certificates: Certificates, offers: str, taken: str
) -> None:
    """A server may offer what does not work for a user, and then the order tells whether mail is sent."""
    smtp = SmtpServer(certificates.good(), offers=WITH_STARTTLS, offers_in_tls=(offers,))
    with serve(smtp):
        result = runner.run(EMAIL_PROFILE_CHECK, smtp_host="localhost", smtp_port=smtp.port, **LOGIN)
    assert codes(result) == []
    assert result["server"]["login"]["mechanism"] == taken
    assert smtp.lines[0].text == "ehlo localhost"


def test_mechanism_that_gomail_sends_although_it_was_not_offered(runner: Runner, certificates: Certificates) -> None:
    smtp = SmtpServer(certificates.good(), offers=WITH_STARTTLS, offers_in_tls=("AUTH NTLM GSSAPI",))
    with serve(smtp):
        result = runner.run(EMAIL_PROFILE_CHECK, smtp_host="localhost", smtp_port=smtp.port, **LOGIN)
    assert finding(result, "mechanism_not_offered")["severity"] == "warning"
    assert result["server"]["login"]["mechanism"] == "PLAIN"


@pytest.mark.parametrize("reply", ["250 2.0.0 fine", "334 "])
def test_go_takes_one_success_alone(runner: Runner, certificates: Certificates, reply: str) -> None:
    offers = ("AUTH PLAIN",)
    smtp = SmtpServer(certificates.good(), offers=WITH_STARTTLS, offers_in_tls=offers, answers={"AUTH": reply})
    with serve(smtp):
        result = runner.run(EMAIL_PROFILE_CHECK, smtp_host="localhost", smtp_port=smtp.port, fail_on="never", **LOGIN)
    assert codes(result) == ["login_refused"]


@pytest.mark.parametrize(
    ("here", "offers", "changes", "expected"),
    [
        (False, "AUTH PLAIN LOGIN", {}, ["login_needs_tls", "not_encrypted"]),
        (False, "AUTH XOAUTH2", {"auth_type": "OAuth2"}, ["login_needs_tls", "not_encrypted"]),
        (False, "AUTH PLAIN CRAM-MD5", {}, ["not_encrypted"]),
        (False, "AUTH LOGIN", {}, ["not_encrypted"]),
        (True, "AUTH PLAIN LOGIN", {}, ["not_encrypted"]),
    ],
)
def test_login_that_is_kept_back_without_tls(
    runner: Runner,
    monkeypatch: pytest.MonkeyPatch,
    here: bool,
    offers: str,
    changes: dict[str, Any],
    expected: list[str],
) -> None:
    """Go sends neither PLAIN nor a token in clear, except to the machine itself, so no mail goes out at all."""
    if not here:
        monkeypatch.setattr(login, "_THE_MACHINE", ())
    smtp = SmtpServer(offers=(offers,))
    with serve(smtp):
        sending: dict[str, Any] = {"smtp_host": "localhost", "smtp_port": smtp.port, **LOGIN, **changes}
        result = runner.run(EMAIL_PROFILE_CHECK, fail_on="never", **sending)
    assert codes(result) == expected
    carries = "mail" if "login_needs_tls" in expected else "the password"
    assert f"so {carries} crosses the network" in finding(result, "not_encrypted")["message"]


@pytest.mark.parametrize(("host", "expected"), [("::1", ["read_otherwise"]), ("[::1]", []), ("127.0.0.1", [])])
def test_address_of_ipv6_runs_into_the_port(runner: Runner, host: str, expected: list[str]) -> None:
    """Go puts the port behind the host with a colon, so an address of IPv6 needs its brackets."""
    port = free_port()
    sending: dict[str, Any] = {"smtp_host": host, "smtp_port": port, "imap_host": host, "imap_port": port}
    result = runner.run(EMAIL_PROFILE_CHECK, fail_on="never", **sending)
    found = [one for one in result["findings"] if one["code"] == "read_otherwise"]
    assert [one["field"] for one in found] == ["smtp_host", "imap_host"][: 2 * len(expected)]
    assert all("[::1]" in one["advice"] for one in found)


@pytest.mark.parametrize(
    ("greeting", "code", "words"),
    [
        ("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready", "imap_unreachable", "begins in clear"),
        ("220 mail.example.com ESMTP", "imap_another_protocol", "SMTP speaks there"),
        ("+OK POP3 ready", "imap_another_protocol", "POP3 speaks there"),
        ("SSH-2.0-OpenSSH_9.2", "imap_another_protocol", "SSH speaks there"),
    ],
)
def test_port_of_imap_that_speaks_in_clear(runner: Runner, greeting: str, code: str, words: str) -> None:
    with imap_server(greeting=greeting) as server:
        result = runner.run(EMAIL_PROFILE_CHECK, **imap_side(server, timeout=2.0, fail_on="never"))
        said = " ".join(server.commands)
    assert codes(result) == [code]
    message = finding(result, code)["message"]
    assert words in message
    assert greeting.split(maxsplit=1)[0] in message
    assert PASSWORD not in said


@pytest.mark.parametrize(
    ("greeting", "cause"),
    [
        ("* BYE Too many connections from your host", "too_many_connections"),
        ("* BYE [UNAVAILABLE] try later", "unavailable"),
        ("* BYE Your IP address has been blocked", "client_refused"),
        ("* BYE", "closed_by_server"),
    ],
)
def test_imap_server_that_greets_with_a_refusal(
    runner: Runner, certificates: Certificates, greeting: str, cause: str
) -> None:
    """It was reached, over TLS and with a good certificate: what is wrong is what it says."""
    with imap_server(greeting=greeting, tls=certificates.good()) as server:
        result = runner.run(EMAIL_PROFILE_CHECK, **imap_side(server, fail_on="never"))
    assert codes(result) == ["imap_turned_away"]
    assert finding(result, "imap_turned_away")["cause"] == cause


def test_imap_server_that_wants_a_certificate_of_the_client(runner: Runner, certificates: Certificates) -> None:
    demanding = certificates.good()
    demanding.load_verify_locations(certificates.ca_path)
    demanding.verify_mode = ssl.CERT_REQUIRED
    with imap_server(tls=demanding) as server:
        result = runner.run(EMAIL_PROFILE_CHECK, **imap_side(server, fail_on="never"))
    found = finding(result, "imap_unreachable")
    assert "the server wants a certificate of the client" in found["message"]
    assert found["advice"] == "let the server take clients without a certificate of their own"


def test_imap_server_that_stays_silent_in_tls(runner: Runner, certificates: Certificates) -> None:
    """The connection is fine, and so is the certificate: it is the greeting that does not come in time."""
    with imap_server(drip=1.0, tls=certificates.good()) as server:
        result = runner.run(EMAIL_PROFILE_CHECK, **imap_side(server, timeout=0.7, fail_on="never"))
    found = finding(result, "imap_unreachable")
    assert "TLS comes about, and the server sends no greeting within 0.7 seconds" in found["message"]
    assert found["advice"].startswith("check that an IMAP server listens there, and give more timeout")
