# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Webitel's test message, and its mailer that never gives up where the mail server drops the connection."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from .express import answer, fail
from .smtp_connection import Dropped, SendError
from .smtp_send import send_test_message
from .webitel_transport import mail_server

if TYPE_CHECKING:
    from starlette.requests import Request

    from .smtp_send import Delivery
    from .state import State

# The mailer's own pauses between a connection that closed and the next one.
_PAUSE_SECONDS = 0.15


async def send_test(state: State, record: dict[str, Any], to: object, request: Request) -> Response:
    """Send a message from the settings in ``record``; answer as the server does, or with no word of it at all."""
    recipient = ",".join(map(str, to)) if isinstance(to, list) else to if isinstance(to, str) else ""
    try:
        delivery = await _tried_for_ever(state, record, recipient, request)
    except SendError as error:
        fail(500, error.text, **({"code": error.code} if error.code else {}))
    if delivery is None:
        # The server would still be trying. What is in front of it says this, where it does not wait for ever itself.
        return Response("<h1>504 Gateway Time-out</h1>", 504, media_type="text/html")
    return answer({"status": "OK", "info": delivery.as_nodemailer_info()})


async def _tried_for_ever(state: State, record: dict[str, Any], recipient: str, request: Request) -> Delivery | None:
    """Send, again wherever the connection was dropped; ``None`` where nobody waits for it any longer.

    The vendor's mailer goes on for ever, also when the client has left. Here it ends then, or after the seconds of
    the trap.
    """
    server = mail_server(record.get("options"))
    sender = str(record.get("from") or "")
    end = time.monotonic() + state.traps.webitel_silence_seconds
    while True:
        try:
            return await send_test_message(server, sender, recipient, state.ca_file)
        except Dropped:
            if state.traps.webitel_dropped == "error":
                raise
        if time.monotonic() >= end or await request.is_disconnected():
            return None
        await asyncio.sleep(_PAUSE_SECONDS)
