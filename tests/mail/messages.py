# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mailbox for one test, and messages as it wants them, handed to the recipient's server as a stranger does."""

from __future__ import annotations

import imaplib
import os
import secrets
import smtplib
import time
from typing import TYPE_CHECKING

from tests.mail.conftest import User

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.mail.dovecot import Dovecot
    from tests.mail.postfix import Postfix

_LONGEST_SECONDS = 60


def new_reader(dovecot: Dovecot) -> User:
    """Make up who gets the messages of one test and nobody else's; the password is easily found again."""
    user = User(f"reader{secrets.token_hex(4)}@example.com", f"planted{secrets.token_hex(12)}")
    users = dovecot.directory / "users"
    before = users.stat().st_mtime
    dovecot.add_user(user.address, user.password)
    # Dovecot looks at the time of the file, in whole seconds, and once in a second.
    os.utime(users, (before + 1, before + 1))
    until(lambda: _is_let_in(dovecot, user))
    return user


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, far longer than it should take."""
    deadline = time.monotonic() + _LONGEST_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def _is_let_in(dovecot: Dovecot, user: User) -> bool:
    with imaplib.IMAP4("localhost", dovecot.imap) as client:
        try:
            client.login(user.address, user.password)
        except imaplib.IMAP4.error:
            return False
    return True


def logins(dovecot: Dovecot, user: User) -> int:
    """How often somebody logged in to read, by the server's log."""
    return dovecot.log.count(f"Login: user=<{user.address}>")


def deliver(
    postfix: Postfix,
    *,
    sender: str,
    recipient: str,
    subject: str = "Test message",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Hand one message to ``mx.example.com``, which puts it into the mailbox or the spam folder.

    ``sender`` may carry a display name. ``headers`` stand above all others, as a sender can put them there.
    """
    fields = {**(headers or {}), "From": sender, "To": recipient, "Subject": subject}
    text = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    with smtplib.SMTP("localhost", postfix.receiving, local_hostname="stranger.example") as client:
        client.sendmail(sender.rpartition("<")[2].rstrip(">"), recipient, f"{text}\r\nHello\r\n")
