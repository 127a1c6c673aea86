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

from .._engine.plan import Plan
from .._engine.secret import Record, is_hidden
from .._engine.verdict import Verdict
from .fleet import Carry, Phase


def phases(verdicts: t.Sequence[Verdict], carry: Carry, step_aside: Carry) -> list[Phase]:
    """The phases in which the verdicts are carried out.

    C(carry) writes what a verdict's plan asks for, C(step_aside) gives its account a name of L(passing_name).
    """
    changing = [verdict for verdict in verdicts if verdict.plan.changed]
    moves, asides = _moves(changing)
    moving = {id(verdict) for verdict in moves}
    early = {id(verdict) for verdict in asides if verdict.plan.after is None and not _can_step_aside(verdict)}
    rest = [verdict for verdict in changing if id(verdict) not in moving | early]
    return [
        Phase([verdict for verdict in asides if id(verdict) not in early], step_aside, final=False),
        Phase([verdict for verdict in changing if id(verdict) in early], carry),
        Phase([verdict for verdict in rest if _gives_up_default(verdict.plan)], carry),
        Phase([verdict for verdict in rest if _stays_out_of_the_way(verdict.plan)], carry),
        Phase(moves, carry, in_order=True),
        Phase([verdict for verdict in rest if _takes_default(verdict.plan)], carry),
        Phase([verdict for verdict in rest if verdict.plan.after is None], carry),
    ]


def passing_name(verdict: Verdict) -> str:
    """The name that an account has for a moment, while another one takes its own."""
    before = t.cast(Record, verdict.plan.before)
    return f"{before['name']} (account {verdict.target}, moving)"


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
    leaving = {_old_name(verdict): verdict for verdict in changing if _old_name(verdict) != _new_name(verdict)}
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
            current = leaving.get(_new_name(current)) if _new_name(current) != _old_name(current) else None
            if current is not None and (current.plan.after is None or any(current is link for link in chain)):
                asides.append(current)
                current = None
        order += reversed(chain)
    taken = {_new_name(verdict) for verdict in changing if _new_name(verdict) != _old_name(verdict)}
    return [
        verdict
        for verdict in order
        if verdict.plan.after is not None
        and _old_name(verdict) != _new_name(verdict)
        and (_new_name(verdict) in leaving or _old_name(verdict) in taken)
    ], asides


def _old_name(verdict: Verdict) -> t.Any:
    return verdict.plan.before["name"] if verdict.plan.before is not None else None


def _new_name(verdict: Verdict) -> t.Any:
    return verdict.plan.after["name"] if verdict.plan.after is not None else None


def _can_step_aside(verdict: Verdict) -> bool:
    """Whether an account can be written once more as it is: not where its password is not known."""
    return not is_hidden((verdict.plan.before or {}).get("password"))
