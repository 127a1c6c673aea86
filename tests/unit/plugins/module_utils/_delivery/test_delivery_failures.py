# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why email_delivery_info could not look: each kind of failure, from a server that says it."""

from __future__ import annotations

import imaplib
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.imap_step import MailboxError, in_time
from tests.unit.plugins.module_utils._delivery.test_delivery import PASSWORD, look
from tests.unit.plugins.module_utils._mail.certificates import Certificates
from tests.unit.plugins.module_utils._mail.imap_server import USUAL, Answers, imap_server


def failure_of(answers: Answers, greeting: str = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready", **options: Any) -> Any:
    """The failure of one look, with its message."""
    with imap_server(answers, greeting) as server:
        result = look(server, **options)
    assert result["failed"] is True
    assert PASSWORD not in str(result)
    return {**result["failure"], "msg": result["msg"], "commands": server.commands}


def with_capabilities(capabilities: str, **answers: Any) -> Any:
    offered = f"CAPABILITY IMAP4rev1 {capabilities}"
    return failure_of({"CAPABILITY": f"* {offered}", **answers}, f"* OK [{offered}] ready")


@pytest.mark.parametrize(
    ("greeting", "kind", "words"),
    [
        ("* BYE [UNAVAILABLE] Too many connections", "too_many_connections", "Too many connections"),
        ("* BYE Maximum IMAP connections reached", "too_many_connections", "Maximum IMAP connections"),
        ("* BYE [ALERT] Your IP is blocked", "client_refused", "Your IP is blocked"),
        ("* BYE Server shutting down", "unavailable", "shutting down"),
        ("* BYE go away", "closed_by_server", "go away. The server's log"),
        ("* BYE", "closed_by_server", "the server ended the connection. The server's log"),
        ("+OK POP3 ready <1@mx>", "another_protocol", "POP3 speaks there, not IMAP. Check host and port"),
        ("-ERR too many", "another_protocol", "POP3 speaks there, not IMAP: -ERR too many"),
        (
            "220 mx.example.com ESMTP Postfix",
            "another_protocol",
            "SMTP speaks there, not IMAP: 220 mx.example.com ESMTP",
        ),
        ("HTTP/1.1 400 Bad Request", "another_protocol", "HTTP speaks there, not IMAP: HTTP/1.1 400 Bad Request"),
        ("SSH-2.0-OpenSSH_9.2", "another_protocol", "SSH speaks there, not IMAP: SSH-2.0-OpenSSH_9.2"),
        ("\x15\x03\x01", "another_protocol", "TLS speaks there, not IMAP"),
        ("\x00\x01", "connection", "does not speak IMAP"),
        ("hello", "connection", "does not speak IMAP"),
        ("* NO not now", "connection", "not now"),
    ],
)
def test_in_the_greeting(greeting: str, kind: str, words: str) -> None:
    failure = failure_of({}, greeting)
    assert (failure["kind"], failure["step"]) == (kind, "connect")
    assert words in failure["msg"]


@pytest.mark.parametrize("verb", ["LOGIN", "AUTHENTICATE"])
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("NO [AUTHENTICATIONFAILED] no", "credentials"),
        ("NO [AUTHORIZATIONFAILED] no", "credentials"),
        ("NO [EXPIRED] no", "credentials"),
        ("NO no", "login_refused"),
        ("NO LOGIN failed.", "login_refused"),
        ("BAD what", "login_refused"),
        ("NO [PRIVACYREQUIRED] no", "encryption_required"),
        ("NO [UNAVAILABLE] no", "unavailable"),
        ("NO [INUSE] no", "in_use"),
        ("NO [limit] no", "too_many_connections"),
        ("NO [OVERQUOTA] no", "over_quota"),
        ("NO [CONTACTADMIN] no", "account_blocked"),
        ("NO [NOPERM] no", "permission"),
        ("NO Basic authentication is disabled", "login_switched_off"),
        ("NO Application password is REQUIRED", "application_password_wanted"),
        ("NO Maximum number of connections from user+IP exceeded", "too_many_connections"),
        ("* BYE Too many connections", "too_many_connections"),
        ("* BYE [UNAVAILABLE] later", "unavailable"),
        ("* BYE [AUTHENTICATIONFAILED] no", "credentials"),
        ("* BYE not you", "closed_by_server"),
        ("* BYE at once", "closed_by_server"),
        (None, "connection"),
    ],
)
def test_at_the_login(verb: str, answer: str | None, kind: str) -> None:
    failure = with_capabilities("AUTH=PLAIN" if verb == "AUTHENTICATE" else "", **{verb: answer})
    assert (failure["kind"], failure["step"]) == (kind, "log in"), failure["msg"]
    advised = failure["msg"].rpartition(". ")[2]
    assert ("Check username" in failure["msg"]) is (kind in ("credentials", "login_refused")), advised


