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
- Processor time is that of all processes of a command, user and system, without the sandbox. Other work on the machine
  disturbs it less than time. Each goal says by which of the two it is judged.
- Memory is the most that all processes of a run hold at a time, what they share counted once.

{machine}. The last run took {minutes:.0f} minutes. A case that it did not measure is as an earlier run found it.

## Goals

| case | goal | judged by | time (least to most) | processor time (least to most) | reached |
|---|---|---|---|---|---|
{goals}

{remarks}

## All measurements

{cases}
"""


def as_page(results: Results, remarks: str) -> str:
    """Return the results in Markdown. ``remarks`` say what stands in the way of a goal that was not reached."""
    machine = results.machine
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    return _PAGE.format(
        machine=f"{machine['processor']}, {machine['cores']} cores, {machine['system']}; {versions}",
        minutes=results.minutes,
        remarks=remarks.strip(),
        goals="\n".join(_goal_line(one, goal) for one in results.cases for goal in one.case.goals),
        cases="\n\n".join(_case_text(one) for one in results.cases),
    )


def _goal_line(one: Measurements, goal: Goal) -> str:
    ratio, processor = one.ratio(goal), one.processor_ratio(goal)
    cells = (
        goal.title,
        f"{goal.relation} {goal.bound:g}",
        "memory" if one.case.unit == "MiB" else goal.by,
        _spread(ratio, 2),
        "" if processor is None else _spread(processor, 2),
        "yes" if one.is_reached(goal) else "**no**",
    )
    return f"| {' | '.join(cells)} |"


def _case_text(one: Measurements) -> str:
    unit, digits = one.case.unit, 2 if one.case.unit == "s" else 0
    lines = [
        f"### {one.case.title} (`{one.case.name}`, {_counted(len(one.rounds))})",
        "",
        f"| command | {unit}, median (least to most) | processor time, s |",
        "|---|---|---|",
    ]
    for name in one.case.commands:
        processor = one.processor(name)
        taken = _spread(one.command(name), digits)
        lines.append(f"| {name} | {taken} | {'' if processor is None else f'{processor:.2f}'} |")
    return "\n".join(lines)


def _counted(rounds: int) -> str:
    return "1 round" if rounds == 1 else f"{rounds} rounds"


def _spread(spread: Spread, digits: int) -> str:
    return f"{spread.median:.{digits}f} ({spread.least:.{digits}f} to {spread.most:.{digits}f})"
