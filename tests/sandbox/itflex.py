# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The iTFLEX API: tokens, the email accounts, and the test message."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, NoReturn

from fastapi import APIRouter, Request, Security
from fastapi.security import HTTPBearer
from starlette.responses import Response

from .http import NotJson, VendorError, answer, json_body, read_json
from .itflex_fields import Problem, check, problem, shown
from .itflex_store import now
from .smtp_connection import Encryption, Login, MailServer, SendError, Stage
from .smtp_send import send_test_message

if TYPE_CHECKING:
    from .itflex_store import Account
    from .state import State

# Describes the credential to the OpenAPI page; the endpoints judge it in the vendor's words.
_DOCUMENTED = [Security(HTTPBearer(auto_error=False))]

_EXAMPLE = {
    "default": False,
    "name": "Certificates",
    "email": "certs@example.com",
    "service": "other",
    "has_auth": True,
    "password": "…",
    "smtp_server": "localhost",
    "smtp_port": 587,
    "smtp_crypt": "starttls",
    "smtp_auth_mechanism": "plain",
}
_ENCRYPTION: dict[str, Encryption] = {"none": "none", "ssl-tls": "implicit", "starttls": "starttls"}
_DEFAULT_PORT = {"none": 25, "ssl-tls": 465, "starttls": 587}
FIELD_OF_STAGE: dict[Stage, str] = {
    "connection": "smtp_server",
    "encryption": "smtp_crypt",
    "mechanism": "smtp_auth_mechanism",
    "credentials": "password",
    "sender": "email",
    "recipient": "to_email",
    "message": "to_email",
}


