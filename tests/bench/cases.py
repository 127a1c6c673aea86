# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is measured: cases of commands that run side by side, and the goals that are judged by them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from . import plays
from .workspace import Live

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .workspace import Command, Workspace

AS_MODULE = {"MAILFLEET_IN_PROCESS": "0"}
PROCESSOR: Final = "processor time"
THREADS = 16
DELAY_MS = 10


@dataclass(frozen=True)
class Goal:
    """A ratio to reach: the time of the commands ``over`` together, divided by that of the commands ``under``.

    ``by`` is what counts: how long one waits, or how long processors are busy, which other work disturbs less.
    """

    title: str
    relation: Literal["at least", "at most"]
    bound: float
    over: tuple[str, ...]
    under: tuple[str, ...]
    by: Literal["time", "processor time"] = "time"

    def ratio(self, values: Mapping[str, float]) -> float:
        """Return the ratio in one round of measurements; without ``under`` the value itself."""
        return sum(values[name] for name in self.over) / (sum(values[name] for name in self.under) or 1)

    def is_reached(self, ratio: float) -> bool:
        """Whether the ratio is good enough."""
        return ratio >= self.bound if self.relation == "at least" else ratio <= self.bound


@dataclass(frozen=True)
class Case:
    """Commands that are run one after the other in each round, so that what disturbs one disturbs all."""

    name: str
    title: str
    commands: Mapping[str, Command]
    goals: tuple[Goal, ...]
    unit: Literal["s", "MiB"] = "s"


