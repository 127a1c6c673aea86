# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module email_delivery_info and a server that does not do what it should."""

from __future__ import annotations

import base64
import time
import unicodedata
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._delivery.spec import EMAIL_DELIVERY_INFO
from tests.unit.plugins.module_utils._mail.imap_server import HEADER, Answers, ImapServer, fetched, imap_server
from tests.unit.plugins.module_utils.running import Runner

PASSWORD = "planted-7-secret"
ENTRY = dict.fromkeys(("name", "from", "to", "subject", "message_id", "queue_id"))
WANTED = {**ENTRY, "from": "a@example.com"}


def look(server: ImapServer, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    """The result of one look for one message."""
    return runner(server).run(
        EMAIL_DELIVERY_INFO, check_mode=check_mode, **{"wait": 0.0, "messages": [WANTED], **options}
    )


def runner(server: ImapServer) -> Runner:
    login = {"username": "me@example.com", "password": PASSWORD}
    return Runner({"host": "127.0.0.1", "port": server.port, "encryption": "none", "timeout": 5.0, **login})


def test_the_conversation_leaves_no_trace() -> None:
    with imap_server() as server:
        result = look(server)
    assert [one["status"] for one in result["email_deliveries"]] == ["found"]
    assert result["position"] == [
        {"folder": "INBOX", "uidvalidity": 7, "next_uid": 4},
        {"folder": "Archive/SPAM", "uidvalidity": 7, "next_uid": 4},
    ]
    verbs = [command.split()[0] for command in server.commands if command != "CAPABILITY"]
    assert verbs == ["AUTHENTICATE", "LIST", *["EXAMINE", "UID", "UID"] * 2, "LOGOUT"]
    assert [command for command in server.commands if "FETCH" in command and "BODY.PEEK[HEADER]" not in command] == []


def test_headers_are_read_once() -> None:
    """It looks until the second message is there, and asks for the first one's headers the first time only."""
    answers: Answers = {
        "UID SEARCH": ["* SEARCH 2", "* SEARCH 2", "* SEARCH 2 3"],
        "UID FETCH": [fetched(2, HEADER.replace("a@", "b@")), fetched(3)],
    }
    with imap_server(answers) as server:
        result = look(server, spam_folders=[], wait=60.0, interval=0.01)
    assert result["email_deliveries"][0]["uid"] == 3
    assert len([command for command in server.commands if command.startswith("EXAMINE")]) == 3
    asked = [command.split()[2] for command in server.commands if command.startswith("UID FETCH")]
    assert asked == ["2", "3"]


@pytest.mark.parametrize(
    ("options", "criteria"),
    [
        ({}, "FROM a@example.com"),
        ({"messages": [{**WANTED, "message_id": "<1@x>"}]}, "FROM a@example.com"),
        ({"messages": [{**ENTRY, "message_id": "<1@x>"}]}, "HEADER Message-ID 1@x"),
        ({"since": "2026-11-21T00:30:00+02:00"}, "SINCE 19-Nov-2026"),
        ({"since": "1795219200"}, "SINCE 20-Nov-2026"),
        # Where the day begins first, the servers of the world have days of two dates before.
        ({"since": "2026-11-21T00:30:00+14:00"}, "SINCE 19-Nov-2026"),
        ({"after": [{"folder": "INBOX", "uidvalidity": 7, "next_uid": 3}], "since": "2026-11-21"}, "UID 3:*"),
        ({"after": [{"folder": "INBOX", "uidvalidity": 6, "next_uid": 3}]}, "UID 1:*"),
    ],
)
def test_what_the_server_is_asked_for(options: dict[str, Any], criteria: str) -> None:
    with imap_server() as server:
        assert look(server, folders=["INBOX"], spam_folders=[], **options)["email_deliveries"][0]["status"] == "found"
    assert f"UID SEARCH {criteria}" in [command.replace('"', "") for command in server.commands]


U_LABELS, A_LABELS = "certs@bücher.example", "certs@xn--bcher-kva.example"


@pytest.mark.parametrize("asked", [U_LABELS, A_LABELS, "Certs@BÜCHER.example", unicodedata.normalize("NFD", U_LABELS)])
@pytest.mark.parametrize("sent", [U_LABELS, A_LABELS, "CERTS@XN--BCHER-KVA.example", "certs@Bücher.example"])
def test_an_international_domain_in_either_spelling(asked: str, sent: str) -> None:
    header = f"From: Büro <{sent}>\r\nTo: {sent}\r\nMessage-ID: <1@x>\r\n\r\n"
    answers: Answers = {"UID FETCH": fetched(3, header)}
    with imap_server(answers) as server:
        found = look(server, spam_folders=[], messages=[{**ENTRY, "from": asked, "to": asked}])["email_deliveries"]
    assert found[0]["status"] == "found"
    searches = [command for command in server.commands if command.startswith("UID SEARCH")]
    assert searches[0] == f"UID SEARCH FROM {A_LABELS}"
    assert searches[1].startswith("UID SEARCH CHARSET UTF-8 FROM ")


@pytest.mark.parametrize(
    "refusal", ["NO [BADCHARSET (US-ASCII)] no", "NO no", "BAD what", "BAD Could not parse command"]
)
def test_a_server_that_knows_no_utf_8(refusal: str) -> None:
    """It is asked for what there is in ASCII, and finds more; what it is not is left out here."""
    header = f"From: {U_LABELS}\r\n\r\n"
    answers: Answers = {
        "UID SEARCH": ["* SEARCH", refusal, "* SEARCH 2 3"],
        "UID FETCH": f"{fetched(2, 'From: other@kuecher.example')}\r\n{fetched(3, header)}",
    }
    with imap_server(answers) as server:
        (found,) = look(server, spam_folders=[], messages=[{**ENTRY, "from": U_LABELS}])["email_deliveries"]
    assert found["uid"] == 3
    assert [command.replace('"', "") for command in server.commands if "SEARCH" in command][-1] == (
        "UID SEARCH FROM cher.example"
    )


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("müller@example.com", "mu\u0308ller@example.com"),
        ("straße@example.com", "strasse@example.com"),
        ("a.b@example.com", "ab@example.com"),
        ("a+x@example.com", "a@example.com"),
        ("a@straße.example", "a@strasse.example"),
    ],
)
def test_what_stands_before_the_at_sign_is_exact(asked: str, sent: str) -> None:
    for one, other in ((asked, sent), (sent, asked)):
        with imap_server({"UID FETCH": fetched(3, f"From: {one}\r\n\r\n")}) as server:
            statuses = [
                look(server, messages=[{**ENTRY, "from": address}])["email_deliveries"][0]["status"]
                for address in (one, other)
            ]
        assert statuses == ["found", "not_found"]


