# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The email settings of many Webitel domains in one task: concurrent reads, one plan, then the writes."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._engine import result as report
from ..._engine.apply import Progress, run_each
from ..._engine.names import alike_message, domain_key, look
from ..._engine.plan import plan_absent
from ..._engine.prune import is_kept, prune_problems
from ..._engine.record_result import RecordResult, repeated_keys, result_of_all
from ..._engine.schema import Problem
from ..._engine.secret import Record
from ..._engine.shown import may_hold_password, shown
from ..._engine.verify_plan import verify_plan
from ..._http.errors import ApiError, quote
from ..._resource.base import Context, connection_problems, raise_problems
from ..._resource.interface import Params
from ..._resource.phases import (
    Phase,
    PhaseRunner,
    fleet_problems,
    indexed,
    limit_of,
    merged_records,
    progress_of,
    unmet_names,
)
from ..._resource.write import Replan, replanning
from .product import WEBITEL
from .settings import (
    checked_plan,
    described,
    desired_record,
    input_problems,
    make_plan,
    plan_problems,
    plan_warnings,
)
from .shown_fields import shown_field_problems, shown_fields
from .store import SettingsStore

_NAME = "email_settings_sync"
_LABEL = "email_settings of"
_FIELDS_OF_ENTRY: t.Final[Record] = {
    "domain": None,
    "provider": "smtp",
    "description": None,
    "from": None,
    "options": None,
    "replace": False,
    "state": "present",
    "update_password": "always",
}
_Live = dict[str, "Record | ApiError | None"]


def subject(_params: Params) -> str:
    """What `email_settings_sync` is about."""
    return _NAME


def problems(params: Params) -> list[Problem]:
    """What is wrong with the options of `email_settings_sync`, every record's among them."""
    found = connection_problems(WEBITEL, params) + fleet_problems(params, "settings") + shown_field_problems(params)
    entries = list(merged_records(params, "settings", _FIELDS_OF_ENTRY, ("domain",)))
    for index, entry in enumerate(entries):
        if entry["domain"] is None:
            found.append(Problem(f"settings[{index}].domain", "is missing"))
        else:
            found += indexed(input_problems(entry), "settings", index, shown(entry["domain"]))
    return found + repeated_keys(
        [("domain", _domain_or(index, entry)) for index, entry in enumerate(entries)], "settings"
    )


def _domain_or(index: int, entry: Record) -> str | int:
    """Which domain an entry is about; its place in the list where that cannot be told, or not be repeated."""
    domain = entry["domain"]
    return domain_key(domain) if domain and not may_hold_password(domain) else index


