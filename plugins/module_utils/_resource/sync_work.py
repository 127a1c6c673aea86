# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task about many records does, whatever their kind: what each entry means, its plan, and the write."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from functools import partial

from .._engine.apply import run_each
from .._engine.plan import NOTHING, Plan, plan_absent
from .._engine.planned_outcome import Live
from .._engine.prune import is_kept, prune_problems
from .._engine.record_result import RecordResult
from .._engine.schema import Problem
from .._engine.secret import Record
from .._http.errors import ApiError, quote
from .former_names import Undescribed, both_live
from .interface import Params, Resource
from .phases import Phase, PhaseRunner, indexed, limit_of, merged_records
from .planning import Index, after_write, checked_plan, key_of, plan_problems, planned, without_server_fields
from .write import Replan, replanning


@dataclass
class _Meant:
    """An entry, the live records that it means, others with a name that it had before, and what is wrong with them."""

    entry: Record
    records: t.Sequence[Record]
    former: t.Sequence[Record]
    unresolved: t.Sequence[Problem]
    problems: list[Problem]
    alike: t.Sequence[Problem]


class SyncWork:
    """One task about many records: what is live, what is described, and what becomes of it."""

    def __init__(self, resource: Resource[t.Any], store: t.Any, params: Params) -> None:
        self.resource = resource
        self.store = store
        self.params = params
        self.listed: list[Record] = store.read_all()
        self._whole: dict[t.Any, Record | ApiError | None] = {}
        self._described: dict[t.Any, int] = {}

    def settled(self, entry: Record, records: t.Sequence[Record]) -> tuple[Record, t.Sequence[Record]]:
        """An entry, and the records that it means, where its kind knows that some of them are not meant."""
        return entry, records

    def removals(self) -> list[RecordResult]:
        """What goes though it is neither described nor pruned."""
        return []

    def apply(self, items: t.Sequence[RecordResult], runner: PhaseRunner) -> None:
        """Do all that the record results ask for. What fails is noted in its record result."""
        changing = [item for item in items if item.plan.changed]
        runner.apply(Phase(phase, partial(carry, self.store)) for phase in self.resource.phases(changing))

    def items(self) -> tuple[list[RecordResult], list[Problem]]:
        """A plan for each entry and for each record that goes beside, and all that is wrong with them."""
        meant = self._meant()
        removals = self.removals()
        going = {item.target for item in removals}
        pruned = [record for record in self.undescribed() if record["id"] not in going] if self.params["prune"] else []
        self._read([record["id"] for records in (*(one.records for one in meant), pruned) for record in records])
        found, items = [], []
        for index, one in enumerate(meant):
            item, wrong = self._item(index, one)
            items.append(item)
            found += indexed(wrong, self.resource.option, index, item.key) if wrong else []
        self._add_hints(items, going)
        items += removals + [self._removal(record) for record in pruned]
        present = sum(one.entry["state"] == "present" for one in meant)
        found += self._removal_problems(items, len(pruned), present)
        return items, list(dict.fromkeys(found))

    def live(self) -> Live:
        """What the server has, for the comparison with a plan."""
        forms = (form(self.resource, record) for record in self.listed for form in (shown_key, shown_one))
        keys = frozenset(forms)
        server_fields, shared_fields = self.resource.server_fields, self.resource.shared_fields
        return Live(self._live_of, lambda key: key not in keys, server_fields, shared_fields)

    def _live_of(self, item: RecordResult) -> Record | None:
        """The live record that a result is about."""
        whole = self._whole.get(item.target)
        return None if isinstance(whole, ApiError) else whole

    def undescribed(self) -> list[Record]:
        """What is live, not described and not kept."""
        return [
            record
            for record in self.listed
            if record["id"] not in self._described and not _is_kept(self.resource, record, self.params["prune_keep"])
        ]

    def _meant(self) -> list[_Meant]:
        """The entries, each with what it means."""
        resource, index_of, meant = self.resource, Index(self.resource, self.listed), []
        merged = merged_records(self.params, resource.option, resource.entry, resource.called_by)
        for index, (described, unresolved) in enumerate(resource.resolve(self.store, list(merged))):
            found = index_of.find(described)
            entry, records = self.settled(described, found.records)
            problems = found.problems if len(records) != 1 else self._taken(index, records[0]["id"])
            former = found.former if found.fitting else ()
            meant.append(_Meant(entry, records, former, unresolved, problems, found.alike))
            if len(records) != 1:
                self._described.update(dict.fromkeys((record["id"] for record in records), index))
        for one in meant:
            others = [record for record in one.former if record["id"] not in self._described]
            one.problems += [both_live(resource, one.entry, others)] if others else []
        return meant

    def _taken(self, index: int, target: t.Any) -> list[Problem]:
        """The problem that an earlier entry means this live record already."""
        first = self._described.setdefault(target, index)
        if first == index:
            return []
        noun, other = self.resource.noun, f"{self.resource.option}[{first}]"
        return [Problem("", f"means the live {noun} {target}, and so does {other}")]

    def _read(self, targets: t.Sequence[t.Any]) -> None:
        """Read whole what is to be compared; where reading fails, the error stands in place of the record."""
        if self.resource.listed_whole:
            self._whole = {record["id"]: record for record in self.listed}
            return

        def read(target: t.Any) -> bool:
            try:
                self._whole[target] = self.store.read(target)
            except ApiError as exc:
                exc.subject = f"{self.resource.kind} with id {quote(target)}"
                self._whole[target] = exc
            return True

        run_each(read, list(dict.fromkeys(targets)), self.params["concurrency"])

    def _item(self, index: int, one: _Meant) -> tuple[RecordResult, list[Problem]]:
        """The plan for an entry, and why it must not be carried out."""
        resource, entry, key = self.resource, one.entry, key_of(self.resource, one.entry)
        target = one.records[0]["id"] if len(one.records) == 1 else None
        live = self._whole.get(target)
        if isinstance(live, ApiError):
            return _unread(index, key, resource.kind, target, live), [*one.unresolved, *one.problems]
        item = RecordResult(index, key, resource.kind, NOTHING, target)
        if live is not None and not one.problems and resource.is_as_described(entry, live):
            return item, [*one.unresolved]
        desired = resource.desired(entry)
        plan = planned(resource, entry, live, desired)
        if plan.changed:
            item.plan = plan
            item.described = resource.sent_fields(entry, desired, live)
            item.replan = replanning(plan, partial(checked_plan, resource, entry, desired, item.header))
        warnings = [*one.alike, *resource.plan_warnings(entry, plan)]
        item.warnings = tuple(f"{item.header}: {text}" for text in warnings)
        return item, [*one.unresolved, *(one.problems or plan_problems(resource, entry, plan, desired))]

    def _add_hints(self, items: t.Iterable[RecordResult], going: t.Container[t.Any]) -> None:
        """Warn where a new record is probably one that is live under another name, and described by no entry."""
        others = [one for one in self.listed if one["id"] not in self._described and one["id"] not in going]
        undescribed = Undescribed(self.resource, others)
        for item in items:
            if item.plan.action == "created" and item.described is not None:
                item.warnings += tuple(f"{item.header}: {text}" for text in undescribed.hint(item.described))

    def _removal(self, record: Record) -> RecordResult:
        resource, live = self.resource, self._whole[record["id"]]
        key = shown_key(resource, record)
        if isinstance(live, ApiError):
            return _unread(None, key, resource.kind, record["id"], live)
        return removal(resource, live, record["id"], key, self.params["prune_keep"])

    def _removal_problems(self, items: t.Iterable[RecordResult], pruned: int, present: int) -> list[Problem]:
        """Why records must not go: those that something uses, and more than the task may remove."""
        resource, params = self.resource, self.params
        going = {item.target: item for item in items if item.plan.action == "deleted"}
        found = resource.removal_problems(params) if pruned else []
        if params["prune"]:
            found += prune_problems(limit_of(params), removed=pruned, live=len(self.listed), described=present)
        for target, problem in resource.in_use(self.store, params, going).items():
            item = going[target]
            if item.index is None:
                found.append(Problem("", f"{item.header} {problem.message}"))
            else:
                found += indexed([problem], resource.option, item.index, item.key)
        return found


