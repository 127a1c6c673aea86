# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cases import Goal
    from .results import Measurements, Results, Spread

_PAGE = """# Benchmarks

`make bench` measures all of this in one run and writes this page; `tests/bench/results.json` holds every single
measurement. Times are of whole `ansible-playbook` runs against the sandbox on the same machine, taken with pyperf. In
each round the commands of a case run one after the other, and a ratio is the median of the rounds' ratios.

- S is an empty play (`meta: noop`) with the same variables, which are JSON files in `group_vars`.
- B is a bare `requests` script that reads, compares and writes the same records.
- "In-process" is the collection as it runs on the controller, "as a module" the same module in a process of its own, as
  Ansible usually runs modules.
- The ratio of processor time (user and system, without the sandbox) stands beside, since other work on the machine
  disturbs it less than time. Goals are judged by time.
- Memory is the most that all processes of a run hold at a time, what they share counted once.

{machine}. The run took {minutes:.0f} minutes for {rounds} rounds.

## Goals

| case | goal | measured (least to most) | by processor time | reached |
|---|---|---|---|---|
{goals}

## All measurements

{cases}
"""


def as_page(results: Results) -> str:
    """Return the results in Markdown."""
    machine = results.machine
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    return _PAGE.format(
        machine=f"{machine['processor']}, {machine['cores']} cores, {machine['system']}; {versions}",
        minutes=results.minutes,
        rounds=results.rounds,
        goals="\n".join(_goal_line(one, goal) for one in results.cases for goal in one.case.goals),
        cases="\n\n".join(_case_text(one) for one in results.cases),
    )


def _goal_line(one: Measurements, goal: Goal) -> str:
    ratio, processor = one.ratio(goal), one.processor_ratio(goal)
    cells = (
        goal.title,
        f"{goal.relation} {goal.bound:g}",
        _spread(ratio, 2),
        "" if processor is None else f"{processor:.2f}",
        "yes" if goal.is_reached(ratio.median) else "**no**",
    )
    return f"| {' | '.join(cells)} |"


def _case_text(one: Measurements) -> str:
    unit, digits = one.case.unit, 2 if one.case.unit == "s" else 0
    lines = [
        f"### {one.case.title} (`{one.case.name}`)",
        "",
        f"| command | {unit}, median (least to most) | processor time, s |",
        "|---|---|---|",
    ]
    for name in one.case.commands:
        processor = one.processor(name)
        taken = _spread(one.command(name), digits)
        lines.append(f"| {name} | {taken} | {'' if processor is None else f'{processor:.2f}'} |")
    return "\n".join(lines)


def _spread(spread: Spread, digits: int) -> str:
    return f"{spread.median:.{digits}f} ({spread.least:.{digits}f} to {spread.most:.{digits}f})"
