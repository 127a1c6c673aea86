# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""hand_on: hands the plan and the report of a run on in a variable, on the controller."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.mailfleet.email.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.mailfleet.email.plugins.plugin_utils._handed_on import RUNS, name_of, set_stats
from ansible_collections.mailfleet.email.plugins.plugin_utils._regular_files import content_of_regular
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import as_json
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.so_far import SO_FAR


class ActionModule(ControllerAction):
    """The plugin, under the name by which Ansible finds it."""

    argument_spec = {
        "run": {"type": "str", "choices": list(RUNS), "required": True},
        "hosts": {"type": "list", "elements": "str", "required": True},
        "plan_path": {"type": "path"},
    }

    def work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:  # noqa: ARG002
        """Hand on what there is. Nothing here fails: a run that ends badly is handed on too."""
        name, parts = name_of(arguments["run"], arguments["hosts"]), t.cast("dict[str, bytes]", {})
        warnings: list[str] = []
        if arguments["plan_path"]:
            try:
                parts["plan"] = content_of_regular(Path(arguments["plan_path"]))
            except FileNotFoundError:
                # Nothing was planned.
                pass
            except OSError as exc:
                warnings.append(f"the plan {arguments['plan_path']} is not handed on: {exc.strerror}")
        if SO_FAR.document is None:
            warnings.append("no report is handed on: the callback plugin mailfleet.email.report is not enabled")
        else:
            parts["report"] = as_json(SO_FAR.document())
        result = {"name": name, **({"warnings": warnings} if warnings else {})}
        return {**result, "handed_on": sorted(parts), **set_stats(name, parts)}
