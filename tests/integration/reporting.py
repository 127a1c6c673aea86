# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs with the report callback, and the reports that they leave."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.integration.playbook import Document, Run

ENABLED = {"ANSIBLE_CALLBACKS_ENABLED": "outcomes,mailfleet.email.report"}
# Below the folder of the run, where a search for secrets finds them.
FORMS = {"json": "report.json", "markdown": "report.md", "html": "report.html", "junit": "report.xml"}
EVERY_FORM = {**ENABLED, **{f"MAILFLEET_REPORT_{form.upper()}": name for form, name in FORMS.items()}}


def read(run: Run, name: str = FORMS["json"]) -> Document:
    """The report that a run has left."""
    return read_from(run.directory / name)


def read_from(path: Path) -> Document:
    """A report in a file."""
    document: Document = json.loads(path.read_text(encoding="utf-8"))
    return document


def tasks_of(document: Mapping[str, Any], host: str = "localhost") -> dict[str, Document]:
    """The entries of a host's tasks by name; of a loop its last item's."""
    (entry,) = (entry for entry in document["hosts"] if entry["host"] == host)
    return {task["task"]: task for task in entry["tasks"]}


def without_times(value: Any) -> Any:
    """A document without what differs between two runs that do the same."""
    if isinstance(value, dict):
        timed = ("started", "ended", "duration", "digest")
        return {name: without_times(part) for name, part in value.items() if name not in timed}
    return [without_times(part) for part in value] if isinstance(value, list) else value


def plan_of(output: str) -> list[str]:
    """The lines of a run's output that are the plan's: the changes, and the totals at the end."""
    lines = output.splitlines()
    totals = next((index for index, line in enumerate(lines) if line.startswith("PLAY RECAP")), len(lines))
    changes = [line for line in lines[:totals] if line.startswith(("  + ", "  ~ ", "  - ", "  ! ", "      "))]
    return changes + [line for line in lines[totals + 1 :] if line and " : ok=" not in line]
