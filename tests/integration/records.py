# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records that the tests begin with. Each serves as a module's arguments and as what a server stores."""

from __future__ import annotations

from typing import Any

DOMAIN = "my.example.com"
PASSWORD = "first-password"


def account(**changes: Any) -> dict[str, Any]:
    """An iTFLEX account, whole."""
    return {
        "name": "Certificates",
        "email": "certs@example.com",
        "default": False,
        "service": "other",
        "has_auth": True,
        "password": PASSWORD,
        "smtp_server": "smtp.example.com",
        "smtp_port": 465,
        "smtp_crypt": "ssl-tls",
        "smtp_auth_mechanism": "plain",
        **changes,
    }


def settings(**changes: Any) -> dict[str, Any]:
    """The settings of a Webitel domain, without its name; ``changes`` are to the transport options."""
    return {
        "provider": "smtp",
        "description": "Mail of the PBX",
        "from": "pbx@my.example.com",
        "options": {
            "host": "smtp.example.com",
            "port": 465,
            "secure": True,
            "auth": {"user": "pbx@my.example.com", "pass": PASSWORD},
            **changes,
        },
    }
