# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counts and values in words, the same in every form of the report that people read."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.mailfleet.email.plugins.module_utils._text import visible
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import TITLES

from .document import CHANGES, STAGE, Document, HostEntry, TaskEntry
from .gather import MOVED, OF_THE_RUN

TO_DO: t.Final = {"created": "create", "updated": "update", "deleted": "delete", "unknown": "write"}
_MOST_NAMED = 20


def value_in_words(value: t.Any, longest: int = 200) -> str:
    """A field's value on one line, cut where it is long."""
    if value is None:
        return "(not set)"
    text = value if is_marker(value) else visible(json.dumps(value, ensure_ascii=False, sort_keys=True))
    return text if len(text) <= longest else f"{text[:longest]}…"


def is_marker(value: t.Any) -> bool:
    """Whether a value stands for a secret."""
    return isinstance(value, str) and value.startswith("<secret: ") and value.endswith(">") and value.isprintable()


def counts_in_words(counts: t.Mapping[str, int], *, check_mode: bool) -> str:
    """How many records change: what is to be done, or with `check_mode` false, what was."""
    words = [
        f"{counts[action]:,} to {TO_DO[action]}" if check_mode else f"{counts[action]:,} {action}" for action in CHANGES
    ]
    if counts["unknown"]:
        what = "to write" if check_mode else "written"
        words.append(f"{counts['unknown']} {what} without knowing whether it differs")
    if counts["failed"]:
        words.append(f"{counts['failed']:,} failed")
    return ", ".join(words)


def headlines(document: Document) -> list[str]:
    """The totals of a run, a line for each kind of work that was done in it."""
    totals, mode = document["totals"], document["mode"]
    lines = []
    if mode in ("check", "mixed"):
        lines.append(counts_in_words(totals["planned"], check_mode=True))
    if mode in ("apply", "mixed"):
        lines.append(counts_in_words(totals["applied"], check_mode=False))
    return lines or ["No record was looked at"]


def remarks(document: Document, name: t.Callable[[str], str] = visible) -> list[str]:
    """What else a reader of the totals must know, a sentence each. `name` makes a host's name fit to be shown."""
    totals = document["totals"]
    lines = []
    unchanged = totals["planned"]["unchanged"] + totals["applied"]["unchanged"]
    if unchanged:
        lines.append(f"{plural(unchanged, 'record')} unchanged.")
    if totals["undescribed"]:
        lines.append(f"{plural(totals['undescribed'], 'record')} live and not described.")
    sent, failed = totals["messages"]["sent"], totals["messages"]["failed"]
    if sent or failed:
        lines.append(f"Test messages: {sent:,} sent, {failed:,} failed.")
    if totals["hidden"]:
        lines.append(f"{plural(totals['hidden'], 'result')} hidden by no_log, and not counted.")
    hosts = [host for host in document["hosts"] if not _ran_what_failed(host)]
    faults = {_fault(task, name) for host in document["hosts"] for task in _failures(host) if of_the_run(task)}
    lines += sorted(faults)
    for status in ("failed", "unreachable", "left_out", "not_begun"):
        names = [host["host"] for host in hosts if host["status"] == status]
        if names:
            more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
            named = f"{', '.join(map(name, names[:_MOST_NAMED]))}{more}"
            lines.append(f"{plural(len(names), 'host')} {status.replace('_', ' ')}: {named}.")
    stages = _failed_stages(document)
    if stages:
        lines.append(f"Failed in stage {', '.join(stages)}. Hosts of stages that did not begin are as they were.")
    return lines


def _failures(host: HostEntry) -> list[TaskEntry]:
    return [task for task in host["tasks"] if task["status"] in ("failed", "unreachable") and not task["ignored"]]


def _ran_what_failed(host: HostEntry) -> bool:
    """Whether all that failed on a host is of the whole run, such as a plan that does not fit."""
    failures = _failures(host)
    return bool(failures) and all(map(of_the_run, failures))


def of_the_run(task: TaskEntry) -> bool:
    """Whether what failed in a task is of the whole run, and not of the host that had to run it."""
    return task["module"] in OF_THE_RUN and task["failure"] is not None


def _fault(task: TaskEntry, name: t.Callable[[str], str]) -> str:
    """Why a whole run failed, in a sentence. Where it is for the sake of hosts, they are in it."""
    at_fault = (task["failure"] or {}).get("kind") == MOVED
    return f"{'' if at_fault else 'No host is at fault: '}{name(task['error'] or '')}."


def _failed_stages(document: Document) -> list[str]:
    """The numbers of the stages in which a host failed, where the run went in stages."""
    plays = {task["play"] for host in document["hosts"] for task in _failures(host) if STAGE in task["play"]}
    return sorted((visible(play.rpartition(STAGE)[2]) for play in plays), key=lambda stage: (len(stage), stage))


def place_in_words(task: TaskEntry) -> str:
    """Which server a task is about."""
    product = TITLES.get(task["product"] or "", "")
    return f"{product} {visible(task['server'])}" if task["server"] else product


def plural(count: int, noun: str) -> str:
    """A number of things; some nouns have no other form for many."""
    return f"{count:,} {noun}" if count == 1 or noun.endswith("s") else f"{count:,} {noun}s"


def rest_in_words(count: int, action: str, *, check_mode: bool) -> str:
    """How many changes of a kind are not shown."""
    done = "written" if action == "unknown" else action
    return f"… and {count:,} more {'to ' + TO_DO[action] if check_mode and action in TO_DO else done}"
