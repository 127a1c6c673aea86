# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""merge: makes one plan and one report of those of slices, on the controller."""

from __future__ import annotations

import glob
import os
import typing as t
from pathlib import Path

from ansible import constants as C  # noqa: N812  Ansible's own name for it.

from ansible_collections.mailfleet.email.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.mailfleet.email.plugins.plugin_utils._handed_on import (
    BROKEN,
    MERGED,
    RUNS,
    HandedOnError,
    run_of,
    set_stats,
    unpacked,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_file import (
    PlanError,
    Plans,
    check_key,
    plans_in,
    write_plan,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._regular_files import content_of_regular
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import Document, as_json
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.files import write_whole
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.merging import ReportError, document_in, merged
from ansible_collections.mailfleet.email.plugins.plugin_utils._slices import part_problems

Sources = dict[str, bytes]
"""The content of each part, by where it comes from."""


class ActionModule(ControllerAction):
    """The plugin, under the name by which Ansible finds it."""

    argument_spec = {
        "plans": {"type": "list", "elements": "path", "default": []},
        "reports": {"type": "list", "elements": "path", "default": []},
        "handed_on": {"type": "list", "elements": "str", "default": []},
        "parts": {"type": "list", "elements": "str", "choices": ["plan", "report"], "default": ["plan", "report"]},
        "hosts": {"type": "list", "elements": "str"},
        "plan_path": {"type": "path"},
        "key": {"type": "str", "no_log": True},
        "signed": {"type": "bool", "default": False},
        "hand_on": {"type": "bool", "default": False},
    }
    variables = {
        "plans": "mailfleet_merge_plans",
        "reports": "mailfleet_merge_reports",
        "plan_path": "plan",
        "key": "mailfleet_plan_key",
        "signed": "mailfleet_plan_signed",
        "hand_on": "mailfleet_hand_on",
    }

    def work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Merge what there is of both, or nothing where one of them is no whole."""
        given = {name: variables.get(name) for name in arguments["handed_on"]}
        problems = [
            f"{name} {BROKEN}" for name, value in given.items() if not isinstance(value, (t.Mapping, type(None)))
        ]
        plans = _sources(arguments, variables, "plan", problems)
        reports = _sources(arguments, variables, "report", problems)
        result: dict[str, t.Any] = {"merged": [name for name, found in (("plan", plans), ("report", reports)) if found]}
        if not plans and not reports and not problems:
            problems.append("there is neither a plan nor a report to merge")
        whole = _whole_plan(plans, arguments, problems) if plans else None
        document = _whole_report(reports, arguments["hosts"], problems) if reports else None
        if problems:
            # Plans and reports of the same hosts have the same problems.
            return _failed(f"Nothing was merged: {'; '.join(dict.fromkeys(problems))}")
        try:
            if whole is not None:
                result.update(_written_plan(*whole, arguments))
            if document is not None:
                result["report"] = str(Path(C.DEFAULT_LOCAL_TMP, "mailfleet-merged-report.json"))
                write_whole(Path(result["report"]), as_json(document))
        except OSError as exc:
            return _failed(f"What was merged cannot be written: {exc.filename}: {exc.strerror}")
        return result


def _failed(reason: str) -> dict[str, t.Any]:
    return {"failed": True, "msg": reason, "failure": {"kind": "parts"}}


def _sources(arguments: dict[str, t.Any], variables: t.Mapping[str, t.Any], part: str, problems: list[str]) -> Sources:
    """The plans or the reports, from files and from variables. What cannot be read is noted in `problems`."""
    found: Sources = {}
    if part not in arguments["parts"]:
        return found
    for pattern in map(os.path.realpath, arguments[f"{part}s"]):
        # Patterns may be absolute, which pathlib does not take.
        paths = sorted(glob.glob(pattern)) or [pattern]  # noqa: PTH207
        for path in map(Path, paths):
            try:
                found[str(path)] = content_of_regular(path)
            except OSError as exc:
                problems.append(f"{path}: {exc.strerror}")
    latest = _latest_run(arguments["handed_on"], variables) if part == "report" else "plan"
    for name in arguments["handed_on"]:
        value = variables.get(name)
        if isinstance(value, t.Mapping) and part in value and (name == MERGED or run_of(name) == latest):
            try:
                found[name] = unpacked(value[part])
            except HandedOnError as exc:
                problems.append(f"{name} {exc}")
    return found


def _latest_run(names: t.Iterable[str], variables: t.Mapping[str, t.Any]) -> str | None:
    """The last of the runs that handed reports on: a job that plans and applies has both."""
    having = {run_of(name) for name in names if isinstance(variables.get(name), t.Mapping)}
    return next((run for run in reversed(RUNS) if run in having), None)


def _whole_plan(sources: Sources, arguments: dict[str, t.Any], problems: list[str]) -> tuple[Plans, list[str]]:
    """What is planned for all hosts, and which could not be planned. What is wrong is noted in `problems`."""
    plans: Plans = {}
    not_planned: list[str] = []
    parts = {}
    for source, content in sources.items():
        try:
            check_key(arguments["key"], signed=arguments["signed"])
            planned, failed = plans_in(content.decode("utf-8", "replace"), arguments["key"])
        except PlanError as exc:
            problems.append(f"the plan {source} {exc}")
            continue
        parts[source] = [*planned, *failed]
        plans.update(planned)
        not_planned += failed
    if len(parts) == len(sources):
        problems += part_problems("plans", parts, arguments["hosts"])
    return plans, not_planned


def _whole_report(sources: Sources, hosts: list[str] | None, problems: list[str]) -> Document | None:
    """The report of all hosts; `None` where something is wrong, which is noted in `problems`."""
    documents = {}
    for source, content in sources.items():
        try:
            documents[source] = document_in(content)
        except ReportError as exc:
            problems.append(f"the report {source} {exc}")
    if len(documents) < len(sources):
        return None
    try:
        document = merged(list(documents.values()))
    except ReportError as exc:
        problems.append(f"the reports {exc}")
        return None
    parts = {source: [host["host"] for host in each["hosts"]] for source, each in documents.items()}
    problems += part_problems("reports", parts, hosts)
    return document


def _written_plan(plans: Plans, not_planned: list[str], arguments: dict[str, t.Any]) -> dict[str, t.Any]:
    """Write the merged plan. Returns what that adds to the result."""
    path = Path(arguments["plan_path"] or Path(C.DEFAULT_LOCAL_TMP, "mailfleet-merged-plan.json")).absolute()
    content, result = write_plan(path, plans, not_planned, arguments["key"])
    return {"path": str(path), **result, **(set_stats(MERGED, {"plan": content}) if arguments["hand_on"] else {})}
