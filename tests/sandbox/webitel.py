# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Webitel API: login, who am I, domains, and the email settings of a domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NoReturn

from fastapi import APIRouter, Query, Request, Security
from fastapi.security import APIKeyHeader
from starlette.responses import Response

from .http import NotJson, VendorError, answer, json_body, read_json
from .smtp_connection import SendError
from .smtp_send import send_test_message
from .traps import PASSWORD_MASK
from .webitel_store import ROOT_USERNAME, Record, Token
from .webitel_transport import mail_server

if TYPE_CHECKING:
    from .state import State

# These describe the credentials and the parameter to the OpenAPI page; the endpoints judge them in the vendor's words.
_DOCUMENTED = [
    Security(APIKeyHeader(name="X-Access-Token", auto_error=False)),
    Security(APIKeyHeader(name="X-Key", auto_error=False)),
]
_Domain = Annotated[str | None, Query(description="Counts only where the token is bound to no domain.")]

_EXAMPLE = {
    "provider": "smtp",
    "description": "Outgoing mail",
    "from": "certs@example.com",
    "options": {"host": "localhost", "port": 465, "secure": True, "auth": {"user": "certs@example.com", "pass": "…"}},
}


class WebitelApi:
    """The endpoints; each method is one."""

    def __init__(self, state: State) -> None:
        """Serve the records, tokens and traps of ``state``."""
        self._state = state
        self._store = state.webitel

    def router(self) -> APIRouter:
        """Return the routes, below whatever prefix the application gives them."""
        router = APIRouter(tags=["Webitel"])
        settings = "/api/v2/email/settings"
        record, credentials = json_body(_EXAMPLE), json_body({"username": ROOT_USERNAME, "password": "…"})
        router.add_api_route("/login", self.login, methods=["POST"], openapi_extra=credentials)
        for path, endpoint, method, extra in (
            ("/logout", self.logout, "POST", None),
            ("/api/v2/whoami", self.whoami, "GET", None),
            ("/api/v2/domains", self.domains, "GET", None),
            (settings, self.get_settings, "GET", None),
            (settings, self.post_settings, "POST", record),
            (settings, self.put_settings, "PUT", record),
            (settings, self.delete_settings, "DELETE", None),
            (f"{settings}/test", self.send_test, "POST", json_body({"to": "someone@example.com"})),
            (f"{settings}/test/{{address}}", self.send_test_to, "POST", None),
        ):
            router.add_api_route(path, endpoint, methods=[method], dependencies=_DOCUMENTED, openapi_extra=extra)
        return router

    async def login(self, request: Request) -> Response:
        """Open a session; its token is valid together with its key only."""
        body = await _read_body(request)
        credentials = (body.get("username"), body.get("password")) if isinstance(body, dict) else None
        if credentials != (ROOT_USERNAME, self._store.root_password):
            _fail(401, "Invalid credentials")
        session = self._store.open_session()
        return answer(
            {
                "key": session.key,
                "token": session.token,
                "username": session.username,
                "expires": session.expires_ms,
                "role": 2,
                "roleName": "root",
                "acl": {"email": ["*"]},
            }
        )

    async def logout(self, request: Request) -> Response:
        """End the session that the token belongs to."""
        self._store.close_session(self._caller(request).token)
        return answer({"status": "OK", "info": "Successful logout."})

    async def whoami(self, request: Request) -> Response:
        """Say who the caller is, and which domain the token is bound to."""
        caller = self._caller(request)
        name = caller.username or (f"token@{caller.domain}" if caller.domain else "root")
        role = "admin" if caller.domain else "root"
        return answer({"id": name, "domain": caller.domain, "roleName": role, "acl": {"email": ["*"]}})

    async def domains(self, request: Request) -> Response:
        """List the domains that the caller may see."""
        bound = self._caller(request).domain
        names = [name for name in self._store.domains() if bound in (None, name)]
        entries = {name: {"id": name, "domain": name, "user": 0, "acc/dvc": "0/0"} for name in names}
        return answer({"status": "OK", "data": entries})

    async def get_settings(self, request: Request, domain: _Domain = None) -> Response:
        """Show the settings."""
        owner = self._caller(request).domain or domain
        if not owner:
            _fail(400, "Bad request (domain required).")
        record = self._store.settings(owner)
        if record is None:
            _fail(404, "Not found!")
        return self._shown(record)

    async def post_settings(self, request: Request, domain: _Domain = None) -> Response:
        """Create the settings, or replace all of them."""
        owner, record = await self._written(request, domain)
        stored = self._store.settings(owner)
        if stored is not None:
            _refuse_id(record, stored)
        return self._shown(self._store.save_settings(owner, record))

    async def put_settings(self, request: Request, domain: _Domain = None) -> Response:
        """Replace all of the settings; 404 where that would modify nothing."""
        owner, record = await self._written(request, domain)
        stored = self._store.settings(owner)
        if stored is None:
            _fail(404, "Not found.")
        _refuse_id(record, stored)
        if _same(stored, {**record, "_id": stored["_id"]}):
            _fail(404, "Not found.")
        return self._shown(self._store.save_settings(owner, record))

    async def delete_settings(self, request: Request, domain: _Domain = None) -> Response:
        """Remove the settings; says how many records that were."""
        owner = self._caller(request).domain or domain
        if not owner:
            _fail(400, "Bad parameters.")
        return answer({"status": "OK", "Info": f"Removed {self._store.delete_settings(owner)} record."})

    async def send_test(self, request: Request, domain: _Domain = None) -> Response:
        """Send a test message from the stored settings to the address in `to`."""
        body = await _read_body(request)
        address = body.get("to") if isinstance(body, dict) else None
        return await self._send_test(request, domain, address)

    async def send_test_to(self, request: Request, address: str, domain: _Domain = None) -> Response:
        """Send a test message from the stored settings to the address in the path."""
        return await self._send_test(request, domain, address)

    async def _send_test(self, request: Request, domain: str | None, address: object) -> Response:
        owner = self._caller(request).domain or domain
        if not owner or not isinstance(address, str) or not address:
            _fail(400, "Bad parameters.")
        record = self._store.settings(owner)
        if record is None:
            _fail(404, f"Not settings EMail provider from domain {owner}")
        try:
            server = mail_server(record.get("options"))
            delivery = await send_test_message(server, str(record.get("from") or ""), address, self._state.ca_file)
        except SendError as error:
            _fail(500, error.text)
        return answer({"status": "OK", "info": delivery.as_nodemailer_info()})

    def _caller(self, request: Request) -> Token:
        """Return whose token the request carries; end it with 401 where it carries no good one."""
        token = self._store.find_token(request.headers.get("x-access-token", ""))
        if token is None:
            _fail(401, "Invalid token")
        if token.expired:
            _fail(401, "Token Expired")
        if token.kind == "user" and request.headers.get("x-key") != token.key:
            _fail(401, "Invalid User")
        return token

    async def _written(self, request: Request, domain: str | None) -> tuple[str, Record]:
        """Return whose settings a request writes, and the record as this server will store it."""
        owner = self._caller(request).domain or domain
        body = await _read_body(request)
        if not owner or not isinstance(body, dict) or _falsy(body.get("provider")) or _falsy(body.get("options")):
            _fail(400, "Bad parameters.")
        options = body["options"]
        if self._state.traps.webitel_normalise == "on" and isinstance(options, dict):
            options = _normalised(options)
        return owner, {**body, "options": options, "domain": owner}

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


def _fail(status: int, info: str) -> NoReturn:
    raise VendorError(status, {"status": "error", "info": info})


async def _read_body(request: Request) -> Any:
    try:
        return await read_json(request)
    except NotJson as error:
        _fail(400, str(error))


def _falsy(value: object) -> bool:
    """Say whether JavaScript takes the value for false; an empty object counts as true there."""
    return not value and not isinstance(value, dict | list)


def _refuse_id(record: Record, stored: Record) -> None:
    if "_id" in record:
        _fail(
            500,
            f"The _id field cannot be changed from {{_id: ObjectId('{stored['_id']}')}} to {{_id: {record['_id']!r}}}.",
        )


def _same(one: object, other: object) -> bool:
    """Compare as the database does: ``True`` is not ``1`` there, at no level."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _normalised(options: Record) -> Record:
    changed = dict(options)
    if isinstance(options.get("host"), str):
        changed["host"] = options["host"].lower()
    if "port" in options:
        changed["port"] = str(options["port"])
    return changed
