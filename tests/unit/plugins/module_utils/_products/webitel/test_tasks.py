# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module email_settings: exactly these requests for each path, and these results."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from tests.unit.plugins.module_utils._products.webitel.records import (
    DELETE,
    DESIRED,
    DOMAIN,
    DOMAINS,
    GET,
    NOT_FOUND,
    POST,
    PUT,
    RECORD,
    WHOAMI,
    changed,
    stored,
)
from tests.unit.plugins.module_utils.conversation import Conversation, conversation_at
from tests.unit.plugins.module_utils.running import Runner

PORT_587: dict[str, Any] = {"domain": DOMAIN, "options": {"port": 587}}
RECORD_587 = changed(RECORD, "options.port", 587)
MASKS = pytest.mark.parametrize("shown", ["********", "", None, ...])


def shown_of(record: dict[str, Any]) -> dict[str, Any]:
    """A record as a result shows it."""
    return {**changed(record, "options.auth.pass", ...), "domain": DOMAIN}


@pytest.mark.parametrize("check_mode", [False, True])
def test_nothing_to_do(conversation: Conversation, webitel: Runner, check_mode: bool) -> None:
    conversation.expect(GET).answers(stored())
    result = webitel.run(EMAIL_SETTINGS, check_mode=check_mode, **DESIRED)
    assert (result["changed"], result["action"], result["changed_fields"]) == (False, "none", [])
    assert result["email_settings"] == shown_of(RECORD)
    assert result["password_check"] == "compared"
    assert webitel.warnings == []


def test_spelling_differences_are_no_change(conversation: Conversation, webitel: Runner) -> None:
    record = changed(changed(stored(), "options.port", "465"), "options.debug", None)
    conversation.expect(GET).answers(dict(reversed(record.items())))
    assert webitel.run(EMAIL_SETTINGS, **DESIRED)["action"] == "none"


def test_create(conversation: Conversation, webitel: Runner) -> None:
    options = {
        "host": "smtp.a.example",
        "tls": {"rejectUnauthorized": False},
        "auth": {"user": "mail", "pass": "hunter2", "type": "login"},
        "name": "client",
    }
    body = {"provider": "smtp", "from": "A <mail@a.example>", "options": options}
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect(DOMAINS).answers({"info": {DOMAIN: {}}})
    conversation.expect(POST, body).answers(stored(body))
    sender: dict[str, Any] = {"from": "A <mail@a.example>"}
    result = webitel.run(
        EMAIL_SETTINGS,
        **sender,
        domain=DOMAIN,
        options={
            "host": "smtp.a.example",
            "tls": {"reject_unauthorized": False},
            "auth": {"user": "mail", "pass": "hunter2"},
            "extra": {"auth": {"type": "login"}, "name": "client"},
        },
    )
    assert (result["changed"], result["action"]) == (True, "created")
    assert "options.auth.pass" in result["changed_fields"]
    assert result["email_settings"] == shown_of(body)
    assert result["password_check"] == "set"
    assert result["diff"]["after"]["options"]["auth"]["pass"] == "<secret: set>"
    assert "hunter2" not in json.dumps(result)


def test_creation_wants_options(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": None})
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN)
    assert "email_settings of a.example: options: are needed" in result["msg"]


def test_update_keeps_unknown_keys_at_every_level_and_sends_no_server_field(
    conversation: Conversation, webitel: Runner
) -> None:
    wanted = changed(changed(RECORD, "options.tls.rejectUnauthorized", False), "options.auth.user", "other")
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, wanted).answers(stored(wanted))
    options = {"tls": {"reject_unauthorized": False}, "auth": {"user": "other"}}
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options=options)
    assert result["changed_fields"] == ["options.auth.user", "options.tls.rejectUnauthorized"]
    assert result["password_check"] == "not_given"
    assert result["diff"]["before"]["options"]["auth"]["pass"] == "<secret: unchanged>"
    assert "_id" not in json.dumps(result)


def test_replace(conversation: Conversation, webitel: Runner) -> None:
    wanted = {"provider": "smtp", "options": {"host": "smtp.a.example"}}
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, wanted).answers(stored(wanted))
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options={"host": "smtp.a.example"}, replace=True)
    assert result["email_settings"] == {**wanted, "domain": DOMAIN}
    assert {"description", "from", "plan.unknown", "options.auth.pass"} < set(result["changed_fields"])


