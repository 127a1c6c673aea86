# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that a host's variables describe, of every product, in one task."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible.errors import AnsibleError
from ansible.utils.vars import load_extra_vars

from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import reveal
from ansible_collections.mailfleet.email.plugins.module_utils._resource.sync_options import PLAN
from ansible_collections.mailfleet.email.plugins.plugin_utils._controller_action import refused
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_results import SKIPPED, joined, problem_of_kinds
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_task import HostTask
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_variables import (
    CONTROL,
    names_of,
    names_of_role,
    sources_of,
    values_of,
    values_of_role,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_file import HostPlan, PlanError, plan_of_host
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import KINDS, Kind
from ansible_collections.mailfleet.email.plugins.plugin_utils._variable_names import problems_of_variables

MODULES: t.Final = {kind.key: kind.sync_module.rpartition(".")[2] for kind in KINDS}
"""The modules that do it, by the kinds' keys."""


class HostSync(HostTask):
    """The action plugin, which lets those of the kinds of record work."""

    argument_spec = {
        "argument_specs": {"type": "list", "elements": "path", "default": []},
        "prefixes": {"type": "list", "elements": "str", "default": []},
        "other_variables": {"type": "list", "elements": "str", "default": []},
        "plan_required": {"type": "bool", "default": False},
        "plan": {"type": "dict", "options": {name: PLAN[name] for name in ("path", "key", "done")}},
        "unplanned": {"type": "str", "choices": ["fail", "skip"], "default": "fail"},
        "undescribed": {"type": "bool", "default": False},
        "offline": {"type": "bool", "default": False},
        "prefix": {"type": "str"},
    }
    variables = {
        "other_variables": f"{CONTROL}other_variables",
        "plan_required": f"{CONTROL}plan_required",
        "plan.key": f"{CONTROL}plan_key",
        "plan.done": f"{CONTROL}done",
        "unplanned": f"{CONTROL}unplanned",
    }

    def work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Bring each kind of record that is described to its state; each has its turn also where another one fails."""
        plan = arguments["plan"] or {}
        has_plan = plan.get("path") is not None
        problems = problems_of_variables(
            {**arguments, "has_plan": has_plan, "values": _mappings_of(arguments["prefix"])},
            variables,
            load_extra_vars(self._loader),
            self._templar.template,
            writes=not (self._task.check_mode or arguments["offline"]),
        )
        if problems:
            return refused("variables", problems)
        host, planned = variables["inventory_hostname"], None
        try:
            if has_plan:
                planned = self._planned(plan, host)
                if planned is None and arguments["unplanned"] == "skip":
                    return {"skipped": True, "left_out": True, "skip_reason": f"the plan could not plan {host}"}
        except PlanError as exc:
            return {"failed": True, "msg": str(exc), "failure": {"kind": "plan"}}
        if has_plan and planned is None:
            reason = f"The plan {plan['path']} could not plan {host}; plan again"
            return {"failed": True, "msg": reason, "failure": {"kind": "plan"}}
        results = {kind.key: self._result_of(kind, arguments, planned, variables) for kind in KINDS}
        if arguments["offline"] or arguments["prefix"]:
            # That nothing is described is reported where a host is to be as it is described.
            return joined(results, None)
        return joined(results, problem_of_kinds(results, planned, host, plan.get("path")))

    @staticmethod
    def _planned(plan: t.Mapping[str, t.Any], host: str) -> HostPlan | None:
        return plan_of_host(Path(plan["path"]).absolute(), host, plan.get("key"))

    def _result_of(
        self, kind: Kind, arguments: dict[str, t.Any], planned: HostPlan | None, variables: dict[str, t.Any]
    ) -> dict[str, t.Any]:
        """The result for one kind of record, as its own module returns it."""
        module = kind.sync_module
        try:
            described, names = self._described(kind, arguments, variables)
            if not described:
                return dict(SKIPPED)
            given = {**self._defaults(kind, module, variables), **described}
            if arguments["offline"]:
                given["offline"] = True
            if arguments["undescribed"]:
                # Where the undescribed is listed anyway, it is not planned to be removed, and so breaks no limit.
                given.update(undescribed=True, prune=False)
            if arguments["plan"] is not None:
                reviewed = None if planned is None else planned.get(kind.key, [])
                # As in a playbook: the module takes plain options, and wraps them.
                others = {name: reveal(value) for name, value in arguments["plan"].items() if name != "path"}
                given["plan"] = {**others, "reviewed": reviewed}
            return self._run(kind, module, given, variables, names)
        except AnsibleError as exc:
            return {"changed": False, "failed": True, "msg": f"{kind.key}: {exc}"}

    def _described(
        self, kind: Kind, arguments: dict[str, t.Any], variables: dict[str, t.Any]
    ) -> tuple[dict[str, t.Any], dict[str, str]]:
        """What the host's variables say of one kind of record, as options of its module; nothing where nothing is.

        And the variables that give them, by the options.
        """
        spec, prefix = self.actions[kind.key].spec, arguments["prefix"]
        if prefix:
            names = names_of_role(kind, spec, prefix, variables, self._templar)
            return values_of_role(kind, spec, prefix, variables, self._templar), names
        sources = sources_of(kind, arguments["other_variables"], variables, self._templar)
        if not sources:
            return {}, {}
        asks_server = not arguments["offline"]
        values = values_of(kind, spec.argument_spec, variables, self._templar, asks_server=asks_server)
        return {**values, **sources}, names_of(kind, spec.argument_spec, asks_server=asks_server)


def _mappings_of(prefix: str | None) -> list[str]:
    """The variables in which names are looked at as well; the modules check what stands in all others."""
    return [f"{prefix}document", f"{prefix}defaults"] if prefix else [f"{CONTROL}defaults"]
