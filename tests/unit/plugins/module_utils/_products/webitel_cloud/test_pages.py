# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A page of a list is one, and nothing else passes for an empty one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE_INFO
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
