# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account that is found by its id gets the name of another one: check mode says what the server would refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, live, no_templates

if TYPE_CHECKING:
    from tests.unit.plugins.module_utils.conversation import Conversation
    from tests.unit.plugins.module_utils.running import Runner

RENAMED: dict[str, Any] = {"id": 7, "name": "Second"}
TAKEN = "Second (id 8) has this name already: give another name, or describe that one too"


@pytest.fixture(autouse=True)
def two_accounts(conversation: Conversation) -> None:
    conversation.expect(f"GET {ACCOUNTS}").answers([live(), live(id=8, name="Second", email="second@example.com")])


@pytest.mark.parametrize("check_mode", [True, False])
def test_one(itflex: Runner, check_mode: bool) -> None:
    result = itflex.run(EMAIL_ACCOUNT, check_mode=check_mode, **RENAMED)
    assert result["failure"]["problems"][0]["field"] == "name"
    assert TAKEN in result["msg"]


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    "others", [[], [{"id": 8, "smtp_port": 587}], [{"email": "second@example.com", "smtp_port": 587}]]
)
def test_many(itflex: Runner, check_mode: bool, others: list[dict[str, Any]]) -> None:
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, check_mode=check_mode, accounts=[RENAMED, *others])
    assert result["failure"]["problems"][0]["field"] == "accounts[0].name"
    assert TAKEN in result["msg"]


@pytest.mark.parametrize(
    "options",
    [
        {"accounts": [RENAMED, {"id": 8, "name": "Third"}]},
        {"accounts": [RENAMED, {"id": 8, "name": "Certificates"}]},
        {"accounts": [RENAMED, {"id": 8, "state": "absent"}]},
        {"accounts": [RENAMED], "prune": True, "prune_limit": "100%"},
    ],
)
def test_a_name_that_is_given_up_is_free(conversation: Conversation, itflex: Runner, options: dict[str, Any]) -> None:
    if len(options["accounts"]) == 1 or "state" in options["accounts"][1]:
        no_templates(conversation)
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, check_mode=True, **options)
    assert not result.get("failed"), result["msg"]
    assert result["results"][0]["action"] == "updated"
