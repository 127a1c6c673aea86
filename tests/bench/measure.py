# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measuring one run of a command: its time with pyperf, its memory by looking at its processes."""

from __future__ import annotations

import functools
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psutil
import pyperf  # type: ignore[import-untyped]

from .results import Measured

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_RUN_SECONDS = 600
_LOOK_EVERY_SECONDS = 0.02


def time_of(words: tuple[str, ...], directory: Path, environment: Mapping[str, str]) -> Measured:
    """Run a command once and take its time. Raises ``subprocess.CalledProcessError`` where it fails."""
    wall, processor = _timed(words, directory, environment)
    return Measured(wall, processor - _own_processor_time())


@functools.cache
def _own_processor_time() -> float:
    """Return the processor time of pyperf itself, which is part of what it takes to measure anything."""
    nothing = (sys.executable, "-S", "-E", "-c", "")
    return statistics.median(_timed(nothing, Path.cwd(), {})[1] for _ in range(5))


def _timed(words: tuple[str, ...], directory: Path, environment: Mapping[str, str]) -> tuple[float, float]:
    with TemporaryDirectory() as temporary:
        output = Path(temporary) / "pyperf.json"
        options = ["--processes=1", "--values=1", "--loops=1", "--warmups=0", "--copy-env", "--quiet"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "pyperf", "command", *options, f"--output={output}", "--", *words],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_LONGEST_RUN_SECONDS,
            check=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall = pyperf.Benchmark.load(str(output)).mean()
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def memory_of(words: tuple[str, ...], directory: Path, environment: Mapping[str, str]) -> Measured:
    """Run a command once and watch the most that it and its processes hold at a time, what they share counted once.

    Raises ``subprocess.CalledProcessError`` where it fails.
    """
    silent = subprocess.DEVNULL
    with subprocess.Popen(
        words, cwd=directory, env=dict(environment), stdin=silent, stdout=silent, stderr=silent
    ) as process:
        root = psutil.Process(process.pid)
        most = 0
        while process.poll() is None:
            most = max(most, _held_by(root))
            time.sleep(_LOOK_EVERY_SECONDS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    return Measured(most / 2**20)


def _held_by(root: psutil.Process) -> int:
    """Return the proportional set size of a process and all below it."""
    held = 0
    try:
        processes = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for process in processes:
        try:
            held += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            # It has ended since.
            continue
    return held
