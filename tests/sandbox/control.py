# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox's own API: switches, scripted faults, and a look behind the vendors' endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Body, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from .faults import Fault
from .http import answer
from .mailbox import as_document, as_text
from .webitel_store import TokenKind

if TYPE_CHECKING:
    from .state import State


class NewToken(BaseModel):
    """A Webitel token to make; ``domain`` is what it is bound to. Only a user's is bound to none: root's."""

    model_config = ConfigDict(extra="forbid")

    domain: str | None = None
    kind: TokenKind = "domain"
    expires_ms: int | None = None

    @model_validator(mode="after")
    def _only_root_is_unbound(self) -> NewToken:
        if self.domain is None and self.kind != "user":
            raise ValueError("a token without a key belongs to a domain")
        return self


class Template(BaseModel):
    """An iTFLEX template of a message, sent by the account of ``email_account_id``."""

    model_config = ConfigDict(extra="forbid")

    name: str
    title: str = "Your certificate"
    body: str = ""
    email_account_id: int | None


class MailUser(BaseModel):
    """Someone who may log in to the mail server."""

    model_config = ConfigDict(extra="forbid")

    username: str
    password: str


class ControlApi:
    """The endpoints; each method is one. Endpoints without something to show answer 204."""

    def __init__(self, state: State) -> None:
        """Steer ``state``."""
        self._state = state

    def router(self) -> APIRouter:
        """Return the routes."""
        router = APIRouter(prefix="/_sandbox", tags=["Sandbox"])
        for path, method, endpoint in (
            ("/health", "GET", self.health),
            ("/traps", "GET", self.get_traps),
            ("/traps", "PATCH", self.change_traps),
            ("/requests", "GET", self.get_requests),
            ("/messages", "GET", self.get_messages),
            ("/webitel/tokens", "POST", self.add_token),
            ("/webitel/sessions", "GET", self.get_sessions),
            ("/webitel/settings", "GET", self.get_settings),
            ("/webitel/settings/{domain}", "PUT", self.put_settings),
            ("/itflex/accounts", "GET", self.get_accounts),
            ("/itflex/accounts", "POST", self.add_accounts),
            ("/itflex/templates", "POST", self.add_template),
        ):
            router.add_api_route(path, endpoint, methods=[method], response_model=None)
        for path, method, silent in (
            ("/reset", "POST", self.reset),
            ("/requests", "DELETE", self.clear_requests),
            ("/messages", "DELETE", self.clear_messages),
            ("/faults", "POST", self.add_fault),
            ("/faults", "DELETE", self.clear_faults),
            ("/smtp/users", "POST", self.add_mail_user),
            ("/webitel/domains/{domain}", "PUT", self.put_domain),
            ("/webitel/domains", "POST", self.add_domains),
            ("/webitel/settings/{domain}", "DELETE", self.delete_settings),
            ("/itflex/expire_tokens", "POST", self.expire_tokens),
        ):
            router.add_api_route(path, silent, methods=[method], status_code=204)
        return router

    async def health(self) -> dict[str, str]:
        """Say that the sandbox is up."""
        return {"status": "ok"}

    async def get_traps(self) -> Response:
        """Show all switches."""
        return answer(self._state.traps.model_dump())

    async def change_traps(self, changes: dict[str, Any]) -> Response:
        """Set the named switches, leave the others."""
        try:
            self._state.traps = self._state.traps.changed(changes)
        except ValidationError as error:
            raise HTTPException(422, error.errors(include_context=False, include_url=False)) from error
        return answer(self._state.traps.model_dump())

    async def reset(self) -> None:
        """Forget all records, messages, requests, faults and logins; default switches. Credentials stay."""
        self._state.reset()

    async def get_requests(self) -> Response:
        """List the vendor requests, the oldest first; `connection` tells the connections apart."""
        return answer(list(self._state.requests))

    async def clear_requests(self) -> None:
        """Empty the request log."""
        self._state.requests.clear()

    async def get_messages(self, form: Annotated[Literal["json", "text"], Query(alias="format")] = "json") -> Response:
        """List what arrived at the mail server; `?format=text` for readers."""
        messages = self._state.mailbox.messages()
        if form == "text":
            return Response(as_text(messages), media_type="text/plain; charset=utf-8")
        return answer([as_document(message) for message in messages])

    async def clear_messages(self) -> None:
        """Empty the mailbox."""
        self._state.mailbox.clear()

    async def add_fault(self, fault: Fault) -> None:
        """Script an answer."""
        self._state.faults.append(fault)

    async def clear_faults(self) -> None:
        """Forget all scripted answers."""
        self._state.faults.clear()

    async def add_mail_user(self, user: MailUser) -> None:
        """Let someone log in to the mail server."""
        self._state.mailbox.add_user(user.username, user.password)

    async def add_token(self, wanted: NewToken) -> Response:
        """Make a lasting Webitel token; the domain it is bound to becomes known."""
        if wanted.domain is not None:
            self._state.webitel.add_domain(wanted.domain)
        token = self._state.webitel.add_token(wanted.kind, wanted.domain, wanted.expires_ms)
        return answer({"access_token": token.token, "key": token.key, "domain": token.domain})

    async def get_sessions(self) -> Response:
        """List the Webitel logins that have not been ended."""
        return answer(self._state.webitel.sessions())

    async def put_domain(self, domain: str) -> None:
        """Make a Webitel domain known."""
        self._state.webitel.add_domain(domain)

    async def add_domains(self, domains: list[str]) -> None:
        """Make many Webitel domains known, in this order."""
        for domain in domains:
            self._state.webitel.add_domain(domain)

    async def get_settings(self) -> Response:
        """List the stored Webitel settings as they are, passwords included."""
        return answer(self._state.webitel.all_settings())

    async def put_settings(self, domain: str, record: dict[str, Any]) -> Response:
        """Store a Webitel record unchecked; the domain becomes known."""
        self._state.webitel.add_domain(domain)
        return answer(self._state.webitel.save_settings(domain, record))

    async def delete_settings(self, domain: str) -> None:
        """Remove a Webitel record."""
        self._state.webitel.delete_settings(domain)

    async def get_accounts(self) -> Response:
        """List the stored iTFLEX accounts as they are, passwords included."""
        return answer(self._state.itflex.accounts())

    async def add_accounts(self, accounts: Annotated[Any, Body()]) -> Response:
        """Store one iTFLEX account or a list of them unchecked; returns the ids."""
        records = accounts if isinstance(accounts, list) else [accounts]
        return answer(self._state.itflex.add_all(records))

    async def add_template(self, template: Template) -> Response:
        """Store an iTFLEX template; returns it with its id."""
        return answer(self._state.itflex.add_template(template.model_dump()))

    async def expire_tokens(self) -> None:
        """End all iTFLEX access tokens, the fixed one until the next reset."""
        self._state.itflex.expire_tokens()
