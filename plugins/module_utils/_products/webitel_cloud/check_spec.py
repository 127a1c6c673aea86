# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module that checks both sides of an email profile: what it takes, beside the function that does the work."""

from __future__ import annotations

import typing as t

from ..._resource.spec import ModuleSpec
from ..._smtp_check.spec import LIBRARIES, check_options
from . import check
from .options import PROFILE

# What says how mail is sent and fetched, and what the profile is called in messages.
_OF_PROFILE = (
    *("name", "imap_host", "imap_port", "smtp_host", "smtp_port"),
    *("login", "password", "mailbox", "auth_type"),
)

EMAIL_PROFILE_CHECK: t.Final = ModuleSpec(
    check_options({name: PROFILE[name] for name in _OF_PROFILE}),
    check.subject,
    check.problems,
    check.run,
    libraries={**LIBRARIES, "imapclient": "IMAPClient"},
)
