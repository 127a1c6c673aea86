# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values in free mappings, which no option declares: texts that mean booleans or numbers, as `-e name=false` makes one.

A server takes the text `false` for true. So a value at a known path is converted as Ansible converts that of an option,
and refused where it cannot; at any other path, a text that reads like a boolean is reported.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from .._engine.schema import Problem, type_name
from .._engine.secret import Secret
from .interface import BOOLEAN, NUMBER, SWITCH, TEXT, Kinds

_TRUE = frozenset(("y", "yes", "on", "1", "true", "t"))
_FALSE = frozenset(("n", "no", "off", "0", "false", "f"))
# What nobody writes as a text that means something else.
_LIKE_A_BOOLEAN = frozenset(("true", "false", "yes", "no", "on", "off"))
_NUMBER = re.compile(r"[+-]?\d+(?P<fraction>\.\d+)?")


@dataclass(frozen=True)
class Typed:
    """Data with its values converted, what is wrong with some, and the paths of texts that read like a boolean."""

    data: t.Any
    problems: tuple[Problem, ...] = ()
    doubtful: tuple[str, ...] = ()


def typed(data: t.Any, kinds: t.Any, path: str) -> Typed:
    """Convert what stands at `path`, `kinds` being what is known there: one of the kinds, or those of a mapping."""
    if kinds in (BOOLEAN, NUMBER, TEXT) and isinstance(data, (dict, list)):
        return Typed(data, (_not_of_kind(kinds, data, path),))
    if isinstance(data, dict):
        below = kinds if isinstance(kinds, dict) else {}
        parts = {name: typed(value, below.get(name), f"{path}.{name}") for name, value in data.items()}
        return _together({name: part.data for name, part in parts.items()}, parts.values())
    if isinstance(data, list):
        items = [typed(item, None, f"{path}[{index}]") for index, item in enumerate(data)]
        return _together([item.data for item in items], items)
    if data is None:
        return Typed(data)
    if kinds == TEXT:
        return Typed(data, () if isinstance(data, (str, Secret)) else (_not_of_kind(kinds, data, path),))
    if kinds not in (BOOLEAN, NUMBER, SWITCH):
        return Typed(data, doubtful=(path,) if _reads_like_a_boolean(data) else ())
    if kinds == SWITCH:
        return Typed(_boolean(data) if _reads_like_a_boolean(data) else data)
    converted = _boolean(data) if kinds == BOOLEAN else _number(data)
    if converted is None:
        return Typed(data, (_not_of_kind(kinds, data, path),))
    return Typed(converted)


def _not_of_kind(kind: str, data: t.Any, path: str) -> Problem:
    wanted = {BOOLEAN: "true or false", NUMBER: "a number"}.get(kind, "a text")
    advice = ": put it in quotes" if kind == TEXT and isinstance(data, (int, float)) else ""
    return Problem(path, f"must be {wanted}, not {type_name(data)}{advice}")


def typed_filters(filters: t.Mapping[str, t.Any] | None, kinds: Kinds) -> Typed:
    """Convert filters, a mapping of paths to values, `kinds` being what is known of a record.

    A path leads down by dots or by mappings within each other; in the data it has dots. What could fit no record is a
    problem.
    """
    flat = dict(_flat(filters or {}))
    known = {path: kind_at(kinds, path) for path in flat}
    # The digits of a whole number fit a text and a number.
    numbers = {path for path, value in flat.items() if isinstance(value, int) and not isinstance(value, bool)}
    digits = {path: str(flat[path]) for path in numbers if known[path] == TEXT}
    found = typed({**flat, **digits}, known, "filters")
    never = [
        Problem(f"filters.{path}", "fits no record: give a value of one of the fields in it, or null for none of them")
        for path, value in flat.items()
        if value == {} or (isinstance(known[path], dict) and value is not None)
    ]
    never += [
        Problem(f"filters.{path}", f"fits no record: {above} is a single value, with nothing in it")
        for path, value in flat.items()
        if value is not None
        for above in _above(path)
        if kind_at(kinds, above) in (BOOLEAN, NUMBER, TEXT)
    ]
    return Typed(found.data, (*found.problems, *never), found.doubtful)


def _above(path: str) -> list[str]:
    """The paths that lead to a dotted path."""
    steps = path.split(".")
    return [".".join(steps[:number]) for number in range(1, len(steps))]


def _flat(filters: t.Mapping[str, t.Any], above: str = "") -> t.Iterator[tuple[str, t.Any]]:
    """The values with their dotted paths."""
    for name, value in filters.items():
        path = f"{above}{name}"
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{path}.")
        else:
            yield path, value


def kind_at(kinds: t.Any, path: str) -> t.Any:
    """What is known of the values at a dotted path, `None` where nothing is."""
    for name in path.split("."):
        kinds = kinds.get(name) if isinstance(kinds, dict) else None
    return kinds


def doubts(found: Typed, why: str = "the server may take any text for true") -> list[str]:
    """The warnings about texts that read like a boolean."""
    return [
        f"{path} is a text that reads like a boolean, and {why}: write it without quotes, or convert it with the "
        "filter bool"
        for path in found.doubtful
    ]


def _together(data: t.Any, parts: t.Iterable[Typed]) -> Typed:
    parts = list(parts)
    return Typed(
        data,
        tuple(problem for part in parts for problem in part.problems),
        tuple(path for part in parts for path in part.doubtful),
    )


def _reads_like_a_boolean(value: t.Any) -> bool:
    return isinstance(value, str) and value.strip().lower() in _LIKE_A_BOOLEAN


def _boolean(value: t.Any) -> bool | None:
    """A boolean as ansible-core makes it of a text or a number, `None` where it cannot."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    word = str(value).strip().lower() if isinstance(value, (str, int)) else ""
    return word in _TRUE if word in _TRUE | _FALSE else None


def _number(value: t.Any) -> float | None:
    """A number, be it in a text; `None` where there is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value
    found = _NUMBER.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    return float(found[0]) if found["fraction"] else int(found[0])
