# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as a document: its shape, its totals, its digests. Pure: no Ansible, no files.

The shape is published as docs/schemas/report.schema.json. Every form of the report is made from such a document.
"""

from __future__ import annotations

import hashlib
import json
import typing as t

SCHEMA_VERSION: t.Final = 1

CHANGES: t.Final = ("created", "updated", "deleted")
"""The actions that change a record, in the order in which reports name them."""

STAGE: t.Final = ", stage "
"""What stands between the name of a play in stages and the number of the stage."""

STATES: t.Final = ("ok", "failed", "unreachable", "left_out", "not_begun")
"""How a host can stand at the end of a run: left out where its plan could not be made, not begun where the run broke
off before its turn."""

WRITES: t.Final = (*CHANGES, "unknown")
"""The actions that write: also what nobody knows the difference of, since the server does not show it."""


class Change(t.TypedDict):
    """One field of a record; `None` stands for a field that is not there, a marker for a secret."""

    field: str
    before: t.Any
    after: t.Any


class RecordEntry(t.TypedDict):
    """What became of one record, or would in check mode."""

    kind: str
    key: str | None
    action: str
    changes: list[Change]
    warnings: list[str]
    error: str | None
    failure: dict[str, t.Any] | None
    message: dict[str, t.Any] | None
    duration: float | None
    fingerprint: str | None


class TaskEntry(t.TypedDict):
    """How a task ended on one host; in a loop, how one of its items ended."""

    play: str
    task: str
    module: str
    item: int | None
    product: str | None
    server: str | None
    check_mode: bool
    status: str
    ignored: bool
    hidden: bool
    read: int | None
    fingerprint: str | None
    undescribed: list[str]
    started: str
    duration: float
    warnings: list[str]
    error: str | None
    failure: dict[str, t.Any] | None
    records: list[RecordEntry]


class HostEntry(t.TypedDict):
    """All that was done for one host, and how it stood at the end of the run."""

    host: str
    status: str
    tasks: list[TaskEntry]


class Totals(t.TypedDict):
    """The sums over all hosts. `planned` counts the tasks in check mode, `applied` the others."""

    hosts: dict[str, int]
    planned: dict[str, int]
    applied: dict[str, int]
    messages: dict[str, int]
    read: int
    undescribed: int
    hidden: int
    warnings: int
    errors: int


class Document(t.TypedDict):
    """A whole report."""

    schema_version: int
    mode: str
    started: str
    ended: str
    duration: float
    fingerprint: str
    totals: Totals
    hosts: list[HostEntry]
    digest: str


def canonical(data: t.Any) -> bytes:
    """JSON data as bytes, the same for the same data."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def fingerprint_of(data: t.Any) -> str:
    """A short text that stands for JSON data. Whoever hands in data has taken the secrets out of it."""
    return f"sha256:{hashlib.sha256(canonical(data)).hexdigest()}"


def digest_of(document: t.Mapping[str, t.Any]) -> str:
    """The digest that a whole document must carry as `digest`.

    It tells a document that was cut or edited from one that was not, but not who edited it: anybody can compute it.
    """
    return fingerprint_of({name: value for name, value in document.items() if name != "digest"})


def make_document(hosts: t.Iterable[HostEntry], *, started: str, ended: str, duration: float) -> Document:
    """Put the hosts' entries together, with what there is to say about all of them."""
    ordered = sorted(hosts, key=lambda entry: entry["host"])
    tasks = [task for host in ordered for task in host["tasks"]]
    document: Document = {
        "schema_version": SCHEMA_VERSION,
        "mode": _mode_of(tasks),
        "started": started,
        "ended": ended,
        "duration": duration,
        "fingerprint": _fingerprint_of_all(ordered),
        "totals": _totals_of(ordered, tasks),
        "hosts": ordered,
        "digest": "",
    }
    document["digest"] = digest_of(document)
    return document


def as_json(document: Document) -> bytes:
    """The document as it stands in a file: for people too, so indented, and in their own letters."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    # Half of a surrogate pair, which a server may send, is no character: only JSON's own escape can say it.
    return f"{text}\n".encode("utf-8", "backslashreplace")


def own_tasks(tasks: t.Iterable[TaskEntry]) -> list[TaskEntry]:
    """The tasks of this collection; others stand in a report only where a host failed in them."""
    return [task for task in tasks if task["product"] is not None]


def _mode_of(tasks: t.Sequence[TaskEntry]) -> str:
    own = own_tasks(tasks)
    # Reading and sending are no plan and carry none out. They count only where nothing else was done.
    changing = [task for task in own if not task["module"].endswith(("_info", "_test"))]
    modes = {task["check_mode"] for task in changing or own}
    if len(modes) == 2:
        return "mixed"
    return {True: "check", False: "apply"}[modes.pop()] if modes else "none"


def _fingerprint_of_all(hosts: t.Sequence[HostEntry]) -> str:
    read = []
    for host in hosts:
        for task in own_tasks(host["tasks"]):
            where = (host["host"], task["server"])
            if task["fingerprint"] is not None:
                read.append([*where, task["module"], None, task["fingerprint"]])
            read += [[*where, record["kind"], record["key"], record["fingerprint"]] for record in task["records"]]
    return fingerprint_of(read)


def _totals_of(hosts: t.Sequence[HostEntry], tasks: t.Sequence[TaskEntry]) -> Totals:
    totals: Totals = {
        "hosts": dict.fromkeys(STATES, 0),
        "planned": dict.fromkeys((*WRITES, "unchanged", "failed"), 0),
        "applied": dict.fromkeys((*WRITES, "unchanged", "failed"), 0),
        "messages": dict.fromkeys(("sent", "not_sent", "failed"), 0),
        "read": sum(task["read"] or 0 for task in tasks),
        "undescribed": sum(len(task["undescribed"]) for task in tasks),
        "hidden": sum(task["hidden"] for task in tasks),
        "warnings": 0,
        "errors": 0,
    }
    for host in hosts:
        totals["hosts"][host["status"]] += 1
    for task in tasks:
        totals["warnings"] += len(task["warnings"]) + sum(len(record["warnings"]) for record in task["records"])
        totals["errors"] += sum(part["error"] is not None for part in (task, *task["records"]))
        for record in task["records"]:
            counts = totals["planned" if task["check_mode"] else "applied"]
            if record["message"] is not None:
                counts = totals["messages"]
            counts["unchanged" if record["action"] == "none" else record["action"]] += 1
    return totals
