# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules about one domain's settings: what each takes, beside the common functions that do the work."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._resource import ensure, info, sending
from ..._resource.planning import subject
from ..._resource.spec import FILTERS, SHOWN_FIELDS, STATE, ModuleSpec
from .options import SETTINGS, webitel
from .resource import EMAIL_SETTINGS as RECORDS
from .send_test import MESSAGE
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
    partial(subject, RECORDS),
    partial(ensure.problems, RECORDS),
    partial(ensure.ensure, RECORDS),
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
    partial(info.subject, RECORDS),
    partial(info.problems, RECORDS),
    partial(info.info, RECORDS),
)

EMAIL_SETTINGS_TEST: t.Final = ModuleSpec(
    webitel({"domain": {"type": "str", "required": True}, "to_email": {"type": "str", "required": True}}),
    partial(sending.subject, RECORDS),
    partial(sending.problems, RECORDS, MESSAGE),
    partial(sending.send_test, RECORDS, MESSAGE),
)
