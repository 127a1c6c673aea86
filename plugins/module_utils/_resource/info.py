# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records read, whatever their kind."""

from __future__ import annotations

import typing as t

from .._engine import secret
from .._engine.harmless import with_opened
from .._engine.schema import Problem
from .._engine.secret import Record
from .._engine.secret_fields import secret_fields
from .base import Context, matches, not_there_yet, typed_filter_problems
from .interface import Params, Resource
from .planning import Index, said, shared_problems
from .typed import Typed, doubts, typed


def subject(resource: Resource[t.Any], _params: Params) -> str:
    """What a task that reads records is about."""
    return f"{resource.kind}_info"


def problems(resource: Resource[t.Any], params: Params) -> list[Problem]:
    """What is wrong with the options of a task that reads records."""
    known = with_opened(resource.harmless, resource.opened(params))
    found = shared_problems(resource, params) + typed_filter_problems(_filters(resource, params), known)
    fields = ", ".join(sorted({*resource.kinds} - {resource.write_only}))
    return found + [
        Problem(f"filters.{path}", f"is no field of a record; these are: {fields}")
        for path in sorted(params["filters"] or {})
        if not _leads_somewhere(resource, path)
    ]


def _filters(resource: Resource[t.Any], params: Params) -> Typed:
    return typed(params["filters"] or {}, resource.kinds, "filters")


def _leads_somewhere(resource: Resource[t.Any], path: str) -> bool:
    """Whether a dotted path begins at a field of a record, and goes on only below one that holds others."""
    name, dot, _rest = path.partition(".")
    return name in resource.kinds and (not dot or isinstance(resource.harmless.get(name), dict))


def info(resource: Resource[t.Any], params: Params, context: Context) -> dict[str, t.Any]:
    """The records with one of the values that the options list by which records are found, or all without such."""
    filters = _filters(resource, params)
    for warning in doubts(filters):
        context.warn(warning)
    with context.store(resource.product, params, subject(resource, params)) as store:
        store.forget()
        listed = _meant(resource, params, context, store.read_all())
        live = listed if resource.listed_whole else [store.read(record["id"]) for record in listed]
    found = [record for record in live if record is not None and matches(secret.omit(record), filters.data)]
    return {
        "changed": False,
        resource.plural: [secret.omit(record) for record in found],
        "secret_fields": [secret_fields(record) for record in found],
    }


def _meant(resource: Resource[t.Any], params: Params, context: Context, live: list[Record]) -> list[Record]:
    """Those of the live records that a task means. In check mode, one that is not there yet is told."""
    if all(params[name] is None for name in resource.called_by):
        return live
    index = Index(resource, live)
    meant: set[t.Any] = set()
    for name in resource.called_by:
        for value in params[name] or []:
            having = index.having(name, value)
            meant |= {record["id"] for record in having}
            if context.check_mode and not having:
                what = f"{resource.noun} has {name} {said(resource, name, value)}"
                context.warn(not_there_yet(subject(resource, params), what))
    return [record for record in live if record["id"] in meant]
