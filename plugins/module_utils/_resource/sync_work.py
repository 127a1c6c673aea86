# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task about many records does, whatever their kind: what each entry means, its plan, and the write."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from functools import partial

from .._engine.plan import NOTHING, Plan, plan_absent
from .._engine.prune import PruneLimit, is_kept, prune_limit, prune_problems
from .._engine.record_result import RecordResult
from .._engine.schema import Problem
from .._engine.secret import Record
from .._http.errors import ApiError
from .base import Context, raise_problems
from .former_names import Undescribed, both_live, is_renamed, taken_name
from .handed_over import handed_over, unless_kept
from .index import Index
from .interface import Params, Resource
from .live import LiveRecords
from .phases import Phase, PhaseRunner, indexed, merged_records
from .planning import (
    checked_plan,
    key_of,
    known_fields,
    listed_key,
    plan_problems,
    planned,
    without_server_fields,
)
from .write import Replan, replanning
from .written import after_write, creation_anew, written


@dataclass
class _Meant:
    """An entry, the live records that it means, others with a name that it had before, and what is wrong with them."""

    entry: Record
    records: t.Sequence[Record]
    former: t.Sequence[Record]
    unresolved: t.Sequence[Problem]
    problems: t.Sequence[Problem]
    alike: t.Sequence[Problem]


