# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan is carried out beside other runs, and what a user should know of it. Imported late: few tasks write."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._engine.plan import Plan, changed_paths, update
from .._engine.rewritten import mismatches, stored_otherwise, unstored
from .._engine.schema import InputError, Problem
from .._engine.secret import Record, is_hidden
from .._engine.secret_fields import hidden_fields
from .._http.errors import ApiError, InvalidResponse, quote
from .._http.response import Response
from .base import raise_problems
from .interface import Params, Resource
from .write import Done, Replan

_MOST_TIMES: t.Final = 3


def written(
    resource: Resource[t.Any], store: t.Any, target: t.Any, plan: Plan, replan: Replan, sent: Record | None
) -> Done:
    """Carry out a plan. `sent` is what the user described.

    Where a server takes what changes alone, its answer may show that another run changed something else of what is
    described: that is sent, too. Raises what the store raises; a failure tells of what was written before it.
    """
    done = last = t.cast(Done, store.apply(target, plan, replan))
    settled: set[str] = set()
    for _turn in range(_MOST_TIMES):
        # What was sent and is stored otherwise, is so because the server has its own way of writing it.
        settled |= {*last.plan.changed_fields}
        if last.stored is None or not _others_changed(sent, last, settled):
            break
        last = _once_more(store, last.stored.get(resource.key, target), last.stored, replan, settled)
        done = _together(done, last)
    return done


def _others_changed(sent: Record | None, done: Done, settled: t.Collection[str]) -> bool:
    """Whether what the user described was changed since it was read, besides what was sent."""
    if not done.partial or sent is None or done.stored is None:
        return False
    return any(path not in settled for path, _sent, _stored in mismatches(sent, done.stored))


def _once_more(store: t.Any, target: t.Any, live: Record, replan: Replan, settled: t.Iterable[str]) -> Done:
    """Send what is missing after a write."""
    said = f"What this task changed before that stays: {', '.join(sorted(settled))}"
    try:
        plan = replan(live)
        return t.cast(Done, store.apply(target, plan, replan)) if plan.changed else Done(plan, live)
    except InputError as exc:
        raise type(exc)(exc.subject, [*exc.problems, Problem("", said)]) from None
    except ApiError as exc:
        exc.advice = f"{exc.advice}. {said}" if exc.advice else said
        raise


def _together(first: Done, second: Done) -> Done:
    """What two writes of one record have done, reported as one."""
    plan = second.plan
    if first.plan.before is not None and plan.before is not None and plan.after is not None:
        plan = update(first.plan.before, plan.after)
    return replace(second, plan=plan, warnings=tuple(dict.fromkeys((*first.warnings, *second.warnings))))


def refuse_unstored(answer: Response, plan: Plan, stored: Record) -> None:
    """Raise an `InvalidResponse` where an update was answered as done, and nothing that it was to change is stored.

    A single field that the answer itself shows as before is the server's own way: of that the user is warned.
    """
    fields = unstored(plan, stored)
    if len(fields) > (1 if answer.size else 0):
        said = f"the server answers {answer.status}, and has stored nothing of what was sent"
        advice = "Check the server's log, and what stands before it"
        raise InvalidResponse(answer.request, f"{said}: {quote(', '.join(fields))} as before", advice)


def creation_anew(resource: Resource[t.Any], params: Params, desired: Record, about: str, record: Record) -> Plan:
    """The plan to make a record again as it was to be, that another run deleted meanwhile.

    A secret that the server did not show comes from `desired`, also where an update would have kept the stored one;
    without it, it is lost. Raises an `InputError` where the record may not be made.
    """
    after = _without_hidden(record, desired)
    plan = Plan("created", None, after, changed_paths({}, after))
    raise_problems(about, resource.consent_problems(params, plan))
    return plan


def _without_hidden(record: Record, desired: Record) -> Record:
    after: Record = {}
    for name, value in record.items():
        wanted = desired.get(name)
        if isinstance(value, dict):
            after[name] = _without_hidden(value, wanted if isinstance(wanted, dict) else {})
        elif not is_hidden(value):
            after[name] = value
        elif wanted is not None:
            after[name] = wanted
    return after


def after_write(resource: Resource[t.Any], target: t.Any, sent: Record | None, plan: Plan, done: Done) -> list[str]:
    """What a user should know of a write: what the server stores otherwise than it was `sent`, and what is new.

    `target` is how the server knew the record before, and `plan` what was to be done.
    """
    if done.stored is None:
        return [*done.warnings]
    now = done.stored.get(resource.key, target)
    anew = f"was deleted by another run meanwhile, and is created again: {resource.key} {now}{_lost(plan, done.plan)}"
    otherwise = stored_otherwise(sent, done.stored) if sent is not None else []
    return [*done.warnings, *([anew] if target not in (None, now) else []), *otherwise]


def _lost(plan: Plan, again: Plan) -> str:
    """In words, what a record that was made again may lack of what it was before."""
    lost = [path for path in hidden_fields(plan.after) if path not in again.changed_fields]
    return f"; what the server may have stored and did not show is lost, so give it: {', '.join(lost)}" if lost else ""