def carry(store: t.Any, item: RecordResult, plan: Plan | None = None) -> None:
    """Write one record, after its own plan or another one, and note what a user should know of it."""
    plan = plan or item.plan
    done = store.apply(item.target, plan, t.cast(Replan, item.replan))
    if done.plan is not plan:
        item.plan = done.plan
    texts = after_write(item.target, item.described, done)
    item.warnings += tuple(f"{item.header}: {text}" for text in texts)
    if done.stored is not None:
        item.target = done.stored["id"]


def removal(
    resource: Resource[t.Any], live: Record | None, target: t.Any, key: str, keep: t.Sequence[str]
) -> RecordResult:
    """The record result by which a record that nobody described goes.

    It stays where one of the patterns `keep` fits what it is called by the time when it is to go.
    """

    def absent(live: Record | None) -> Plan:
        stays = live is not None and _is_kept(resource, live, keep)
        return NOTHING if stays else plan_absent(without_server_fields(resource, live))

    item = RecordResult(None, key, resource.kind, absent(live), target)
    item.replan = absent
    return item


def shown_key(resource: Resource[t.Any], record: Record) -> str:
    """What a live record that nobody describes is called in results and errors."""
    return quote(record.get(resource.name) or f"id {record['id']}")


def shown_one(resource: Resource[t.Any], record: Record) -> str:
    """What one of several records of one name is called there."""
    return quote(f"{record.get(resource.name)} (id {record['id']})")


def _is_kept(resource: Resource[t.Any], record: Record, keep: t.Sequence[str]) -> bool:
    return is_kept([record.get(name) for name in resource.called_by if name != "id"], keep)


def _unread(index: int | None, key: str, kind: str, target: t.Any, error: ApiError) -> RecordResult:
    item = RecordResult(index, key, kind, NOTHING, target)
    item.fail(str(error), error.details())
    return item