@pytest.mark.parametrize("verb", ["LOGIN", "AUTHENTICATE"])
@pytest.mark.parametrize(
    ("before", "refusal", "kind"),
    [
        ("* NO [ALERT] Please log in via your web browser", "NO LOGIN failed.", "browser_wanted"),
        ("* OK [ALERT] Your account is disabled", "NO no", "account_blocked"),
        ("* NO [WEBALERT https://a.example/x] Web login required.", "NO no", "browser_wanted"),
        ("* OK [alert] Too many simultaneous connections.", "NO no", "too_many_connections"),
        ("* NO Application password is required", "BAD what", "application_password_wanted"),
        # The refusal itself counts more, and what is neither a warning nor an alert does not count.
        ("* NO [ALERT] Please log in via your web browser", "NO [AUTHENTICATIONFAILED] no", "credentials"),
        ("* OK Please log in via your web browser", "NO no", "login_refused"),
        ("* OK [ALERT] Nice to see you", "NO no", "login_refused"),
        ("* NO {3}\r\nabc", "NO no", "login_refused"),
    ],
)
def test_an_alert_before_a_refused_login(verb: str, before: str, refusal: str, kind: str) -> None:
    offered = "AUTH=PLAIN" if verb == "AUTHENTICATE" else ""
    failure = with_capabilities(offered, **{verb: f"{before}\r\n{{tag}} {refusal}"})
    assert (failure["kind"], failure["step"]) == (kind, "log in"), failure["msg"]
    words = before.partition("] ")[2] or before[5:]
    assert (words in failure["msg"]) is ("{3}" not in before and not before.startswith("* OK P")), failure["msg"]


def test_an_alert_after_the_login() -> None:
    before = "* NO [ALERT] Your mailbox is over quota\r\n"
    failure = failure_of({"EXAMINE": f"{before}{{tag}} NO no", "LIST": f"* OK [ALERT] not this\r\n{USUAL['LIST']}"})
    assert failure["kind"] == "over_quota", failure["msg"]
    assert "not this" not in failure["msg"]


@pytest.mark.parametrize("capabilities", ["LOGINDISABLED", "LOGINDISABLED AUTH=PLAIN", "LOGINDISABLED AUTH=XOAUTH2"])
def test_no_login_in_clear(capabilities: str) -> None:
    failure = with_capabilities(capabilities)
    assert failure["kind"] == "encryption_required"
    assert "allows no login over this connection. Set encryption" in failure["msg"]
    assert [command for command in failure["commands"] if command.startswith(("LOGIN", "AUTHENTICATE"))] == []


