# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random servers of today's Webitel, random tasks about their email profiles, and what those must make of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import (
    EMAIL_PROFILE,
    EMAIL_PROFILE_INFO,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.sync_spec import (
    EMAIL_PROFILES_SYNC,
)
from tests.sandbox.webitel_cloud_store import WRITTEN

from .model import REFUSED, Expectation, Goal, fields_of, merged
from .scene import Deed, Task
from .wishes import SECRETS, TaskWish, Wish, optional, task_wishes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .model import Key, Record, State
    from .scene import Meddling, Scene

PROFILES = ("Desk", "Sales", "Billing", "Sup_ort")
# The number of the first flow is 1.
_FLOW = 1
_NEW: Record = {
    "enabled": 0,
    "listen": 0,
    "flow_id": _FLOW,
    "mailbox": "INBOX",
    "imap_port": 993,
    "smtp_port": 587,
    "fetch_interval": 60,
    "auth_type": "plain",
    "params": None,
}


@dataclass(frozen=True)
class Cloud:
    """What is there at the beginning, and how this server behaves."""

    profiles: Mapping[str, Record]
    traps: Mapping[str, str]


_secret = st.sampled_from(SECRETS)
_client = st.fixed_dictionaries(
    {"client_id": st.just("c"), "client_secret": _secret, "redirect_url": st.just("https://a.example.com")}
)
_shared = {
    "description": st.sampled_from(("Mail", "Post")),
    "smtp_host": st.sampled_from(("smtp.example.com", "mail.example.com")),
    "smtp_port": st.sampled_from((465, 587)),
    "login": st.sampled_from(("desk", "sales")),
    "fetch_interval": st.sampled_from((60, 300)),
    "enabled": st.booleans(),
    "listen": st.booleans(),
    "password": _secret,
    "params": st.fixed_dictionaries({"oauth2": _client}),
}
_live = optional(**_shared, auth_type=st.sampled_from(("plain", "oauth2")))
_wanted = optional(**_shared, auth_type=st.sampled_from(("Plain", "OAuth2")))


@st.composite
def clouds(draw: st.DrawFn) -> Cloud:
    """Servers of every kind, with up to four profiles."""
    traps = draw(
        optional(
            webitel_cloud_zero_values=st.sampled_from(("omit", "show")),
            webitel_cloud_error_body=st.sampled_from(("webitel", "message", "grpc")),
            webitel_cloud_error_status=st.sampled_from(("code", "grpc", "500")),
        )
    )
    return Cloud(draw(st.dictionaries(st.sampled_from(PROFILES), _live, max_size=len(PROFILES))), traps)


@st.composite
def _wish(draw: st.DrawFn, name: str) -> Wish:
    if draw(st.integers(0, 4)) == 0:
        return Wish(name, absent=True)
    return Wish(name, fields={**draw(_wanted), **draw(optional(update_password=st.just("on_create")))})


def profile_tasks() -> st.SearchStrategy[TaskWish]:
    """Tasks about one profile or about many."""
    return task_wishes(PROFILES, _wish, PROFILES[0])


def profile_goals(entries: Iterable[Record], state: State, *, prune: bool, keep: Iterable[str]) -> Expectation:
    """What must become of the profiles that the entries describe, and of the others where ``prune`` is asked for."""
    goals: list[Goal] = []
    for entry in entries:
        name = entry["name"]
        found = [key for key, record in state.items() if record["name"] == name]
        if len(found) > 1:
            return REFUSED
        key = found[0] if found else None
        if entry["state"] == "absent":
            goals += [Goal(key, name, None, name)] if key is not None else []
            continue
        wanted = _columns(entry)
        if key is None:
            goals.append(Goal(None, name, {**_NEW, "name": name, **wanted}, name, frozenset(fields_of(wanted))))
            continue
        if entry.get("update_password") == "on_create":
            wanted.pop("password", None)
        goals.append(Goal(key, name, merged(state[key], wanted), name, frozenset(fields_of(wanted))))
    if prune:
        described = [goal.key for goal in goals]
        others = [key for key in state if key not in described and state[key]["name"] not in tuple(keep)]
        goals += [Goal(key, state[key]["name"], None, state[key]["name"]) for key in others]
    return Expectation.of(goals)


