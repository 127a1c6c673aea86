# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One account that stands twice, on a server whose names need not be unique."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import Secret
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex import duplicates
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, no_templates
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner

LIST = f"GET {ACCOUNTS}"
FIELDS = {"default": False, "name": "Info", "email": "info@example.com", "service": "other", "has_auth": False}
DESIRED = {"name": "Info", "email": "info@example.com"}


def account(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": number, **FIELDS, **fields}


def test_they_are_reported_unless_asked_for(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([account(5), account(6)])
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[DESIRED])
    assert result["failed"]
    assert "2 live accounts fit 'Info': id 5 (Info, info@example.com), id 6 (Info, info@example.com)" in result["msg"]
    assert "deduplicate=true" in result["msg"]


@pytest.mark.parametrize(
    "live",
    [
        [account(6), account(5)],
        [account(5, default=True), account(6, default=True)],
        [account(5), account(6, email="info@EXAMPLE.com")],
    ],
)
def test_the_oldest_one_stays(conversation: Conversation, itflex: Runner, live: list[dict[str, Any]]) -> None:
    conversation.expect(LIST).answers(live)
    no_templates(conversation)
    conversation.expect(f"DELETE {ACCOUNTS}/6")
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[DESIRED], deduplicate=True, prune=True, prune_limit="0")
    assert [(entry["key"], entry["action"]) for entry in result["results"]] == [
        ("Info", "none"),
        ("Info (id 6)", "deleted"),
    ]
    assert result["changed"]


@pytest.mark.parametrize(("entry", "default"), [(DESIRED, True), ({**DESIRED, "default": False}, False)])
def test_the_one_that_stays_inherits_the_default(
    conversation: Conversation, itflex: Runner, entry: dict[str, Any], default: bool
) -> None:
    conversation.expect(LIST).answers([account(5), account(6, default=True)])
    no_templates(conversation)
    if default:
        conversation.expect(f"PUT {ACCOUNTS}/5", {**FIELDS, "default": True}).answers(account(5, default=True))
    conversation.expect(f"DELETE {ACCOUNTS}/6")
    itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[entry], deduplicate=True)


def test_accounts_that_differ_are_not_duplicates(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([account(5), account(6, email="other@example.com")])
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[DESIRED], deduplicate=True)
    assert "2 live accounts fit 'Info'" in result["msg"]


def test_check_mode_writes_nothing(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([account(5), account(6)])
    no_templates(conversation)
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, check_mode=True, accounts=[DESIRED], deduplicate=True)
    assert [entry["action"] for entry in result["results"]] == ["none", "deleted"]


@pytest.mark.parametrize(("other", "gives_way"), [(8, True), (10, False)])
def test_of_two_runs_at_once_the_later_one_gives_way(
    conversation: Conversation, itflex: Runner, other: int, gives_way: bool
) -> None:
    conversation.expect(LIST).answers([account(1, name="Other", email="other@example.com", service="gmail")])
    conversation.expect(f"POST {ACCOUNTS}", FIELDS).answers(account(9))
    found = [account(1, name="Other", email="other@example.com", service="gmail"), account(9), account(other)]
    conversation.expect(LIST).answers(found)
    if gives_way:
        no_templates(conversation)
        conversation.expect(LIST).answers(found)
        conversation.expect(f"DELETE {ACCOUNTS}/9")
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[DESIRED], deduplicate=True)
    assert result["results"][0]["action"] == ("none" if gives_way else "created")
    assert len(itflex.warnings) == gives_way


def test_a_look_that_fails_does_not_hide_what_was_done(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([account(1, name="Other", email="other@example.com", service="gmail")])
    conversation.expect(f"POST {ACCOUNTS}", FIELDS).answers(account(9))
    conversation.expect(LIST).answers(status=403)
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[DESIRED], deduplicate=True)
    assert result["results"][0]["action"] == "created"
    assert "cannot be known, so run again: " in itflex.warnings[0]


def test_a_duplicate_that_cannot_be_removed_is_reported(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([account(1, name="Other", email="other@example.com", service="gmail")])
    conversation.expect(f"POST {ACCOUNTS}", FIELDS).answers(account(9))
    conversation.expect(LIST).answers([account(8), account(9)])
    no_templates(conversation)
    conversation.expect(LIST).answers([account(8), account(9)])
    conversation.expect(f"DELETE {ACCOUNTS}/9").answers(status=403)
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[DESIRED], deduplicate=True)
    assert "Info: another run created it at the same moment (id 8): " in result["msg"]


def test_the_one_that_stays_becomes_as_described(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([account(1, name="Other", email="other@example.com", service="gmail")])
    conversation.expect(f"POST {ACCOUNTS}", FIELDS).answers(account(9))
    conversation.expect(LIST).answers([account(8, service="gmail"), account(9)])
    no_templates(conversation)
    conversation.expect(LIST).answers([account(8, service="gmail"), account(9)])
    conversation.expect(f"DELETE {ACCOUNTS}/9")
    conversation.expect(f"PUT {ACCOUNTS}/8", FIELDS).answers(account(8))
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[{**DESIRED, "service": "other"}], deduplicate=True)
    assert (result["results"][0]["action"], result["results"][0]["changed_fields"]) == ("updated", ["service"])


def test_a_named_default_is_not_taken_over_from_a_duplicate(conversation: Conversation, itflex: Runner) -> None:
    """Or two accounts would be asked to be the default one."""
    other = {"name": "Other", "default": True}
    conversation.expect(LIST).answers([account(5), account(6, default=True), account(7, name="Other")])
    no_templates(conversation)
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, check_mode=True, accounts=[DESIRED, other], deduplicate=True)
    assert [(entry["key"], entry.get("changed_fields")) for entry in result["results"][:2]] == [
        ("Info", None),
        ("Other", ["default"]),
    ]


def test_accounts_whose_addresses_are_not_shown_are_no_duplicates() -> None:
    accounts = [{"id": number, "name": "A", "email": Secret(f"u:p{number}@host:25")} for number in (1, 2)]
    assert not duplicates.are_duplicates(accounts)
    assert duplicates.are_duplicates([{**account, "email": "a@b.example"} for account in accounts])
