# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan that binds: what people reviewed, held against what a task reads and would do now. Pure.

Each record has a fingerprint of its live state and of its planned one. Secrets count in it as the markers that
reviewers see, so that nobody can guess at a password with the help of a plan; with a key they count themselves.
"""

from __future__ import annotations

import typing as t

from . import secret
from .digests import canonical, digest
from .plan import Plan
from .planned_outcome import Entry, Live, Outcomes
from .record_result import RecordResult
from .result import render
from .schema import InputError, Problem
from .secret import Password, Record, Secret

Replan = t.Callable[[t.Optional[Record]], Plan]


class StalePlan(InputError):
    """What the task reads or would do is not what was reviewed. Raised before anything is written."""

    def details(self) -> dict[str, t.Any]:
        """The error as data, for the `failure` of a result."""
        return {**super().details(), "kind": "plan"}


def verify_plan(
    option: t.Mapping[str, t.Any] | None, items: t.Sequence[RecordResult], live: Live, server: str, subject: str
) -> dict[str, t.Any]:
    """Do what the option `plan` asks for. Returns what it adds to the task's result.

    `live` is what the server has. Raises `StalePlan` where the record results are not what was reviewed; with `done` of
    the option what is already as planned is no reason for it.
    """
    if option is None:
        return {}
    prints = fingerprints(items, live, server, option.get("key"))
    outcomes = Outcomes(live, server, option.get("key"))
    foretold = [outcomes.foretold(item) for item in items]
    if option.get("reviewed") is not None:
        verify_records(option["reviewed"], items, prints, subject, outcomes if option.get("done") == "accept" else None)
    return {"fingerprints": prints, "outcomes": foretold}


def fingerprints(items: t.Sequence[RecordResult], live: Live, server: str, key: Password | None) -> list[str]:
    """The fingerprint of each record result: of the live record, what should become of it, and on which server."""
    return [_fingerprint(item, live.of(item), server, key) for item in items]


def _fingerprint(item: RecordResult, live: Record | None, server: str, key: Password | None) -> str:
    planned = item.plan.after if item.plan.changed else live
    before, after = render(live, planned)
    secrets = [_secrets_of(live, key), _secrets_of(planned, key)] if key else []
    return digest(canonical([server, item.key, _action(item), before, after, secrets]), key)


def _secrets_of(data: t.Any, key: Password) -> t.Any:
    """The same data with each secret as a digest that nobody makes without the key."""
    if isinstance(data, Secret):
        return None if secret.is_hidden(data) else digest(canonical(secret.reveal(data)), key)
    if isinstance(data, dict):
        return {name: _secrets_of(value, key) for name, value in data.items()}
    if isinstance(data, list):
        return [_secrets_of(item, key) for item in data]
    return None


def verify_records(
    reviewed: t.Sequence[Entry],
    items: t.Sequence[RecordResult],
    prints: t.Sequence[str],
    subject: str,
    outcomes: Outcomes | None = None,
) -> None:
    """Raise `StalePlan`, with each record that moved, unless the record results are what was reviewed.

    With `outcomes` a record may also be what the plan makes of it.
    """
    planned = _by_record((str(entry["record"]), _said(entry), entry["fingerprint"]) for entry in reviewed)
    present = _by_record(
        (item.key, _said({"action": _action(item), "changed_fields": item.plan.changed_fields}), found)
        for item, found in zip(items, prints)
    )
    moved = [record for record in dict.fromkeys([*planned, *present]) if planned.get(record) != present.get(record)]
    if outcomes is not None and moved:
        moved = _not_done(moved, reviewed, items, outcomes)
    if moved:
        words = ((record, _moved(planned.get(record, []), present.get(record, []))) for record in moved)
        problems = [Problem("plan", f"{record}: {how}") for record, how in words]
        raise StalePlan(f"{subject}: not what was reviewed, so nothing was written; plan again", problems)
    for item in items:
        if item.replan is not None:
            item.replan = _bound(item, item.plan, item.replan)


def _not_done(
    records: t.Iterable[str], reviewed: t.Sequence[Entry], items: t.Sequence[RecordResult], outcomes: Outcomes
) -> list[str]:
    """Those of the records that are not what the plan makes of them either."""
    entries_of: dict[str, list[Entry]] = {}
    items_of: dict[str, list[RecordResult]] = {}
    for entry in reviewed:
        entries_of.setdefault(str(entry["record"]), []).append(entry)
    for item in items:
        items_of.setdefault(item.key, []).append(item)
    return [
        record
        for record in records
        if record not in entries_of or not outcomes.came_true(entries_of[record], items_of.get(record, []))
    ]


def _said(entry: Entry) -> str:
    """An action in words, with the fields of an update."""
    fields = ", ".join(entry.get("changed_fields") or ())
    return f"{entry['action']} ({fields})" if entry["action"] == "updated" and fields else str(entry["action"])


def _bound(item: RecordResult, plan: Plan, replan: Replan) -> Replan:
    """What makes a plan anew while it is carried out: the reviewed one again, or that nothing is left of it to do."""

    def bound(live: Record | None) -> Plan:
        again = replan(live)
        is_done = live is None if plan.after is None else live is not None and not again.changed
        if not is_done and not _is_same(again, plan, item.own_effects):
            message = "the record changed while the plan was carried out; plan again"
            raise StalePlan(item.header, [Problem("plan", message)])
        return again

    return bound


def _is_same(again: Plan, plan: Plan, own_effects: Record) -> bool:
    """Whether a plan that was made anew does the same to the same record, but for what this task did to it itself."""
    return (
        again.action == plan.action
        and _without_effects(again.before, plan.before, own_effects) == plan.before
        and _without_effects(again.after, plan.after, own_effects) == plan.after
    )


def _without_effects(now: Record | None, planned: Record | None, own_effects: Record) -> Record | None:
    if now is None or planned is None:
        return now
    effects = [name for name, value in own_effects.items() if name in planned and now.get(name) == value]
    return {**now, **{name: planned[name] for name in effects}}


def _by_record(entries: t.Iterable[tuple[str, str, str]]) -> dict[str, list[tuple[str, str]]]:
    """What is said of each record, with its fingerprint; two records may have one name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for record, said, fingerprint in entries:
        found.setdefault(record, []).append((said, fingerprint))
    return {record: sorted(said) for record, said in found.items()}


def _action(item: RecordResult) -> str:
    return "failed" if item.failed else item.plan.action


def _moved(planned: t.Sequence[tuple[str, str]], present: t.Sequence[tuple[str, str]]) -> str:
    """In words, how one record is not as it was planned."""
    before, now = (", ".join(said for said, _print in entries) for entries in (planned, present))
    if not planned:
        return f"is not in the plan, and now: {now}"
    if not present:
        return f"was planned ({before}), and is neither described nor to be removed any more"
    if before != now:
        return f"was planned: {before}; now: {now}"
    return f"was planned ({now}), and what is live or described is something else now"
