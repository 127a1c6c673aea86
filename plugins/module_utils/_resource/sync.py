# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many records brought to their described state in one task, whatever their kind: one plan, then the writes."""

from __future__ import annotations

import typing as t
from functools import partial

from .._engine.plan import NOTHING, Plan, plan_absent
from .._engine.prune import is_kept, prune_problems
from .._engine.record_result import RecordResult, note_rewritten, repeated_keys, result_of_all
from .._engine.schema import Problem
from .._engine.secret import Record
from .._engine.verify_plan import verify_plan
from .._http.errors import ApiError
from .base import Context, given, raise_problems
from .interface import Params, Resource
from .live import LiveRecords
from .phases import (
    Phase,
    PhaseRunner,
    fleet_problems,
    indexed,
    limit_of,
    merged_records,
    unmet_names,
)
from .planning import (
    Index,
    checked_plan,
    found_problems,
    key_of,
    known_fields,
    listed_key,
    plan_problems,
    planned,
    shared_problems,
    stored_otherwise,
    without_server_fields,
)
from .write import Replan, replanning


def subject(resource: Resource[t.Any], _params: Params) -> str:
    """What a task about many records is about."""
    return f"{resource.plural}_sync"


def problems(resource: Resource[t.Any], params: Params) -> list[Problem]:
    """What is wrong with the options of a task about many records, every record's among them."""
    found = shared_problems(resource, params) + fleet_problems(params, resource.option)
    entries = list(merged_records(params, resource.option, resource.entry, ("id", resource.name)))
    keys: list[tuple[str, t.Hashable]] = []
    for index, entry in enumerate(entries):
        name, value = resource.identity(entry)
        # What may hold a password is not repeated.
        tells = value is not None and resource.shown(name, value) == value
        keys.append((name, resource.fold(name, value)) if tells else ("entry", index))
        if value is None:
            found.append(Problem(f"{resource.option}[{index}].{name}", "is missing: nothing says which record it is"))
        else:
            found += indexed(resource.problems(entry), resource.option, index, key_of(resource, entry))
    return found + repeated_keys(keys, resource.option) + resource.list_problems(entries)


def sync(resource: Resource[t.Any], params: Params, context: Context) -> dict[str, t.Any]:
    """Bring all described records to their state, and remove others where asked to. Returns the result."""
    name = subject(resource, params)
    with context.store(resource.product, params, name) as store:
        work = _Sync(resource, store, params, context)
        items = work.items()
        more = verify_plan(params["plan"], items, work.live.for_plans(), params["api_url"], name)
        if params["undescribed"]:
            more["undescribed"] = work.undescribed()
        if context.check_mode:
            note_rewritten(items)
        else:
            changing = [item for item in items if item.plan.changed]
            phases = [Phase(phase, work.carry) for phase in resource.phases(changing)]
            PhaseRunner(items, name, params, context).apply(phases)
        store.forget()
    unmet = unmet_names(params, resource.option, ("id", resource.name))
    for warning in [*unmet, *(text for item in items for text in item.warnings)]:
        context.warn(warning)
    return {**result_of_all(items, name, context.times_retried, with_diff=context.diff_mode), **more}


