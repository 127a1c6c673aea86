# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of the sandbox's own API that steers today's Webitel, below `/_sandbox/webitel_cloud`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from .http import answer
from .webitel_cloud_directory import FIXED_DOMAIN, RIGHTS, Right

if TYPE_CHECKING:
    from .state import State


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewProfile(_Input):
    """A profile to store unchecked, given by its columns; the last four are what no request sets."""

    name: str = ""
    description: str = ""
    enabled: bool = False
    flow_id: int
    imap_host: str = ""
    smtp_host: str = ""
    login: str = ""
    mailbox: str = ""
    imap_port: int = 0
    smtp_port: int = 0
    fetch_interval: int = 0
    password: str = ""
    auth_type: str = "plain"
    listen: bool = False
    params: dict[str, Any] | None = None
    state: str = "idle"
    fetch_err: str | None = None
    token: dict[str, Any] | None = None


class NewToken(_Input):
    """A token to make, for a user of ``domain`` with these rights."""

    domain: str = FIXED_DOMAIN
    rights: tuple[Right, ...] = RIGHTS


class NewSchema(_Input):
    """A flow to make."""

    name: str
    domain: str = FIXED_DOMAIN


class Unread(_Input):
    """Messages to put into a mailbox at a mail server."""

    imap_host: str
    login: str
    mailbox: str
    subjects: list[str]


class StoredMail(_Input):
    """Messages to store with a profile."""

    profile_id: int
    subjects: list[str]


class Reference(_Input):
    """Something to refer to a profile."""

    profile_id: int
    name: str


class WebitelCloudControlApi:
    """The endpoints; each method is one. Endpoints without something to show answer 204."""

    def __init__(self, state: State) -> None:
        """Steer ``state``."""
        self._state = state
        self._store = state.webitel_cloud

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/_sandbox/webitel_cloud", tags=["Sandbox"])
        for path, method, endpoint in (
            ("/profiles", "GET", self.get_profiles),
            ("/profiles", "POST", self.add_profiles),
            ("/sender", "GET", self.get_sender),
            ("/schemas", "POST", self.add_schema),
            ("/tokens", "POST", self.add_token),
            ("/mails", "GET", self.get_mails),
            ("/unread", "GET", self.get_unread),
        ):
            router.add_api_route(path, endpoint, methods=[method], response_model=None)
        for path, silent in (
            ("/mails", self.add_mails),
            ("/unread", self.add_unread),
            ("/references", self.add_reference),
            ("/catch_up", self.catch_up),
        ):
            router.add_api_route(path, silent, methods=["POST"], status_code=204)
        return router

    async def get_profiles(self) -> Response:
        """List the stored profiles of all domains, columns as they are, passwords included."""
        return answer([_row(row) for row in self._store.all_profiles()])

    async def add_profiles(self, profiles: list[NewProfile], domain: str = FIXED_DOMAIN) -> Response:
        """Store profiles; returns the ids."""
        caller = self._store.directory.fixed_caller(domain)
        ids = []
        with self._state.database.transaction():
            for profile in profiles:
                row = self._store.add(caller, {**profile.model_dump(), "params": _as_text(profile.params)})
                token = _as_text(profile.token)
                self._store.mark(row["id"], state=profile.state, fetch_err=profile.fetch_err, token=token)
                ids.append(row["id"])
        return answer(ids)

    async def get_sender(self, name: str, domain: str = FIXED_DOMAIN) -> Response:
        """Show the profile that a flow sends with which names it, or `null`."""
        row = self._store.sender(self._store.directory.domain_id(domain), name)
        return answer(row and _row(row))

    async def add_schema(self, schema: NewSchema) -> Response:
        """Make a flow; returns its id."""
        return answer(self._store.directory.add_schema(schema.domain, schema.name))

    async def add_token(self, wanted: NewToken) -> Response:
        """Make a token; returns it."""
        return answer(self._store.directory.add_user(wanted.domain, wanted.rights))

    async def get_mails(self) -> Response:
        """List the stored mail of all profiles."""
        return answer(self._store.mail.stored())

    async def add_mails(self, mails: StoredMail) -> None:
        """Store mail with a profile."""
        self._store.mail.add_stored(mails.profile_id, mails.subjects)

    async def get_unread(self) -> Response:
        """List what lies unread in all mailboxes."""
        return answer(self._store.mail.unread())

    async def add_unread(self, unread: Unread) -> None:
        """Put mail into a mailbox; it is fetched at once where a profile listens to it."""
        self._store.mail.add_unread(unread.imap_host, unread.login, unread.mailbox, unread.subjects)

    async def add_reference(self, reference: Reference) -> None:
        """Let something refer to a profile."""
        self._store.mail.add_reference(reference.profile_id, reference.name)

    async def catch_up(self) -> None:
        """Let the replica see everything that was written so far."""
        self._store.thaw_replica()


_JSON_COLUMNS = ("params", "token")


def _as_text(value: dict[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: json.loads(value) if name in _JSON_COLUMNS and value else value for name, value in row.items()}
