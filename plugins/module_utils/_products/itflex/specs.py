# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module about one account: what it takes, beside the common function that does the work."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._resource import ensure
from ..._resource.planning import subject
from ..._resource.spec import FORMER_NAMES, SHOWN_FIELDS, STATE, ModuleSpec
from .options import ACCOUNT, REMOVAL, itflex
from .resource import EMAIL_ACCOUNT as ACCOUNTS

EMAIL_ACCOUNT: t.Final = ModuleSpec(
    itflex({**ACCOUNT, **FORMER_NAMES, **STATE, **REMOVAL, "shown_fields": SHOWN_FIELDS}),
    partial(subject, ACCOUNTS),
    partial(ensure.problems, ACCOUNTS),
    partial(ensure.ensure, ACCOUNTS),
    required_one_of=(("id", "name", "email"),),
)