class SyncWork:
    """One task about many records: what is live, what is described, and what becomes of it."""

    def __init__(self, resource: Resource[t.Any], store: t.Any, params: Params, context: Context, name: str) -> None:
        self.resource = resource
        self.store = store
        self.params = params
        self.live = LiveRecords(resource, store, params, context, name)
        self._name = name
        self._warn = context.warn
        self._shown = known_fields(resource, params)
        self._described: dict[t.Any, int] = {}

    def settled(self, entry: Record, records: t.Sequence[Record]) -> tuple[Record, t.Sequence[Record]]:
        """An entry, and the records that it means, where its kind knows that some of them are not meant."""
        return entry, records

    def extra_removals(self) -> list[RecordResult]:
        """What goes though it is neither described nor pruned."""
        return []

    def apply(self, items: t.Sequence[RecordResult], runner: PhaseRunner) -> None:
        """Do all that the record results ask for. What fails is noted in its record result."""
        changing = [item for item in items if item.plan.changed]
        carry = unless_kept(self.resource.name, changing, partial(apply_item, self.resource, self.store))
        runner.apply(Phase(phase, carry) for phase in self.resource.phases(changing))

    def items(self) -> list[RecordResult]:
        """A plan for each entry and for each record that goes beside. Raises an `InputError` with all that is wrong."""
        resource, meant = self.resource, self._meant()
        extra = self.extra_removals()
        going = {item.target for item in extra}
        others = self._others() if self.params["prune"] or resource.is_read_by_name else []
        others = [record for record in others if record[resource.key] not in going]
        needed = (*(one.records for one in meant), others)
        self.live.read(record[resource.key] for records in needed for record in records)
        found, items = [], []
        for index, one in enumerate(self.live.each(meant)):
            item, wrong = self._item(index, one)
            items.append(item)
            found += self._placed(item, wrong)
        found += self._server_problems([one.entry for one in meant], items)
        self._add_hints(items, going)
        removals = [self._removal(record) for record in self.live.each(others) if self._goes(record)]
        present = sum(one.entry["state"] == "present" for one in meant)
        found += self._prune_problems(len(others), removals, present) if self.params["prune"] else []
        items += extra + removals
        found += self._taken_names(items)
        raise_problems(self._name, list(dict.fromkeys(found + self._used_problems(items))))
        return items

    def undescribed(self) -> list[Record]:
        """What is live, not described and not kept."""
        key = self.resource.key
        return [record for record in self._others() if isinstance(self.live.of(record[key], record), dict)]

    def _meant(self) -> list[_Meant]:
        """The entries, each with what it means."""
        resource, params, listed = self.resource, self.params, self.live.listed
        merged = merged_records(params, resource.option, resource.entry, resource.called_by)
        index_of, meant = Index(resource, listed), []
        with self.live.reading():
            resolved = resource.resolve(self.store, list(merged), listed)
        means = handed_over(resource, index_of, [described for described, _unresolved in self.live.each(resolved)])
        for index, ((described, unresolved), found) in enumerate(zip(resolved, means)):
            entry, records = self.settled(described, found.records)
            problems = found.problems if len(records) != 1 else self._taken(index, records[0][resource.key])
            former = found.former if found.fitting else ()
            meant.append(_Meant(entry, records, former, unresolved, problems, found.alike))
        for one in meant:
            others = [record for record in one.former if record[resource.key] not in self._described]
            one.problems = [*one.problems, *([both_live(resource, one.entry, others)] if others else [])]
        if resource.is_read_by_name:
            # What is misnamed would be read as if it were another.
            placed: list[Problem] = []
            for index, one in enumerate(meant):
                wrong = [*one.unresolved, *one.problems]
                placed += indexed(wrong, resource.option, index, key_of(resource, one.entry))
            raise_problems(self._name, placed)
        return meant

    def _taken(self, index: int, target: t.Any) -> list[Problem]:
        """The problem that an earlier entry means this live record already."""
        first = self._described.setdefault(target, index)
        if first == index:
            return []
        noun, other = self.resource.noun, f"{self.resource.option}[{first}]"
        return [Problem("", f"means the live {noun} {target}, and so does {other}")]

    def _others(self) -> list[Record]:
        """What is listed, not described and not kept."""
        resource, keep = self.resource, self.params["prune_keep"]
        return [
            record
            for record in self.live.each(self.live.listed)
            if record[resource.key] not in self._described and not _is_kept(resource, record, keep)
        ]

    def _goes(self, record: Record) -> bool:
        """Whether there is a result about a record that nobody described: it is removed, or could not be read."""
        live = self.live.of(record[self.resource.key])
        return isinstance(live, ApiError) or (live is not None and bool(self.params["prune"]))

    def _begun(self, index: int | None, key: str, target: t.Any) -> RecordResult:
        """A result that plans nothing yet, and has failed where the record could not be read."""
        item = RecordResult(index, key, self.resource.label or self.resource.kind, NOTHING, target)
        live = self.live.of(target)
        if isinstance(live, ApiError):
            item.fail(str(live), live.details())
        return item

    def _item(self, index: int, one: _Meant) -> tuple[RecordResult, list[Problem]]:
        """The plan for an entry, and why it must not be carried out."""
        resource, entry = self.resource, one.entry
        target = one.records[0][resource.key] if len(one.records) == 1 else None
        item, live = self._begun(index, key_of(resource, entry), target), self.live.of(target)
        if isinstance(live, ApiError):
            return item, [*one.unresolved, *one.problems]
        if live is not None and not one.problems and resource.is_as_described(entry, live):
            return item, [*one.unresolved]
        desired = resource.desired(entry, self._shown)
        plan = planned(resource, entry, live, desired)
        item.warnings = tuple(f"{item.header}: {text}" for text in (*one.alike, *resource.plan_warnings(entry, plan)))
        if plan.changed:
            item.plan = plan
            item.described = resource.sent_fields(entry, desired, live)
            anew = partial(creation_anew, resource, entry, desired, item.header)
            item.replan = replanning(plan, partial(checked_plan, resource, entry, desired, item.header), anew)
        return item, [*one.unresolved, *(one.problems or plan_problems(resource, entry, plan, desired))]

    def _placed(self, item: RecordResult, problems: t.Sequence[Problem]) -> list[Problem]:
        """The problems of one record, each with the record's place in the list, if it is in it."""
        if item.index is None:
            return [Problem("", f"{item.header} {problem.message}") for problem in problems]
        return indexed(problems, self.resource.option, item.index, item.key)

    def _add_hints(self, items: t.Iterable[RecordResult], going: t.Container[t.Any]) -> None:
        """Warn where a new record is probably one that is live under another name, and described by no entry."""
        created = [(item, item.described) for item in items if item.plan.action == "created" and item.described]
        key, listed = self.resource.key, self.live.each(self.live.listed if created else ())
        others = [one for one in listed if one[key] not in self._described and one[key] not in going]
        undescribed = Undescribed(self.resource, others)
        for item, described in created:
            item.warnings += tuple(f"{item.header}: {text}" for text in undescribed.hint(described))

    def _server_problems(self, entries: t.Sequence[Record], items: t.Sequence[RecordResult]) -> list[Problem]:
        plans = [(entry, item.plan) for entry, item in zip(entries, items)]
        against = self.resource.server_problems(self.store, plans, lambda text: self._warn(f"{self._name}: {text}"))
        return [problem for item, problems in zip(items, against) for problem in self._placed(item, problems)]

    def _taken_names(self, items: t.Sequence[RecordResult]) -> list[Problem]:
        """Problems for records that would get the name of one that neither goes nor gets another name itself."""
        renamed = [item for item in items if is_renamed(self.resource, item.plan)]
        if not renamed:
            return []
        leaving = {item.target for item in (*renamed, *(item for item in items if item.plan.action == "deleted"))}
        return [
            problem
            for item in renamed
            for problem in self._placed(
                item, taken_name(self.resource, item.plan, item.target, self.live.listed, leaving)
            )
        ]

    def _used_problems(self, items: t.Iterable[RecordResult]) -> list[Problem]:
        going = {item.target: item for item in items if item.plan.action == "deleted"}
        used = self.resource.in_use(self.store, self.params, going)
        return [found for target, problem in used.items() for found in self._placed(going[target], [problem])]

    def _prune_problems(self, others: int, removals: t.Sequence[RecordResult], present: int) -> list[Problem]:
        """Why so much must not go. What is kept counts as live without being read."""
        unread = sum(record[self.resource.key] not in self._described for record in self.live.listed) - others
        removed = sum(item.plan.changed for item in removals)
        found = self.resource.removal_problems(self.params) if removals else []
        live, limit = self.live.count(unread), t.cast(PruneLimit, prune_limit(self.params["prune_limit"]))
        return found + prune_problems(limit, removed=removed, live=live, described=present)

    def _removal(self, record: Record) -> RecordResult:
        target = record[self.resource.key]
        item = self._begun(None, listed_key(self.resource, record), target)
        if not item.failed:
            plan_removal(self.resource, item, t.cast("Record | None", self.live.of(target)), self.params["prune_keep"])
        return item


