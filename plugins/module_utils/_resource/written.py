# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan is carried out beside other runs, and what a user should know of it. Imported late: few tasks write."""

from __future__ import annotations

import typing as t

from .._engine.plan import Plan, changed_paths
from .._engine.rewritten import stored_otherwise
from .._engine.secret import Record, is_hidden
from .._engine.secret_fields import hidden_fields
from .base import raise_problems
from .interface import Params, Resource
from .write import Done


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
