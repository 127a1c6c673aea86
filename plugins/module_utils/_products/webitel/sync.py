# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The email settings of many Webitel domains in one task: concurrent reads, one plan, then the writes."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._engine import result as report
from ..._engine.apply import Progress, run_each
from ..._engine.plan import plan_absent
from ..._engine.prune import is_kept, prune_problems
from ..._engine.record_result import Verdict, repeated_keys, result_of_all
from ..._engine.schema import Problem
from ..._engine.secret import Record
from ..._engine.verify_plan import review
from ..._http.errors import ApiError, quote
from ..._resource.base import Context, Params, raise_problems, webitel_problems
from ..._resource.phases import Fleet, Phase, fleet_problems, indexed, limit_of, merged_records, progress_of
from ..._resource.write import Replan, replanning
from .settings import checked_plan, described, desired_record, domain_key, input_problems, make_plan, plan_problems
from .store import SettingsStore

_NAME = "email_settings_sync"
_KIND = "email_settings of"
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
    """What C(email_settings_sync) is about."""
    return _NAME


def problems(params: Params) -> list[Problem]:
    """What is wrong with the options of C(email_settings_sync), every record's among them."""
    found = webitel_problems(params) + fleet_problems(params, "settings")
    entries = list(merged_records(params, "settings", _FIELDS_OF_ENTRY))
    for index, entry in enumerate(entries):
        if entry["domain"] is None:
            found.append(Problem(f"settings[{index}].domain", "is missing"))
        else:
            found += indexed(input_problems(entry), "settings", index, entry["domain"])
    domains = [domain_key(entry["domain"]) if entry["domain"] else index for index, entry in enumerate(entries)]
    return found + repeated_keys([("domain", domain) for domain in domains], "settings")


def sync(params: Params, context: Context) -> dict[str, t.Any]:
    """C(email_settings_sync): bring the settings of all described domains to their state, remove others if asked to."""
    with context.connections.settings(params, _NAME, context) as store:
        described_domains = [entry["domain"] for entry in merged_records(params, "settings", _FIELDS_OF_ENTRY)]
        asked = params["prune"] or params["undescribed"]
        others, kept = _undescribed(store, described_domains, params) if asked else ([], 0)
        all_domains = [*described_domains, *others]
        progress = progress_of(_NAME, len(all_domains), params, context, doing="read")
        live = _read(store, all_domains, params["concurrency"], progress)
        verdicts = _verdicts(others, live, params, kept)
        more = review(params["plan"], verdicts, lambda verdict: verdict.plan.before, params["api_url"], _NAME)
        if params["undescribed"]:
            more["undescribed"] = [{"domain": domain} for domain in others if isinstance(live[domain], dict)]
        if not context.check_mode:
            carry = partial(_carry, store)
            writes = [verdict for verdict in verdicts if verdict.plan.changed and verdict.plan.after is not None]
            deletions = [verdict for verdict in verdicts if verdict.plan.changed and verdict.plan.after is None]
            Fleet(verdicts, _NAME, params, context).carry_out([Phase(writes, carry), Phase(deletions, carry)])
    for verdict in verdicts:
        for warning in verdict.warnings:
            context.warn(warning)
    return {**result_of_all(verdicts, _NAME, context.times_retried, with_diff=context.diff_mode), **more}


def _undescribed(store: SettingsStore, domains: t.Sequence[str], params: Params) -> tuple[list[str], int]:
    """The server's domains that no entry describes and no pattern keeps, and how many are kept."""
    known = {domain_key(domain) for domain in domains}
    undescribed = [domain for domain in store.domain_names() if domain_key(domain) not in known]
    others = [domain for domain in undescribed if not is_kept([domain], params["prune_keep"])]
    return others, len(undescribed) - len(others)


def _read(store: SettingsStore, domains: t.Sequence[str], concurrency: int, progress: Progress) -> _Live:
    """The live settings of each domain; where reading failed, the error in place of them."""
    live: _Live = {}

    def read(domain: str) -> bool:
        try:
            live[domain] = store.read(domain)
        except ApiError as exc:
            exc.subject = f"{_KIND} {quote(domain)}"
            live[domain] = exc
        progress.count()
        return True

    run_each(read, domains, concurrency)
    return live


def _verdicts(others: t.Sequence[str], live: _Live, params: Params, kept: int) -> list[Verdict]:
    """A plan for each entry, and for each domain to prune. Raises an InputError with all that is wrong with them.

    C(kept) is the number of undescribed domains that are kept; they count as live without being read.
    """
    found: list[Problem] = []
    verdicts = []
    present = 0
    for index, entry in enumerate(merged_records(params, "settings", _FIELDS_OF_ENTRY)):
        present += entry["state"] == "present"
        domain, record = entry["domain"], live[entry["domain"]]
        if isinstance(record, ApiError):
            verdicts.append(_unread(index, domain, record))
            continue
        desired = desired_record(entry)
        plan = make_plan(entry, record, desired)
        found += indexed(plan_problems(plan), "settings", index, domain)
        verdict = Verdict(index, quote(domain), _KIND, plan, domain)
        if plan.changed:
            verdict.described = described(plan, desired)
            verdict.replan = replanning(plan, partial(checked_plan, entry, desired, verdict.header))
        verdicts.append(verdict)
    pruned = 0
    for domain in others:
        record = live[domain]
        if isinstance(record, ApiError):
            verdicts.append(_unread(None, domain, record))
        elif record is not None and params["prune"]:
            pruned += 1
            verdict = Verdict(None, quote(domain), _KIND, plan_absent(record), domain)
            verdict.replan = plan_absent
            verdicts.append(verdict)
    if params["prune"]:
        there = kept + sum(isinstance(record, dict) for record in live.values())
        found += prune_problems(limit_of(params), removed=pruned, live=there, described=present)
    raise_problems(_NAME, found)
    return verdicts


def _unread(index: int | None, domain: str, error: ApiError) -> Verdict:
    verdict = Verdict(index, quote(domain), _KIND, plan_absent(None), domain)
    verdict.fail(str(error), error.details())
    return verdict


def _carry(store: SettingsStore, verdict: Verdict) -> None:
    done = store.make_so(verdict.target, verdict.plan, t.cast(Replan, verdict.replan))
    verdict.plan = done.plan
    if done.stored is not None and verdict.described is not None:
        differences = report.stored_otherwise(verdict.described, done.stored)
        verdict.warnings += tuple(f"{verdict.header}: {text}" for text in differences)