def apply_item(resource: Resource[t.Any], store: t.Any, item: RecordResult, plan: Plan | None = None) -> None:
    """Write one record, after its own plan or another one, and note what a user should know of it."""
    plan = plan or item.plan
    done = written(resource, store, item.target, plan, t.cast(Replan, item.replan), item.described)
    if done.plan is not plan:
        item.plan = done.plan
    texts = after_write(resource, item.target, item.described, plan, done)
    item.warnings += tuple(f"{item.header}: {text}" for text in texts)
    if done.stored is not None:
        item.target = done.stored.get(resource.key, item.target)


def plan_removal(
    resource: Resource[t.Any], item: RecordResult, live: Record | None, keep: t.Sequence[str] = ()
) -> None:
    """Let a record result remove a record that nobody described.

    It stays where one of the patterns `keep` fits what it is called by the time when it is to go.
    """

    def absent(live: Record | None) -> Plan:
        stays = live is not None and _is_kept(resource, live, keep)
        return NOTHING if stays else plan_absent(without_server_fields(resource, live))

    item.plan, item.replan = absent(live), absent


def _is_kept(resource: Resource[t.Any], record: Record, keep: t.Sequence[str]) -> bool:
    return is_kept([record.get(name) for name in resource.called_by if name != "id"], keep)
