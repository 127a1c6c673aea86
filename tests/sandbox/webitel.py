# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Webitel API: login, who am I, domains, and the email settings of a domain."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from fastapi import APIRouter, Request, Security
from fastapi.security import APIKeyHeader
from starlette.responses import PlainTextResponse, Response

from . import express
from .express import answer, fail
from .http import json_body
from .javascript import as_text, is_true
from .mongodb import MongoError, check_replacement, check_storage, check_update, same
from .traps import PASSWORD_MASK
from .webitel_access import WebitelAccess, may_do
from .webitel_sending import send_test
from .webitel_store import ROOT_USERNAME, Record, Token

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .state import State

PREFIX = "/engine"
_SETTINGS = "/api/v2/email/settings"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
# What Express makes of the vendor's routes: upper and lower case are the same, a slash at the end may be there.
_BEHIND_THE_LOGIN = re.compile(r"/api/v2/(?P<rest>.*)", re.IGNORECASE)
# These describe the credentials and the parameter to the OpenAPI page; the endpoints judge them in the vendor's words.
_DOCUMENTED = [
    Security(APIKeyHeader(name="X-Access-Token", auto_error=False)),
    Security(APIKeyHeader(name="X-Key", auto_error=False)),
]
_DOMAIN = {
    "name": "domain",
    "in": "query",
    "description": "Counts only where the token is bound to no domain.",
    "schema": {"type": "string"},
}
_EXAMPLE = {
    "provider": "smtp",
    "description": "Outgoing mail",
    "from": "certs@example.com",
    "options": {"host": "localhost", "port": 465, "secure": True, "auth": {"user": "certs@example.com", "pass": "…"}},
}


@dataclass(frozen=True)
class Call:
    """A request of someone who may ask: whose settings it is about, its body, and what its path holds."""

    caller: Token
    owner: Any
    body: Any
    parameters: dict[str, str]
    request: Request


Endpoint: TypeAlias = "Callable[[Call], Awaitable[Response]]"