@pytest.mark.parametrize(
    ("listed", "spam"),
    [
        ('* LIST () "." INBOX.Spam', "INBOX.Spam"),
        ('* LIST () "/" "[Gmail]/&V4NXPpCuTvY-"', "[Gmail]/垃圾邮件"),
        ('* LIST () "/" "Junk-E-Mail"', "Junk-E-Mail"),
        ('* LIST () "/" "Нежелательная почта"', "Нежелательная почта"),
        ('* LIST () "/" "&V4NXPpCuTvY"', "&V4NXPpCuTvY"),
        ('* LIST () "/" "Courrier ind\udce9sirable"', "Courrier ind\\xe9sirable"),
        ('* LIST (\\Junk) "/" "Whatever"', "Whatever"),
        ('* LIST (\\Trash) "/" "Spam"', None),
        ('* LIST () "/" {4}\r\nSpam', "Spam"),
        ("* LIST () NIL Spam", "Spam"),
    ],
)
def test_where_spam_is(listed: str, spam: str | None) -> None:
    """It is opened by the very name that the server gave."""
    with imap_server({"LIST": f'* LIST () "/" INBOX\r\n{listed}'}) as server:
        result = look(server)
    assert [entry["folder"] for entry in result["position"]] == ["INBOX", *filter(None, [spam])]
    opened = [command.partition(" ")[2].strip('"') for command in server.commands if command.startswith("EXAMINE")]
    assert opened == ["INBOX"] + ([listed.rsplit("\r\n", maxsplit=1)[-1].split(" ", 4)[-1].strip('"')] if spam else [])


