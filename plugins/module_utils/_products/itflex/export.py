# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Live iTFLEX accounts as entries of a document."""

from __future__ import annotations

import typing as t
from collections import Counter

from ..._engine.secret import Record
from ..._resource.exported import Exported, SecretField, as_integer
from .account import CHOICES, FIELDS, SERVER_FIELDS, input_problems

_PASSWORD: t.Final = ("password",)


def exported_accounts(accounts: t.Sequence[Record], secrets: t.Sequence[t.Sequence[SecretField]]) -> list[Exported]:
    """The entries that describe these accounts, in the order of their names; `secrets` are those of each account."""
    names = Counter(account["name"] for account in accounts)
    pairs = sorted(zip(accounts, secrets), key=lambda pair: (pair[0]["name"].casefold(), pair[0]["id"]))
    return [_exported(account, hidden, is_unique=names[account["name"]] == 1) for account, hidden in pairs]


def _exported(account: Record, secrets: t.Sequence[SecretField], *, is_unique: bool) -> Exported:
    exported = Exported(account["name"] or f"id {account['id']}")
    for name in FIELDS:
        value = as_integer(account.get(name)) if name == "smtp_port" else account.get(name)
        if name in CHOICES and value and value not in CHOICES[name]:
            exported.left_out.append(f"{name} ({value!r} is none of its values)")
        elif value not in (None, "") and (name != "name" or is_unique):
            exported.entry[name] = value
    exported.left_out += sorted(name for name in account if name not in (*FIELDS, *SERVER_FIELDS))
    exported.drop_refused(input_problems)
    if "name" not in exported.entry:
        # A name that fits two accounts means neither of them, and some names no task may give.
        exported.entry = {"id": account["id"], **exported.entry}
    for secret in secrets:
        if secret.path == _PASSWORD:
            exported.add_password(secret, _PASSWORD)
        else:
            exported.left_out.append(".".join(map(str, secret.path)))
    return exported
