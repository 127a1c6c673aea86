# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that a host's variables describe, of every product, in one task."""

from __future__ import annotations

import time
import typing as t
from pathlib import Path

from ansible.errors import AnsibleError
from ansible.utils.vars import load_extra_vars

from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import PLAN
from ansible_collections.mailfleet.email.plugins.plugin_utils._controller_action import ControllerAction, refused
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_results import SKIPPED, joined, problem_of_kinds
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_variables import CONTROL, sources_of, values_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_file import HostPlan, PlanError, plan_of_host
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import COLLECTION, KINDS, Kind
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.gather import server_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._variable_names import problems_of_variables

KEYS: t.Final = tuple(kind.key for kind in KINDS)


class HostSync(ControllerAction):
    """The action plugin, which lets those of the kinds of record work.

    `actions` are these, by the kinds' keys.
    """

    actions: t.ClassVar[dict[str, t.Any]]
    argument_spec = {
        "argument_specs": {"type": "list", "elements": "path", "default": []},
        "prefixes": {"type": "list", "elements": "str", "default": []},
        "other_variables": {"type": "list", "elements": "str", "default": []},
        "plan_required": {"type": "bool", "default": False},
        "plan": {"type": "dict", "options": {name: PLAN[name] for name in ("path", "key", "done")}},
        "unplanned": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
        "undescribed": {"type": "bool", "default": False},
    }

    def work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Bring each kind of record that is described to its state; each has its turn also where another one fails."""
        self._begun = time.time()
        plan = arguments["plan"] or {}
        has_plan = plan.get("path") is not None
        problems = problems_of_variables(
            {**arguments, "has_plan": has_plan, "values": [f"{CONTROL}defaults"]},
            variables,
            load_extra_vars(self._loader),
            self._templar.template,
            writes=not self._task.check_mode,
        )
        if problems:
            return refused("variables", problems)
        host, planned = variables["inventory_hostname"], None
        try:
            if has_plan:
                planned = self._planned(plan, host)
                if planned is None and arguments["unplanned"] == "skip":
                    return {"skipped": True, "skip_reason": f"the plan could not plan {host}"}
        except PlanError as exc:
            return {"failed": True, "msg": str(exc), "failure": {"kind": "plan"}}
        if has_plan and planned is None:
            reason = f"The plan {plan['path']} could not plan {host}; plan again"
            return {"failed": True, "msg": reason, "failure": {"kind": "plan"}}
        results = {kind.key: self._result_of(kind, arguments, planned, variables) for kind in KINDS}
        return joined(results, problem_of_kinds(results, planned, host, plan.get("path")))

    @staticmethod
    def _planned(plan: t.Mapping[str, t.Any], host: str) -> HostPlan | None:
        return plan_of_host(Path(plan["path"]).absolute(), host, plan.get("key"))

    def _result_of(
        self, kind: Kind, arguments: dict[str, t.Any], planned: HostPlan | None, variables: dict[str, t.Any]
    ) -> dict[str, t.Any]:
        """The result for one kind of record, as its own module returns it."""
        action, module = self.actions[kind.key], f"{COLLECTION}{kind.key}_sync"
        try:
            sources = sources_of(kind, arguments["other_variables"], variables, self._templar)
            if not sources:
                return dict(SKIPPED)
            given = {
                **self._defaults(module),
                **values_of(kind, action.spec.argument_spec, variables, self._templar),
                **sources,
            }
            if arguments["undescribed"]:
                # Where the undescribed is listed anyway, it is not planned to be removed, and so breaks no limit.
                given.update(undescribed=True, prune=False)
            if arguments["plan"] is not None:
                reviewed = None if planned is None else planned.get(kind.key, [])
                others = {name: value for name, value in arguments["plan"].items() if name != "path"}
                given["plan"] = {**others, "reviewed": reviewed}
            result = self._run(action, module, given, variables)
        except AnsibleError as exc:
            return {"changed": False, "failed": True, "msg": f"{kind.key}: {exc}"}
        server = server_of(module, given)
        return {"server": server, **result} if server else result

    def _run(
        self, action: t.Any, module: str, given: dict[str, t.Any], variables: dict[str, t.Any]
    ) -> dict[str, t.Any]:
        task = self._task.copy()
        task.action, task.args = module, given
        plugin = action(
            task, self._connection, self._play_context, self._loader, self._templar, self._shared_loader_obj
        )
        plugin._load_name = module
        plugin.begun = self._begun
        return t.cast("dict[str, t.Any]", plugin.run(task_vars=variables))

    def _defaults(self, module: str) -> dict[str, t.Any]:
        """What `module_defaults` says of the module that would do this alone."""
        given: dict[str, t.Any] = {}
        for defaults in self._task.module_defaults or ():
            given.update(self._templar.template(defaults.get(module) or {}))
        return given