def test_folders_are_named_as_they_are_read() -> None:
    answers: Answers = {"LIST": '* LIST () "/" INBOX\r\n* LIST () "/" "Gel&APY-scht"'}
    for name in ("Gelöscht", "Gelo\u0308scht"):
        with imap_server(answers) as server:
            assert look(server, folders=[name])["position"][0]["folder"] == "Gelöscht"
        assert 'EXAMINE "Gel&APY-scht"' in server.commands


@pytest.mark.parametrize(
    "options",
    [
        # A range up to the last message also finds one from before.
        {"after": [{"folder": name, "uidvalidity": 7, "next_uid": 4} for name in ("INBOX", "Archive/SPAM")]},
        {"since": "2026-11-21T12:00:01Z"},
        {"since": "2026-11-21T13:00:01.5"},
    ],
)
def test_what_is_older_does_not_count(options: dict[str, Any]) -> None:
    with imap_server() as server:
        assert look(server, **options)["email_deliveries"][0]["status"] == "not_found"


def test_the_same_second_counts() -> None:
    with imap_server() as server:
        assert look(server, since="2026-11-21T12:00:00.9Z")["email_deliveries"][0]["status"] == "found"


def failure_of(answers: Answers, **options: Any) -> dict[str, Any]:
    with imap_server(answers) as server:
        result = look(server, **options)
    assert result["failed"] is True
    assert PASSWORD not in str(result)
    failure: dict[str, Any] = result["failure"]
    return {**failure, "msg": result["msg"]}


@pytest.mark.parametrize("words", ["{}", f"you sent {PASSWORD}", f"({PASSWORD})"])
def test_a_server_that_repeats_the_password(words: str) -> None:
    failure = failure_of({"AUTHENTICATE": f"NO {words}"})
    assert (failure["kind"], failure["step"]) == ("login_refused", "log in")
    encoded = base64.b64encode(f"\0me@example.com\0{PASSWORD}".encode()).decode()
    assert encoded not in failure["msg"]


WITHOUT_PLAIN: Answers = {"CAPABILITY": "* CAPABILITY IMAP4rev1"}


@pytest.mark.parametrize("password", ['pa"ss\\wd-441', "sec'ret-12", "sec'\"ret-12", "a\\b-12345", "p$1", 'p"1'])
@pytest.mark.parametrize("refusal", ["NO bad {}", "BAD bad {}"])
def test_a_server_that_repeats_the_password_as_it_was_sent(password: str, refusal: str) -> None:
    """In double quotes, with a backslash before each of its double quotes and backslashes."""
    with imap_server({**WITHOUT_PLAIN, "LOGIN": refusal}, "* OK [CAPABILITY IMAP4rev1] ready") as server:
        result = look(server, password=password)
    assert "let me@example.com in: (the server's words are left out, since they repeat a credential)" in result["msg"]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"LIST": 'NO it\'s "late"'}, 'LIST failed: it\'s "late"'),
        ({"LIST": 'BAD it\'s "late"'}, 'the server refused it: it\'s "late"'),
        ({"UID SEARCH": 'NO it\'s "late"'}, 'SEARCH failed: it\'s "late"'),
        ({"UID SEARCH": 'BAD it\'s "late"'}, 'the server refused it: it\'s "late"'),
        ({"LIST": "BAD grüß Gott"}, "the server refused it: grüß Gott"),
    ],
)
def test_the_server_s_words_as_it_said_them(answers: Answers, words: str) -> None:
    msg = failure_of(answers)["msg"]
    assert msg.endswith(f": {words}"), msg


@pytest.mark.parametrize(
    ("answers", "kind", "step"),
    [
        ({"LIST": "NO not today"}, "mailbox", "list the folders"),
        ({"LIST": None}, "connection", "list the folders"),
        ({"EXAMINE": "NO locked"}, "mailbox", "open the folder 'INBOX'"),
        ({"UID SEARCH": "BAD what"}, "mailbox", "search the folder"),
        ({"UID FETCH": "* 1 FETCH (UID"}, "mailbox", "read the headers"),
        ({"UID FETCH": None}, "connection", "read the headers"),
        ({"LIST": "* LIST (((("}, "mailbox", "list the folders"),
        ({"LIST": "* LIST () 5 INBOX"}, "mailbox", "list the folders"),
        ({"EXAMINE": "* 1 EXISTS\r\n* OK [UIDNEXT x] ok\r\n* 2 EXISTS extra"}, "mailbox", "open the folder 'INBOX'"),
    ],
)
def test_answers_that_are_none(answers: Answers, kind: str, step: str) -> None:
    failure = failure_of(answers)
    assert (failure["kind"], failure["step"]) == (kind, step)
    assert failure["server"].startswith("127.0.0.1:")


