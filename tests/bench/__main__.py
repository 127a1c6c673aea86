# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command: ``python -m tests.bench``."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.sandbox.client import Sandbox

from . import measure
from .results import Measurements, as_document, as_page
from .scenes import Scene, Scenes
from .workspace import Command, Workspace

_PROJECT = Path(__file__).resolve().parents[2]
_PAGE = _PROJECT / "docs" / "benchmarks.md"
_RESULTS = _PROJECT / "tests" / "bench" / "results.json"
_FEW_RECORDS = 2


class Bench:
    """Runs scenes round by round, and tells how far it is."""

    def __init__(self, workspace: Workspace, scenes: list[Scene], pairs: int) -> None:
        """Measure ``scenes`` in so many rounds each."""
        self._workspace = workspace
        self._scenes = scenes
        self._pairs = pairs
        self._begun = time.monotonic()
        self._done = 0

    def run(self) -> list[Measurements]:
        """Measure everything."""
        return [
            Measurements(scene, [self._round(scene, number) for number in range(self._pairs)])
            for scene in self._scenes
        ]

    def _round(self, scene: Scene, number: int) -> dict[str, measure.Measured]:
        """Measure each command once; every other round backwards, so that the order favours none."""
        order = list(scene.commands) if number % 2 == 0 else list(reversed(scene.commands))
        measured = {name: self._one(scene, name) for name in order}
        return {name: measured[name] for name in scene.commands}

    def _one(self, scene: Scene, name: str) -> measure.Measured:
        command = scene.commands[name]
        self._workspace.prepare(command)
        environment = self._workspace.environment(command)
        take = measure.time_of if scene.unit == "s" else measure.memory_of
        try:
            measured = take(command.words, command.directory, environment)
        except subprocess.CalledProcessError:
            show(self._workspace, command)
            raise
        self._workspace.check(name, command)
        self._done += 1
        total = sum(len(scene.commands) for scene in self._scenes) * self._pairs
        minutes, seconds = divmod(round(time.monotonic() - self._begun), 60)
        progress(
            f"{self._done}/{total}, {minutes}:{seconds:02}, {scene.name}: {name}: {measured.value:.2f} {scene.unit}"
        )
        return measured


def show(workspace: Workspace, command: Command) -> None:
    """Run a command that failed once more, to show what it says."""
    workspace.prepare(command)
    subprocess.run(command.words, cwd=command.directory, env=workspace.environment(command), check=False)


def warm_up(workspace: Workspace, scenes: list[Scene]) -> None:
    """Run every command once with few records, so that no measured one has to compile anything."""
    progress("warming up")
    for scene in scenes:
        for name, command in scene.commands.items():
            workspace.prepare(command)
            environment = workspace.environment(command)
            words, silent = command.words, subprocess.DEVNULL
            finished = subprocess.run(words, cwd=command.directory, env=environment, stdout=silent, check=False)
            if finished.returncode:
                show(workspace, command)
                raise RuntimeError(f"{scene.name}: {name} failed")
            workspace.check(name, command)


def progress(line: str) -> None:
    """Tell how far it is."""
    print(line, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=sys.modules["tests.bench"].__doc__)
    parser.add_argument("--pairs", type=int, default=5, help="how often each command is measured (%(default)s)")
    parser.add_argument("--case", action="append", metavar="NAME", help="measure this one only; may be repeated")
    parser.add_argument("--most-records", type=int, metavar="N", help="no more records than that: to try everything")
    return parser.parse_args()


def main() -> None:
    """Measure; write the pages where everything was measured in full, else print the page."""
    arguments = _arguments()
    begun = time.monotonic()
    with TemporaryDirectory(prefix="bench-") as temporary:
        data = Path(temporary) / "sandbox"
        with Sandbox.start(data) as sandbox:
            workspace = Workspace(Path(temporary), sandbox, data / "ready.json")
            scenes = Scenes(workspace, arguments.most_records).all()
            names = [scene.name for scene in scenes]
            wanted = arguments.case or names
            unknown = set(wanted) - set(names)
            if unknown:
                sys.exit(f"No such case: {', '.join(sorted(unknown))}. There are: {', '.join(names)}")
            warm_up(workspace, [scene for scene in Scenes(workspace, _FEW_RECORDS).all() if scene.name in wanted])
            results = Bench(workspace, [scene for scene in scenes if scene.name in wanted], arguments.pairs).run()
    minutes = (time.monotonic() - begun) / 60
    page = as_page(results, arguments.pairs, minutes)
    if arguments.case or arguments.most_records:
        print(page)
        return
    _PAGE.parent.mkdir(exist_ok=True)
    _PAGE.write_text(page, encoding="utf-8")
    document = as_document(results, arguments.pairs, minutes)
    _RESULTS.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    progress(f"{minutes:.0f} minutes; written: {_PAGE.relative_to(_PROJECT)}, {_RESULTS.relative_to(_PROJECT)}")


if __name__ == "__main__":
    main()
