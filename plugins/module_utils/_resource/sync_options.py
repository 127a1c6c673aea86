# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that all tasks about many records share."""

from __future__ import annotations

from .spec import SHOWN_FIELDS, ArgumentSpec

PLAN: ArgumentSpec = {
    "path": {"type": "path"},
    "key": {"type": "str", "no_log": True},
    "reviewed": {
        "type": "list",
        "elements": "dict",
        "options": {
            "record": {"type": "str", "required": True},
            "action": {"type": "str", "required": True},
            "changed_fields": {"type": "list", "elements": "str"},
            "fingerprint": {"type": "str", "required": True},
            "outcomes": {"type": "list", "elements": "str"},
        },
    },
    "done": {"type": "str", "choices": ["accept", "refuse"], "default": "refuse"},
}


def without_defaults(spec: ArgumentSpec) -> ArgumentSpec:
    """The options of one record in a list: what counts where a record gives none is said by the list's defaults."""
    return {name: {key: value for key, value in option.items() if key != "default"} for name, option in spec.items()}


def fleet(name: str, record: ArgumentSpec) -> ArgumentSpec:
    """The options of a task about many records, which stand in the list option `name`."""
    return {
        name: {"type": "list", "elements": "dict", "options": record},
        "defaults": {"type": "dict", "options": record},
        "src": {"type": "path"},
        "document": {"type": "list", "elements": "path"},
        "from_variables": {"type": "list", "elements": "str"},
        "plan": {"type": "dict", "options": PLAN},
        "offline": {"type": "bool", "default": False},
        "undescribed": {"type": "bool", "default": False},
        "shown_fields": SHOWN_FIELDS,
        # Names of records, and no passwords.
        "write_passwords": {"type": "list", "elements": "str", "no_log": False},
        "prune": {"type": "bool", "default": False},
        "prune_keep": {"type": "list", "elements": "str", "default": []},
        "prune_limit": {"type": "str", "default": "25%"},
        "on_error": {"type": "str", "choices": ["continue", "stop"], "default": "continue"},
        "concurrency": {"type": "int", "default": 8},
        "rate_limit": {"type": "float"},
        "progress": {"type": "bool", "default": True},
    }
