# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What bringing one record and many records to their state have in common: names, plans, what fits."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .._engine import result as report
from .._engine.harmless import opening_problems
from .._engine.names import Looks, alike_message
from .._engine.plan import Plan, emptied, empty_problem
from .._engine.schema import Problem
from .._engine.secret import Record
from .._engine.shown import quoted
from .._http.errors import quote
from .base import connection_problems, raise_problems
from .former_names import former_names, several_former
from .interface import Params, Resource
from .write import Done


def shared_problems(resource: Resource[t.Any], params: Params) -> list[Problem]:
    """What is wrong with the options of each task: those that say where and who asks, and what may be shown."""
    return connection_problems(resource.product, params) + opening_problems(resource.opened(params), resource.secrets)


def said(resource: Resource[t.Any], name: str, value: t.Any) -> str:
    """A value that records are found by, in words; not where it may hold a password."""
    shown = resource.shown(name, value)
    return quoted(value, mailbox=True) if shown == value else str(shown)


def shown_identity(resource: Resource[t.Any], params: Params) -> tuple[str, t.Any]:
    """The option that a record is found by, and its value as messages and reports repeat it, `None` without one."""
    name, value = resource.identity(params)
    return name, None if value is None else resource.shown(name, value)


def subject(resource: Resource[t.Any], params: Params) -> str:
    """What a task about one record is about."""
    name, value = shown_identity(resource, params)
    if value is None:
        return resource.kind
    return f"{resource.kind} {quote(value)}" if name == resource.name else f"{resource.kind} with {name} {quote(value)}"


def key_of(resource: Resource[t.Any], entry: Params) -> str:
    """What an entry is called in results and errors."""
    name, value = shown_identity(resource, entry)
    return f"id {value}" if name == "id" else quote(value)


def planned(resource: Resource[t.Any], params: Params, live: Record | None, desired: Record) -> Plan:
    """The plan for one record; `live` is `None` where there is none. It is not about what the server alone sets."""
    return resource.plan(params, without_server_fields(resource, live), desired)


def checked_plan(resource: Resource[t.Any], params: Params, desired: Record, about: str, live: Record | None) -> Plan:
    """The plan for one record. Raises an `InputError` where it must not be carried out."""
    plan = planned(resource, params, live, desired)
    raise_problems(about, plan_problems(resource, params, plan, desired))
    return plan


def plan_problems(resource: Resource[t.Any], params: Params, plan: Plan, desired: Record) -> list[Problem]:
    """Why a plan must not be carried out: what its kind knows, and that an empty text removes nothing."""
    problems = resource.plan_problems(params, plan, desired)
    if not plan.changed or plan.before is None or plan.after is None:
        return problems
    known = {*resource.may_empty, *(problem.field for problem in problems)}
    return problems + [empty_problem(path, "") for path in emptied(plan.before, plan.after) if path not in known]


def without_server_fields(resource: Resource[t.Any], record: Record | None) -> Record | None:
    """A record without what the server alone sets; `None` stays."""
    return record and {name: value for name, value in record.items() if name not in resource.server_fields}


@dataclass(frozen=True)
class Found:
    """The live records that a description means: those that fit, and those that have a name which it had before.

    `problems` say why they are not one to work on. Where there is none, `alike` says which other one looks as if it
    were meant.
    """

    fitting: t.Sequence[Record]
    former: t.Sequence[Record]
    problems: list[Problem]
    alike: list[Problem]

    @property
    def records(self) -> t.Sequence[Record]:
        """The records that are meant."""
        return self.fitting or self.former


class Index:
    """Live records by what they are found by: a look at each for every entry would take the square of the time."""

    def __init__(self, resource: Resource[t.Any], live: t.Iterable[Record]) -> None:
        self._resource = resource
        self._live = list(live)
        self._by: dict[str, dict[t.Hashable, list[Record]]] = {}
        self._looks: dict[str, Looks] = {}

    def having(self, name: str, value: t.Any) -> list[Record]:
        """All live records with this value in the field `name`."""
        fold = self._resource.fold
        if name not in self._by:
            self._by[name] = {}
            for record in self._live:
                self._by[name].setdefault(fold(name, record.get(name)), []).append(record)
        return self._by[name].get(fold(name, value), [])

    def find(self, params: Params) -> Found:
        """The live records that the options mean, and what is wrong with them."""
        resource, (name, value) = self._resource, self._resource.identity(params)
        fitting = self.having(name, value)
        names = former_names(resource, params)
        former = [record for other in names for record in self.having(resource.name, other)]
        if len(fitting) > 1:
            return Found(fitting, former, [_ambiguity(resource, name, value, fitting)], [])
        if not fitting and len(former) > 1:
            return Found(fitting, former, [several_former(resource, former)], [])
        if fitting or former:
            return Found(fitting, former, [], [])
        is_wanted = params.get("state") == "present"
        if name == "id":
            message = f"no live {resource.noun} has it; leave id out to create one, the server chooses the id"
            return Found([], [], [Problem("id", message)] if is_wanted else [], [])
        alike = self._alike(name, value)
        return Found([], [], alike if is_wanted else [], alike)

    def _alike(self, name: str, value: t.Any) -> list[Problem]:
        """The problem that another live record looks as if it had this value."""
        if name not in self._looks:
            self._looks[name] = Looks(text for record in self._live if isinstance(text := record.get(name), str))
        other = self._looks[name].alike(value)
        if other is None:
            return []
        ways = "id or former_names" if "former_names" in self._resource.entry else "id"
        advice = f"Write it as the server has it, or say which {self._resource.noun} is meant with {ways}"
        return [Problem(name, alike_message(value, other, advice))]


def _ambiguity(resource: Resource[t.Any], name: str, value: t.Any, found: t.Sequence[Record]) -> Problem:
    advice = "the server lists one id more than once" if name == "id" else resource.twice
    fit = f"{len(found)} live {resource.noun}s fit {value!r}: {', '.join(map(resource.listed, found))}"
    return Problem(name, f"{fit}; {advice}")


def after_write(target: t.Any, sent: Record | None, done: Done) -> list[str]:
    """What a user should know of a write: what the server stores otherwise than it was `sent`, and what is new.

    `target` is how the server knew the record before.
    """
    if done.stored is None:
        return [*done.warnings]
    now = done.stored.get("id", target)
    anew = (
        [f"was deleted by another run meanwhile, and is created again: id {now}"] if target not in (None, now) else []
    )
    return [*done.warnings, *anew, *(report.stored_otherwise(sent, done.stored) if sent is not None else [])]
