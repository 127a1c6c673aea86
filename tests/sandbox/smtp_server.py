# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The local mail server: three listeners, authentication, and a mailbox for what arrives."""

from __future__ import annotations

import asyncio
import email
import email.policy
import hashlib
import hmac
import logging
from email.utils import make_msgid
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from .mailbox import Mailbox, ReceivedMessage

if TYPE_CHECKING:
    import ssl

_HOST = "127.0.0.1"
_ACCEPTED = "250 2.0.0 OK"


class _Handler:
    """What one listener does with logins and messages."""

    def __init__(self, listener: str, mailbox: Mailbox) -> None:
        self._listener = listener
        self._mailbox = mailbox

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, credentials: Any
    ) -> AuthResult:
        """Judge a login that carries the password itself (PLAIN, LOGIN)."""
        username, password = credentials
        known = self._mailbox.password_of(username.decode(errors="replace"))
        success = known is not None and hmac.compare_digest(known.encode(), password)
        return AuthResult(success=success, handled=False, auth_data=credentials)

    async def auth_CRAM__MD5(self, server: SMTP, _arguments: list[str]) -> AuthResult:  # noqa: N802
        """Judge a login with CRAM-MD5; the name is how the library finds the mechanism."""
        challenge = make_msgid(domain="localhost").encode()
        response = await server.challenge_auth(challenge)
        if not isinstance(response, bytes):
            # The library has answered the client already what was wrong with its answer.
            return AuthResult(success=False, handled=True)
        username, _space, digest = response.rpartition(b" ")
        known = self._mailbox.password_of(username.decode(errors="replace"))
        expected = hmac.new((known or "").encode(), challenge, hashlib.md5).hexdigest().encode()
        success = known is not None and hmac.compare_digest(expected, digest)
        return AuthResult(success=success, handled=False, auth_data=LoginPassword(username, b""))

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender, unless its name says that it is to be refused, or that the connection drops."""
        if address.startswith("dropped@"):
            return _dropped(server)
        if address.startswith("refused@"):
            return "553 5.7.1 Sender address rejected: not owned by user"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return _ACCEPTED

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, unless its name says that there is no such mailbox."""
        if address.startswith("unknown@"):
            return "550 5.1.1 Recipient address rejected: user unknown"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return _ACCEPTED

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message; the connection drops after it where a recipient's name says so."""
        assert isinstance(envelope.content, bytes)
        assert server.transport is not None
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        text = message.get_body(("plain",))
        auth_data = session.auth_data
        self._mailbox.add(
            ReceivedMessage(
                listener=self._listener,
                tls=server.transport.get_extra_info("ssl_object") is not None,
                auth_user=auth_data.login.decode() if isinstance(auth_data, LoginPassword) else None,
                sender=envelope.mail_from or "",
                recipients=list(envelope.rcpt_tos),
                subject=str(message["subject"] or ""),
                body=text.get_content() if text is not None else "",
            )
        )
        if any(address.startswith("dropped@") for address in envelope.rcpt_tos):
            return _dropped(server)
        return "250 2.0.0 OK: message kept"


def _dropped(server: SMTP) -> str:
    """End the connection in order; the reply is one that nobody gets."""
    assert server.transport is not None
    server.transport.close()
    return _ACCEPTED


class _Server(SMTP):
    """Asks for the user name and the password as Postfix and Exchange do, which Nodemailer insists on."""

    AuthLoginUsernameChallenge = "Username:"
    AuthLoginPasswordChallenge = "Password:"


class MailListeners:
    """The three listeners, on free ports of the loopback address: ``none``, ``starttls``, ``ssl_tls``."""

    def __init__(self, mailbox: Mailbox, tls: ssl.SSLContext) -> None:
        """Keep what arrives in ``mailbox``."""
        self._mailbox = mailbox
        self._tls = tls
        self._servers: list[asyncio.Server] = []

    async def start(self) -> dict[str, int]:
        """Listen; return each listener's port."""
        # The library warns of authentication without TLS, which is what the listener `none` is there for.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        return {
            "none": await self._listen("none", starttls=None, tls=None),
            "starttls": await self._listen("starttls", starttls=self._tls, tls=None),
            "ssl_tls": await self._listen("ssl_tls", starttls=None, tls=self._tls),
        }

    async def stop(self) -> None:
        """Stop listening."""
        for server in self._servers:
            server.close()

    async def _listen(self, name: str, *, starttls: ssl.SSLContext | None, tls: ssl.SSLContext | None) -> int:
        loop = asyncio.get_running_loop()
        handler = _Handler(name, self._mailbox)

        def new_connection() -> _Server:
            return _Server(
                handler,
                hostname="localhost",
                tls_context=starttls,
                auth_require_tls=False,
                authenticator=handler.authenticate,
                loop=loop,
            )

        server = await loop.create_server(new_connection, _HOST, 0, ssl=tls)
        self._servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port
