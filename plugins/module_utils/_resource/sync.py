# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many records brought to their described state in one task, whatever their kind: one plan, then the writes."""

from __future__ import annotations

import typing as t
from functools import partial

from .._engine.apply import run_each
from .._engine.plan import NOTHING, Plan, plan_absent
from .._engine.planned_outcome import Live
from .._engine.prune import is_kept, prune_problems
from .._engine.record_result import RecordResult, note_rewritten, repeated_keys, result_of_all
from .._engine.schema import Problem
from .._engine.secret import Record
from .._engine.verify_plan import verify_plan
from .._http.errors import ApiError, quote
from .base import Context, given, raise_problems
from .interface import Params, Resource
from .phases import Phase, PhaseRunner, fleet_problems, indexed, limit_of, merged_records, unmet_names
from .planning import (
    Index,
    checked_plan,
    found_problems,
    key_of,
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
        keys.append((name, value) if value is not None else ("entry", index))
        if value is None:
            found.append(Problem(f"{resource.option}[{index}].{name}", "is missing: nothing says which record it is"))
        else:
            found += indexed(resource.problems(entry), resource.option, index, key_of(resource, entry))
    return found + repeated_keys(keys, resource.option) + resource.list_problems(entries)


def sync(resource: Resource[t.Any], params: Params, context: Context) -> dict[str, t.Any]:
    """Bring all described records to their state, and remove others where asked to. Returns the result."""
    name = subject(resource, params)
    with context.store(resource.product, params, name) as store:
        work = _Sync(resource, store, params)
        items = work.items()
        more = verify_plan(params["plan"], items, work.live(), params["api_url"], name)
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

    def __init__(self, resource: Resource[t.Any], store: t.Any, params: Params) -> None:
        self._resource = resource
        self._store = store
        self._params = params
        self._listed: list[Record] = store.read_all()
        self._whole: dict[t.Any, Record | ApiError | None] = {}
        self._described: dict[t.Any, int] = {}

    def items(self) -> list[RecordResult]:
        """A plan for each entry and for each record to prune. Raises an `InputError` with all that is wrong."""
        resource, params = self._resource, self._params
        merged = merged_records(params, resource.option, resource.entry, ("id", resource.name))
        entries = resource.resolve(self._store, list(merged))
        index_of = Index(resource, self._listed)
        meant = [index_of.find(entry) for entry, _problems in entries]
        found = [
            problem
            for index, ((entry, unresolved), records) in enumerate(zip(entries, meant))
            for problem in self._placed(index, entry, [*unresolved, *self._found_problems(index, entry, records)])
        ]
        pruned = self._undescribed() if params["prune"] else []
        self._read(record["id"] for records in (*meant, pruned) for record in records)
        items = []
        for index, ((entry, _problems), records) in enumerate(zip(entries, meant)):
            item, wrong = self._item(index, entry, records[0]["id"] if len(records) == 1 else None)
            found += self._placed(index, entry, wrong)
            items.append(item)
        present = sum(entry["state"] == "present" for entry, _problems in entries)
        if pruned:
            found += resource.removal_problems(params)
        if params["prune"]:
            found += prune_problems(limit_of(params), removed=len(pruned), live=len(self._listed), described=present)
        raise_problems(subject(resource, params), list(dict.fromkeys(found)))
        return items + [self._removal(record) for record in pruned]

    def live(self) -> Live:
        """What the server has, for the comparison with a plan."""
        keys = frozenset(_shown_key(self._resource, record) for record in self._listed)
        return Live(self._live_of, lambda key: key not in keys, self._resource.server_fields)

    def _live_of(self, item: RecordResult) -> Record | None:
        """The live record that a result is about."""
        whole = self._whole.get(item.target)
        return None if isinstance(whole, ApiError) else whole

    def undescribed(self) -> list[Record]:
        """What is live, not described and not kept: what each is found by."""
        return [given(record, ("id", self._resource.name)) for record in self._undescribed()]

    def carry(self, item: RecordResult) -> None:
        """Write one record, and note what the server stores otherwise."""
        done = self._store.apply(item.target, item.plan, t.cast(Replan, item.replan))
        item.plan = done.plan
        if done.stored is not None:
            item.target = done.stored["id"]
        texts = (*done.warnings, *stored_otherwise(item.described, done.stored))
        item.warnings += tuple(f"{item.header}: {text}" for text in texts)

    def _placed(self, index: int, entry: Record, problems: t.Iterable[Problem]) -> list[Problem]:
        return indexed(problems, self._resource.option, index, key_of(self._resource, entry))

    def _found_problems(self, index: int, entry: Record, records: t.Sequence[Record]) -> list[Problem]:
        problems = found_problems(self._resource, entry, records)
        if len(records) == 1:
            first = self._described.setdefault(records[0]["id"], index)
            if first != index:
                other = f"{self._resource.option}[{first}]"
                problems.append(Problem("", f"means the live record {records[0]['id']}, and so does {other}"))
        else:
            self._described.update(dict.fromkeys((record["id"] for record in records), index))
        return problems

    def _read(self, targets: t.Iterable[t.Any]) -> None:
        """Read whole what is to be compared; where reading fails, the error stands in place of the record."""

        def read(target: t.Any) -> bool:
            try:
                self._whole[target] = self._store.read(target)
            except ApiError as exc:
                exc.subject = f"{self._resource.kind} with id {quote(target)}"
                self._whole[target] = exc
            return True

        run_each(read, list(dict.fromkeys(targets)), self._params["concurrency"])

    def _item(self, index: int, entry: Record, target: t.Any) -> tuple[RecordResult, list[Problem]]:
        resource, key, live = self._resource, key_of(self._resource, entry), self._whole.get(target)
        if isinstance(live, ApiError):
            return _unread(index, key, resource.kind, target, live), []
        desired = resource.desired(entry)
        plan = planned(resource, entry, live, desired)
        item = RecordResult(index, key, resource.kind, plan if plan.changed else NOTHING, target)
        if plan.changed:
            item.described = resource.sent_fields(entry, desired, live)
            item.replan = replanning(plan, partial(checked_plan, resource, entry, desired, item.header))
        return item, plan_problems(resource, entry, plan, desired)

    def _removal(self, record: Record) -> RecordResult:
        key, live = _shown_key(self._resource, record), self._whole[record["id"]]
        if isinstance(live, ApiError):
            return _unread(None, key, self._resource.kind, record["id"], live)
        item = RecordResult(None, key, self._resource.kind, self._absent(live), record["id"])
        item.replan = self._absent_unless_kept
        return item

    def _absent(self, live: Record | None) -> Plan:
        return plan_absent(without_server_fields(self._resource, live))

    def _absent_unless_kept(self, live: Record | None) -> Plan:
        """The plan for a record to prune, which may have another name by now."""
        return NOTHING if live is not None and self._is_kept(live) else self._absent(live)

    def _is_kept(self, record: Record) -> bool:
        return is_kept([record.get(self._resource.name)], self._params["prune_keep"])

    def _undescribed(self) -> list[Record]:
        return [record for record in self._listed if record["id"] not in self._described and not self._is_kept(record)]


def _shown_key(resource: Resource[t.Any], record: Record) -> str:
    """What a live record that nobody describes is called in results and errors."""
    return quote(record.get(resource.name) or f"id {record['id']}")


def _unread(index: int | None, key: str, kind: str, target: t.Any, error: ApiError) -> RecordResult:
    item = RecordResult(index, key, kind, NOTHING, target)
    item.fail(str(error), error.details())
    return item
