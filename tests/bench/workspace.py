# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The directories in which the measured commands work: inventories, variables, playbooks, and the sandbox's state."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tests.ansible_start import ansible_command

from . import plays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.sandbox.client import Sandbox

    from .plays import Document

Kind = Literal["accounts", "settings"]

ACCOUNTS_OF_A_HOST = 5

# Whoever runs the benchmarks may have settings of their own for Ansible, and credentials for real servers.
_NOT_INHERITED = ("ANSIBLE_", "ITFLEX_", "MAILFLEET_", "PYTHON", "WEBITEL_")


@dataclass(frozen=True)
class Live:
    """What the server holds when a command begins: so many records of a kind, and how long it takes to answer.

    With ``tls`` it is the server that is reached over HTTPS. With ``outdated``, the first account has another port than
    is described: every host of a fleet, all of which reach this one server, finds it so, as a change of it is answered
    and not kept.
    """

    kind: Kind = "accounts"
    count: int = 0
    delay_ms: int = 0
    tls: bool = False
    outdated: bool = False


@dataclass(frozen=True)
class Command:
    """A command to measure. ``writes`` is how many writing requests it has to make, to have done what it is for.

    ``plan`` is the plan that it is held to, which is made beforehand.
    """

    words: tuple[str, ...]
    directory: Path
    live: Live
    writes: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    plan: Plan | None = None


@dataclass(frozen=True)
class Plan:
    """A plan of a fleet: who makes it, and of how many hosts it says something in the end."""

    command: Command
    hosts: int


