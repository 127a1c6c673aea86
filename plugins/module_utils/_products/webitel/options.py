# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that the modules about Webitel share."""

from __future__ import annotations

from ..._resource.spec import ArgumentSpec, connection, from_environment


def webitel(own: ArgumentSpec) -> ArgumentSpec:
    """The options of a module that asks a Webitel server, `own` being what only it takes."""
    return {
        **own,
        "api_url": from_environment("WEBITEL_API_URL"),
        "access_token": from_environment("WEBITEL_ACCESS_TOKEN", secret=True),
        "key": from_environment("WEBITEL_KEY", secret=True),
        "username": from_environment("WEBITEL_USERNAME"),
        "password": from_environment("WEBITEL_PASSWORD", secret=True),
        "login_code": from_environment("WEBITEL_LOGIN_CODE", secret=True),
        **connection(),
    }


TRANSPORT: ArgumentSpec = {
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

SETTINGS: ArgumentSpec = {
    "domain": {"type": "str"},
    "provider": {"type": "str"},
    "description": {"type": "str"},
    "from": {"type": "str"},
    "options": {"type": "dict", "options": TRANSPORT},
    "replace": {"type": "bool"},
    "unknown_domain": {"type": "str", "choices": ["fail", "accept"]},
}
