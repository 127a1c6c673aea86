# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""email_profiles_sync in the process of Ansible itself."""

from __future__ import annotations

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.sync_spec import (
    EMAIL_PROFILES_SYNC,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._sync_in_process import SyncAction


class ActionModule(SyncAction):
    """The spec of the module of the same name."""

    spec = EMAIL_PROFILES_SYNC
