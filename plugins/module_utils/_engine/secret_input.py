# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be meant as a secret: a value that is no text, or a text that stands in place of one."""

from __future__ import annotations

import typing as t
from datetime import date

from .placeholder import placeholder_problem
from .schema import Problem, type_name
from .secret import reveal

Options = t.Mapping[str, t.Mapping[str, t.Any]]


def secret_problems(options: Options, values: t.Mapping[str, t.Any], where: str = "") -> list[Problem]:
    """What is wrong with the secrets among `values`, which are as they were given, before any conversion.

    `options` declares them as Ansible does: a text with `no_log` is a secret, as far down as there are options.
    """
    problems = []
    for name, option in options.items():
        for alias in (name, *option.get("aliases", ())):
            value = values.get(alias)
            if value is None:
                continue
            path = f"{where}.{alias}" if where else alias
            if option.get("no_log") and option["type"] == "str":
                problems += secret_value_problems(value, path)
            elif "options" in option:
                problems += _problems_inside(option["options"], value, path)
    return problems


def _problems_inside(options: Options, value: t.Any, path: str) -> list[Problem]:
    if isinstance(value, list):
        return [
            found for index, item in enumerate(value) for found in _problems_inside(options, item, f"{path}[{index}]")
        ]
    return secret_problems(options, value, path) if isinstance(value, dict) else []


def secret_value_problems(value: object, path: str) -> list[Problem]:
    """What is wrong with one secret, be it wrapped already."""
    value = reveal(value)
    if isinstance(value, str):
        problem = placeholder_problem(value)
        return [Problem(path, problem)] if problem else []
    return [Problem(path, f"must be a text, not {_what_came(value)}: put it in quotes, and it stays what is written")]


def _what_came(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    return "a date" if isinstance(value, date) else type_name(value)
