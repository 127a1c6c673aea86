# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run of Ansible as it goes on: when what began, and how each task ended on each host. Pure: no Ansible, no files."""

from __future__ import annotations

import time
import typing as t
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import KINDS, kind_of

from .document import STAGE, WRITES, Document, HostEntry, TaskEntry, make_document
from .gather import (
    DRIFT,
    MOVED,
    OF_ALL_KINDS,
    failure_of,
    plain_result,
    read_of,
    records_of,
    server_of,
    undescribed_of,
    warnings_of,
)

_FAILURES = ("failed", "unreachable")


@dataclass(frozen=True)
class Ended:
    """A task that ended on a host, or one item of its loop, as Ansible tells it.

    `uuid` is the task's own in this run; `status` is the report's word for how it ended.
    """

    host: str
    uuid: str
    task: str
    module: str
    arguments: t.Mapping[str, t.Any]
    result: t.Mapping[str, t.Any]
    status: str
    check_mode: bool
    ignored: bool = False
    is_item: bool = False


def parts_of(ended: Ended) -> list[Ended]:
    """A task about all kinds of record as one task for each kind, as their own modules would have ended; else itself.

    Where the task failed and none of them did, it is one of them.
    """
    module_of, results = OF_ALL_KINDS.get(ended.module), ended.result.get("kinds")
    if module_of is None or not isinstance(results, t.Mapping):
        return [ended]
    parts = [
        replace(
            ended,
            module=module_of(kind),
            arguments={"api_url": results[kind.key].get("server")},
            result=results[kind.key],
            status=_status_of(results[kind.key]),
        )
        for kind in KINDS
        if kind.key in results
    ]
    own = ended.status in _FAILURES and not any(part.status in _FAILURES for part in parts)
    return [*parts, ended] if own else parts


def _status_of(result: t.Mapping[str, t.Any]) -> str:
    return next((status for status in ("failed", "skipped", "changed") if result.get(status)), "ok")


class _Moment:
    """A point in time, for people and for the measurement of durations."""

    def __init__(self) -> None:
        now = datetime.now(timezone.utc)
        self.stamp = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._clock = time.monotonic()

    def seconds(self) -> float:
        """How long ago it is."""
        return round(time.monotonic() - self._clock, 3)


@dataclass
class _Running:
    """A task that is under way on a host."""

    since: _Moment = field(default_factory=_Moment)
    items: int = 0


