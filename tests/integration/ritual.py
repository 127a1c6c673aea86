# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ritual that every changing module passes: check, do, repeat; the same for a change, and for a deletion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.integration.playbook import Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.integration.playbook import ModuleSpec, Outcome, Playbook, Run

# What a task says of itself before it writes, so check mode must say it in the same words.
_FORETOLD = ("changed", "action", "changed_fields", "diff")


@dataclass(frozen=True)
class Step:
    """One change: the arguments that ask for it, and what it must turn out to be."""

    arguments: Mapping[str, Any]
    action: str
    method: str
    changed_fields: list[str]


def perform(playbook: Playbook, spec: ModuleSpec, module: str, steps: Mapping[str, Step]) -> Run:
    """Ask for each of the steps three times (in check mode, for real, again), and check what happens each time."""
    tasks = []
    for name, step in steps.items():
        tasks += [
            Task(f"{name} (check)", module, step.arguments, check=True),
            Task(f"{name} (do)", module, step.arguments),
            Task(f"{name} (repeat)", module, step.arguments),
        ]
    run = playbook.run(tasks, spec=spec)
    for name, step in steps.items():
        check, do, repeat = (run.succeeded(f"{name} ({what})") for what in ("check", "do", "repeat"))
        assert (check.writes, do.writes, repeat.writes) == ([], [step.method], [])
        assert foretold(check) == foretold(do)
        assert do.returned["changed"] is True
        assert do.returned["action"] == step.action
        assert do.returned["changed_fields"] == step.changed_fields
        assert do.returned["diff"]["before"] != do.returned["diff"]["after"]
        assert_unchanged(repeat)
    return run


def foretold(outcome: Outcome) -> dict[str, Any]:
    """What a task must return alike in check mode and for real."""
    return {name: outcome.returned[name] for name in _FORETOLD}


def assert_unchanged(outcome: Outcome) -> None:
    """Check that a task found everything as it should be, said so, and wrote nothing."""
    returned = outcome.returned
    assert (returned["changed"], returned["action"], returned["changed_fields"]) == (False, "none", [])
    assert returned["diff"]["before"] == returned["diff"]["after"]
    assert outcome.writes == []
