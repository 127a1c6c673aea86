# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be asked of a domain's settings, and answers that say less than usual."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import (
    EMAIL_SETTINGS,
    EMAIL_SETTINGS_INFO,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from tests.unit.plugins.module_utils._products.webitel.records import (
    DOMAIN,
    GET,
    NOT_FOUND,
    PUT,
    RECORD,
    WHOAMI,
    changed,
    stored,
)
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

RECORD_587 = changed(RECORD, "options.port", 587)
PORT_587: dict[str, Any] = {"domain": DOMAIN, "options": {"port": 587}}


def problems(runner: Runner, **options: Any) -> dict[str, str]:
    """What a task says is wrong with its options."""
    result = runner.run(EMAIL_SETTINGS, domain=DOMAIN, **options)
    assert result["failure"]["kind"] == "input"
    return {problem["field"]: problem["message"] for problem in result["failure"]["problems"]}


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"extra": {"auth": "hunter2"}}, "options.extra.auth"),
        ({"extra": {"tls": [1]}}, "options.extra.tls"),
        ({"auth": {"user": "mail"}, "extra": {"auth": None}}, "options.extra.auth"),
    ],
)
def test_an_extra_option_in_the_place_of_a_group(webitel: Runner, options: dict[str, Any], field: str) -> None:
    found = problems(webitel, options=options)
    assert found == {field: "must be a mapping"}


def test_a_null_removes_a_group_that_has_no_options(conversation: Conversation, webitel: Runner) -> None:
    record = changed(RECORD, "options.tls", ...)
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, record).answers(stored(record))
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options={"extra": {"tls": None}})
    assert result["action"] == "updated"


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (float("nan"), "options.extra.rate"),
        (float("inf"), "options.extra.rate"),
        ({"a": [1, {"b": float("-inf")}]}, "options.extra.rate.a.1.b"),
    ],
)
def test_numbers_that_json_does_not_know(webitel: Runner, value: Any, field: str) -> None:
    found = problems(webitel, options={"extra": {"rate": value}})
    assert found == {field: "must be a number that JSON knows"}


@pytest.mark.parametrize("options", [None, {}, {"host": None, "auth": {"user": None}, "extra": {}}])
def test_replace_needs_something_to_put_in_the_place(webitel: Runner, options: Any) -> None:
    found = problems(webitel, options=options, replace=True)
    assert found == {"options": "are needed with replace, since nothing else would be left"}


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"auth": {"pass": ""}}, ["options.auth.pass"]),
        ({"auth": {"user": ""}}, ["options.auth.user"]),
        ({"auth": {"user": "", "pass": ""}}, ["options.auth.user", "options.auth.pass"]),
        ({"host": ""}, ["options.host"]),
        ({"extra": {"name": ""}}, ["options.extra.name"]),
        ({"extra": {"dkim": {"domainName": ""}}}, ["options.extra.dkim.domainName"]),
        ({"extra": {"dkim": ""}}, ["options.extra.dkim"]),
    ],
)
@pytest.mark.parametrize("many", [False, True])
def test_an_empty_text_removes_nothing(
    conversation: Conversation, webitel: Runner, options: Any, fields: list[str], many: bool
) -> None:
    """Mostly a look-up that found nothing, and nothing is written."""
    record = changed(changed(RECORD, "options.name", "pbx"), "options.dkim", {"domainName": "a.example"})
    conversation.expect(GET).answers(stored(record))
    if many:
        entry = all_options(
            EMAIL_SETTINGS_SYNC.argument_spec["settings"]["options"], {"domain": DOMAIN, "options": options}
        )
        result = webitel.run(EMAIL_SETTINGS_SYNC, settings=[entry], concurrency=1)
    else:
        result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options=options)
    found = {problem["field"]: problem["message"] for problem in result["failure"]["problems"]}
    assert set(found) == {f"settings[0].{field}" if many else field for field in fields}
    assert all("is empty, and would erase what is there" in message for message in found.values())


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"host": ""}, ["options.host"]),
        ({"host": "a.example", "auth": {"user": "", "pass": ""}}, ["options.auth.user", "options.auth.pass"]),
        ({"host": "", "auth": {"user": "pbx", "pass": ""}}, ["options.host", "options.auth.pass"]),
    ],
)
def test_an_empty_text_creates_nothing(
    conversation: Conversation, webitel: Runner, options: Any, fields: list[str]
) -> None:
    """Two look-ups that found nothing are no relay without a login."""
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": None})
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options=options)
    assert [problem["field"] for problem in result["failure"]["problems"]] == fields


