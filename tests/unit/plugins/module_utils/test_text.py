# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that are not ours reach no terminal with what controls one, whichever way they take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.info_spec import EMAIL_ACCOUNT_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import (
    EMAIL_SETTINGS,
    EMAIL_SETTINGS_TEST,
)
from ansible_collections.mailfleet.email.plugins.module_utils._text import for_people, visible
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, live, sent
from tests.unit.plugins.module_utils._products.webitel.records import DOMAIN, GET, stored
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner

# Red, a title for the window, the same in one byte, what turns the direction, what has no width, ends of lines.
HOSTILE = "a\x1b[31m\x1b]0;t\x07\x9b31m\u202ee\u2066\u200b\r\n\x85\u2028z"
LIST = f"GET {ACCOUNTS}"


def texts(data: Any) -> Iterator[str]:
    """All texts in data, names too."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from texts(name)
            yield from texts(value)
    elif isinstance(data, (list, tuple)):
        for item in data:
            yield from texts(item)


def _said(result: dict[str, Any], runner: Runner) -> str:
    """What a result says to people; each of it must show as itself."""
    reported = [result.get(name) for name in ("msg", "failure", "diff", "changed_fields", "answer")]
    reported += [
        [entry.get(name) for name in ("error", "diff", "changed_fields")] for entry in result.get("results", ())
    ]
    said = list(texts([reported, runner.warnings]))
    assert [text for text in said if not text.isprintable()] == []
    return "\n".join(said)


def test_every_character_shows() -> None:
    shown = visible(HOSTILE)
    assert shown.isprintable()
    assert shown == "a\\x1b[31m\\x1b]0;t\\x07\\x9b31m\\u202ee\\u2066\\u200b\\r\\n\\x85\\u2028z"
    assert visible("Grüße, 世界 <a@b> ❤\ufe0f") == "Grüße, 世界 <a@b> ❤\ufe0f"
    assert visible("a\u3164b\u2800\uffa0\u115f\U000e0101") == "a\\u3164b\\u2800\\uffa0\\u115f\\U000e0101"


def test_records_in_a_result_stay_to_the_letter() -> None:
    result = {"email_account": {"name": HOSTILE}, "msg": HOSTILE, "results": [{"key": "a", "error": HOSTILE}, 5]}
    shown = visible(HOSTILE)
    assert for_people(result) == {
        "email_account": {"name": HOSTILE},
        "msg": shown,
        "results": [{"key": "a", "error": shown}, 5],
    }


def test_another_default_account(conversation: Conversation, itflex: Runner) -> None:
    other = live(id=8, name=HOSTILE, default=True)
    conversation.expect(LIST).answers([live(), other])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(default=True)).answers(live(default=True))
    conversation.expect(LIST).answers([live(default=True), other])
    assert "\\x1b[31m" in _said(itflex.run(EMAIL_ACCOUNT, name="Certificates", default=True), itflex)


def test_an_ambiguity(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(name=HOSTILE), live(id=8, name=HOSTILE)])
    result = itflex.run(EMAIL_ACCOUNT, email="certs@example.com", state="absent")
    assert "\\x1b[31m" in _said(result, itflex)


def test_records_that_are_pruned(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([{**live(name=HOSTILE), HOSTILE: 1}])
    conversation.expect("GET /api/openvpn/email/templates").answers(status=404)
    options: dict[str, Any] = {"accounts": [], "prune": True, "prune_limit": "100%"}
    assert "\\x1b[31m" in _said(itflex.run(EMAIL_ACCOUNTS_SYNC, check_mode=True, **options), itflex)


def test_the_name_of_a_hidden_field(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored({"options": {"host": "a", "port": 1, HOSTILE: {HOSTILE: "********"}}}))
    result = webitel.run(EMAIL_SETTINGS, domain=DOMAIN, description="new")
    assert "does not show the secret" in result["msg"]
    assert "\\x1b[31m" in _said(result, webitel)


def test_a_test_send_that_is_rejected(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored({"from": f"{HOSTILE}@a", "options": {"host": "a"}}))
    answer = {"accepted": [], "rejected": [HOSTILE], "response": HOSTILE}
    conversation.expect(f"POST /api/v2/email/settings/test/to%40a.example?domain={DOMAIN}", {}).answers(
        {"status": "OK", "info": answer}
    )
    result = webitel.run(EMAIL_SETTINGS_TEST, domain=DOMAIN, to_email="to@a.example")
    assert "\\x1b[31m" in _said(result, webitel)


@pytest.mark.parametrize("answer", [[{HOSTILE: 1}], {HOSTILE: 1}, [{"id": HOSTILE, "name": 1}]], ids=json.dumps)
def test_an_answer_of_another_shape(conversation: Conversation, itflex: Runner, answer: Any) -> None:
    conversation.expect(LIST).answers(answer)
    _said(itflex.run(EMAIL_ACCOUNT_INFO), itflex)


def test_the_lines_of_a_file_stay_lines_in_its_diff() -> None:
    file = {"before": "", "after": "one\n\x1b[31mtwo\n", "before_header": "a\nb"}
    reported = for_people({"diff": [file], "msg": "one\ntwo"})
    assert reported["diff"] == [{"before": "", "after": "one\n\\x1b[31mtwo\n", "before_header": "a\\nb"}]
    assert reported["msg"] == "one\\ntwo"
