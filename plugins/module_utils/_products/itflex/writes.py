# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The writes to many accounts of an appliance: what each record result asks for, and the way back where it fails."""

from __future__ import annotations

import typing as t
from dataclasses import replace
from functools import cached_property, partial

from ..._engine.plan import NOTHING, Plan, plan_present
from ..._engine.record_result import RecordResult
from ..._engine.schema import InputError
from ..._engine.secret import Record, is_hidden
from ..._http.errors import ApiError
from ..._resource.phases import Phase, PhaseRunner
from ..._resource.sync_work import apply_item
from .account import drop_unused_password, is_default, without_server_fields
from .resource import EMAIL_ACCOUNT
from .store import AccountStore
from .sync_order import Order, in_order, new_name, old_name, takes_default, temporary_fields, temporary_name


class AccountWrites:
    """Carries out the record results about accounts in a safe order."""

    def __init__(self, store: AccountStore, items: t.Sequence[RecordResult]) -> None:
        self._store = store
        self._items = items
        self._renamed: list[RecordResult] = []

    def apply(self, fleet: PhaseRunner, live: t.Sequence[Record]) -> None:
        """Do all that the record results ask for. What fails is noted in its record result."""
        order = in_order(self._items)
        self._note_own_effects(order)
        fleet.apply(
            [
                Phase(order.temporary_renames, self._rename_temporarily, final=False),
                Phase(order.early_deletions, self._write),
                Phase(order.defaults_given_up, self._write),
                Phase(order.others, self._write),
                Phase(order.moves, self._move, in_order=True),
                Phase(order.defaults_taken, self._write),
                Phase(order.deletions, self._delete),
            ]
        )
        for item in self._renamed:
            if item.failed:
                self._restore_name(item)
        self._warn_of_other_defaults(live)

    def _note_own_effects(self, order: Order) -> None:
        """Note what these writes may do to accounts before it is their turn, so that nobody takes it for another's."""
        for item in order.temporary_renames:
            item.own_effects = {"name": temporary_name(item), "default": False}
        for item in self._items:
            if self._new_default is not None and item is not self._new_default and item.plan.changed:
                item.own_effects = {**item.own_effects, "default": False}

    def _write(self, item: RecordResult) -> None:
        plan = item.plan if item.plan.after is None else self._as_the_default_is_now(item)
        apply_item(EMAIL_ACCOUNT, self._store, item, plan)

    def _as_the_default_is_now(self, item: RecordResult) -> Plan:
        """The plan of an account that was the default when it was read, which another one may have become meanwhile.

        Nobody described whether this one is. A server that keeps one default un-made it, and to write it as it was read
        would take the default back; another server keeps several, and it stays one of them.
        """
        taker, plan = self._new_default, item.plan
        if taker is None or taker is item or not taker.done or taker.failed or not _was_to_stay_default(plan):
            return plan
        now = {"default": is_default(self._store.find(item.target, None))}
        before = {**t.cast(Record, plan.before), **now}
        return replace(plan, before=before, after=plan.after and {**plan.after, **now})

    @cached_property
    def _new_default(self) -> RecordResult | None:
        """The account that becomes the default, where one does."""
        return next((item for item in self._items if takes_default(item.plan)), None)

    def _move(self, item: RecordResult) -> None:
        holder = self._holders.get(new_name(item))
        if holder is None or holder is item or not holder.failed:
            self._write(item)
        else:
            item.fail(f"not done, since {holder.key}, which has that name, failed", {"kind": "kept"})

    @cached_property
    def _holders(self) -> dict[str, RecordResult]:
        """Whose name each name is, of those that give theirs up."""
        return {old_name(item): item for item in self._items if old_name(item) != new_name(item)}

    def _delete(self, item: RecordResult) -> None:
        heir = self._failed_heirs.get(old_name(item))
        if heir is None:
            self._write(item)
        else:
            item.fail(f"not deleted, since {heir}, which takes its name, failed", {"kind": "kept"})

    @cached_property
    def _failed_heirs(self) -> dict[str, str]:
        """Which record was to take a name and failed. Asked for when all but the deletions is done."""
        return {new_name(item): item.key for item in self._items if item.failed and item.plan.after}

    def _rename_temporarily(self, item: RecordResult) -> None:
        try:
            self._overwrite(item, temporary_name(item))
        except ApiError as exc:
            if exc.unresolved:
                exc.advice = f"{exc.advice}. It may be called {temporary_name(item)} now"
            raise
        self._renamed.append(item)

    def _restore_name(self, item: RecordResult) -> None:
        """Give an account that stepped aside its name back, since what was to follow did not come."""
        if not self._gets_back(item):
            item.error = f"{item.error}; it is called {temporary_name(item)} now"

    def _gets_back(self, item: RecordResult) -> bool:
        taker = self._takers.get(old_name(item))
        if taker is not None and (not taker.failed or (taker.failure or {}).get("outcome") == "unknown"):
            # It has the name by now, or may have it.
            return False
        try:
            # What hides its password would, by the name that it had, seem to be as it should be.
            self._overwrite(item, old_name(item), {"name": temporary_name(item)})
        except (ApiError, InputError):
            return False
        return True

    @cached_property
    def _takers(self) -> dict[str, RecordResult]:
        """Who was to get each name, of those that did not have it."""
        return {new_name(item): item for item in self._items if old_name(item) != new_name(item)}

    def _overwrite(self, item: RecordResult, name: str, done: Record | None = None) -> None:
        """Write an account as it is, but with this name. `done` is what this run has made of it before."""
        before = {**t.cast(Record, self._as_the_default_is_now(item).before), **(done or {})}
        replan = partial(overwriting, temporary_fields(item, name, before))
        self._store.apply(item.target, replan(before), replan)

    def _warn_of_other_defaults(self, live: t.Sequence[Record]) -> None:
        """Warn where a server that keeps several default accounts now has more than the described one."""
        changed = {
            item.target: item for item in self._items if "default" in item.plan.changed_fields and not item.failed
        }
        new = next((item for item in changed.values() if is_default(item.plan.after)), None)
        if new is not None and any(account["default"] and account["id"] not in changed for account in live):
            new.warnings += tuple(f"{new.header}: {text}" for text in self._store.other_defaults(new.target))


def _was_to_stay_default(plan: Plan) -> bool:
    """Whether an account is the default as long as it is there, as far as its own plan goes."""
    return is_default(plan.before) and (plan.after is None or is_default(plan.after))


def overwriting(fields: Record, live: Record | None) -> Plan:
    """The plan that a live account gets `fields`; nothing where it is gone, or is so as far as its server shows."""
    if live is None:
        return NOTHING
    plan = plan_present(without_server_fields(live), fields)
    if plan.changed_fields == ("password",) and is_hidden(live.get("password")):
        return NOTHING
    return drop_unused_password(plan, fields)
