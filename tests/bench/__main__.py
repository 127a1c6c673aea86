# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command: ``python -m tests.bench``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.sandbox.client import Sandbox
from tools import figures

from .fleet_cases import AllCases
from .page import as_page
from .results import Measurements, Results, measured_before, this_machine
from .runner import Bench
from .workspace import Workspace

if TYPE_CHECKING:
    from .cases import Case

_PROJECT = Path(__file__).resolve().parents[2]
_PAGE = _PROJECT / "docs" / "benchmarks.md"
_RESULTS = _PROJECT / "tests" / "bench" / "results.json"
_REMARKS = _PROJECT / "tests" / "bench" / "remarks.md"
_FEW_RECORDS = 2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=sys.modules["tests.bench"].__doc__)
    parser.add_argument("--pairs", type=int, default=5, help="how often each command is measured (%(default)s)")
    parser.add_argument("--case", action="append", metavar="NAME", help="measure this one only; may be repeated")
    parser.add_argument("--keep", action="store_true", help="write what --case measured beside what others did before")
    parser.add_argument("--most-records", type=int, metavar="N", help="no more records than that: to try everything")
    parser.add_argument(
        "--most-minutes", type=float, default=45, help="no round begins that would end later (%(default)s)"
    )
    return parser.parse_args()


def measured(arguments: argparse.Namespace) -> Results:
    """Start a sandbox and measure what the arguments ask for. Exits with a message for a case that there is not."""
    with TemporaryDirectory(prefix="bench-") as temporary:
        data = {tls: Path(temporary) / f"sandbox-{'https' if tls else 'http'}" for tls in (False, True)}
        with Sandbox.start(data[False]) as plain, Sandbox.start(data[True], tls=True) as secure:
            ready_files = {tls: directory / "ready.json" for tls, directory in data.items()}
            workspace = Workspace(Path(temporary), {False: plain, True: secure}, ready_files)
            cases = {case.name: case for case in AllCases(workspace, arguments.most_records).all()}
            wanted = arguments.case or list(cases)
            unknown = set(wanted) - set(cases)
            if unknown:
                sys.exit(f"No such case: {', '.join(sorted(unknown))}. There are: {', '.join(cases)}")
            bench = Bench(workspace, [cases[name] for name in wanted], arguments.most_minutes)
            bench.warm_up([case for case in AllCases(workspace, _FEW_RECORDS).all() if case.name in wanted])
            taken = {one.case.name: one for one in bench.measure(arguments.pairs)}
            every = [taken.get(name) or _kept(arguments, case) for name, case in cases.items()]
            return Results([one for one in every if one is not None], bench.minutes, this_machine())


def _kept(arguments: argparse.Namespace, case: Case) -> Measurements | None:
    return measured_before(json.loads(_RESULTS.read_text(encoding="utf-8")), case) if arguments.keep else None


def main() -> None:
    """Measure; write the page and the document where everything was measured in full, else print the page."""
    arguments = _arguments()
    results = measured(arguments)
    page = as_page(results, _REMARKS.read_text(encoding="utf-8"))
    if (arguments.case and not arguments.keep) or arguments.most_records:
        print(page)
        return
    _PAGE.parent.mkdir(exist_ok=True)
    _PAGE.write_text(page, encoding="utf-8")
    _RESULTS.write_text(json.dumps(results.as_document(), indent=2) + "\n", encoding="utf-8")
    reached = [one.is_reached(goal) for one in results.cases for goal in one.case.goals]
    found = f"{sum(reached)} of {len(reached)} goals reached, in {results.minutes:.0f} minutes"
    figures.note("bench", found, fine=all(reached))
    print(f"{results.minutes:.0f} minutes; written: {_PAGE.relative_to(_PROJECT)}, {_RESULTS.relative_to(_PROJECT)}")


if __name__ == "__main__":
    main()
