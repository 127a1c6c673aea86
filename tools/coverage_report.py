# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Put together what the unit and the integration tests measured, and fail where too few branches were taken.

``python -m tools.coverage_report FOLDER``; ``--lines`` lists what is missing of each file.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import warnings
from pathlib import Path

from coverage import Coverage
from coverage.exceptions import CoverageWarning

from tools import figures

ROOT = Path(__file__).resolve().parent.parent
SUITES = ("unit", "integration")
LEAST_PERCENT = 95


def main() -> int:
    """Print the report; return 1 where a suite has not been measured, or where too few branches were taken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the tests left what they measured")
    parser.add_argument("--lines", action="store_true", help="list the lines and branches that are missing")
    options = parser.parse_args()
    os.environ["PROJECT_ROOT"] = str(ROOT)
    for suite in SUITES:
        if not any(options.folder.glob(f"{suite}.*")):
            print(f"{suite} has not been measured: run `make unit integration` first", file=sys.stderr)
            return 1
    # A test that kills a process may have done so while that wrote its file.
    warnings.filterwarnings("ignore", "Data file .* isn't a coverage data file", CoverageWarning)
    coverage = Coverage(data_file=options.folder / "all", config_file=ROOT / "pyproject.toml")
    coverage.combine([str(file) for suite in SUITES for file in options.folder.glob(f"{suite}.*")], keep=True)
    # A file that nothing imported counts as well.
    coverage.get_data().touch_files([str(file) for file in (ROOT / "plugins").rglob("*.py")])
    # Ansible makes `__init__.py` files of its own where it packs a module.
    only = [f"{ROOT}/plugins/*"]
    coverage.report(show_missing=options.lines, skip_covered=True, include=only)
    file = options.folder / "report.json"
    coverage.json_report(outfile=str(file), include=only)
    totals = json.loads(file.read_text(encoding="utf-8"))["totals"]
    taken, all_branches = totals["covered_branches"], totals["num_branches"]
    percent = 100 * taken / all_branches
    found = f"{percent:.1f} % (at least {LEAST_PERCENT} %)"
    print(f"\n{taken} of {all_branches} branches of plugins/ were taken: {found}")
    figures.note("coverage", found, fine=percent >= LEAST_PERCENT)
    return int(percent < LEAST_PERCENT)


if __name__ == "__main__":
    sys.exit(main())
