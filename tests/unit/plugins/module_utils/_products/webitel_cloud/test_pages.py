# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A page of a list is one, and nothing else passes for an empty one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud import client
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import (
    EMAIL_PROFILE,
    EMAIL_PROFILE_INFO,
)
from tests.unit.plugins.module_utils._products.webitel_cloud.calls import LIST as PAGE
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner


@pytest.mark.parametrize("page", [{}, {"items": []}, {"next": False}, {"items": [], "next": False}])
def test_an_empty_page(conversation: Conversation, cloud: Runner, page: dict[str, Any]) -> None:
    conversation.expect(PAGE).answers(page)
    assert cloud.run(EMAIL_PROFILE_INFO)["email_profiles"] == []


@pytest.mark.parametrize(
    "page",
    [[], None, "text", {"domain": "a"}, {"items": None}, {"items": {}}, {"items": [], "next": "yes"}, {"data": []}],
)
def test_what_is_no_page(conversation: Conversation, cloud: Runner, page: Any) -> None:
    conversation.expect(PAGE).answers(page)
    failure = cloud.run(EMAIL_PROFILE_INFO)
    assert failure["failure"]["kind"] == "answer", failure


def test_pages_follow_one_another(conversation: Conversation, cloud: Runner) -> None:
    first, second = ({"id": str(number), "name": f"p{number}"} for number in (1, 2))
    conversation.expect(PAGE).answers({"items": [first], "next": True})
    conversation.expect(PAGE.replace("page=1", "page=2")).answers({"items": [second, first]})
    for profile in (first, second):
        conversation.expect(f"GET /email/profile/{profile['id']}").answers(profile)
    assert [profile["name"] for profile in cloud.run(EMAIL_PROFILE_INFO)["email_profiles"]] == ["p1", "p2"]


@pytest.mark.parametrize("number", [None, "", "  ", "9" * 5000, "9" * 30, "1.5", True, [], {}])
def test_an_id_that_is_none(conversation: Conversation, cloud: Runner, number: Any) -> None:
    conversation.expect(PAGE).answers({"items": [{"id": number, "name": "A"}]})
    result = cloud.run(EMAIL_PROFILE_INFO)
    assert result["failure"]["kind"] == "answer", result
    assert len(result["msg"]) < 500


@pytest.mark.parametrize("value", [None, "", "  ", 0, "0"])
@pytest.mark.parametrize("flow", [None, {}, {"id": ""}, {"id": " ", "name": ""}, {"id": None, "name": None}])
def test_numbers_that_are_nothing(conversation: Conversation, cloud: Runner, value: Any, flow: Any) -> None:
    conversation.expect(PAGE).answers({"items": [{"id": " 7 ", "name": "A"}]})
    conversation.expect("GET /email/profile/7").answers({"id": "7", "name": "A", "smtp_port": value, "schema": flow})
    [profile] = cloud.run(EMAIL_PROFILE_INFO)["email_profiles"]
    assert profile["id"] == 7
    assert profile["smtp_port"] == 0
    assert profile["schema"] == {}


def test_pages_hold_no_more_together_than_one_list_may(
    conversation: Conversation, cloud: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_MOST_ENTRIES", 5)
    for page in (1, 2):
        items = [{"id": str(10 * page + number), "name": "A"} for number in range(3)]
        conversation.expect(PAGE.replace("page=1", f"page={page}")).answers({"items": items, "next": True})
    assert "more than 5 entries" in cloud.run(EMAIL_PROFILE_INFO)["msg"]


def test_one_deadline_for_all_pages(conversation: Conversation) -> None:
    """A server that goes on giving pages, each in time, ends all the same."""
    cloud = Runner({"api_url": conversation.url, "access_token": "t", "retries": 0, "deadline": 2})
    for page in (1, 2):
        asked = conversation.expect(PAGE.replace("page=1", f"page={page}"))
        items = [{"id": str(page), "name": "A"}]
        asked.answers({"items": items, "next": True}, headers={"Connection": "close"})
        # Between head and body.
        asked.pause = 1.2
    assert cloud.run(EMAIL_PROFILE_INFO)["failure"]["kind"] == "connection"


@pytest.mark.parametrize("message", ["{" + "[" * 100_000, '{"a":' * 50_000, "{" + "1" * 5000 + "}"])
def test_an_error_that_is_nested_without_end(conversation: Conversation, cloud: Runner, message: str) -> None:
    conversation.expect(PAGE).answers({"code": 13, "message": message}, status=400)
    result = cloud.run(EMAIL_PROFILE_INFO)
    assert result["failure"]["kind"] == "refused", result["msg"][:200]


def test_profiles_of_one_name_are_named_in_part(conversation: Conversation, cloud: Runner) -> None:
    conversation.expect(PAGE).answers({"items": [{"id": number, "name": "A"} for number in range(1, 5_000)]})
    result = cloud.run(EMAIL_PROFILE, name="A", enabled=False)
    assert "4999 live profiles fit 'A': id 1, id 2, " in result["msg"]
    assert "and 4979 more" in result["msg"]
    assert len(result["msg"]) < 1_000
