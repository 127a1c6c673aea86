# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits of time and size: no server can hold a task up or fill its memory."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http import session as session_module
from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import (
    ConnectionFailed,
    InvalidResponse,
    RedirectRefused,
)
from tests.unit.plugins.module_utils._http.sessions import session_to
from tests.unit.plugins.module_utils.conversation import Conversation

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def silent_url() -> Iterator[str]:
    """A server that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_no_answer_in_time(silent_url: str) -> None:
    begun = time.monotonic()
    with session_to(silent_url, timeout=0.2) as session, pytest.raises(ConnectionFailed) as caught:
        session.request("GET", "/a")
    assert time.monotonic() - begun < 1.5
    assert str(caught.value) == f"GET {silent_url}/a: no complete answer within 0.2 seconds. Raise timeout?"
    assert caught.value.sent


@pytest.fixture
def full_url() -> Iterator[str]:
    """A server that takes no connection any more, as one that is off."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_a_server_that_is_off_costs_the_time_to_connect_alone(
    full_url: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "_CONNECT_SECONDS", 0.3)
    begun = time.monotonic()
    with session_to(full_url, timeout=30.0, retries=3) as session, pytest.raises(ConnectionFailed) as caught:
        session.request("POST", "/a")
    assert 0.2 < time.monotonic() - begun < 5
    assert str(caught.value) == (
        f"POST {full_url}/a: no connection within 0.3 seconds. Check whether it is on, api_url and the network"
    )
    assert (caught.value.sent, pauses) == (False, [])


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_off_costs_the_time_to_connect_alone(
    scheme: str, full_url: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever release of urllib3 it is: newer ones call it a failure of the proxy, which would be tried again."""
    monkeypatch.setattr(session_module, "_CONNECT_SECONDS", 0.3)
    monkeypatch.setenv(f"{scheme}_proxy", full_url)
    url = f"{scheme}://server.invalid"
    with session_to(url, timeout=30.0, retries=3) as session, pytest.raises(ConnectionFailed) as caught:
        session.request("GET", "/a")
    assert "no connection within 0.3 seconds" in str(caught.value)
    assert (caught.value.sent, pauses) == (False, [])


def test_a_server_that_is_off_is_waited_for_once(full_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A task about many records asks for each of them."""
    monkeypatch.setattr(session_module, "_CONNECT_SECONDS", 0.3)
    begun = time.monotonic()
    with session_to(full_url) as session:
        for _ in range(20):
            with pytest.raises(ConnectionFailed, match=r"no connection within 0\.3 seconds"):
                session.request("GET", "/a")
    assert time.monotonic() - begun < 3


@contextlib.contextmanager
def full_at(address: str, port: int = 0) -> Iterator[int]:
    """The port of a server there that takes no connection any more."""
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.create_server((address, port), backlog=0))
        taken: int = listening.getsockname()[1]
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.2", taken))
        yield taken