def test_a_changed_password_shows_as_markers_only(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored(changed(RECORD, "options.auth.pass", "old-hunter")))
    conversation.expect(PUT, RECORD).answers(stored())
    result = webitel.run(EMAIL_SETTINGS, **DESIRED)
    assert result["changed_fields"] == ["options.auth.pass"]
    assert result["diff"]["before"]["options"]["auth"]["pass"] == "<secret: current>"
    assert result["diff"]["after"]["options"]["auth"]["pass"] == "<secret: new>"
    assert "hunter" not in json.dumps(result)


@pytest.mark.parametrize("state", ["present", "absent"])
def test_check_mode_tells_the_same_and_writes_nothing(state: str) -> None:
    results = []
    for check_mode in (True, False):
        with conversation_at() as conversation:
            conversation.expect(GET).answers(stored())
            if not check_mode and state == "present":
                conversation.expect(PUT, RECORD_587).answers(stored(RECORD_587))
            elif not check_mode:
                conversation.expect(DELETE).answers({"status": "OK"})
            runner = Runner({"api_url": conversation.url, "access_token": "t1", "retries": 0})
            results.append(runner.run(EMAIL_SETTINGS, check_mode=check_mode, state=state, **PORT_587))
    assert results[0]["changed"]
    assert results[0] == results[1]


def test_delete(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(DELETE).answers({"status": "OK", "Info": "Removed 1 records."})
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, state="absent")
    assert (result["changed"], result["action"], result["diff"]["after"]) == (True, "deleted", {})
    assert "email_settings" not in result


@pytest.mark.parametrize("still_there", [False, True])
def test_a_delete_that_removed_nothing_is_looked_into(
    conversation: Conversation, webitel: Runner, still_there: bool
) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(DELETE).answers({"status": "OK", "Info": "Removed 0 record."})
    conversation.expect(GET).answers(**({"json": stored()} if still_there else NOT_FOUND))
    if not still_there:
        conversation.expect(WHOAMI).answers({"domain": None})
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, state="absent")
    assert bool(result.get("failed")) is still_there


def test_an_error_with_the_status_of_success_is_one(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(DELETE).answers({"status": "error", "info": "Token Expired"})
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, state="absent")
    assert result["failed"]
    assert "Token Expired" in result["msg"]


def test_nothing_to_delete(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": DOMAIN})
    assert webitel.run(EMAIL_SETTINGS, domain=DOMAIN, state="absent")["action"] == "none"


def test_a_missed_put_whose_record_is_gone_is_made_up_for(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, RECORD_587).answers(**NOT_FOUND)
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect(POST, RECORD_587).answers(stored(RECORD_587))
    result = webitel.run(EMAIL_SETTINGS, **PORT_587)
    assert result["changed"]
    assert result["email_settings"]["options"]["port"] == 587


@pytest.mark.parametrize("shown", ["hunter2", "********"])
def test_a_missed_put_whose_record_is_already_right(conversation: Conversation, webitel: Runner, shown: str) -> None:
    options = {**DESIRED["options"], "port": 587}
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, RECORD_587).answers(**NOT_FOUND)
    conversation.expect(GET).answers(stored(changed(RECORD_587, "options.auth.pass", shown)))
    result = webitel.run(EMAIL_SETTINGS, **{**DESIRED, "options": options})
    assert "failed" not in result
    assert result["email_settings"]["options"]["port"] == 587


MISSED = {
    "another value": (PORT_587, RECORD_587, changed(RECORD, "options.port", 25)),
    "replace, a key too many": (
        {**PORT_587, "replace": True},
        {"provider": "smtp", "options": {"port": 587}},
        {"provider": "smtp", "options": {"port": 587}, "added": 1},
    ),
    "a key to be removed": (
        {"domain": DOMAIN, "options": {"extra": {"socketTimeout": None}}},
        changed(RECORD, "options.socketTimeout", ...),
        changed(RECORD, "options.socketTimeout", 5),
    ),
}


@pytest.mark.parametrize(("options", "wanted", "meanwhile"), MISSED.values(), ids=MISSED)
def test_a_missed_put_whose_record_another_run_changed(
    conversation: Conversation, webitel: Runner, options: Any, wanted: Any, meanwhile: Any
) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, wanted).answers(**NOT_FOUND)
    conversation.expect(GET).answers(stored(meanwhile))
    conversation.expect(PUT, wanted).answers(stored(wanted))
    result = webitel.run(EMAIL_SETTINGS, **options)
    assert result["action"] == "updated"
    assert result["diff"]["before"]["options"].get("port") == meanwhile["options"]["port"]


@MASKS
def test_a_hidden_password_is_written_on_every_run(conversation: Conversation, webitel: Runner, shown: Any) -> None:
    hidden = stored(changed(RECORD, "options.auth.pass", shown))
    conversation.expect(GET).answers(hidden)
    conversation.expect(PUT, RECORD).answers(hidden)
    result = webitel.run(EMAIL_SETTINGS, **DESIRED)
    assert (result["changed_fields"], result["password_check"]) == (["options.auth.pass"], "written")
    assert webitel.warnings == []


