# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In which order records are written whose names depend on each other, and what a failure stops."""

from __future__ import annotations

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import plan_absent, update
from ansible_collections.mailfleet.email.plugins.module_utils._engine.record_result import RecordResult
from ansible_collections.mailfleet.email.plugins.module_utils._resource.handed_over import (
    names_freed_first,
    unless_kept,
)


def renamed(before: str, after: str) -> RecordResult:
    return RecordResult(0, after, "record", update({"name": before}, {"name": after}))


def test_a_name_is_given_up_before_it_is_taken() -> None:
    items = [renamed("A", "B"), renamed("B", "C"), renamed("C", "D"), renamed("X", "Y")]
    gone = RecordResult(None, "Z", "record", plan_absent({"name": "Z"}))
    phases = names_freed_first([gone, *items])
    assert [[item.key for item in phase] for phase in phases] == [["D", "Y"], ["C"], ["B"], ["Z"]]


def test_a_circle_has_no_first_one() -> None:
    phases = names_freed_first([renamed("A", "B"), renamed("B", "A")])
    assert sorted(item.key for phase in phases for item in phase) == ["A", "B"]


def test_a_name_that_is_kept_is_not_taken() -> None:
    taker, holder, other = items = [renamed("A", "B"), renamed("B", "C"), renamed("X", "Y")]
    written: list[str] = []
    carry = unless_kept("name", items, lambda item: written.append(item.key))
    holder.fail("no", {"kind": "api"})
    carry(taker)
    carry(other)
    assert written == ["Y"]
    assert taker.error == "not done, since C, which has that name, failed"
    assert taker.failure == {"kind": "kept"}
