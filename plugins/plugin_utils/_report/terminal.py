# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan on the terminal: `+`, `~`, `-`, `?`, a line for each field. Pure: prints nothing, says what colour fits."""

from __future__ import annotations

import typing as t
from collections import Counter

from ansible_collections.mailfleet.email.plugins.module_utils._text import visible

from .document import Change, Document, RecordEntry, TaskEntry, canonical
from .groups import change_of, groups_of, names_of, title_of
from .words import TO_DO, headlines, place_in_words, plural, remarks, rest_in_words, value_in_words

Tone = t.Literal["created", "updated", "deleted", "failed", "unknown", "plain"]
Line = tuple[str, Tone]

_SIGNS: dict[str, str] = {"created": "+", "updated": "~", "deleted": "-", "failed": "!", "unknown": "?"}
_WIDEST_COLUMN = 32
# Of each action in a task; nobody reads more of them on a terminal, and the other forms have all.
_MOST_SHOWN = 100


def lines_of_task(host: str, task: TaskEntry, planned: TaskEntry | None = None) -> list[Line]:
    """What a task changes, or would: its server, its records, their fields. Nothing where there is nothing to tell.

    `planned` is what was shown of the same records before, in check mode: what was done as planned is counted.
    """
    before = planned["records"] if planned else ()
    shown = {_as_reported(record) for record in before if record["action"] in TO_DO}
    changing = [record for record in task["records"] if record["action"] in _SIGNS]
    records = [record for record in changing if _as_reported(record) not in shown]
    lines = _lines_of_records(records, check_mode=task["check_mode"])
    if len(records) < len(changing):
        lines.append((f"  {plural(len(changing) - len(records), 'change')} done as planned above", "plain"))
    strays = task["undescribed"]
    lines += [(f"  ? {visible(name)} is live and not described", "plain") for name in strays[:_MOST_SHOWN]]
    if len(strays) > _MOST_SHOWN:
        lines.append((f"  … and {len(strays) - _MOST_SHOWN:,} more live and not described", "plain"))
    if task["error"] is not None and task["product"] is not None:
        lines.append((f"  ! {visible(task['task'])}: {visible(task['error'])}", "failed"))
    if not lines:
        return []
    mode = " (check mode)" if task["check_mode"] else ""
    return [(f"{visible(host)}: {place_in_words(task)}{mode}", "plain"), *lines]


def _as_reported(record: RecordEntry) -> bytes:
    return canonical([record["kind"], record["key"], record["action"], record["changes"], record["error"]])


def _lines_of_records(records: t.Sequence[RecordEntry], *, check_mode: bool) -> list[Line]:
    """A few lines for each record or group of them; of each action the first, and how many more there are."""
    lines: list[Line] = []
    reported: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    for group in groups_of(records):
        action = group[0]["action"]
        reported[action] += 1
        if reported[action] > _MOST_SHOWN:
            left_out[action] += len(group)
        else:
            lines += _record_lines(group[0]) if len(group) == 1 else _group_lines(group)
    lines += [
        (f"  {rest_in_words(count, action, check_mode=check_mode)}", t.cast(Tone, action))
        for action, count in left_out.items()
    ]
    return lines


def _group_lines(group: t.Sequence[RecordEntry]) -> list[Line]:
    action = t.cast(Tone, group[0]["action"])
    return [
        (f"  {_SIGNS[action]} {title_of(group)}: {change_of(group)}", action),
        (f"      {names_of(group)}", "plain"),
    ]


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
