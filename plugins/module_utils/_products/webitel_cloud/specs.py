# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules about email profiles: what each takes, beside the common functions that do the work."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._resource import ensure, info
from ..._resource.planning import subject
from ..._resource.spec import FILTERS, FORMER_NAMES, SHOWN_FIELDS, STATE, ModuleSpec
from .options import CONSENT, PROFILE, webitel_cloud
from .resource import EMAIL_PROFILE as PROFILES

EMAIL_PROFILE: t.Final = ModuleSpec(
    webitel_cloud({**PROFILE, **FORMER_NAMES, **STATE, **CONSENT, "shown_fields": SHOWN_FIELDS}),
    partial(subject, PROFILES),
    partial(ensure.problems, PROFILES),
    partial(ensure.ensure, PROFILES),
    required_one_of=(("id", "name"),),
)

EMAIL_PROFILE_INFO: t.Final = ModuleSpec(
    webitel_cloud(
        {
            "id": {"type": "list", "elements": "int"},
            "name": {"type": "list", "elements": "str"},
            "filters": FILTERS,
            "shown_fields": SHOWN_FIELDS,
        }
    ),
    partial(info.subject, PROFILES),
    partial(info.problems, PROFILES),
    partial(info.info, PROFILES),
)
