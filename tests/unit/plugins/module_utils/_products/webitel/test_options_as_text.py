# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A record whose transport options are a text: one URL, with a password in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.export import exported_settings
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import (
    EMAIL_SETTINGS,
    EMAIL_SETTINGS_INFO,
    EMAIL_SETTINGS_TEST,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._resource.exported import SecretField
from tests.unit.plugins.module_utils._products.webitel.records import (
    DELETE,
    DOMAIN,
    GET,
    PUT,
    WHOAMI,
    stored,
)
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

URL = "smtp://mail:hunter2@smtp.a.example:587"
RECORD = {"provider": "smtp", "description": "d", "from": "mail@a.example", "options": URL}
SHOWN = {"provider": "smtp", "description": "d", "from": "mail@a.example", "domain": DOMAIN}
WANTED = {"host": "smtp.a.example", "auth": {"user": "mail", "pass": "hunter3"}}
SPEC = EMAIL_SETTINGS_SYNC.argument_spec["settings"]["options"]

# Without a password in it, it is no other thing; and the server takes whatever is not false.
TEXTS = pytest.mark.parametrize("options", [URL, "smtp://smtp.a.example", "smtp.a.example", ["smtp", "a"], 5])


@TEXTS
def test_it_is_reported_and_not_shown(conversation: Conversation, webitel: Runner, options: Any) -> None:
    conversation.expect(GET).answers(stored({**RECORD, "options": options}))
    conversation.expect(GET.replace(DOMAIN, "b.example")).answers(stored(domain="b.example"))
    result = webitel.run(EMAIL_SETTINGS_INFO, domains=[DOMAIN, "b.example"])
    assert result["email_settings"][0] == SHOWN
    assert result["secret_fields"][0] == [{"path": ["options"], "readable": True}]
    assert result["email_settings"][1]["domain"] == "b.example"
    (warning,) = webitel.warnings
    assert warning.startswith(f"email_settings of {DOMAIN}: the options are a text")
    assert str(options) not in json.dumps([result["email_settings"][0], warning])


@TEXTS
def test_it_is_deleted(conversation: Conversation, webitel: Runner, options: Any) -> None:
    conversation.expect(GET).answers(stored({**RECORD, "options": options}))
    conversation.expect(DELETE).answers({"status": "OK", "Info": "Removed 1 record."})
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, state="absent")
    assert result["action"] == "deleted"
    assert result["diff"]["before"]["options"] == "<secret: to be removed>"
    assert "hunter2" not in json.dumps(result)


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("update_password", ["always", "on_create"])
def test_options_do_not_take_its_place_unasked(
    conversation: Conversation, webitel: Runner, check_mode: bool, update_password: str
) -> None:
    conversation.expect(GET).answers(stored(RECORD))
    options: dict[str, Any] = {"domain": DOMAIN, "options": WANTED, "update_password": update_password}
    result = webitel.run(EMAIL_SETTINGS, check_mode=check_mode, **options)
    assert [problem["field"] for problem in result["failure"]["problems"]] == ["options"]
    assert "are a text on the server" in result["msg"]
    assert "replace=true" in result["msg"]
    assert "hunter" not in result["msg"]


@pytest.mark.parametrize("update_password", ["always", "on_create"])
def test_replace_puts_options_in_its_place(conversation: Conversation, webitel: Runner, update_password: str) -> None:
    body = {"provider": "smtp", "options": WANTED}
    conversation.expect(GET).answers(stored(RECORD))
    conversation.expect(PUT, body).answers(stored(body))
    options: dict[str, Any] = {"domain": DOMAIN, "options": WANTED, "replace": True, "update_password": update_password}
    result = webitel.run(EMAIL_SETTINGS, **options)
    assert (result["action"], result["password_check"]) == ("updated", "set")
    assert result["email_settings"]["options"] == {"host": "smtp.a.example", "auth": {"user": "mail"}}
    assert "hunter" not in json.dumps(result)
    assert webitel.warnings == []


def test_what_stands_beside_it_is_changed_alone(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored(RECORD))
    conversation.expect(PUT, {**RECORD, "description": "e"}).answers(stored({**RECORD, "description": "e"}))
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, description="e")
    assert result["changed_fields"] == ["description"]
    assert "hunter2" not in json.dumps(result)


def test_one_whose_password_is_masked_is_not_sent_back(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored({**RECORD, "options": "smtp://mail:********@smtp.a.example"}))
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, description="e")
    assert [problem["field"] for problem in result["failure"]["problems"]] == ["options"]


def test_a_test_message_is_sent_with_it(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored(RECORD))
    path = GET.replace("GET ", "POST ").replace("settings?", "settings/test/to%40b.example?")
    conversation.expect(path, {}).answers({"status": "error", "info": f"cannot reach {URL}"}, status=500)
    result = webitel.run(EMAIL_SETTINGS_TEST, domain=DOMAIN, to_email="to@b.example")
    assert (result["failure"]["kind"], result["via"]) == ("sending", {})
    assert "hunter2" not in json.dumps(result)


@pytest.mark.parametrize("prune", [True, False])
def test_it_stops_no_other_record(conversation: Conversation, webitel: Runner, prune: bool) -> None:
    domains: dict[str, Any] = {"a.example": {}, "b.example": {}}
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect("GET /api/v2/domains").answers({"info": domains})
    conversation.expect(GET.replace(DOMAIN, "b.example")).answers(stored(domain="b.example"))
    conversation.expect(GET).answers(stored(RECORD))
    if prune:
        conversation.expect(DELETE).answers({"status": "OK", "Info": "Removed 1 record."})
    result = webitel.run(
        EMAIL_SETTINGS_SYNC,
        settings=[all_options(SPEC, {"domain": "b.example"})],
        concurrency=1,
        prune=prune,
        undescribed=True,
        prune_limit="100%",
    )
    actions = {entry["key"]: entry["action"] for entry in result["results"]}
    assert actions == {"b.example": "none", **({DOMAIN: "deleted"} if prune else {})}
    assert result["undescribed"] == [{"domain": DOMAIN}]


def test_many_at_once_are_refused_for_it_by_name(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored(RECORD))
    entry = all_options(SPEC, {"domain": DOMAIN, "options": all_options(SPEC["options"]["options"], {"port": 25})})
    result = webitel.run(EMAIL_SETTINGS_SYNC, settings=[entry], concurrency=1)
    assert [problem["field"] for problem in result["failure"]["problems"]] == ["settings[0].options"]


def test_an_export_leaves_it_out_and_says_so() -> None:
    secrets = [SecretField(("options",), readable=True)]
    exported, _other = exported_settings(
        [SHOWN, {"domain": "b.example", "options": {"host": "h"}}],
        [secrets, []],
    )
    assert exported.entry == {**SHOWN}
    assert exported.secrets == []
    (reported,) = exported.left_out
    assert reported.startswith("options (a text")
