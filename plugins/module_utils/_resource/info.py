# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records read, whatever their kind."""

from __future__ import annotations

import typing as t

from .._engine import secret
from .._engine.schema import Problem
from .._engine.secret import Record
from .._engine.secret_fields import secret_fields
from .base import Context
from .filters import matches, not_there_yet, typed_filter_problems
from .index import Index
from .interface import Params, RecordStore, Resource
from .planning import all_listed, known_fields, named, said, shared_problems
from .typed import Typed, doubts, kind_at, typed_filters


def subject(resource: Resource[t.Any], _params: Params) -> str:
    """What a task that reads records is about."""
    return f"{resource.kind}_info"


def problems(resource: Resource[t.Any], params: Params) -> list[Problem]:
    """What is wrong with the options of a task that reads records."""
    found = shared_problems(resource, params)
    found += typed_filter_problems(_filters(resource, params), known_fields(resource, params))
    if not resource.has_other_fields:
        fields = ", ".join(sorted({*resource.kinds} - {resource.write_only}))
        found += [
            Problem(f"filters.{path}", f"is no field of a record; these are: {fields}")
            for path in sorted(_filters(resource, params).data)
            if not _leads_somewhere(resource, path)
        ]
    if resource.is_read_by_name:
        found += [
            Problem(f"{_option(resource, resource.key)}[{index}]", problem.message)
            for index, value in enumerate(params[_option(resource, resource.key)] or [])
            for problem in resource.problems({resource.key: value})
        ]
    return found


def _option(resource: Resource[t.Any], name: str) -> str:
    """The option that lists values of a field."""
    return resource.list_options.get(name, name)


def _filters(resource: Resource[t.Any], params: Params) -> Typed:
    return typed_filters(params["filters"], resource.kinds)


def _leads_somewhere(resource: Resource[t.Any], path: str) -> bool:
    """Whether a dotted path begins at a field of a record, and goes on only below one that holds others."""
    name, dot, _rest = path.partition(".")
    return name in resource.kinds and (not dot or isinstance(resource.harmless.get(name), dict))


def info(resource: Resource[t.Any], params: Params, context: Context) -> dict[str, t.Any]:
    """The records with one of the values that the options list by which records are found, or all without such."""
    filters = _filters(resource, params)
    for warning in doubts(filters, "fits texts alone"):
        context.warn(warning)
    with context.store(resource.product, params, subject(resource, params)) as store:
        store.forget()
        live = list(_read(resource, params, context, store))
    for path in _unmet(resource, live, filters):
        context.warn(f"filters.{path}: none of the records has this field, so the filter fits none of them")
    found = [record for record in live if matches(secret.omit(record), filters.data)]
    for warning in (text for record in found for text in resource.live_warnings(record)):
        context.warn(warning)
    return {
        "changed": False,
        resource.plural: [secret.omit(record) for record in found],
        "secret_fields": [secret_fields(record) for record in found],
    }


def _unmet(resource: Resource[t.Any], live: t.Sequence[Record], filters: Typed) -> list[str]:
    """The paths of filters that may be misspelt: nothing is known of them, and no record has anything there."""
    unknown = [path for path in filters.data if live and kind_at(resource.kinds, path) is None]
    return [
        path
        for path in unknown
        if filters.data[path] not in (None, "") and f"filters.{path}" not in filters.doubtful
        if all(matches(secret.omit(record), {path: None}) for record in live)
    ]


def _read(resource: Resource[t.Any], params: Params, context: Context, store: RecordStore) -> t.Iterator[Record]:
    """The whole records that a task means."""
    values = params[_option(resource, resource.key)] if resource.is_read_by_name else None
    if values is None:
        listed = _meant(resource, params, context, all_listed(resource, store, f"name them with {resource.name}"))
    else:
        listed = [{resource.key: value} for value in values]
    for record in listed:
        target = record[resource.key]
        live = record if resource.listed_whole else store.read(target)
        if live is not None:
            yield named(resource, live, target)
        elif values is not None:
            _not_there(resource, params, context, resource.key, target)


def _meant(resource: Resource[t.Any], params: Params, context: Context, live: list[Record]) -> list[Record]:
    """Those of the live records that a task means. In check mode, one that is not there yet is reported."""
    if all(params[_option(resource, name)] is None for name in resource.called_by):
        return live
    index = Index(resource, live)
    meant: set[t.Any] = set()
    for name in resource.called_by:
        for value in params[_option(resource, name)] or []:
            having = index.having(name, value)
            meant |= {record[resource.key] for record in having}
            if not having:
                _not_there(resource, params, context, name, value)
    return [record for record in live if record[resource.key] in meant]


def _not_there(resource: Resource[t.Any], params: Params, context: Context, name: str, value: t.Any) -> None:
    if context.check_mode:
        what = f"{resource.noun} has {name} {said(resource, name, value)}"
        context.warn(not_there_yet(subject(resource, params), what))
