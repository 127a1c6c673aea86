# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that the modules about iTFLEX share."""

from __future__ import annotations

from ..._resource.spec import ArgumentSpec, connection, from_environment
from .account import CHOICES


def itflex(own: ArgumentSpec) -> ArgumentSpec:
    """The options of a module that asks an appliance, `own` being what only it takes."""
    return {
        **own,
        "api_url": from_environment("ITFLEX_API_URL"),
        "access_token": from_environment("ITFLEX_ACCESS_TOKEN", secret=True),
        "refresh_token": from_environment("ITFLEX_REFRESH_TOKEN", secret=True),
        **connection(),
    }


ACCOUNT: ArgumentSpec = {
    "id": {"type": "int"},
    "name": {"type": "str"},
    "email": {"type": "str"},
    "default": {"type": "bool"},
    "service": {"type": "str", "choices": list(CHOICES["service"])},
    "has_auth": {"type": "bool", "aliases": ["hash_auth"]},
    "password": {"type": "str", "no_log": True},
    "smtp_server": {"type": "str"},
    "smtp_port": {"type": "int"},
    "smtp_crypt": {"type": "str", "choices": list(CHOICES["smtp_crypt"])},
    "smtp_auth_mechanism": {"type": "str", "choices": list(CHOICES["smtp_auth_mechanism"])},
}

# Of those that delete accounts.
REMOVAL: ArgumentSpec = {"remove_in_use": {"type": "bool", "default": False}}