def test_a_message_that_is_gone_before_it_is_read() -> None:
    with imap_server({"UID FETCH": ""}) as server:
        assert look(server)["email_deliveries"][0]["status"] == "not_found"


def test_a_server_that_never_comes_to_an_end() -> None:
    """Each byte comes in time, and all of them never do."""
    with imap_server(greeting="* OK" + " " * 5000, drip=0.02) as server:
        begun = time.monotonic()
        result = look(server, timeout=0.3)
        # Without a limit it would take 100 seconds.
        assert time.monotonic() - begun < 30
    assert "no answer within 0.3 seconds" in result["msg"]


def test_the_wait_ends_also_where_the_server_takes_its_time() -> None:
    answers: Answers = {"UID SEARCH": "* SEARCH" + " " * 5000}
    with imap_server(answers, drip=0.001) as server:
        begun = time.monotonic()
        # One step would be allowed the whole time by itself.
        result = look(server, wait=0.1, timeout=3.0)
        assert time.monotonic() - begun < 60
    assert result["failure"]["step"] == "search the folder"


@pytest.mark.parametrize(("password", "works"), [("plain", True), ("sécret", False)])
def test_a_server_without_plain(password: str, works: bool) -> None:
    greeting = "* OK [CAPABILITY IMAP4rev1] ready"
    with imap_server({"CAPABILITY": "* CAPABILITY IMAP4rev1"}, greeting) as server:
        result = look(server, password=password)
    assert ("failed" not in result) is works
    assert any(command.startswith("LOGIN") for command in server.commands) is works


def test_the_server_s_words_are_no_python() -> None:
    greeting = "* OK [CAPABILITY IMAP4rev1] ready"
    answers: Answers = {"CAPABILITY": "* CAPABILITY IMAP4rev1", "LOGIN": "NO it's late."}
    with imap_server(answers, greeting) as server:
        assert "let me@example.com in: it's late. It does not say why. Check username" in look(server)["msg"]


def test_a_password_of_any_characters() -> None:
    with imap_server() as server:
        assert "failed" not in look(server, password='sécret "with" \\ all', username="me and you")


def test_without_uidplus_nothing_else_goes() -> None:
    with imap_server() as server:
        running = runner(server)
        result = running.run(EMAIL_DELIVERY_INFO, wait=0.0, messages=[WANTED], afterwards="delete")
    assert result["changed"] is True
    assert "UID STORE 3 +FLAGS.SILENT (\\Deleted)" in server.commands
    assert not [command for command in server.commands if "EXPUNGE" in command]
    assert ["marked as deleted and still there" in warning for warning in running.warnings] == [True]


def test_check_mode_writes_nothing() -> None:
    for act in ("mark_seen", "delete"):
        with imap_server() as server:
            assert look(server, check_mode=True, afterwards=act)["changed"] is True
        assert not [command for command in server.commands if command.startswith(("SELECT", "UID STORE"))]


def test_check_mode_waits_for_nothing() -> None:
    """A task before this one would have sent it."""
    missing = [{**ENTRY, "name": "Certificates", "from": "b@example.com"}, WANTED, {**ENTRY, "from": "c@example.com"}]
    with imap_server() as server:
        running, begun = runner(server), time.monotonic()
        result = running.run(EMAIL_DELIVERY_INFO, check_mode=True, wait=60.0, messages=missing)
    assert time.monotonic() - begun < 10
    assert not result.get("failed")
    assert [entry["status"] for entry in result["email_deliveries"]] == ["not_found", "found", "not_found"]
    (warning,) = running.warnings
    assert "check mode: not there: Certificates, messages[2]; the module looked once" in warning


def test_check_mode_with_all_there_has_nothing_to_say() -> None:
    with imap_server() as server:
        running = runner(server)
        running.run(EMAIL_DELIVERY_INFO, check_mode=True, wait=60.0, messages=[WANTED])
    assert running.warnings == []


