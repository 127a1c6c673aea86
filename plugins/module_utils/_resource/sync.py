# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many records brought to their described state in one task, whatever their kind: one plan, then the writes."""

from __future__ import annotations

import typing as t

from .._engine.record_result import RecordResult, note_rewritten, repeated_keys, result_of_all
from .._engine.schema import Problem
from .._engine.secret import omit
from .base import Context, given
from .former_names import naming_problems, shared_former_names
from .handed_over import circles
from .interface import Params, Resource
from .phases import NO_RECORD, PhaseRunner, fleet_problems, indexed, merged_records, switch_problems, unmet_names
from .planning import key_of, shared_problems
from .sync_work import SyncWork


def subject(resource: Resource[t.Any], _params: Params) -> str:
    """What a task about many records is about."""
    return f"{resource.plural}_sync"


def problems(resource: Resource[t.Any], params: Params) -> list[Problem]:
    """What is wrong with the options of a task about many records, every record's among them."""
    found = shared_problems(resource, params) + fleet_problems(params, resource.option)
    entries = list(merged_records(params, resource.option, resource.entry, resource.called_by))
    found += switch_problems(params, entries, resource.called_by)
    keys: list[tuple[str, t.Hashable]] = []
    for index, entry in enumerate(entries):
        name, value = resource.identity(entry)
        # What may hold a password is not repeated.
        tells = value is not None and resource.shown(name, value) == value
        keys.append((name, resource.fold(name, value)) if tells else ("entry", index))
        if value is None:
            found.append(_nameless(resource, f"{resource.option}[{index}]"))
        else:
            wrong = resource.problems(entry) + naming_problems(resource, entry)
            found += indexed(wrong, resource.option, index, key_of(resource, entry)) if wrong else []
    found += repeated_keys(keys, resource.option) + shared_former_names(resource, entries)
    found += circles(resource, entries) if any(entry.get("former_names") for entry in entries) else []
    return found + resource.list_problems(entries)


def _nameless(resource: Resource[t.Any], where: str) -> Problem:
    if {*resource.called_by} <= {"id", resource.name}:
        return Problem(f"{where}.{resource.name}", "is missing: nothing says which record it is")
    return Problem(where, f"has neither {', nor '.join(resource.called_by)} to be found by")


def sync(
    resource: Resource[t.Any], params: Params, context: Context, work_of: type[SyncWork] = SyncWork
) -> dict[str, t.Any]:
    """Bring all described records to their state, and remove others where asked to. Returns the result.

    `work_of` is a kind's own class of what becomes of its records. Offline, the description was checked already.
    """
    unmet = unmet_names(params, resource.option, resource.called_by)
    if params.get("offline"):
        # Secrets may be missing here, so that a record seems to have none tells nothing.
        for warning in unmet:
            if warning.startswith(NO_RECORD):
                context.warn(warning)
        return {"changed": False, "validated": len(params[resource.option] or ())}
    name = subject(resource, params)
    with context.store(resource.product, params, name) as store:
        items, more = _done(work_of(resource, store, params, context, name), params, context, name)
        # The result is made when the live records are out of memory.
        store.forget()
    for warning in [*unmet, *(text for item in items for text in item.warnings)]:
        context.warn(warning)
    return {**result_of_all(items, name, context.times_retried, with_diff=context.diff_mode), **more}


def _done(work: SyncWork, params: Params, context: Context, name: str) -> tuple[list[RecordResult], dict[str, t.Any]]:
    """The record results, carried out, and what the result should hold beside them."""
    items = work.items()
    more: dict[str, t.Any] = {}
    if params["plan"] is not None:
        # Imported late: Ansible compiles what a task imports in each run anew, and most tasks have no plan.
        from .._engine.verify_plan import verify_plan

        more.update(verify_plan(params["plan"], items, work.live.for_plans(), params["api_url"], name))
    if params["undescribed"]:
        more["undescribed"] = [given(omit(record), work.resource.called_by) for record in work.undescribed()]
    if context.check_mode:
        note_rewritten(items)
    else:
        work.apply(items, PhaseRunner(items, name, params, context))
    return items, more