class ItflexApi:
    """The endpoints; each method is one."""

    def __init__(self, state: State) -> None:
        """Serve the accounts, tokens and traps of ``state``."""
        self._state = state
        self._store = state.itflex

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(tags=["iTFLEX"])
        refresh = json_body({"grant_type": "refresh_token", "refresh_token": "…"})
        for path in ("/api/v1/oauth2/token", "/api/oauth2/token"):
            router.add_api_route(path, self.refresh_access_token, methods=["POST"], openapi_extra=refresh)
        accounts = "/api/email/accounts"
        for path, endpoint, method, extra in (
            (accounts, self.list_accounts, "GET", None),
            (accounts, self.create_account, "POST", json_body(_EXAMPLE)),
            (f"{accounts}/test", self.send_test, "POST", json_body({**_EXAMPLE, "to_email": "someone@example.com"})),
            (f"{accounts}/{{account_id}}", self.get_account, "GET", None),
            (f"{accounts}/{{account_id}}", self.replace_account, "PUT", json_body(_EXAMPLE)),
            (f"{accounts}/{{account_id}}", self.delete_account, "DELETE", None),
            ("/api/openvpn/email/templates", self.list_templates, "GET", None),
        ):
            router.add_api_route(path, endpoint, methods=[method], dependencies=_DOCUMENTED, openapi_extra=extra)
        return router

    async def refresh_access_token(self, request: Request) -> Response:
        """Sell an access token for the refresh token, or for a user name with its password."""
        body = await _read_body(request)
        traps = self._state.traps
        seconds = traps.itflex_token_seconds
        grant = body.get("grant_type") if isinstance(body, dict) else None
        if grant == "refresh_token":
            rotate = traps.itflex_rotate_refresh == "on"
            tokens = self._store.refresh_access_token(str(body.get("refresh_token")), seconds=seconds, rotate=rotate)
            wrong = problem("refresh_token", "invalid", "Token de atualização inválido.")
        elif grant == "password":
            tokens = self._store.log_in(body.get("username"), body.get("password"), seconds=seconds)
            wrong = problem("password", "invalid", "Usuário ou senha inválidos.")
        else:
            _fail(400, problem("grant_type", "invalid", "Tipo de concessão não suportado."))
        if tokens is None:
            _fail(401, wrong)
        access_token, refresh_token = tokens
        response = answer(
            {"access_token": access_token, "refresh_token": refresh_token, "expires_in": traps.itflex_token_seconds}
        )
        response.set_cookie("access-token", access_token, httponly=True)
        response.set_cookie("refresh-token", refresh_token, httponly=True)
        return response

    async def list_accounts(self, request: Request) -> Response:
        """List all accounts."""
        self._authorise(request)
        accounts = [shown(account, self._state.traps) for account in self._store.accounts()]
        if self._state.traps.itflex_shuffle == "on":
            random.shuffle(accounts)
        return answer(accounts)

    async def get_account(self, request: Request, account_id: str) -> Response:
        """Show one account."""
        self._authorise(request)
        return self._shown(self._stored(account_id))

    async def create_account(self, request: Request) -> Response:
        """Create an account."""
        self._authorise(request)
        account = await self._checked(request, stored=None)
        return self._shown(self._settled(self._store.add(account)))

    async def replace_account(self, request: Request, account_id: str) -> Response:
        """Replace all fields of an account."""
        self._authorise(request)
        stored = self._stored(account_id)
        account = await self._checked(request, stored)
        if self._state.traps.itflex_put_without_password == "keep" and "password" in stored:
            account.setdefault("password", stored["password"])
        account |= {"created_at": stored["created_at"], "updated_at": now()}
        return self._shown(self._settled(self._store.replace(stored["id"], account)))

    async def delete_account(self, request: Request, account_id: str) -> Response:
        """Delete an account."""
        self._authorise(request)
        self._store.delete(self._stored(account_id)["id"])
        return Response()

    async def list_templates(self, request: Request) -> Response:
        """List the templates of messages, each with the account that sends it."""
        self._authorise(request)
        if self._state.traps.itflex_templates == "missing":
            # As a server answers that has no such route: in no form of the vendor's.
            return Response("404: Not Found", 404, media_type="text/plain")
        if self._state.traps.itflex_templates == "forbidden":
            _fail(403, problem("permission", "rule", "Sem permissão para este recurso."))
        return answer({"email_templates": self._store.templates()})

    async def send_test(self, request: Request) -> Response:
        """Send a test message through the account that the body describes, stored or not."""
        self._authorise(request)
        body = await _read_body(request)
        account, problems = check(body, self._state.traps, creating=True, required=("to_email",))
        if problems:
            _fail(400, *problems)
        server = _mail_server(account)
        try:
            await send_test_message(server, account["email"], account["to_email"], self._state.ca_file)
        except SendError as error:
            text = f"Falha no envio do email de teste: {error.text}"
            _fail(400, problem(FIELD_OF_STAGE[error.stage], "rule", text))
        return Response()

    def _authorise(self, request: Request) -> None:
        """End the request with 401 unless it carries a live access token."""
        scheme, _space, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            token = request.cookies.get("access-token", "")
        if not self._store.accepts(token):
            _fail(401, problem("access_token", "invalid", "Token de acesso inválido ou expirado."))

    def _stored(self, account_id: str) -> Account:
        account = self._store.account(int(account_id)) if account_id.isdecimal() else None
        if account is None:
            _fail(404, problem("id", "not_found", "Conta de email não encontrada."))
        return account

    async def _checked(self, request: Request, stored: Account | None) -> Account:
        """Return the account in the body; end the request with what is wrong with it."""
        body = await _read_body(request)
        account, problems = check(body, self._state.traps, creating=stored is None)
        if problems:
            _fail(400, *problems)
        own_id = None if stored is None else stored["id"]
        if self._state.traps.itflex_unique_name == "on" and self._store.name_taken(account["name"], own_id):
            _fail(409, problem("name", "duplicated", "Já existe uma conta de email com este nome."))
        return account

    def _settled(self, account: Account) -> Account:
        """Do what a write of this account does to the others."""
        if account["default"] and self._state.traps.itflex_default == "unmade":
            self._store.unmake_defaults(account["id"])
        return account

    def _shown(self, account: Account) -> Response:
        return answer(shown(account, self._state.traps))


def _mail_server(account: Account) -> MailServer:
    """Return the server that an account describes; end the request where it describes none."""
    if not account.get("smtp_server"):
        _fail(400, problem("smtp_server", "required", "Informe o servidor SMTP."))
    login = None
    if account["has_auth"]:
        mechanism = account.get("smtp_auth_mechanism")
        login = Login(account["email"], account.get("password", ""), mechanism.upper() if mechanism else None)
    encryption = account.get("smtp_crypt", "none")
    # An account has no field that says otherwise, so certificates are always checked, and a bad one ends the test.
    return MailServer(
        host=account["smtp_server"],
        port=account.get("smtp_port", _DEFAULT_PORT[encryption]),
        encryption=_ENCRYPTION[encryption],
        verify=True,
        login=login,
        server_name=account["smtp_server"],
    )


def _fail(status: int, *problems: Problem) -> NoReturn:
    raise VendorError(status, {"errors": problems})


async def _read_body(request: Request) -> Any:
    try:
        return await read_json(request)
    except NotJson as error:
        _fail(400, problem("data", "invalid", f"JSON inválido: {error}"))