def named(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name have these addresses."""

    def found(host: str, port: int, *_args: object, **_options: object) -> list[tuple[object, ...]]:
        known = [host] if host[0].isdigit() else addresses
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known]

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_all_addresses_of_a_server_share_the_time_to_connect(
    scheme: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "_CONNECT_SECONDS", 0.5)
    named(monkeypatch, *(f"127.0.0.{number}" for number in range(2, 8)))
    everywhere = "0.0.0.0"  # noqa: S104  For a fraction of a second, and it takes nobody.
    with full_at(everywhere) as port, session_to(f"{scheme}://appliance.test:{port}", timeout=30.0) as session:
        begun = time.monotonic()
        with pytest.raises(ConnectionFailed, match=r"appliance\.test:\d+/a: no connection within 0\.5 seconds"):
            session.request("GET", "/a")
        assert time.monotonic() - begun < 2
    assert pauses == []


def test_a_silent_address_leaves_time_for_the_next(
    conversation: Conversation, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "_CONNECT_SECONDS", 0.5)
    named(monkeypatch, "127.0.0.2", "127.0.0.1")
    port = int(conversation.url.rpartition(":")[2])
    conversation.expect("GET /a").answers([])
    with full_at("127.0.0.2", port), session_to(f"http://appliance.test:{port}", timeout=30.0) as session:
        assert session.request("GET", "/a").json() == []
    assert pauses == []


def test_a_server_that_says_nothing_to_tls_costs_the_time_to_connect_alone(
    silent_url: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "_CONNECT_SECONDS", 0.3)
    url = silent_url.replace("http:", "https:")
    with session_to(url, timeout=30.0, retries=3) as session, pytest.raises(ConnectionFailed) as caught:
        session.request("POST", "/a")
    assert "no connection within 0.3 seconds" in str(caught.value)
    assert (caught.value.sent, pauses) == (False, [])


def test_the_time_to_connect_is_part_of_a_shorter_timeout(full_url: str) -> None:
    begun = time.monotonic()
    with session_to(full_url, timeout=0.2) as session, pytest.raises(ConnectionFailed, match=r"within 0\.2 seconds"):
        session.request("GET", "/a")
    assert time.monotonic() - begun < 5


def test_an_answer_may_take_longer_than_a_connection(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "_CONNECT_SECONDS", 0.3)
    parts = [HEAD + b"Content-Length: 2\r\n\r\n", b"[", b"]"]
    conversation.expect("GET /a").sends(parts, pause=0.5)
    with session_to(conversation.url, timeout=5.0) as session:
        assert session.request("GET", "/a").json() == []


def test_no_answer_in_time_is_tried_again_where_it_is_a_read(silent_url: str, pauses: list[float]) -> None:
    with session_to(silent_url, timeout=0.1, retries=2) as session:
        with pytest.raises(ConnectionFailed):
            session.request("GET", "/a")
        assert len(pauses) == 2
        with pytest.raises(ConnectionFailed):
            session.request("POST", "/a", body={})
        assert len(pauses) == 2


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([b"HTTP/1.1 200 OK\r\n", *[b"X-Header: 1\r\n"] * 50], id="headers"),
        pytest.param([b"HTTP/1.1 200 OK\r\nX-Header: ", *[b"1"] * 50], id="one header"),
        pytest.param([b"HTTP/1.1 100 Continue\r\n\r\n"] * 50, id="continue"),
        pytest.param([HEAD + b"Content-Length: 50\r\n\r\n", *[b"1"] * 50], id="length"),
        pytest.param([HEAD + b"Connection: close\r\n\r\n", *[b"1"] * 50], id="until the end"),
        pytest.param([HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\n1\r\n"] * 50, b"0\r\n\r\n"], id="chunked"),
    ],
)
def test_an_answer_that_drips(conversation: Conversation, parts: list[bytes]) -> None:
    conversation.expect("GET /a").sends(parts, pause=0.1)
    begun = time.monotonic()
    with session_to(conversation.url, timeout=0.4) as session, pytest.raises(ConnectionFailed, match=r"0\.4 seconds"):
        session.request("GET", "/a")
    assert time.monotonic() - begun < 2.5


def test_the_body_of_a_redirect_that_drips_holds_nobody_up(conversation: Conversation) -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 50\r\n\r\n"
    conversation.expect("GET /a").sends([head, *[b"1"] * 50], pause=0.1)
    begun = time.monotonic()
    with session_to(conversation.url, timeout=0.4) as session, pytest.raises(RedirectRefused):
        session.request("GET", "/a")
    assert time.monotonic() - begun < 2.5


def test_a_slow_body_that_is_complete_in_time(conversation: Conversation) -> None:
    parts = [HEAD + b"Content-Length: 5\r\n\r\n", b"fal", b"se"]
    conversation.expect("GET /a").sends(parts, pause=0.05)
    with session_to(conversation.url, timeout=5.0) as session:
        assert session.request("GET", "/a").json() is False


@pytest.mark.parametrize(
    "head", [f"Content-Length: {80 * 1024 * 1024}".encode(), b"Connection: close"], ids=["length", "no length"]
)
def test_a_body_that_is_too_large(conversation: Conversation, head: bytes) -> None:
    megabyte = b" " * 1024 * 1024
    conversation.expect("GET /a").sends([HEAD + head + b"\r\n\r\n", *[megabyte] * 80])
    with session_to(conversation.url, timeout=20.0, retries=3) as session, pytest.raises(InvalidResponse) as caught:
        session.request("GET", "/a")
    assert "the answer is larger than 67108864 bytes" in str(caught.value)
