# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records that get another name: found by one that they had before, and what tells that one is probably meant so."""

from __future__ import annotations

import typing as t

from .._engine.plan import Plan
from .._engine.schema import Problem
from .._engine.secret import Record
from .._http.errors import quote, some_of
from .base import given
from .interface import Params, Resource


def former_names(resource: Resource[t.Any], params: Params) -> list[str]:
    """The names that the record had before; none where it is found by something else than its name."""
    former = params.get("former_names")
    if not former:
        return []
    name, value = resource.identity(params)
    return list(dict.fromkeys(former)) if name == resource.name and value is not None else []


def naming_problems(resource: Resource[t.Any], params: Params) -> list[Problem]:
    """What is wrong with the names that a record had before."""
    former, name = params.get("former_names"), params.get(resource.name)
    if not former:
        return []
    if name is None and params.get("id") is None:
        message = f"are names that the {resource.noun} had before: give the {resource.name} that it has now too"
        return [Problem("former_names", message)]
    if any(not str(other).strip() or other == name for other in former):
        return [Problem("former_names", "must be names other than the one of now, and not empty")]
    return []


def shared_former_names(resource: Resource[t.Any], entries: t.Sequence[Params]) -> list[Problem]:
    """Problems for entries that name one and the same record of before."""
    first: dict[str, int] = {}
    where = resource.option
    return [
        Problem(f"{where}[{index}].former_names", f"({name}) {where}[{first[name]}] had that name too")
        for index, entry in enumerate(entries)
        for name in former_names(resource, entry)
        if first.setdefault(name, index) != index
    ]


def both_live(resource: Resource[t.Any], params: Params, former: t.Iterable[Record], *, alone: bool = False) -> Problem:
    """The problem that a record is live under its name, and others are under names that it had before.

    A task about one `alone` cannot know that the first one gets another name in the same run.
    """
    advice = f", or describe both in one task of {resource.plural}_sync where the first one is renamed too"
    article = "an" if resource.noun[0] in "aeiou" else "a"
    return Problem(
        "former_names",
        f"there is {article} {resource.noun} {quote(params[resource.name])}, and {_listed(resource, former)} is live "
        f"as well: remove one of them, or take its name out of former_names{advice if alone else ''}",
    )


def several_former(resource: Resource[t.Any], former: t.Iterable[Record]) -> Problem:
    """The problem that several records have one of the names of before."""
    live = f"several live {resource.noun}s have one of these names: {_listed(resource, former)}"
    return Problem("former_names", f"{live}; leave one")


def is_renamed(resource: Resource[t.Any], plan: Plan) -> bool:
    """Whether a live record of a kind with one of a name gets another name."""
    return resource.one_of_a_name and plan.action == "updated" and resource.name in plan.changed_fields


def taken_name(
    resource: Resource[t.Any],
    plan: Plan,
    target: t.Any,
    listed: t.Iterable[Record],
    leaving: t.Collection[t.Any] = (),
) -> list[Problem]:
    """The problem that a record would get the name of another live one that keeps it: none of those `leaving` does."""
    if not is_renamed(resource, plan):
        return []
    name, key = (plan.after or {}).get(resource.name), resource.key
    holders = [
        record
        for record in listed
        if record.get(resource.name) == name and record[key] != target and record[key] not in leaving
    ]
    if not holders:
        return []
    advice = f"give another {resource.name}, or describe that one too, with another {resource.name} or state: absent"
    return [Problem(resource.name, f"{_listed(resource, holders)} has this {resource.name} already: {advice}")]


def _listed(resource: Resource[t.Any], records: t.Iterable[Record]) -> str:
    return some_of(f"{quote(record[resource.name])} (id {record['id']})" for record in records)


class Undescribed:
    """Live records that nobody describes, for the question whether one of them is what an entry would create."""

    def __init__(self, resource: Resource[t.Any], records: t.Sequence[Record]) -> None:
        self._resource = resource
        self._records = records
        self._by: dict[tuple[str, ...], dict[t.Any, list[Record]]] = {}

    def hint(self, desired: Record, *, most: int | None = None) -> list[str]:
        """A warning where exactly one of them has the fields of a new record by which its kind knows one again.

        Looks in at most so many of the ways of its kind.
        """
        for fields, what in self._resource.hints[:most]:
            names = tuple(given(desired, fields))
            found = self._alike(names, desired) if names else []
            if len(found) == 1:
                name, noun = quote(found[0][self._resource.name]), self._resource.noun
                live = f"the live {noun} {name} (id {found[0]['id']}), which is not described, has {what}"
                advice = f"describe it with former_names: [{name}] rather than create another"
                return [f"{live}. If it is the same one, under another name, {advice}"]
            if found:
                break
        return []

    def _alike(self, names: tuple[str, ...], desired: Record) -> list[Record]:
        if names not in self._by:
            self._by[names] = {}
            for record in self._records:
                self._by[names].setdefault(self._values(record, names), []).append(record)
        return self._by[names].get(self._values(desired, names), [])

    def _values(self, record: Record, names: tuple[str, ...]) -> tuple[str, ...]:
        """The values of fields as texts, since servers give a port as a number or as its digits."""
        return tuple(str(self._resource.fold(name, record.get(name))).lower() for name in names)
