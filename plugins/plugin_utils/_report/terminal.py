# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan on the terminal: `+`, `~`, `-`, a line for each field. Pure: prints nothing, says what colour fits."""

from __future__ import annotations

import typing as t

from ansible_collections.mailfleet.email.plugins.module_utils._text import visible

from .document import Change, Document, RecordEntry, TaskEntry
from .words import headlines, place_in_words, remarks, value_in_words

Tone = t.Literal["created", "updated", "deleted", "failed", "plain"]
Line = tuple[str, Tone]

_SIGNS: dict[str, str] = {"created": "+", "updated": "~", "deleted": "-", "failed": "!"}
_WIDEST_COLUMN = 32


def lines_of_task(host: str, task: TaskEntry) -> list[Line]:
    """What a task changes, or would: its server, its records, their fields. Nothing where there is nothing to tell."""
    lines: list[Line] = []
    for record in task["records"]:
        if record["action"] in _SIGNS:
            lines += _record_lines(record)
    lines += [(f"  ? {visible(name)} is live and not described", "plain") for name in task["undescribed"]]
    if task["error"] is not None and task["product"] is not None:
        lines.append((f"  ! {visible(task['task'])}: {visible(task['error'])}", "failed"))
    if not lines:
        return []
    mode = " (check mode)" if task["check_mode"] else ""
    return [(f"{visible(host)}: {place_in_words(task)}{mode}", "plain"), *lines]


def lines_of_totals(document: Document) -> list[Line]:
    """The last lines of a run."""
    titles = {"check": ["Plan: "], "apply": ["Done: "], "mixed": ["Plan: ", "Done: "]}.get(document["mode"], [""])
    totals = [f"{title}{line}." for title, line in zip(titles, headlines(document))]
    return [(line, "plain") for line in ("", *totals, *remarks(document))]


def _record_lines(record: RecordEntry) -> list[Line]:
    action = t.cast(Tone, record["action"])
    lines: list[Line] = [(f"  {_SIGNS[action]} {record['kind']} {visible(record['key'] or '')}".rstrip(), action)]
    if record["error"] is not None:
        lines.append((f"      ! {visible(record['error'])}", "failed"))
    else:
        width = min(_WIDEST_COLUMN, max((len(change["field"]) for change in record["changes"]), default=0))
        lines += [_change_line(change, width) for change in record["changes"]]
    return lines


def _change_line(change: Change, width: int) -> Line:
    before, after = value_in_words(change["before"]), value_in_words(change["after"])
    name = visible(change["field"]).ljust(width)
    if change["before"] is None:
        return f"      + {name} = {after}", "created"
    if change["after"] is None:
        return f"      - {name} = {before}", "deleted"
    return f"      ~ {name} = {before} -> {after}", "updated"
