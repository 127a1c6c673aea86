# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that several accounts hand on to each other by their former names, in one run and in the right order."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, live, sent
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

LIST = f"GET {ACCOUNTS}"
RECORD = EMAIL_ACCOUNTS_SYNC.argument_spec["accounts"]["options"]
A_TO_B = {"name": "B", "former_names": ["A"]}
B_TO_C = {"name": "C", "former_names": ["B"]}
C_TO_D = {"name": "D", "former_names": ["C"]}


def sync(runner: Runner, *entries: dict[str, Any], **options: Any) -> dict[str, Any]:
    accounts = [all_options(RECORD, entry) for entry in entries]
    return runner.run(EMAIL_ACCOUNTS_SYNC, accounts=accounts, concurrency=1, **options)


def answered(conversation: Conversation, *names: str) -> None:
    """Expect that the accounts are listed, and answer with these names, by which the ids count from 1."""
    conversation.expect(LIST).answers([live(id=index, name=name) for index, name in enumerate(names, 1)])


def renamed(conversation: Conversation, number: int, name: str) -> None:
    conversation.expect(f"PUT {ACCOUNTS}/{number}", sent(name=name)).answers(live(id=number, name=name))


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("entries", [(A_TO_B, B_TO_C), (B_TO_C, A_TO_B)])
def test_two(conversation: Conversation, itflex: Runner, entries: tuple[dict[str, Any], ...], check_mode: bool) -> None:
    answered(conversation, "A", "B")
    if not check_mode:
        renamed(conversation, 2, "C")
        renamed(conversation, 1, "B")
    result = sync(itflex, *entries, check_mode=check_mode)
    done = {entry["key"]: entry for entry in result["results"]}
    for name, former in (("B", "A"), ("C", "B")):
        assert (done[name]["action"], done[name]["changed_fields"]) == ("updated", ["name"])
        assert (done[name]["diff"]["before"]["name"], done[name]["diff"]["after"]["name"]) == (former, name)


@pytest.mark.parametrize("entries", list(permutations((A_TO_B, B_TO_C, C_TO_D))))
def test_three(conversation: Conversation, itflex: Runner, entries: tuple[dict[str, Any], ...]) -> None:
    answered(conversation, "A", "B", "C")
    renamed(conversation, 3, "D")
    renamed(conversation, 2, "C")
    renamed(conversation, 1, "B")
    assert sync(itflex, *entries, prune=True)["summary"]["updated"] == 3
    conversation.expect(LIST).answers([live(id=1, name="B"), live(id=2, name="C"), live(id=3, name="D")])
    assert sync(itflex, *entries, prune=True)["changed"] is False


def test_the_rest_of_a_run_that_was_interrupted(conversation: Conversation, itflex: Runner) -> None:
    answered(conversation, "A", "C")
    renamed(conversation, 1, "B")
    assert sync(itflex, A_TO_B, B_TO_C)["summary"]["updated"] == 1


def test_a_name_that_is_not_given_up_is_not_taken(conversation: Conversation, itflex: Runner) -> None:
    answered(conversation, "A", "B")
    conversation.expect(f"PUT {ACCOUNTS}/2", sent(name="C")).answers({"error": "no"}, status=400)
    result = sync(itflex, A_TO_B, B_TO_C)
    assert result["failed"]
    assert "not done, since C, which has that name, failed" in result["results"][0]["error"]


@pytest.mark.parametrize(
    ("names", "entries", "words"),
    [
        # Of one account nobody can tell whose it is.
        (("B",), (A_TO_B, B_TO_C), "means the live account 1, and so does accounts[0]"),
        # The name that B would take is described as staying.
        (("A", "B"), (A_TO_B, B_TO_C, {"name": "A"}), "means the live account 1, and so does accounts[0]"),
        (("A", "B", "C"), (A_TO_B, B_TO_C), "there is an account B, and A (id 1) is live as well"),
        (("A", "Z", "B"), ({"name": "B", "former_names": ["A", "Z"]}, B_TO_C), "several live accounts have one of"),
    ],
)
def test_what_cannot_be_known(
    conversation: Conversation, itflex: Runner, names: tuple[str, ...], entries: tuple[dict[str, Any], ...], words: str
) -> None:
    answered(conversation, *names)
    result = sync(itflex, *entries)
    assert result["failure"]["kind"] == "input"
    assert words in result["msg"]


@pytest.mark.parametrize(
    "entries",
    [
        (A_TO_B, {"name": "A", "former_names": ["B"]}),
        (A_TO_B, B_TO_C, {"name": "A", "former_names": ["C"]}),
    ],
)
def test_a_circle_is_refused_before_anything_is_asked(itflex: Runner, entries: tuple[dict[str, Any], ...]) -> None:
    """Before and afterwards the same names are live."""
    result = sync(itflex, *entries)
    assert len(result["failure"]["problems"]) == len(entries)
    assert "accounts[0].former_names: (B) lead back to this name" in result["msg"]
    assert "say which account is which with id" in result["msg"]


@pytest.mark.parametrize("check_mode", [False, True])
def test_one_at_a_time(conversation: Conversation, itflex: Runner, check_mode: bool) -> None:
    """A task about one account knows of no other: it takes no name that is not free yet, and says what would do."""
    answered(conversation, "A", "B")
    result = itflex.run(EMAIL_ACCOUNT, check_mode=check_mode, **A_TO_B)
    assert "there is an account B, and A (id 1) is live as well" in result["msg"]
    assert "describe both in one task of email_accounts_sync" in result["msg"]
