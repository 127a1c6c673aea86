# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules that check SMTP settings without the product."""

from __future__ import annotations

import typing as t

from .._resource.spec import ASKS_A_PRODUCT, ArgumentSpec

LIBRARIES: t.Final = {**ASKS_A_PRODUCT, "dns": "dnspython", "cryptography": "cryptography"}


def check_options(own: ArgumentSpec) -> ArgumentSpec:
    """The options of a check, `own` being those of the record that is checked."""
    return {
        **own,
        "log_in": {"type": "bool", "default": True},
        "fail_on": {"type": "str", "choices": ["error", "warning", "never"], "default": "error"},
        "dns_servers": {"type": "list", "elements": "str"},
        "ca_path": {"type": "path"},
        "timeout": {"type": "float", "default": 10.0},
    }