@pytest.mark.parametrize(
    ("capabilities", "kind", "words"),
    [
        (
            "LOGINDISABLED",
            "login_not_offered",
            "lets nobody log in with a password (it offers no mechanism)",
        ),
        ("LOGINDISABLED AUTH=GSSAPI AUTH=NTLM", "login_not_offered", "(it offers GSSAPI, NTLM)"),
        ("LOGINDISABLED AUTH=XOAUTH2", "login_switched_off", "(it offers XOAUTH2). No password helps"),
        (
            "LOGINDISABLED AUTH=OAUTHBEARER AUTH=XOAUTH2 SASL-IR",
            "login_switched_off",
            "(it offers OAUTHBEARER, XOAUTH2)",
        ),
        # It is about the command LOGIN alone.
        ("LOGINDISABLED AUTH=PLAIN", None, ""),
    ],
)
def test_no_login_under_tls(tmp_path: Path, capabilities: str, kind: str | None, words: str) -> None:
    certificates = Certificates(tmp_path)
    offered = f"CAPABILITY IMAP4rev1 {capabilities}"
    with imap_server({"CAPABILITY": f"* {offered}"}, f"* OK [{offered}] hello", tls=certificates.good()) as server:
        result = look(server, host="localhost", encryption="tls", ca_path=certificates.ca_path)
    assert result.get("failure", {}).get("kind") == kind, result
    assert words in result.get("msg", "")
    assert [command for command in server.commands if command.startswith("LOGIN")] == []
    assert any(command.startswith("AUTHENTICATE") for command in server.commands) is (kind is None)


@pytest.mark.parametrize(
    "injected",
    ["* CAPABILITY IMAP4rev1 LOGINDISABLED", "* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2", "* 1 EXISTS"],
)
def test_what_is_said_before_tls_is_not_believed_in_it(tmp_path: Path, injected: str) -> None:
    """Anybody in between can say it (RFC 3501, 6.2.1)."""
    certificates = Certificates(tmp_path)
    offered = "CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN"
    answers: Answers = {"CAPABILITY": f"* {offered}", "STARTTLS": injected}
    with imap_server(answers, f"* OK [{offered}] hello", upgrade=certificates.good()) as server:
        result = look(server, host="localhost", encryption="starttls", ca_path=certificates.ca_path)
    assert result.get("failure") is None, result["msg"]


@pytest.mark.parametrize("refusal", ["NO no", "NO [AUTHENTICATIONFAILED] no", "NO mechanism not supported"])
def test_tokens_alone(refusal: str) -> None:
    failure = with_capabilities("AUTH=XOAUTH2 AUTH=OAUTHBEARER SASL-IR", LOGIN=refusal)
    assert failure["kind"] == "login_switched_off"
    assert "takes a token in place of a password (it offers OAUTHBEARER, XOAUTH2)" in failure["msg"]
    assert with_capabilities("AUTH=XOAUTH2", LOGIN="NO [UNAVAILABLE] no")["kind"] == "unavailable"


@pytest.mark.parametrize("offered", ["", " STARTTLS"])
@pytest.mark.parametrize("encryption", ["none", "starttls"])
def test_somebody_is_logged_in_already(offered: str, encryption: str) -> None:
    answers: Answers = {"CAPABILITY": f"* CAPABILITY IMAP4rev1{offered}"}
    failure = failure_of(answers, "* PREAUTH [CAPABILITY IMAP4rev1] hello", encryption=encryption)
    assert (failure["kind"], failure["step"]) == ("login_not_offered", "log in")
    assert "PREAUTH" in failure["msg"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("NO [INUSE] locked", "in_use"),
        ("NO [NOPERM] no", "permission"),
        ("NO [UNAVAILABLE] no", "unavailable"),
        ("NO [LIMIT] no", "limit"),
        ("NO [NONEXISTENT] no", "mailbox"),
        ("NO no", "mailbox"),
        ("* BYE Autologout", "closed_by_server"),
        ("* BYE [UNAVAILABLE] going down", "unavailable"),
        ("NO EXAMINE Unsafe Login. Please contact kefu@188.com for help", "client_refused"),
        (None, "connection"),
    ],
)
def test_after_the_login(answer: str | None, kind: str) -> None:
    failure = failure_of({"EXAMINE": answer})
    assert (failure["kind"], failure["step"]) == (kind, "open the folder 'INBOX'"), failure["msg"]


