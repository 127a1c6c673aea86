# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's values as plain JSON data, without the marks with which ansible-core 2.19 and newer follows each one."""

from __future__ import annotations

import json
import re
import typing as t
from datetime import date
from functools import partial

try:
    from ansible.template import is_trusted_as_template
except ImportError:
    # Before ansible-core 2.19, values had no marks, and the place that asks for this did not exist.
    is_trusted_as_template = None

_SINGLE = frozenset((str, int, bool, float, type(None)))
_NAMES, _MAPPINGS, _LISTS = frozenset((str,)), (dict,), (list,)
_ONE_VARIABLE = re.compile(r"\{\{\s*(?P<name>[A-Za-z_]\w*)\s*\}\}")
MARKS_OF_TEMPLATES = ("{{", "{%", "{#", "#jinja2:")


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


def list_without_templates(value: t.Any, variables: t.Mapping[str, t.Any]) -> list[t.Any] | None:
    """The list that `{{ name }}` stands for, where no template is in it; else `None`.

    ansible-core looks at each value of such a list singly, which takes most of the time of a task about thousands of
    records. What is a template here, or may be one, or is encrypted, is left to it.
    """
    if is_trusted_as_template is None or not isinstance(value, str) or not is_trusted_as_template(value):
        return None
    variable = _ONE_VARIABLE.fullmatch(value)
    held = variables.get(variable["name"]) if variable else None
    if not isinstance(held, list):
        return None
    try:
        text = json.dumps(held, ensure_ascii=False)
    except (TypeError, ValueError):
        return None
    return None if any(mark in text for mark in MARKS_OF_TEMPLATES) else t.cast("list[t.Any]", json.loads(text))
