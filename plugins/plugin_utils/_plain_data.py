# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's values as plain JSON data, without the marks with which ansible-core 2.19 and newer follows each one."""

from __future__ import annotations

import json
import typing as t
from datetime import date
from functools import partial

_SINGLE = frozenset((str, int, bool, float, type(None)))
_NAMES, _MAPPINGS, _LISTS = frozenset((str,)), (dict,), (list,)


def plain(arguments: t.Mapping[str, t.Any], dates: list[date] | None = None) -> dict[str, t.Any]:
    """The arguments of a task as a module would get them. What is plain already is taken as it is.

    JSON knows no dates, so they become texts; `dates` gets each of them.
    """
    as_argument = partial(_as_module_argument, [] if dates is None else dates)
    return {
        name: value if _is_plain(value) else json.loads(json.dumps(value, default=as_argument))
        for name, value in arguments.items()
    }


def plain_with_dates(value: t.Any) -> t.Any:
    """The same of one value, but with its dates as they are."""
    if isinstance(value, date):
        return value
    if isinstance(value, t.Mapping):
        return {str(name): plain_with_dates(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_with_dates(item) for item in value]
    return plain({"value": value})["value"]


def _is_plain(value: t.Any) -> bool:
    """Whether a value is what JSON knows, by its very type: Ansible's marked values are of types derived from these."""
    kind = type(value)
    if kind in _SINGLE:
        return True
    if kind in _MAPPINGS:
        return _NAMES.issuperset(map(type, value)) and _are_plain(value.values())
    return kind in _LISTS and _are_plain(value)


def _are_plain(values: t.Collection[t.Any]) -> bool:
    # Most records hold single values only: to see that, nothing has to be called for each of them.
    return _SINGLE.issuperset(map(type, values)) or all(map(_is_plain, values))


def _as_module_argument(dates: list[date], value: object) -> t.Any:
    if isinstance(value, date):
        dates.append(value)
        return value.isoformat()
    return dict(value) if isinstance(value, t.Mapping) else str(value)
