# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets that are easily recognised, and a search for them in everything that a run leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.sandbox.encodings import LeakSearch

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import Run
    from tests.sandbox.client import Sandbox

_WRITTEN_BY_THE_TEST = ("playbook.json", "variables.json", "requests.jsonl")
_PLANTED = (
    "live_password",
    "live_private_key",
    "live_token",
    "live_nested_secret",
    "live_proxy_password",
    "password",
    "next_password",
    "private_key",
    "token",
    "proxy_password",
    "bad_token",
    "bad_key",
    "bad_password",
)


@dataclass(frozen=True)
class Secrets:
    """All secrets of a test by name: those that it plants, and the sandbox's own credentials."""

    values: dict[str, str]

    @classmethod
    def plant(cls, sandbox: Sandbox) -> Secrets:
        """Make up secrets for everything that a record or a task can hold, and collect those of the sandbox."""
        webitel, itflex = sandbox.ready["webitel"], sandbox.ready["itflex"]
        user = sandbox.tokens(None, "user")
        return cls(
            {
                **{name: f"planted{uuid4().hex}" for name in _PLANTED},
                "webitel_token": webitel["access_token"],
                "webitel_key": webitel["key"],
                "webitel_password": webitel["password"],
                "user_token": user["access_token"],
                "user_key": user["key"],
                "itflex_token": itflex["access_token"],
                "refresh_token": itflex["refresh_token"],
                "cloud_token": sandbox.ready["webitel_cloud"]["access_token"],
                "smtp_password": sandbox.ready["smtp"]["password"],
            }
        )

    def __getitem__(self, name: str) -> str:
        """The secret itself, for what a server stores or says."""
        return self.values[name]

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the playbook that hold the secrets."""
        return {"secrets": self.values}

    def found_in(self, run: Run) -> list[str]:
        """Where a run left which secret: in its output, or in a file that the test did not write itself."""
        places = {"output": run.output}
        for file in _files_below(run.directory):
            places[str(file.relative_to(run.directory))] = file.read_text(encoding="utf-8", errors="replace")
        names = {value: name for name, value in self.values.items()}
        search = LeakSearch(names)
        return [f"{names[value]} in {place}" for place, text in places.items() for value in search.found_in(text)]


def variable(name: str) -> str:
    """The template that stands for a secret in a playbook, so that the playbook does not hold it."""
    return f"{{{{ secrets.{name} }}}}"


def _files_below(directory: Path) -> list[Path]:
    return [file for file in directory.rglob("*") if file.is_file() and file.name not in _WRITTEN_BY_THE_TEST]