def test_a_folder_that_was_made_anew_meanwhile() -> None:
    """The number means another message by now."""
    with imap_server({"SELECT": "* 1 EXISTS\r\n* OK [UIDVALIDITY 8] ok\r\n* OK [UIDNEXT 4] ok"}) as server:
        assert look(server, afterwards="delete")["changed"] is False
    assert not [command for command in server.commands if command.startswith(("UID STORE", "UID EXPUNGE"))]


@pytest.mark.parametrize(("act", "flags"), [("delete", "\\deleted"), ("mark_seen", "\\seen")])
def test_what_is_done_already_is_no_change(act: str, flags: str) -> None:
    for check_mode in (True, False):
        with imap_server({"UID FETCH": fetched(3, flags=flags)}) as server:
            result = look(server, afterwards=act, check_mode=check_mode)
        assert (result["changed"], result["email_deliveries"][0]["status"]) == (False, "found")
        assert not [command for command in server.commands if command.startswith(("SELECT", "UID STORE"))]


@pytest.mark.parametrize(
    ("reported", "next_uid"),
    [
        ("* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok", 4),
        ("* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok", 1),
        ("* 1 EXISTS\r\n* OK [UIDNEXT 9] ok", 9),
        ("* 1 EXISTS", 1),
    ],
)
def test_what_a_server_does_not_tell_of_a_folder(reported: str, next_uid: int) -> None:
    with imap_server({"EXAMINE": reported}) as server:
        position = look(server, messages=[], spam_folders=[])["position"]
    assert position == [{"folder": "INBOX", "uidvalidity": 7 if "UIDVALIDITY" in reported else 0, "next_uid": next_uid}]


@pytest.mark.parametrize(
    "answers",
    [
        {"UID FETCH": fetched(3, flags="\\Seen 123")},
        {"LIST": '* LIST (1 \\HasNoChildren) "/" INBOX'},
        {"LIST": '* LIST () "/" INBOX\r\n* LIST () "/" NIL'},
        {"LIST": "* LIST () NIL INBOX"},
    ],
)
def test_odd_answers_that_can_be_read(answers: Answers) -> None:
    with imap_server(answers) as server:
        assert look(server)["email_deliveries"][0]["status"] == "found"


def test_a_message_without_headers_is_none_that_is_looked_for() -> None:
    with imap_server({"UID FETCH": "* 1 FETCH (UID 3 FLAGS () INTERNALDATE NIL BODY[HEADER] NIL)"}) as server:
        assert look(server)["email_deliveries"][0]["status"] == "not_found"


@pytest.mark.parametrize("odd", ["(" * 500 + ")" * 500, "a:" * 1000])
def test_a_strange_message_ends_no_look(odd: str) -> None:
    """Anybody can send one."""
    strange = fetched(2, f"From: {odd}\r\nTo: {odd}\r\n\r\n")
    answers: Answers = {"UID SEARCH": "* SEARCH 2 3", "UID FETCH": f"{strange}\r\n{fetched(3)}"}
    with imap_server(answers) as server:
        assert look(server)["email_deliveries"][0]["uid"] == 3


@pytest.mark.parametrize("host", ["a..b", "a" * 70])
def test_a_host_that_can_have_no_address(host: str) -> None:
    with imap_server() as server:
        result = look(server, host=host)
    assert result["msg"].endswith(f"({host}:{server.port}, none): the name of the server has no address. Check host")


def test_an_address_in_brackets() -> None:
    with imap_server(address="::1") as server:
        assert look(server, host="[::1]")["email_deliveries"][0]["status"] == "found"


def test_a_login_in_vain_is_followed_by_nothing() -> None:
    """One more step would take as long again with a server that does not answer."""
    with imap_server({"AUTHENTICATE": "NO who are you"}) as server:
        assert look(server)["failure"]["step"] == "log in"
    assert [command.split()[0] for command in server.commands][-1] == "AUTHENTICATE"


@pytest.mark.parametrize("since", ["0001-01-01", "9999-12-31T23:59:59-12:00", "99999999999999999999"])
def test_a_time_that_no_calendar_knows(since: str) -> None:
    with imap_server() as server:
        assert "since: must be a time" in look(server, since=since)["msg"]
