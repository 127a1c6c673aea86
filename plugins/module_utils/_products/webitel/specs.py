# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules about one domain's settings: what each takes, beside the functions that do the work."""

from __future__ import annotations

import typing as t

from ..._resource.spec import FILTERS, SHOWN_FIELDS, STATE, ModuleSpec
from . import tasks as email_settings_tasks
from .options import SETTINGS, webitel
from .settings import secrets_of

EMAIL_SETTINGS: t.Final = ModuleSpec(
    webitel(
        {
            **SETTINGS,
            "domain": {"type": "str", "required": True},
            "provider": {"type": "str", "default": "smtp"},
            "replace": {"type": "bool", "default": False},
            "unknown_domain": {**SETTINGS["unknown_domain"], "default": "fail"},
            **STATE,
            "shown_fields": SHOWN_FIELDS,
        }
    ),
    email_settings_tasks.subject,
    email_settings_tasks.problems,
    email_settings_tasks.ensure,
    secrets=secrets_of,
)

EMAIL_SETTINGS_INFO: t.Final = ModuleSpec(
    webitel(
        {
            "domains": {"type": "list", "elements": "str", "aliases": ["domain"]},
            "filters": FILTERS,
            "shown_fields": SHOWN_FIELDS,
        }
    ),
    email_settings_tasks.info_subject,
    email_settings_tasks.info_problems,
    email_settings_tasks.info,
)

EMAIL_SETTINGS_TEST: t.Final = ModuleSpec(
    webitel({"domain": {"type": "str", "required": True}, "to_email": {"type": "str", "required": True}}),
    email_settings_tasks.send_test_subject,
    email_settings_tasks.send_test_problems,
    email_settings_tasks.send_test,
)