class Cases:
    """Makes the cases. With ``most_records`` none has more records than that: to compile and to try everything."""

    def __init__(self, workspace: Workspace, most_records: int | None = None) -> None:
        """Let ``workspace`` write what the commands need."""
        self._workspace = workspace
        self._most_records = most_records

    def all(self) -> list[Case]:
        """Return every case, in the order of the results page."""
        return [
            self._loop_unchanged(),
            self._loop_created(),
            self._long_loop(),
            self._hosts(),
            self._one_task(),
            self._creations(),
            self._through_variables(),
            self._through_src(),
            self._domains(),
            self._memory(),
        ]

    def _count(self, records: int) -> int:
        return records if self._most_records is None else min(records, self._most_records)

    def _loop_unchanged(self) -> Case:
        count = self._count(100)
        variables, live = self._workspace.variables("accounts", count), Live(count=count)
        playbook = self._workspace.playbook
        commands = {
            "loop": playbook(plays.MODULE_LOOP, variables, live),
            "loop as a module": playbook(plays.MODULE_LOOP, variables, live, environment=AS_MODULE),
            "one task": playbook(plays.sync_accounts(), variables, live),
            "uri, PUT each": playbook(plays.URI_PUT, variables, live, writes=count),
            "uri, compared in Jinja": playbook(plays.URI_COMPARE, variables, live),
            **self._mitogen(variables, live),
            "debug loop": playbook(plays.DEBUG_LOOP, variables, live),
            "empty play": playbook(plays.NOOP, variables, live),
            "script": self._workspace.script(self._workspace.records(variables), live),
        }
        slow, put, fast, single = ("loop as a module",), ("uri, PUT each",), ("loop",), ("one task",)
        goals = (
            Goal("Loop of 100, unchanged: as a module, over in-process", "at least", 18, slow, fast),
            Goal("Loop of 100, unchanged: `uri` with a PUT each, over in-process", "at least", 18, put, fast),
            Goal("100 accounts, unchanged: loop as a module, over one task", "at least", 40, slow, single),
        )
        return Case("loop-unchanged", "A loop of 100 accounts, unchanged", commands, goals)

    def _loop_created(self) -> Case:
        count = self._count(100)
        variables, live = self._workspace.variables("accounts", count), Live()
        playbook = self._workspace.playbook
        commands = {
            "loop": playbook(plays.MODULE_LOOP, variables, live, writes=count),
            "loop as a module": playbook(plays.MODULE_LOOP, variables, live, writes=count, environment=AS_MODULE),
            "one task": playbook(plays.sync_accounts(), variables, live, writes=count),
            "uri, POST each": playbook(plays.URI_POST, variables, live, writes=count),
            **self._mitogen(variables, live, writes=count),
            "script": self._workspace.script(self._workspace.records(variables), live, writes=count),
        }
        slow, post, fast = ("loop as a module",), ("uri, POST each",), ("loop",)
        goals = (
            Goal("Loop of 100, created: as a module, over in-process", "at least", 17, slow, fast),
            Goal("Loop of 100, created: `uri` with a POST each, over in-process", "at least", 18, post, fast),
        )
        return Case("loop-created", "A loop of 100 accounts, created", commands, goals)

    def _mitogen(self, variables: Path, live: Live, writes: int = 0) -> dict[str, Command]:
        """Return the loop with the module as a process, run by Mitogen."""
        found = find_spec("ansible_mitogen")
        if found is None or found.origin is None:
            return {}
        strategies = str(Path(found.origin).parent / "plugins" / "strategy")
        environment = {**AS_MODULE, "ANSIBLE_STRATEGY": "mitogen_linear", "ANSIBLE_STRATEGY_PLUGINS": strategies}
        command = self._workspace.playbook(plays.MODULE_LOOP, variables, live, writes=writes, environment=environment)
        return {"loop as a module with Mitogen": command}

    def _long_loop(self) -> Case:
        count = self._count(1000)
        variables, live = self._workspace.variables("accounts", count), Live(count=count)
        commands = {
            "loop": self._workspace.playbook(plays.MODULE_LOOP, variables, live),
            "debug loop": self._workspace.playbook(plays.DEBUG_LOOP, variables, live),
        }
        title = "Loop of 1,000, unchanged, in-process, over a `debug` loop with as many templates"
        goals = (Goal(title, "at most", 1.4, ("loop",), ("debug loop",)),)
        return Case("long-loop", "A loop of 1,000 accounts, unchanged", commands, goals)

    def _hosts(self) -> Case:
        count = self._count(100)
        variables, live = self._workspace.hosts(count), Live(count=count)
        forks = {"ANSIBLE_FORKS": "10"}
        commands = {
            "module": self._workspace.playbook(plays.MODULE_ON_HOSTS, variables, live, environment=forks),
            "debug": self._workspace.playbook(plays.DEBUG_ON_HOSTS, variables, live, environment=forks),
        }
        title = "100 hosts, forks 10, in-process, over `debug`"
        goals = (Goal(title, "at most", 1.25, ("module",), ("debug",), PROCESSOR),)
        return Case("hosts", "100 hosts with an account each, unchanged, forks 10", commands, goals)

    def _one_task(self) -> Case:
        count = self._count(1000)
        variables, live = self._workspace.variables("accounts", count), Live(count=count)
        sync = plays.sync_accounts()
        commands = {
            "one task": self._workspace.playbook(sync, variables, live),
            "one task as a module": self._workspace.playbook(sync, variables, live, environment=AS_MODULE),
            "uri, compared in Jinja": self._workspace.playbook(plays.URI_COMPARE, variables, live),
            **self._floor(variables, live),
        }
        floor = ("empty play", "script")
        goals = (
            Goal("1,000 accounts in one task, unchanged, over S + B", "at most", 1.15, ("one task",), floor),
            Goal("The same as a module, over S + B", "at most", 1.7, ("one task as a module",), floor, PROCESSOR),
        )
        return Case("one-task", "1,000 accounts in one task, unchanged", commands, goals)

    def _floor(self, variables: Path, live: Live) -> dict[str, Command]:
        """Return what no task can be faster than: an empty play with the same variables, and the bare script."""
        return {
            "empty play": self._workspace.playbook(plays.NOOP, variables, live),
            "script": self._workspace.script(self._workspace.records(variables), live),
        }

    def _creations(self) -> Case:
        count = self._count(1000)
        variables, live = self._workspace.variables("accounts", count), Live(delay_ms=DELAY_MS)
        records = self._workspace.records(variables)
        commands = {
            "one task": self._workspace.playbook(plays.sync_accounts(THREADS), variables, live, writes=count),
            "empty play": self._workspace.playbook(plays.NOOP, variables, live),
            "script, 16 threads": self._workspace.script(records, live, writes=count, threads=THREADS),
            "script": self._workspace.script(records, live, writes=count),
        }
        title = "1,000 creations in one task, 10 ms delay, 16 threads, over S + B with 16 threads"
        goals = (Goal(title, "at most", 1.1, ("one task",), ("empty play", "script, 16 threads")),)
        return Case("creations", "1,000 creations in one task, 10 ms delay", commands, goals)

    def _through_variables(self) -> Case:
        commands: dict[str, Command] = {}
        for count in (1_000, 10_000, 50_000):
            records = self._count(count)
            variables, live = self._workspace.variables("accounts", records), Live(count=records)
            commands[f"one task, {count:,}"] = self._workspace.playbook(plays.sync_accounts(), variables, live)
            if count != 1_000:
                commands |= {f"{name}, {count:,}": run for name, run in self._floor(variables, live).items()}
        middle, floor = ("one task, 10,000",), ("empty play, 10,000", "script, 10,000")
        goals = (
            Goal("10,000 accounts, unchanged, through variables, over S + B", "at most", 1.2, middle, floor, PROCESSOR),
            Goal("Linear: 10,000 accounts over 1,000", "at most", 10, middle, ("one task, 1,000",)),
            Goal("Linear: 50,000 accounts over 10,000", "at most", 5, ("one task, 50,000",), middle),
        )
        return Case("through-variables", "Many accounts through variables, unchanged", commands, goals)

    def _through_src(self) -> Case:
        count = self._count(10_000)
        document, live = self._workspace.document(count), Live(count=count)
        commands = {
            "one task": self._workspace.playbook(plays.SYNC_SRC, document.parent, live),
            "empty play": self._workspace.playbook(plays.NOOP, document.parent, live),
            "script": self._workspace.script(document, live),
        }
        title = "10,000 accounts, unchanged, through `src`, over S without variables + B reading the same file"
        goals = (Goal(title, "at most", 1.5, ("one task",), ("empty play", "script")),)
        return Case("through-src", "10,000 accounts through src, unchanged", commands, goals)

    def _domains(self) -> Case:
        count = self._count(1000)
        variables = self._workspace.variables("settings", count)
        live = Live("settings", count, DELAY_MS)
        records = self._workspace.records(variables)
        commands = {
            "one task": self._workspace.playbook(plays.sync_settings(THREADS), variables, live),
            "empty play": self._workspace.playbook(plays.NOOP, variables, live),
            "script, 16 threads": self._workspace.script(records, live, threads=THREADS),
        }
        title = "1,000 domains in one task, unchanged, 10 ms delay, over S + B with 16 threads"
        goals = (Goal(title, "at most", 1.15, ("one task",), ("empty play", "script, 16 threads")),)
        return Case("domains", "1,000 Webitel domains in one task, unchanged, 10 ms delay", commands, goals)

    def _memory(self) -> Case:
        count = self._count(50_000)
        variables, live = self._workspace.variables("accounts", count), Live(count=count)
        commands = {
            "one task": self._workspace.playbook(plays.sync_accounts(), variables, live),
            "play that holds them": self._workspace.playbook(plays.HOLD, variables, live),
            "empty play": self._workspace.playbook(plays.NOOP, variables, live),
        }
        title = "Memory: 50,000 accounts in one task, over a play that holds them"
        goals = (Goal(title, "at most", 1.5, ("one task",), ("play that holds them",)),)
        return Case("memory", "The most memory that 50,000 accounts take", commands, goals, "MiB")
