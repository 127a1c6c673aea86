# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API of today's Webitel: email profiles, the flows that they refer to, and who is asking."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from fastapi import APIRouter, Request, Security
from fastapi.security import APIKeyHeader
from starlette.responses import Response

from .http import NotJson, answer, json_body, read_json
from .webitel_cloud_errors import refusal
from .webitel_cloud_fields import CREATE, PATCH, UPDATE, BadRequest, columns, listed, patched, read, shown, without_zero
from .webitel_cloud_search import BadSearch, Search

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .state import State
    from .webitel_cloud_directory import Caller, Right
    from .webitel_cloud_tables import Row

# Describes the credential to the OpenAPI page; the endpoints judge it in the vendor's words.
_DOCUMENTED = [Security(APIKeyHeader(name="X-Webitel-Access", auto_error=False))]

_EXAMPLE = {
    "name": "Support",
    "schema": {"id": "1"},
    "enabled": False,
    "smtp_host": "localhost",
    "smtp_port": 587,
    "imap_host": "localhost",
    "imap_port": 993,
    "login": "support@example.com",
    "password": "…",
    "mailbox": "INBOX",
    "fetch_interval": 60,
    "auth_type": "Plain",
}
_ACCESS = {"create": "x", "read": "r", "update": "w", "delete": "d"}
# The gateway's own errors are not public; this name is made up.
_UNREADABLE = "api.gateway.request"


