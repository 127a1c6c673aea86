# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The soak: random playbooks under faults, for long, and a process that works through cases all that time.

Memory must stay flat, and no process or socket be left over.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import shutil
import statistics
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, cast

import psutil
from rich.console import Console
from rich.table import Table

from tests.integration.playbook import WAYS, Playbook
from tests.sandbox.client import Sandbox
from tests.sandbox.encodings import LeakSearch
from tools import figures

from .campaign.case import CaseResult
from .campaign.run import worker_process
from .proxy import FaultProxy
from .soak_plays import SECRET, random_faults, random_tasks

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from tests.integration.playbook import Run

_MINUTES = 30
_MEGABYTE = 1024 * 1024
_LOOK_SECONDS = 0.1
_SETTLE_SECONDS = 5.0
# A leak of a record a task would be far more in half an hour.
_MOST_GROWTH = 0.1
_FEWEST_MEASURED = 9
_WORKER = "one process"


@dataclass
class Findings:
    """What the soak has seen: peaks of memory in bytes by what was run, and counts of all else."""

    memory: dict[str, list[int]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def note(self, what: str, example: str) -> None:
        """Count something that must not be; the first few are shown at the end."""
        self.wrong[what] += 1
        self.examples.append(f"{what}: {example}")

    def growth(self, what: str) -> float:
        """By how much the median peak of the last third is above that of the middle one, when all is warmed up."""
        peaks = self.memory[what]
        third = len(peaks) // 3
        return statistics.median(peaks[-third:]) / statistics.median(peaks[-2 * third : -third]) - 1


class Soak:
    """Plays in turn as action plugins and as modules, against a sandbox behind the proxy."""

    def __init__(self, sandbox: Sandbox, proxy: FaultProxy, directory: Path, seed: int) -> None:
        """Keep what the plays write below ``directory``; all that is random comes from ``seed``."""
        self.findings = Findings()
        self._sandbox = sandbox
        self._proxy = proxy
        self._directory = directory
        self._random = random.Random(seed)
        self._playbook = Playbook(directory, sandbox, warm=False)
        self._not_ours = {process.pid for process in psutil.Process().children(recursive=True)}

    def play_one(self, number: int) -> None:
        """Run one random playbook under random faults, and look at what it said and left."""
        spec = WAYS[number % len(WAYS)]
        self._proxy.plan(random_faults(self._random))
        defaults = {
            group: {**options, **self._through_the_proxy(group), "retries": 2, "timeout": 2}
            for group, options in self._playbook.defaults.items()
        }
        tasks = random_tasks(self._random)
        with self._watched(spec):
            run = self._playbook.run(tasks, defaults=defaults, spec=spec, options=["-vvv"])
        self.findings.counts.update(str(passed.kind) for passed in self._proxy.log if passed.kind is not None)
        self.findings.counts["playbooks"] += 1
        self.findings.counts["tasks"] += len(run.outcomes)
        self._judge(run, len(tasks))
        self._judge_leftovers(run.directory)
        shutil.rmtree(run.directory)

    def _through_the_proxy(self, group: str) -> dict[str, str]:
        product = group.rpartition(".")[2]
        return {"api_url": self._sandbox.ready[product]["api_url"].replace(self._sandbox.url, self._proxy.url)}

    @contextmanager
    def _watched(self, spec: str) -> Iterator[None]:
        """Note the most memory that one of the playbook's processes has while the block runs."""
        over = threading.Event()
        peaks = [0]

        def look() -> None:
            while not over.wait(_LOOK_SECONDS):
                peaks.append(max(map(_memory, self._ours()), default=0))

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()
        self.findings.memory.setdefault(spec, []).append(max(peaks))

    def _ours(self) -> list[psutil.Process]:
        return [child for child in psutil.Process().children(recursive=True) if child.pid not in self._not_ours]

    def _judge(self, run: Run, tasks: int) -> None:
        if len(run.outcomes) != tasks:
            self.findings.note("tasks without an outcome", run.output[-2000:])
        if "Traceback" in run.output:
            self.findings.note("tracebacks", run.output[-2000:])
        if LeakSearch([SECRET]).found_in(run.output):
            self.findings.note("leaks", "the output of a playbook holds a password")
        for name, outcome in run.outcomes.items():
            self.findings.counts["tasks that failed"] += outcome.failed
            results = outcome.returned.get("results", [outcome.returned])
            kinds = [(one.get("failure") or {}).get("kind") for one in results]
            hidden = "censored" in outcome.returned
            if "defect" in kinds or (outcome.failed and not any(kinds) and not hidden):
                self.findings.note("defects", f"{name}: {outcome.returned.get('msg')}")

    def _judge_leftovers(self, directory: Path) -> None:
        """Nothing that the playbook has started is there a moment after its end, and no connection of its tasks."""
        deadline = time.monotonic() + _SETTLE_SECONDS
        while time.monotonic() < deadline and (self._processes_of(directory) or self._connections()):
            time.sleep(_LOOK_SECONDS)
        for process in self._processes_of(directory):
            self.findings.note("processes left over", process)
        for connection in self._connections():
            self.findings.note("sockets left over", connection)

    def _processes_of(self, directory: Path) -> list[str]:
        """What still runs below this process, or belongs to a play by its environment."""
        found = [str(child) for child in self._ours()]
        for process in psutil.process_iter():
            try:
                if process.environ().get("OUTCOMES_DIRECTORY") == str(directory):
                    found.append(str(process))
            except psutil.Error:
                continue
        return found

    def _connections(self) -> list[str]:
        """The connections to the proxy, which this process holds the other end of."""
        port = int(self._proxy.url.rpartition(":")[2])
        return [
            str(connection)
            for connection in psutil.Process().net_connections("tcp")
            if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_ESTABLISHED
        ]


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


class Worker:
    """One process of the campaign that plays cases all the time, and its memory."""

    def __init__(self, process: subprocess.Popen[str], first: int) -> None:
        """Let ``process`` play the case ``first`` now, and the following ones with ``work_until``."""
        self._measured = psutil.Process(process.pid)
        self._seeds, self._lines = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
        self._next = first
        self._play_next()

    def _play_next(self) -> CaseResult | None:
        """Play the next case. Returns ``None`` where the process has ended."""
        print(self._next, file=self._seeds, flush=True)
        self._next += 1
        line = self._lines.readline()
        return CaseResult(**json.loads(line)) if line else None

    def work_until(self, deadline: float, findings: Findings) -> None:
        """Play cases until then, and note the memory after each."""
        while time.monotonic() < deadline:
            result = self._play_next()
            if result is None:
                findings.note("processes that ended", f"in case {self._next - 1}")
                return
            findings.counts["cases"] += 1
            findings.memory.setdefault(_WORKER, []).append(_memory(self._measured))
            if result.wrong is not None:
                findings.note(result.wrong, f'make faults ARGS="--case {result.seed}"')


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{times:,} {what}" for what, times in sorted(counter.items()))


def shown(findings: Findings, minutes: float, console: Console) -> bool:
    """Show what was seen in so many minutes. Returns whether all was well."""
    for what, peaks in findings.memory.items():
        if len(peaks) >= _FEWEST_MEASURED and findings.growth(what) > _MOST_GROWTH:
            findings.note("memory grows", what)
    memory = Table("memory", "measured", "median", "most", "growth", title="The soak")
    for what, peaks in sorted(findings.memory.items()):
        growth = f"{findings.growth(what):+.1%}" if len(peaks) >= _FEWEST_MEASURED else "too few"
        median, most = (f"{size / _MEGABYTE:.1f} MB" for size in (statistics.median(peaks), max(peaks)))
        memory.add_row(what, str(len(peaks)), median, most, growth)
    console.print(memory)
    counts = Table("", "")
    for what, times in sorted(findings.counts.items()):
        counts.add_row(what, str(times))
    counts.add_section()
    always = ("processes left over", "sockets left over", "tracebacks", "defects", "leaks")
    for what in dict.fromkeys((*always, *findings.wrong)):
        counts.add_row(what, str(findings.wrong[what]))
    console.print(counts)
    done, wrong = (_counted(counter) for counter in (findings.counts, findings.wrong))
    found = f"{minutes:g} minutes: {done}; wrong: {wrong or 'nothing'}"
    figures.note("soak", found, fine=not findings.wrong and minutes >= _MINUTES)
    for example in findings.examples[:10]:
        console.print(example, markup=False, soft_wrap=True)
    return not findings.wrong


def main() -> None:
    """Soak, and exit with 1 where anything went wrong."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=_MINUTES, help="for how long (%(default)g)")
    parser.add_argument("--seed", type=int, default=0, help="what all random choices come from (%(default)s)")
    arguments = parser.parse_args()
    deadline = time.monotonic() + arguments.minutes * 60
    with (
        TemporaryDirectory(prefix="soak-") as temporary,
        Sandbox.start(Path(temporary) / "sandbox") as sandbox,
        FaultProxy(sandbox.url) as proxy,
        worker_process() as process,
    ):
        worker = Worker(process, arguments.seed)
        soak = Soak(sandbox, proxy, Path(temporary) / "plays", arguments.seed)
        working = threading.Thread(target=worker.work_until, args=(deadline, soak.findings))
        working.start()
        for number in itertools.takewhile(lambda _number: time.monotonic() < deadline, itertools.count()):
            soak.play_one(number)
        working.join()
        fine = shown(soak.findings, arguments.minutes, Console())
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
