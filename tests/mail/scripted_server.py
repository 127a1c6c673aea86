# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mail server that says what a script tells it, for what no real one can be brought to do."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, BinaryIO

from tests.mail.daemon import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Script = tuple[str, ...]


class ScriptedServer:
    """Greets with the first line of its script and answers each line it gets with the next; then it is silent.

    After a `354` it takes lines up to the single dot that ends a message.
    """

    def __init__(self, script: Script) -> None:
        """Listen on a free port, and serve until ``close``."""
        self._script = script
        self._listening = socket.create_server((LOOPBACK, 0))
        self._connections: list[socket.socket] = []
        self.port: int = self._listening.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    @classmethod
    @contextmanager
    def many(cls, scripts: Iterable[Script]) -> Iterator[dict[Script, int]]:
        """Run a server for each script; yield their ports."""
        servers = {script: cls(script) for script in set(scripts)}
        try:
            yield {script: server.port for script, server in servers.items()}
        finally:
            for server in servers.values():
                server.close()

    def close(self) -> None:
        """End all connections, and take no new one."""
        # A thread that waits in accept() is woken by this, and not by closing alone.
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._connections:
            connection.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._listening.accept()
            except OSError:
                return
            self._connections.append(connection)
            Thread(target=self._converse, args=[connection], daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        try:
            with connection.makefile("rb") as lines:
                for number, words in enumerate(self._script):
                    if number and not self._received(lines, self._script[number - 1]):
                        return
                    connection.sendall(words.replace("\n", "\r\n").encode() + (b"\r\n" if words else b""))
        except OSError:
            # The client has gone.
            return

    @staticmethod
    def _received(lines: BinaryIO, answered: str) -> bool:
        """Whether the client said something to the last answer, all of it."""
        line = lines.readline()
        while answered.startswith("354") and line not in (b".\r\n", b""):
            line = lines.readline()
        return bool(line)