@pytest.mark.parametrize("field", ["description", "from"])
def test_an_empty_text_beside_the_options(conversation: Conversation, webitel: Runner, field: str) -> None:
    if field == "description":
        conversation.expect(GET).answers(stored())
    options: dict[str, Any] = {"domain": DOMAIN, field: ""}
    result = webitel.run(EMAIL_SETTINGS, **options)
    assert [problem["field"] for problem in result["failure"]["problems"]] == [field]


def test_null_removes_the_login(conversation: Conversation, webitel: Runner) -> None:
    record = {**RECORD, "options": {name: value for name, value in RECORD["options"].items() if name != "auth"}}
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, record).answers(stored(record))
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options={"extra": {"auth": None}})
    assert result["action"] == "updated"


def test_an_empty_text_over_defaults(webitel: Runner) -> None:
    spec = EMAIL_SETTINGS_SYNC.argument_spec["settings"]["options"]
    entry, defaults = (
        all_options(spec, options)
        for options in ({"domain": DOMAIN, "options": {"host": ""}}, {"options": {"host": "h", "auth": {"user": "u"}}})
    )
    result = webitel.run(EMAIL_SETTINGS_SYNC, settings=[entry], defaults=defaults)
    assert [problem["field"] for problem in result["failure"]["problems"]] == ["settings[0].options.host"]


def test_an_answer_without_content_is_looked_up(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, RECORD_587)
    conversation.expect(GET).answers(stored(RECORD_587))
    result = webitel.run(EMAIL_SETTINGS, **PORT_587)
    assert result["action"] == "updated"
    assert result["email_settings"]["options"]["port"] == 587


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("content", [False, True])
def test_an_answer_that_says_done_where_nothing_is_stored(
    conversation: Conversation, webitel: Runner, *, many: bool, content: bool
) -> None:
    entry = {**PORT_587, "description": "New"}
    conversation.expect(GET).answers(stored())
    put = conversation.expect(PUT, changed(RECORD_587, "description", "New"))
    if content:
        put.answers(stored())
    else:
        conversation.expect(GET).answers(stored())
    # Looked at once more: it may only be late.
    conversation.expect(GET).answers(stored())
    run = webitel.run(EMAIL_SETTINGS_SYNC, settings=[entry]) if many else webitel.run(EMAIL_SETTINGS, **entry)
    assert run["failed"] is True
    fields = "description, options.port as before"
    assert f"the server answers 200, and has stored nothing of what was sent: {fields}" in run["msg"]


LOUD = changed(RECORD, "from", "MAIL@a.example")
LOUD_TASK: dict[str, Any] = {"domain": DOMAIN, "from": LOUD["from"]}


@pytest.mark.parametrize(
    ("look", "warnings"),
    [
        ({"json": stored()}, ["from: sent 'MAIL@a.example', but the server stores 'mail@a.example'"]),
        ({"json": stored(LOUD)}, []),
        ({"status": 500}, []),
    ],
    ids=["rewritten", "as sent", "not known"],
)
def test_an_answer_that_may_repeat_what_was_sent_is_looked_up(
    conversation: Conversation, webitel: Runner, look: dict[str, Any], warnings: list[str]
) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, LOUD).answers(stored(LOUD))
    conversation.expect(GET).answers(**look)
    result = webitel.run(EMAIL_SETTINGS, **LOUD_TASK)
    assert result["action"] == "updated"
    assert len(webitel.warnings) == len(warnings)
    assert all(words in warning for words, warning in zip(warnings, webitel.warnings))


def test_an_answer_that_shows_what_is_stored_is_taken(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, LOUD).answers(stored())
    webitel.run(EMAIL_SETTINGS, **LOUD_TASK)
    assert "'mail@a.example'" in webitel.warnings[0]


def test_an_answer_without_content_and_no_record(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, RECORD_587)
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect(GET).answers(**NOT_FOUND)
    result = webitel.run(EMAIL_SETTINGS, **PORT_587)
    assert result["failed"] is True
    assert f"email_settings of {DOMAIN}: PUT " in result["msg"]
    assert "the answer (200) has no content, and no record is there" in result["msg"]
    assert "run again, which looks first" in result["msg"]
    assert result["failure"]["outcome"] == "unknown"


def test_a_refused_login_has_its_own_words(conversation: Conversation, webitel: Runner) -> None:
    """It is no answer to the question whose domain the credentials are for, though that is what was asked."""
    conversation.expect("POST /login", {"username": "root", "password": "hunter2"}).answers(
        {"status": "error", "info": "Invalid"}, status=401
    )
    runner = Runner({**webitel.connection, "access_token": None, "username": "root", "password": "hunter2"})
    result = runner.run(EMAIL_SETTINGS_INFO)
    assert result["failure"]["kind"] == "credentials"
    assert "the login of root is refused. Check username and password" in result["msg"]
    assert "whoami" not in result["msg"]


