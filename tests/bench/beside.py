# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the collection costs beside an earlier commit of it: `python -m tests.bench.beside COMMIT`.

The same few playbooks run with the collection as it was and as it is, one after the other, and their processor time is
taken. What else the machine does disturbs both alike; so the ratios are to be trusted, not the seconds.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import statistics
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.sandbox.client import Sandbox

from . import plays
from .cases import AS_MODULE
from .workspace import Command, Live, Workspace

_PROJECT = Path(__file__).resolve().parents[2]
_BELOW = Path("ansible_collections", "mailfleet", "email")
_HOSTS = 100
_FORKS = {"ANSIBLE_FORKS": "10"}
_FEW = 5


def commands(workspace: Workspace) -> dict[str, Command]:
    """Return the runs that are measured, all of them with nothing to change."""
    few, loop, many = (workspace.variables("accounts", count) for count in (_FEW, 100, 1000))
    hosts, playbook = workspace.hosts(_HOSTS), workspace.playbook
    return {
        "email_account in a loop of 100": playbook(plays.MODULE_LOOP, loop, Live(count=100)),
        "email_accounts_sync of 1,000": playbook(plays.sync_accounts(), many, Live(count=1000)),
        "email_account on 100 hosts": playbook(plays.MODULE_ON_HOSTS, hosts, Live(count=_HOSTS), environment=_FORKS),
        "email_account on 100 hosts over HTTPS": playbook(
            plays.MODULE_ON_HOSTS,
            workspace.hosts(_HOSTS, tls=True),
            Live(count=_HOSTS, tls=True),
            environment=_FORKS,
        ),
        "email_accounts_sync of 1,000 over HTTPS": playbook(
            plays.sync_accounts(), workspace.variables("accounts", 1000, tls=True), Live(count=1000, tls=True)
        ),
        f"email_account as a module, {_FEW} times": playbook(
            plays.MODULE_LOOP, few, Live(count=_FEW), environment=AS_MODULE
        ),
        "email_accounts_sync of 1,000 as a module": playbook(
            plays.sync_accounts(), many, Live(count=1000), environment=AS_MODULE
        ),
    }


def as_it_was(commit: str, directory: Path) -> Path:
    """Unpack a commit below `directory`; return the path of collections that has it."""
    words = ["git", "archive", commit, "galaxy.yml", "meta", "plugins"]
    packed = subprocess.run(words, cwd=_PROJECT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(directory / _BELOW, filter="data")
    return directory


def processor_time(workspace: Workspace, name: str, command: Command) -> float:
    """Run a command; return for how many seconds it kept a processor busy."""
    workspace.prepare(command)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    silent = subprocess.DEVNULL
    environment = workspace.environment(command)
    subprocess.run(command.words, cwd=command.directory, env=environment, stdin=silent, stdout=silent, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    workspace.check(name, command)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measured(
    workspace: Workspace, earlier: Path, names: list[str], rounds: int
) -> dict[str, list[tuple[float, float]]]:
    """Return the processor times of each run, as it was and as it is, of so many rounds after one that warms up."""
    paths = [str(earlier), os.environ["ANSIBLE_COLLECTIONS_PATH"]]
    taken: dict[str, list[tuple[float, float]]] = {}
    wanted = {name: one for name, one in commands(workspace).items() if any(part in name for part in names)}
    for number in range(rounds + 1):
        for name, command in wanted.items():
            times = {}
            # Every other round runs backwards, so that the order favours neither.
            for path in paths[:: -1 if number % 2 else 1]:
                environment = {**command.environment, "ANSIBLE_COLLECTIONS_PATH": path}
                times[path] = processor_time(workspace, name, replace(command, environment=environment))
            was, now = (times[path] for path in paths)
            print(f"{number}: {name}: {was:.2f} s, {now:.2f} s, {now / was:.3f}", file=sys.stderr, flush=True)
            if number:
                taken.setdefault(name, []).append((was, now))
    return taken


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.beside", description=__doc__.partition("\n")[0])
    parser.add_argument("commit", help="the commit that is measured beside")
    parser.add_argument("--rounds", type=int, default=5, help="how often each run is measured (%(default)s)")
    parser.add_argument("--run", action="append", metavar="WORDS", help="those with these words alone; may be repeated")
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="beside-") as temporary:
        data = {tls: Path(temporary, f"sandbox-{tls}") for tls in (False, True)}
        with Sandbox.start(data[False]) as plain, Sandbox.start(data[True], tls=True) as secure:
            ready_files = {tls: directory / "ready.json" for tls, directory in data.items()}
            workspace = Workspace(Path(temporary), {False: plain, True: secure}, ready_files)
            earlier = as_it_was(arguments.commit, Path(temporary, "earlier"))
            taken = measured(workspace, earlier, arguments.run or [""], arguments.rounds)
    print("| run | then, s | now, s | now over then, median (least to most) |\n|---|---|---|---|")
    for name, times in taken.items():
        was, now = (statistics.median(pair[index] for pair in times) for index in (0, 1))
        ratios = [new / old for old, new in times]
        spread = f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"
        print(f"| {name} | {was:.2f} | {now:.2f} | {spread} |")


if __name__ == "__main__":
    main()