@MASKS
def test_a_hidden_password_is_never_destroyed(conversation: Conversation, webitel: Runner, shown: Any) -> None:
    conversation.expect(GET).answers(stored(changed(RECORD, "options.auth.pass", shown)))
    result = webitel.run(EMAIL_SETTINGS, **PORT_587)
    assert result["failed"]
    assert "options.auth.pass: the server does not show the secret that it stores" in result["msg"]
    assert "changing options.port would destroy it" in result["msg"]


@MASKS
def test_a_hidden_password_with_on_create(conversation: Conversation, webitel: Runner, shown: Any) -> None:
    conversation.expect(GET).answers(stored(changed(RECORD, "options.auth.pass", shown)))
    result = webitel.run(EMAIL_SETTINGS, update_password="on_create", **DESIRED)
    assert (result["action"], result["password_check"]) == ("none", "skipped")


@pytest.mark.parametrize("replace", [False, True])
def test_on_create_leaves_a_readable_password(conversation: Conversation, webitel: Runner, replace: bool) -> None:
    live = {"provider": "smtp", "options": {"host": "a", "auth": {"user": "mail", "pass": "live"}}}
    wanted = changed(live, "options.host", "b")
    conversation.expect(GET).answers(stored(live))
    conversation.expect(PUT, wanted).answers(stored(wanted))
    options = {"host": "b", "auth": {"user": "mail", "pass": "hunter2"}}
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options=options, update_password="on_create", replace=replace)
    assert (result["changed_fields"], result["password_check"]) == (["options.host"], "skipped")


def test_a_login_by_a_token_hides_no_password(conversation: Conversation, webitel: Runner) -> None:
    auth = {"user": "mail", "type": "OAuth2", "accessToken": "abc"}
    live = {"provider": "smtp", "options": {"port": 1, "auth": auth}}
    wanted = {"provider": "smtp", "options": {"port": 587, "auth": auth}}
    conversation.expect(GET).answers(stored(live))
    conversation.expect(PUT, wanted).answers(stored(wanted))
    result = webitel.run(EMAIL_SETTINGS, **PORT_587)
    assert result["changed_fields"] == ["options.port"]
    assert '"abc"' not in json.dumps(result)


def test_a_server_that_stores_something_else(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored(changed(RECORD, "options.port", 25)))
    conversation.expect(PUT, RECORD).answers(stored(changed(RECORD, "options.port", 466)))
    webitel.run(EMAIL_SETTINGS, **DESIRED)
    [warning] = webitel.warnings
    assert "email_settings of a.example: options.port: sent 465, but the server stores 466" in warning


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([], "must be an object"),
        ({"domain": DOMAIN}, "options: is missing"),
        ({"domain": 5, "options": {}}, "domain: must be a text, not a number"),
    ],
)
def test_an_answer_of_another_shape(conversation: Conversation, webitel: Runner, answer: Any, words: str) -> None:
    conversation.expect(GET).answers(answer)
    result = webitel.run(EMAIL_SETTINGS, **DESIRED)
    assert (result["failed"], result["failure"]["kind"]) == (True, "answer")
    assert words in result["msg"]
    assert "hunter2" not in json.dumps(result)


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_host_in_other_letters_is_left_as_it_is(
    conversation: Conversation, webitel: Runner, check_mode: bool
) -> None:
    """A server may store it in lower case, which another run would only change again."""
    conversation.expect(GET).answers(stored())
    options = {"host": "SMTP.A.example"}
    result = webitel.run(EMAIL_SETTINGS, check_mode=check_mode, domain=DOMAIN, options=options)
    assert result["action"] == "none"
    (warning,) = webitel.warnings
    assert all(text in warning for text in ("options.host", "'SMTP.A.example'", "'smtp.a.example'"))


def test_a_404_to_what_the_server_writes_in_its_own_way(conversation: Conversation, webitel: Runner) -> None:
    sent = changed(RECORD, "description", "Mail of A ")
    conversation.expect(GET).answers(stored())
    conversation.expect(PUT, sent).answers({"status": "error", "info": "Not found."}, status=404)
    conversation.expect(GET).answers(stored())
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, description="Mail of A ")
    assert (result["action"], result["email_settings"]["description"]) == ("updated", "Mail of A")
    (warning,) = webitel.warnings
    assert "description: sent 'Mail of A ', but the server stores 'Mail of A'" in warning
