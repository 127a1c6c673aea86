# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All that is live on a host's servers, of every product, in one task."""

from __future__ import annotations

import os
import typing as t

from ansible.errors import AnsibleError

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem
from ansible_collections.mailfleet.email.plugins.plugin_utils._controller_action import refused
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_results import joined
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_task import HostTask
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_variables import address_of, names_of, values_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import DOCUMENT_KEYS, KINDS, Kind

MODULES: t.Final = {kind.key: kind.info_module.rpartition(".")[2] for kind in KINDS}
"""The modules that do it, by the kinds' keys."""
_NO_SERVER: t.Final = {"changed": False, "skipped": True, "skip_reason": "the host has no server of it"}
_NOT_ASKED: t.Final = {"changed": False, "skipped": True, "skip_reason": "it is not to be read"}


class HostInfo(HostTask):
    """The action plugin, which lets those of the kinds of record read."""

    argument_spec = {"only": {"type": "list", "elements": "str"}}

    def work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Read each kind of record of which the host has a server; each has its turn also where another one fails."""
        asked = DOCUMENT_KEYS if arguments["only"] is None else arguments["only"]
        unknown = sorted({*asked} - {*DOCUMENT_KEYS})
        if unknown:
            reason = f"must be of {', '.join(DOCUMENT_KEYS)}, not {', '.join(map(repr, unknown))}"
            return refused("host_info", [Problem("only", reason)])
        results = {kind.key: self._result_of(kind, kind.key in asked, variables) for kind in KINDS}
        if all(result == _NO_SERVER for result in results.values()):
            return _no_server(variables["inventory_hostname"])
        return joined(results, None)

    def _result_of(self, kind: Kind, is_asked: bool, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """The result for one kind of record, as its own module returns it."""
        module = kind.info_module
        try:
            given = self._defaults(kind, module, variables)
            address = address_of(kind, variables, self._templar) or given.get("api_url")
            if not (address or os.environ.get(f"{kind.variables}_API_URL")):
                return dict(_NO_SERVER)
            if not is_asked:
                return dict(_NOT_ASKED)
            options = self.actions[kind.key].spec.argument_spec
            given.update(values_of(kind, options, variables, self._templar))
            return self._run(kind, module, given, variables, names_of(kind, options))
        except AnsibleError as exc:
            return {"changed": False, "failed": True, "msg": f"{kind.key}: {exc}"}


def _no_server(host: str) -> dict[str, t.Any]:
    *first, last = (f"{kind.variables.lower()}_api_url" for kind in KINDS)
    reason = f"No server is known for {host}: give {', '.join(first)} or {last}, or leave the host out with --limit."
    return {"failed": True, "msg": reason, "failure": {"kind": "hosts"}}
