# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Problems of an input in the words of who gave it: with the file and line, or the variable, that they are about."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import InputError, Problem
from ansible_collections.mailfleet.email.plugins.module_utils._text import for_people

_PLACED = re.compile(r", line \d+\)$")


def as_said(problem: Problem, variables: t.Mapping[str, str]) -> Problem:
    """A problem with an option, about the variable that gave it; `variables` are these, by options.

    What has a place in a file already was given there.
    """
    if _PLACED.search(problem.message):
        return problem
    for option, variable in variables.items():
        rest = problem.field[len(option) :]
        if problem.field.startswith(option) and rest[:1] in ("", ".", "["):
            return Problem(f"{variable}{rest}", problem.message)
    return problem


def reworded(outcome: dict[str, t.Any], subject: str, change: t.Callable[[Problem], Problem]) -> dict[str, t.Any]:
    """The outcome of a task that is about `subject`, with each of its problems as `change` makes it."""
    failure = outcome.get("failure") or {}
    problems = [Problem(entry["field"], entry["message"]) for entry in failure.get("problems", ())]
    changed = [change(problem) for problem in problems]
    if changed == problems:
        return outcome
    error = InputError(subject, changed)
    reported = {**failure, "problems": error.details()["problems"]}
    return for_people({**outcome, "msg": str(error), "failure": reported})
