# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts are found by names that they had before, and get the one of now; what looks like a renaming is reported."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, FIELDS, live, no_templates, sent
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

LIST = f"GET {ACCOUNTS}"
RECORD = EMAIL_ACCOUNTS_SYNC.argument_spec["accounts"]["options"]
NEW = {**FIELDS, "name": "New", "has_auth": True}


def one(runner: Runner, check_mode: bool = False, **fields: Any) -> dict[str, Any]:
    return runner.run(EMAIL_ACCOUNT, check_mode=check_mode, **fields)


def many(runner: Runner, check_mode: bool = False, **fields: Any) -> dict[str, Any]:
    return sync(runner, fields, check_mode=check_mode)


def sync(runner: Runner, *entries: dict[str, Any], **options: Any) -> dict[str, Any]:
    accounts = [all_options(RECORD, entry) for entry in entries]
    return runner.run(EMAIL_ACCOUNTS_SYNC, accounts=accounts, concurrency=1, **options)


BOTH = pytest.mark.parametrize("run", [one, many])


@BOTH
@pytest.mark.parametrize("check_mode", [False, True])
def test_found_by_a_former_name_and_renamed(
    conversation: Conversation, itflex: Runner, run: Any, check_mode: bool
) -> None:
    conversation.expect(LIST).answers([live(name="Older"), live(id=8, name="Other")])
    if not check_mode:
        conversation.expect(f"PUT {ACCOUNTS}/7", sent(name="New")).answers(live(name="New"))
    result = run(itflex, check_mode, name="New", former_names=["Old", "Older", "Old"])
    done = result.get("results", [result])[0]
    assert (done["action"], done["changed_fields"]) == ("updated", ["name"])
    assert (done["diff"]["before"]["name"], done["diff"]["after"]["name"]) == ("Older", "New")
    assert itflex.warnings == []


@BOTH
@pytest.mark.parametrize("former", ["Old ", "Old.", "O\u200bld", "Old\u3164"])
@pytest.mark.parametrize("check_mode", [False, True])
def test_a_former_name_that_looks_like_a_live_one(
    conversation: Conversation, itflex: Runner, run: Any, former: str, check_mode: bool
) -> None:
    """Else a second account would be created, and with prune the live one would go."""
    conversation.expect(LIST).answers([live(name="Old"), live(id=8, name="Other")])
    result = run(itflex, check_mode, name="New", former_names=["Older", former])
    assert result["failure"]["kind"] == "input"
    assert "former_names: " in result["msg"]
    assert '"Old" is: they differ only in what nobody sees' in result["msg"]


@BOTH
def test_the_name_of_now_comes_first(conversation: Conversation, itflex: Runner, run: Any) -> None:
    conversation.expect(LIST).answers([live(name="New")])
    assert run(itflex, name="New", former_names=["Old"])["changed"] is False


@BOTH
def test_an_id_finds_by_itself(conversation: Conversation, itflex: Runner, run: Any) -> None:
    conversation.expect(LIST).answers([live(name="New"), live(id=8, name="Old")])
    assert run(itflex, id=7, name="New", former_names=["Old"])["changed"] is False


@BOTH
def test_one_that_goes_may_have_its_former_name(conversation: Conversation, itflex: Runner, run: Any) -> None:
    conversation.expect(LIST).answers([live(name="Old")])
    no_templates(conversation)
    conversation.expect(f"DELETE {ACCOUNTS}/7")
    assert run(itflex, name="New", former_names=["Old"], state="absent")["changed"] is True


@BOTH
@pytest.mark.parametrize("state", ["present", "absent"])
def test_both_live(conversation: Conversation, itflex: Runner, run: Any, state: str) -> None:
    conversation.expect(LIST).answers([live(name="New"), live(id=8, name="Old")])
    if run is many and state == "absent":
        no_templates(conversation)
    result = run(itflex, name="New", former_names=["Old"], state=state)
    assert result["failed"]
    assert "there is an account New, and Old (id 8) is live as well" in result["msg"]


