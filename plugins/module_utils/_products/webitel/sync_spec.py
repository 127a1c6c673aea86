# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module about many domains' settings: what it takes, beside the common function that does the work."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._resource import sync
from ..._resource.spec import STATE, ModuleSpec
from ..._resource.sync_options import fleet, without_defaults
from .options import SETTINGS, webitel
from .resource import EMAIL_SETTINGS as RECORDS

EMAIL_SETTINGS_SYNC: t.Final = ModuleSpec(
    webitel(fleet("settings", {**SETTINGS, **without_defaults(STATE)})),
    partial(sync.subject, RECORDS),
    partial(sync.problems, RECORDS),
    partial(sync.sync, RECORDS),
    records="settings",
    document_key="email_settings",
    called_by=("domain",),
)
