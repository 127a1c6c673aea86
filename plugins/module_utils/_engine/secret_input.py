# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be meant as a text, a number or a secret: one of another type, or what stands in place of a secret."""

from __future__ import annotations

import re
import typing as t
from datetime import date

from .placeholder import placeholder_problem
from .schema import Problem, type_name
from .secret import reveal

Options = t.Mapping[str, t.Mapping[str, t.Any]]

# Of these, a number or a truth value says the same as its text.
_CONVERTED: t.Final = frozenset(("prune_limit", "write_passwords"))
_TEXTS: t.Final = {"str": "a text", "path": "a path"}
_NUMBERS: t.Final = {"int": "a whole number", "float": "a number"}


def text_problems(options: Options, values: t.Mapping[str, t.Any], where: str = "") -> list[Problem]:
    """What is wrong with the texts, secrets and numbers among `values`, as they were given, before any conversion.

    ansible-core would make `True` of `yes`, `511` of `0777`, and the record 1 of the id `true`. `options` declares them
    as Ansible does: a text with `no_log` is a secret, as far down as there are options.
    """
    problems = []
    for name, option in options.items():
        for alias in (name, *option.get("aliases", ())):
            value = values.get(alias)
            path = f"{where}.{alias}" if where else alias
            if value is None or name in _CONVERTED or option.get("choices"):
                continue
            if "options" in option and isinstance(value, str):
                problems += _problems_of_text(option, value, path)
            elif "options" in option:
                problems += _problems_inside(option["options"], value, path)
            elif option["type"] in _TEXTS:
                is_secret = option.get("no_log")
                problems += secret_value_problems(value, path) if is_secret else _no_text(value, path, option["type"])
            elif option["type"] in _NUMBERS and isinstance(value, bool):
                problems.append(Problem(path, f"must be {_NUMBERS[option['type']]}, not a boolean"))
            elif option.get("elements") in _TEXTS:
                problems += _no_texts(value, path, option["elements"])
    return problems


def _problems_inside(options: Options, value: t.Any, path: str) -> list[Problem]:
    if isinstance(value, list):
        return [
            found for index, item in enumerate(value) for found in _problems_inside(options, item, f"{path}[{index}]")
        ]
    return text_problems(options, value, path) if isinstance(value, dict) else []


def _problems_of_text(option: t.Mapping[str, t.Any], text: str, path: str) -> list[Problem]:
    """What is wrong with mappings that are written as a text. ansible-core splits it at blanks and commas."""
    if option["type"] == "list":
        return [Problem(path, "must be a list of mappings, not a text")]
    if any(re.search(rf"(?:^|[\s,=]){name}=", text) for name in _secret_names(option["options"])):
        message = "must be a mapping: written as key=value, a secret loses its blanks, commas, quotes and backslashes"
        return [Problem(path, message)]
    return []


def _secret_names(options: Options) -> t.Iterator[str]:
    for name, option in options.items():
        if option.get("no_log"):
            yield from (name, *option.get("aliases", ()))
        yield from _secret_names(option.get("options", {}))


def _no_texts(value: object, path: str, kind: str) -> list[Problem]:
    """What is wrong with the texts of a list; ansible-core makes one of a single number or truth value, too."""
    if isinstance(value, list):
        places = ((item, f"{path}[{index}]") for index, item in enumerate(value) if item is not None)
        return [found for item, place in places for found in _no_text(item, place, kind)]
    return [] if isinstance(value, dict) else _no_text(value, path, kind)


def _no_text(value: object, path: str, kind: str) -> list[Problem]:
    """What is wrong with a value that is to be a text or a path; a date has one way to be written."""
    return [] if isinstance(value, (str, date)) else [_unquoted(value, path, kind)]


def secret_value_problems(value: object, path: str) -> list[Problem]:
    """What is wrong with one secret, be it wrapped already."""
    value = reveal(value)
    if isinstance(value, str):
        problem = placeholder_problem(value)
        return [Problem(path, problem)] if problem else []
    return [_unquoted(value, path, "str")]


def _unquoted(value: object, path: str, kind: str) -> Problem:
    came = _what_came(value)
    return Problem(path, f"must be {_TEXTS[kind]}, not {came}: put it in quotes, and it stays what is written")


def _what_came(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    return "a date" if isinstance(value, date) else type_name(value)
