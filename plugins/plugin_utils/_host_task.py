# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task about all kinds of record of a host, for which the action plugins of the kinds work."""

from __future__ import annotations

import time
import typing as t

from ansible_collections.mailfleet.email.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_variables import without_omitted
from ansible_collections.mailfleet.email.plugins.plugin_utils._problems import as_said, reworded
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import COLLECTION, Kind
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.gather import server_of


class HostTask(ControllerAction):
    """The action plugin, which lets those of the kinds of record work.

    `actions` are these, by the kinds' keys.
    """

    actions: t.ClassVar[dict[str, t.Any]]

    def run(self, tmp: None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Note when the task begins, which may have a limit of time, and do the work."""
        self._begun = time.time()
        return super().run(tmp, task_vars)

    def _run(
        self, kind: Kind, module: str, given: dict[str, t.Any], variables: dict[str, t.Any], names: t.Mapping[str, str]
    ) -> dict[str, t.Any]:
        """The result of a module about one kind of record, with the server that it is of.

        `names` are the variables that give its options, by these: a problem is about the variable.
        """
        task = self._task.copy()
        task.action, task.args = module, given
        plugin = self.actions[kind.key](
            task, self._connection, self._play_context, self._loader, self._templar, self._shared_loader_obj
        )
        plugin._load_name = module
        plugin.begun = self._begun
        result = reworded(
            t.cast("dict[str, t.Any]", plugin.run(task_vars=variables)),
            plugin.spec.subject({}),
            lambda problem: as_said(problem, names),
        )
        server = server_of(module, given)
        return {"server": server, **result} if server else result

    def _defaults(self, kind: Kind, module: str, variables: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """What `module_defaults` says of the module that would do this alone; of itself more than of its group."""
        held: dict[str, t.Any] = {}
        for defaults in self._task.module_defaults or ():
            held.update(defaults)
        given: dict[str, t.Any] = {}
        for name in (f"group/{COLLECTION}{kind.product}", module):
            given.update(self._templar.template(held.get(name) or {}))
        return without_omitted(given, variables)
