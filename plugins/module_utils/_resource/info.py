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
from .interface import Params, RecordStore, Resource
from .planning import Index, all_listed, named
from .typed import doubts, typed_filters

Options = t.Mapping[str, str]
"""The options that list values to find records by, and the field that each is about."""


def subject(resource: Resource[t.Any], _params: Params) -> str:
    """What a task that reads records is about."""
    return f"{resource.kind}_info"


def problems(resource: Resource[t.Any], options: Options, params: Params) -> list[Problem]:
    """What is wrong with the options of a task that reads records."""
    found = connection_problems(resource.product, params) + resource.shown_field_problems(params)
    filters = typed_filters(params["filters"], resource.kinds)
    found += typed_filter_problems(filters, resource.shown_fields(params)) + _unknown_filters(resource, filters.data)
    if resource.is_read_by_name:
        found += [
            Problem(f"{option}[{index}]", problem.message)
            for option, name in options.items()
            for index, value in enumerate(params[option] or [])
            for problem in resource.problems({name: value})
        ]
    return found


def _unknown_filters(resource: Resource[t.Any], filters: t.Iterable[str]) -> list[Problem]:
    if resource.has_other_fields:
        return []
    known = {*resource.entry, *resource.server_fields} - {"state", "update_password"}
    return [
        Problem(f"filters.{name}", f"is no field of a record; these are: {', '.join(sorted(known))}")
        for name in sorted(filters)
        if name.split(".", maxsplit=1)[0] not in known
    ]


def info(resource: Resource[t.Any], options: Options, params: Params, context: Context) -> dict[str, t.Any]:
    """The records with one of the values that the `options` list, or all where none of them is given."""
    filters = typed_filters(params["filters"], resource.kinds)
    for warning in doubts(filters):
        context.warn(warning)
    asked = {name: params[option] for option, name in options.items() if params[option] is not None}
    with context.store(resource.product, params, subject(resource, params)) as store:
        targets, missing = _targets(resource, store, asked)
        whole = [(target, store.read(target)) for target in targets]
    if resource.is_read_by_name and asked:
        missing = [(resource.key, target) for target, record in whole if record is None]
    if context.check_mode:
        for name, value in missing:
            what = f"{resource.kind} has {name} {quoted(value)}"
            context.warn(not_there_yet(subject(resource, params), what))
    live = [named(resource, record, target) for target, record in whole if record is not None]
    found = [record for record in live if matches(secret.omit(record), filters.data)]
    for warning in (text for record in found for text in resource.live_warnings(record)):
        context.warn(warning)
    return {
        "changed": False,
        resource.plural: [secret.omit(record) for record in found],
        "secret_fields": [secret_fields(record) for record in found],
    }


def _targets(
    resource: Resource[t.Any], store: RecordStore, asked: t.Mapping[str, t.Sequence[t.Any]]
) -> tuple[t.Sequence[t.Any], list[tuple[str, t.Any]]]:
    """What to read, and the values that no listed record has, each with its field; `asked` are those of each field."""
    if resource.is_read_by_name and asked:
        return asked[resource.key], []
    listed = all_listed(resource, store, f"name them with {resource.name}")
    if not asked:
        return [record[resource.key] for record in listed], []
    index = Index(resource, listed)
    having = {(name, value): index.having(name, value) for name, values in asked.items() for value in values}
    meant = {record[resource.key] for records in having.values() for record in records}
    targets = [record[resource.key] for record in listed if record[resource.key] in meant]
    return targets, [key for key, records in having.items() if not records]
