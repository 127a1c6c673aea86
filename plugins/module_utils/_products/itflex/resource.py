# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The email account as a kind of record: what the common tasks need to know of it."""

from __future__ import annotations

import typing as t

from ..._engine.names import address_key
from ..._engine.schema import Problem
from ..._engine.secret import Record
from ..._engine.shown import shown
from ..._resource.interface import Params, Resource
from ..._resource.typed import BOOLEAN, NUMBER, TEXT, Kinds
from .account import (
    FIELDS,
    IDENTITIES,
    SERVER_FIELDS,
    desired_record,
    identity,
    input_problems,
    make_plan,
    plan_problems,
    sent_fields,
)
from .product import ITFLEX
from .renaming import naming_problems
from .shown_fields import SHOWN

if t.TYPE_CHECKING:
    from ..._resource.exported import Exported, SecretField

_KINDS: t.Final[Kinds] = {
    **dict.fromkeys((*FIELDS, *SERVER_FIELDS), TEXT),
    **dict.fromkeys(("default", "has_auth"), BOOLEAN),
    **dict.fromkeys(("id", "smtp_port"), NUMBER),
}


def _fold(name: str, value: t.Any) -> t.Hashable:
    """The domains of addresses are compared as domains, all else exactly."""
    return address_key(str(value)) if name == "email" and value else value


def _shown(name: str, value: t.Any) -> t.Any:
    return shown(value, mailbox=True) if name == "email" and value is not None else value


def _problems(params: Params) -> list[Problem]:
    return input_problems(params) + naming_problems(params)


# Imported late: only the control node exports.
def _exported(accounts: t.Sequence[Record], secrets: t.Sequence[t.Sequence[SecretField]]) -> list[Exported]:
    from .export import exported_accounts

    return exported_accounts(accounts, secrets)


EMAIL_ACCOUNT: t.Final = Resource(
    product=ITFLEX,
    kind="email_account",
    plural="email_accounts",
    option="accounts",
    entry={**dict.fromkeys(("id", *FIELDS, "former_names")), "state": "present", "update_password": "always"},
    server_fields=SERVER_FIELDS,
    identity=identity,
    fold=_fold,
    problems=_problems,
    desired=lambda params, _known: desired_record(params),
    plan=make_plan,
    plan_problems=lambda _params, plan, desired: plan_problems(plan, desired),
    sent_fields=sent_fields,
    exported=_exported,
    noun="account",
    called_by=IDENTITIES,
    shown=_shown,
    listed_whole=True,
    harmless=SHOWN,
    secrets=("password",),
    kinds=_KINDS,
    write_only="password",
)
