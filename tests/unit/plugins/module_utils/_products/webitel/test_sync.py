# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module email_settings_sync: the domain guard and the rules of many at once, for Webitel."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from tests.unit.plugins.module_utils._products.webitel.records import (
    DOMAINS,
    NOT_FOUND,
    RECORD,
    WHOAMI,
    changed,
    stored,
)
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

RECORD_SPEC = EMAIL_SETTINGS_SYNC.argument_spec["settings"]["options"]
RECORD_587 = changed(RECORD, "options.port", 587)
PORT_587 = {"options": {"port": 587}}


def line(method: str, domain: str) -> str:
    return f"{method} /api/v2/email/settings?domain={domain}"


def sync(runner: Runner, *entries: dict[str, Any], **options: Any) -> dict[str, Any]:
    settings = [all_options(RECORD_SPEC, fields) for fields in entries]
    return runner.run(EMAIL_SETTINGS_SYNC, settings=settings, concurrency=1, **options)


def actions(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(entry["key"], entry["action"]) for entry in result["results"]]


def test_all_kinds_of_work(conversation: Conversation, webitel: Runner) -> None:
    body = {"provider": "smtp", "options": {"host": "h"}}
    conversation.expect(line("GET", "a")).answers(stored(domain="a"))
    conversation.expect(line("GET", "b")).answers(stored(domain="b"))
    conversation.expect(line("GET", "c")).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect(line("GET", "d")).answers(stored(domain="d"))
    conversation.expect(DOMAINS).answers({"info": {"c": {}}})
    conversation.expect(line("PUT", "b"), RECORD_587).answers(stored(RECORD_587, domain="b"))
    conversation.expect(line("POST", "c"), body).answers(stored(body, domain="c"))
    conversation.expect(line("DELETE", "d")).answers({"status": "OK"})
    result = sync(
        webitel,
        {"domain": "a"},
        {"domain": "b", **PORT_587},
        {"domain": "c", "options": {"host": "h"}},
        {"domain": "d", "state": "absent"},
    )
    assert actions(result) == [("a", "none"), ("b", "updated"), ("c", "created"), ("d", "deleted")]


def test_prune_reads_what_is_there(conversation: Conversation, webitel: Runner) -> None:
    domains = {"1": {"domain": "a"}, "2": {"domain": "b"}, "3": {"domain": "kept"}, "4": {"domain": "empty"}}
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect("GET /api/v2/domains").answers({"data": domains})
    conversation.expect(line("GET", "a")).answers(stored(domain="a"))
    conversation.expect(line("GET", "b")).answers(stored(domain="b"))
    conversation.expect(line("GET", "empty")).answers(**NOT_FOUND)
    conversation.expect(line("DELETE", "b")).answers({"status": "OK"})
    result = sync(webitel, {"domain": "a"}, prune=True, prune_limit="50%", prune_keep=["k*"])
    assert actions(result)[-1] == ("b", "deleted")
    assert result["summary"]["deleted"] == 1


@pytest.mark.parametrize("state", ["present", "absent"])
def test_credentials_of_another_domain_stop_it_before_any_write(
    conversation: Conversation, webitel: Runner, state: str
) -> None:
    conversation.expect(line("GET", "a")).answers(stored(domain="a"))
    conversation.expect(line("GET", "b")).answers(stored(domain="a"))
    result = sync(webitel, {"domain": "a", **PORT_587}, {"domain": "b", "state": state})
    assert result["failed"]
    assert "belong to the domain a, but the task is about b" in result["msg"]


def test_a_record_that_cannot_be_read_fails_alone(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(line("GET", "a")).answers({"status": "error", "info": "broken"}, status=400)
    conversation.expect(line("GET", "b")).answers(stored(domain="b"))
    conversation.expect(line("PUT", "b"), RECORD_587).answers(stored(RECORD_587, domain="b"))
    result = sync(webitel, {"domain": "a", **PORT_587}, {"domain": "b", **PORT_587})
    assert actions(result) == [("a", "failed"), ("b", "updated")]
    assert "the server answers 400: broken" in result["msg"]


def test_all_problems_at_once(webitel: Runner) -> None:
    result = sync(webitel, {"domain": "a", "options": {"port": 0}}, {"from": "x@y"}, {"domain": "a"})
    assert [problem["field"] for problem in result["failure"]["problems"]] == [
        "settings[0].options.port",
        "settings[1].domain",
        "settings[2]",
    ]


def test_hidden_passwords_are_reported_for_all_before_any_write(conversation: Conversation, webitel: Runner) -> None:
    hidden = changed(RECORD, "options.auth.pass", "********")
    for domain in ("a", "b"):
        conversation.expect(line("GET", domain)).answers(stored(hidden, domain=domain))
    result = sync(webitel, {"domain": "a", **PORT_587}, {"domain": "b", **PORT_587})
    fields = [problem["field"] for problem in result["failure"]["problems"]]
    assert fields == ["settings[0].options.auth.pass", "settings[1].options.auth.pass"]
