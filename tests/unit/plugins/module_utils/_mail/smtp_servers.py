# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An SMTP server on the loopback interface that behaves as it is set, and keeps every line that it was sent."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BANNER = b"220 mail.example.com ESMTP\r\n"


@dataclass(frozen=True)
class Line:
    """A line that a client sent, and whether the link was encrypted."""

    text: str
    encrypted: bool


@dataclass
class SmtpServer:
    """How the server behaves, and what it saw.

    `tls` is the context of a server that knows TLS. `offers` are the lines of its answer to EHLO, `offers_in_tls` those
    once the link is encrypted. `answers` are answers to commands by their first word; an empty one ends the connection.
    `banner` is what it says first; with `None` it stays silent, and with `closes` it says nothing more. `answer_to_all`
    is all it ever says, once it was sent something. `prompts` are what it asks in the dialogue of LOGIN, in base64.
    """

    tls: ssl.SSLContext | None = None
    tls_first: bool = False
    banner: bytes | None = BANNER
    closes: bool = False
    offers: tuple[str, ...] = ("SIZE 1000000", "AUTH PLAIN LOGIN CRAM-MD5")
    offers_in_tls: tuple[str, ...] = ("SIZE 1000000", "AUTH PLAIN LOGIN CRAM-MD5")
    answers: dict[str, str] = field(default_factory=dict)
    answer_to_all: bytes = b""
    prompts: tuple[str, str] = ("VXNlcm5hbWU6", "UGFzc3dvcmQ6")
    lines: list[Line] = field(default_factory=list)
    port: int = 0

    @property
    def words(self) -> list[str]:
        """The first word of each line."""
        return [line.text.split(" ")[0] for line in self.lines]

    def logins(self) -> list[Line]:
        """The lines that have to do with a login."""
        return [line for line in self.lines if line.text.startswith("AUTH")]

    def saw(self, password: str) -> list[Line]:
        """The lines that carry a password as PLAIN or LOGIN does."""
        return [line for line in self.lines if any(password.encode() in text for text in _decodings(line.text))]


def _decodings(line: str) -> Iterator[bytes]:
    yield line.encode()
    for word in line.split(" "):
        with contextlib.suppress(ValueError):
            yield base64.b64decode(word)


@contextlib.contextmanager
def serve(server: SmtpServer) -> Iterator[SmtpServer]:
    """Run a server until the end of the block."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server.port = listener.getsockname()[1]
        ended = threading.Event()
        thread = threading.Thread(target=_accept, args=(listener, server, ended))
        thread.start()
        try:
            yield server
        finally:
            ended.set()
            # Wakes up who waits for a connection.
            with contextlib.suppress(OSError), socket.create_connection(listener.getsockname()):
                pass
            thread.join()


def _accept(listener: socket.socket, server: SmtpServer, ended: threading.Event) -> None:
    threads = []
    while True:
        connection, _address = listener.accept()
        if ended.is_set():
            connection.close()
            break
        threads.append(threading.Thread(target=_Conversation(server, connection).run))
        threads[-1].start()
    for thread in threads:
        thread.join()


class _Conversation:
    def __init__(self, server: SmtpServer, connection: socket.socket) -> None:
        self._server = server
        self._connection = connection
        self._encrypted = False

    def run(self) -> None:
        """Talk until one of the two has enough."""
        self._connection.settimeout(30)
        try:
            if self._server.tls_first:
                self._encrypt()
            if self._server.banner is None:
                while self._connection.recv(2000) and not self._server.answer_to_all:
                    pass
                self._connection.sendall(self._server.answer_to_all)
            else:
                self._connection.sendall(self._server.banner)
                while not self._server.closes and self._exchange():
                    pass
        except OSError:
            pass
        finally:
            self._connection.close()

    def _encrypt(self) -> None:
        assert self._server.tls is not None
        self._connection = self._server.tls.wrap_socket(self._connection, server_side=True)
        self._encrypted = True

    def _exchange(self) -> bool:
        text = b""
        while not text.endswith(b"\n"):
            part = self._connection.recv(1)
            if not part:
                return False
            text += part
        line = text.decode(errors="replace").rstrip("\r\n")
        self._server.lines.append(Line(line, self._encrypted))
        command = line.split(" ")[0].upper()
        answers = self._server.answers
        answer = answers[command] if command in answers else answers.get(line)
        if answer is None:
            answer = self._answer(line, command)
        self._connection.sendall(f"{answer}\r\n".encode() if answer else b"")
        if command == "STARTTLS" and answer.startswith("220"):
            self._encrypt()
        return bool(answer) and command != "QUIT"

    def _answer(self, line: str, command: str) -> str:
        if command == "EHLO":
            offers = self._server.offers_in_tls if self._encrypted else self._server.offers
            lines = ["mail.example.com", *offers]
            return "\r\n".join([*(f"250-{text}" for text in lines[:-1]), f"250 {lines[-1]}"])
        starttls = "220 Go ahead" if self._server.tls else "502 5.5.1 Command not implemented"
        known = {"STARTTLS": starttls, "QUIT": "221 Bye", "HELO": "250 mail.example.com"}
        if command in known:
            return known[command]
        if line == "AUTH LOGIN":
            return f"334 {self._server.prompts[0]}"
        if line == "AUTH CRAM-MD5":
            return f"334 {base64.b64encode(b'<1.2@mail.example.com>').decode()}"
        if line.startswith("AUTH PLAIN"):
            return "235 2.7.0 Welcome"
        # The answers of the dialogue of LOGIN and of CRAM-MD5.
        dialogue = [entry.text for entry in self._server.lines]
        waits_for_password = len(dialogue) > 1 and dialogue[-2] == "AUTH LOGIN"
        return f"334 {self._server.prompts[1]}" if waits_for_password else "235 2.7.0 Welcome"
