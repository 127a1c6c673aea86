# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends a test message through a mail server that a stored record describes, as Nodemailer 1.x does.

Two things are kinder here: no wait is longer than ten seconds, and where options of the wrong type make the library
throw what nobody catches, which ends the vendor's server, the message is only not sent.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import smtplib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING, Any

from .nodemailer_addresses import addresses, envelope_address, header_value
from .smtp_connection import Login, MailServer, SendError, connection, reply

if TYPE_CHECKING:
    from pathlib import Path

_MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2")
_CHALLENGE = re.compile(r"334\s+(.+)")
_WELCOME = re.compile(r"235\s+")
_QUESTION = 334
_MOST_QUESTIONS = 10
_USERNAME_ASKED, _PASSWORD_ASKED = "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"


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
            "envelope": {"from": self.sender or False, "to": [self.recipient]},
            "messageId": self.message_id.strip("<>"),
        }


async def send_test_message(server: MailServer, sender: str, recipient: str, ca_file: Path) -> Delivery:
    """Send one message without holding up other requests.

    ``sender`` may carry a display name. Certificates are checked against the system's authorities and the one in
    ``ca_file``. Raises ``SendError``.
    """
    return await asyncio.to_thread(_send, server, sender, recipient, ca_file)


def _send(server: MailServer, sender: str, recipient: str, ca_file: Path) -> Delivery:
    message, message_id = _test_message(sender, recipient)
    from_address, to_address = envelope_address(sender), envelope_address(recipient)
    with connection(server, ca_file) as client:
        if server.login is not None:
            _log_in(client, server.login)
        if not to_address:
            raise SendError("recipient", "No recipients defined", "EENVELOPE")
        response = _deliver(client, from_address, to_address, message)
    return Delivery(from_address, to_address, response, message_id)


def _test_message(sender: str, recipient: str) -> tuple[bytes, str]:
    message, message_id = EmailMessage(), make_msgid(domain="sandbox.example")
    try:
        # As it is written, and not as Python would write it anew.
        message.set_raw("From", header_value(addresses(sender)))
        message.set_raw("To", header_value(addresses(recipient)))
    except ValueError as error:
        raise SendError("message", f"Invalid address: {error}") from error
    message["Subject"] = "Test message"
    message["Date"] = formatdate()
    message["Message-ID"] = message_id
    message.set_content(f"This is a test message from {sender} to {recipient}.\n")
    return message.as_bytes(policy=SMTP_POLICY), message_id


def _log_in(client: smtplib.SMTP, login: Login) -> None:
    """Authenticate with the wanted mechanism, whether the server offers it or not, never with another in its place."""
    offered = client.esmtp_features.get("auth", "").upper().split()
    mechanism = login.mechanism or next((name for name in _MECHANISMS if name in offered), "PLAIN")
    username, password = login.username.encode(), login.password.encode()
    if mechanism == "PLAIN":
        _log_in_plain(client, username, password)
    elif mechanism == "LOGIN":
        _log_in_login(client, username, password)
    elif mechanism == "CRAM-MD5":
        _log_in_cram_md5(client, username, password)
    elif mechanism == "XOAUTH2":
        # The token that nobody gave, as JavaScript writes it.
        token = _base64(b"user=" + username + b"\1auth=Bearer undefined\1\1")
        _expect_success(client, client.docmd("AUTH", f"XOAUTH2 {token}"))
    else:
        raise SendError("mechanism", f'Unknown authentication method "{mechanism}"', "EAUTH")


def _log_in_plain(client: smtplib.SMTP, username: bytes, password: bytes) -> None:
    response = _base64(b"\0" + username + b"\0" + password)
    _expect_success(client, client.docmd("AUTH", f"PLAIN {response}"))


def _log_in_login(client: smtplib.SMTP, username: bytes, password: bytes) -> None:
    answer = reply(*client.docmd("AUTH", "LOGIN"))
    if answer != _USERNAME_ASKED:
        raise _out_of_sequence(f'"{_USERNAME_ASKED}"', answer)
    answer = reply(*client.docmd(_base64(username)))
    if answer != _PASSWORD_ASKED:
        raise _out_of_sequence(f'"{_PASSWORD_ASKED}"', answer)
    _expect_success(client, client.docmd(_base64(password)))


def _log_in_cram_md5(client: smtplib.SMTP, username: bytes, password: bytes) -> None:
    answer = reply(*client.docmd("AUTH", "CRAM-MD5"))
    asked = _CHALLENGE.fullmatch(answer)
    if asked is None:
        raise _out_of_sequence("server challenge string", answer)
    try:
        challenge = b64decode(asked[1])
    except NotBase64:
        challenge = b""
    digest = hmac.new(password, challenge, hashlib.md5).hexdigest()
    answer = reply(*client.docmd(_base64(username + b" " + digest.encode())))
    if not _WELCOME.match(answer):
        raise _out_of_sequence('"235"', answer)


def _out_of_sequence(awaited: str, answer: str) -> SendError:
    return _refused_login(f"Invalid login sequence while waiting for {awaited}", answer)


def _expect_success(client: smtplib.SMTP, answer: tuple[int, bytes]) -> None:
    """Go through what the server still asks, with empty lines, and expect any success."""
    for _time in range(_MOST_QUESTIONS):
        if answer[0] != _QUESTION:
            break
        answer = client.docmd("")
    if not 200 <= answer[0] < 300:
        raise _refused_login("Invalid login", reply(*answer))


def _refused_login(words: str, answer: str) -> SendError:
    wrong_mechanism = "mechanism" in answer or answer.startswith("50")
    return SendError("mechanism" if wrong_mechanism else "credentials", f"{words}: {answer}", "EAUTH")


def _deliver(client: smtplib.SMTP, sender: str, recipient: str, message: bytes) -> str:
    """Hand the message over; return the server's last reply."""
    # The library sends addresses as they are, whatever the server makes of them.
    client.command_encoding = "utf-8"
    code, text = client.docmd("MAIL", f"FROM:<{sender}>")
    if not 200 <= code < 300:
        raise SendError("sender", f"Mail command failed: {reply(code, text)}", "EENVELOPE")
    code, text = client.docmd("RCPT", f"TO:<{recipient}>")
    if not 200 <= code < 300:
        words = "Can't send mail - all recipients were rejected"
        raise SendError("recipient", f"{words}: {reply(code, text)}", "EENVELOPE")
    code, text = client.docmd("DATA")
    # Some servers say 250 here.
    if not 200 <= code < 400:
        raise SendError("message", f"Data command failed: {reply(code, text)}", "EENVELOPE")
    client.send(_quoted_dots(message))
    code, text = client.getreply()
    if not 200 <= code < 300:
        raise SendError("message", f"Message failed: {reply(code, text)}", "EMESSAGE")
    return reply(code, text)


def _quoted_dots(message: bytes) -> bytes:
    """Return the message as it goes over the wire, with its end."""
    end = b"" if message.endswith(b"\r\n") else b"\r\n"
    return re.sub(rb"^\.", b"..", message, flags=re.MULTILINE) + end + b".\r\n"


def _base64(data: bytes) -> str:
    return b64encode(data).decode()