def _columns(entry: Record) -> Record:
    """The fields of an entry as the server stores them."""
    columns = {name: value for name, value in entry.items() if name in WRITTEN and name != "name"}
    flags: Record = {name: int(columns[name]) for name in ("enabled", "listen") if name in columns}
    login: Record = {"auth_type": columns["auth_type"].lower()} if "auth_type" in columns else {}
    return {**columns, **flags, **login, "flow_id": _FLOW}


class Profiles:
    """The profiles on the sandbox's server."""

    api_url_suffix = "/api"
    # No answer has one.
    shows_passwords = False
    names_are_unique = False

    def __init__(self, scene: Scene, cloud: Cloud) -> None:
        """Bring the sandbox's server to its beginning."""
        self._scene = scene
        scene.sandbox.reset()
        scene.sandbox.traps(**cloud.traps)
        self._server = scene.sandbox.webitel_cloud
        self._server.add_schema("Tickets")
        self._server.add_profiles([{"name": name, "flow_id": _FLOW, **live} for name, live in cloud.profiles.items()])

    def state(self) -> State:
        """All profiles by their ids, without what the server alone writes. Of no parameters there are two spellings."""
        return {
            row["id"]: {name: row[name] or None if name == "params" else row[name] for name in WRITTEN}
            for row in self._server.profiles()
        }

    def task(self, wish: TaskWish, *, at_once: bool = True) -> Task:
        """The task that a wish means; ``at_once`` tells whether it may do several things at the same time."""
        entries = [_entry(one) for one in wish.wishes]
        ready = self._scene.sandbox.ready["webitel_cloud"]
        options: Record = {"retries": wish.retries, "access_token": ready["access_token"]}
        prune = wish.many and wish.prune
        if wish.many:
            options |= {"profiles": entries, "prune": prune, "prune_keep": list(wish.keep), "prune_limit": "100%"}
            options |= {"on_error": wish.on_error, "concurrency": wish.concurrency if at_once else 1}
            options["erase_stored_mail"] = True
        else:
            options |= entries[0]

        def expect(state: State) -> Expectation:
            return profile_goals(entries, state, prune=prune, keep=wish.keep)

        return Task(EMAIL_PROFILES_SYNC if wish.many else EMAIL_PROFILE, options, expect)

    def look(self) -> Task:
        """The task that reads all profiles."""
        token = self._scene.sandbox.ready["webitel_cloud"]["access_token"]
        return Task(EMAIL_PROFILE_INFO, {"access_token": token}, lambda _state: Expectation())

    def meddle(self, meddling: Meddling, task: Task, state: State) -> Key | None:
        """Do the deed past the proxy, as another run would with its own requests."""
        name = meddling.name
        found = [key for key, record in state.items() if record["name"] == name]
        if meddling.deed is Deed.CREATE:
            theirs = {"name": name, "flow_id": _FLOW, "login": "theirs"}
            return None if found else self._server.add_profiles([theirs])[0]
        if not found:
            return None
        key = found[0]
        if meddling.deed is Deed.DELETE:
            return self._request("DELETE", key)
        if meddling.deed is Deed.CHANGE_UNMANAGED:
            return self._request("PATCH", key, mailbox="Theirs")
        goal = task.expect(state).goal_of.get(key)
        if goal is None or ("description",) not in goal.managed:
            return None
        return self._request("PATCH", key, description="Theirs")

    def _request(self, method: str, key: Key, **changes: str) -> Key:
        ready = self._scene.sandbox.ready["webitel_cloud"]
        answer = self._scene.writer.request(
            method,
            f"{ready['api_url']}/email/profile/{key}",
            json={**changes, "fields": list(changes)} if changes else None,
            headers={"X-Webitel-Access": ready["access_token"]},
            timeout=30,
        )
        answer.raise_for_status()
        return key


def _entry(one: Wish) -> Record:
    if one.absent:
        return {"name": one.name, "state": "absent", "erase_stored_mail": True}
    # Nothing lies unread there, and consent has tests of its own.
    consent = {"schema": {"name": "Tickets"}, "fetch_existing_mail": True}
    return {"name": one.name, "state": "present", **consent, **one.fields}