class Workspace:
    """Writes what the commands need below a directory, and puts a sandbox into the state that each begins with."""

    def __init__(self, directory: Path, sandboxes: Mapping[bool, Sandbox], ready_files: Mapping[bool, Path]) -> None:
        """Work below ``directory``, with a sandbox that is reached over HTTPS and one that is not.

        ``ready_files`` say where they listen.
        """
        self._directory = directory
        self._sandboxes = sandboxes
        self._ready_files = ready_files
        self._at_hand: dict[bool, Live | None] = {}
        for name in ("home", "tmp"):
            (directory / name).mkdir()
        (directory / "ansible.cfg").touch()

    def playbook(
        self,
        playbook: list[Document],
        variables: Path,
        live: Live,
        *,
        writes: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> Command:
        """Return the run of a playbook with the inventory and variables in a directory."""
        text = json.dumps(plays.with_authority(playbook) if live.tls else playbook)
        file = variables / f"playbook-{len(list(variables.glob('playbook-*')))}.json"
        file.write_text(text)
        words = ansible_command("ansible-playbook", "--inventory=inventory.json", file.name)
        return Command(tuple(words), variables, live, writes, environment or {})

    def fleet_playbook(
        self, words: tuple[str, ...], variables: Path, live: Live, *, writes: int, plan: Plan | None = None
    ) -> Command:
        """Return the run of one of the collection's own playbooks, by name, with ten hosts at a time."""
        command = ansible_command("ansible-playbook", "--inventory=inventory.json", *words)
        return Command(tuple(command), variables, live, writes, {"ANSIBLE_FORKS": "10"}, plan)

    def script(self, records: Path, live: Live, *, writes: int = 0, threads: int = 1) -> Command:
        """Return the run of the bare script with the records in a file."""
        script = Path(__file__).with_name("script.py")
        words = (sys.executable, str(script), str(self._ready_files[live.tls]), str(records), live.kind, str(threads))
        return Command(words, records.parent, live, writes)

    def variables(self, kind: Kind | None, count: int = 0, *, tls: bool = False) -> Path:
        """Return a directory with an inventory of this machine and variables: so many records of a kind, or none."""
        directory = self._directory / f"{kind or 'nothing'}-{count}{'-tls' if tls else ''}"
        if directory.exists():
            return directory
        self._inventory(directory, {"localhost": {}}, tls=tls)
        if kind is not None:
            records = plays.accounts(count) if kind == "accounts" else plays.settings(count)
            self.records(directory).write_text(json.dumps({kind: records}))
        return directory

    def records(self, variables: Path) -> Path:
        """Return the file with the records, in a directory of variables."""
        return variables / "group_vars" / "all" / "records.json"

    def document(self, count: int) -> Path:
        """Return the file with so many accounts, for ``src``, beside an inventory without them."""
        directory = self._directory / f"document-{count}"
        file = directory / "accounts.json"
        if not directory.exists():
            self._inventory(directory, {"localhost": {}})
            file.write_text(json.dumps({"email_accounts": plays.accounts(count)}))
        return file

    def hosts(self, count: int, *, tls: bool = False) -> Path:
        """Return a directory with an inventory of so many hosts, each with a variable ``account``."""
        directory = self._directory / f"hosts-{count}{'-tls' if tls else ''}"
        if not directory.exists():
            hosts = {account["name"]: {"account": account} for account in plays.accounts(count)}
            self._inventory(directory, hosts, tls=tls)
        return directory

    def fleet(self, count: int, name: str = "fleet") -> Path:
        """Return a directory with an inventory of so many hosts, each of which describes the same few accounts."""
        directory = self._directory / f"{name}-{count}"
        if not directory.exists():
            described = {"email_accounts": plays.accounts(ACCOUNTS_OF_A_HOST)}
            hosts = {f"host-{number:05}.example.com": described for number in range(count)}
            self._inventory(directory, hosts)
        return directory

    def _inventory(self, directory: Path, hosts: Document, *, tls: bool = False) -> None:
        ready = self._sandboxes[tls].ready
        connection = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        for product in ("itflex", "webitel"):
            connection |= {f"{product}_{name}": ready[product][name] for name in ("api_url", "access_token")}
        connection["webitel_key"] = ready["webitel"]["key"]
        if tls:
            connection["itflex_ca_path"] = ready["ca_file"]
        group_vars = directory / "group_vars" / "all"
        group_vars.mkdir(parents=True)
        (directory / "inventory.json").write_text(json.dumps({"all": {"hosts": hosts}}))
        (group_vars / "connection.json").write_text(json.dumps(connection))

    def environment(self, command: Command) -> dict[str, str]:
        """Return the environment of a command: compiled files are kept, and nobody's own settings are heeded."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
        return {
            **inherited,
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_CONFIG": str(self._directory / "ansible.cfg"),
            "ANSIBLE_HOME": str(self._directory / "home"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_REMOTE_TEMP": str(self._directory / "tmp"),
            "HOME": str(self._directory / "home"),
            "LC_ALL": "C.UTF-8",
            "TMPDIR": str(self._directory / "tmp"),
            **command.environment,
        }

    def prepare(self, command: Command) -> None:
        """Put the sandbox into the state that a command begins with."""
        live, sandbox = command.live, self._sandboxes[command.live.tls]
        if live != self._at_hand.get(live.tls):
            sandbox.reset()
            if live.kind == "accounts":
                sandbox.add_accounts(plays.outdated(live.count) if live.outdated else plays.accounts(live.count))
            else:
                for record in plays.settings(live.count):
                    sandbox.put_settings(record["domain"], record)
            sandbox.traps(delay_ms=live.delay_ms)
        # A command that writes leaves another state behind.
        self._at_hand[live.tls] = None if command.writes else live
        if command.plan is not None:
            self._make(command.plan)
        if live.outdated and command.writes:
            changed = json.dumps({**sandbox.accounts()[0], **plays.accounts(1)[0]})
            sandbox.fault("/api/email/accounts", method="PUT", status=200, body=changed, times=command.writes)
        sandbox.clear_requests()

    def _make(self, plan: Plan) -> None:
        """Make a plan; of hosts that the inventory does not have, it says what it says of the first one."""
        command = plan.command
        silent = subprocess.DEVNULL
        subprocess.run(
            command.words, cwd=command.directory, env=self.environment(command), stdin=silent, stdout=silent, check=True
        )
        sys.path.insert(0, os.environ["ANSIBLE_COLLECTIONS_PATH"])
        from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_file import plan_text, read_plans

        path = command.directory / "plan.json"
        plans, not_planned = read_plans(path, None)
        more = {
            f"other-{number:05}.example.com": next(iter(plans.values())) for number in range(len(plans), plan.hosts)
        }
        path.write_text(plan_text({**plans, **more}, not_planned, None))

    def check(self, name: str, command: Command) -> None:
        """Raise ``RuntimeError`` where a command has not made as many writing requests as it should have."""
        written = sum(request["method"] != "GET" for request in self._sandboxes[command.live.tls].requests())
        if written != command.writes:
            raise RuntimeError(f"{name} made {written} writing requests, not {command.writes}")
