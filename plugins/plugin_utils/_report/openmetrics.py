# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as metrics, for the textfile collector of Prometheus' node_exporter. Pure: no Ansible, no files.

It is OpenMetrics and Prometheus' own text format at once: gauges alone, and no time stamps, which that
collector refuses.
"""

from __future__ import annotations

import typing as t
from collections import Counter
from datetime import datetime

from ansible_collections.mailfleet.email.plugins.module_utils._text import visible

from .document import WRITES, Document, HostEntry
from .words import of_the_run

Labels = dict[str, str]
Sample = tuple[Labels, float]

# Each host has a series for each of them, so that a query need not guess whether 0 or nothing was reported.
_ACTIONS = (*WRITES, "unchanged", "failed", "undescribed")
_MODES = {True: "planned", False: "applied"}
_OUTCOMES = ("sent", "not_sent", "failed")


def as_openmetrics(document: Document) -> bytes:
    """The report of a run."""
    hosts = document["hosts"]
    ended = datetime.fromisoformat(document["ended"].replace("Z", "+00:00"))
    lines = [
        *_gauge("run_end_timestamp_seconds", "When the run ended.", [({}, ended.timestamp())]),
        *_gauge("run_duration_seconds", "How long the run took.", [({}, document["duration"])]),
        *_gauge("up", "Whether the host was reached and did not fail.", map(_up, hosts)),
        *_gauge("unknown", "Results of the host that nobody knows: not read, failed or hidden.", map(_unknown, hosts)),
        *_gauge("duration_seconds", "How long the host's tasks took.", map(_duration, hosts)),
        *_gauge(
            "records",
            "Records by what was done with them (applied), or would be (planned).",
            (sample for host in hosts for sample in _records(host)),
        ),
        *_gauge("test_sends", "Test messages by outcome.", (sample for host in hosts for sample in _test_sends(host))),
        "# EOF",
    ]
    return ("\n".join(lines) + "\n").encode()


def _gauge(name: str, meaning: str, samples: t.Iterable[Sample]) -> list[str]:
    lines = [f"# HELP mailfleet_{name} {meaning}", f"# TYPE mailfleet_{name} gauge"]
    for labels, value in samples:
        shown = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        lines.append(f"mailfleet_{name}{{{shown}}} {value:.15g}" if shown else f"mailfleet_{name} {value:.15g}")
    return lines


def _escaped(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')


def _up(host: HostEntry) -> Sample:
    return {"host": host["host"]}, float(host["status"] == "ok")


def _unknown(host: HostEntry) -> Sample:
    count = sum(task["hidden"] + (task["error"] is not None) for task in host["tasks"] if not of_the_run(task))
    count += sum(record["error"] is not None for task in host["tasks"] for record in task["records"])
    # A host may fail without a task of this report.
    return {"host": host["host"]}, max(count, int(host["status"] != "ok"))


def _duration(host: HostEntry) -> Sample:
    return {"host": host["host"]}, round(sum(task["duration"] for task in host["tasks"]), 3)


def _records(host: HostEntry) -> t.Iterator[Sample]:
    counts: Counter[tuple[str, str]] = Counter()
    for task in host["tasks"]:
        mode = _MODES[task["check_mode"]]
        counts[mode, "undescribed"] += len(task["undescribed"])
        for record in task["records"]:
            if record["message"] is None:
                counts[mode, "unchanged" if record["action"] == "none" else record["action"]] += 1
    for mode in _MODES.values():
        others = sorted({action for counted, action in counts if counted == mode} - set(_ACTIONS))
        for action in (*_ACTIONS, *others):
            yield {"host": host["host"], "mode": mode, "action": action}, counts[mode, action]


def _test_sends(host: HostEntry) -> t.Iterator[Sample]:
    counts = Counter(
        record["action"] for task in host["tasks"] for record in task["records"] if record["message"] is not None
    )
    for outcome in _OUTCOMES:
        yield {"host": host["host"], "outcome": outcome}, counts[outcome]
