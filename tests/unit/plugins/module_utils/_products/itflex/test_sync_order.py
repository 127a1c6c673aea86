# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many accounts written in an order that a server with unique names and one default account can follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import Plan, plan_absent, plan_present
from ansible_collections.mailfleet.email.plugins.module_utils._engine.record_result import RecordResult
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import MASKED, Secret
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_order import (
    Order,
    in_order,
    temporary_fields,
    temporary_name,
)

NAMES = "ABCDEF"


@dataclass
class Server:
    """A server on which a name is taken once, and a hidden password is lost by a write that does not give it."""

    names: dict[Any, str]
    writes: list[str] = field(default_factory=list)

    def name(self, account: Any, name: str) -> None:
        """Write an account's name, as a request does."""
        taken = {other for key, other in self.names.items() if key != account}
        assert name not in taken, f"{name} is taken: {self.writes}"
        self.names[account] = name
        self.writes.append(f"{account}={name}")

    def carry(self, item: RecordResult) -> None:
        """Do what a plan asks for."""
        if item.plan.after is None:
            del self.names[item.target]
            self.writes.append(f"-{item.target}")
        else:
            self.name(item.target or f"new {item.key}", item.plan.after["name"])

    def step_aside(self, item: RecordResult) -> None:
        """Give an account its temporary name, which is a write of the whole account."""
        before = item.plan.before or {}
        written = {**before, **temporary_fields(item, temporary_name(item), before)}
        assert written["password"] is not MASKED
        self.name(item.target, written["name"])


def record(name: str, *, default: bool = False, password: Secret = MASKED) -> dict[str, Any]:
    return {"name": name, "default": default, "password": password}


def result_of(target: int | None, plan: Plan) -> RecordResult:
    return RecordResult(0, str(target or (plan.after or {})["name"]), "x", plan, target)


def renamed(target: int, old: str, new: str, **fields: Any) -> RecordResult:
    return result_of(target, plan_present(record(old), record(new, password=Secret("x"), **fields)))


def play(items: list[RecordResult], live: dict[Any, str]) -> Server:
    server = Server(dict(live))
    order = in_order(items)
    for item in order.temporary_renames:
        server.step_aside(item)
    for item in carried_out(order):
        server.carry(item)
    return server


def carried_out(order: Order) -> list[RecordResult]:
    """All record results in the order in which their plans are carried out."""
    return [
        *order.early_deletions,
        *order.defaults_given_up,
        *order.others,
        *order.moves,
        *order.defaults_taken,
        *order.deletions,
    ]


def test_a_chain_of_names_is_taken_from_its_free_end() -> None:
    server = play([renamed(1, "A", "B"), renamed(2, "B", "C")], {1: "A", 2: "B"})
    assert server.writes == ["2=C", "1=B"]


def test_a_swap_lets_one_step_aside() -> None:
    server = play([renamed(1, "A", "B"), renamed(2, "B", "A")], {1: "A", 2: "B"})
    assert server.names == {1: "B", 2: "A"}
    assert len(server.writes) == 3


def test_deletions_come_last_unless_a_name_is_needed() -> None:
    creation = result_of(None, plan_present(None, record("C", password=Secret("x"))))
    server = play([result_of(1, plan_absent(record("A"))), creation], {1: "A"})
    assert server.writes[-1] == "-1"


def test_the_default_account_gives_it_up_first_and_takes_it_last() -> None:
    new = result_of(1, plan_present(record("A"), {"default": True}))
    old = result_of(2, plan_present(record("B", default=True), {"default": False}))
    other = result_of(3, plan_present(record("C"), {"note": "x"}))
    assert play([new, other, old], {1: "A", 2: "B", 3: "C"}).writes == ["2=B", "3=C", "1=A"]


def test_each_change_is_carried_out_once() -> None:
    items = [renamed(1, "A", "B"), renamed(2, "B", "A"), result_of(3, plan_absent(record("C")))]
    nothing = result_of(4, plan_present(record("D"), {}))
    assert sorted(item.target for item in carried_out(in_order([*items, nothing]))) == [1, 2, 3]


