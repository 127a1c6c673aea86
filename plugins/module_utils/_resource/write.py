# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A write is brought to an end that is known, whatever happens to its answer and whoever else writes.

The APIs know no conditions: no request says "only if it is still as I read it". So where an answer is lost, or a server
says no because the record is not what it was, the record is read again, the plan is made again for what is there now,
and only what is still missing is sent.

A creation that comes twice makes two records, and a server may do one long after the client gave it up. So a creation
is never retried after a time limit: the record is looked for until the deadline.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from itertools import count

from .._engine.plan import Plan
from .._engine.secret import Record
from .._http.errors import ApiError, NotFound
from .._http.retries import FIRST_PAUSE, LONGEST_PAUSE, Retries

Replan = t.Callable[["Record | None"], Plan]

OLD_AFTER: t.Final = 5.0
"""Seconds after which what was read is read again before a write rests on it."""
PAUSE_BEFORE_A_CREATION: t.Final = 1.0
"""Seconds between the two looks after a creation whose connection broke: the server may be at it yet."""
_MOST_NEW_PLANS = 3
# A server that answers so may answer a look a while later.
_AWAY = frozenset((408, 429, 500, 503))


class Write(t.Protocol):
    """How the record of one write is sent and looked at. `target` is how the server knows the record."""

    target: t.Any

    def send(self, plan: Plan) -> Record | None:
        """Send what the plan asks for. Returns the record as the server then stores it, `None` after a deletion."""

    def look(self, plan: Plan) -> Record | None:
        """The record as it is now, `None` where there is none."""


@dataclass(frozen=True)
class Done:
    """What was done in the end, and the record as it is stored then: `None` where there is none.

    `warnings` are what the store learned of it that a user should know. `partial`: only what changes was sent.
    """

    plan: Plan
    stored: Record | None
    warnings: tuple[str, ...] = ()
    partial: bool = False


def apply(
    plan: Plan,
    replan: Replan,
    write: Write,
    retries: Retries,
    *,
    refresh: bool = False,
    not_found_is_stored: bool = False,
) -> Done:
    """Carry out a plan. `replan` makes it anew for the record as it is by then, `None` where it is gone.

    `refresh` is for a plan that rests on an old read. With `not_found_is_stored` the server says 404 to an update of a
    record that is already stored so. Raises the `ApiError` of a write that did not succeed; one
    whose outcome stays unknown says so.
    """
    with retries.within_deadline():
        if refresh:
            live = write.look(plan)
            plan = replan(live)
            if not plan.changed:
                return Done(plan, live)
        return _applied(plan, replan, write, retries, not_found_is_stored)


def replanning(plan: Plan, planned: Replan, anew: t.Callable[[Record], Plan]) -> Replan:
    """What makes a plan anew while it is carried out; `planned` makes one for a live record.

    A record that another run deleted meanwhile is made again as it was planned, with what nobody described: `anew`
    makes the plan for that.
    """

    def replan(live: Record | None) -> Plan:
        if live is None and plan.after is not None:
            return anew(plan.after)
        return planned(live)

    return replan


def _applied(plan: Plan, replan: Replan, write: Write, retries: Retries, not_found_is_stored: bool) -> Done:
    reported, new_plans, attempts = plan, 0, retries.attempts()
    lost: ApiError | None = None
    while True:
        try:
            return Done(reported, write.send(plan))
        except ApiError as exc:
            failure = exc
        if not (failure.indeterminate or failure.conflict):
            raise _unresolved(failure, lost)
        lost = failure if failure.indeterminate else lost
        was, creates = (write.target, plan), plan.before is None and failure.indeterminate
        live = _looked_for(write, plan, failure, retries) if creates else _refreshed(write, plan, failure)
        plan = replan(live)
        if failure.conflict:
            if plan.changed or not isinstance(failure, NotFound):
                # Nothing was done, so what is done in the end is what the new plan says; but a 404 also says that the
                # record is already as wanted.
                reported = plan
            new_plans += 1
            goes_on = (write.target, plan) != was and new_plans <= _MOST_NEW_PLANS
        elif creates and live is None:
            goes_on = failure.transient and not failure.late and attempts.one_more(failure.request, failure.message)
        else:
            goes_on = failure.transient and plan.changed and attempts.should_retry(failure.request, failure.message)
        missed = not goes_on and live is not None and isinstance(failure, NotFound)
        if not plan.changed or (missed and not_found_is_stored and plan.after is not None):
            # One that is stored in the server's own way of writing it would be written again by the next run.
            return Done(reported, live)
        if not goes_on:
            failure.message += attempts.reported
            if isinstance(failure, NotFound):
                found = "The record is there all the same: check" if live is not None else "Check"
                _advise(failure, f"{found} api_url, and what stands before it")
            raise _unresolved(failure, lost)


def _looked_for(write: Write, plan: Plan, failure: ApiError, retries: Retries) -> Record | None:
    """The record that a creation of unknown outcome may have made, or may make yet; `None` where there is none."""
    if failure.late:
        return _awaited(write, plan, failure, retries)
    live = _refreshed(write, plan, failure)
    if live is None and failure.transient and retries.pause(PAUSE_BEFORE_A_CREATION):
        live = _refreshed(write, plan, failure)
    return live


def _awaited(write: Write, plan: Plan, failure: ApiError, retries: Retries) -> Record | None:
    """The record that a server may make long after its client gave up, looked for until the deadline."""
    for number in count():
        try:
            live = write.look(plan)
        except ApiError as exc:
            if not (exc.transient or getattr(exc, "status", None) in _AWAY):
                raise _unresolved(failure, failure) from None
            live = None
        if live is not None:
            return live
        if not retries.pause(min(FIRST_PAUSE * 2**number, LONGEST_PAUSE)):
            break
    failure.message += ", and what it asked for did not appear until the deadline"
    return None


def _refreshed(write: Write, plan: Plan, failure: ApiError) -> Record | None:
    try:
        return write.look(plan)
    except ApiError as exc:
        # What was refused was certainly not done.
        raise exc if failure.conflict else _unresolved(failure, failure) from None


def _unresolved(failure: ApiError, lost: ApiError | None) -> ApiError:
    """The error of a write, which tells of a request whose outcome nobody knows: its own, or an earlier one."""
    if lost is not None:
        what = "the server did it" if lost is failure else f"{lost.request} was done before"
        _advise(failure, f"Whether {what} is not known: run again, which looks first")
        failure.unresolved = True
    return failure


def _advise(failure: ApiError, more: str) -> None:
    failure.advice = f"{failure.advice}. {more}" if failure.advice else more
