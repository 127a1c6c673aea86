# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""drift: the record result about one host, so that the exit status of ansible-playbook tells it."""

from __future__ import annotations

import typing as t

from ansible_collections.mailfleet.email.plugins.plugin_utils._controller_action import ControllerAction
from ansible_collections.mailfleet.email.plugins.plugin_utils._drift import drift_of


class ActionModule(ControllerAction):
    """The plugin, under the name by which Ansible finds it."""

    argument_spec = {
        "variables": {"type": "dict", "required": True},
        "undescribed_differs": {"type": "bool", "default": False},
    }

    def work(self, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        """Judge the results that the host registered."""
        drift = drift_of({kind: variables.get(name) for kind, name in arguments["variables"].items()})
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