class Run:
    """What is known of a run so far."""

    def __init__(self) -> None:
        self._began = _Moment()
        self._play = ""
        self._stages: dict[str, int] = {}
        self._running: dict[tuple[str, str], _Running] = {}
        self._tasks: dict[str, list[TaskEntry]] = {}
        self._judged: set[str] = set()
        self._left_out: set[str] = set()
        self._hosts: set[str] = set()

    def begin_play(self, name: str, uuid: str = "", hosts: t.Iterable[str] = (), *, in_stages: bool = False) -> None:
        """Note that the tasks that follow are of this play, which is about these hosts.

        A play in stages begins once for each of them.
        """
        self._hosts.update(hosts)
        self._stages[uuid] = self._stages.get(uuid, 0) + 1
        self._play = f"{name}{STAGE}{self._stages[uuid]}" if in_stages else name

    def begin(self, host: str, uuid: str) -> None:
        """Note that a task begins on a host."""
        self._running[host, uuid] = _Running()

    def end(self, ended: Ended) -> TaskEntry | None:
        """Note how a task ended. Returns its entry, `None` where the report has none of its own for it."""
        running = self._running.setdefault((ended.host, ended.uuid), _Running())
        if running.items and not ended.is_item:
            # The sum of a loop, whose items have reported all of it.
            return None
        if ended.module == DRIFT and "failure" not in ended.result:
            self._judged.add(ended.host)
            return None
        if ended.result.get("left_out") and ended.module in OF_ALL_KINDS:
            self._left_out.add(ended.host)
        if kind_of(ended.module) is None and (ended.status not in _FAILURES or ended.ignored or ended.is_item):
            return None
        entry = self._entry(ended, running)
        self._tasks.setdefault(ended.host, []).append(entry)
        if ended.is_item:
            running.items += 1
            running.since = _Moment()
        return entry

    def retry(self, ended: Ended) -> TaskEntry | None:
        """Note a try that another one follows. Returns an entry of what it changed, which the last try finds done."""
        running = self._running.setdefault((ended.host, ended.uuid), _Running())
        entry = self._entry(ended, running)
        running.since = _Moment()
        entry["records"] = [record for record in entry["records"] if record["action"] in WRITES]
        if ended.check_mode or not entry["records"]:
            return None
        # Whatever else it tells, the last try tells again if it still holds.
        entry["warnings"] = []
        self._tasks.setdefault(ended.host, []).append(entry)
        return entry

    def planned(self, host: str, entry: TaskEntry) -> TaskEntry | None:
        """What the run reported before, in check mode, of the same records of a host that a task has now changed."""
        if entry["check_mode"]:
            return None
        looks = (task for task in self._tasks.get(host, ()) if task["check_mode"] and _about(task) == _about(entry))
        return next(looks, None)

    def standing(self) -> dict[str, str]:
        """How each host stands by now that a task began on, before Ansible says so itself at the end."""
        found = {host: "ok" for host, _uuid in self._running}
        for host, tasks in self._tasks.items():
            failures = [task["status"] for task in tasks if task["status"] in _FAILURES and not task["ignored"]]
            found[host] = failures[0] if failures else "ok"
        return found

    def document(self, statuses: t.Mapping[str, str]) -> Document:
        """The report of the run, at its end. `statuses` are the hosts that tasks began on, with how each stands now."""
        hosts = [self._host(host, status) for host, status in statuses.items()]
        if any(host["status"] in _FAILURES for host in hosts):
            # The run broke off before their turn.
            hosts += [self._host(host, "not_begun") for host in self._hosts - set(statuses)]
        now = _Moment()
        return make_document(hosts, started=self._began.stamp, ended=now.stamp, duration=self._began.seconds())

    def _host(self, host: str, status: str) -> HostEntry:
        tasks = _counted_once(self._tasks.get(host, []))
        if host in self._judged:
            failures = [task["status"] for task in tasks if task["status"] in _FAILURES and not task["ignored"]]
            status = failures[0] if failures else "ok"
        told = [task for task in tasks if (task["failure"] or {}).get("kind") == MOVED]
        if told and all(task in told or task["status"] not in _FAILURES or task["ignored"] for task in tasks):
            # It had to tell of other hosts.
            status = "ok"
        if status == "ok" and host in self._left_out:
            status = "left_out"
        # Another collection's failure counts only where it is why the host failed.
        reported = [task for task in tasks if task["product"] is not None or task in told or status in _FAILURES]
        return {"host": host, "status": status, "tasks": reported}

    def _entry(self, ended: Ended, running: _Running) -> TaskEntry:
        kind, result = kind_of(ended.module), plain_result(ended.result)
        seconds = running.since.seconds()
        records = records_of(ended.module, ended.arguments, result, seconds)
        read, fingerprint = read_of(ended.module, result)
        error, failure = None, None
        if ended.status in _FAILURES:
            error, failure = failure_of(ended.module, result, records, unreachable=ended.status == "unreachable")
        return {
            "play": self._play,
            "task": ended.task,
            "module": ended.module,
            "item": running.items if ended.is_item else None,
            "product": kind.product if kind else None,
            "server": server_of(ended.module, ended.arguments),
            "check_mode": ended.check_mode,
            "status": ended.status,
            "ignored": ended.ignored,
            "hidden": "censored" in result,
            "read": read,
            "fingerprint": fingerprint,
            "undescribed": undescribed_of(ended.module, result),
            "started": running.since.stamp,
            "duration": seconds,
            "warnings": warnings_of(result, records) if kind else [],
            "error": error,
            "failure": failure,
            "records": records,
        }


def _counted_once(tasks: t.Sequence[TaskEntry]) -> list[TaskEntry]:
    """The tasks, less looks ahead: what check mode found before the same was done counts where it was done.

    Applying a plan looks at everything in check mode before it writes anything.
    """
    done: set[t.Any] = set()
    counted = []
    for task in reversed(tasks):
        if not task["check_mode"]:
            done.add(_about(task))
        elif task["records"] and _about(task) in done:
            continue
        counted.append(task)
    return counted[::-1]


def _about(task: TaskEntry) -> tuple[str, str | None, tuple[str, ...]]:
    """Which records a task is about."""
    return task["module"], task["server"], tuple(sorted(str(record["key"]) for record in task["records"]))
