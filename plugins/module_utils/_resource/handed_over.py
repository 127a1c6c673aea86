# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that go from one record to another in one run: A becomes B, while B becomes C or is removed."""

from __future__ import annotations

import typing as t

from .._engine.record_result import RecordResult
from .._engine.schema import Problem
from .._engine.secret import Record
from .former_names import former_names, several_former
from .index import Found, Index
from .interface import Params, Resource

Carry = t.Callable[[RecordResult], None]


def handed_over(resource: Resource[t.Any], index_of: Index, entries: t.Sequence[Params]) -> list[Found]:
    """What entries mean among the live records, where one may take the name that another one gives up.

    A live record with an entry's name is not meant where another entry finds it by a former name or removes it, and
    that entry's own record is live under a name of before.
    """
    key, now = resource.key, [index_of.find(entry) for entry in entries]
    stays = [entry["state"] == "present" for entry in entries]
    removed = {one.records[0][key] for one, stay in zip(now, stays) if not stay and len(one.records) == 1}
    while True:
        moving = {one.former[0][key] for one in now if not one.fitting and len(one.former) == 1}
        giving = [
            index
            for index, (one, stay) in enumerate(zip(now, stays))
            if one.former
            and len(one.fitting) == 1
            # What an entry removes itself it does not take from another one.
            and one.fitting[0][key] in (moving | removed if stay else moving)
        ]
        if not giving:
            return now
        for index in giving:
            former = now[index].former
            now[index] = Found((), former, [several_former(resource, former)] if len(former) > 1 else [])


def circles(resource: Resource[t.Any], entries: t.Sequence[Params]) -> list[Problem]:
    """Problems for entries whose former names lead back to themselves, such as two that exchange theirs.

    Before and afterwards the same names are live, so nothing tells whether it is done.
    """
    before = {entry.get(resource.name): former_names(resource, entry) for entry in entries}
    return [
        Problem(
            f"{resource.option}[{index}].former_names",
            f"({name}) lead back to this name by way of those of others, and nothing tells whether these have changed "
            f"places already: say which {resource.noun} is which with id",
        )
        for index, entry in enumerate(entries)
        for name in [entry.get(resource.name)]
        if name not in before[name] and _leads_back(name, before)
    ]


def _leads_back(name: t.Any, before: t.Mapping[t.Any, t.Sequence[str]]) -> bool:
    waiting, seen = list(before[name]), set()
    while waiting:
        other = waiting.pop()
        if other not in seen:
            seen.add(other)
            waiting += before.get(other, ())
    return name in seen


def names_freed_first(items: t.Sequence[RecordResult]) -> list[list[RecordResult]]:
    """The phases of writes in which a name is given up before another record takes it; what is removed goes last."""
    holders = _holders("name", items)
    depths = [_depth(item, holders) for item in items]
    phases = [
        [item for item, depth in zip(items, depths) if depth == wanted and item.plan.after is not None]
        for wanted in sorted({*depths})
    ]
    return [*phases, [item for item in items if item.plan.after is None]]


def unless_kept(name: str, items: t.Sequence[RecordResult], carry: Carry) -> Carry:
    """How a record is written: with `carry`, but not where it would take the `name` of one that failed and keeps it."""
    holders = _holders(name, items)

    def carried(item: RecordResult) -> None:
        holder = holders.get(_called(name, item.plan.after))
        if holder is None or holder is item or not holder.failed:
            carry(item)
        else:
            item.fail(f"not done, since {holder.key}, which has that name, failed", {"kind": "kept"})

    return carried


def _depth(item: RecordResult, holders: t.Mapping[t.Any, RecordResult]) -> int:
    """How many records have to give up their names before this one can get its own; a circle has no first one."""
    seen = [item]
    while True:
        holder = holders.get(_called("name", seen[-1].plan.after))
        if holder is None or any(holder is one for one in seen):
            return len(seen) - 1
        seen.append(holder)


def _holders(name: str, items: t.Iterable[RecordResult]) -> dict[t.Any, RecordResult]:
    """Whose each name is, of the records that get another one."""
    return {
        _called(name, item.plan.before): item
        for item in items
        if item.plan.after is not None and _called(name, item.plan.before) not in (None, _called(name, item.plan.after))
    }


def _called(name: str, record: Record | None) -> t.Any:
    return (record or {}).get(name)
