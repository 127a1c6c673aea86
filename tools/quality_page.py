# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write docs/quality.md from what the measurements noted: ``python -m tools.quality_page``.

What was noted here replaces what tests/quality.json has from before, on this machine or another one. A measurement that
was made on another commit, fell short or was not made says so.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.figures import NOTED, ROOT, Figure

PAGE = ROOT / "docs" / "quality.md"
KEPT = ROOT / "tests" / "quality.json"


@dataclass(frozen=True)
class Measurement:
    """What is measured, and the command that does it."""

    what: str
    command: str


# By the name that a measurement notes what it found under.
MEASUREMENTS = {
    "tests": Measurement("Everything that has to hold before a change is taken over", "make test"),
    "coverage": Measurement("Branches of `plugins/` that tests take", "make unit integration coverage"),
    "conformance": Measurement("Exchanges with a real server, replayed against the sandbox", "make conformance"),
    "faults": Measurement("Random tasks on random servers under random faults", "make faults"),
    "grid": Measurement("Every fault at every place of every task", "make grid"),
    "soak": Measurement("Random playbooks under faults for half an hour", "make soak"),
    "mutation": Measurement("Changes of the guards, one operator at a time", "make mutation"),
    "matrix": Measurement("Every supported ansible-core with its Pythons", "make matrix"),
    "bench": Measurement("Speed, beside its peers: [Benchmarks](benchmarks.md)", "make bench"),
    "artifact": Measurement("What Galaxy hands out", "make artifact"),
}
_HEAD = """# Quality

What the measurements of this project found last, and on which commit. `make quality` writes this page of what the
commands in the table noted; those that take long are run before a release, not before each change. What fell short
stands here as such.

| what | found | as it should be | commit | on | command |
|---|---|---|---|---|---|
"""


def gathered(kept: dict[str, Figure], noted: Path) -> dict[str, Figure]:
    """What was kept, replaced by what has been noted since in the folder ``noted``, by the measurement's name."""
    files = {name: noted / f"{name}.json" for name in MEASUREMENTS}
    new = {name: Figure(**json.loads(file.read_text("utf-8"))) for name, file in files.items() if file.exists()}
    return {name: figure for name, figure in {**kept, **new}.items() if name in MEASUREMENTS}


def as_page(figures: dict[str, Figure]) -> str:
    """The page in Markdown, a row for each measurement, made or not."""
    return _HEAD + "".join(_row(one, figures.get(name)) for name, one in MEASUREMENTS.items())


def _row(measurement: Measurement, figure: Figure | None) -> str:
    reported = ("not measured", "", "", "")
    if figure:
        reported = (figure.found, "yes" if figure.fine else "**no**", figure.commit, figure.day)
    return f"| {' | '.join((measurement.what, *reported, f'`{measurement.command}`'))} |\n"


def read() -> dict[str, Figure]:
    """What was kept with the sources, by the measurement's name."""
    return {name: Figure(**figure) for name, figure in json.loads(KEPT.read_text("utf-8")).items()}


def main() -> None:
    """Gather, keep, and write the page."""
    figures = gathered(read(), NOTED)
    kept = {name: asdict(figures[name]) for name in MEASUREMENTS if name in figures}
    KEPT.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(as_page(figures), encoding="utf-8")


if __name__ == "__main__":
    main()
