# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a run that meets no second writer says of each record what it does to it, in its action and in its diff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .model import alike, fields_of, plain
from .wrong import Violation, Wrong

if TYPE_CHECKING:
    from .model import Expectation, Goal, Record, State
    from .scene import Ran

_SECRET = "<secret"
# Stored as a number, said as a record with a name.
_SAID_OTHERWISE = {("flow_id",)}


def judge_saying(expected: Expectation, ran: Ran, *, shows_passwords: bool) -> None:
    """The action and the diff of each record are those of its goal; the others are said to stay as they are."""
    entries = _entries(expected, ran.outcome)
    actions = {entry["action"] for _label, entry in entries}
    if ran.outcome["changed"] != (actions != {"none"} and bool(actions)):
        raise Violation(Wrong.UNTRUE, f"changed is {ran.outcome['changed']} of {actions}")
    left = list(expected.goals)
    for label, entry in entries:
        # Records that nothing but their ids tells apart are called the same: each result is that of one of them.
        goals: list[Goal | None] = [goal for goal in left if goal.label == label]
        wrong = [_wrong(goal, ran, label, entry, shows_passwords=shows_passwords) for goal in goals or [None]]
        if all(wrong):
            raise Violation(Wrong.UNTRUE, str(wrong[0]))
        left = [goal for goal in left if not goals or goal is not goals[wrong.index("")]]


def _wrong(goal: Goal | None, ran: Ran, label: str, entry: Record, *, shows_passwords: bool) -> str:
    """What is untrue about the result of a record, if it is the one of this goal; empty where nothing is."""
    wanted = _action(goal, ran.before) if goal is not None else "none"
    hidden = not shows_passwords and wanted in ("none", "updated") and entry["action"] == "unknown"
    if entry["action"] != wanted and not hidden:
        return f"the action of {label} is {entry['action']}, and should be {wanted}"
    if goal is not None and wanted != "none":
        return _wrong_diff(goal, ran.before.get(goal.key, {}) if goal.key else {}, entry["diff"])
    return ""


def judge_look(ran: Ran) -> None:
    """A run that reads all records says all of them, each as it is stored."""
    records = next(value for name, value in ran.outcome.items() if name.startswith("email_"))
    said = {record.get("id", record.get("domain")): record for record in records}
    if len(records) != len(ran.before) or set(said) != set(ran.before):
        raise Violation(Wrong.UNTRUE, f"there are {ran.before}, and read is {records}")
    for key, record in said.items():
        stored = fields_of(plain(ran.before[key]))
        for path, value in fields_of(plain(record)).items():
            if path in stored and not _is_as_stored(value, stored[path]):
                raise Violation(Wrong.UNTRUE, f"{'.'.join(path)} of {key} is {stored[path]!r}, and read is {value!r}")


def _entries(expected: Expectation, outcome: Record) -> list[tuple[str, Record]]:
    results = outcome.get("results")
    if results is not None:
        return [(entry["key"], entry) for entry in results]
    return [(goal.label, outcome) for goal in expected.goals] or [("", outcome)]


def _action(goal: Goal, before: State) -> str:
    if goal.key is None:
        return "created"
    if goal.after is None:
        return "deleted"
    return "none" if plain(before[goal.key]) == plain(goal.after) else "updated"


def _wrong_diff(goal: Goal, before: Record, diff: Record) -> str:
    """Where a diff shows what is not so, or does not show that what changes differs; empty where it does neither."""
    old, new = fields_of(plain(before)), fields_of(plain(goal.after or {}))
    for side, stored in (("before", old), ("after", new)):
        for path, value in fields_of(diff[side]).items():
            if path in stored and not _is_as_stored(value, stored[path]):
                return f"the diff of {goal.label} shows {'.'.join(path)} {side} as {value!r}"
    if not old or not new:
        return ""
    shown = [fields_of(diff[side]) for side in ("before", "after")]
    for path in {*old, *new} - _SAID_OTHERWISE:
        if not alike(old.get(path), new.get(path)) and shown[0].get(path) == shown[1].get(path):
            return f"the diff of {goal.label} does not show that {'.'.join(path)} changes"
    return ""


def _is_as_stored(shown: Any, stored: Any) -> bool:
    if isinstance(shown, list) or str(shown).startswith(_SECRET):
        return True
    # One product stores what is true as 1, and a way to log in in small letters.
    return alike(shown, stored) or str(shown).lower() == str(stored).lower() or shown == stored
