# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections: how many there are, and reading within a time limit, on a clock that the test holds."""

from __future__ import annotations

import io
import socket
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http import transport
from ansible_collections.mailfleet.email.plugins.module_utils._http.trust import Trust
from tests.unit.plugins.module_utils._http.clock import Clock


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
