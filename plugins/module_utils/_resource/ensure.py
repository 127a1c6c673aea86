# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One record brought to its described state, whatever its kind."""

from __future__ import annotations

import typing as t
from functools import partial

from .._engine import result as report
from .._engine import secret
from .._engine.plan import Plan
from .._engine.schema import Problem
from .._engine.secret import Record
from .base import Context, given, password_check, raise_problems
from .index import meant, whole
from .interface import Params, Resource
from .planning import checked_plan, known_fields, named, shared_problems, subject
from .write import replanning


def problems(resource: Resource[t.Any], params: Params) -> list[Problem]:
    """What is wrong with the options of a task about one record."""
    found = shared_problems(resource, params) + resource.problems(params)
    if params.get("former_names"):
        # Imported late, as what is below: Ansible compiles what a task imports in each run anew.
        from .former_names import naming_problems

        found += naming_problems(resource, params)
    return found


def ensure(resource: Resource[t.Any], params: Params, context: Context) -> dict[str, t.Any]:
    """Bring one record to the described state. Returns the result, which has the record under its kind's name."""
    about = subject(resource, params)

    def warn(*texts: object) -> None:
        for text in texts:
            context.warn(f"{about}: {text}")

    with context.store(resource.product, params, about) as store:
        listed = [] if resource.is_read_by_name else store.read_all()
        ((params, unresolved),) = resource.resolve(store, [dict(params)], listed)
        target, alike = meant(resource, params, about, listed, unresolved)
        warn(*alike)
        live = whole(resource, store, listed, target)
        desired = resource.desired(params, known_fields(resource, params))
        plan_for = partial(checked_plan, resource, params, desired, about)
        plan = plan_for(live)
        against = _server_problems(resource, store, params, plan, target, warn)
        if resource.name in plan.changed_fields:
            from .former_names import taken_name

            against += taken_name(resource, plan, target, listed)
        raise_problems(about, against)
        stored = plan.after and {**given(live or {}, resource.server_fields), **plan.after}
        warn(*resource.plan_warnings(params, plan))
        if plan.action == "created":
            warn(*_other_names(resource, listed, desired))
        sent = resource.sent_fields(params, desired, live)
        if context.check_mode:
            from .._engine.rewritten import perhaps_rewritten

            warn(*perhaps_rewritten(sent, plan))
        elif plan.changed:
            from .written import after_write, creation_anew, written

            anew = partial(creation_anew, resource, params, desired, about)
            known_as = target if live is not None or resource.is_read_by_name else None
            done = written(resource, store, known_as, plan, replanning(plan, plan_for, anew), sent)
            warn(*after_write(resource, target, sent, plan, done), *resource.after_write(store, done, listed))
            plan, stored = done.plan, done.stored
    result = report.result(plan, about)
    if stored is not None:
        result[resource.kind] = named(resource, secret.omit(stored), target)
    return {**result, **_password_reported(resource, params, desired, plan.before)}


def _other_names(resource: Resource[t.Any], listed: t.Sequence[Record], desired: Record) -> list[str]:
    """A warning where a new record is probably one that is live under another name."""
    from .former_names import Undescribed

    return Undescribed(resource, listed).hint(desired, most=1)


def _server_problems(
    resource: Resource[t.Any], store: t.Any, params: Record, plan: Plan, target: t.Any, warn: t.Callable[[str], None]
) -> list[Problem]:
    """Why a plan must not be carried out, as the server knows."""
    (against,) = resource.server_problems(store, [(params, plan)], warn)
    used = resource.in_use(store, params, [target]) if plan.action == "deleted" else {}
    return [*against, *used.values()]


def _password_reported(
    resource: Resource[t.Any], params: Params, desired: Record, live: Record | None
) -> dict[str, t.Any]:
    """How the password is treated, where there is one."""
    if not resource.write_only or params["state"] != "present":
        return {}
    check = resource.password_check or partial(_password_check, resource.write_only)
    return {"password_check": check(params, desired, live)}


def _password_check(field: str, params: Params, desired: Record, live: Record | None) -> str:
    wanted, current = desired.get(field), (live or {}).get(field)
    return password_check(params["update_password"], wanted, current, exists=live is not None)
