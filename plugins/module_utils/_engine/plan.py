# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be done: the live record and the desired one make a plan. Pure: no HTTP, no Ansible.

The same plan is made in check mode and for real, and the diff is made from it.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from dataclasses import replace as replaced

from .._text import visible
from .schema import Problem
from .secret import NOT_SHOWN, Record, Secret, is_hidden, is_number

Action = t.Literal["created", "updated", "unknown", "deleted", "none"]


@dataclass(frozen=True)
class Plan:
    """One record's way from `before` to `after`.

    `before` is the live record, `None` where there is none; `after` the record as it should be, `None` where it
    should not be. Both hold their secrets wrapped. `changed_fields` are dotted paths, sorted. `exact` tells whether
    fields that `after` does not have must be gone, also such as nobody knew of when the plan was made.

    The action `unknown` is an update that writes nothing but secrets which the server does not show, so that nobody
    knows whether it changes anything.
    """

    action: Action
    before: Record | None
    after: Record | None
    changed_fields: tuple[str, ...]
    exact: bool = False

    @property
    def changed(self) -> bool:
        """Whether the plan asks for a write."""
        return self.action != "none"

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        """Those of the changed fields of which nobody knows whether they differ."""
        hidden = set(_written_unseen("", self.before, self.after))
        return tuple(field for field in self.changed_fields if field in hidden)


NOTHING: t.Final = Plan("none", None, None, ())
"""The plan for a record that is as it should be, where nobody asks how that is."""


def plan_present(live: Record | None, desired: Record, *, replace: bool = False) -> Plan:
    """Plan that the record exists as described.

    `live` is the live record or `None`. What `desired` does not mention stays as it is, at every level; a `null`
    in it removes the field. With `replace` the outcome is exactly `desired`.
    """
    if live is None:
        after: Record = without_none(desired)
        return Plan("created", None, after, changed_paths({}, after))
    after = _exactly(live, desired) if replace else _merged(live, desired)
    return update(live, after, exact=replace)


def update(live: Record, after: Record, *, exact: bool = False) -> Plan:
    """Plan that a live record becomes `after`."""
    plan = Plan("updated", live, after, () if after is live else changed_paths(live, after), exact)
    if not plan.changed_fields:
        return Plan("none", live, live, ())
    return replaced(plan, action="unknown") if plan.unknown_fields == plan.changed_fields else plan


def plan_absent(live: Record | None) -> Plan:
    """Plan that the record does not exist."""
    if live is None:
        return Plan("none", None, None, ())
    return Plan("deleted", live, None, changed_paths(live, {}))


def same(left: t.Any, right: t.Any) -> bool:
    """Whether two values mean the same to a mail product.

    An absent value, `null` and `""` are one; so are a number and its digits (`587`, `"587"`), since servers give
    ports back as either. `true` and `1` are not.
    """
    if left is right:
        return True
    if isinstance(left, Secret) and isinstance(right, Secret):
        return left == right
    if _is_absent(left) or _is_absent(right):
        return _is_absent(left) and _is_absent(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int) and isinstance(right, (str, Secret)):
        left, right = right, left
    if isinstance(right, int) and isinstance(left, Secret):
        # Where a text is a secret, a number is none.
        return is_number(left, right)
    if isinstance(right, int) and isinstance(left, str):
        return left.strip() == str(right)
    return bool(left == right)


def changed_paths(before: t.Any, after: t.Any) -> tuple[str, ...]:
    """The dotted paths of all fields in which two records differ, sorted. Lists count as one field."""
    return tuple(sorted(_differences("", before, after)))


def _differences(path: str, before: t.Any, after: t.Any) -> t.Iterator[str]:
    old = {} if _is_absent(before) else before
    new = {} if _is_absent(after) else after
    if isinstance(old, dict) and isinstance(new, dict):
        for name in {*old, *new}:
            step = visible(str(name))
            yield from _differences(f"{path}.{step}" if path else step, old.get(name), new.get(name))
    elif not same(before, after):
        yield path


def _written_unseen(path: str, before: t.Any, after: t.Any) -> t.Iterator[str]:
    """The dotted paths of all secrets that are written where the server does not show what it stores."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {*before} & {*after}:
            yield from _written_unseen(f"{path}.{name}" if path else str(name), before[name], after[name])
    elif is_hidden(before) and isinstance(after, Secret) and not is_hidden(after):
        yield path


def emptied(before: t.Any, after: t.Any, path: str = "") -> list[str]:
    """The dotted paths where `after` has an empty text, or one of blanks, and `before` something."""
    if not isinstance(after, dict):
        return [path] if isinstance(after, str) and not after.strip() and before not in (None, "", {}, after) else []
    known = before if isinstance(before, dict) else {}
    found = []
    for name, value in after.items():
        # Where nothing was, nothing is emptied.
        if name in known:
            found += emptied(known[name], value, f"{path}.{name}" if path else str(name))
    return found


def empty_problem(path: str, instead: str = "") -> Problem:
    """The problem of an empty text that would take the place of something: mostly a look-up that found nothing."""
    return Problem(path, f"is empty, and would erase what is there: give it, or leave it out to keep that{instead}")


def _is_absent(value: t.Any) -> bool:
    return value is None or value == "" or value is NOT_SHOWN


def without_none(data: t.Any) -> t.Any:
    """Copy options without those that were not given (`null`), at every level."""
    if isinstance(data, dict):
        return {name: without_none(value) for name, value in data.items() if value is not None}
    return data


def _merged(live: Record, desired: Record) -> Record:
    """The live record with the desired fields in it; the very same object where nothing changes."""
    changes: Record = {}
    for name, wanted in desired.items():
        current = live.get(name)
        if current == wanted and type(current) is type(wanted) and not isinstance(wanted, dict):
            continue  # By far the most fields: nothing else needs to be asked.
        if isinstance(wanted, dict):
            merged = _merged(current if isinstance(current, dict) else {}, wanted)
            if merged is not current:
                changes[name] = merged
        elif not same(current, wanted) or current is NOT_SHOWN:
            changes[name] = wanted
    if not changes:
        return live
    return {name: value for name, value in {**live, **changes}.items() if value is not None or name not in changes}


def _exactly(live: Record, desired: Record) -> Record:
    """The desired record, written as the live one writes it wherever the two mean the same."""
    after: Record = {}
    for name, wanted in desired.items():
        current = live.get(name)
        if isinstance(wanted, dict):
            after[name] = _exactly(current if isinstance(current, dict) else {}, wanted)
        elif wanted is not None:
            keeps = name in live and same(current, wanted) and current is not NOT_SHOWN
            after[name] = current if keeps else wanted
    return after
