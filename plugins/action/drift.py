# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drift: the record result about one host, so that the exit status of ansible-playbook tells it."""

from __future__ import annotations

import typing as t

from ansible.utils.vars import load_extra_vars

from ansible_collections.mailfleet.email.plugins.plugin_utils._controller_action import ControllerAction, Problems
from ansible_collections.mailfleet.email.plugins.plugin_utils._drift import drift_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_results import (
    problems_of_kinds,
    registered,
    registered_kinds,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._run_hosts import (
    problem_of_hosts,
    problems_of_number,
    result_of_moved,
    warnings_of_documents,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._stages import problems_of_stages, problems_of_unseen

_OF_STAGES: t.Final = ("serial", "max_fail_percentage")


class ActionModule(ControllerAction):
    """The plugin, under the name by which Ansible finds it."""

    argument_spec = {
        "variables": {"type": "dict"},
        "synced": {"type": "str"},
        "undescribed_differs": {"type": "bool", "default": False},
        "run_hosts": {"type": "list", "elements": "str"},
        "expected_hosts": {"type": "int"},
        "document_variable": {"type": "str"},
        "serial": {"type": "raw"},
        "max_fail_percentage": {"type": "raw"},
        "unreachable": {"type": "bool", "default": True},
        "moved_hosts": {"type": "list", "elements": "str"},
        "rescued": {"type": "bool"},
    }
    variables = {
        "undescribed_differs": "mailfleet_prune",
        "expected_hosts": "mailfleet_expect_hosts",
        "serial": "mailfleet_serial",
        "max_fail_percentage": "mailfleet_max_fail_percentage",
    }
    rules = {
        "required_one_of": [("variables", "synced", "run_hosts", "moved_hosts", "rescued")],
        "mutually_exclusive": [("variables", "synced", "run_hosts", "moved_hosts", "rescued")],
        "required_by": {
            "expected_hosts": "run_hosts",
            "document_variable": "run_hosts",
            "serial": "run_hosts",
            "max_fail_percentage": "run_hosts",
        },
    }

    def problems(self, arguments: dict[str, t.Any]) -> Problems:
        """What is no kind of record, no number of hosts, although Ansible takes it for one, and no stage."""
        return [
            *problems_of_kinds(arguments["variables"]),
            *problems_of_number(self._task.args.get("expected_hosts"), arguments["expected_hosts"]),
            *problems_of_stages(arguments["serial"], arguments["max_fail_percentage"]),
            *self._unseen(arguments),
        ]

    def _unseen(self, arguments: dict[str, t.Any]) -> Problems:
        """What the role was given about stages that its playbook does not see."""
        given = [name for name in _OF_STAGES if self._task._role is not None and arguments[name] is not None]
        extra = load_extra_vars(self._loader) if given else {}
        return problems_of_unseen(name for name in given if self.variables[name] not in extra)

    def refused(self, problems: Problems, arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        """Where nobody knows which hosts there must be, the hosts of the run are not right."""
        result = super().refused(problems, arguments)
        if arguments.get("run_hosts") is None or not arguments.get("unreachable"):
            return result
        return {**result, "failed": False, "unreachable": True}

    def work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Judge the results that the host registered, or the hosts of a run, or say again that the host failed."""
        if arguments["rescued"] is not None:
            return {"failed": arguments["rescued"], "msg": f"has {'' if arguments['rescued'] else 'not '}failed before"}
        if arguments["run_hosts"] is not None:
            return _judged_hosts(arguments, variables)
        if arguments["moved_hosts"] is not None:
            return result_of_moved(arguments["moved_hosts"])
        drift = drift_of({kind: registered(variables, name) for kind, name in registered_kinds(arguments).items()})
        result: dict[str, t.Any] = {
            "msg": drift.reported(),
            "different": drift.different,
            "unknown": drift.unknown,
            "undescribed": drift.undescribed,
            "unread": drift.unread,
        }
        if drift.unread:
            # Ansible has an exit status of its own for this, and it counts more than that of a failure.
            result["unreachable"] = True
        elif drift.different or (arguments["undescribed_differs"] and drift.undescribed):
            result["failed"] = True
        return result


def _judged_hosts(arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
    hosts, name = arguments["run_hosts"], arguments["document_variable"]
    problem = problem_of_hosts(hosts, arguments["expected_hosts"])
    if problem is not None:
        status = "unreachable" if arguments["unreachable"] else "failed"
        return {status: True, "msg": problem, "failure": {"kind": "hosts"}}
    result: dict[str, t.Any] = {"msg": f"{len(hosts)} hosts are in this run"}
    hostvars, known = variables.get("hostvars", {}), variables.get("groups", {}).get("all", hosts)
    warnings = warnings_of_documents(hosts, lambda host: hostvars[host].get(name), set(known)) if name else []
    return {**result, "warnings": warnings} if warnings else result
