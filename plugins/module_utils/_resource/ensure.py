# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One record brought to its described state, whatever its kind."""

from __future__ import annotations

import typing as t
from functools import partial

from .._engine import result as report
from .._engine import secret
from .._engine.schema import Problem
from .._engine.secret import Record
from .base import Context, given, password_check, raise_problems
from .interface import Params, Resource
from .planning import (
    Index,
    checked_plan,
    found_problems,
    known_fields,
    named,
    shared_problems,
    stored_otherwise,
    subject,
)
from .write import replanning


def problems(resource: Resource[t.Any], params: Params) -> list[Problem]:
    """What is wrong with the options of a task about one record."""
    return shared_problems(resource, params) + resource.problems(params)


def ensure(resource: Resource[t.Any], params: Params, context: Context) -> dict[str, t.Any]:
    """Bring one record to the described state. Returns the result, which has the record under its kind's name."""
    about = subject(resource, params)

    def warn(text: str) -> None:
        context.warn(f"{about}: {text}")

    with context.store(resource.product, params, about) as store:
        listed = [] if resource.is_read_by_name else store.read_all()
        ((params, unresolved),) = resource.resolve(store, [dict(params)], listed)
        index = Index(resource, listed)
        found, alike = index.find(params), index.alike(params)
        if params["state"] == "present":
            unresolved += alike
        else:
            for problem in alike:
                warn(str(problem))
        raise_problems(about, unresolved + found_problems(resource, params, found))
        target = found[0][resource.key] if found else None
        live = store.read(target) if found else None
        desired = resource.desired(params, known_fields(resource, params))
        plan_for = partial(checked_plan, resource, params, desired, about)
        plan = plan_for(live)
        (against,) = resource.server_problems(store, [(params, plan)], warn)
        raise_problems(about, against)
        stored = plan.after and {**given(live or {}, resource.server_fields), **plan.after}
        for text in resource.plan_warnings(params, plan):
            warn(text)
        sent = resource.sent_fields(params, desired, live)
        if context.check_mode:
            for text in report.perhaps_rewritten(sent, plan):
                warn(text)
        elif plan.changed:
            known_as = target if live is not None or resource.is_read_by_name else None
            done = store.apply(known_as, plan, replanning(plan, plan_for))
            plan, stored = done.plan, done.stored
            for text in (*done.warnings, *stored_otherwise(sent, stored)):
                warn(text)
    result = report.result(plan, about)
    if stored is not None:
        result[resource.kind] = named(resource, secret.omit(stored), target)
    if resource.write_only and params["state"] == "present":
        check = resource.password_check or partial(_password_check, resource.write_only)
        result["password_check"] = check(params, desired, live)
    return result


def _password_check(field: str, params: Params, desired: Record, live: Record | None) -> str:
    wanted, current = desired.get(field), (live or {}).get(field)
    return password_check(params["update_password"], wanted, current, exists=live is not None)