@st.composite
def fleets(draw: st.DrawFn) -> list[tuple[str | None, str | None, bool]]:
    """Old and new name of each account (`None`: there is none), and whether its password is readable."""
    old = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=6))
    new = draw(st.permutations([*NAMES, *[None] * 3]))
    free = [name for name in new[len(old) :] if name]
    created = draw(st.sets(st.sampled_from(free))) if free else set()
    pairs = [*zip(old, new), *((None, name) for name in sorted(created))]
    return [(before, after, draw(st.booleans())) for before, after in draw(st.permutations(pairs))]


@settings(max_examples=200)
@given(fleets())
def test_any_fleet_gets_its_names(fleet: list[tuple[str | None, str | None, bool]]) -> None:
    items, live, wanted = [], {}, []
    for number, (before, after, readable) in enumerate(fleet, start=1):
        if before is None and after is None:
            continue
        old = record(before, password=Secret("x") if readable else MASKED) if before else None
        target = number if before else None
        if before:
            live[number] = before
        if after:
            wanted.append(after)
        plan = plan_present(old, record(after, password=Secret("x"))) if after else plan_absent(old)
        items.append(result_of(target, plan))
    assert sorted(play(items, live).names.values()) == sorted(wanted)


@pytest.mark.parametrize(("now", "wanted", "meanwhile"), [(True, None, True), (True, True, True), (True, False, False)])
def test_a_default_is_given_up_no_earlier_than_asked_for(now: bool, wanted: bool | None, meanwhile: bool) -> None:
    before = record("A", default=now, password=Secret("x"))
    plan = plan_absent(before) if wanted is None else plan_present(before, {"name": "B", "default": wanted})
    assert temporary_fields(result_of(1, plan), "C", before) == {"name": "C", "default": meanwhile}


def test_a_password_that_is_not_shown_is_written_with_its_login() -> None:
    before = {**record("A"), "has_auth": False}
    plan = plan_present(before, {"name": "B", "has_auth": True, "password": Secret("x")})
    fields = temporary_fields(result_of(1, plan), "C", before)
    assert fields == {"name": "C", "default": False, "has_auth": True, "password": Secret("x")}


def test_who_steps_aside_for_the_default() -> None:
    """Among those whose names depend on each other: who gives it up only after another one would take it."""
    gives = result_of(1, plan_present(record("A", default=True), {"name": "B", "default": False}))
    takes = result_of(2, plan_present(record("B"), {"name": "C", "default": True}))
    third = result_of(3, plan_present(record("C"), {"name": "D"}))
    order = in_order([gives, takes, third])
    assert [item.target for item in order.moves] == [3, 2, 1]
    assert order.temporary_renames == [gives]
    assert in_order([gives, result_of(2, plan_present(record("B"), {"name": "C"}))]).temporary_renames == []
    early = result_of(2, plan_present(record("B", default=True), {"name": "C", "default": False}))
    late = result_of(1, plan_present(record("A"), {"name": "B", "default": True}))
    fourth = result_of(4, plan_present(record("Z"), {"name": "A"}))
    assert in_order([late, early, fourth]).temporary_renames == []


def test_one_that_steps_aside_for_its_name_does_so_once() -> None:
    swaps = [
        result_of(1, plan_present(record("A", default=True), {"name": "B", "default": False})),
        result_of(2, plan_present(record("B"), {"name": "A", "default": True})),
    ]
    for items in (swaps, swaps[::-1]):
        targets = [item.target for item in in_order(items).temporary_renames]
        assert len(targets) == len(set(targets))


def test_only_names_that_depend_on_each_other_are_written_one_by_one() -> None:
    alone = renamed(1, "A", "B")
    assert in_order([alone]).others == [alone]
    assert in_order([alone]).moves == []


def test_a_new_default_gives_its_name_to_a_new_account() -> None:
    creation = result_of(None, plan_present(None, record("A", password=Secret("x"))))
    order = in_order([creation, renamed(1, "A", "B", default=True)])
    assert [item.target for item in order.moves] == [1, None]
