# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that check SMTP settings without the product: what each takes, beside the functions that do the work."""

from __future__ import annotations

import typing as t

from .._resources import email_account_check, email_settings_check
from .base import Door, Spec
from .itflex import ACCOUNT
from .webitel import SETTINGS

_LIBRARIES: t.Final = {"dns": "dnspython", "cryptography": "cryptography"}
# What says how an account sends. Other fields tell a check nothing.
_OF_ACCOUNT = (
    "email",
    "service",
    "has_auth",
    "password",
    "smtp_server",
    "smtp_port",
    "smtp_crypt",
    "smtp_auth_mechanism",
)


def _check(own: Spec) -> Spec:
    """The options of a check, C(own) being those of the record that is checked."""
    return {
        **own,
        "log_in": {"type": "bool", "default": True},
        "fail_on": {"type": "str", "choices": ["error", "warning", "never"], "default": "error"},
        "dns_servers": {"type": "list", "elements": "str"},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float", "default": 10.0},
    }


EMAIL_ACCOUNT_CHECK: t.Final = Door(
    _check(
        {
            **{name: ACCOUNT[name] for name in _OF_ACCOUNT},
            "email": {"type": "str", "required": True},
        }
    ),
    email_account_check.subject,
    email_account_check.problems,
    email_account_check.run,
    libraries=_LIBRARIES,
)

EMAIL_SETTINGS_CHECK: t.Final = Door(
    _check(
        {
            **{name: SETTINGS[name] for name in ("domain", "from")},
            "options": {**SETTINGS["options"], "required": True},
        }
    ),
    email_settings_check.subject,
    email_settings_check.problems,
    email_settings_check.run,
    libraries=_LIBRARIES,
)
