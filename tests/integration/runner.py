# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Slices of a job as AWX runs them: sent to a worker in another folder, and what comes back unpacked in a third one."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from tests.ansible_start import write_programs
from tests.integration.playbook import LONGEST_RUN_SECONDS, clean_environment

if TYPE_CHECKING:
    from pathlib import Path

Document = dict[str, Any]

_INVENTORY = """#!{python}
import json
hosts = {hosts}
print(json.dumps({{
    "_meta": {{"hostvars": dict.fromkeys(hosts, {{}})}},
    "all": {{"children": ["appliances"], "vars": {variables}}},
    "appliances": {{"hosts": hosts}},
}}))
"""


@dataclass(frozen=True)
class Returned:
    """What came back of a slice: a folder with artifacts, and the events of the run."""

    folder: Path

    def status(self) -> int:
        """The exit status of ansible-playbook."""
        return int((self.folder / "artifacts" / "rc").read_text(encoding="utf-8"))

    def output(self) -> str:
        """What ansible-playbook printed."""
        return (self.folder / "artifacts" / "stdout").read_text(encoding="utf-8")

    def handed_on(self) -> Document:
        """The variables that AWX gives to the jobs that follow: those of the last event."""
        events = (json.loads(path.read_text(encoding="utf-8")) for path in self.folder.glob("artifacts/job_events/*"))
        [last] = [event for event in events if event.get("event") == "playbook_on_stats"]
        variables: Document = last["event_data"]["artifact_data"]
        return variables


class Job:
    """A job over hosts that are sliced: a project, and what the inventory says of all hosts."""

    def __init__(self, folder: Path, hosts: list[str], project: Document, inventory: Document) -> None:
        """``project`` are the files of the project, ``inventory`` the variables that all hosts have there."""
        self.folder = folder
        self.hosts = sorted(hosts)
        self._project = project
        self._variables = inventory
        (folder / "home").mkdir()
        write_programs(folder / "bin")

    def run(self, playbook: str, variables: Document, slices: int = 1) -> list[Returned]:
        """Run a playbook of the project in so many slices at once, each with every n-th host, by their names."""
        running = [self._begun(playbook, variables, number, slices) for number in range(slices)]
        return [self._ended(folder, worker) for folder, worker in running]

    def _begun(
        self, playbook: str, variables: Document, number: int, slices: int
    ) -> tuple[Path, subprocess.Popen[bytes]]:
        folder = self.folder / f"{playbook}-{number + 1}-of-{slices}-{len(list(self.folder.iterdir()))}"
        for name, content in self._project.items():
            _write(folder / "sent" / "project" / name, yaml.safe_dump(content))
        hosts, python = self.hosts[number::slices], sys.executable
        script = _INVENTORY.format(python=python, hosts=hosts, variables=self._variables)
        _write(folder / "sent" / "inventory" / "hosts", script).chmod(0o700)
        _write(folder / "sent" / "env" / "extravars", json.dumps(variables))
        sent = self._command("transmit", folder / "sent", "--playbook", f"{playbook}.yml").stdout
        _write(folder / "stream", "").write_bytes(sent)
        with (folder / "stream").open("rb") as stream, (folder / "back").open("wb") as back:
            words = ("worker", "--private-data-dir", str(folder / "worker"))
            worker = subprocess.Popen(self._words(*words), stdin=stream, stdout=back, env=self._environment())
        return folder, worker

    def _ended(self, folder: Path, worker: subprocess.Popen[bytes]) -> Returned:
        worker.wait(timeout=LONGEST_RUN_SECONDS)
        self._command("process", folder / "returned", content=(folder / "back").read_bytes())
        return Returned(folder / "returned")

    def _command(self, *words: object, content: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            self._words(*map(str, words)),
            input=content,
            env=self._environment(),
            stdout=subprocess.PIPE,
            timeout=LONGEST_RUN_SECONDS,
            check=True,
        )

    @staticmethod
    def _words(*words: str) -> list[str]:
        return [sys.executable, "-P", "-m", "ansible_runner", *words]

    def _environment(self) -> dict[str, str]:
        environment = clean_environment(self.folder / "home")
        report = {"ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report"}
        return {**environment, **report, "PATH": f"{self.folder / 'bin'}:{environment['PATH']}"}


def _write(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path
