# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server on the loopback interface that plays a scripted conversation.

A test lists the requests that it expects, in their order, and the answer to each. A request that differs, one too many
or one too few fails the test.
"""

from __future__ import annotations

import contextlib
import json as json_format
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Iterator, Mapping

_NOTHING = object()


@dataclass(frozen=True)
class Received:
    """A request as it came in."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The decoded body, or `None` where there is none."""
        return json_format.loads(self.body) if self.body else None


@dataclass
class Exchange:
    """One expected request and its answer: 200 without a body, unless one of the methods says otherwise."""

    line: str
    json: Any = None
    headers: Mapping[str, str | None] = field(default_factory=dict)
    parts: list[bytes] = field(default_factory=list)
    pause: float = 0.0

    def __post_init__(self) -> None:
        self.answers()

    def answers(
        self, json: Any = _NOTHING, *, status: int = 200, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer with JSON, or with the bytes of `body`."""
        content = body if json is _NOTHING else json_format.dumps(json).encode()
        fields = {"Content-Type": "application/json", "Content-Length": str(len(content)), **(headers or {})}
        head = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in fields.items())]
        self.sends(["\r\n".join(head).encode("latin-1") + b"\r\n\r\n", content])

    def sends(self, parts: Iterable[bytes], *, pause: float = 0.0) -> None:
        """Send these bytes as they are, with a pause in seconds after each part; none close the connection."""
        self.parts = list(parts)
        self.pause = pause

    def breaks(self) -> None:
        """Close the connection without an answer."""
        self.sends([])

    def differences(self, received: Received) -> list[str]:
        """What is wrong with a request, in words."""
        found = []
        if received.line != self.line:
            found.append(f"expected {self.line}, got {received.line}")
        elif received.json != self.json:
            found.append(f"{self.line}: expected the body {self.json}, got {received.json}")
        for name, value in self.headers.items():
            if received.headers.get(name.lower()) != value:
                found.append(f"{self.line}: expected {name}: {value}, got {received.headers.get(name.lower())}")
        return found


class Conversation:
    """The script of one server, and what really came in."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.url = ""
        self.connections = 0
        self._expected: list[Exchange] = []
        self._wrong: list[str] = []
        self._lock = threading.Lock()

    def expect(self, line: str, json: Any = None, *, headers: Mapping[str, str | None] | None = None) -> Exchange:
        """Expect a request, such as `GET /api/v2/whoami`, with exactly this JSON body.

        Of the headers only the given ones count; one of `None` must be absent. Returns the exchange, to say its answer.
        """
        exchange = Exchange(line, json, headers or {})
        self._expected.append(exchange)
        return exchange

    def next_exchange(self, received: Received) -> Exchange | None:
        """The script's next exchange for a request, or `None` where the script has ended."""
        with self._lock:
            self.received.append(received)
            if not self._expected:
                self._wrong.append(f"one request too many: {received.line} {received.body!r}")
                return None
            exchange = self._expected.pop(0)
            self._wrong += exchange.differences(received)
            return exchange

    def went_wrong(self, text: str) -> None:
        """Note a failure of the server itself."""
        with self._lock:
            self._wrong.append(text)

    def finish(self) -> None:
        """Fail unless the conversation went as scripted, to its end."""
        missing = [f"never came: {exchange.line}" for exchange in self._expected]
        assert not [*self._wrong, *missing], "\n".join([*self._wrong, *missing])


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, *_request_and_client: Any) -> None:
        error = sys.exc_info()[1]
        # A client that has had enough closes the connection.
        if not isinstance(error, ConnectionError):
            self.conversation.went_wrong(f"the scripted server failed: {error!r}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are written one after the other; together with delayed acknowledgements that would take 40 ms.
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.conversation.connections += 1

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        received = Received(f"{self.command} {self.path}", headers, body)
        exchange = self.server.conversation.next_exchange(received)
        if exchange is None:
            # No client repeats a request after this status.
            exchange = Exchange("")
            exchange.answers(status=418)
        self._play(exchange)

    def _play(self, exchange: Exchange) -> None:
        for part in exchange.parts:
            self.wfile.write(part)
            self.wfile.flush()
            time.sleep(exchange.pause)
        if not exchange.parts or not exchange.parts[0].startswith(b"HTTP/1.1") or exchange.pause:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name of the overridden method's argument)
        """Print nothing."""


@contextlib.contextmanager
def conversation_at(tls: ssl.SSLContext | None = None) -> Iterator[Conversation]:
    """Serve a conversation on a free port, and check at the end that it went as scripted."""
    conversation = Conversation()
    server = _Server(conversation)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scheme = "http" if tls is None else "https"
    conversation.url = f"{scheme}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield conversation
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    conversation.finish()
