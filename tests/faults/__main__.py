# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The campaign: random tasks on random servers under random faults.

It can be killed at any time; started again, it goes on. A change of the sources starts it anew.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from tools import figures

from .campaign.case import BROKEN, play
from .campaign.run import Results, played, results_file
from .campaign.scene import Scene
from .campaign.wrong import Wrong

if TYPE_CHECKING:
    from .campaign.case import CaseResult

_MOST_VIOLATIONS_SHOWN = 20
_CASES = 10_000


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--cases", type=int, default=_CASES, help="how many cases (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="the first case; the others follow it (%(default)s)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes at once (%(default)s)")
    parser.add_argument("--case", type=int, metavar="SEED", help="play this case only, and show all its steps")
    return parser.parse_args()


def one_case(seed: int) -> bool:
    """Play one case aloud, with the requests of its last run. Returns whether all was well."""
    with TemporaryDirectory(prefix="faults-") as directory, Scene.open(Path(directory)) as scene:
        result = play(scene, seed, aloud=True)
        for request in scene.requests:
            print(request.method, request.path, request.kind or "", "" if request.done else "(not done)")
    print(result.text or "Nothing went wrong.")
    return result.wrong is None


def campaign(cases: int, first: int, workers: int, console: Console) -> bool:
    """Play what is missing of the cases, and show what became of all. Returns whether all was well."""
    seeds = range(first, first + cases)
    results = Results(results_file())
    missing = results.missing(seeds)
    columns = (TextColumn("cases"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.fields[wrong]} wrong"), console=console) as progress:
        wrong = sum(result.wrong is not None for result in results.of(seeds))
        bar = progress.add_task("", total=cases, completed=cases - len(missing), wrong=wrong)
        for result in played(missing, workers):
            results.add(result)
            wrong += result.wrong is not None
            progress.update(bar, advance=1, wrong=wrong)
    return shown(results.of(seeds), console)


def shown(results: list[CaseResult], console: Console) -> bool:
    """Show what became of the cases. Returns whether all was well."""
    faults = sum((Counter(result.faults) for result in results), Counter[str]())
    wrong = Counter(result.wrong for result in results)
    table = Table("", "", title=f"{len(results)} cases")
    table.columns[1].justify = "right"
    for kind, times in sorted(faults.items()):
        table.add_row(kind, str(times))
    table.add_row("all faults", str(faults.total()), end_section=True)
    for what in (*Wrong, BROKEN):
        table.add_row(str(what), str(wrong[str(what)]))
    console.print(table)
    violations = [result for result in results if result.wrong is not None]
    counted = ", ".join(f"{wrong[str(what)]} {what}" for what in (*Wrong, BROKEN))
    found = f"{len(results):,} cases, {faults.total():,} faults: {counted}"
    figures.note("faults", found, fine=not violations and len(results) >= _CASES)
    for result in violations[:_MOST_VIOLATIONS_SHOWN]:
        console.print(f'\nmake faults ARGS="--case {result.seed}"', markup=False)
        console.print(result.text, markup=False, soft_wrap=True)
    if len(violations) > _MOST_VIOLATIONS_SHOWN:
        console.print(f"\nand {len(violations) - _MOST_VIOLATIONS_SHOWN} more cases")
    return not violations


def main() -> None:
    """Play, and exit with 1 where anything went wrong."""
    arguments = _arguments()
    if arguments.case is not None:
        fine = one_case(arguments.case)
    else:
        fine = campaign(arguments.cases, arguments.seed, arguments.workers, Console())
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
