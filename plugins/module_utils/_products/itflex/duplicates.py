# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One account that stands more than once on an appliance whose names need not be unique.

Two runs that create the same account at the same moment make it twice there, since the API knows no condition that
would prevent it. Which one stays is the same for every run that looks, so two that clean up agree.
"""

from __future__ import annotations

import typing as t

from ..._engine.names import address_key
from ..._engine.record_result import RecordResult
from ..._engine.schema import InputError
from ..._engine.secret import Record, Secret
from ..._http.errors import ApiError
from ..._resource.base import raise_problems
from ..._resource.interface import Params
from ..._resource.write import Replan
from .account import is_default, plan_removal
from .store import AccountStore
from .templates import used_problems


def are_duplicates(accounts: t.Sequence[Record]) -> bool:
    """Whether accounts are one and the same but for their `id`: more than one, of one name and one address."""
    return len(accounts) > 1 and len({_identity(account) for account in accounts}) == 1


def the_one_that_stays(accounts: t.Sequence[Record]) -> Record:
    """The oldest of the duplicates. Nothing that a run may change counts, or two runs could each remove the other's."""
    return min(accounts, key=lambda account: t.cast(int, account["id"]))


def inheriting_default(entry: Record, duplicates: t.Iterable[Record]) -> Record:
    """An entry whose account stays, with the default that one of its `duplicates` has, unless the entry says."""
    if entry["default"] is None and any(map(is_default, duplicates)):
        return {**entry, "default": True}
    return entry


def give_way(store: AccountStore, params: Params, items: t.Sequence[RecordResult]) -> None:
    """Remove what this run created where another run created the same, and its one stays.

    A run looks after it created; so of two runs at least the later one sees both accounts. What goes wrong is noted in
    the record results, since what they did before should be reported all the same.
    """
    created = [item for item in items if item.plan.action == "created" and not item.failed]
    if not created:
        return
    try:
        accounts = store.read_anew()
    except ApiError as exc:
        created[0].warnings += (
            f"whether another run created accounts at the same moment cannot be known, so run again: {exc}",
        )
        return
    live: dict[tuple[t.Any, ...], list[Record]] = {}
    for account in accounts:
        live.setdefault(_identity(account), []).append(account)
    for item in created:
        twins = live.get(_identity(t.cast(Record, item.plan.after)), [])
        stays = the_one_that_stays(twins) if twins else None
        if stays is not None and stays["id"] != item.target and item.target in {twin["id"] for twin in twins}:
            _give_way_to(stays, store, params, item)


def _give_way_to(stays: Record, store: AccountStore, params: Params, item: RecordResult) -> None:
    replan = t.cast(Replan, item.replan)
    try:
        raise_problems(item.header, list(used_problems(store, params, [item.target]).values()))
        store.apply(item.target, plan_removal(store.find(item.target, None)), plan_removal)
        item.target, item.plan = stays["id"], replan(stays)
        if item.plan.changed:
            item.plan = store.apply(stays["id"], item.plan, replan).plan
    except (ApiError, InputError) as exc:
        item.fail(f"another run created it at the same moment (id {stays['id']}): {exc}", exc.details())
        return
    item.warnings += (
        f"{item.header} was created by another run at the same moment: that one stays (id {stays['id']})",
    )


def _identity(account: Record) -> tuple[t.Any, ...]:
    email = account.get("email")
    # One that is no address is a secret, and nobody can tell whether it is another one's.
    return account["name"], account.get("id") if isinstance(email, Secret) else address_key(str(email or ""))