def sync(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_settings_sync`: bring the settings of all described domains to their state, remove others if asked to."""
    with context.store(WEBITEL, params, _NAME) as store:
        described_domains = [
            entry["domain"] for entry in merged_records(params, "settings", _FIELDS_OF_ENTRY, ("domain",))
        ]
        asked = params["prune"] or params["undescribed"]
        names = store.domain_names(_INSTEAD) if asked else []
        others, kept = _undescribed(names, described_domains, params)
        all_domains = [*described_domains, *others]
        progress = progress_of(_NAME, len(all_domains), params, context, doing="read")
        live = _read(store, all_domains, params["concurrency"], progress)
        _refuse_alike(store, names, live, params)
        items = _items(others, live, params, kept)
        more = verify_plan(params["plan"], items, lambda item: item.plan.before, params["api_url"], _NAME)
        if params["undescribed"]:
            more["undescribed"] = [{"domain": domain} for domain in others if isinstance(live[domain], dict)]
        if not context.check_mode:
            carry = partial(_carry, store)
            writes = [item for item in items if item.plan.changed and item.plan.after is not None]
            deletions = [item for item in items if item.plan.changed and item.plan.after is None]
            PhaseRunner(items, _NAME, params, context).apply([Phase(writes, carry), Phase(deletions, carry)])
    for warning in [*unmet_names(params, "settings", ("domain",)), *(text for item in items for text in item.warnings)]:
        context.warn(warning)
    return {**result_of_all(items, _NAME, context.times_retried, with_diff=context.diff_mode), **more}


def _refuse_alike(store: SettingsStore, names: t.Sequence[str], live: _Live, params: Params) -> None:
    """Raise an InputError where a domain without settings is on the server in another spelling."""
    exact = set(names)
    by_look = {form: name for name in reversed(names) for form in (domain_key(name), look(name))}
    found: list[Problem] = []
    for index, entry in enumerate(merged_records(params, "settings", _FIELDS_OF_ENTRY)):
        domain = entry["domain"]
        if live[domain] is not None or domain in exact or entry["state"] == "absent":
            continue
        other = by_look.get(domain_key(domain)) or by_look.get(look(domain)) or store.alike(domain)
        if other is not None:
            message = alike_message(domain, other, "Write it as the server has it")
            found += indexed([Problem("domain", message)], "settings", index, quote(domain))
    raise_problems(_NAME, found)


_INSTEAD: t.Final = (
    "describe each with its domain, those to remove with state=absent, and leave prune and undescribed out"
)


def _undescribed(names: t.Sequence[str], domains: t.Sequence[str], params: Params) -> tuple[list[str], int]:
    """Of the server's domains, those that no entry describes and no pattern keeps, and how many are kept."""
    known = {domain_key(domain) for domain in domains}
    undescribed = [domain for domain in names if domain_key(domain) not in known]
    others = [domain for domain in undescribed if not is_kept([domain], params["prune_keep"])]
    return others, len(undescribed) - len(others)


def _read(store: SettingsStore, domains: t.Sequence[str], concurrency: int, progress: Progress) -> _Live:
    """The live settings of each domain; where reading failed, the error in place of them."""
    live: _Live = {}

    def read(domain: str) -> bool:
        try:
            live[domain] = store.read(domain)
        except ApiError as exc:
            exc.subject = f"{_LABEL} {quote(domain)}"
            live[domain] = exc
        progress.count()
        return True

    run_each(read, domains, concurrency)
    return live


def _items(others: t.Sequence[str], live: _Live, params: Params, kept: int) -> list[RecordResult]:
    """A plan for each entry, and for each domain to prune. Raises an InputError with all that is wrong with them.

    `kept` is the number of undescribed domains that are kept; they count as live without being read.
    """
    found: list[Problem] = []
    items = []
    present, known = 0, shown_fields(params)
    for index, entry in enumerate(merged_records(params, "settings", _FIELDS_OF_ENTRY, ("domain",))):
        present += entry["state"] == "present"
        domain, record = entry["domain"], live[entry["domain"]]
        if isinstance(record, ApiError):
            items.append(_unread(index, domain, record))
            continue
        desired = desired_record(entry, known)
        plan = make_plan(entry, record, desired)
        found += indexed(plan_problems(plan), "settings", index, domain)
        item = RecordResult(index, quote(domain), _LABEL, plan, domain)
        if plan.changed:
            item.warnings = tuple(f"{item.header}: {text}" for text in plan_warnings(entry, plan))
            item.described = described(plan, desired)
            item.replan = replanning(plan, partial(checked_plan, entry, desired, item.header))
        items.append(item)
    pruned = 0
    for domain in others:
        record = live[domain]
        if isinstance(record, ApiError):
            items.append(_unread(None, domain, record))
        elif record is not None and params["prune"]:
            pruned += 1
            item = RecordResult(None, quote(domain), _LABEL, plan_absent(record), domain)
            item.replan = plan_absent
            items.append(item)
    if params["prune"]:
        there = kept + sum(isinstance(record, dict) for record in live.values())
        found += prune_problems(limit_of(params), removed=pruned, live=there, described=present)
    raise_problems(_NAME, found)
    return items


def _unread(index: int | None, domain: str, error: ApiError) -> RecordResult:
    item = RecordResult(index, quote(domain), _LABEL, plan_absent(None), domain)
    item.fail(str(error), error.details())
    return item


def _carry(store: SettingsStore, item: RecordResult) -> None:
    done = store.apply(item.target, item.plan, t.cast(Replan, item.replan))
    item.plan = done.plan
    if done.stored is not None and item.described is not None:
        differences = report.stored_otherwise(item.described, done.stored)
        item.warnings += tuple(f"{item.header}: {text}" for text in differences)
