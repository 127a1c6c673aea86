# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of all kinds of record of a host, as one result of those for each kind. Pure."""

from __future__ import annotations

import typing as t

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem
from ansible_collections.mailfleet.email.plugins.module_utils._resource.phases import NO_RECORD
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import DOCUMENT_KEYS

SKIPPED: t.Final = {"changed": False, "skipped": True, "skip_reason": "nothing of it is described"}

_Result = dict[str, t.Any]


def problem_of_kinds(
    results: t.Mapping[str, _Result], planned: t.Mapping[str, t.Any] | None, host: str, path: str | None
) -> str | None:
    """What is wrong with the kinds of record that are described, beside what was `planned`; in words."""
    described = [key for key, result in results.items() if not result.get("skipped")]
    if not described:
        *first, last = results
        return (
            f"Nothing is described for {host}: give mailfleet_document, {', '.join(first)} or {last}, or leave the "
            "host out with --limit."
        )
    if planned is not None and set(planned) != set(described):
        return (
            f"The plan {path} is about {' and '.join(sorted(planned)) or 'nothing'} of {host}, which now describes "
            f"{' and '.join(sorted(described))}. Plan again."
        )
    return None


def joined(results: t.Mapping[str, _Result], problem: str | None) -> _Result:
    """One result of those for each kind of record."""
    results = _without_what_is_met(results)
    failures = [result for result in results.values() if result.get("failed")]
    reasons = [*([problem] if problem else []), *(str(result.get("msg")) for result in failures)]
    warnings = [*dict.fromkeys(text for result in results.values() for text in result.get("warnings", ()))]
    diff = [entry for result in results.values() for entry in result.get("diff", ())]
    outcome: _Result = {"changed": any(result.get("changed") for result in results.values()), "kinds": dict(results)}
    outcome.update({name: value for name, value in (("warnings", warnings), ("diff", diff)) if value})
    if reasons:
        own = {"kind": "plan" if len(failures) < len(reasons) else "defect"}
        failure = next((result["failure"] for result in failures if "failure" in result), own)
        outcome.update(failed=True, msg="; ".join(reasons), failure=failure)
    return outcome


def _without_what_is_met(results: t.Mapping[str, _Result]) -> dict[str, _Result]:
    """The results without warnings that no record of one kind is called so, where one of another kind is."""
    ran = [result for result in results.values() if not (result.get("skipped") or result.get("failed"))]
    everyones = (
        set.intersection(*({_words(one) for one in result.get("warnings", ())} for result in ran)) if ran else set()
    )
    reported = {
        key: [one for one in result["warnings"] if _words(one) in everyones or not _words(one).startswith(NO_RECORD)]
        for key, result in results.items()
        if "warnings" in result
    }
    return {
        key: {**result, "warnings": reported[key]} if key in reported else result for key, result in results.items()
    }


def _words(warning: t.Any) -> str:
    """What a warning says. Since core 2.19, those of a module in a process of its own are objects with an event."""
    return str(getattr(getattr(warning, "event", warning), "msg", warning))


def entries_in(result: t.Mapping[str, t.Any]) -> list[t.Mapping[str, t.Any]] | None:
    """The results for each record in that of a task about many; `None` where it is that of a loop or of another task.

    A failure needs none.
    """
    entries = result.get("results", [] if result.get("failed") else None)
    is_such = isinstance(entries, (list, tuple)) and all(
        isinstance(entry, t.Mapping) and "key" in entry and "action" in entry for entry in entries
    )
    return list(entries) if is_such else None


def problems_of_kinds(variables: t.Mapping[t.Any, t.Any] | None) -> list[Problem]:
    """What is wrong with the option `variables` of a task, where it is given: a kind that is none would say nothing."""
    if variables is None:
        return []
    known = ", ".join(DOCUMENT_KEYS)
    if not variables:
        return [Problem("variables", f"is empty: give the name of a variable for each kind of record, of {known}")]
    return [
        Problem(f"variables.{key}", f"is no kind of record: give one of {known}")
        if key not in DOCUMENT_KEYS
        else Problem(f"variables.{key}", "must be the name of a variable that holds the result of a task")
        for key, name in variables.items()
        if key not in DOCUMENT_KEYS or not isinstance(name, str) or not name
    ]


def registered_kinds(arguments: t.Mapping[str, t.Any]) -> dict[str, str]:
    """The kinds of record with the variables of their results, by the options `variables` and `synced` of a task."""
    if arguments["synced"] is not None:
        return {key: f"{arguments['synced']}.kinds.{key}" for key in DOCUMENT_KEYS}
    return t.cast("dict[str, str]", arguments["variables"])


def registered(variables: t.Mapping[str, t.Any], name: str) -> t.Any:
    """What a host registered in a variable, or in a part of one that dots lead to; `None` where there is nothing."""
    held: t.Any = variables
    for step in name.split("."):
        held = held.get(step) if isinstance(held, t.Mapping) else None
    return held
