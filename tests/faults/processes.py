# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The processes of a playbook, as anyone on the machine sees them. Knows Linux only."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_ENDING_SECONDS = 60


@dataclass(frozen=True)
class Process:
    """A process with what ``ps`` shows of it."""

    pid: int
    parent: int
    command: str
    environment: str


def processes_of(directory: Path) -> list[Process]:
    """Return the processes of all playbooks that keep their files below ``directory``, the first one first."""
    # What every process inherits from the one that a test starts; see Playbook.
    mark = f"OUTCOMES_DIRECTORY={directory}/"
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        # Processes end while they are looked at.
        with suppress(OSError):
            environment = (folder / "environ").read_text(encoding="utf-8", errors="replace")
            if mark in environment:
                command = (folder / "cmdline").read_text(encoding="utf-8", errors="replace")
                parent = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
                found.append(Process(int(folder.name), int(parent), command, environment))
    known = {process.pid for process in found}
    return sorted(found, key=lambda process: (process.parent in known, process.pid))


def send(number: signal.Signals, processes: list[Process]) -> None:
    """Send a signal to each of them that has not ended yet."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)


def wait_until_ended(directory: Path) -> None:
    """Return when no process is left. Kills what does not end, and raises ``TimeoutError`` then."""
    deadline = time.monotonic() + _ENDING_SECONDS
    while remaining := processes_of(directory):
        if time.monotonic() > deadline:
            send(signal.SIGKILL, remaining)
            raise TimeoutError(f"These have not ended: {[process.command for process in remaining]}")
        time.sleep(0.01)
