# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules about Webitel: what each takes, beside the functions that do the work."""

from __future__ import annotations

import typing as t

from .._resources import email_settings_sync, email_settings_tasks
from .base import FILTERS, STATE, Door, Spec, connection, fleet, from_environment, without_defaults


def _webitel(own: Spec) -> Spec:
    return {
        **own,
        "api_url": from_environment("WEBITEL_API_URL"),
        "access_token": from_environment("WEBITEL_ACCESS_TOKEN", secret=True),
        "key": from_environment("WEBITEL_KEY", secret=True),
        "username": from_environment("WEBITEL_USERNAME"),
        "password": from_environment("WEBITEL_PASSWORD", secret=True),
        **connection(),
    }


_TRANSPORT: Spec = {
    "host": {"type": "str"},
    "port": {"type": "int"},
    "secure": {"type": "bool"},
    "debug": {"type": "bool"},
    "tls": {
        "type": "dict",
        "options": {"reject_unauthorized": {"type": "bool", "aliases": ["rejectUnauthorized"]}},
    },
    "auth": {
        "type": "dict",
        "options": {
            "user": {"type": "str"},
            "pass": {"type": "str", "no_log": True, "aliases": ["password"]},
        },
    },
    # Some of the keys that may stand here are secrets, such as dkim.privateKey.
    "extra": {"type": "dict", "no_log": True},
}

_SETTINGS: Spec = {
    "domain": {"type": "str"},
    "provider": {"type": "str"},
    "description": {"type": "str"},
    "from": {"type": "str"},
    "options": {"type": "dict", "options": _TRANSPORT},
    "replace": {"type": "bool"},
}

EMAIL_SETTINGS: t.Final = Door(
    _webitel(
        {
            **_SETTINGS,
            "domain": {"type": "str", "required": True},
            "provider": {"type": "str", "default": "smtp"},
            "replace": {"type": "bool", "default": False},
            **STATE,
        }
    ),
    email_settings_tasks.subject,
    email_settings_tasks.problems,
    email_settings_tasks.ensure,
)

EMAIL_SETTINGS_SYNC: t.Final = Door(
    _webitel(fleet("settings", {**_SETTINGS, **without_defaults(STATE)})),
    email_settings_sync.subject,
    email_settings_sync.problems,
    email_settings_sync.sync,
    records="settings",
    document_key="email_settings",
)

EMAIL_SETTINGS_INFO: t.Final = Door(
    _webitel(
        {
            "domains": {"type": "list", "elements": "str", "aliases": ["domain"]},
            "filters": FILTERS,
        }
    ),
    email_settings_tasks.info_subject,
    email_settings_tasks.info_problems,
    email_settings_tasks.info,
)

EMAIL_SETTINGS_TEST: t.Final = Door(
    _webitel({"domain": {"type": "str", "required": True}, "to_email": {"type": "str", "required": True}}),
    email_settings_tasks.send_test_subject,
    email_settings_tasks.send_test_problems,
    email_settings_tasks.send_test,
)
