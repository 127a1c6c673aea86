# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials of another domain: nothing is written, and both domains are named."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import (
    EMAIL_SETTINGS,
    EMAIL_SETTINGS_INFO,
    EMAIL_SETTINGS_TEST,
)
from tests.unit.plugins.module_utils._products.webitel.records import (
    DESIRED,
    DOMAIN,
    DOMAINS,
    GET,
    NOT_FOUND,
    POST,
    PUT,
    WHOAMI,
    stored,
)
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner

OTHER = {"domain": "b.example"}
OPTIONS = {name: value for name, value in DESIRED.items() if name != "domain"}


def assert_refused(result: dict[str, Any]) -> None:
    assert result["failed"]
    assert result["failure"] == {"kind": "credentials"}
    assert "the credentials belong to the domain b.example, but the task is about a.example" in result["msg"]


@pytest.mark.parametrize("options", [OPTIONS, {"state": "absent"}, {**OPTIONS, "replace": True}])
@pytest.mark.parametrize("check_mode", [False, True])
def test_another_domain_has_settings(
    conversation: Conversation, webitel: Runner, options: dict[str, Any], check_mode: bool
) -> None:
    conversation.expect(GET).answers(stored(domain="b.example"))
    assert_refused(webitel.run(EMAIL_SETTINGS, check_mode=check_mode, domain=DOMAIN, **options))


@pytest.mark.parametrize("options", [OPTIONS, {"state": "absent"}])
def test_another_domain_has_none(conversation: Conversation, webitel: Runner, options: dict[str, Any]) -> None:
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers(OTHER)
    assert_refused(webitel.run(EMAIL_SETTINGS, domain=DOMAIN, **options))


@pytest.mark.parametrize("owner", [None, "", ...])
def test_a_record_that_does_not_say_whose_it_is(conversation: Conversation, webitel: Runner, owner: Any) -> None:
    record = {name: value for name, value in stored(domain=owner).items() if value is not ...}
    conversation.expect(GET).answers(record)
    conversation.expect(WHOAMI).answers(OTHER)
    assert_refused(webitel.run(EMAIL_SETTINGS, **DESIRED))


@pytest.mark.parametrize("spec", [EMAIL_SETTINGS_INFO, EMAIL_SETTINGS_TEST])
@pytest.mark.parametrize("has_settings", [True, False])
def test_reading_and_sending_are_guarded_too(
    conversation: Conversation, webitel: Runner, spec: Any, has_settings: bool
) -> None:
    if has_settings:
        conversation.expect(GET).answers(stored(domain="b.example"))
    else:
        conversation.expect(GET).answers(**NOT_FOUND)
        conversation.expect(WHOAMI).answers(OTHER)
    options = {"domains": [DOMAIN]} if spec is EMAIL_SETTINGS_INFO else {"domain": DOMAIN, "to_email": "to@example.com"}
    assert_refused(webitel.run(spec, **options))


def test_an_answer_to_a_write_that_is_another_domain_s_record(conversation: Conversation, webitel: Runner) -> None:
    record = stored()
    conversation.expect(GET).answers({**record, "description": "old"})
    conversation.expect(PUT, {name: record[name] for name in record if name not in ("_id", "domain")}).answers(
        {**record, **OTHER}
    )
    result = webitel.run(EMAIL_SETTINGS, **DESIRED)
    assert result["failed"]
    assert "b.example" in result["msg"]
    # The write has gone out: whatever the message says, it must not say that there was none.
    assert "nothing was written" not in result["msg"]


@pytest.mark.parametrize("caller", [None, ""])
def test_credentials_of_no_domain(conversation: Conversation, webitel: Runner, caller: Any) -> None:
    body = {"provider": "smtp", "options": {"host": "h"}}
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": caller})
    conversation.expect(DOMAINS).answers({"info": {DOMAIN: {}}})
    conversation.expect(POST, body).answers(stored(body, domain=None))
    assert webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options={"host": "h"})["action"] == "created"


def test_credentials_of_the_domain_itself_ask_no_more(conversation: Conversation, webitel: Runner) -> None:
    body = {"provider": "smtp", "options": {"host": "h"}}
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": DOMAIN})
    conversation.expect(POST, body).answers(stored(body))
    assert webitel.run(EMAIL_SETTINGS, domain=DOMAIN, options={"host": "h"})["action"] == "created"


@pytest.mark.parametrize("owner", ["A.Example", "a.EXAMPLE", "a.example."])
@pytest.mark.parametrize(
    ("spec", "options"),
    [
        (EMAIL_SETTINGS, {"domain": DOMAIN, "state": "absent"}),
        (EMAIL_SETTINGS, {"domain": DOMAIN, "options": {"host": "h"}}),
        (EMAIL_SETTINGS_INFO, {"domains": [DOMAIN]}),
        (EMAIL_SETTINGS_TEST, {"domain": DOMAIN, "to_email": "to@example.com"}),
    ],
)
@pytest.mark.parametrize("has_settings", [True, False])
def test_another_spelling_is_another_domain(
    conversation: Conversation, webitel: Runner, owner: str, spec: Any, options: dict[str, Any], has_settings: bool
) -> None:
    conversation.expect(GET).answers(**({"json": stored(domain=owner)} if has_settings else NOT_FOUND))
    if not has_settings:
        conversation.expect(WHOAMI).answers({"domain": owner})
    result = webitel.run(spec, **options)
    assert result["failure"] == {"kind": "credentials"}
    assert f"the server spells the domain {owner}, not a.example, and tells domains apart by case" in result["msg"]
    assert "nothing was written" in result["msg"]


@pytest.mark.parametrize("answer", [{}, [], {"domain": 5}])
def test_an_answer_about_the_caller_that_says_nothing_stops_the_task(
    conversation: Conversation, webitel: Runner, answer: Any
) -> None:
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers(answer)
    result = webitel.run(EMAIL_SETTINGS, **DESIRED)
    assert (result["failed"], result["failure"]["kind"]) == (True, "credentials")
    assert "cannot tell which domain the credentials belong to, so the task ends here" in result["msg"]


def test_the_caller_is_asked_for_once(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": None})
    conversation.expect(GET.replace(DOMAIN, "b.example")).answers(**NOT_FOUND)
    conversation.expect(GET.replace(DOMAIN, "c.example")).answers(stored(domain=None))
    result = webitel.run(EMAIL_SETTINGS_INFO, domains=[DOMAIN, "b.example", "c.example"])
    assert [record["domain"] for record in result["email_settings"]] == ["c.example"]


def test_a_caller_who_cannot_be_asked_for_at_this_address(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"status": "error", "info": "/api/v2/whoami not found."}, status=404)
    result = webitel.run(EMAIL_SETTINGS, **DESIRED)
    assert result["failure"]["kind"] == "refused"
    assert "This address has no such API: check api_url" in result["msg"]
