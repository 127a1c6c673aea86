# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as a comment on a merge request: totals, problems, a table for each host. Pure: no Ansible, no files.

All that comes from elsewhere stands in code spans: nothing in one is markup, a link or a mention of somebody.
"""

from __future__ import annotations

import re
import typing as t
from html import escape

from ansible_collections.mailfleet.email.plugins.module_utils._text import visible

from .document import Change, Document, HostEntry, RecordEntry, TaskEntry
from .groups import groups_of, names_of, title_of
from .review import review, same_changes
from .words import TO_DO, headlines, of_the_run, place_in_words, remarks, value_in_words

_MOST_ROWS_UNFOLDED = 10
_LONGEST_VALUE = 120
_MOST_NAMES = 20
_LONGEST_TEXT = 400
_PROBLEMS_HEAD = ["| Host | Where | Problem |", "|---|---|---|"]
_UNDESCRIBED_HEAD = ["| Host | Server | Record |", "|---|---|---|"]
_CHANGES_HEAD = ["| | Record | Changes |", "|---|---|---|"]
# What the note about the rest, and the end of the fold before it, may take.
_RESERVED = 300


def as_markdown(document: Document, limit: int) -> bytes:
    """The report of a run in at most `limit` bytes. What does not fit is counted in a note at the end."""
    page = _Page(limit - _RESERVED)
    page.add(*[f"## {line}" for line in headlines(document)], "")
    for line in remarks(document, _code):
        page.add(line, "")
    for lines in (review(document, _code), same_changes(document, _code)):
        page.add(*[f"- {line}" for line in lines], *([""] if lines else []))
    left_out = {
        "problem": page.table(["### Problems", ""], _PROBLEMS_HEAD, _problem_rows(document), []),
        "change": sum(_add_host(page, host) for host in document["hosts"]),
        "undescribed record": page.table(
            ["### Live and not described", ""], _UNDESCRIBED_HEAD, _undescribed_rows(document), []
        ),
    }
    missing = ", ".join(f"{count} {noun}{'s' * (count > 1)}" for noun, count in left_out.items() if count)
    if missing:
        page.lines.append(f"**Left out here: {missing}**, since a comment has its limit. The other reports have them.")
    return ("\n".join(page.lines).rstrip("\n") + "\n").encode()


class _Page:
    """Lines that have their limit."""

    def __init__(self, limit: int) -> None:
        self.lines: list[str] = []
        self._left = limit

    def add(self, *lines: str) -> bool:
        """Add all of the lines, if they fit. Returns whether they do."""
        size = sum(len(line.encode()) + 1 for line in lines)
        if size > self._left:
            return False
        self.lines += lines
        self._left -= size
        return True

    def table(self, before: list[str], head: list[str], rows: list[str], after: list[str]) -> int:
        """Add a table with as many of its rows as fit. Returns how many were left out."""
        if not rows or not self.add(*before, *head, rows[0], *after, ""):
            return len(rows)
        end = len(self.lines) - len(after) - 1
        closing, self.lines = self.lines[end:], self.lines[:end]
        added = 1
        while added < len(rows) and self.add(rows[added]):
            added += 1
        self.lines += closing
        return len(rows) - added


def _add_host(page: _Page, host: HostEntry) -> int:
    """Add what changes on a host, a table for each server. Returns how many of its changes were left out."""
    tables: dict[str, list[str]] = {}
    for task in host["tasks"]:
        title = f"{visible(host['host'])}: {place_in_words(task)}"
        tables.setdefault(title, []).extend(
            _row(group, check_mode=task["check_mode"])
            for group in groups_of(record for record in task["records"] if record["action"] in TO_DO)
        )
    left_out = 0
    for title, rows in tables.items():
        if len(rows) <= _MOST_ROWS_UNFOLDED:
            left_out += page.table([f"### {_code(title)}", ""], _CHANGES_HEAD, rows, [])
        else:
            # Within this block of HTML nothing is read as Markdown until a blank line.
            summary = f"<details><summary><code>{escape(title)}</code>: {len(rows)} changes</summary>"
            left_out += page.table([summary, ""], _CHANGES_HEAD, rows, ["", "</details>"])
    return left_out


def _row(group: t.Sequence[RecordEntry], *, check_mode: bool) -> str:
    record = group[0]
    action = TO_DO[record["action"]] if check_mode else record["action"]
    if record["action"] == "unknown":
        action = f"? {'write' if check_mode else 'written'}"
    changes = "<br>".join(_change(change, record["action"]) for change in record["changes"])
    name = _code(record["key"] or record["kind"])
    if len(group) > 1:
        name = f"{title_of(group)}: {names_of(group, _code, _MOST_NAMES)}"
    return f"| {action} | {name} | {changes} |"


def _change(change: Change, action: str) -> str:
    name, before, after = (
        _code(text)
        for text in (change["field"], *(value_in_words(change[side], _LONGEST_VALUE) for side in ("before", "after")))
    )
    return f"{name}: " + {"created": after, "deleted": before}.get(action, f"{before} → {after}")


def _undescribed_rows(document: Document) -> list[str]:
    return [
        f"| {_code(host['host'])} | {_code(place_in_words(task))} | {_code(name)} |"
        for host in document["hosts"]
        for task in host["tasks"]
        for name in task["undescribed"]
    ]


def _problem_rows(document: Document) -> list[str]:
    rows = [
        f"| {'the run' if of_the_run(task) else _code(host['host'])} | {_code(where)} | {kind}: {_code(text)} |"
        for wanted in ("error", "warning")
        for host in document["hosts"]
        for task in host["tasks"]
        for kind, where, text in _problems(task)
        if kind == wanted
    ]
    # What is of the run may have been told by each of its hosts.
    return list(dict.fromkeys(rows))


def _problems(task: TaskEntry) -> t.Iterator[tuple[str, str, str]]:
    for where, reported in (
        (task["task"], task),
        *((record["key"] or task["task"], record) for record in task["records"]),
    ):
        if reported["error"] is not None:
            yield "error", where, reported["error"]
        for warning in reported["warnings"]:
            yield "warning", where, warning


def _code(text: str) -> str:
    """A text as a code span, which also a cell of a table can hold."""
    shown = visible(text) or " "
    if len(shown) > _LONGEST_TEXT:
        shown = f"{shown[:_LONGEST_TEXT]}…"
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}".replace("|", "\\|")
