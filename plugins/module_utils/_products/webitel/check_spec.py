# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module that checks a domain's SMTP settings: what it takes, beside the function that does the work."""

from __future__ import annotations

import typing as t

from ..._resource.spec import ModuleSpec
from ..._smtp_check.spec import LIBRARIES, check_options
from . import check
from .options import SETTINGS
from .settings import secrets_of

EMAIL_SETTINGS_CHECK: t.Final = ModuleSpec(
    check_options(
        {
            **{name: SETTINGS[name] for name in ("domain", "from")},
            "options": {**SETTINGS["options"], "required": True},
        }
    ),
    check.subject,
    check.problems,
    check.run,
    secrets=secrets_of,
    libraries=LIBRARIES,
)