class _Sync:
    """One task about many records: what is live, what is described, and what becomes of it."""

    def __init__(self, resource: Resource[t.Any], store: t.Any, params: Params, context: Context) -> None:
        self._resource = resource
        self._store = store
        self._params = params
        self._context = context
        self._name = subject(resource, params)
        self._shown = known_fields(resource, params)
        self.live = LiveRecords(resource, store, params, context, self._name)
        self._described: dict[t.Any, int] = {}

    def items(self) -> list[RecordResult]:
        """A plan for each entry and for each record to prune. Raises an `InputError` with all that is wrong."""
        resource, params = self._resource, self._params
        merged = merged_records(params, resource.option, resource.entry, ("id", resource.name))
        entries = resource.resolve(self._store, list(merged), self.live.listed)
        index_of = Index(resource, self.live.listed)
        meant = [index_of.find(entry) for entry, _problems in entries]
        found = [
            problem
            for index, ((entry, unresolved), records) in enumerate(zip(entries, meant))
            for problem in self._placed(index, entry, [*unresolved, *self._found_problems(index, entry, records)])
        ]
        found += [
            problem
            for index, (entry, _problems) in enumerate(entries)
            if entry["state"] == "present"
            for problem in self._placed(index, entry, index_of.alike(entry))
        ]
        if resource.is_read_by_name:
            # What is misnamed would be read as if it were another.
            raise_problems(self._name, found)
        others = self._others() if params["prune"] or resource.is_read_by_name else []
        self.live.read(record[resource.key] for records in (*meant, others) for record in records)
        items = []
        for index, ((entry, _problems), records) in enumerate(zip(entries, meant)):
            item, wrong = self._item(index, entry, records[0][resource.key] if len(records) == 1 else None)
            found += self._placed(index, entry, wrong)
            items.append(item)
        found += self._server_problems([entry for entry, _problems in entries], items)
        present = sum(entry["state"] == "present" for entry, _problems in entries)
        removals = [self._removal(record) for record in others if self._goes(record)]
        if params["prune"]:
            found += self._prune_problems(others, removals, present)
        raise_problems(self._name, list(dict.fromkeys(found)))
        return items + removals

    def undescribed(self) -> list[Record]:
        """What is live, not described and not kept: what each is found by."""
        key = self._resource.key
        live = [record for record in self._others() if isinstance(self.live.of(record[key], record), dict)]
        return [given(record, ("id", self._resource.name)) for record in live]

    def carry(self, item: RecordResult) -> None:
        """Write one record, and note what the server stores otherwise."""
        done = self._store.apply(item.target, item.plan, t.cast(Replan, item.replan))
        item.plan = done.plan
        if done.stored is not None:
            item.target = done.stored.get(self._resource.key, item.target)
        texts = (*done.warnings, *stored_otherwise(item.described, done.stored))
        item.warnings += tuple(f"{item.header}: {text}" for text in texts)

    def _server_problems(self, entries: t.Sequence[Record], items: t.Sequence[RecordResult]) -> list[Problem]:
        planned = [(entry, item.plan) for entry, item in zip(entries, items)]
        against = self._resource.server_problems(
            self._store, planned, lambda text: self._context.warn(f"{self._name}: {text}")
        )
        return [
            problem
            for index, (entry, problems) in enumerate(zip(entries, against))
            for problem in self._placed(index, entry, problems)
        ]

    def _prune_problems(
        self, others: t.Sequence[Record], removals: t.Sequence[RecordResult], present: int
    ) -> list[Problem]:
        """Why so much must not go. What is kept counts as live without being read."""
        key = self._resource.key
        kept = sum(record[key] not in self._described for record in self.live.listed) - len(others)
        live = kept + self.live.count_read()
        removed = sum(item.plan.changed for item in removals)
        found = self._resource.removal_problems(self._params) if removals else []
        return found + prune_problems(limit_of(self._params), removed=removed, live=live, described=present)

    def _placed(self, index: int, entry: Record, problems: t.Iterable[Problem]) -> list[Problem]:
        return indexed(problems, self._resource.option, index, key_of(self._resource, entry))

    def _found_problems(self, index: int, entry: Record, records: t.Sequence[Record]) -> list[Problem]:
        problems, key = found_problems(self._resource, entry, records), self._resource.key
        if len(records) == 1:
            first = self._described.setdefault(records[0][key], index)
            if first != index:
                other = f"{self._resource.option}[{first}]"
                problems.append(Problem("", f"means the live record {records[0][key]}, and so does {other}"))
        else:
            self._described.update(dict.fromkeys((record[key] for record in records), index))
        return problems

    def _begun(self, index: int | None, key: str, target: t.Any) -> RecordResult:
        """A result that plans nothing yet, and has failed where the record could not be read."""
        item = RecordResult(index, key, self._resource.label or self._resource.kind, NOTHING, target)
        live = self.live.of(target)
        if isinstance(live, ApiError):
            item.fail(str(live), live.details())
        return item

    def _item(self, index: int, entry: Record, target: t.Any) -> tuple[RecordResult, list[Problem]]:
        resource, live = self._resource, self.live.of(target)
        item = self._begun(index, key_of(resource, entry), target)
        if isinstance(live, ApiError):
            return item, []
        desired = resource.desired(entry, self._shown)
        plan = planned(resource, entry, live, desired)
        item.warnings = tuple(f"{item.header}: {text}" for text in resource.plan_warnings(entry, plan))
        if plan.changed:
            item.plan = plan
            item.described = resource.sent_fields(entry, desired, live)
            item.replan = replanning(plan, partial(checked_plan, resource, entry, desired, item.header))
        return item, plan_problems(resource, entry, plan, desired)

    def _goes(self, record: Record) -> bool:
        """Whether there is a result about a record that nobody described: it is removed, or could not be read."""
        live = self.live.of(record[self._resource.key])
        return isinstance(live, ApiError) or (live is not None and bool(self._params["prune"]))

    def _removal(self, record: Record) -> RecordResult:
        target = record[self._resource.key]
        live = self.live.of(target)
        item = self._begun(None, listed_key(self._resource, record), target)
        if not isinstance(live, ApiError):
            item.plan, item.replan = self._absent(live), self._absent_unless_kept
        return item

    def _absent(self, live: Record | None) -> Plan:
        return plan_absent(without_server_fields(self._resource, live))

    def _absent_unless_kept(self, live: Record | None) -> Plan:
        """The plan for a record to prune, which may have another name by now."""
        return NOTHING if live is not None and self._is_kept(live) else self._absent(live)

    def _is_kept(self, record: Record) -> bool:
        return is_kept([record.get(self._resource.name)], self._params["prune_keep"])

    def _others(self) -> list[Record]:
        """What is listed, not described and not kept."""
        key = self._resource.key
        return [
            record for record in self.live.listed if record[key] not in self._described and not self._is_kept(record)
        ]
