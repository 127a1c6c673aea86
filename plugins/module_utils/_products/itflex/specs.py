# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules about one account: what each takes, beside the functions that do the work."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._resource import ensure, info, sending
from ..._resource.planning import subject
from ..._resource.spec import FILTERS, FORMER_NAMES, SHOWN_FIELDS, STATE, ModuleSpec
from .options import ACCOUNT, REMOVAL, itflex
from .resource import EMAIL_ACCOUNT as ACCOUNTS
from .send_test import MESSAGE

EMAIL_ACCOUNT: t.Final = ModuleSpec(
    itflex({**ACCOUNT, **FORMER_NAMES, **STATE, **REMOVAL, "shown_fields": SHOWN_FIELDS}),
    partial(subject, ACCOUNTS),
    partial(ensure.problems, ACCOUNTS),
    partial(ensure.ensure, ACCOUNTS),
    required_one_of=(("id", "name", "email"),),
)

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

EMAIL_ACCOUNT_TEST: t.Final = ModuleSpec(
    itflex({**ACCOUNT, "to_email": {"type": "str", "required": True}}),
    partial(sending.subject, ACCOUNTS),
    partial(sending.problems, ACCOUNTS, MESSAGE),
    partial(sending.send_test, ACCOUNTS, MESSAGE),
    required_one_of=(("id", "name", "email"),),
)
