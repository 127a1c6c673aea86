# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The email settings of many Webitel domains in one task: concurrent reads, one plan, then the writes."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._engine import result as report
from ..._engine.apply import Progress, run_each
from ..._engine.names import alike_message
from ..._engine.plan import plan_absent
from ..._engine.planned_outcome import Live
from ..._engine.prune import is_kept, prune_problems
from ..._engine.record_result import RecordResult, note_rewritten, repeated_keys, result_of_all
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
from .domains import spelled_by_server, spelled_otherwise
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
    "unknown_domain": "fail",
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
    domain: str | None = entry["domain"]
    # Case tells domains apart on the server, a final dot is of no use there.
    return domain.rstrip(".") if domain and not may_hold_password(domain) else index


def sync(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_settings_sync`: bring the settings of all described domains to their state, remove others if asked to."""
    with context.store(WEBITEL, params, _NAME) as store:
        described_domains = [
            entry["domain"] for entry in merged_records(params, "settings", _FIELDS_OF_ENTRY, ("domain",))
        ]
        asked = params["prune"] or params["undescribed"]
        others, kept = _undescribed(store, described_domains, params) if asked else ([], 0)
        all_domains = [*described_domains, *others]
        progress = progress_of(_NAME, len(all_domains), params, context, doing="read")
        live = _read(store, all_domains, params["concurrency"], progress)
        items, found = _items(others, live, params, kept)
        raise_problems(_NAME, found + _unknown_domains(store, items, params, context))
        _refuse_alike(store, live, params)
        # Of a domain that was not read nobody knows whether it still has settings.
        gone = frozenset(quote(domain) for domain, record in live.items() if record is None)
        known = Live(lambda item: item.plan.before, gone.__contains__)
        more = verify_plan(params["plan"], items, known, params["api_url"], _NAME)
        if params["undescribed"]:
            more["undescribed"] = [{"domain": domain} for domain in others if isinstance(live[domain], dict)]
        if context.check_mode:
            note_rewritten(items)
        else:
            carry = partial(_carry, store)
            writes = [item for item in items if item.plan.changed and item.plan.after is not None]
            deletions = [item for item in items if item.plan.changed and item.plan.after is None]
            PhaseRunner(items, _NAME, params, context).apply([Phase(writes, carry), Phase(deletions, carry)])
    for warning in [*unmet_names(params, "settings", ("domain",)), *(text for item in items for text in item.warnings)]:
        context.warn(warning)
    return {**result_of_all(items, _NAME, context.times_retried, with_diff=context.diff_mode), **more}


def _refuse_alike(store: SettingsStore, live: _Live, params: Params) -> None:
    """Raise an InputError where a domain without settings has them in another spelling."""
    found: list[Problem] = []
    for index, entry in enumerate(merged_records(params, "settings", _FIELDS_OF_ENTRY)):
        domain = entry["domain"]
        other = store.alike(domain) if live[domain] is None and entry["state"] == "present" else None
        if other is not None:
            message = alike_message(domain, other, "Write it as the server has it")
            found += indexed([Problem("domain", message)], "settings", index, quote(domain))
    raise_problems(_NAME, found)


def _undescribed(store: SettingsStore, domains: t.Sequence[str], params: Params) -> tuple[list[str], int]:
    """The server's domains that no entry describes and no pattern keeps, and how many are kept.

    Raises an InputError where an entry describes one of them in another spelling.
    """
    instead = "describe each with its domain, those to remove with state=absent, and leave prune and undescribed out"
    known = store.domain_names(instead)
    spellings = spelled_by_server(domains, known)
    found = [
        Problem(f"settings[{index}].domain", spelled_otherwise(domain, spellings[domain]))
        for index, domain in enumerate(domains)
        if domain in spellings
    ]
    raise_problems(_NAME, found)
    names = frozenset(domains)
    undescribed = [domain for domain in known if domain not in names]
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


def _items(others: t.Sequence[str], live: _Live, params: Params, kept: int) -> tuple[list[RecordResult], list[Problem]]:
    """A plan for each entry, and for each domain to prune, and all that is wrong with them.

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
        item.warnings = tuple(f"{item.header}: {text}" for text in plan_warnings(entry, plan))
        if plan.changed:
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
    return items, found


def _unknown_domains(
    store: SettingsStore, items: t.Sequence[RecordResult], params: Params, context: Context
) -> list[Problem]:
    """The domains of settings to be created that the server does not have."""
    entries = enumerate(merged_records(params, "settings", _FIELDS_OF_ENTRY))
    asked = {index for index, entry in entries if entry["unknown_domain"] == "fail"}
    created = {item.index: item.target for item in items if item.plan.action == "created" and item.index in asked}
    unknown = store.unknown_domains(list(created.values()), lambda text: context.warn(f"{_NAME}: {text}"))
    return [
        Problem(f"settings[{index}].domain", unknown[domain]) for index, domain in created.items() if domain in unknown
    ]


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
