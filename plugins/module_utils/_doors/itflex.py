# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules about iTFLEX: what each takes, beside the functions that do the work."""

from __future__ import annotations

import typing as t

from .._resources import email_account_tasks, email_accounts_sync
from .._resources.email_account import CHOICES
from .base import FILTERS, STATE, Door, Spec, connection, fleet, from_environment, without_defaults


def _itflex(own: Spec) -> Spec:
    return {
        **own,
        "api_url": from_environment("ITFLEX_API_URL"),
        "access_token": from_environment("ITFLEX_ACCESS_TOKEN", secret=True),
        "refresh_token": from_environment("ITFLEX_REFRESH_TOKEN", secret=True),
        **connection(),
    }


_ACCOUNT: Spec = {
    "id": {"type": "int"},
    "name": {"type": "str"},
    "email": {"type": "str"},
    "default": {"type": "bool"},
    "service": {"type": "str", "choices": list(CHOICES["service"])},
    "has_auth": {"type": "bool", "aliases": ["hash_auth"]},
    "password": {"type": "str", "no_log": True},
    "smtp_server": {"type": "str"},
    "smtp_port": {"type": "int"},
    "smtp_crypt": {"type": "str", "choices": list(CHOICES["smtp_crypt"])},
    "smtp_auth_mechanism": {"type": "str", "choices": list(CHOICES["smtp_auth_mechanism"])},
}

EMAIL_ACCOUNT: t.Final = Door(
    _itflex({**_ACCOUNT, **STATE}),
    email_account_tasks.subject,
    email_account_tasks.problems,
    email_account_tasks.ensure,
    required_one_of=(("id", "name", "email"),),
)

EMAIL_ACCOUNTS_SYNC: t.Final = Door(
    _itflex(
        {
            **fleet("accounts", {**_ACCOUNT, **without_defaults(STATE)}),
            "deduplicate": {"type": "bool", "default": False},
        }
    ),
    email_accounts_sync.subject,
    email_accounts_sync.problems,
    email_accounts_sync.sync,
    records="accounts",
    document_key="email_accounts",
)

EMAIL_ACCOUNT_INFO: t.Final = Door(
    _itflex(
        {
            "id": {"type": "list", "elements": "int"},
            "name": {"type": "list", "elements": "str"},
            "email": {"type": "list", "elements": "str"},
            "filters": FILTERS,
        }
    ),
    email_account_tasks.info_subject,
    email_account_tasks.info_problems,
    email_account_tasks.info,
)

EMAIL_ACCOUNT_TEST: t.Final = Door(
    _itflex({**_ACCOUNT, "to_email": {"type": "str", "required": True}}),
    email_account_tasks.send_test_subject,
    email_account_tasks.send_test_problems,
    email_account_tasks.send_test,
    required_one_of=(("id", "name", "email"),),
)