@pytest.mark.parametrize("many", [False, True])
def test_booleans_and_numbers_of_extra_are_sent_as_such(
    conversation: Conversation, webitel: Runner, many: bool
) -> None:
    """As `-e ignoreTLS=false` gives them. A text would be true to Nodemailer, and mail would go in clear."""
    extra = {"ignoreTLS": "false", "requireTLS": "yes", "connectionTimeout": "5000", "mine": "no"}
    record = changed(RECORD, "options.mine", "no")
    record = {**record, "options": {**record["options"], "ignoreTLS": False, "requireTLS": True}}
    record["options"]["connectionTimeout"] = 5000
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, record).answers(stored(record))
    if many:
        spec = EMAIL_SETTINGS_SYNC.argument_spec["settings"]["options"]
        entry = all_options(spec, {"domain": DOMAIN, "options": {"extra": extra}})
        result = webitel.run(EMAIL_SETTINGS_SYNC, settings=[entry], concurrency=1)
    else:
        result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options={"extra": extra})
    assert result["changed"]
    (warning,) = webitel.warnings
    assert "options.extra.mine is a text that reads like a boolean" in warning
    assert DOMAIN in warning


def test_what_is_no_boolean_is_refused(webitel: Runner) -> None:
    found = problems(webitel, options={"extra": {"ignoreTLS": "perhaps", "tls": {"minDHSize": "large"}}})
    assert found == {
        "options.extra.ignoreTLS": "must be true or false, not a text",
        "options.extra.tls.minDHSize": "must be a number, not a text",
    }


@pytest.mark.parametrize(
    ("transport", "words"),
    [
        ({"secure": True, "port": 587}, "options.secure is true with port 587"),
        ({"secure": False, "port": 465}, "options.secure is false with port 465"),
        ({"secure": False, "port": 587}, None),
        ({"secure": True, "port": 465}, None),
        # The live settings have secure and port 465.
        ({"port": 587}, "options.secure is true with port 587: servers begin in clear there"),
        ({"port": 25}, "options.secure is true with port 25"),
        ({"secure": False}, "options.secure is false with port 465: servers begin with TLS there"),
        ({"port": 2465}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("many", [False, True])
def test_a_port_that_does_not_go_with_the_encryption(
    conversation: Conversation, webitel: Runner, transport: dict[str, Any], words: str | None, many: bool
) -> None:
    conversation.expect(GET).answers(stored())
    options = {**transport, "extra": {"name": "pbx"}}
    if many:
        spec = EMAIL_SETTINGS_SYNC.argument_spec["settings"]["options"]
        entry = all_options(spec, {"domain": DOMAIN, "options": options})
        webitel.run(EMAIL_SETTINGS_SYNC, settings=[entry], concurrency=1, check_mode=True)
    else:
        webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options=options, check_mode=True)
    assert [words in warning for warning in webitel.warnings if words] == ([True] if words else [])
    assert len(webitel.warnings) == (1 if words else 0)


@pytest.mark.parametrize(
    ("extra", "field", "words"),
    [
        ({"dkim": {"privateKey": "<secret: unchanged>"}}, "dkim.privateKey", "what this collection shows"),
        ({"dkim": {"privateKey": 511}}, "dkim.privateKey", "must be a text, not a number: put it in quotes"),
        ({"auth": {"clientSecret": True}}, "auth.clientSecret", "must be a text, not a boolean: put it in quotes"),
        ({"auth": {"clientSecret": ["a"]}}, "auth.clientSecret", "must be a text, not a list: put it in quotes"),
        ({"auth": {"privateKey": {"a": "b"}}}, "auth.privateKey", "must be a text, not a mapping: put it in quotes"),
        ({"auth": {"refreshToken": "$encrypted$"}}, "auth.refreshToken", "'$encrypted$', what AWX shows"),
        ({"relays": [{"apiKey": "********"}]}, "relays[0].apiKey", "what servers show"),
        ({"mySecret": "<redacted>"}, "mySecret", "a placeholder"),
    ],
)
def test_secrets_of_extra_that_cannot_be_meant(webitel: Runner, extra: Any, field: str, words: str) -> None:
    found = problems(webitel, options={"extra": extra})
    assert list(found) == [f"options.extra.{field}"]
    assert words in found[f"options.extra.{field}"]


@pytest.mark.parametrize("extra", [{"tokenTimeout": 5}, {"usePassword": True}, {"tls": {"key": ["-----BEGIN"]}}])
def test_what_only_looks_like_a_secret_of_extra(conversation: Conversation, webitel: Runner, extra: Any) -> None:
    conversation.expect(GET).answers(stored())
    assert webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options={"extra": extra}, check_mode=True)["changed"]
