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
from .base import Context, given, password_check, raise_problems
from .interface import Params, Resource
from .planning import Index, checked_plan, found_problems, shared_problems, stored_otherwise, subject
from .write import replanning


def problems(resource: Resource[t.Any], params: Params) -> list[Problem]:
    """What is wrong with the options of a task about one record."""
    return shared_problems(resource, params) + resource.problems(params)


def ensure(resource: Resource[t.Any], params: Params, context: Context) -> dict[str, t.Any]:
    """Bring one record to the described state. Returns the result, which has the record under its kind's name."""
    about = subject(resource, params)
    with context.store(resource.product, params, about) as store:
        ((params, unresolved),) = resource.resolve(store, [dict(params)])
        found = Index(resource, store.read_all()).find(params)
        raise_problems(about, unresolved + found_problems(resource, params, found))
        live = store.read(found[0]["id"]) if found else None
        desired = resource.desired(params)
        plan_for = partial(checked_plan, resource, params, desired, about)
        plan = plan_for(live)
        stored = plan.after and {**given(live or {}, resource.server_fields), **plan.after}
        if context.check_mode:
            for text in report.perhaps_rewritten(resource.sent_fields(params, desired, live), plan):
                context.warn(f"{about}: {text}")
        elif plan.changed:
            done = store.apply(live["id"] if live else None, plan, replanning(plan, plan_for))
            plan, stored = done.plan, done.stored
            differences = stored_otherwise(resource.sent_fields(params, desired, live), stored)
            for text in (*done.warnings, *differences):
                context.warn(f"{about}: {text}")
    result = report.result(plan, about)
    if stored is not None:
        result[resource.kind] = secret.omit(stored)
    if resource.write_only and params["state"] == "present":
        wanted, current = desired.get(resource.write_only), (live or {}).get(resource.write_only)
        result["password_check"] = password_check(params["update_password"], wanted, current, exists=live is not None)
    return result
