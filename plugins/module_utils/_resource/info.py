# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records read, whatever their kind."""

from __future__ import annotations

import typing as t

from .._engine import secret
from .._engine.schema import Problem
from .._engine.secret_fields import secret_fields
from .._engine.shown import quoted
from .base import Context, connection_problems, matches, not_there_yet, typed_filter_problems
from .interface import Params, Resource
from .planning import Index
from .typed import doubts, typed


def subject(resource: Resource[t.Any], _params: Params) -> str:
    """What a task that reads records is about."""
    return f"{resource.kind}_info"


def problems(resource: Resource[t.Any], params: Params) -> list[Problem]:
    """What is wrong with the options of a task that reads records."""
    filters = params["filters"]
    known = {*resource.entry, *resource.server_fields} - {"state", "update_password"}
    converted = typed(filters or {}, resource.kinds, "filters")
    unknown = [
        Problem(f"filters.{name}", f"is no field of a record; these are: {', '.join(sorted(known))}")
        for name in sorted(filters or {})
        if name.split(".", maxsplit=1)[0] not in known
    ]
    return connection_problems(resource.product, params) + typed_filter_problems(converted, resource.harmless) + unknown


def info(resource: Resource[t.Any], identities: t.Sequence[str], params: Params, context: Context) -> dict[str, t.Any]:
    """The records with one of the values that the options `identities` list, or all where none is given."""
    wanted = [(name, value) for name in identities for value in params[name] or []]
    with context.store(resource.product, params, subject(resource, params)) as store:
        live = store.read_all()
        if any(params[name] is not None for name in identities):
            index = Index(resource, live)
            having = {(name, value): index.having(name, value) for name, value in wanted}
            meant = {record["id"] for records in having.values() for record in records}
            if context.check_mode:
                for name, value in (key for key, records in having.items() if not records):
                    what = f"{resource.kind} has {name} {quoted(value)}"
                    context.warn(not_there_yet(subject(resource, params), what))
            live = [record for record in live if record["id"] in meant]
        whole = [record for listed in live if (record := store.read(listed["id"])) is not None]
    filters = typed(params["filters"] or {}, resource.kinds, "filters")
    for warning in doubts(filters):
        context.warn(warning)
    found = [record for record in whole if matches(secret.omit(record), filters.data)]
    return {
        "changed": False,
        resource.plural: [secret.omit(record) for record in found],
        "secret_fields": [secret_fields(record) for record in found],
    }
