# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Live iTFLEX accounts as entries of a document."""

from __future__ import annotations

import typing as t
from collections import Counter

from ..._engine.secret import Record
from ..._resource.exported import Exported, SecretField, as_integer, refuse_repeated
from ..._resource.interface import found_by
from .account import CHOICES, FIELDS, IDENTITIES, SERVER_FIELDS, input_problems

_PASSWORD: t.Final = ("password",)
_KINDS: t.Final[dict[str, type]] = {"default": bool, "has_auth": bool, "smtp_port": int}


def exported_accounts(accounts: t.Sequence[Record], secrets: t.Sequence[t.Sequence[SecretField]]) -> list[Exported]:
    """The entries that describe these accounts, in the order of their names; `secrets` are those of each account."""
    names = Counter(_name(account) for account in accounts)
    pairs = sorted(
        zip(accounts, secrets), key=lambda pair: (_name(pair[0]).casefold(), as_integer(pair[0].get("id")) or 0)
    )
    exported = [_exported(account, hidden, is_unique=names[_name(account)] == 1) for account, hidden in pairs]
    _leave_one_default(exported)
    refuse_repeated(exported, lambda entry: found_by(entry, IDENTITIES))
    return exported


def _name(account: Record) -> str:
    """The name of an account, which some servers let be empty, or null."""
    name = account.get("name")
    return name if isinstance(name, str) else ""


def _leave_one_default(exported: t.Sequence[Exported]) -> None:
    """Leave the default out where a server keeps several: a document may have one."""
    defaults = [record for record in exported if record.entry.get("default")]
    if len(defaults) > 1:
        for record in defaults:
            del record.entry["default"]
            record.left_out.append(f"default ({len(defaults)} accounts are the default one)")


def _exported(account: Record, secrets: t.Sequence[SecretField], *, is_unique: bool) -> Exported:
    # An id alone may be given again, to another account.
    identity_texts = (str(account.get("id")), str(account.get("created_at") or _name(account)))
    exported = Exported(_name(account) or f"id {account.get('id')}", identity=identity_texts)
    if as_integer(account.get("id")) is None:
        exported.refused = "has no id"
        return exported
    for name in FIELDS:
        value = as_integer(account.get(name)) if name == "smtp_port" else account.get(name)
        if name in CHOICES and value and value not in CHOICES[name]:
            exported.left_out.append(f"{name} ({value!r} is none of its values)")
        elif value is not None and not _is_of_kind(value, _KINDS.get(name, str)):
            exported.left_out.append(f"{name} (a value of another kind)")
        elif value not in (None, "") and (name != "name" or is_unique):
            exported.entry[name] = value
    exported.left_out += sorted(name for name in account if name not in (*FIELDS, *SERVER_FIELDS))
    exported.drop_refused(input_problems)
    if "name" not in exported.entry:
        # A name that fits two accounts means neither of them, and some names no task may give.
        exported.entry = {"id": as_integer(account["id"]), **exported.entry}
    for secret in secrets:
        if secret.path == _PASSWORD:
            exported.add_password(secret, _PASSWORD)
        else:
            exported.left_out.append(".".join(map(str, secret.path)))
    return exported


def _is_of_kind(value: t.Any, kind: type) -> bool:
    """Whether a value is of this kind and no other: a truth value is a number to Python."""
    return isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
