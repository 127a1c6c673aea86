# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module that checks an account's SMTP settings: what it takes, beside the function that does the work."""

from __future__ import annotations

import typing as t

from ..._resource.spec import ModuleSpec
from ..._smtp_check.spec import LIBRARIES, check_options
from . import check
from .account import FIELDS
from .options import ACCOUNT

# A name and being the default say nothing about how mail is sent.
_OF_ACCOUNT = [name for name in FIELDS if name not in ("default", "name")]

EMAIL_ACCOUNT_CHECK: t.Final = ModuleSpec(
    check_options(
        {
            **{name: ACCOUNT[name] for name in _OF_ACCOUNT},
            "email": {"type": "str", "required": True},
        }
    ),
    check.subject,
    check.problems,
    check.run,
    libraries=LIBRARIES,
)
