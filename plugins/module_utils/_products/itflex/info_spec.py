# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module that reads accounts: what it takes, beside the common function that does the work."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._resource import info
from ..._resource.spec import FILTERS, SHOWN_FIELDS, ModuleSpec
from .options import itflex
from .resource import EMAIL_ACCOUNT as ACCOUNTS

EMAIL_ACCOUNT_INFO: t.Final = ModuleSpec(
    itflex(
        {
            "id": {"type": "list", "elements": "int"},
            "name": {"type": "list", "elements": "str"},
            "email": {"type": "list", "elements": "str"},
            "filters": FILTERS,
            "shown_fields": SHOWN_FIELDS,
        }
    ),
    partial(info.subject, ACCOUNTS),
    partial(info.problems, ACCOUNTS),
    partial(info.info, ACCOUNTS),
)