class WebitelApi:
    """The endpoints; each method that takes a ``Call`` is one."""

    def __init__(self, state: State) -> None:
        """Serve the records, tokens and traps of ``state``."""
        self._state = state
        self._store = state.webitel
        self._access = WebitelAccess(state)
        self._routes: list[tuple[str, re.Pattern[str], Endpoint]] = []

    def router(self) -> APIRouter:
        """Return the routes, below whatever prefix the application gives them."""
        router = APIRouter(tags=["Webitel"])
        credentials, domain = json_body({"username": ROOT_USERNAME, "password": "…"}), {"parameters": [_DOMAIN]}
        router.add_api_route("/login", self.serve, summary="Log in", methods=["POST"], openapi_extra=credentials)
        router.add_api_route("/logout", self.serve, summary="Log out", methods=["POST"], dependencies=_DOCUMENTED)
        record, to = domain | json_body(_EXAMPLE), domain | json_body({"to": "someone@example.com"})
        for path, endpoint, method, extra in (
            ("/api/v2/whoami", self.whoami, "GET", {}),
            ("/api/v2/domains", self.domains, "GET", {}),
            (_SETTINGS, self.get_settings, "GET", domain),
            (_SETTINGS, self.post_settings, "POST", record),
            (_SETTINGS, self.put_settings, "PUT", record),
            (_SETTINGS, self.delete_settings, "DELETE", domain),
            (f"{_SETTINGS}/test", self.test_settings, "POST", to),
            (f"{_SETTINGS}/test/{{address}}", self.test_settings, "POST", domain),
        ):
            pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+?)", path) + "/?"
            self._routes.append((method, re.compile(pattern, re.IGNORECASE), endpoint))
            router.add_api_route(
                path,
                self.serve,
                methods=[method],
                summary=endpoint.__doc__,
                dependencies=_DOCUMENTED,
                openapi_extra=extra,
            )
        return router

    async def serve(self, request: Request) -> Response:
        """Answer any request, in the order in which the server looks at it: body, credentials, address."""
        if request.method == "OPTIONS":
            return PlainTextResponse("OK")
        body = await express.body(request)
        path = express.address(request).partition("?")[0].removeprefix(PREFIX)
        if request.method == "POST":
            if re.fullmatch("/login/?", path, re.IGNORECASE):
                return await self._access.login(request, body)
            if re.fullmatch("/logout/?", path, re.IGNORECASE):
                return await self._access.logout(request, body)
        if express.parameters(_BEHIND_THE_LOGIN, path) is not None:
            caller = self._access.caller(request, body)
            endpoint, parameters = self._found("GET" if request.method == "HEAD" else request.method, path)
            if endpoint is not None:
                owner = caller.domain or express.query(request).get("domain")
                return await endpoint(Call(caller, owner, body, parameters, request))
        raise express.ExpressError(404, {"status": "error", "info": f"{express.address(request)} not found."})

    def _found(self, method: str, path: str) -> tuple[Endpoint | None, dict[str, str]]:
        """Return the endpoint of a request, and what its path holds."""
        for of_route, pattern, endpoint in self._routes:
            parameters = express.parameters(pattern, path) if method == of_route else None
            if parameters is not None:
                return endpoint, parameters
        return None, {}

    async def whoami(self, call: Call) -> Response:
        """Say who the caller is, and which domain the token is bound to."""
        caller = call.caller
        shown = {"id": caller.username, "domain": caller.domain, "roleName": caller.role}
        rights = may_do()
        expires = {} if caller.expires_ms is None else {"expires": caller.expires_ms}
        return answer({"acl": rights.pop("acl"), **shown, **expires, **rights})

    async def domains(self, call: Call) -> Response:
        """List the domains, to root alone."""
        if call.caller.domain:
            fail(403, "Permission denied!")
        listed = {name: {"id": name, "domain": name, "user": "1", "acc/dvc": "1/0"} for name in self._store.domains()}
        return answer({"status": "OK", self._state.traps.webitel_domains: listed})

    async def get_settings(self, call: Call) -> Response:
        """Show the settings."""
        if not is_true(call.owner):
            fail(400, "Bad request (domain required).")
        record = self._store.settings(call.owner)
        if record is None:
            fail(404, "Not found!")
        return self._shown(record)

    async def post_settings(self, call: Call) -> Response:
        """Create the settings, or replace all of them."""
        record = self._written(call)
        stored = self._store.settings(call.owner)
        return self._stored(call.owner, record, stored)

    async def put_settings(self, call: Call) -> Response:
        """Replace all of the settings."""
        record = self._written(call)
        stored = self._store.settings(call.owner)
        if stored is None:
            fail(404, "Not found.")
        unchanged = same(stored, {**record, "_id": stored["_id"]})
        if unchanged and self._state.traps.webitel_unchanged == "not_found":
            fail(404, "Not found.")
        return self._stored(call.owner, record, stored)

    async def delete_settings(self, call: Call) -> Response:
        """Remove the settings; says how many records that were."""
        if not is_true(call.owner):
            fail(400, "Bad parameters.")
        return answer({"status": "OK", "Info": f"Removed {self._store.delete_settings(call.owner)} record."})

    async def test_settings(self, call: Call) -> Response:
        """Send a test message from the stored settings to the address in the path or in `to` of the body."""
        if not is_true(call.owner):
            fail(400, "Domain is required.")
        record = self._store.settings(call.owner)
        if record is None or not is_true(record.get("options")):
            fail(404, f"Not settings EMail provider from domain {as_text(call.owner)}")
        if as_text(record.get("provider")) != "smtp":
            fail(500, "Bad provider name.")
        to = call.parameters.get("address") or (call.body.get("to") if isinstance(call.body, dict) else None)
        return await send_test(self._state, record, to, call.request)

    def _written(self, call: Call) -> Record:
        """Return the record as this server would store it."""
        body = call.body if isinstance(call.body, dict) else {}
        if not (is_true(call.owner) and is_true(body.get("provider")) and is_true(body.get("options"))):
            fail(400, "Bad parameters.")
        record = {**body, "domain": call.owner}
        normalise = self._state.traps.webitel_normalise
        if normalise == "on" and isinstance(body["options"], dict):
            record["options"] = _normalised(body["options"])
        if normalise == "texts":
            record = {name: value if name == "domain" else _as_texts(value) for name, value in record.items()}
        try:
            check_update(record)
        except MongoError as error:
            _refuse(error)
        return record

    def _stored(self, owner: Any, record: Record, stored: Record | None) -> Response:
        try:
            check_storage(record) if stored is None else check_replacement(record, stored["_id"])
        except MongoError as error:
            _refuse(error)
        return self._shown(self._store.save_settings(owner, record))

    def _shown(self, record: Record) -> Response:
        """Answer with a record, its password as the trap says."""
        display = self._state.traps.webitel_passwords
        options = record.get("options")
        if not isinstance(options, dict):
            return answer(record)
        auth = options.get("auth")
        if display == "clear" or not isinstance(auth, dict) or "pass" not in auth:
            return answer(record)
        shown = {key: value for key, value in auth.items() if key != "pass"}
        if display != "omit":
            shown["pass"] = PASSWORD_MASK if display == "mask" else ""
        return answer({**record, "options": {**options, "auth": shown}})


def _refuse(error: MongoError) -> None:
    fail(500, error.text, **({} if error.code is None else {"code": error.code}))


def _normalised(options: Record) -> Record:
    changed = dict(options)
    if isinstance(options.get("host"), str):
        changed["host"] = options["host"].lower()
    if "port" in options:
        changed["port"] = str(options["port"])
    return changed


def _as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: part if name == "pass" else _as_texts(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_texts(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return value
    return unicodedata.normalize("NFC", str(value)).strip().rstrip(".").lower()
