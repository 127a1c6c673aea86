# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections: how many there are, how they begin and break, and reading within a time limit, on a held clock."""

from __future__ import annotations

import io
import socket
import ssl
import weakref
from types import SimpleNamespace
from typing import Any

import pytest
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import allowed_gai_family

from ansible_collections.mailfleet.email.plugins.module_utils._http import transport
from ansible_collections.mailfleet.email.plugins.module_utils._http.trust import Trust
from tests.unit.plugins.module_utils._http.clock import Clock
from tests.unit.plugins.module_utils._http.sessions import session_to
from tests.unit.plugins.module_utils.conversation import Conversation


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_more_connections_are_opened_than_allowed(scheme: str) -> None:
    with transport.new_http_session("https://server.example.com", 3, Trust()) as http:
        adapter: Any = http.get_adapter(f"{scheme}://server.example.com")
        options = adapter.poolmanager.connection_pool_kw
    assert (options["maxsize"], options["block"]) == (3, True)


class Connection:
    """A connection that holds its answer already, and notes each time limit that it gets."""

    def __init__(self, timeout: float | None) -> None:
        self.timeout = timeout
        self.limits: list[float | None] = []
        self.stream = io.BytesIO(b"abcdef")

    def gettimeout(self) -> float | None:
        """The time limit that it has to begin with."""
        return self.timeout

    def settimeout(self, seconds: float | None) -> None:
        """Note a time limit."""
        self.limits.append(seconds)

    def makefile(self, mode: str, buffering: int) -> io.BytesIO:
        """The answer; a buffer of its own would wait for more than was asked for."""
        assert (mode, buffering) == ("rb", 0)
        return self.stream


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    held = Clock()
    monkeypatch.setattr(transport, "time", SimpleNamespace(monotonic=held.time))
    return held


def reader_on(connection: Any) -> transport._TimedReader:
    return transport._TimedReader(connection)


def test_each_piece_gets_the_time_that_is_left(clock: Clock) -> None:
    connection = Connection(5.0)
    reader, piece = reader_on(connection), bytearray(2)
    assert reader.readable()
    for _ in range(2):
        clock.now += 2.0
        assert reader.readinto(piece) == 2
    assert (bytes(piece), connection.limits) == (b"cd", [3.0, 1.0])
    clock.now += 1.0
    with pytest.raises(socket.timeout):
        reader.readinto(piece)
    assert connection.limits == [3.0, 1.0]


@pytest.mark.parametrize("timeout", [5.0, None])
def test_the_next_answer_begins_with_the_whole_time(clock: Clock, timeout: float | None) -> None:
    connection = Connection(timeout)
    reader = reader_on(connection)
    clock.now += 2.0
    reader.close()
    reader.close()
    assert (connection.limits, connection.stream.closed, reader.closed) == ([timeout], True, True)


def test_without_a_time_limit_nothing_is_timed(clock: Clock) -> None:
    connection = Connection(None)
    reader = reader_on(connection)
    clock.now += 1000.0
    assert reader.readinto(bytearray(6)) == 6
    assert connection.limits == []


@pytest.mark.parametrize("announced", [102, 103, 199])
def test_a_status_that_announces_another_one_is_not_the_answer(conversation: Conversation, announced: int) -> None:
    words = f"HTTP/1.1 {announced} Wait\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"
    conversation.expect("GET /a").sends([words.encode()], pause=0.001)
    with session_to(conversation.url) as session:
        assert session.request("GET", "/a").json() == []


class Held:
    """A connection that is open, with what it says where it is broken."""

    def __init__(self, error: Exception | None = None) -> None:
        self.sock = self
        self.error = error
        self.broken: list[int] = []

    def shutdown(self, how: int) -> None:
        """Note how; where it has broken already, the system complains."""
        self.broken.append(how)
        if self.error:
            raise self.error


def test_all_open_connections_are_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    held = [Held(), Held(OSError("not connected")), Held()]
    # Closed by another thread just now.
    closed = SimpleNamespace(sock=None)
    monkeypatch.setattr(transport, "_open", [closed, *held])
    transport.break_connections()
    assert [one.broken for one in held] == [[socket.SHUT_RDWR]] * 3


