# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One ordinary task for each module, for what all of them have in common."""

from __future__ import annotations

from tests.integration.playbook import Task
from tests.integration.records import DOMAIN, account, settings

RECIPIENT = {"to_email": "someone@example.com"}

WEBITEL = [
    Task("email_settings", "email_settings", {"domain": DOMAIN, **settings()}),
    Task("email_settings_info", "email_settings_info", {"domain": DOMAIN}),
    Task("email_settings_test", "email_settings_test", {"domain": DOMAIN, **RECIPIENT}),
]
ITFLEX = [
    Task("email_account", "email_account", account()),
    Task("email_account_info", "email_account_info"),
    Task("email_account_test", "email_account_test", {"name": "Certificates", **RECIPIENT}),
]
ALL = [*WEBITEL, *ITFLEX]
