# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""plan_file: writes the file of a plan, on the controller."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.mailfleet.email.plugins.plugin_utils._controller_action import ControllerAction, Problems
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_results import (
    problems_of_kinds,
    registered,
    registered_kinds,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_file import (
    PlanError,
    Plans,
    check_hosts,
    check_key,
    entries_of,
    read_plans,
    write_plan,
)

_MOST_NAMED: t.Final = 20


class ActionModule(ControllerAction):
    """The plugin, under the name by which Ansible finds it."""

    argument_spec = {
        "path": {"type": "path", "required": True},
        "hosts": {"type": "list", "elements": "str"},
        "variables": {"type": "dict"},
        "synced": {"type": "str"},
        "key": {"type": "str", "no_log": True},
        "state": {"type": "str", "choices": ["present", "absent", "checked"], "default": "present"},
        "subset": {"type": "bool", "default": False},
        "signed": {"type": "bool", "default": False},
        "unplanned": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
    }
    variables = {
        "path": "plan",
        "key": "mailfleet_plan_key",
        "signed": "mailfleet_plan_signed",
        "unplanned": "mailfleet_unplanned",
    }
    rules = {
        "required_if": [
            ("state", "present", ("hosts",)),
            ("state", "present", ("variables", "synced"), True),
            ("state", "checked", ("hosts",)),
        ],
        "mutually_exclusive": [("variables", "synced")],
    }

    def problems(self, arguments: dict[str, t.Any]) -> Problems:
        """What is no kind of record."""
        return problems_of_kinds(arguments["variables"])

    def work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Write the plan, or remove an old one."""
        path = Path(arguments["path"]).absolute()
        try:
            return {"path": str(path), **self._done(path, arguments, variables)}
        except OSError as exc:
            reason = f"The plan {path}: {exc.strerror}"
        except PlanError as exc:
            reason = str(exc)
        return {"failed": True, "msg": reason, "failure": {"kind": "plan"}}

    def _done(self, path: Path, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Do what the state asks for. Returns what it adds to the result."""
        hosts, key = arguments["hosts"], arguments["key"]
        if arguments["state"] == "absent":
            return {"changed": _removed(path)}
        left_out, others = [], []
        if arguments["state"] == "checked":
            plans, not_planned = read_plans(path, key, signed=arguments["signed"])
            left_out = sorted({*hosts} & {*not_planned}) if arguments["unplanned"] == "skip" else []
            planned_for = [host for host in hosts if host not in left_out]
            others = check_hosts(path, plans, not_planned, planned_for, subset=arguments["subset"])
            result = {"changed": False, "planned": sorted(plans), "not_planned": not_planned}
        else:
            try:
                check_key(key, signed=arguments["signed"])
                plans, not_planned = self._plans(arguments, variables["hostvars"])
            except PlanError as exc:
                raise PlanError(f"The plan {path} {exc}") from None
            _content, result = write_plan(path, plans, not_planned, key)
        return {
            "msg": f"The plan {path} is {'signed' if key else 'not signed: who can write it can make another one'}.",
            "signed": key is not None,
            **result,
            "left_out": left_out,
            "others": others,
            **_warned(path, left_out, others),
        }

    @staticmethod
    def _plans(arguments: dict[str, t.Any], hostvars: t.Mapping[str, t.Any]) -> tuple[Plans, list[str]]:
        """What is planned for each host, and the hosts of which something could not be planned."""
        plans: Plans = {}
        for host in arguments["hosts"]:
            if host not in hostvars:
                raise PlanError(f"is to be about {host}, which the inventory does not know")
            results = {kind: registered(hostvars[host], name) for kind, name in registered_kinds(arguments).items()}
            if all(isinstance(result, t.Mapping) and not result.get("failed") for result in results.values()):
                plans[host] = {
                    kind: entries_of(result) for kind, result in results.items() if not result.get("skipped")
                }
        return plans, sorted(set(arguments["hosts"]) - set(plans))


def _warned(path: Path, left_out: list[str], others: list[str]) -> dict[str, list[str]]:
    """The warnings about hosts on which nothing is done."""
    found = [f"left out, since they could not be planned: {', '.join(left_out)}"] if left_out else []
    if others:
        more = f", and {len(others) - _MOST_NAMED} more" if len(others) > _MOST_NAMED else ""
        named = ", ".join(others[:_MOST_NAMED])
        found.append(f"the plan {path} is also about what is on no host of this run: {named}{more}")
    return {"warnings": found} if found else {}


def _removed(path: Path) -> bool:
    """Remove a file. Returns whether there was one."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
