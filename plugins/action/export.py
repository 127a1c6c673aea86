# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""export: writes what is live on a host as the document that describes it, on the controller."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.mailfleet.email.plugins.plugin_utils._controller_action import ControllerAction, refused
from ansible_collections.mailfleet.email.plugins.plugin_utils._document import DocumentError
from ansible_collections.mailfleet.email.plugins.plugin_utils._export_folder import ExportFolder, ForeignFiles
from ansible_collections.mailfleet.email.plugins.plugin_utils._exported import (
    READ,
    files_of,
    problems_of_read,
    read_results,
)


class ActionModule(ControllerAction):
    """The plugin, under the name by which Ansible finds it."""

    argument_spec = {
        "path": {"type": "path", "required": True},
        "name": {"type": "str", "required": True},
        **{name: {"type": "dict"} for name in READ},
        "one_file_each": {"type": "bool", "default": False},
        "force": {"type": "bool", "default": False},
    }
    variables = {
        "path": "mailfleet_export_to",
        "one_file_each": "mailfleet_one_file_each",
        "force": "mailfleet_force",
    }

    def work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Write the documents, the file for the secrets, and the schema that editors check the documents with."""
        problems = problems_of_read(arguments)
        if problems:
            return refused("export", problems)
        try:
            folder = ExportFolder(Path(arguments["path"]).absolute(), arguments["name"], self._loader._vault)
            files, left_out = files_of(
                read_results(arguments), folder.names(), one_file_each=arguments["one_file_each"]
            )
            changes = folder.changes(files, variables, force=arguments["force"])
            if not self._task.check_mode:
                folder.apply(changes)
        except (OSError, DocumentError, ValueError) as exc:
            reason = f"{exc.filename}: {exc.strerror}" if isinstance(exc, OSError) else str(exc)
            failure = {"kind": "export", **({"files": exc.paths} if isinstance(exc, ForeignFiles) else {})}
            return {"failed": True, "msg": f"export: {reason}", "failure": failure}
        result: dict[str, t.Any] = {
            "changed": bool(changes),
            "path": str(folder.path),
            "files": sorted(files.contents),
            "to_fill_in": folder.to_fill_in,
        }
        if self._task.diff:
            result["diff"] = [change.diff() for change in changes]
        if left_out:
            result["warnings"] = [f"not exported, since no option describes it: {text}" for text in left_out]
        return result
