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
from ..._engine.record_result import Verdict
from ..._engine.secret import Record, is_hidden


@dataclass(frozen=True)
class Order:
    """The verdicts in the phases in which their writes are safe.

    C(asides) get a passing name first. C(moves) are carried out one after the other, the others of a phase at once.
    """

    asides: t.Sequence[Verdict]
    early_deletions: t.Sequence[Verdict]
    defaults_given_up: t.Sequence[Verdict]
    others: t.Sequence[Verdict]
    moves: t.Sequence[Verdict]
    defaults_taken: t.Sequence[Verdict]
    deletions: t.Sequence[Verdict]


def in_order(verdicts: t.Sequence[Verdict]) -> Order:
    """The order in which the verdicts' plans are carried out."""
    changing = [verdict for verdict in verdicts if verdict.plan.changed]
    moves, asides = _moves(changing)
    early = [verdict for verdict in asides if verdict.plan.after is None and not _can_step_aside(verdict)]
    elsewhere = {id(verdict) for verdict in (*moves, *early)}
    rest = [verdict for verdict in changing if id(verdict) not in elsewhere]
    return Order(
        asides=[*(verdict for verdict in asides if verdict not in early), *_late_givers(moves, asides)],
        early_deletions=early,
        defaults_given_up=[verdict for verdict in rest if _gives_up_default(verdict.plan)],
        others=[verdict for verdict in rest if _stays_out_of_the_way(verdict.plan)],
        moves=moves,
        defaults_taken=[verdict for verdict in rest if _takes_default(verdict.plan)],
        deletions=[verdict for verdict in rest if verdict.plan.after is None],
    )


def passing_fields(verdict: Verdict, name: str) -> Record:
    """What is written of an account while another one takes its name: a name, and no default that it gives up.

    Where the server does not show its password, it gets what it shall log in with already: an update without that would
    destroy what is there.
    """
    plan = verdict.plan
    before = t.cast(Record, plan.before)
    fields = {"name": name, "default": before["default"] and (plan.after is None or plan.after["default"])}
    if plan.after is not None and not _can_step_aside(verdict):
        fields.update((field, plan.after[field]) for field in ("has_auth", "password") if field in plan.after)
    return fields


def passing_name(verdict: Verdict) -> str:
    """The name that an account has for a moment, while another one takes its own."""
    return f"{old_name(verdict)} (account {verdict.target}, moving)"


def _late_givers(moves: t.Sequence[Verdict], asides: t.Sequence[Verdict]) -> list[Verdict]:
    """Those that give up the default among the moves, but after another one would take it: they step aside for it."""
    taken = next((index for index, verdict in enumerate(moves) if _takes_default(verdict.plan)), len(moves))
    return [verdict for verdict in moves[taken:] if _gives_up_default(verdict.plan) and verdict not in asides]


def _gives_up_default(plan: Plan) -> bool:
    changes = plan.before is not None and "default" in plan.changed_fields
    return changes and plan.after is not None and not plan.after["default"]


def _takes_default(plan: Plan) -> bool:
    return plan.after is not None and "default" in plan.changed_fields and bool(plan.after["default"])


def _stays_out_of_the_way(plan: Plan) -> bool:
    return plan.after is not None and not _gives_up_default(plan) and not _takes_default(plan)


def _moves(changing: t.Sequence[Verdict]) -> tuple[list[Verdict], list[Verdict]]:
    """The verdicts whose names depend on each other, in an order in which each name is free when it is taken.

    The second list are those that must step aside first: one of each circle, and each holder that is to be deleted.
    """
    leaving = {old_name(verdict): verdict for verdict in changing if old_name(verdict) != new_name(verdict)}
    leaving.pop(None, None)
    order: list[Verdict] = []
    asides: list[Verdict] = []
    placed: set[int] = set()
    for verdict in changing:
        chain: list[Verdict] = []
        current: Verdict | None = verdict
        while current is not None and id(current) not in placed:
            placed.add(id(current))
            chain.append(current)
            current = leaving.get(new_name(current)) if new_name(current) != old_name(current) else None
            if current is not None and (current.plan.after is None or any(current is link for link in chain)):
                asides.append(current)
                current = None
        order += reversed(chain)
    taken = {new_name(verdict) for verdict in changing if new_name(verdict) != old_name(verdict)}
    return [
        verdict
        for verdict in order
        if verdict.plan.after is not None
        and old_name(verdict) != new_name(verdict)
        and (new_name(verdict) in leaving or old_name(verdict) in taken)
    ], asides


def old_name(verdict: Verdict) -> t.Any:
    """The name that an account has, C(None) where there is none yet."""
    return verdict.plan.before["name"] if verdict.plan.before is not None else None


def new_name(verdict: Verdict) -> t.Any:
    """The name that an account shall have, C(None) where there shall be none."""
    return verdict.plan.after["name"] if verdict.plan.after is not None else None


def _can_step_aside(verdict: Verdict) -> bool:
    """Whether an account can be written once more as it is: not where its password is not known."""
    return not is_hidden((verdict.plan.before or {}).get("password"))
