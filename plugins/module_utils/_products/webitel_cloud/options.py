# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that the modules about email profiles share."""

from __future__ import annotations

from ..._resource.spec import ArgumentSpec, connection, from_environment
from .profile import AUTH_TYPES


def webitel_cloud(own: ArgumentSpec) -> ArgumentSpec:
    """The options of a module that asks a server, `own` being what only it takes."""
    return {
        **own,
        "api_url": from_environment("WEBITEL_CLOUD_API_URL"),
        "access_token": from_environment("WEBITEL_CLOUD_ACCESS_TOKEN", secret=True),
        **connection(),
    }


PROFILE: ArgumentSpec = {
    "id": {"type": "int"},
    "name": {"type": "str"},
    "description": {"type": "str"},
    "schema": {"type": "dict", "options": {"id": {"type": "int"}, "name": {"type": "str"}}},
    "enabled": {"type": "bool"},
    "listen": {"type": "bool"},
    "imap_host": {"type": "str"},
    "imap_port": {"type": "int"},
    "smtp_host": {"type": "str"},
    "smtp_port": {"type": "int"},
    "login": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "mailbox": {"type": "str"},
    "fetch_interval": {"type": "int"},
    "auth_type": {"type": "str", "choices": list(AUTH_TYPES)},
    "params": {
        "type": "dict",
        "options": {
            "oauth2": {
                "type": "dict",
                "options": {
                    "client_id": {"type": "str"},
                    "client_secret": {"type": "str", "no_log": True},
                    "redirect_url": {"type": "str"},
                },
            }
        },
    },
}

CONSENT: ArgumentSpec = {
    "fetch_existing_mail": {"type": "bool", "default": False},
    "erase_stored_mail": {"type": "bool", "default": False},
}
