# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module about many accounts: what it takes, beside the function that does the work."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._resource import sync
from ..._resource.spec import FORMER_NAMES, STATE, ModuleSpec
from ..._resource.sync_options import fleet, without_defaults
from .options import ACCOUNT, REMOVAL, itflex
from .resource import EMAIL_ACCOUNT as ACCOUNTS
from .sync import AccountSync

EMAIL_ACCOUNTS_SYNC: t.Final = ModuleSpec(
    itflex(
        {
            **fleet("accounts", {**ACCOUNT, **FORMER_NAMES, **without_defaults(STATE)}),
            "deduplicate": {"type": "bool", "default": False},
            **REMOVAL,
        }
    ),
    partial(sync.subject, ACCOUNTS),
    partial(sync.problems, ACCOUNTS),
    partial(sync.sync, ACCOUNTS, work_of=AccountSync),
    records="accounts",
    document_key="email_accounts",
    called_by=ACCOUNTS.called_by,
)
