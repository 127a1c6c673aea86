# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server on the loopback interface that answers as no server should.

It knows nothing of HTTP beyond where a request ends: what it sends is said byte by byte.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator
    from io import BufferedReader

# From a request's first line, such as `GET /api/v2/whoami HTTP/1.1`, to the pieces of its answer.
Response = Callable[[str], Iterable[bytes]]

TLS_HANDSHAKE = b"\x16"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class HostileServer:
    """A server at ``url`` that answers every request with ``answer``; ``received`` are the requests as they came."""

    def __init__(self, url: str, answer: Response) -> None:
        """Stand for the server that listens at ``url``."""
        self.url = url
        self.answer = answer
        self.received: list[bytes] = []

    @classmethod
    @contextmanager
    def start(cls, answer: Response, tls: ssl.SSLContext | None = None) -> Iterator[HostileServer]:
        """Listen on a free port of this machine until the end of the block."""

        class Handler(StreamRequestHandler):
            def handle(self) -> None:
                # Clients that have had enough leave in the middle, which is what many tests are about.
                with suppress(OSError):
                    stream = tls.wrap_socket(self.request, server_side=True) if tls else self.request
                    with stream, stream.makefile("rb") as reader:
                        request = _read_request(reader)
                        if not request:
                            return
                        hostile.received.append(request)
                        for piece in hostile.answer(request.partition(b"\r\n")[0].decode("latin-1")):
                            stream.sendall(piece)

        with _Server(("127.0.0.1", 0), Handler) as server:
            scheme = "https" if tls else "http"
            hostile = cls(f"{scheme}://127.0.0.1:{server.server_address[1]}", answer)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield hostile
            finally:
                server.shutdown()
                thread.join()


class _Server(ThreadingTCPServer):
    daemon_threads = True
    # An answer without end holds its thread until the client leaves.
    block_on_close = False


def _read_request(reader: BufferedReader) -> bytes:
    """A request with its body, or what is there of one that speaks TLS; empty where the client left before its end."""
    if reader.peek(1)[:1] == TLS_HANDSHAKE:
        return reader.read1()
    head = b""
    while (line := reader.readline()) not in (b"\r\n", b""):
        head += line
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    return head + b"\r\n" + reader.read(int(length[1]) if length else 0) if head else b""


def whole(body: bytes | str, *headers: str, status: int = 200, reason: str = "Hostile") -> list[bytes]:
    """An answer that is complete, with these headers beside its length; JSON unless they say otherwise."""
    content = body.encode() if isinstance(body, str) else body
    fields = [*headers, f"Content-Length: {len(content)}", "Connection: close"]
    if not any(field.lower().startswith("content-type:") for field in fields):
        fields.append("Content-Type: application/json")
    head = "\r\n".join([f"HTTP/1.1 {status} {reason}", *fields])
    return [head.encode() + b"\r\n\r\n", content]


def document(data: object, *headers: str, status: int = 200) -> list[bytes]:
    """An answer that is complete and holds this JSON document."""
    return whole(json.dumps(data), *headers, status=status)


def slowly(data: Iterable[bytes], pause: float = 0.05) -> Iterator[bytes]:
    """Pieces with a pause in seconds before each of them."""
    for piece in data:
        time.sleep(pause)
        yield piece
