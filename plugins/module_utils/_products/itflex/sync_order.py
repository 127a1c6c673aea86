# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In what order the writes to many accounts are safe.

One account may be the default, and on some servers a name may be taken once. So an account gives up either before
another one takes it; accounts that swap names step aside first; and what is deleted goes last, when all that may
replace it stands.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..._engine.plan import Plan
from ..._engine.record_result import RecordResult
from ..._engine.secret import Record, is_hidden


@dataclass(frozen=True)
class Order:
    """The record results in the phases in which their writes are safe.

    `temporary_renames` come first. `moves` are carried out one after the other, the others of a phase at once.
    """

    temporary_renames: t.Sequence[RecordResult]
    early_deletions: t.Sequence[RecordResult]
    defaults_given_up: t.Sequence[RecordResult]
    others: t.Sequence[RecordResult]
    moves: t.Sequence[RecordResult]
    defaults_taken: t.Sequence[RecordResult]
    deletions: t.Sequence[RecordResult]


def in_order(items: t.Sequence[RecordResult]) -> Order:
    """The order in which the record results' plans are carried out."""
    changing = [item for item in items if item.plan.changed]
    moves, temporary_renames = _moves(changing)
    early = [item for item in temporary_renames if item.plan.after is None and not _can_be_renamed(item)]
    elsewhere = {id(item) for item in (*moves, *early)}
    rest = [item for item in changing if id(item) not in elsewhere]
    return Order(
        temporary_renames=[
            *(item for item in temporary_renames if item not in early),
            *_late_givers(moves, temporary_renames),
        ],
        early_deletions=early,
        defaults_given_up=[item for item in rest if _gives_up_default(item.plan)],
        others=[item for item in rest if _stays_out_of_the_way(item.plan)],
        moves=moves,
        defaults_taken=[item for item in rest if takes_default(item.plan)],
        deletions=[item for item in rest if item.plan.after is None],
    )


def temporary_fields(item: RecordResult, name: str, before: Record) -> Record:
    """What is written of an account while another one takes its name: a name, and no default that it gives up.

    `before` is the account as it is now, but for its name.

    Where the server does not show its password, it gets what it should log in with already: an update without that
    would destroy what is there.
    """
    plan = item.plan
    fields = {"name": name, "default": before["default"] and (plan.after is None or plan.after["default"])}
    if plan.after is not None and not _can_be_renamed(item):
        fields.update((field, plan.after[field]) for field in ("has_auth", "password") if field in plan.after)
    return fields


def temporary_name(item: RecordResult) -> str:
    """The name that an account has for a moment, while another one takes its own."""
    return f"{old_name(item)} (account {item.target}, moving)"


def _late_givers(moves: t.Sequence[RecordResult], temporary_renames: t.Sequence[RecordResult]) -> list[RecordResult]:
    """Those that give up the default among the moves, but after another one would take it: they step aside for it."""
    taken = next((index for index, item in enumerate(moves) if takes_default(item.plan)), len(moves))
    return [item for item in moves[taken:] if _gives_up_default(item.plan) and item not in temporary_renames]


def _gives_up_default(plan: Plan) -> bool:
    changes = plan.before is not None and "default" in plan.changed_fields
    return changes and plan.after is not None and not plan.after["default"]


def takes_default(plan: Plan) -> bool:
    """Whether an account becomes the default."""
    return plan.after is not None and "default" in plan.changed_fields and bool(plan.after["default"])


def _stays_out_of_the_way(plan: Plan) -> bool:
    return plan.after is not None and not _gives_up_default(plan) and not takes_default(plan)


def _moves(changing: t.Sequence[RecordResult]) -> tuple[list[RecordResult], list[RecordResult]]:
    """The record results whose names depend on each other, in an order in which each name is free when it is taken.

    The second list are those that must step aside first: one of each circle, and each holder that is to be deleted.
    """
    leaving = {old_name(item): item for item in changing if old_name(item) != new_name(item)}
    leaving.pop(None, None)
    order: list[RecordResult] = []
    temporary_renames: list[RecordResult] = []
    placed: set[int] = set()
    for item in changing:
        chain: list[RecordResult] = []
        current: RecordResult | None = item
        while current is not None and id(current) not in placed:
            placed.add(id(current))
            chain.append(current)
            current = leaving.get(new_name(current)) if new_name(current) != old_name(current) else None
            if current is not None and (current.plan.after is None or any(current is link for link in chain)):
                temporary_renames.append(current)
                current = None
        order += reversed(chain)
    taken = {new_name(item) for item in changing if new_name(item) != old_name(item)}
    return [
        item
        for item in order
        if item.plan.after is not None
        and old_name(item) != new_name(item)
        and (new_name(item) in leaving or old_name(item) in taken)
    ], temporary_renames


def old_name(item: RecordResult) -> t.Any:
    """The name that an account has, `None` where there is none yet."""
    return item.plan.before["name"] if item.plan.before is not None else None


def new_name(item: RecordResult) -> t.Any:
    """The name that an account should have, `None` where there should be none."""
    return item.plan.after["name"] if item.plan.after is not None else None


def _can_be_renamed(item: RecordResult) -> bool:
    """Whether an account can be written once more as it is: not where its password is not known."""
    return not is_hidden((item.plan.before or {}).get("password"))