class WebitelCloudApi:
    """The endpoints; each method is one."""

    def __init__(self, state: State) -> None:
        """Serve the profiles, tokens and traps of ``state``."""
        self._state = state
        self._store = state.webitel_cloud

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/api", tags=["Webitel, email profiles"])
        profiles = "/email/profile"
        record = json_body(_EXAMPLE)
        for path, endpoint, method, extra in (
            ("/userinfo", self.userinfo, "GET", None),
            ("/routing/schema", self.list_schemas, "GET", None),
            (profiles, self.list_profiles, "GET", None),
            (profiles, self.create_profile, "POST", record),
            (f"{profiles}/{{profile_id}}", self.get_profile, "GET", None),
            (f"{profiles}/{{profile_id}}", self.replace_profile, "PUT", record),
            (f"{profiles}/{{profile_id}}", self.patch_profile, "PATCH", json_body({"fields": ["name"], "name": "New"})),
            (f"{profiles}/{{profile_id}}", self.delete_profile, "DELETE", None),
            (f"{profiles}/{{profile_id}}/test", self.test_profile, "GET", None),
        ):
            router.add_api_route(path, endpoint, methods=[method], dependencies=_DOCUMENTED, openapi_extra=extra)
        return router

    async def userinfo(self, request: Request) -> Response:
        """Say whose token it is."""
        caller = self._caller(request)
        access = "".join(letter for right, letter in _ACCESS.items() if right in caller.rights)
        return answer(
            {
                "dc": str(caller.domain_id),
                "domain": caller.domain,
                "user_id": str(caller.user_id),
                "name": caller.user,
                "scope": [{"class": "email_profile", "access": access}],
            }
        )

    async def list_schemas(self, request: Request) -> Response:
        """List the flows of the domain, a page at a time."""
        caller = self._caller(request)
        search = self._search(request)
        with self._refusing(500, "store.sql_routing_schema.get_all.app_error"):
            found = self._store.directory.search_schemas(caller.domain_id, search)
        return self._page([{"id": str(row["id"]), "name": row["name"]} for row in found], search)

    async def list_profiles(self, request: Request) -> Response:
        """List the profiles of the domain, a page at a time."""
        caller = self._caller(request, "read")
        search = self._search(request)
        with self._refusing(500, "store.sql_email_profile.get_all.app_error"):
            found = self._store.search(caller.domain_id, search)
        return self._page([listed(row, search.fields, self._state.traps) for row in found], search)

    async def create_profile(self, request: Request) -> Response:
        """Create a profile, each time anew."""
        caller = self._caller(request, "create")
        fields = await self._read_body(request, CREATE)
        self._check_licence(enabling=fields.get("enabled", False))
        self._before_write()
        with self._refusing(500, "store.sql_email_profile.create.app_error"):
            created = self._store.add(caller, columns(fields))
        return self._shown(created)

    async def get_profile(self, request: Request, profile_id: str) -> Response:
        """Show a profile."""
        return self._shown(self._stored(self._caller(request, "read"), profile_id))

    async def replace_profile(self, request: Request, profile_id: str) -> Response:
        """Replace all of a profile but its password, where that is left out."""
        caller = self._caller(request, "read", "update")
        fields = await self._read_body(request, UPDATE)
        self._check_licence(enabling=fields.get("enabled", False))
        stored = self._stored(caller, profile_id)
        return self._update(caller, stored, columns(fields))

    async def patch_profile(self, request: Request, profile_id: str) -> Response:
        """Replace what `fields` names, of what the replica says; writes everything."""
        caller = self._caller(request, "read", "update")
        fields = await self._read_body(request, PATCH)
        self._check_licence(enabling="enabled" in fields.get("fields", ()) and fields.get("enabled", False))
        stored = self._stored(caller, profile_id)
        return self._update(caller, stored, patched(stored, fields))

    async def delete_profile(self, request: Request, profile_id: str) -> Response:
        """Delete a profile with all mail stored with it; shows it as it was."""
        caller = self._caller(request, "read", "delete")
        stored = self._stored(caller, profile_id)
        self._before_write()
        with self._refusing(400, "store.sql_email_profile.delete.app_error"):
            self._store.delete(caller.domain_id, stored["id"])
        return self._shown(stored)

    async def test_profile(self) -> Response:
        """Say that there is no test. The engine looks neither at the profile nor at the token."""
        return answer({"error": "TODO"})

    def _update(self, caller: Caller, stored: Row, row: Row) -> Response:
        if not row["password"] and self._state.traps.webitel_cloud_passwords == "hidden":
            row = {**row, "password": stored["password"]}
        self._before_write()
        with self._refusing(400, "store.sql_email_profile.update.app_error"):
            updated = self._store.update(caller, stored["id"], row)
        if updated is None:
            self._fail(404, "store.sql_email_profile.update.app_error", "sql: no rows in result set")
        return self._shown(updated)

    def _caller(self, request: Request, *rights: Right) -> Caller:
        """Return whose token the request carries; end it with 401 or 403."""
        if self._state.traps.webitel_cloud_replica == "current":
            self._store.thaw_replica()
        caller = self._store.directory.caller(request.headers.get("x-webitel-access", ""))
        if caller is None:
            self._fail(401, "session.valid", "Invalid session")
        for right in rights:
            if right not in caller.rights:
                detail = f"userId={caller.user_id}, access={right}, class=email_profile"
                self._fail(403, "api.context.permissions.app_error", detail)
        return caller

    def _stored(self, caller: Caller, profile_id: str) -> Row:
        if not profile_id.isdecimal() or int(profile_id) >= 2**63:
            self._fail(400, _UNREADABLE, f"type mismatch, parameter: id, error: {profile_id}")
        stored = self._store.profile(caller.domain_id, int(profile_id))
        if stored is None:
            detail = f"Id = {profile_id}, error: sql: no rows in result set"
            self._fail(404, "store.sql_email_profile.get.app_error", detail)
        return stored

    def _check_licence(self, *, enabling: bool) -> None:
        """Count as the vendor does: a profile that is enabled already counts as one more."""
        limit = self._state.traps.webitel_cloud_licences
        if enabling and self._store.count_enabled() + 1 > limit:
            detail = f"mail profile registration is limited; maximum number of active: {limit}"
            self._fail(500, "app.email.valid.license", detail)

    def _before_write(self) -> None:
        if self._state.traps.webitel_cloud_replica == "behind":
            self._store.freeze_replica()

    async def _read_body(self, request: Request, message: Mapping[str, Any]) -> dict[str, Any]:
        try:
            body = await read_json(request)
            return read(message, {} if body is None else body, self._state.traps)
        except (NotJson, BadRequest) as error:
            self._fail(400, _UNREADABLE, f"proto: {error}")

    def _search(self, request: Request) -> Search:
        try:
            return Search.of(request.query_params)
        except BadSearch as error:
            self._fail(error.code, _UNREADABLE, str(error))

    def _page(self, items: list[dict[str, Any]], search: Search) -> Response:
        page = {"items": items[: search.size], "next": len(items) > search.size}
        return answer(page if self._state.traps.webitel_cloud_zero_values == "show" else without_zero(page))

    def _shown(self, row: Row) -> Response:
        return answer(shown(row, self._state.traps))

    @contextmanager
    def _refusing(self, code: int, identifier: str) -> Iterator[None]:
        """End the request with this error where the database refuses a statement."""
        try:
            yield
        except sqlite3.Error as error:
            self._fail(code, identifier, f"pq: {error}")

    def _fail(self, code: int, identifier: str, detail: str) -> NoReturn:
        raise refusal(code, identifier, detail, self._state.traps)
