# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many iTFLEX email accounts in one task: one read, one plan, then the writes in a safe order."""

from __future__ import annotations

import typing as t

from .._api.errors import quote
from .._engine.plan import NOTHING
from .._engine.prune import is_kept, prune_problems
from .._engine.schema import Problem
from .._engine.secret import Record
from .._engine.verdict import Verdict, repeated_keys, result_of_all
from .account_writes import AccountWrites
from .base import Context, Params, itflex_problems, raise_problems
from .email_account import (
    FIELDS,
    ambiguity,
    desired_record,
    find,
    identity,
    input_problems,
    make_plan,
    plan_problems,
)
from .email_account_store import AccountStore
from .fleet import Fleet, fleet_problems, indexed, limit_of, merged_records

_NAME = "email_accounts_sync"
_FIELDS_OF_ENTRY: t.Final[Record] = {
    **dict.fromkeys(("id", *FIELDS)),
    "state": "present",
    "update_password": "always",
}


def subject(_params: Params) -> str:
    """What C(email_accounts_sync) is about."""
    return _NAME


def problems(params: Params) -> list[Problem]:
    """What is wrong with the options of C(email_accounts_sync), every record's among them."""
    found = itflex_problems(params) + fleet_problems(params, "accounts")
    entries = list(merged_records(params, "accounts", _FIELDS_OF_ENTRY))
    keys = [identity(entry) for entry in entries]
    for index, (entry, (_name, value)) in enumerate(zip(entries, keys)):
        if value is None:
            found.append(Problem(f"accounts[{index}]", "has neither id, nor name, nor email to be found by"))
        else:
            found += indexed(input_problems(entry), "accounts", index, _key(entry))
    found += repeated_keys(
        [key if key[1] is not None else ("entry", index) for index, key in enumerate(keys)], "accounts"
    )
    return found + _shared_names(entries) + _two_defaults(entries)


def _shared_names(entries: t.Sequence[Record]) -> list[Problem]:
    """Problems for entries that are found by id, and would get the name of another one."""
    first: dict[str, int] = {}
    problems = []
    for index, entry in enumerate(entries):
        name = entry["name"]
        if name is None or entry["state"] != "present":
            continue
        other = first.setdefault(name, index)
        if other != index and entry["id"] != entries[other]["id"]:
            problems.append(
                Problem(f"accounts[{index}].name", f"({_key(entry)}) accounts[{other}] gets the name {name} too")
            )
    return problems


def _two_defaults(entries: t.Sequence[Record]) -> list[Problem]:
    wanted = [index for index, entry in enumerate(entries) if entry["default"] and entry["state"] == "present"]
    return [
        Problem(f"accounts[{index}].default", f"({_key(entries[index])}) accounts[{wanted[0]}] is the default too")
        for index in wanted[1:]
    ]


def _key(entry: Record) -> str:
    """What an entry is called in results and errors."""
    name, value = identity(entry)
    return f"id {value}" if name == "id" else quote(value)


def sync(params: Params, context: Context) -> dict[str, t.Any]:
    """C(email_accounts_sync): bring all described accounts to their state, and remove others where asked to."""
    with context.connections.accounts(params, _NAME, context.warn) as store:
        verdicts = _done(store, params, context)
        # The result is made when the live accounts are out of memory.
        store.forget()
    for verdict in verdicts:
        for warning in verdict.warnings:
            context.warn(warning)
    return result_of_all(verdicts, _NAME, store.retried, with_diff=context.diff_mode)


def _done(store: AccountStore, params: Params, context: Context) -> list[Verdict]:
    live = store.read_all()
    verdicts = _verdicts(live, params)
    if not context.check_mode:
        AccountWrites(store, verdicts).carry_out(Fleet(verdicts, _NAME, params, context), live)
    return verdicts


def _verdicts(live: t.Sequence[Record], params: Params) -> list[Verdict]:
    """A plan for each entry, and for each account to prune. Raises an InputError with all that is wrong with them."""
    index_of = _Index(live)
    found: list[Problem] = []
    verdicts = []
    taken: dict[int, int] = {}
    present = 0
    for index, entry in enumerate(merged_records(params, "accounts", _FIELDS_OF_ENTRY)):
        present += entry["state"] == "present"
        key = _key(entry)
        fitting = index_of.find(entry)
        account = fitting[0] if len(fitting) == 1 else None
        entry_problems = [ambiguity(entry, fitting)] if len(fitting) > 1 else []
        if account is None and not fitting and entry["id"] is not None and entry["state"] == "present":
            entry_problems = [Problem("id", "no live account has it; leave id out to create one")]
        if account is not None and taken.setdefault(account["id"], index) != index:
            first = taken[account["id"]]
            entry_problems = [Problem("", f"means the live account {account['id']}, and so does accounts[{first}]")]
        desired = desired_record(entry)
        plan = make_plan(entry, account, desired)
        found += indexed(entry_problems or plan_problems(plan, desired), "accounts", index, key)
        target, described = account["id"] if account else None, desired if plan.changed else None
        verdicts.append(
            Verdict(index, key, f"email_account {key}", plan if plan.changed else NOTHING, target, described)
        )
    if params["prune"]:
        pruned = [
            account
            for account in live
            if account["id"] not in taken and not is_kept((account["name"], account.get("email")), params["prune_keep"])
        ]
        found += prune_problems(limit_of(params), removed=len(pruned), live=len(live), described=present)
        verdicts += [_pruned(account) for account in pruned]
    raise_problems(_NAME, found)
    return verdicts


def _pruned(account: Record) -> Verdict:
    plan = make_plan({"state": "absent"}, account, {})
    return Verdict(None, account["name"], f"email_account {account['name']}", plan, account["id"])


class _Index:
    """Live accounts by what they are found by: a look at each for every entry would take the square of the time."""

    def __init__(self, live: t.Sequence[Record]) -> None:
        self._live = live
        self._by: dict[str, dict[t.Any, list[Record]]] = {}

    def find(self, entry: Params) -> list[Record]:
        name, value = identity(entry)
        if name not in self._by:
            self._by[name] = {}
            for account in self._live:
                self._by[name].setdefault(_folded(name, account.get(name)), []).append(account)
        return find(self._by[name].get(_folded(name, value), ()), entry)


def _folded(name: str, value: t.Any) -> t.Any:
    return value.casefold() if name == "email" and value else value
