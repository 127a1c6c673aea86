# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A campaign of many cases over several processes, which goes on where it was left."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import hypothesis

from .case import BROKEN, CaseResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PROJECT = Path(__file__).resolve().parents[3]
# All that a case is made of, and nothing else: other changes do not start a campaign anew.
_SOURCES = (
    "plugins/module_utils/**/*.py",
    "tests/faults/campaign/*.py",
    "tests/faults/answers.py",
    "tests/faults/fault.py",
    "tests/faults/proxy.py",
    "tests/sandbox/*.py",
    "tests/unit/plugins/module_utils/running.py",
)


def results_file() -> Path:
    """Where the results of this state of the sources are kept: those of another state say nothing about it."""
    digest = sha256(hypothesis.__version__.encode())
    for pattern in _SOURCES:
        for file in sorted(_PROJECT.glob(pattern)):
            digest.update(file.read_bytes())
    return _PROJECT / ".cache" / "faults" / f"{digest.hexdigest()[:16]}.jsonl"


class Results:
    """The results that there are, in a file with a line each."""

    def __init__(self, file: Path) -> None:
        """Read what ``file`` holds, if it is there; the last line may be cut off, where a campaign was killed."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._by_seed: dict[int, CaseResult] = {}
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True) if file.exists() else []
        whole = [line for line in lines if line.endswith("\n")]
        if whole != lines:
            file.write_text("".join(whole), encoding="utf-8")
        for line in whole:
            result = CaseResult(**json.loads(line))
            self._by_seed[result.seed] = result

    def missing(self, seeds: Iterable[int]) -> list[int]:
        """The seeds among these whose cases were not played yet, or could not be judged."""
        return [seed for seed in seeds if seed not in self._by_seed or self._by_seed[seed].wrong == BROKEN]

    def of(self, seeds: Iterable[int]) -> list[CaseResult]:
        """The results of those cases among these that were played."""
        return [self._by_seed[seed] for seed in seeds if seed in self._by_seed]

    def add(self, result: CaseResult) -> None:
        """Keep a result."""
        self._by_seed[result.seed] = result
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(result)) + "\n")


def played(seeds: Iterable[int], workers: int) -> Iterator[CaseResult]:
    """Play the cases of these seeds in so many processes; yields each result as it comes."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for seed in seeds:
        waiting.put(seed)
    expected = waiting.qsize()
    results: queue.SimpleQueue[CaseResult | BaseException] = queue.SimpleQueue()
    threads = [threading.Thread(target=_feed, args=(waiting, results), daemon=True) for _worker in range(workers)]
    for thread in threads:
        thread.start()
    for _result in range(expected):
        result = results.get()
        if isinstance(result, BaseException):
            raise result
        yield result
    for thread in threads:
        thread.join()


def _feed(waiting: queue.SimpleQueue[int], results: queue.SimpleQueue[CaseResult | BaseException]) -> None:
    """Give a process one seed after the other, and another process in its place where it ends."""
    try:
        while not waiting.empty():
            with worker_process() as worker:
                _feed_one(worker, waiting, results)
    except BaseException as error:  # noqa: BLE001  It is raised again where the results are read.
        results.put(error)


@contextmanager
def worker_process() -> Iterator[subprocess.Popen[str]]:
    """A process that takes seeds and gives results, a line each; it ends with the block."""
    words = [sys.executable, "-m", "tests.faults.campaign.worker"]
    # In a session of its own: an interrupt is for the campaign, and the process ends with its input.
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        yield process


def _feed_one(
    worker: subprocess.Popen[str],
    waiting: queue.SimpleQueue[int],
    results: queue.SimpleQueue[CaseResult | BaseException],
) -> None:
    seeds, lines = cast("IO[str]", worker.stdin), cast("IO[str]", worker.stdout)
    while True:
        try:
            seed = waiting.get_nowait()
        except queue.Empty:
            return
        line = ""
        try:
            print(seed, file=seeds, flush=True)
            line = lines.readline()
        except BrokenPipeError:
            pass
        if not line:
            results.put(CaseResult(seed, wrong=BROKEN, text="The process that played the case has ended."))
            return
        results.put(CaseResult(**json.loads(line)))
