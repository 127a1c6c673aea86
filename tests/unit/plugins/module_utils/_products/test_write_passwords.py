# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option write_passwords: for one run, passwords are written that are otherwise set on creation only."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, live
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

LIST = f"GET {ACCOUNTS}"
RECORD = EMAIL_ACCOUNTS_SYNC.argument_spec["accounts"]["options"]
ENTRIES: list[dict[str, Any]] = [
    {"name": "One", "password": "fresh", "update_password": "on_create"},
    {"name": "Two", "password": "fresh", "update_password": "on_create"},
    {"name": "Three"},
]


def sync(runner: Runner, **options: Any) -> dict[str, Any]:
    accounts = [all_options(RECORD, entry) for entry in ENTRIES]
    return runner.run(EMAIL_ACCOUNTS_SYNC, accounts=accounts, concurrency=1, check_mode=True, **options)


@pytest.mark.parametrize(
    ("asked", "actions"),
    [
        (None, ["none", "none", "none"]),
        ([], ["none", "none", "none"]),
        (["False"], ["none", "none", "none"]),
        (["True"], ["unknown", "unknown", "none"]),
        (["yes"], ["unknown", "unknown", "none"]),
        (["two"], ["none", "unknown", "none"]),
        (["One", "Two"], ["unknown", "unknown", "none"]),
        (["Three"], ["none", "none", "none"]),
    ],
)
def test_whose_passwords_are_written(
    conversation: Conversation, itflex: Runner, asked: list[str] | None, actions: list[str]
) -> None:
    conversation.expect(LIST).answers([live(id=index, name=name, password=None) for index, name in NAMES])
    result = sync(itflex, write_passwords=asked)
    assert [entry["action"] for entry in result["results"]] == actions
    assert result["summary"]["unknown"] == actions.count("unknown")
    assert result["changed"] is ("unknown" in actions)
    nothing_given = ["write_passwords: Three is described without a password"]
    assert itflex.warnings == (nothing_given if asked == ["Three"] else [])


NAMES = list(enumerate(("One", "Two", "Three"), 1))


def test_one_that_does_not_differ_is_not_written(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(id=index, name=name, password="fresh") for index, name in NAMES])
    assert sync(itflex, write_passwords=["True"])["changed"] is False


def test_a_name_that_no_record_has(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(id=index, name=name, password=None) for index, name in NAMES])
    sync(itflex, write_passwords=["One", "Tow", "no one", "tow"])
    nobody = "write_passwords: no record of this task is called"
    assert itflex.warnings == [f"{nobody} tow", f"{nobody} no one"]


def test_a_password_of_all_is_given(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(id=index, name=name, password=None) for index, name in NAMES])
    result = sync(itflex, write_passwords=["Three"], defaults=all_options(RECORD, {"password": "fresh"}))
    assert [entry["action"] for entry in result["results"]][2] == "unknown"
    assert itflex.warnings == []


@pytest.mark.parametrize(
    "word", ["sometimes", "Always", " on_create ", "never", "all", "Treu", "tue", "truee", "flsae", "falsee"]
)
def test_a_word_that_is_no_name_and_switches_nothing(itflex: Runner, word: str) -> None:
    """Nothing is asked, and nothing written: a warning would be read after a run that rotated nothing."""
    result = sync(itflex, write_passwords=["One", word])
    assert result["failed"], result
    [problem] = result["failure"]["problems"]
    assert problem["field"] == "write_passwords"
    assert "must be true, false, or the names of records" in problem["message"]
    assert word.strip() in problem["message"]


@pytest.mark.parametrize("word", ["Always", "treu", "tree", "yes men", "true north", "Falls", "A", "fax"])
def test_a_word_that_is_a_name(conversation: Conversation, itflex: Runner, word: str) -> None:
    """Any word may be a name of a record, and one that is far from true and false the name of another host's."""
    name = word if word in ("Always", "treu") else "One"
    conversation.expect(LIST).answers([live(id=1, name=name, password=None)])
    accounts = [all_options(RECORD, {"name": name, "password": "fresh", "update_password": "on_create"})]
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=accounts, check_mode=True, write_passwords=[word.lower()])
    assert not result.get("failed"), result
    assert result["summary"]["unknown"] == (name != "One")


def test_an_empty_text_names_nobody(conversation: Conversation, itflex: Runner) -> None:
    """Before ansible-core 2.19, a template makes one of null."""
    conversation.expect(LIST).answers([live(id=index, name=name, password=None) for index, name in NAMES])
    assert sync(itflex, write_passwords=[""])["changed"] is False
