# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The writes to many accounts of an appliance: what each verdict asks for, and the way back where it fails."""

from __future__ import annotations

import typing as t
from functools import cached_property, partial

from ..._engine import result as report
from ..._engine.record_result import Verdict
from ..._engine.schema import InputError
from ..._engine.secret import Record
from ..._http.errors import ApiError
from ..._resource.phases import Fleet, Phase
from ..._resource.write import Replan
from .account import is_default, overwriting
from .store import AccountStore
from .sync_order import in_order, new_name, old_name, passing_fields, passing_name


class AccountWrites:
    """Carries out the verdicts about accounts in a safe order."""

    def __init__(self, store: AccountStore, verdicts: t.Sequence[Verdict]) -> None:
        self._store = store
        self._verdicts = verdicts
        self._aside: list[Verdict] = []

    def carry_out(self, fleet: Fleet, live: t.Sequence[Record]) -> None:
        """Do all that the verdicts ask for. What fails is noted in its verdict."""
        order = in_order(self._verdicts)
        fleet.carry_out(
            [
                Phase(order.asides, self._step_aside, final=False),
                Phase(order.early_deletions, self._write),
                Phase(order.defaults_given_up, self._write),
                Phase(order.others, self._write),
                Phase(order.moves, self._move, in_order=True),
                Phase(order.defaults_taken, self._write),
                Phase(order.deletions, self._delete),
            ]
        )
        for verdict in self._aside:
            if verdict.failed:
                self._step_back(verdict)
        self._warn_of_other_defaults(live)

    def _write(self, verdict: Verdict) -> None:
        done = self._store.make_so(verdict.target, verdict.plan, t.cast(Replan, verdict.replan))
        verdict.plan, stored = done.plan, done.stored
        if stored is not None and verdict.described is not None:
            verdict.target = stored["id"]
            differences = report.stored_otherwise(verdict.described, stored)
            verdict.warnings += tuple(f"{verdict.header}: {text}" for text in differences)

    def _move(self, verdict: Verdict) -> None:
        holder = self._holders.get(new_name(verdict))
        if holder is None or holder is verdict or not holder.failed:
            self._write(verdict)
        else:
            verdict.fail(f"not done, since {holder.key}, which has that name, failed", {"kind": "kept"})

    @cached_property
    def _holders(self) -> dict[str, Verdict]:
        """Whose name each name is, of those that give theirs up."""
        return {old_name(verdict): verdict for verdict in self._verdicts if old_name(verdict) != new_name(verdict)}

    def _delete(self, verdict: Verdict) -> None:
        heir = self._failed_heirs.get(old_name(verdict))
        if heir is None:
            self._write(verdict)
        else:
            verdict.fail(f"not deleted, since {heir}, which takes its name, failed", {"kind": "kept"})

    @cached_property
    def _failed_heirs(self) -> dict[str, str]:
        """Which record was to take a name and failed. Asked for when all but the deletions is done."""
        return {new_name(verdict): verdict.key for verdict in self._verdicts if verdict.failed and verdict.plan.after}

    def _step_aside(self, verdict: Verdict) -> None:
        try:
            self._overwrite(verdict, passing_name(verdict))
        except ApiError as exc:
            if exc.unsettled:
                exc.advice = f"{exc.advice}. It may be called {passing_name(verdict)} now"
            raise
        self._aside.append(verdict)

    def _step_back(self, verdict: Verdict) -> None:
        """Give an account that stepped aside its name back, since what was to follow did not come."""
        if not self._gets_back(verdict):
            verdict.error = f"{verdict.error}; it is called {passing_name(verdict)} now"

    def _gets_back(self, verdict: Verdict) -> bool:
        taker = self._takers.get(old_name(verdict))
        if taker is not None and (taker.failure or {}).get("outcome") == "unknown":
            # It may have the name by now.
            return False
        try:
            self._overwrite(verdict, old_name(verdict))
        except (ApiError, InputError):
            return False
        return True

    @cached_property
    def _takers(self) -> dict[str, Verdict]:
        """Who was to get each name, of those that did not have it."""
        return {new_name(verdict): verdict for verdict in self._verdicts if old_name(verdict) != new_name(verdict)}

    def _overwrite(self, verdict: Verdict, name: str) -> None:
        """Write an account as it is, but with this name."""
        replan = partial(overwriting, passing_fields(verdict, name))
        self._store.make_so(verdict.target, replan(verdict.plan.before), replan)

    def _warn_of_other_defaults(self, live: t.Sequence[Record]) -> None:
        """Warn where a server that keeps several default accounts now has more than the described one."""
        changed = {
            verdict.target: verdict
            for verdict in self._verdicts
            if "default" in verdict.plan.changed_fields and not verdict.failed
        }
        new = next((verdict for verdict in changed.values() if is_default(verdict.plan.after)), None)
        if new is not None and any(account["default"] and account["id"] not in changed for account in live):
            new.warnings += tuple(self._store.other_defaults(new.header, new.target))
