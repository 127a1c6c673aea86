# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The email account as a kind of record: what the common tasks need to know of it."""

from __future__ import annotations

import typing as t

from ..._engine.names import address_key
from ..._engine.plan import empty_problem
from ..._engine.schema import Problem
from ..._engine.secret import Record
from ..._engine.shown import shown
from ..._resource.interface import BOOLEAN, NUMBER, TEXT, Kinds, Params, Resource
from ..._resource.planning import key_of
from .account import (
    FIELDS,
    IDENTITIES,
    SERVER_FIELDS,
    SHOWN,
    desired_record,
    input_problems,
    is_as_described,
    is_default,
    listed,
    make_plan,
    plan_problems,
    plan_warnings,
)
from .product import ITFLEX
from .store import AccountStore

if t.TYPE_CHECKING:
    from ..._resource.exported import Exported, SecretField
    from ..._resource.write import Done

_KINDS: t.Final[Kinds] = {
    **dict.fromkeys((*FIELDS, *SERVER_FIELDS), TEXT),
    **dict.fromkeys(("default", "has_auth"), BOOLEAN),
    **dict.fromkeys(("id", "smtp_port"), NUMBER),
}
_OTHERS = ("service", "has_auth", "smtp_server", "smtp_port", "smtp_crypt", "smtp_auth_mechanism")


def _fold(name: str, value: t.Any) -> t.Hashable:
    """The domains of addresses are compared as domains, all else exactly."""
    return address_key(str(value)) if name == "email" and value else value


def _shown(name: str, value: t.Any) -> t.Any:
    return shown(value, mailbox=True) if name == "email" and value is not None else value


def _list_problems(entries: t.Sequence[Record]) -> list[Problem]:
    """Problems between entries: one name for two of them, also for such as are found by id, and two defaults."""
    first: dict[str, int] = {}
    default: int | None = None
    problems = []
    for index, entry in enumerate(entries):
        if entry["state"] != "present":
            continue
        name = entry["name"]
        other = first.setdefault(name, index)
        if name is not None and other != index and entry["id"] != entries[other]["id"]:
            problems.append(_shared(index, entry, "name", f"accounts[{other}] gets the name {name} too"))
        if entry["default"] and default is not None:
            problems.append(_shared(index, entry, "default", f"accounts[{default}] is the default too"))
        elif entry["default"]:
            default = index
    return problems


def _shared(index: int, entry: Record, field: str, what: str) -> Problem:
    return Problem(f"accounts[{index}].{field}", f"({key_of(EMAIL_ACCOUNT, entry)}) {what}")


def _other_defaults(store: AccountStore, done: Done, before: t.Sequence[Record]) -> list[str]:
    """Warnings where a server that keeps several default accounts has more than the new one."""
    takes = "default" in done.plan.changed_fields and is_default(done.plan.after)
    if done.stored is None or not takes or not any(map(is_default, before)):
        return []
    return store.other_defaults(done.stored["id"])


# Imported late: most tasks delete nothing.
def _used_problems(store: AccountStore, params: Params, targets: t.Collection[int]) -> t.Mapping[int, Problem]:
    from .templates import used_problems

    return used_problems(store, params, targets)


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
    fold=_fold,
    problems=input_problems,
    desired=lambda params, _known: desired_record(params),
    plan=make_plan,
    plan_problems=plan_problems,
    exported=_exported,
    noun="account",
    called_by=IDENTITIES,
    shown=_shown,
    listed=listed,
    twice="say which one with id, or let email_accounts_sync with deduplicate=true remove those that stand twice",
    # By nothing that a server may keep back or give to another account.
    hints=((("email",), "its address"), (_OTHERS, "all of its other fields")),
    listed_whole=True,
    # The vendor's example of `duplicated` is a second account of one name; a server that takes it has two that no name
    # tells apart.
    one_of_a_name=True,
    is_as_described=is_as_described,
    shared_fields=("default",),
    # Who says that there is no login says what becomes of its password.
    empty_problem=lambda path: None if path == "password" else empty_problem(path, ""),
    plan_warnings=plan_warnings,
    after_write=_other_defaults,
    in_use=_used_problems,
    list_problems=_list_problems,
    harmless=SHOWN,
    secrets=("password",),
    kinds=_KINDS,
    write_only="password",
)
