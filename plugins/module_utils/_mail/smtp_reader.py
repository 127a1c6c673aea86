# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the answers of an SMTP server, each in bounded time and of bounded length."""

from __future__ import annotations

import io
import re
import smtplib
import socket
import ssl
import time
import typing as t
from dataclasses import dataclass

from .tls import reason_of_tls

FIRST_WORDS: t.Final = 200
"""How many bytes are kept of what a server says."""

_LARGEST_REPLY = 65536
_ENHANCED_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)")


@dataclass(frozen=True)
class Reply:
    """A server's answer to one command."""

    code: int
    text: str

    @property
    def enhanced_code(self) -> str:
        """The enhanced status code (RFC 3463), empty where the server gives none."""
        found = _ENHANCED_CODE.match(self.text)
        return found[0] if found else ""

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


class _Replies(io.RawIOBase):
    """Reads from a connection until the time is up, or more came than an answer may have."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._until = 0.0
        self._room = 0
        self.heard = b""
        self.waited_in_vain = False
        self.had_no_end = False
        self.tls_alert = ""

    def begin(self, timeout: float) -> None:
        """Give the next answer its time and its room."""
        self._until = time.monotonic() + timeout
        self._room = _LARGEST_REPLY
        self.heard = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int:
        left = self._until - time.monotonic()
        try:
            if left <= 0:
                raise socket.timeout
            self._connection.settimeout(left)
            count = self._connection.recv_into(buffer)
        except socket.timeout:
            self.waited_in_vain = True
            raise
        except ssl.SSLError as exc:
            # With TLS 1.3 a server objects to a client without a certificate only when the handshake is over.
            self.tls_alert = reason_of_tls(exc)
            raise
        self._room -= count
        self.heard = (self.heard + bytes(buffer[:count]))[:FIRST_WORDS]
        if self._room < 0:
            self.had_no_end = True
            raise OSError
        return count


class BoundedSmtp(smtplib.SMTP):
    """The client of the standard library on a connection that is there already, with a time limit for each answer."""

    def __init__(self, connection: socket.socket, timeout: float) -> None:
        # With a name given, it does not ask the DNS for this machine's.
        super().__init__(local_hostname="localhost", timeout=timeout)
        self.use(connection)

    def use(self, connection: socket.socket) -> None:
        """Go on with this connection, as at its very beginning."""
        self.sock = connection
        self.replies = _Replies(connection)
        self.file = io.BufferedReader(self.replies)
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def getreply(self) -> tuple[int, bytes]:
        """The next answer. Raises `smtplib.SMTPException` where there is none in time."""
        self.replies.begin(self.timeout)
        try:
            return super().getreply()
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)
