# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module about many profiles: what it takes, beside the common function that does the work."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._resource import sync
from ..._resource.spec import FORMER_NAMES, STATE, ModuleSpec
from ..._resource.sync_options import fleet, without_defaults
from .options import CONSENT, PROFILE, webitel_cloud
from .resource import EMAIL_PROFILE as PROFILES

EMAIL_PROFILES_SYNC: t.Final = ModuleSpec(
    webitel_cloud(
        {
            **fleet("profiles", {**PROFILE, **FORMER_NAMES, **without_defaults(STATE), **without_defaults(CONSENT)}),
            "erase_stored_mail": CONSENT["erase_stored_mail"],
        }
    ),
    partial(sync.subject, PROFILES),
    partial(sync.problems, PROFILES),
    partial(sync.sync, PROFILES),
    records="profiles",
    document_key="email_profiles",
    called_by=("id", "name"),
)
