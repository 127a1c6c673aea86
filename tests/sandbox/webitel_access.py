# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may ask Webitel: tokens and keys, login with and without a second factor, logout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .express import ExpressError, answer, fail, header, query
from .javascript import is_true
from .webitel_store import ROOT_USERNAME, Token

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from .state import State

_ROLES = {"root": 2, "admin": 1, "user": 0}


def may_do() -> dict[str, Any]:
    """Return what whoami and login show of rights and services. The recording leaves their contents out."""
    return {"acl": {"email": ["*"]}, "cdr": {"host": ""}, "verto": {}}


class WebitelAccess:
    """Judges credentials as the server does, in its order and its words."""

    def __init__(self, state: State) -> None:
        """Know the tokens of ``state``."""
        self._state = state
        self._store = state.webitel

    def caller(self, request: Request, body: Any) -> Token:
        """Return whose token a request carries; end it with 401 where it carries no good one."""
        token = self._store.find_token(_credential(request, body, "access_token", "x-access-token"))
        if token is None:
            fail(401, "Invalid token")
        if token.expired:
            fail(401, "Token Expired")
        if token.kind == "disabled":
            fail(401, "Not found token")
        if token.kind == "user":
            key = _credential(request, body, "x_key", "x-key")
            if not is_true(key):
                fail(401, "Invalid Token or Key")
            if token.key is None or key != token.key:
                fail(401, "Invalid User")
        return token

    async def login(self, request: Request, body: Any) -> Response:
        """Open a session; its token is valid together with its key only."""
        given = body if isinstance(body, dict) else {}
        username = given.get("username")
        if not is_true(username):
            raise ExpressError(401, {"status": 401, "message": "Invalid credentials"})
        domain = self._store.domain_of(username)
        if username != ROOT_USERNAME and domain is None:
            fail(401, "-ERR user not found\n")
        if given.get("password") != self._store.root_password:
            fail(401, "secret incorrect")
        if domain is None and self._state.traps.webitel_second_factor == "on":
            self._check_code(query(request).get("code"))
        session = self._store.open_session(domain)
        bound = {"domain": domain} if domain else {}
        shown = {"key": session.key, **bound, "username": session.username, "expires": session.expires_ms}
        role = {"role": _ROLES[session.role], "roleName": session.role}
        return answer({**shown, "token": session.token, **role, **may_do()})

    def _check_code(self, code: object) -> None:
        if not is_true(code):
            # No `Location` says where to go: it is the login again, with the code.
            raise ExpressError(301, {"info": "Set security code"})
        if code != self._store.login_code:
            fail(401, "Invalid security code")

    async def logout(self, request: Request, body: Any) -> Response:
        """End the session that token and key belong to."""
        token = _credential(request, body, "access_token", "x-access-token")
        key = _credential(request, body, "x_key", "x-key")
        if not is_true(token) or not is_true(key):
            raise ExpressError(401, {"status": 401, "message": "Invalid credentials"})
        found = self._store.find_token(token)
        if found is None or found.key is None or found.key != key:
            fail(401, "Invalid credentials.")
        self._store.close_session(found.token)
        return answer({"status": "OK", "info": "Successful logout."})


def _credential(request: Request, body: Any, name: str, header_name: str) -> Any:
    """Return a credential: what stands in the body wins over the query, that over the header."""
    of_body = body.get(name) if isinstance(body, dict) else None
    if is_true(of_body):
        return of_body
    of_query = query(request).get(name)
    return of_query if is_true(of_query) else header(request, header_name)
