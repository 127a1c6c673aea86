# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A repository as users have one: an inventory, documents, and the collection's playbooks run by name in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from tests.integration.playbook import LONGEST_RUN_SECONDS, NAMED_DOMAIN, clean_environment
from tests.warm_start import run_ansible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.sandbox.client import Sandbox

Document = dict[str, Any]


@dataclass(frozen=True)
class Ended:
    """A command that has ended: its exit status, and all that it printed."""

    status: int
    output: str

    def changed(self, host: str) -> int:
        """How many tasks changed something on a host, as the recap says."""
        return self._recap(host, "changed")

    def failed(self, host: str) -> int:
        """How many tasks failed on a host, as the recap says."""
        return self._recap(host, "failed")

    def _recap(self, host: str, what: str) -> int:
        found = re.search(rf"^{re.escape(host)} .*\b{what}=(\d+)", self.output, re.MULTILINE)
        assert found, f"{host} is not in the recap:\n{self.output}"
        return int(found[1])


class Repository:
    """A directory with an inventory of a PBX and an appliance, both played by one sandbox."""

    def __init__(self, directory: Path, sandbox: Sandbox) -> None:
        """Write the inventory."""
        self.path = directory / "repository"
        self.path.mkdir()
        self.sandbox = sandbox
        self._home = directory / "home"
        self._home.mkdir()
        webitel, itflex = sandbox.ready["webitel"], sandbox.ready["itflex"]
        self.hosts: dict[str, Document] = {
            "pbx": {
                "webitel_api_url": webitel["api_url"],
                "webitel_access_token": webitel["access_token"],
                "webitel_key": webitel["key"],
            },
            "berlin": {"itflex_api_url": itflex["api_url"], "itflex_refresh_token": itflex["refresh_token"]},
        }
        self.variables: Document = {"mailfleet_document": "mail/{{ inventory_hostname }}", "itflex_retries": 0}

    def write(self, name: str, content: object) -> Path:
        """Write a file: a text as it is, anything else as YAML. The server has every domain that it names."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else yaml.safe_dump(content)
        path.write_text(text, encoding="utf-8")
        self.sandbox.add_domains(*NAMED_DOMAIN.findall(text))
        return path

    def run(self, playbook: str, *options: str, environment: Mapping[str, str] | None = None) -> Ended:
        """Run a playbook of the collection, or another one by its path, in the repository."""
        name = playbook if playbook.endswith(".yml") else f"mailfleet.email.{playbook}"
        self.write("inventory.yml", {"all": {"hosts": self.hosts, "vars": self.variables}})
        self.sandbox.clear_requests()
        return self.command("ansible-playbook", "-i", "inventory.yml", name, *options, environment=environment)

    def command(self, program: str, *words: str, environment: Mapping[str, str] | None = None) -> Ended:
        """Run a command of ansible-core in the repository."""
        settings = {**self.environment(), **(environment or {})}
        finished = run_ansible([program, *words], settings, self.path, LONGEST_RUN_SECONDS)
        return Ended(finished.returncode, finished.stdout)

    def environment(self) -> dict[str, str]:
        """The environment of every command."""
        return {**clean_environment(self._home), "TMPDIR": str(self._home)}

    def writes(self) -> list[str]:
        """The requests of the last run that may change a record or send a message."""
        harmless = ("/login", "/logout", "/oauth2/token")
        calls = [(request["method"], request["path"].partition("?")[0]) for request in self.sandbox.requests()]
        return [f"{method} {path}" for method, path in calls if method != "GET" and not path.endswith(harmless)]

    def plan(self) -> Document:
        """The content of plan.json."""
        content: Document = json.loads((self.path / "plan.json").read_text(encoding="utf-8"))
        return content
