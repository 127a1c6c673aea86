# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One account that stands more than once on an appliance whose names need not be unique.

Two runs that create the same account at the same moment make it twice there, since the API knows no condition that
would prevent it. Which one stays is the same for every run that looks, so two that clean up agree.
"""

from __future__ import annotations

import typing as t

from .._api.errors import quote
from .._engine.plan import NOTHING
from .._engine.secret import Record
from .._engine.verdict import Verdict
from .email_account import is_default, make_plan, replanning
from .email_account_store import AccountStore

_ABSENT: t.Final = {"state": "absent"}


def are_duplicates(accounts: t.Sequence[Record]) -> bool:
    """Whether accounts are one and the same but for their C(id): more than one, of one name and one address."""
    return len(accounts) > 1 and len({_identity(account) for account in accounts}) == 1


def the_one_that_stays(accounts: t.Sequence[Record]) -> Record:
    """The default account if it is among the duplicates, else the oldest."""
    return min(accounts, key=lambda account: (not is_default(account), account["id"]))


def removal(account: Record, key: str) -> Verdict:
    """The verdict by which an account that nobody described goes; C(key) is its name in the result."""
    plan, key = make_plan(_ABSENT, account, {}), quote(key)
    verdict = Verdict(None, key, f"email_account {key}", plan, account["id"])
    verdict.replan = replanning(plan, _ABSENT, {}, verdict.header)
    return verdict


def give_way(store: AccountStore, verdicts: t.Sequence[Verdict]) -> None:
    """Remove what these verdicts created where another run created the same at the same moment, and its one stays.

    A run looks after it created; so of two runs at least the later one sees both accounts.
    """
    created = [verdict for verdict in verdicts if verdict.plan.action == "created" and not verdict.failed]
    if not created:
        return
    live: dict[tuple[t.Any, ...], list[Record]] = {}
    for account in store.read_all():
        live.setdefault(_identity(account), []).append(account)
    for verdict in created:
        twins = live.get(_identity(t.cast(Record, verdict.plan.after)), [])
        if len(twins) < 2 or the_one_that_stays(twins)["id"] == verdict.target:
            continue
        own = next((account for account in twins if account["id"] == verdict.target), None)
        if own is not None:
            extra = removal(own, verdict.key)
            store.make_so(own["id"], extra.plan, t.cast(t.Any, extra.replan))
            verdict.target, verdict.plan = the_one_that_stays(twins)["id"], NOTHING
            verdict.warnings.append(
                f"{verdict.header} was created by another run at the same moment: that one stays (id {verdict.target})"
            )


def _identity(account: Record) -> tuple[t.Any, ...]:
    return account["name"], str(account.get("email") or "").casefold()
