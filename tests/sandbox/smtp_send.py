# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends a test message through a mail server that a stored record describes."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import smtplib
import socket
import ssl
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate, make_msgid, parseaddr
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pathlib import Path

Encryption = Literal["none", "starttls_if_offered", "starttls", "implicit"]
Stage = Literal["connection", "encryption", "mechanism", "credentials", "sender", "recipient", "message"]

LONGEST_WAIT_SECONDS = 10.0
_HOSTNAME_MISMATCH, _ADDRESS_MISMATCH = 62, 64
_AUTHENTICATED, _CHALLENGE = 235, 334
_MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")


@dataclass(frozen=True)
class Login:
    """Who logs in; without a ``mechanism`` the first that the server offers is taken."""

    username: str
    password: str
    mechanism: str | None


@dataclass(frozen=True)
class MailServer:
    """Where to send, and how."""

    host: str
    port: int
    encryption: Encryption
    verify: bool
    login: Login | None
    client_name: str = "localhost"
    connect_seconds: float = LONGEST_WAIT_SECONDS
    answer_seconds: float = LONGEST_WAIT_SECONDS


@dataclass(frozen=True)
class Delivery:
    """A message that the server took."""

    sender: str
    recipient: str
    response: str
    message_id: str

    def as_nodemailer_info(self) -> dict[str, Any]:
        """Return what Nodemailer reports of a delivery."""
        return {
            "accepted": [self.recipient],
            "rejected": [],
            "response": self.response,
            "envelope": {"from": self.sender, "to": [self.recipient]},
            "messageId": self.message_id,
        }


class SendError(Exception):
    """The message was not sent; ``text`` is worded as Nodemailer does, ``stage`` says what it failed at."""

    def __init__(self, stage: Stage, text: str) -> None:
        """Keep both."""
        super().__init__(text)
        self.stage = stage
        self.text = text


async def send_test_message(server: MailServer, sender: str, recipient: str, ca_file: Path) -> Delivery:
    """Send one message without holding up other requests.

    ``sender`` may carry a display name. Certificates are checked against the system's authorities and the one in
    ``ca_file``. Raises ``SendError``.
    """
    return await asyncio.to_thread(_send, server, sender, recipient, ca_file)


def _send(server: MailServer, sender: str, recipient: str, ca_file: Path) -> Delivery:
    message, message_id = _test_message(sender, recipient)
    context = _tls_context(server, ca_file)
    client = _connect(server, context)
    try:
        client.ehlo()
        _start_tls(client, server, context)
        if server.login is not None:
            _log_in(client, server.login)
        response = _deliver(client, parseaddr(sender)[1], recipient, message)
    except (OSError, smtplib.SMTPException) as error:
        raise SendError("connection", f"Connection closed unexpectedly: {error}") from error
    finally:
        with suppress(OSError, smtplib.SMTPException):
            client.quit()
    return Delivery(parseaddr(sender)[1], recipient, response, message_id)


def _test_message(sender: str, recipient: str) -> tuple[bytes, str]:
    message, message_id = EmailMessage(), make_msgid(domain="sandbox.example")
    try:
        message["From"] = sender
        message["To"] = recipient
    except ValueError as error:
        raise SendError("message", f"Invalid address: {error}") from error
    message["Subject"] = "Test message"
    message["Date"] = formatdate()
    message["Message-ID"] = message_id
    message.set_content(f"This is a test message from {sender} to {recipient}.\n")
    return message.as_bytes(policy=SMTP_POLICY), message_id


