# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came of it: the rounds of every case, what they amount to, and all of it as a document for programs."""

from __future__ import annotations

import os
import platform
import statistics
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .cases import Case, Goal

_LIBRARIES = ("ansible-core", "requests", "urllib3", "voluptuous", "pyyaml", "jinja2", "mitogen", "pyperf", "uvicorn")


@dataclass(frozen=True)
class Measured:
    """What one run took: seconds or MiB, and for how many seconds its processes kept a processor busy."""

    value: float
    processor: float | None = None


@dataclass(frozen=True)
class Spread:
    """Several measurements of one thing."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Sum up the measurements."""
        return cls(statistics.median(values), min(values), max(values))


@dataclass(frozen=True)
class Measurements:
    """A case with its rounds, each a measurement of every command."""

    case: Case
    rounds: Sequence[dict[str, Measured]]

    def command(self, name: str) -> Spread:
        """Return what one command took."""
        return Spread.of([measured[name].value for measured in self.rounds])

    def processor(self, name: str) -> float | None:
        """Return the median of the processor time that one command took; ``None`` where that was not measured."""
        seconds = [measured[name].processor for measured in self.rounds]
        known = [value for value in seconds if value is not None]
        return statistics.median(known) if known else None

    def ratio(self, goal: Goal) -> Spread:
        """Return the ratio of times in each round, in which what disturbs one command disturbs all."""
        return Spread.of(
            [goal.ratio({name: result.value for name, result in measured.items()}) for measured in self.rounds]
        )

    def processor_ratio(self, goal: Goal) -> Spread | None:
        """Return the goal's ratio with processor time in the place of time; ``None`` where that was not measured."""
        ratios = []
        for measured in self.rounds:
            seconds = {name: result.processor for name, result in measured.items() if result.processor is not None}
            if len(seconds) == len(measured):
                ratios.append(goal.ratio(seconds))
        return Spread.of(ratios) if ratios else None

    def is_reached(self, goal: Goal) -> bool:
        """Whether the median of what the goal is judged by is good enough."""
        judged = self.processor_ratio(goal) if goal.by == "processor time" else self.ratio(goal)
        return judged is not None and goal.is_reached(judged.median)


@dataclass(frozen=True)
class Results:
    """Everything that was measured in one run of so many minutes, and where."""

    cases: Sequence[Measurements]
    minutes: float
    machine: dict[str, Any]

    def as_document(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "minutes": round(self.minutes, 1),
            "machine": self.machine,
            "goals": [_goal_document(one, goal) for one in self.cases for goal in one.case.goals],
            "cases": {
                one.case.name: {
                    "title": one.case.title,
                    "unit": one.case.unit,
                    "rounds": [{name: asdict(result) for name, result in taken.items()} for taken in one.rounds],
                }
                for one in self.cases
            },
        }


def _goal_document(one: Measurements, goal: Goal) -> dict[str, Any]:
    processor = one.processor_ratio(goal)
    return {
        "title": goal.title,
        "case": one.case.name,
        "goal": f"{goal.relation} {goal.bound:g}",
        "by": goal.by,
        "ratio": asdict(one.ratio(goal)),
        "processor_ratio": None if processor is None else asdict(processor),
        "reached": one.is_reached(goal),
    }


def measured_before(document: dict[str, Any], case: Case) -> Measurements | None:
    """Return what a document of an earlier run says of a case; ``None`` where that is not the case as it is now."""
    found = document["cases"].get(case.name)
    if found is None or any(set(taken) != set(case.commands) for taken in found["rounds"]):
        return None
    rounds = [{name: Measured(**result) for name, result in taken.items()} for taken in found["rounds"]]
    return Measurements(case, rounds)


def this_machine() -> dict[str, Any]:
    """Return what the results hold for: the machine and the versions."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}},
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
