# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""control_variables: refuses variables that are misspelt, on the controller."""

from __future__ import annotations

import typing as t

from ansible.utils.vars import load_extra_vars

from ansible_collections.mailfleet.email.plugins.plugin_utils._controller_action import ControllerAction, refused
from ansible_collections.mailfleet.email.plugins.plugin_utils._variable_names import problems_of_variables


class ActionModule(ControllerAction):
    """The plugin, under the name by which Ansible finds it."""

    argument_spec = {
        "argument_specs": {"type": "list", "elements": "path", "required": True},
        "prefixes": {"type": "list", "elements": "str", "required": True},
        "other_variables": {"type": "list", "elements": "str", "default": []},
        "values": {"type": "list", "elements": "str", "default": []},
        "plan_required": {"type": "bool", "default": False},
        "has_plan": {"type": "bool", "default": False},
    }
    variables = {"other_variables": "mailfleet_other_variables"}

    def work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Look at the names of all variables that the host has."""
        on_command_line = load_extra_vars(self._loader)
        writes = not self._task.check_mode
        problems = problems_of_variables(arguments, variables, on_command_line, self._templar.template, writes=writes)
        return refused("variables", problems) if problems else {}