@BOTH
def test_several_of_before(conversation: Conversation, itflex: Runner, run: Any) -> None:
    conversation.expect(LIST).answers([live(name="Old"), live(id=8, name="Older")])
    result = run(itflex, name="New", former_names=["Old", "Older"])
    assert "former_names: " in result["msg"]
    assert "Old (id 7), Older (id 8)" in result["msg"]


@BOTH
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": "certs@example.com", "former_names": ["Old"]}, "give the name that it has now too"),
        ({"name": "New", "former_names": ["New"]}, "must be names other than the one of now"),
        ({"name": "New", "former_names": ["Old", " "]}, "not empty"),
    ],
)
def test_wrong_names(itflex: Runner, run: Any, fields: dict[str, Any], message: str) -> None:
    result = run(itflex, **fields)
    assert result["failure"]["kind"] == "input"
    assert message in result["msg"]


def test_two_entries_of_one_former_name(itflex: Runner) -> None:
    result = sync(itflex, {"name": "A", "former_names": ["Old"]}, {"name": "B", "former_names": ["Old"]})
    assert "accounts[1].former_names: (Old) accounts[0] had that name too" in result["msg"]


def test_a_former_name_that_another_entry_has_now(conversation: Conversation, itflex: Runner) -> None:
    """While both are live there is nothing to rename; while one is, it cannot be known which it is."""
    entries = ({"name": "New", "former_names": ["Old"]}, {"name": "Old"})
    conversation.expect(LIST).answers([live(name="New"), live(id=8, name="Old")])
    assert sync(itflex, *entries)["changed"] is False
    conversation.expect(LIST).answers([live(id=8, name="Old")])
    assert "means the live account 8, and so does accounts[0]" in sync(itflex, *entries)["msg"]


def test_names_that_are_passed_on(conversation: Conversation, itflex: Runner) -> None:
    """One account takes the name that another one gives up by its own renaming."""
    conversation.expect(LIST).answers([live(id=1, name="A"), live(id=2, name="B")])
    conversation.expect(f"PUT {ACCOUNTS}/2", sent(name="C")).answers(live(id=2, name="C"))
    conversation.expect(f"PUT {ACCOUNTS}/1", sent(name="B")).answers(live(id=1, name="B"))
    result = sync(itflex, {"id": 1, "name": "B"}, {"name": "C", "former_names": ["B"]})
    assert result["summary"]["updated"] == 2


def test_a_renamed_account_is_not_pruned(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(name="Old")])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(name="New")).answers(live(name="New"))
    result = sync(itflex, {"name": "New", "former_names": ["Old"]}, prune=True, undescribed=True)
    assert (result["summary"]["updated"], result["summary"]["deleted"], result["undescribed"]) == (1, 0, [])


@BOTH
def test_a_creation_with_the_address_of_another(conversation: Conversation, itflex: Runner, run: Any) -> None:
    conversation.expect(LIST).answers([live(name="Old", email="CERTS@example.com", smtp_port=25)])
    run(itflex, check_mode=True, **NEW)
    [warning] = itflex.warnings
    assert "the live account Old (id 7), which is not described, has its address" in warning
    assert "former_names: [Old]" in warning


def test_a_creation_with_all_other_fields_of_another(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(name="Old", email="old@example.com", smtp_port="465")])
    many(itflex, check_mode=True, **NEW)
    [warning] = itflex.warnings
    assert "the live account Old (id 7), which is not described, has all of its other fields" in warning


@pytest.mark.parametrize(
    "others",
    [
        [live(name="Old"), live(id=8, name="Older")],
        [live(name="Old", email="old@example.com", smtp_port=25)],
        [live(name="Old", email="old@example.com"), live(id=8, name="Older", email="older@example.com")],
    ],
)
def test_no_hint(conversation: Conversation, itflex: Runner, others: list[dict[str, Any]]) -> None:
    conversation.expect(LIST).answers(others)
    many(itflex, check_mode=True, **NEW)
    assert itflex.warnings == []


def test_no_hint_at_one_that_is_described(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(name="Old")])
    sync(itflex, NEW, {"name": "Old"}, check_mode=True)
    assert itflex.warnings == []