@pytest.mark.parametrize("line", ["garbage", "", "\x00\udcff", "220 mx.example.com", "Z1 OK done"])
@pytest.mark.parametrize(("verb", "step"), [("LIST", "list the folders"), ("EXAMINE", "open the folder 'INBOX'")])
def test_a_line_that_is_no_answer(line: str, verb: str, step: str) -> None:
    failure = failure_of({verb: f"{line}\r\n{{tag}} OK done"})
    assert (failure["kind"], failure["step"]) == ("connection", step)
    assert "the server's answer is not IMAP" in failure["msg"]
    assert "unexpected response" not in failure["msg"]


def test_a_refused_starttls_has_no_words_of_a_library() -> None:
    answers: Answers = {"CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS", "STARTTLS": "NO not now"}
    failure = failure_of(answers, encryption="starttls")
    assert (failure["kind"], failure["step"]) == ("connection", "begin TLS")
    assert "TLS session" not in failure["msg"]


USUAL_FOLDER = "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok"


@pytest.mark.parametrize(
    "answers",
    [
        {"SELECT": f"{USUAL_FOLDER}\r\n{{tag}} OK [READ-ONLY] done"},
        {"SELECT": f"{USUAL_FOLDER}\r\n* OK [READ-ONLY] ok"},
        {"UID STORE": "NO [READ-ONLY] no"},
        {"UID STORE": "NO Mailbox is read-only"},
    ],
)
@pytest.mark.parametrize("act", ["mark_seen", "delete"])
def test_a_folder_that_can_only_be_read(answers: Answers, act: str) -> None:
    failure = failure_of(answers, afterwards=act)
    assert failure["kind"] == "read_only"
    assert "set afterwards to keep" in failure["msg"]


def test_what_can_only_be_read_can_be_looked_into() -> None:
    with imap_server({"EXAMINE": f"{USUAL_FOLDER}\r\n{{tag}} OK [READ-ONLY] done"}) as server:
        assert look(server)["email_deliveries"][0]["status"] == "found"


@pytest.mark.parametrize(
    ("words", "kind", "reason"),
    [
        # As newer versions of Python say it.
        ("invalid greeting: +OK POP3 ready", "another_protocol", "POP3 speaks there, not IMAP"),
        ("invalid greeting from server", "another_protocol", "POP3 speaks there, not IMAP"),
        ("invalid greeting: * BYE go away", "closed_by_server", "the server ended the connection"),
        ("invalid greeting: b'* BYE go away'", "closed_by_server", "the server ended the connection"),
        ("None", "another_protocol", "POP3 speaks there, not IMAP"),
    ],
)
def test_a_greeting_in_the_words_of_any_python(words: str, kind: str, reason: str) -> None:
    def refuse() -> None:
        raise imaplib.IMAP4.error(words)

    with pytest.raises(MailboxError) as caught:
        in_time("connect", 5.0, refuse)
    assert (caught.value.kind, caught.value.reason) == (kind, reason)


@pytest.mark.parametrize(
    "answers",
    [
        {"LIST": '* LIST () "/" {2000000000}\r\nx'},
        {"UID FETCH": "* 1 FETCH (UID 3 BODY[HEADER] {2000000000}\r\nx"},
        {"EXAMINE": f"* OK {'x' * 900_000}\r\n" * 40},
        {"UID SEARCH": ("* SEARCH " + "1 " * 400_000 + "\r\n") * 45},
        {"LIST": "\r\n".join(f'* LIST () "/" "f{number}"' for number in range(60_000))},
        {"LIST": '* LIST () "/" {1}\r\na\r\n' * 60_000},
        {"EXAMINE": "\r\n".join(f"* {number} EXISTS" for number in range(60_000))},
        {"UID SEARCH": "* SEARCH 1\r\n" * 60_000},
        {"LIST": f"* OK {'x' * 1_500_000}"},
    ],
    ids=[
        "a literal announced",
        "headers announced",
        "many lines",
        "many numbers",
        "many folders",
        "many literals",
        "many untagged lines",
        "many searches",
        "a long line",
    ],
)
def test_an_answer_without_end_is_not_read(answers: Answers) -> None:
    failure = failure_of(answers, timeout=30.0)
    assert (failure["kind"], "too large" in failure["msg"]) == ("mailbox", True), failure["msg"]
