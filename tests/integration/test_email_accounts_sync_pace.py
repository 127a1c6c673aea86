# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast many accounts are written, and what is shown meanwhile: progress, busy servers, tokens that end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.ansible_start import ansible_command
from tests.integration.playbook import Task
from tests.integration.records import account

if TYPE_CHECKING:
    import pytest

    from tests.integration.playbook import Playbook
    from tests.sandbox.client import Sandbox

MODULE = "email_accounts_sync"
ACCOUNTS = "/api/email/accounts"
PROGRESS = re.compile(r"email_accounts_sync: (\d+)/(\d+), (\d+) changed, (\d+) failed, (\d+)/s, (\d+) s left")


def fleet(count: int, prefix: str = "Account") -> list[dict[str, Any]]:
    """So many different accounts."""
    return [account(name=f"{prefix} {number}", email=f"{prefix}{number}@example.com") for number in range(count)]


@dataclass
class Watched:
    """An ``ansible`` command with its two streams apart; each line of the second one with the time when it came."""

    process: subprocess.Popen[str]
    output: Path
    progress: list[tuple[float, str]] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=dict)
    ended: float = 0.0

    @classmethod
    def start(cls, directory: Path, sandbox: Sandbox, arguments: dict[str, Any]) -> Watched:
        """Begin to run the module on the controller."""
        itflex = {name: sandbox.ready["itflex"][name] for name in ("api_url", "access_token")}
        words = ["localhost", "-c", "local", "-e", f"ansible_python_interpreter={sys.executable}"]
        # A file, since nobody would empty a pipe while the other stream is watched.
        output = directory / "output"
        with output.open("w", encoding="utf-8") as stdout:
            process = subprocess.Popen(
                ansible_command(
                    "ansible",
                    *words,
                    f"--module-name=mailfleet.email.{MODULE}",
                    f"--args={json.dumps({**itflex, **arguments})}",
                ),
                env={
                    "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
                    "ANSIBLE_HOME": str(directory),
                    "ANSIBLE_NOCOLOR": "1",
                    "HOME": str(directory),
                    "LC_ALL": "C.UTF-8",
                    "PATH": os.environ["PATH"],
                    "PYTHONUNBUFFERED": "1",
                },
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=subprocess.PIPE,
                text=True,
            )
        return cls(process, output)

    def finish(self) -> None:
        """Watch it until it ends. The first stream is the result and nothing else."""
        assert self.process.stderr is not None
        with self.process.stderr:
            for line in self.process.stderr:
                if MODULE in line:
                    self.progress.append((time.monotonic(), line.strip()))
        self.process.wait(timeout=60)
        self.ended = time.monotonic()
        head, _arrow, document = self.output.read_text(encoding="utf-8").partition(" => ")
        assert head == "localhost | CHANGED"
        self.result = json.loads(document)


