# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In which order records are written whose names depend on each other, and what a failure stops."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import plan_absent, plan_present, update
from ansible_collections.mailfleet.email.plugins.module_utils._engine.record_result import RecordResult
from ansible_collections.mailfleet.email.plugins.module_utils._resource.handed_over import (
    circles,
    handed_over,
    names_freed_first,
    unless_kept,
)
from ansible_collections.mailfleet.email.plugins.module_utils._resource.index import Found

RESOURCE: Any = SimpleNamespace(
    key="id", name="name", noun="box", option="boxes", identity=lambda params: ("name", params["name"])
)
A, B, C, X = ({"id": number, "name": name} for number, name in enumerate("ABCX", 1))
# B and C, which have the names of others yet.
TAKES_B, TAKES_C = Found([B], [A]), Found([C], [B])


def kept(*entries: tuple[str, Found]) -> list[Found]:
    """What entries mean, given by their states and what they mean for themselves."""
    found = [one for _state, one in entries]
    index: Any = SimpleNamespace(find=lambda entry: found[entry["number"]])
    return handed_over(
        RESOURCE, index, [{"number": number, "state": state} for number, (state, _one) in enumerate(entries)]
    )


def test_what_another_entry_gives_up_is_not_meant() -> None:
    moves = Found((), [C])
    for entries in ([TAKES_B, TAKES_C, moves], [moves, TAKES_C, TAKES_B], [TAKES_C, moves, TAKES_B]):
        meant = kept(*(("present", one) for one in entries))
        assert [list(one.records) for one in meant] == [list(one.former) for one in entries]
        assert all(not one.problems for one in meant)


@pytest.mark.parametrize(
    ("entries", "handed"),
    [
        # Nobody gives it up.
        ([("present", TAKES_B)], False),
        ([("present", TAKES_B), ("present", Found([B]))], False),
        ([("present", TAKES_B), ("present", Found((), [X]))], False),
        ([("present", TAKES_B), ("present", Found((), [B, X]))], False),
        # Somebody does, or removes it.
        ([("present", TAKES_B), ("present", Found((), [B]))], True),
        ([("present", TAKES_B), ("absent", Found([B]))], True),
        ([("present", TAKES_B), ("absent", Found((), [B]))], True),
        # Nobody knows which one is removed, or there is none.
        ([("present", TAKES_B), ("absent", Found([B, X]))], False),
        ([("present", TAKES_B), ("absent", Found())], False),
        # What is removed is not taken from itself.
        ([("absent", TAKES_B)], False),
        ([("absent", TAKES_B), ("present", Found((), [B]))], True),
        # Without a name of before, or with two live records of the name, nothing is handed over.
        ([("present", Found([B])), ("present", Found((), [B]))], False),
        ([("present", Found([B, X], [A])), ("present", Found((), [B]))], False),
    ],
)
def test_who_gets_the_name_of_another_one(entries: list[tuple[str, Found]], handed: bool) -> None:
    first, *others = kept(*entries)
    assert first == (Found((), [A], []) if handed else entries[0][1])
    assert others == [one for _state, one in entries[1:]]


def test_several_names_of_before_are_a_problem_then() -> None:
    [first, _other] = kept(("present", Found([B], [A, X])), ("present", Found((), [B])))
    assert (first.fitting, list(first.former)) == ((), [A, X])
    assert [problem.field for problem in first.problems] == ["former_names"]


@pytest.mark.parametrize(
    ("entries", "reported"),
    [
        ([("A", ["B"]), ("B", ["A"])], [0, 1]),
        ([("A", ["B"]), ("B", ["C"]), ("C", ["A"])], [0, 1, 2]),
        ([("A", ["X", "B"]), ("B", ["A", "Y"]), ("D", ["Z"])], [0, 1]),
        ([("A", ["B"]), ("B", ["C"]), ("C", ["D"])], []),
        ([("D", ["A"]), ("A", ["B"]), ("B", ["A"])], [1, 2]),
        # That a name was its own is reported elsewhere.
        ([("A", ["A"])], []),
        ([("A", []), ("B", None)], []),
    ],
)
def test_names_that_lead_back(entries: list[tuple[str, list[str] | None]], reported: list[int]) -> None:
    problems = circles(RESOURCE, [{"name": name, "former_names": former} for name, former in entries])
    assert [problem.field for problem in problems] == [f"boxes[{index}].former_names" for index in reported]
    for index, problem in zip(reported, problems):
        assert problem.message.startswith(f"({entries[index][0]}) lead back to this name by way of those of others, ")
        assert problem.message.endswith("changed places already: say which box is which with id")


def renamed(before: str, after: str) -> RecordResult:
    return RecordResult(0, after, "record", update({"name": before}, {"name": after}))


def test_a_name_is_given_up_before_it_is_taken() -> None:
    items = [renamed("A", "B"), renamed("B", "C"), renamed("C", "D"), renamed("X", "Y")]
    gone = RecordResult(None, "Z", "record", plan_absent({"name": "Z"}))
    phases = names_freed_first([gone, *items])
    assert [[item.key for item in phase] for phase in phases] == [["D", "Y"], ["C"], ["B"], ["Z"]]


def test_only_a_name_that_is_given_up_is_waited_for() -> None:
    stays = RecordResult(0, "S", "record", update({"name": "S", "port": 25}, {"name": "S", "port": 587}))
    new = RecordResult(1, "N", "record", plan_present(None, {"name": "N"}))
    gone = RecordResult(None, "Z", "record", plan_absent({"name": "Z"}))
    phases = names_freed_first([gone, stays, new, renamed("A", "S"), renamed("B", "Z")])
    assert [[item.key for item in phase] for phase in phases] == [["S", "N", "S", "Z"], ["Z"]]


def test_a_circle_has_no_first_one() -> None:
    phases = names_freed_first([renamed("A", "B"), renamed("B", "A")])
    assert sorted(item.key for phase in phases for item in phase) == ["A", "B"]


def test_a_name_that_is_kept_is_not_taken() -> None:
    taker, holder, other = items = [renamed("A", "B"), renamed("B", "C"), renamed("X", "Y")]
    written: list[str] = []
    carry = unless_kept("name", items, lambda item: written.append(item.key))
    carry(taker)
    # Before the other one failed, nothing held it back.
    assert (written, taker.error) == (["B"], None)
    holder.fail("no", {"kind": "api"})
    carry(taker)
    carry(other)
    assert written == ["B", "Y"]
    assert taker.error == "not done, since C, which has that name, failed"
    assert taker.failure == {"kind": "kept"}
