# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One account that stands more than once on an appliance whose names need not be unique.

Two runs that create the same account at the same moment make it twice there, since the API knows no condition that
would prevent it. Which one stays is the same for every run that looks, so two that clean up agree.
"""

from __future__ import annotations

import typing as t

from ..._engine.record_result import Verdict
from ..._engine.schema import InputError
from ..._engine.secret import Record
from ..._http.errors import ApiError, quote
from ..._resource.write import Replan
from .account import is_default, plan_removal
from .store import AccountStore


def are_duplicates(accounts: t.Sequence[Record]) -> bool:
    """Whether accounts are one and the same but for their C(id): more than one, of one name and one address."""
    return len(accounts) > 1 and len({_identity(account) for account in accounts}) == 1


def the_one_that_stays(accounts: t.Sequence[Record]) -> Record:
    """The oldest of the duplicates. Nothing that a run may change counts, or two runs could each remove the other's."""
    return min(accounts, key=lambda account: t.cast(int, account["id"]))


def inheriting_default(entry: Record, duplicates: t.Iterable[Record]) -> Record:
    """An entry whose account stays, with the default that one of its C(duplicates) has, unless the entry says."""
    if entry["default"] is None and any(map(is_default, duplicates)):
        return {**entry, "default": True}
    return entry


def removal(account: Record, key: str) -> Verdict:
    """The verdict by which an account that nobody described goes; C(key) is its name in the result."""
    verdict = Verdict(None, quote(key), "email_account", plan_removal(account), account["id"])
    verdict.replan = plan_removal
    return verdict


def give_way(store: AccountStore, verdicts: t.Sequence[Verdict]) -> None:
    """Remove what these verdicts created where another run created the same at the same moment, and its one stays.

    A run looks after it created; so of two runs at least the later one sees both accounts. What goes wrong is noted in
    the verdicts, since what they did before shall be told all the same.
    """
    created = [verdict for verdict in verdicts if verdict.plan.action == "created" and not verdict.failed]
    if not created:
        return
    try:
        accounts = store.read_all()
    except ApiError as exc:
        created[0].warnings += (
            f"whether another run created accounts at the same moment cannot be told, so run again: {exc}",
        )
        return
    live: dict[tuple[t.Any, ...], list[Record]] = {}
    for account in accounts:
        live.setdefault(_identity(account), []).append(account)
    for verdict in created:
        twins = live.get(_identity(t.cast(Record, verdict.plan.after)), [])
        stays = the_one_that_stays(twins) if twins else None
        if stays is not None and stays["id"] != verdict.target and verdict.target in {twin["id"] for twin in twins}:
            _give_way_to(stays, store, verdict)


def _give_way_to(stays: Record, store: AccountStore, verdict: Verdict) -> None:
    replan = t.cast(Replan, verdict.replan)
    try:
        store.make_so(verdict.target, plan_removal(store.find(verdict.target, None)), plan_removal)
        verdict.target, verdict.plan = stays["id"], replan(stays)
        if verdict.plan.changed:
            verdict.plan = store.make_so(stays["id"], verdict.plan, replan).plan
    except (ApiError, InputError) as exc:
        verdict.fail(f"another run created it at the same moment (id {stays['id']}): {exc}", exc.details())
        return
    verdict.warnings += (
        f"{verdict.header} was created by another run at the same moment: that one stays (id {stays['id']})",
    )


def _identity(account: Record) -> tuple[t.Any, ...]:
    return account["name"], str(account.get("email") or "").casefold()
