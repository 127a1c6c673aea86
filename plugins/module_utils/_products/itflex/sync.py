# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many iTFLEX email accounts in one task: one read, one plan, then the writes in a safe order."""

from __future__ import annotations

import typing as t
from functools import partial

from ..._engine.names import Looks, address_key
from ..._engine.plan import NOTHING
from ..._engine.planned_outcome import Live
from ..._engine.prune import is_kept, prune_problems
from ..._engine.record_result import RecordResult, note_rewritten, repeated_keys, result_of_all
from ..._engine.schema import Problem
from ..._engine.secret import Record, omit
from ..._engine.shown import may_hold_password
from ..._engine.verify_plan import verify_plan
from ..._http.errors import quote
from ..._resource.base import Context, connection_problems, given, raise_problems
from ..._resource.interface import Params
from ..._resource.phases import PhaseRunner, fleet_problems, indexed, limit_of, merged_records, unmet_names
from ..._resource.write import replanning
from .account import (
    FIELDS,
    IDENTITIES,
    SERVER_FIELDS,
    alike_problem,
    ambiguity,
    checked_plan,
    desired_record,
    identity,
    input_problems,
    is_as_described,
    make_plan,
    plan_problems,
    sent_fields,
    shown_identity,
)
from .duplicates import (
    are_duplicates,
    give_way,
    inheriting_default,
    names_of,
    removal,
    shown_duplicate,
    the_one_that_stays,
)
from .known_types import plan_warnings
from .product import ITFLEX
from .renaming import Undescribed, ambiguous, both_live, former_names, naming_problems, shared_former_names
from .shown_fields import shown_field_problems
from .store import AccountStore
from .templates import removal_problems
from .writes import AccountWrites

_NAME = "email_accounts_sync"
_FIELDS_OF_ENTRY: t.Final[Record] = {
    **dict.fromkeys(("id", *FIELDS, "former_names")),
    "state": "present",
    "update_password": "always",
}


def subject(_params: Params) -> str:
    """What `email_accounts_sync` is about."""
    return _NAME


def problems(params: Params) -> list[Problem]:
    """What is wrong with the options of `email_accounts_sync`, every record's among them."""
    found = connection_problems(ITFLEX, params) + fleet_problems(params, "accounts") + shown_field_problems(params)
    entries = list(merged_records(params, "accounts", _FIELDS_OF_ENTRY, IDENTITIES))
    keys = [(name, _folded(name, value)) for name, value in map(identity, entries)]
    for index, (entry, (_name, value)) in enumerate(zip(entries, keys)):
        if value is None:
            found.append(Problem(f"accounts[{index}]", "has neither id, nor name, nor email to be found by"))
        else:
            wrong = input_problems(entry) + naming_problems(entry)
            if wrong:
                found += indexed(wrong, "accounts", index, _key(entry))
    found += repeated_keys([key if _is_told(*key) else ("entry", index) for index, key in enumerate(keys)], "accounts")
    return found + _shared_names(entries) + _two_defaults(entries) + shared_former_names(entries)


def _is_told(name: str, value: t.Any) -> bool:
    """Whether an identity is given, and fit to be repeated."""
    return value is not None and not (name == "email" and may_hold_password(value, mailbox=True))


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
    name, value = shown_identity(entry)
    return f"id {value}" if name == "id" else quote(value)


