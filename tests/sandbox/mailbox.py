# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the local mail server remembers: who may log in, and what arrived."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .store import Database

FIXED_USERNAME = "certs@example.com"


@dataclass(frozen=True)
class ReceivedMessage:
    """One message as it arrived; ``sender`` and ``recipients`` are the envelope's."""

    listener: str
    tls: bool
    auth_user: str | None
    sender: str
    recipients: list[str]
    subject: str
    body: str


class Mailbox:
    """The mail server's tables."""

    def __init__(self, database: Database) -> None:
        """Use ``database``, and give it the fixed user."""
        self._database = database
        self.password = database.fixed_credential("smtp_password")
        self.add_user(FIXED_USERNAME, self.password)

    def add_user(self, username: str, password: str) -> None:
        """Let the user log in with this password, and with no other."""
        self._database.execute("INSERT OR REPLACE INTO smtp_users VALUES (?, ?)", username, password)

    def password_of(self, username: str) -> str | None:
        """Return the user's password, or ``None`` for an unknown user."""
        row = self._database.one("SELECT password FROM smtp_users WHERE username = ?", username)
        return None if row is None else str(row[0])

    def add(self, message: ReceivedMessage) -> None:
        """Keep a message."""
        self._database.execute(
            "INSERT INTO smtp_messages (listener, tls, auth_user, sender, recipients, subject, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(message.listener, message.tls, message.auth_user, message.sender),
            *(json.dumps(message.recipients), message.subject, message.body),
        )

    def messages(self) -> list[ReceivedMessage]:
        """Return everything that arrived, the oldest first."""
        rows = self._database.execute(
            "SELECT listener, tls, auth_user, sender, recipients, subject, body FROM smtp_messages ORDER BY id"
        )
        return [
            ReceivedMessage(listener, bool(tls), auth_user, sender, json.loads(recipients), subject, body)
            for listener, tls, auth_user, sender, recipients, subject, body in rows
        ]

    def clear(self) -> None:
        """Throw all messages away; the users stay."""
        self._database.execute("DELETE FROM smtp_messages")


def as_document(message: ReceivedMessage) -> dict[str, Any]:
    """Return the message as the control API lists it."""
    document = asdict(message)
    document["from"] = document.pop("sender")
    document["to"] = document.pop("recipients")
    return document


def as_text(messages: list[ReceivedMessage]) -> str:
    """Return the messages as a reader likes to see them, one short block each."""
    if not messages:
        return "No message has arrived.\n"
    blocks = []
    for number, message in enumerate(messages, start=1):
        transport = "over TLS" if message.tls else "without TLS"
        login = f"logged in as {message.auth_user}" if message.auth_user else "not logged in"
        blocks.append(
            f"Message {number}\n"
            f"  From:    {message.sender}\n"
            f"  To:      {', '.join(message.recipients)}\n"
            f"  Subject: {message.subject}\n"
            f"  Arrived: listener {message.listener}, {transport}, {login}\n"
        )
    return "\n".join(blocks)
