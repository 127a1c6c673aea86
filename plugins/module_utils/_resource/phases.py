# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both tasks about many records share: their options, how verdicts are carried out and told."""

from __future__ import annotations

import time
import typing as t
from dataclasses import dataclass
from functools import partial

from .._engine.apply import Progress, run_each
from .._engine.prune import PruneLimit, prune_limit
from .._engine.record_result import Verdict
from .._engine.schema import InputError, Problem
from .._engine.secret import Record
from .._http.errors import ApiError, CredentialError
from .base import Context, Params

Carry = t.Callable[[Verdict], None]


def merged_records(params: Params, name: str, own_defaults: Record) -> t.Iterator[Record]:
    """The records of option C(name), each with C(defaults) merged under it, at every level, and every field in it.

    One after the other: a second form of all of them would take as much memory as the first.

    C(own_defaults) are the fields of a record and what counts for one that is given nowhere.
    """
    defaults = _merged(own_defaults, params.get("defaults") or {})
    return (_merged(defaults, record) for record in params.get(name) or [])


def _merged(under: Record, over: Record, *, null_counts: bool = False) -> Record:
    """Merge two mappings at every level. A null means an option that was not given; within C(extra) it is a value."""
    merged = dict(under)
    for name, value in over.items():
        if isinstance(value, dict) and isinstance(merged.get(name), dict):
            merged[name] = _merged(merged[name], value, null_counts=null_counts or name == "extra")
        elif value is not None or null_counts or name not in merged:
            merged[name] = value
    return merged


def fleet_problems(params: Params, name: str) -> list[Problem]:
    """What is wrong with the options that tell how the records are brought to their state."""
    problems = []
    if params["concurrency"] is not None and not 1 <= params["concurrency"] <= 64:
        problems.append(Problem("concurrency", "must be from 1 to 64"))
    if params["rate_limit"] is not None and params["rate_limit"] <= 0:
        problems.append(Problem("rate_limit", "must be more than 0 requests per second"))
    if params["prune_limit"] is not None and prune_limit(params["prune_limit"]) is None:
        problems.append(Problem("prune_limit", "must be a number of records, or a share such as 25%"))
    unread = [source for source in ("src", "document") if params[source] is not None]
    problems += [
        Problem(source, "is read on the controller, by this collection's action plugin, which did not run")
        for source in unread
    ]
    if params[name] is None and not unread:
        problems.append(Problem(name, "is missing: give the records, or where they are with src or document"))
    return problems


def limit_of(params: Params) -> PruneLimit:
    """The limit of pruning; the option is checked already."""
    return t.cast(PruneLimit, prune_limit(params["prune_limit"]))


def indexed(problems: t.Iterable[Problem], name: str, index: int, key: str) -> list[Problem]:
    """The problems of one record, each with the record's place in the list and its key."""
    return [
        Problem(f"{name}[{index}]" + (f".{problem.field}" if problem.field else ""), f"({key}) {problem.message}")
        for problem in problems
    ]


def progress_of(name: str, total: int, params: Params, context: Context, *, doing: str = "") -> Progress:
    """What tells how far the work is, if the task wants that and somebody watches."""
    return Progress(name, total, context.progress if params["progress"] else None, doing=doing)


@dataclass(frozen=True)
class Phase:
    """Verdicts that may be carried out at the same time, or with C(in_order) one after the other.

    C(final) tells whether they are done then; if not, a later phase has them again.
    """

    verdicts: t.Sequence[Verdict]
    carry: Carry
    final: bool = True
    in_order: bool = False


class Fleet:
    """Verdicts on their way: carried out a phase at a time, several at once in each."""

    def __init__(self, verdicts: t.Sequence[Verdict], name: str, params: Params, context: Context) -> None:
        self._verdicts = verdicts
        self._concurrency = params["concurrency"]
        self._goes_on = params["on_error"] == "continue"
        self._progress = progress_of(name, len(verdicts), params, context)

    def carry_out(self, phases: t.Iterable[Phase]) -> None:
        """Carry out the phases one after the other; all of one phase is done before the next begins.

        A record that fails takes the others with it only with C(on_error=stop). Then each record that was not begun is
        noted as failed too.
        """
        for verdict in self._verdicts:
            verdict.done = not verdict.plan.changed
        self._progress.skip(sum(verdict.done for verdict in self._verdicts))
        for phase in phases:
            if not self._goes_on and any(verdict.failed for verdict in self._verdicts):
                break
            concurrency = 1 if phase.in_order else self._concurrency
            run_each(partial(self._one, phase), phase.verdicts, concurrency)
        first = next((verdict for verdict in self._verdicts if verdict.failed), None)
        for verdict in self._verdicts:
            if first is not None and not verdict.done:
                verdict.fail(f"not done, since {first.key} failed and on_error is stop", {"kind": "stopped"})

    def _one(self, phase: Phase, verdict: Verdict) -> bool:
        if verdict.done:
            return True
        begun = time.monotonic()
        try:
            phase.carry(verdict)
        except (ApiError, CredentialError, InputError) as exc:
            verdict.fail(str(exc), exc.details())
        verdict.duration += time.monotonic() - begun
        if phase.final or verdict.failed:
            self._finish(verdict)
        return self._goes_on or not verdict.failed

    def _finish(self, verdict: Verdict) -> None:
        verdict.done = True
        self._progress.count(changed=not verdict.failed, failed=verdict.failed)