def sync(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_accounts_sync`: bring all described accounts to their state, and remove others where asked to."""
    with context.store(ITFLEX, params, _NAME) as store:
        items, more = _done(store, params, context)
        # The result is made when the live accounts are out of memory.
        store.forget()
    for warning in [*unmet_names(params, "accounts", IDENTITIES), *(text for item in items for text in item.warnings)]:
        context.warn(warning)
    return {**result_of_all(items, _NAME, context.times_retried, with_diff=context.diff_mode), **more}


def _done(store: AccountStore, params: Params, context: Context) -> tuple[list[RecordResult], dict[str, t.Any]]:
    """The record results, carried out, and what the result shall hold beside them."""
    live = store.read_all()
    items, found = _items(live, params)
    raise_problems(_NAME, found + removal_problems(store, params, items))
    more = verify_plan(params["plan"], items, _live(live), params["api_url"], _NAME)
    if params["undescribed"]:
        meant = {item.target for item in items if item.index is not None}
        more["undescribed"] = [given(omit(account), IDENTITIES) for account in _undescribed(live, meant, params)]
    if context.check_mode:
        note_rewritten(items)
    else:
        AccountWrites(store, items).apply(PhaseRunner(items, _NAME, params, context), live)
        if params["deduplicate"]:
            give_way(store, params, items)
    return items, more


def _live(accounts: t.Sequence[Record]) -> Live:
    """What the appliance has, for the comparison with a plan. Which account is the default is changed by others."""
    by_id = {account["id"]: account for account in accounts}
    keys = {quote(key) for account in accounts for key in (account["name"], shown_duplicate(account))}
    return Live(lambda item: by_id.get(item.target), lambda key: key not in keys, SERVER_FIELDS, ("default",))


def _items(live: t.Sequence[Record], params: Params) -> tuple[list[RecordResult], list[Problem]]:
    """A plan for each entry, and for each account to prune, and all that is wrong with them."""
    index_of = _Index(live)
    found: list[Problem] = []
    former: list[tuple[int, Record, list[Record]]] = []
    items = []
    # Where a description names the default, no other account takes it over from a duplicate.
    named_default = params["deduplicate"] and any(
        entry["default"] and entry["state"] == "present"
        for entry in merged_records(params, "accounts", _FIELDS_OF_ENTRY)
    )
    taken: dict[int, int] = {}
    duplicates: list[Record] = []
    present = 0
    for index, described in enumerate(merged_records(params, "accounts", _FIELDS_OF_ENTRY, IDENTITIES)):
        present += described["state"] == "present"
        entry, key = described, _key(described)
        fitting, formerly = index_of.find(entry), index_of.formerly(entry)
        if fitting and formerly:
            former.append((index, entry, formerly))
        renamed = not fitting
        fitting = fitting or formerly
        if params["deduplicate"] and are_duplicates(fitting):
            stays = the_one_that_stays(fitting)
            extra = [account for account in fitting if account is not stays]
            entry, fitting = entry if named_default else inheriting_default(entry, extra), [stays]
            duplicates += extra
        account = fitting[0] if len(fitting) == 1 else None
        entry_problems = []
        if len(fitting) > 1:
            entry_problems = [ambiguous(fitting) if renamed else ambiguity(entry, fitting)]
        elif not fitting:
            entry_problems = index_of.missing(entry)
        if account is not None and taken.setdefault(account["id"], index) != index:
            first = taken[account["id"]]
            entry_problems = [Problem("", f"means the live account {account['id']}, and so does accounts[{first}]")]
        if account is not None and not entry_problems and is_as_described(entry, account):
            items.append(RecordResult(index, key, "email_account", NOTHING, account["id"]))
            continue
        item, problems_of_plan = _planned(index, entry, account)
        found += indexed(entry_problems or problems_of_plan, "accounts", index, key)
        items.append(item)
    found += _both_live(former, taken)
    nobody = {*taken, *(account["id"] for account in duplicates)}
    _add_hints(items, [account for account in live if account["id"] not in nobody])
    items += [removal(account, shown_duplicate(account)) for account in duplicates]
    if params["prune"]:
        taken.update((account["id"], -1) for account in duplicates)
        pruned = _undescribed(live, taken, params)
        found += prune_problems(limit_of(params), removed=len(pruned), live=len(live), described=present)
        items += [removal(account, account["name"], params["prune_keep"]) for account in pruned]
    return items, found


def _both_live(former: t.Iterable[tuple[int, Record, list[Record]]], taken: t.Container[int]) -> list[Problem]:
    """Problems for accounts that are live under a name of before too, but for such as another entry describes."""
    found = []
    for index, entry, accounts in former:
        others = [account for account in accounts if account["id"] not in taken]
        if others:
            found += indexed([both_live(entry, others)], "accounts", index, _key(entry))
    return found


def _planned(index: int, entry: Record, account: Record | None) -> tuple[RecordResult, list[Problem]]:
    """The plan for an entry and its live account, and why it must not be carried out."""
    desired = desired_record(entry)
    plan = make_plan(entry, account, desired)
    target = account["id"] if account else None
    item = RecordResult(index, _key(entry), "email_account", plan if plan.changed else NOTHING, target)
    if plan.changed:
        item.warnings = tuple(f"{item.header}: {text}" for text in plan_warnings(entry, plan))
        item.described = sent_fields(entry, desired, account)
        item.replan = replanning(plan, partial(checked_plan, entry, desired, item.header))
    return item, plan_problems(plan, desired)


def _add_hints(items: t.Iterable[RecordResult], others: t.Sequence[Record]) -> None:
    """Warn where a new account is probably one that is live under another name; `others` are those not described."""
    undescribed = Undescribed(others)
    for item in items:
        if item.plan.action == "created" and item.described is not None:
            item.warnings += tuple(undescribed.hint(item.header, item.described))


def _undescribed(live: t.Iterable[Record], described: t.Container[int], params: Params) -> list[Record]:
    """The live accounts whose ids are not among those described, and that no pattern keeps."""
    return [
        account
        for account in live
        if account["id"] not in described and not is_kept(names_of(account), params["prune_keep"])
    ]


class _Index:
    """Live accounts by what they are found by: a look at each for every entry would take the square of the time."""

    def __init__(self, live: t.Sequence[Record]) -> None:
        self._live = live
        self._by: dict[str, dict[t.Any, list[Record]]] = {}
        self._looks: dict[str, Looks] = {}

    def find(self, entry: Params) -> list[Record]:
        """The accounts that an entry means."""
        return self._having(*identity(entry))

    def formerly(self, entry: Params) -> list[Record]:
        """The accounts that have a name which the described one had before."""
        return [account for name in former_names(entry) for account in self._having("name", name)]

    def missing(self, entry: Params) -> list[Problem]:
        """The problem that an entry means no account, and cannot create one, or one looks as if it were meant."""
        name, value = identity(entry)
        if entry["state"] == "absent":
            return []
        if name == "id":
            return [Problem("id", "no live account has it; leave id out to create one")]
        if name not in self._looks:
            self._looks[name] = Looks(text for account in self._live if isinstance(text := account.get(name), str))
        other = self._looks[name].alike(value)
        return [alike_problem(name, value, other)] if other is not None else []

    def _having(self, name: str, value: t.Any) -> list[Record]:
        if name not in self._by:
            self._by[name] = {}
            for account in self._live:
                self._by[name].setdefault(_folded(name, account.get(name)), []).append(account)
        return self._by[name].get(_folded(name, value), [])


def _folded(name: str, value: t.Any) -> t.Any:
    return address_key(str(value)) if name == "email" and value else value