def test_progress(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> None:
    """Long work tells how far it is, live and beside the result; not where that is off or the work is short."""
    sandbox.traps(delay_ms=200)
    slowly = {"concurrency": 2}
    directories = [tmp_path_factory.mktemp("home") for _ in range(3)]
    long = Watched.start(directories[0], sandbox, {"accounts": fleet(60, "long"), **slowly})
    silent = Watched.start(directories[1], sandbox, {"accounts": fleet(60, "silent"), **slowly, "progress": False})
    short = Watched.start(directories[2], sandbox, {"accounts": fleet(10, "short"), **slowly})
    long.finish()
    for watched in (silent, short):
        watched.finish()
        assert watched.progress == []
    for watched, count in ((long, 60), (silent, 60), (short, 10)):
        assert watched.result["summary"]["created"] == count
    lines = [PROGRESS.fullmatch(line) for _when, line in long.progress]
    assert len(lines) >= 2
    numbers = [[int(number) for number in line.groups()] for line in lines if line is not None]
    assert len(numbers) == len(lines), "progress is the only thing that is said"
    for done, total, changed, failed, rate, left in numbers:
        assert (total, changed, failed) == (60, done, 0)
        assert 0 < done < 60
        assert 1 <= rate <= 10
        assert abs(left - (60 - done) / 10) < 4
    times = [when for when, _line in long.progress]
    assert all(later - earlier > 1.9 for earlier, later in pairwise(times))
    assert long.ended - times[0] > 1.5, "the first line came at the end only"


def _gaps(sandbox: Sandbox) -> list[float]:
    """The seconds between one creation and the next."""
    created = sorted(datetime.fromisoformat(entry["created_at"]) for entry in sandbox.accounts())
    return [(later - earlier).total_seconds() for earlier, later in pairwise(created)]


def test_a_busy_server_slows_all_threads_down(playbook: Playbook) -> None:
    """A 429 holds the whole pool back for as long as it asks, and every record is created in the end, once."""
    playbook.sandbox.traps(delay_ms=50)
    busy = {"status": 429, "headers": {"Retry-After": "2"}, "body": "{}"}
    playbook.sandbox.fault(ACCOUNTS, method="POST", skip=16, **busy)
    run = playbook.run([Task("create", MODULE, {"accounts": fleet(64), "retries": 2})])
    assert run.succeeded("create").returned["summary"]["created"] == 64
    assert run["create"].returned["summary"]["retried"] == 1
    gaps = _gaps(playbook.sandbox)
    pause = max(range(len(gaps)), key=gaps.__getitem__)
    assert gaps[pause] > 1.7
    # Eight were under way when the server had enough, and each of their threads may begin one more before the answer is
    # read; the other half waits. Where one thread waited alone, all but its own record would come before the pause.
    assert pause + 1 <= 16 + 2 * 8
    assert len(run["create"].bodies("POST")) == 65


def test_rate_limit(playbook: Playbook) -> None:
    run = playbook.run([Task("create", MODULE, {"accounts": fleet(20), "rate_limit": 20})])
    assert run.succeeded("create").returned["summary"]["created"] == 20
    # How far apart they are when they arrive is for the machine to say, but for the least time that all of them take.
    assert sum(_gaps(playbook.sandbox)) > 0.8


def test_a_token_that_ends_in_the_middle(playbook: Playbook) -> None:
    """One new token for all threads each time, and nothing is written twice."""
    playbook.sandbox.traps(itflex_token_seconds=1, delay_ms=100)
    refresh = {"refresh_token": playbook.sandbox.ready["itflex"]["refresh_token"]}
    run = playbook.run([Task("create", MODULE, {"accounts": fleet(120), **refresh})], defaults=playbook.addresses)
    assert run.succeeded("create").returned["summary"] == {
        "created": 120,
        "updated": 0,
        "unknown": 0,
        "deleted": 0,
        "unchanged": 0,
        "failed": 0,
        "retried": 0,
    }
    refreshes = [number for number, call in enumerate(run["create"].calls) if call.endswith("/oauth2/token")]
    assert refreshes[0] == 0
    assert 2 <= len(refreshes) <= 4
    assert len(playbook.sandbox.accounts()) == 120


def test_a_token_that_nobody_accepts(playbook: Playbook) -> None:
    """One refresh in place of the dead token, not a loop for each record."""
    playbook.sandbox.add_accounts(fleet(1))
    refresh = {"refresh_token": playbook.sandbox.ready["itflex"]["refresh_token"]}
    playbook.sandbox.fault(ACCOUNTS, method="POST", status=401, times=100, body="{}")
    run = playbook.run(
        [Task("create", MODULE, {"accounts": fleet(4, "New"), **refresh, "concurrency": 1})],
        defaults=playbook.addresses,
    )
    assert run["create"].returned["summary"]["failed"] == 4
    assert {entry["failure"]["kind"] for entry in run["create"].returned["results"]} == {"credentials"}
    assert run["create"].calls.count(f"POST {ACCOUNTS}") <= 8
