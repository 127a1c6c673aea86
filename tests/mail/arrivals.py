# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a mail server saw of a message that it took: how the client greeted, whether with TLS, and how it logged in."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.mail.dovecot import Dovecot
    from tests.mail.postfix import Postfix

_LONGEST_WAIT_SECONDS = 30
_QUEUED = re.compile(r"queued as (\w+)")
# The first server that took it; the mailbox's own line has LMTP.
_RECEIVED = re.compile(
    r"^Received: from (?P<greeting>\S+) \((?:.|\n\s)*?with (?P<protocol>E?SMTPS?A?) id (?P<queue_id>\w+)$", re.MULTILINE
)


@dataclass(frozen=True)
class Arrival:
    """One message. ``protocol`` ends in ``S`` for TLS and then in ``A`` for a login (RFC 3848)."""

    greeting: str
    protocol: str
    mechanism: str | None
    user: str | None
    sender: str
    recipient: str


def arrival(response: str, postfix: Postfix, dovecot: Dovecot) -> Arrival:
    """Return what was seen of the message to which Postfix gave this answer, once it lies in its mailbox.

    Raises ``TimeoutError`` where it does not arrive.
    """
    queued = _QUEUED.search(response)
    assert queued, response
    return _seen(f" id {queued[1]}\n", postfix, dovecot)


def arrival_of(to_email: str, postfix: Postfix, dovecot: Dovecot) -> Arrival:
    """Return what was seen of the only message to an address, as ``arrival`` does."""
    return _seen(f"Delivered-To: {to_email}\n", postfix, dovecot)


def _seen(line: str, postfix: Postfix, dovecot: Dovecot) -> Arrival:
    text = _delivered(line, dovecot)
    received = _RECEIVED.search(text)
    assert received, text
    login = re.search(rf" {received['queue_id']}: client=\S+, sasl_method=(\S+), sasl_username=(\S+)", postfix.log)
    mechanism, user = login.groups() if login else (None, None)
    return Arrival(
        greeting=received["greeting"],
        protocol=received["protocol"],
        mechanism=mechanism,
        user=user,
        sender=_header("Return-Path", text),
        recipient=_header("Delivered-To", text),
    )


def _delivered(line: str, dovecot: Dovecot) -> str:
    """Return the message that has this line."""
    deadline = time.monotonic() + _LONGEST_WAIT_SECONDS
    while time.monotonic() < deadline:
        for file in (dovecot.directory / "mail").glob("*/Maildir/**/*,*"):
            text = file.read_text(encoding="utf-8", errors="replace")
            if line in text:
                return text
        time.sleep(0.05)
    raise TimeoutError(f"No message with {line!r} arrived:\n{dovecot.log}")


def _header(name: str, text: str) -> str:
    found = re.search(rf"^{name}: (.*)$", text, re.MULTILINE)
    assert found, text
    return found[1]
