# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Going through the cases, round by round."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

from .measure import memory_of, time_of
from .results import Measured, Measurements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .cases import Case
    from .workspace import Command, Workspace


class Bench:
    """Measures cases, and tells how far it is."""

    def __init__(self, workspace: Workspace, cases: Sequence[Case], most_minutes: float) -> None:
        """Measure ``cases`` in no more than so many minutes."""
        self._workspace = workspace
        self._cases = cases
        self._most_minutes = most_minutes
        self._begun = time.monotonic()

    @property
    def minutes(self) -> float:
        """How long it has been at work."""
        return (time.monotonic() - self._begun) / 60

    def warm_up(self, few_records: Sequence[Case]) -> None:
        """Run every command once with few records, so that no measured one has to compile anything."""
        for case in few_records:
            self._tell(f"warming up: {case.name}")
            for name in case.commands:
                self._measured(case, name)

    def measure(self, pairs: int) -> list[Measurements]:
        """Measure every command of every case in so many rounds, or in fewer where time is up.

        Raises ``subprocess.CalledProcessError`` where a command fails, after showing what it says, and ``RuntimeError``
        where one does not do what it is for.
        """
        rounds: list[list[dict[str, Measured]]] = []
        begun = self.minutes
        for number in range(pairs):
            if rounds and self.minutes + (self.minutes - begun) / len(rounds) > self._most_minutes:
                self._tell(f"stopping after {number} of {pairs} rounds: another one would take too long")
                break
            # Every other round runs backwards, so that the order favours no command.
            rounds.append(
                [self._round(case, f"round {number + 1} of {pairs}", number % 2 == 1) for case in self._cases]
            )
        return [Measurements(case, [taken[index] for taken in rounds]) for index, case in enumerate(self._cases)]

    def _round(self, case: Case, label: str, backwards: bool) -> dict[str, Measured]:
        order = list(case.commands)[:: -1 if backwards else 1]
        taken = {}
        for name in order:
            taken[name] = self._measured(case, name)
            self._tell(f"{label}: {case.name}: {name}: {taken[name].value:.2f} {case.unit}")
        return taken

    def _measured(self, case: Case, name: str) -> Measured:
        command = case.commands[name]
        self._workspace.prepare(command)
        take = time_of if case.unit == "s" else memory_of
        try:
            measured = take(command.words, command.directory, self._workspace.environment(command))
        except subprocess.CalledProcessError:
            self._show(command)
            raise
        self._workspace.check(name, command)
        return measured

    def _show(self, command: Command) -> None:
        """Run a command that failed once more, to show what it says."""
        self._workspace.prepare(command)
        subprocess.run(command.words, cwd=command.directory, env=self._workspace.environment(command), check=False)

    def _tell(self, line: str) -> None:
        minutes, seconds = divmod(round(self.minutes * 60), 60)
        print(f"{minutes}:{seconds:02} {line}", file=sys.stderr, flush=True)
