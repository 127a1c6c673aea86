# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module about many accounts: what it takes, beside the function that does the work."""

from __future__ import annotations

import typing as t

from ..._resource.spec import STATE, ModuleSpec, fleet, without_defaults
from . import sync as email_accounts_sync
from .options import ACCOUNT, FORMER_NAMES, REMOVAL, itflex

EMAIL_ACCOUNTS_SYNC: t.Final = ModuleSpec(
    itflex(
        {
            **fleet("accounts", {**ACCOUNT, **FORMER_NAMES, **without_defaults(STATE)}),
            "deduplicate": {"type": "bool", "default": False},
            **REMOVAL,
        }
    ),
    email_accounts_sync.subject,
    email_accounts_sync.problems,
    email_accounts_sync.sync,
    records="accounts",
    document_key="email_accounts",
    called_by=("id", "name", "email"),
)
