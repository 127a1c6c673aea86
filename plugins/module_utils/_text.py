# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that are not ours, such as a server's words and the names that it gives, made fit for a terminal."""

from __future__ import annotations

import re
import typing as t

_FOR_PEOPLE: t.Final = frozenset(
    ("msg", "warnings", "failure", "error", "reason", "diff", "answer", "findings", "report", "problems", "skip_reason")
)

_SIDES: t.Final = ("before", "after")
FILLERS: t.Final = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0e\uffa0\U000e0100-\U000e01ef"
"""What counts as a letter, a mark or a sign, and shows nothing. Without U+FE0F, which makes a sign an emoji."""

_FILLER = re.compile(f"[{FILLERS}]")


def visible(text: str) -> str:
    """A text on one line, with an escape for every character that does not show as itself.

    Such are line ends, the controls of a terminal (ESC, C1), those that turn the direction of writing, and zero widths.
    """
    if text.isprintable() and (text.isascii() or not _FILLER.search(text)):
        return text
    return "".join(char if _is_seen(char) else char.encode("unicode_escape").decode("ascii") for char in text)


def _is_seen(char: str) -> bool:
    return char.isprintable() and not _FILLER.match(char)


def all_visible(data: t.Any) -> t.Any:
    """Copy plain data with each text in it `visible`, names in mappings too."""
    if isinstance(data, str):
        return visible(data)
    if isinstance(data, dict):
        return {all_visible(name): all_visible(value) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [all_visible(item) for item in data]
    return data


def for_people(result: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """A task's result with all that is said to people visible. What it holds of records stays to the letter."""
    if "results" not in result and _FOR_PEOPLE.isdisjoint(result):
        # Nothing is said of a record that is as it should be, as most of thousands are.
        return dict(result)
    reported = {name: all_visible(value) if name in _FOR_PEOPLE else value for name, value in result.items()}
    if isinstance(result.get("diff"), list):
        reported["diff"] = [_diff_of_files(file) for file in result["diff"]]
    if isinstance(reported.get("results"), list):
        reported["results"] = [for_people(entry) if isinstance(entry, dict) else entry for entry in reported["results"]]
    return reported


def _diff_of_files(file: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The diff of a file, whose lines stay lines: what is in each of them is visible."""
    return {
        name: "\n".join(map(visible, value.split("\n")))
        if name in _SIDES and isinstance(value, str)
        else all_visible(value)
        for name, value in file.items()
    }
