# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The email accounts of an iTFLEX appliance: what is known of them, and how they are brought to their state."""

from __future__ import annotations

import threading
import time
import typing as t

from ..._engine.plan import Plan
from ..._engine.schema import InputError, Problem
from ..._engine.secret import Known, Record
from ..._http.errors import ApiError, some_of
from ..._http.retries import Retries
from ..._resource.write import OLD_AFTER, Done, Replan, apply
from .account import SHOWN, is_default, listed, other_defaults
from .client import ItflexApi
from .wire import AccountWire


class AccountStore:
    """The accounts that an appliance holds, of whose texts those `known` may be shown. Threads may share it."""

    def __init__(self, api: ItflexApi, known: Known = SHOWN) -> None:
        self._api = api
        self._wire = AccountWire(api, known)
        self._known: dict[int, Record] | None = None
        self._read_by_other_task = False
        self._read_at = 0.0
        self._by_id: dict[int | None, Record] = {}
        self._by_name: dict[str | None, list[Record]] = {}
        self._listed_at = 0.0
        self._templates: list[Record] | None = None
        self._listing = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    @property
    def retries(self) -> Retries:
        """The policy of retries, which knows what was retried."""
        return self._api.session.retries

    def read_anew(self) -> list[Record]:
        """All accounts, each with its `id`, its secrets wrapped, its flag named `has_auth`, as they are now."""
        accounts = self._wire.read_all()
        self._known = {account["id"]: account for account in accounts}
        self._read_at = time.monotonic()
        self._read_by_other_task = False
        return accounts

    def read(self, account_id: int) -> Record | None:
        """One account, `None` where it is not there."""
        return self._wire.read(account_id)

    def read_all(self) -> list[Record]:
        """All accounts as last read and since then written by this store; read now if they were not."""
        if self._known is None:
            return self.read_anew()
        self._read_by_other_task = True
        return list(self._known.values())

    def forget(self) -> None:
        """Read again before the next use what was read before: another connection wrote."""
        self._known = self._templates = None

    def templates(self) -> list[Record]:
        """The templates of messages, each with the account that it uses, as far as they are known; read once."""
        if self._templates is None:
            try:
                self._templates = self._wire.read_templates()
            except ApiError as exc:
                advice = "Whether a template uses an account is not known, so none goes but with remove_in_use=true"
                exc.advice = f"{exc.advice}. {advice}" if exc.advice else advice
                raise
        return self._templates

    def apply(self, account_id: int | None, plan: Plan, replan: Replan) -> Done:
        """Carry out a plan for an account, `None` for one that is to be created.

        `replan` makes the plan for the account as it is by then; it may raise an `InputError`.
        """
        known, self._known = self._known, None
        write = _AccountWrite(self, self._wire, account_id)
        done = apply(plan, replan, write, self.retries, refresh=self._is_old(plan))
        if known is not None and not (is_default(done.plan.before) or is_default(done.plan.after)):
            # A write to the default account may change another one too, so after that all are read again.
            if account_id is not None:
                known.pop(account_id, None)
            if done.stored is not None:
                known[done.stored["id"]] = done.stored
            self._known = known
        return done

    def _is_old(self, plan: Plan) -> bool:
        """Whether a plan rests on what another item of the loop read, or on what was read a while ago.

        A creation rests on a name that nobody had: that is looked up again only after a while, since a server whose
        names are unique tells by itself, and any other look is one at all accounts.
        """
        if plan.before is not None and self._read_by_other_task:
            return True
        return time.monotonic() - self._read_at > OLD_AFTER

    def find(self, account_id: int | None, name: str | None, *, at_most_old: float = 0.0) -> Record | None:
        """The account of this id, else the one of this name, `None` where there is neither; as of so many seconds ago.

        Raises an `InputError` where several have the name.
        """
        with self._listing:
            if time.monotonic() - self._listed_at >= at_most_old:
                self._by_id, self._by_name = {}, {}
                for account in self._wire.read_all():
                    self._by_id[account["id"]] = account
                    self._by_name.setdefault(account["name"], []).append(account)
                self._listed_at = time.monotonic()
            if account_id in self._by_id:
                return self._by_id[account_id]
            found = self._by_name.get(name, [])
        if len(found) > 1:
            message = f"{len(found)} live accounts have it: {some_of(map(listed, found))}"
            raise InputError(f"email_account {name}", [Problem("name", message)])
        return found[0] if found else None

    def other_defaults(self, account_id: int) -> list[str]:
        """Warnings about a new default account of this id, where the server keeps others as well."""
        try:
            return other_defaults(self.read_anew(), account_id)
        except ApiError as exc:
            # The account is written; that the others cannot be read now must not hide it.
            return [f"is now a default account; whether another one still is cannot be known: {exc}"]

    def send_test(self, account: Record, to_email: str) -> Record:
        """Ask the appliance to send a test message through the given account. It says nothing about it."""
        self._wire.send_test(account, to_email)
        return {}


class _AccountWrite:
    """One account that is written: by its id, or by the name that it is created with."""

    def __init__(self, store: AccountStore, wire: AccountWire, account_id: int | None) -> None:
        self._store = store
        self._wire = wire
        self.target = account_id
        self._sent = False

    def send(self, plan: Plan) -> Record | None:
        """Send what the plan asks for. Returns the account as the server stores it."""
        self._sent = True
        if plan.before is None:
            return self._wire.create(t.cast(Record, plan.after))
        account_id = t.cast(int, self.target)
        if plan.after is None:
            self._wire.delete(account_id, plan.before)
            return None
        return self._wire.update(account_id, plan.after, plan.before)

    def look(self, plan: Plan) -> Record | None:
        """The account as it is now; where it is gone, the one that has its name."""
        live = None
        if plan.before is not None and not self._sent:
            live = self._store.read(t.cast(int, self.target))
        if live is None:
            # A list cannot be mistaken for what a proxy says in the server's place, as a single account's 404 can.
            live = self._store.find(
                self.target if plan.before is not None else None,
                plan.after["name"] if plan.after is not None else None,
                at_most_old=OLD_AFTER if plan.before is None and not self._sent else 0.0,
            )
        if live is not None:
            self.target = live["id"]
        return live