def _tls_context(server: MailServer, ca_file: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(ca_file)
    if not server.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _connect(server: MailServer, context: ssl.SSLContext) -> smtplib.SMTP:
    """Return an open connection after the server's greeting."""
    place = f"{server.host}:{server.port}"
    arguments = (server.host, server.port, server.client_name)
    try:
        if server.encryption == "implicit":
            client: smtplib.SMTP = smtplib.SMTP_SSL(*arguments, timeout=server.connect_seconds, context=context)
        else:
            client = smtplib.SMTP(*arguments, timeout=server.connect_seconds)
    except ssl.SSLError as error:
        raise _tls_error(error, server) from error
    except socket.gaierror as error:
        raise SendError("connection", f"getaddrinfo ENOTFOUND {server.host}") from error
    except ConnectionRefusedError as error:
        raise SendError("connection", f"connect ECONNREFUSED {place}") from error
    except TimeoutError as error:
        raise SendError("connection", "Connection timeout") from error
    except smtplib.SMTPServerDisconnected as error:
        raise SendError("connection", "Greeting never received") from error
    except smtplib.SMTPConnectError as error:
        raise SendError("connection", f"Invalid greeting: {_reply(error.smtp_code, error.smtp_error)}") from error
    except (OSError, OverflowError, smtplib.SMTPException) as error:
        raise SendError("connection", f"connect {place}: {error}") from error
    assert client.sock is not None
    client.sock.settimeout(server.answer_seconds)
    return client


def _start_tls(client: smtplib.SMTP, server: MailServer, context: ssl.SSLContext) -> None:
    wanted = server.encryption == "starttls"
    if not wanted and not (server.encryption == "starttls_if_offered" and client.has_extn("starttls")):
        return
    try:
        client.starttls(context=context)
    except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException) as error:
        raise SendError("encryption", f"Error upgrading connection with STARTTLS: {error}") from error
    except ssl.SSLError as error:
        raise _tls_error(error, server) from error
    client.ehlo()


def _tls_error(error: ssl.SSLError, server: MailServer) -> SendError:
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in (_HOSTNAME_MISMATCH, _ADDRESS_MISMATCH):
            return SendError(
                "encryption",
                f"Hostname/IP does not match certificate's altnames: {server.host} is not in the cert's list",
            )
        return SendError("encryption", error.verify_message)
    return SendError("encryption", f"SSL routines: {str(error.reason).replace('_', ' ').lower()}")


def _log_in(client: smtplib.SMTP, login: Login) -> None:
    """Authenticate with the wanted mechanism, never with another one in its place."""
    offered = client.esmtp_features.get("auth", "").upper().split()
    mechanism = login.mechanism or next((name for name in _MECHANISMS if name in offered), None)
    if mechanism is None:
        raise SendError("mechanism", "The server offers no authentication mechanism that is known here")
    if mechanism not in _MECHANISMS:
        raise SendError("mechanism", f'Unknown authentication method "{mechanism}"')
    if mechanism not in offered:
        raise SendError("mechanism", f"The server does not offer the authentication mechanism {mechanism}")
    if not login.username or not login.password:
        raise SendError("credentials", f'Missing credentials for "{mechanism}"')
    code, text = _authenticate(client, mechanism, login)
    if code != _AUTHENTICATED:
        raise SendError("credentials", f"Invalid login: {_reply(code, text)}")


def _authenticate(client: smtplib.SMTP, mechanism: str, login: Login) -> tuple[int, bytes]:
    """Return the server's last reply; the library's own method takes ASCII passwords only, hence this."""
    username, password = login.username.encode(), login.password.encode()
    if mechanism == "PLAIN":
        return client.docmd("AUTH", "PLAIN " + _base64(b"\0" + username + b"\0" + password))
    code, text = client.docmd("AUTH", mechanism)
    if code != _CHALLENGE:
        return code, text
    if mechanism == "CRAM-MD5":
        digest = hmac.new(password, b64decode(text), hashlib.md5).hexdigest()
        return client.docmd(_base64(username + b" " + digest.encode()))
    code, text = client.docmd(_base64(username))
    return client.docmd(_base64(password)) if code == _CHALLENGE else (code, text)


def _deliver(client: smtplib.SMTP, sender: str, recipient: str, message: bytes) -> str:
    """Hand the message over; return the server's last reply."""
    try:
        code, text = client.mail(sender)
    except ValueError as error:
        raise SendError("sender", f"Mail command failed: {error}") from error
    if code != 250:
        raise SendError("sender", f"Mail command failed: {_reply(code, text)}")
    try:
        code, text = client.rcpt(recipient)
    except ValueError as error:
        raise SendError("recipient", f"Can't send mail - all recipients were rejected: {error}") from error
    if code not in (250, 251):
        raise SendError("recipient", f"Can't send mail - all recipients were rejected: {_reply(code, text)}")
    try:
        code, text = client.data(message)
    except smtplib.SMTPDataError as error:
        code, text = error.smtp_code, error.smtp_error  # type: ignore[assignment]
    if code != 250:
        raise SendError("message", f"Message failed: {_reply(code, text)}")
    return _reply(code, text)


def _reply(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {words}"


def _base64(data: bytes) -> str:
    return b64encode(data).decode()
