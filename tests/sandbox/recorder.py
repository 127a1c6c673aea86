# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layer around the vendor endpoints: latency, scripted faults, and the request log."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response

from .faults import take_fault

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from .state import State

_OWN_PATHS = ("/_sandbox", "/docs", "/openapi.json")
_WEBITEL_CLOUD_PATHS = ("/api/email/profile", "/api/routing", "/api/userinfo")
_ITFLEX_PATHS = ("/api/email", "/api/oauth2", "/api/v1/oauth2", "/api/openvpn")


class Recorder:
    """ASGI middleware; requests to the sandbox's own pages pass untouched."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        """Wrap ``app``; traps, faults and the log are those of ``state``."""
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(_OWN_PATHS):
            await self._app(scope, receive, send)
            return
        body = await _read_body(receive)
        path = _path_with_query(scope)
        requests = self._state.requests
        if self._state.traps.delay_ms:
            await asyncio.sleep(self._state.traps.delay_ms / 1000)
        status = await self._answer(scope, body, _replay(body, receive), path, send)
        requests.append(_entry(scope, body, path, status))

    async def _answer(self, scope: Scope, body: bytes, receive: Receive, path: str, send: Send) -> int:
        """Send the real or the scripted answer; return its status."""
        statuses: list[int] = []

        async def send_noting_status(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        async def discard(_message: Message) -> None:
            return None

        fault = take_fault(self._state.faults, scope["method"], path)
        if fault is None:
            await self._app(scope, receive, send_noting_status)
            return statuses[0]
        if fault.after:
            await self._app(scope, receive, discard)
        said = fault.answer_to(Headers(scope=scope), body)
        await Response(said, fault.status, fault.headers)(scope, receive, send)
        return fault.status


async def _read_body(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


def _replay(body: bytes, rest: Receive) -> Receive:
    """Return a ``receive`` that gives the body that was already read, and then says whether the client has left."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return waiting.pop() if waiting else await rest()

    return receive


def _path_with_query(scope: Scope) -> str:
    query = scope["query_string"].decode(errors="replace")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def _entry(scope: Scope, body: bytes, path: str, status: int) -> dict[str, Any]:
    """Return what the log keeps. Header values stay out of it, the body does not: tests look at what was sent."""
    return {
        "method": scope["method"],
        "path": path,
        "api": _api(path),
        "status": status,
        "headers": sorted(name.decode() for name, _value in scope["headers"]),
        "body": _parsed(body),
        "connection": scope["client"][1],
    }


def _api(path: str) -> str:
    if path.startswith(_WEBITEL_CLOUD_PATHS):
        return "webitel_cloud"
    return "itflex" if path.startswith(_ITFLEX_PATHS) else "webitel"


def _parsed(body: bytes) -> Any:
    if not body:
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode(errors="replace")
