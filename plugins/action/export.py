# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""export: writes what is live on a host as the document that describes it, on the controller."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible.plugins.action import ActionBase

from ansible_collections.mailfleet.email.plugins.plugin_utils.document import DocumentError
from ansible_collections.mailfleet.email.plugins.plugin_utils.export_folder import ExportFolder
from ansible_collections.mailfleet.email.plugins.plugin_utils.exported import files_of
from ansible_collections.mailfleet.email.plugins.plugin_utils.plain_data import plain

_SPEC: t.Final = {
    "path": {"type": "path", "required": True},
    "name": {"type": "str", "required": True},
    "email_settings": {"type": "dict"},
    "email_accounts": {"type": "dict"},
    "one_file_each": {"type": "bool", "default": False},
}


class ActionModule(ActionBase):  # type: ignore[misc]
    """The plugin, under the name by which Ansible finds it."""

    def run(self, tmp: None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Write the documents, the file for the secrets, and the schema that editors check the documents with."""
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        _validation, arguments = self.validate_argument_spec(
            argument_spec=_SPEC, required_one_of=[("email_settings", "email_accounts")]
        )
        try:
            files, left_out = files_of(plain(arguments), one_file_each=arguments["one_file_each"])
            folder = ExportFolder(Path(arguments["path"]).absolute(), arguments["name"])
            changes = folder.changes(files, task_vars or {}, self._loader._vault)
            if not self._task.check_mode:
                folder.carry_out(changes)
        except (OSError, DocumentError, ValueError) as exc:
            reason = f"{exc.filename}: {exc.strerror}" if isinstance(exc, OSError) else str(exc)
            return {**result, "failed": True, "msg": f"export: {reason}", "failure": {"kind": "export"}}
        result.update(
            changed=bool(changes), path=str(folder.path), files=sorted(files.contents), to_fill_in=folder.to_fill_in
        )
        if self._task.diff:
            result["diff"] = [change.diff() for change in changes]
        if left_out:
            result["warnings"] = [f"not exported, since no option describes it: {text}" for text in left_out]
        return result
