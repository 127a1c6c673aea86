# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The email profiles that a server holds: reading and writing them."""

from __future__ import annotations

import time
import typing as t
from dataclasses import replace

from ..._engine import secret
from ..._engine.plan import Plan
from ..._engine.schema import InputError, Problem
from ..._engine.secret import Known, Record
from ..._http.errors import NotFound, Request, some_of
from ..._http.response import Response
from ..._http.retries import Retries
from ..._resource.write import OLD_AFTER, Done, Replan, apply
from . import wire
from .client import WebitelCloudApi


class ProfileStore:
    """The profiles of one server. Threads may share it while they write."""

    def __init__(self, api: WebitelCloudApi, known: Known) -> None:
        self._api = api
        self.known = known
        self._flows: list[Record] | None = None
        self._read_at: dict[int, float] = {}
        self._listed: dict[int, str] = {}
        self._old_answer: Request | None = None

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    @property
    def retries(self) -> Retries:
        """The policy of retries, which knows what was retried."""
        return self._api.session.retries

    def forget(self) -> None:
        """Drop what was read: another task may have changed it."""
        self._flows = None
        self._read_at.clear()

    def read_all(self) -> list[Record]:
        """All profiles, each with its `id` and `name`, as far as a list shows them."""
        found = self._live()
        self._listed = {record["id"]: record["name"] for record in found}
        return found

    def _live(self) -> list[Record]:
        found: dict[int, Record] = {}
        with self.retries.within_deadline():
            for answer, items in self._api.list_profiles():
                found.update((record["id"], record) for record in wire.listed(answer, items))
        return list(found.values())

    def read(self, target: int) -> Record | None:
        """One whole profile, `None` where it is not there. Raises `OldServer`."""
        self._read_at[target] = time.monotonic()
        try:
            answer = self._api.get_profile(target)
        except NotFound:
            return None
        self.note_version(answer)
        return wire.whole(wire.supported(answer), self.known)

    def flows(self) -> list[Record]:
        """The flows that a profile may refer to, each with `id` (a text) and `name`; asked once a task."""
        if self._flows is None:
            with self.retries.within_deadline():
                found = [flow for answer, items in self._api.list_flows() for flow in wire.flows(answer, items)]
            self._flows = list({flow["id"]: flow for flow in found}.values())
        return self._flows

    def apply(self, target: int | None, plan: Plan, replan: Replan) -> Done:
        """Carry out a plan for a profile, `target` being its id, `None` for one that is to be created.

        What goes by PUT rests on a read of the moment before, since it replaces the whole record and nothing locks.
        """
        write = _ProfileWrite(self, self._api, target)
        age = time.monotonic() - self._read_at.get(t.cast(int, target), 0.0)
        is_old = wire.needs_replacement(plan.changed_fields) or age > OLD_AFTER
        refresh = is_old and None not in (plan.before, plan.after)
        done = apply(plan, replan, write, self.retries, refresh=refresh)
        if target in self._listed and done.stored is not None:
            # Its old name may be another one's by now.
            self._listed[target] = done.stored["name"]
        warnings = (*write.warnings, *self._worth_knowing(write.target, done.plan))
        return replace(done, warnings=warnings, partial=write.is_patch)

    def check_version(self) -> None:
        """Raise `OldServer` where any answer has shown a password: nothing more is written there."""
        if self._old_answer is not None:
            raise wire.OldServer(self._old_answer, wire.OLD_SERVER, wire.UPDATE_SERVER)

    def note_version(self, answer: Response) -> bool:
        """Remember what an answer about one profile tells of the server. Returns whether it is too old."""
        if wire.shows_password(answer):
            self._old_answer = answer.request
        return self._old_answer is not None

    def _worth_knowing(self, target: int | None, plan: Plan) -> t.Iterator[str]:
        """What no field of a profile that was written tells."""
        after, changed = plan.after or {}, {path.partition(".")[0] for path in plan.changed_fields}
        twins = [number for number, name in self._listed.items() if name == after.get("name") and number != target]
        if "name" in changed and twins:
            ids = some_of(f"id {number}" for number in twins)
            yield f"another profile has this name ({ids}), and the server sends with any of them: rename one"
        if after.get("auth_type") == "OAuth2" and changed & {"auth_type", "params", "login"}:
            yield "log in again in a browser: the profile's field logged does not tell whether its token is still good"

    def created_meanwhile(self, name: str) -> Record | None:
        """The profile of this name that was not there when all were listed, `None` where there is none.

        Raises an `InputError` where there are several: which of them came of a lost answer, nobody can tell.
        """
        # What is listed now is not noted: it may hold what comes of a lost answer, of this profile or another one.
        found = [record for record in self._live() if record["name"] == name and record["id"] not in self._listed]
        if len(found) > 1:
            ids = some_of(f"id {record['id']}" for record in found)
            words = f"was created more than once meanwhile ({ids}), by this task or others is not known: leave one"
            raise InputError(f"email_profile {name}", [Problem("name", words)])
        return self.read(found[0]["id"]) if found else None


class _ProfileWrite:
    """One profile that is written: by its id, or by the name that it is created with."""

    def __init__(self, store: ProfileStore, api: WebitelCloudApi, target: int | None) -> None:
        self._store = store
        self._api = api
        self.target = target
        self.warnings: list[str] = []
        self.is_patch = False

    def send(self, plan: Plan) -> Record | None:
        """Send what the plan asks for. Returns the profile as the server then stores it."""
        self._store.check_version()
        secrets = secret.texts([plan.before, plan.after])
        if plan.after is None:
            self._api.delete_profile(t.cast(int, self.target), secrets)
            return None
        self.is_patch = plan.before is not None and not wire.needs_replacement(plan.changed_fields)
        if plan.before is None:
            # One that another run deleted is made with another id.
            self.target = None
            answer = self._api.create_profile(wire.complete(plan.after), secrets)
        elif self.is_patch:
            changes = wire.changes(plan.after, plan.changed_fields)
            answer = self._api.patch_profile(t.cast(int, self.target), changes, secrets)
        else:
            answer = self._api.replace_profile(t.cast(int, self.target), wire.complete(plan.after), secrets)
        # A profile that had no password before this could not tell.
        if self._store.note_version(answer):
            self.warnings.append(f"{wire.OLD_SERVER}; nothing more is written there")
        return wire.whole(answer, self._store.known)

    def look(self, plan: Plan) -> Record | None:
        """The profile as it is now; of a new one, what came into being since all were listed."""
        if self.target is not None:
            return self._store.read(self.target)
        live = self._store.created_meanwhile(t.cast(Record, plan.after)["name"])
        self.target = live["id"] if live else None
        return live
