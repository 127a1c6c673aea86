# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What speaks at a port with which TLS from the first byte did not come about."""

from __future__ import annotations

import socket
import typing as t
from contextlib import suppress

from .imap_failure import ADVICE, protocol_of
from .imap_step import MailboxError

_GREETING_SECONDS: t.Final = 2.0
_FIRST_WORDS: t.Final = 200


def named(failure: MailboxError, host: str, port: int, timeout: float) -> MailboxError:
    """The failure of a handshake, with what speaks in clear at the port, where that says something by itself."""
    words = _first_words(host, port, min(timeout, _GREETING_SECONDS))
    protocol = protocol_of(words)
    if words.startswith("* "):
        reason = "the port begins in clear, and not with TLS"
        return MailboxError(failure.step, reason, words=words, advice=failure.advice, kind="connection")
    if protocol in (None, "TLS"):
        return failure
    reason, advice = f"{protocol} speaks there, not IMAP", ADVICE["another_protocol"]
    return MailboxError(failure.step, reason, words=words, advice=advice, kind="another_protocol")


def _first_words(host: str, port: int, seconds: float) -> str:
    """What is said at the port to somebody who says nothing; empty where nothing is."""
    with suppress(OSError, UnicodeError), socket.create_connection((host, port), seconds) as connection:
        connection.settimeout(seconds)
        return connection.recv(_FIRST_WORDS).decode("utf-8", "backslashreplace").strip()
    return ""
