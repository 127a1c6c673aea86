# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An IMAP server that answers what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

GREETING = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready"
_LITERAL = re.compile(r"\{(\d+)(\+?)\}\Z")
Answers = dict[str, Union[str, list[str], None]]
HEADER = "From: a@example.com\r\nTo: you@example.com\r\nMessage-ID: <1@x>\r\n\r\n"


def fetched(uid: int, header: str = HEADER, flags: str = "") -> str:
    """The answer to who asks for this message."""
    date = "21-Nov-2026 12:00:00 +0000"
    size = len(header.encode())
    return f'* 1 FETCH (UID {uid} FLAGS ({flags}) INTERNALDATE "{date}" BODY[HEADER] {{{size}}}\r\n{header})'


# What it answers to a command, before the line that ends every answer. Beside these, nothing.
USUAL = {
    "CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN",
    "LIST": '* LIST (\\HasNoChildren) "/" INBOX\r\n* LIST (\\HasNoChildren) "/" "Archive/SPAM"',
    "EXAMINE": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok",
    "SELECT": "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok",
    "UID SEARCH": "* SEARCH 3",
    "UID FETCH": fetched(3),
}


class ImapServer:
    """Talks to one client after the other.

    ``answers`` stand in place of the usual ones. One that begins with NO or BAD, or is ``None`` (the connection is
    closed), ends the command; ``{}`` in it stands for what the client sent. So does one that begins with ``* BYE``,
    after which the connection is closed, and one with the command's end, ``{tag} OK``, in it. Of a list, one is given
    each time, and the last from then on. ``drip`` is how many seconds it waits before each byte. A byte that is not
    UTF-8 stands there as Python's ``surrogateescape`` has it. With ``tls``, it speaks TLS from the first byte,
    and with ``upgrade`` after STARTTLS.
    """

    def __init__(
        self,
        answers: Answers,
        greeting: str,
        drip: float,
        address: str,
        tls: ssl.SSLContext | None = None,
        upgrade: ssl.SSLContext | None = None,
    ) -> None:
        """Listen on a free port."""
        self.commands: list[str] = []
        self._client: socket.socket | None = None
        self._answers: Answers = {**USUAL, **answers}
        self._greeting = greeting
        self._drip = drip
        self._tls, self._upgrade = tls, upgrade
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listening = socket.create_server((address, 0), family=family)
        self.port: int = self._listening.getsockname()[1]

    def serve(self) -> None:
        """Serve clients until the socket is closed."""
        while True:
            try:
                accepted, _address = self._listening.accept()
            except OSError:
                return
            with accepted:
                try:
                    self._talk_to(accepted)
                except OSError:
                    # The client has hung up, or takes no such TLS.
                    continue

    def _talk_to(self, accepted: socket.socket) -> None:
        with self._tls.wrap_socket(accepted, server_side=True) if self._tls else accepted as client:
            self._client = client
            self._say(client, self._greeting)
            with client.makefile("rb") as lines:
                self._converse(client, lines)

    def close(self) -> None:
        """Hang up on the client, and take no more."""
        if self._client is not None:
            with suppress(OSError):
                self._client.shutdown(socket.SHUT_RDWR)
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _converse(self, client: socket.socket, lines: BinaryIO) -> None:
        for raw in lines:
            tag, _, command = raw.decode("utf-8", "surrogateescape").strip().partition(" ")
            self.commands.append(command)
            words = command.upper().split()
            verb = " ".join(words[:2] if words[:1] == ["UID"] else words[:1])
            answer = self._answer(verb)
            if _LITERAL.search(command) and not str(answer).startswith(("NO", "BAD")):
                self.commands[-1] = command = self._with_literals(client, lines, command)
            if verb == "AUTHENTICATE" and not str(answer).startswith("* BYE at once"):
                self._say(client, "+ ")
                command = lines.readline().decode().strip()
            if answer is None:
                return
            if answer.startswith("* BYE"):
                self._say(client, answer)
                return
            if "{tag}" in answer:
                self._say(client, answer.replace("{tag}", tag))
            elif answer.startswith(("NO", "BAD")):
                self._say(client, f"{tag} {answer.replace('{}', command)}")
            else:
                self._say(client, "\r\n".join([*filter(None, [answer]), f"{tag} OK done"]))
            if verb == "LOGOUT":
                return
            if verb == "STARTTLS" and self._upgrade is not None:
                with self._upgrade.wrap_socket(client, server_side=True) as encrypted, encrypted.makefile("rb") as more:
                    self._converse(encrypted, more)
                return

    def _with_literals(self, client: socket.socket, lines: BinaryIO, command: str) -> str:
        """The whole command, with the texts in it that the client sends on demand."""
        while announced := _LITERAL.search(command):
            if not announced[2]:
                self._say(client, "+ go on")
            begun, literal = command[: announced.start()], lines.read(int(announced[1])).decode()
            command = begun + literal + lines.readline().decode().rstrip("\r\n")
        return command

    def _answer(self, verb: str) -> str | None:
        answers = self._answers.get(verb, "")
        if isinstance(answers, list):
            return answers.pop(0) if len(answers) > 1 else answers[0]
        return answers

    def _say(self, client: socket.socket, text: str) -> None:
        data = f"{text}\r\n".encode("utf-8", "surrogateescape")
        if not self._drip:
            client.sendall(data)
            return
        for byte in data:
            time.sleep(self._drip)
            client.sendall(bytes([byte]))


@contextmanager
def imap_server(
    answers: Answers | None = None,
    greeting: str = GREETING,
    drip: float = 0.0,
    address: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    upgrade: ssl.SSLContext | None = None,
) -> Iterator[ImapServer]:
    """Run such a server until the end of the block."""
    server = ImapServer(answers or {}, greeting, drip, address, tls, upgrade)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()
