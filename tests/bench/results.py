# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What came of it: the rounds of every scene, and the same as Markdown and JSON."""

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

    from .measure import Measured
    from .scenes import Goal, Scene

_LIBRARIES = ("ansible-core", "requests", "urllib3", "voluptuous", "pyyaml", "jinja2", "mitogen", "pyperf", "uvicorn")


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

    def text(self, digits: int) -> str:
        """The median, and from where to where the measurements reach."""
        return f"{self.median:.{digits}f} ({self.least:.{digits}f} to {self.most:.{digits}f})"


@dataclass(frozen=True)
class Measurements:
    """A scene with its rounds, each a measurement of every command."""

    scene: Scene
    rounds: Sequence[dict[str, Measured]]

    def command(self, name: str) -> Spread:
        """What one command took."""
        return Spread.of([measured[name].value for measured in self.rounds])

    def processor(self, name: str) -> float | None:
        """The median of the processor time that one command took, where that was measured."""
        seconds = [measured[name].processor for measured in self.rounds]
        return statistics.median(value for value in seconds if value is not None) if None not in seconds else None

    def ratio(self, goal: Goal) -> Spread:
        """What a goal is judged by: the ratio in each round, not of the medians, so that noise falls out."""
        return Spread.of(
            [goal.ratio({name: one.value for name, one in measured.items()}) for measured in self.rounds]
        )

    def processor_ratio(self, goal: Goal) -> float | None:
        """The goal's ratio with processor time in the place of time, which other work on the machine disturbs less."""
        values = {name: self.processor(name) for name in self.scene.commands}
        known = {name: value for name, value in values.items() if value is not None}
        return goal.ratio(known) if len(known) == len(values) else None


def machine() -> dict[str, Any]:
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


def as_document(results: Sequence[Measurements], pairs: int, minutes: float) -> dict[str, Any]:
    """Return everything that was measured, for programs."""
    return {
        "pairs": pairs,
        "minutes": round(minutes, 1),
        "machine": machine(),
        "goals": [
            {
                "case": goal.title,
                "scene": one.scene.name,
                "goal": f"{goal.relation} {goal.bound:g}",
                "ratio": asdict(one.ratio(goal)),
                "processor_ratio": one.processor_ratio(goal),
                "reached": goal.is_reached(one.ratio(goal).median),
            }
            for one in results
            for goal in one.scene.goals
        ],
        "scenes": {
            one.scene.name: {
                "title": one.scene.title,
                "unit": one.scene.unit,
                "rounds": [{name: asdict(value) for name, value in measured.items()} for measured in one.rounds],
            }
            for one in results
        },
    }


def as_page(results: Sequence[Measurements], pairs: int, minutes: float) -> str:
    """Return the results page, in Markdown."""
    return f"""# Benchmarks

`make bench` measures all of this in one run and writes this page; `tests/bench/results.json` holds every single
measurement. Times are of whole `ansible-playbook` runs against the sandbox on the same machine, taken with pyperf.
The commands of a case run one after the other in each round, {pairs} rounds in all, and a ratio is the median of the
rounds' ratios. S is an empty play (`meta: noop`) with the same variables, B a bare `requests` script that does the same
work. "As a module" is the same module in a process of its own, as Ansible runs modules usually. The ratio of processor
time (user and system, the sandbox left out) stands beside, since other work on the machine disturbs it less.

{_machine_text(minutes)}

## Goals

| case | goal | measured (least to most) | of processor time | reached |
|---|---|---|---|---|
{_goal_lines(results)}

## All measurements

{"\n\n".join(_scene_text(one) for one in results)}
"""


def _machine_text(minutes: float) -> str:
    facts = machine()
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    return f"{facts['processor']}, {facts['cores']} cores, {facts['system']}; {versions}. The run took {minutes:.0f} minutes."


def _goal_lines(results: Sequence[Measurements]) -> str:
    lines = []
    for one in results:
        for goal in one.scene.goals:
            ratio, processor = one.ratio(goal), one.processor_ratio(goal)
            cells = (
                goal.title,
                f"{goal.relation} {goal.bound:g} ×",
                f"{ratio.text(2)} ×",
                "" if processor is None else f"{processor:.2f} ×",
                "yes" if goal.is_reached(ratio.median) else "**no**",
            )
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _scene_text(one: Measurements) -> str:
    unit, digits = one.scene.unit, 2 if one.scene.unit == "s" else 0
    lines = [
        f"### {one.scene.title}\n",
        f"| command | {unit}: median (least to most) | processor s |",
        "|---|---|---|",
    ]
    for name in one.scene.commands:
        processor = one.processor(name)
        lines.append(
            f"| {name} | {one.command(name).text(digits)} | {'' if processor is None else f'{processor:.2f}'} |"
        )
    return "\n".join(lines)
