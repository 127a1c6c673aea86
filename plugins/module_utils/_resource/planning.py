# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What bringing one record and many records to their state have in common: names, plans, what fits."""

from __future__ import annotations

import typing as t

from .._engine.harmless import opening_problems, with_opened
from .._engine.plan import Plan, emptied
from .._engine.schema import Problem
from .._engine.secret import Known, Record
from .._engine.shown import quoted
from .._http.errors import NotAuthorized, quote
from .base import connection_problems, raise_problems
from .interface import Params, RecordStore, Resource


def shared_problems(resource: Resource[t.Any], params: Params) -> list[Problem]:
    """What is wrong with the options of each task: those that say where and who asks, and what may be shown."""
    return connection_problems(resource.product, params) + opening_problems(resource.opened(params), resource.secrets)


def known_fields(resource: Resource[t.Any], params: Params) -> Known:
    """The fields whose texts a task may show: those that are known, and those that it opens."""
    return with_opened(resource.harmless, resource.opened(params))


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
    name, value = resource.identity(params)
    if value is None:
        return f"{resource.label} a {resource.name}" if resource.label else resource.kind
    return called(resource, name, value)


def called(resource: Resource[t.Any], name: str, value: t.Any) -> str:
    """What the record with this value in the field `name` is called."""
    label, text = resource.label or resource.kind, quote(resource.shown(name, value))
    return f"{label} {text}" if name == resource.name else f"{label} with {name} {text}"


def key_of(resource: Resource[t.Any], entry: Params) -> str:
    """What an entry is called in results and errors."""
    name, value = shown_identity(resource, entry)
    return f"id {value}" if name == "id" else quote(value)


def listed_key(resource: Resource[t.Any], record: Record) -> str:
    """What a live record that nobody describes is called in results and errors."""
    return quote(record.get(resource.name) or f"id {record['id']}")


def listed_twin(resource: Resource[t.Any], record: Record) -> str:
    """What one of several records of one name is called there."""
    return quote(f"{record.get(resource.name)} (id {record['id']})")


def named(resource: Resource[t.Any], record: Record, target: t.Any) -> Record:
    """A record with what the server knows it by, also where that is no part of what is read and written."""
    return {**record, resource.key: target} if resource.is_read_by_name else record


def all_listed(resource: Resource[t.Any], store: RecordStore, instead: str) -> list[Record]:
    """All records as a list shows them. Who may not list reads in the error what to do `instead`, if there is a way."""
    try:
        return store.read_all()
    except NotAuthorized as exc:
        if exc.status == 403 and resource.is_read_by_name:
            exc.advice = f"{exc.advice}: {instead}"
        raise


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
    known = {problem.field for problem in problems}
    emptying = [resource.empty_problem(path) for path in emptied(plan.before, plan.after)]
    return problems + [problem for problem in emptying if problem is not None and problem.field not in known]


def without_server_fields(resource: Resource[t.Any], record: Record | None) -> Record | None:
    """A record without what the server alone sets; `None` stays."""
    return record and {name: value for name, value in record.items() if name not in resource.server_fields}
