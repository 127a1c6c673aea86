# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One account that stands twice, on a server whose names need not be unique."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import plan_present
from ansible_collections.mailfleet.email.plugins.module_utils._engine.record_result import RecordResult
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import Secret
from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import ApiError, Request
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
    assert not duplicates.are_duplicates(accounts[:1])


def test_what_was_not_created_gives_way_to_nothing(conversation: Conversation, itflex: Runner) -> None:
    """An older account of the same name that comes meanwhile, and a creation that the server refused."""
    other = {"service": "gmail", "name": "Other", "email": "other@example.com"}
    conversation.expect(LIST).answers([account(5, **other)])
    conversation.expect(f"POST {ACCOUNTS}", FIELDS).answers(account(9))
    conversation.expect(LIST).answers([account(4, **other), account(5, **other), account(9)])
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[DESIRED, {"name": "Other"}], deduplicate=True)
    assert [entry["action"] for entry in result["results"]] == ["created", "none"]
    conversation.expect(LIST).answers([account(5, **other)])
    conversation.expect(f"POST {ACCOUNTS}", FIELDS).answers({"error": "no"}, status=400)
    assert itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[DESIRED], deduplicate=True)["failed"]


def test_what_was_created_and_is_gone_again_gives_way_to_nothing(conversation: Conversation, itflex: Runner) -> None:
    other = account(1, name="Other", email="other@example.com", service="gmail")
    conversation.expect(LIST).answers([other])
    conversation.expect(f"POST {ACCOUNTS}", FIELDS).answers(account(9))
    conversation.expect(LIST).answers([other])
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[DESIRED], deduplicate=True)
    assert (result["results"][0]["action"], itflex.warnings) == ("created", [])


def created_twice(store: Any) -> RecordResult:
    """What is said of an account 9 that this run created after another one created 8, on this store."""
    after = {name: value for name, value in account(9).items() if name != "id"}
    item = RecordResult(0, "Info", "email_account", plan_present(None, after), 9)
    item.replan, item.warnings = lambda live: plan_present(live, {"service": "gmail"}), ("before",)
    duplicates.give_way(store, {"remove_in_use": False}, [item])
    return item


class Store:
    """Two accounts, and the writes to them."""

    def __init__(self, fault: ApiError | None = None, templates: Any = ()) -> None:
        self.accounts = {8: account(8), 9: account(9)}
        self.writes: list[tuple[int, Any]] = []
        self.templates = lambda: templates
        self._fault = fault

    def read_anew(self) -> list[Any]:
        """Both."""
        return list(self.accounts.values())

    def find(self, number: int, _name: None) -> Any:
        """One of them."""
        return self.accounts[number]

    def apply(self, number: int, plan: Any, replan: Any) -> Any:
        """Note what is done to one that was changed meanwhile."""
        if self._fault:
            raise self._fault
        self.writes.append((number, replan({**self.accounts[number], "port": 5}).after))
        return SimpleNamespace(plan=plan)


def test_both_writes_are_planned_anew_where_an_account_changed_meanwhile() -> None:
    store = Store()
    item = created_twice(store)
    assert store.writes == [(9, None), (8, {**account(8), "port": 5, "service": "gmail"})]
    assert (item.target, len(item.warnings), item.warnings[0]) == (8, 2, "before")


def test_what_is_used_does_not_give_way() -> None:
    store = Store(templates=[{"email_account_id": "9", "label": "Welcome"}])
    item = created_twice(store)
    assert (store.writes, item.failed, item.target) == ([], True, 9)
    assert "(id 8): email_account Info: is used by the email template Welcome" in str(item.error)


def test_why_it_did_not_give_way_is_handed_on() -> None:
    fault = ApiError(Request("DELETE", "/"), "no answer")
    assert created_twice(Store(fault)).failure == fault.details() != {}


def test_a_look_that_fails_is_a_warning_more() -> None:
    def read_anew() -> None:
        raise ApiError(Request("GET", "/"), "no answer")

    first, second = created_twice(SimpleNamespace(read_anew=read_anew)).warnings
    assert (first, second.endswith("no answer")) == ("before", True)