@pytest.mark.parametrize(
    ("kind", "base"), [(transport._Connection, HTTPConnection), (transport._TlsConnection, HTTPSConnection)]
)
def test_a_connection_sends_within_the_time_limit_and_can_be_broken(
    monkeypatch: pytest.MonkeyPatch, kind: Any, base: Any
) -> None:
    opened: weakref.WeakSet[Any] = weakref.WeakSet()
    monkeypatch.setattr(transport, "_open", opened)
    # It has what is left of the time to connect by then.
    monkeypatch.setattr(base, "connect", lambda connection: setattr(connection, "sock", Connection(0.1)))
    connection = kind("server.example.com", timeout=4.0)
    connection.connect()
    assert (connection.sock.limits, list(opened)) == ([4.0], [connection])
    connection.sock = None


def test_tls_that_is_late_is_a_connection_that_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(_connection: Any) -> None:
        raise socket.timeout

    monkeypatch.setattr(HTTPSConnection, "connect", late)
    connection = transport._TlsConnection("server.example.com")
    with pytest.raises(ConnectTimeoutError) as caught:
        connection.connect()
    assert caught.value.args == (connection, "no TLS in time")


class Silent:
    """Notes which addresses it is to connect to, and how long it may take; nobody takes the connection."""

    def __init__(self, *errors: Exception) -> None:
        self._dns_host, self.port, self.timeout = "appliance.test", 8443, 9.0
        self.errors = list(errors)
        self.tried: list[tuple[str, float]] = []

    def _new_conn(self) -> socket.socket:
        self.tried.append((self._dns_host, self.timeout))
        raise self.errors.pop(0)


class SilentInTime(transport._InTime, Silent):
    """The same with the limit for all addresses together."""


def _refused(text: str) -> Exception:
    connection: Any = None
    return NewConnectionError(connection, text)


@pytest.mark.parametrize(
    ("errors", "raised"),
    [
        ([_refused("a"), _refused("b"), _refused("c")], 2),
        ([_refused("a"), ConnectTimeoutError("b"), _refused("c")], 1),
        ([ConnectTimeoutError("a"), ConnectTimeoutError("b"), _refused("c")], 0),
    ],
)
@pytest.mark.usefixtures("clock")
def test_each_address_gets_its_share_of_what_is_left(
    monkeypatch: pytest.MonkeyPatch, errors: list[Exception], raised: int
) -> None:
    known = {("appliance.test", 8443): [f"appliance.test-{number}" for number in range(3)]}
    monkeypatch.setattr(transport, "_addresses", lambda *asked: known[asked])
    connection = SilentInTime(*errors)
    with pytest.raises((ConnectTimeoutError, NewConnectionError)) as caught:
        connection._new_conn()
    assert caught.value is errors[raised]
    assert connection.tried == [("appliance.test-0", 3.0), ("appliance.test-1", 4.5), ("appliance.test-2", 9.0)]
    assert (connection._dns_host, connection.timeout) == ("appliance.test", 9.0)


@pytest.mark.parametrize(
    ("name", "asked"), [("[2001:db8::1]", "2001:db8::1"), ("X.example.X", "X.example.X"), ("192.0.2.1", "192.0.2.1")]
)
def test_the_addresses_of_a_server(monkeypatch: pytest.MonkeyPatch, name: str, asked: str) -> None:
    def found(*given: object) -> list[tuple[object, ...]]:
        assert given == (asked, 8443, allowed_gai_family(), socket.SOCK_STREAM)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 8443)) for address in ("b", "a", "b")]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert transport._addresses(name, 8443) == ["b", "a"]


@pytest.mark.parametrize("error", [socket.gaierror(-2, "unknown"), UnicodeError("no name")])
def test_a_name_without_an_address(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def found(*_given: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert transport._addresses("appliance.test", 80) == []


@pytest.mark.parametrize(("version", "compares"), [("1.26.20", False), ("2.5.0", True)])
def test_urllib3_1_compares_names_itself(monkeypatch: pytest.MonkeyPatch, version: str, compares: bool) -> None:
    context = ssl.create_default_context()
    monkeypatch.setattr(transport, "context_for", lambda _trust: context)
    monkeypatch.setattr(transport, "urllib3_version", version)
    assert transport._Adapter(Trust())._context() is context
    assert context.check_hostname is compares


def test_what_goes_through_a_proxy_trusts_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context()
    monkeypatch.setattr(transport, "context_for", lambda _trust: context)
    manager = transport._Adapter(Trust()).proxy_manager_for("https://proxy.example.com:3128")
    assert manager.connection_pool_kw["ssl_context"] is context
    assert manager.proxy_config.ssl_context is context
    assert manager.pool_classes_by_scheme == {"http": transport._Pool, "https": transport._TlsPool}
