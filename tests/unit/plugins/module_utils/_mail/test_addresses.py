# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses of servers, and which of them answer."""

from __future__ import annotations

import selectors
import socket
import threading
import time
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.addresses import (
    Address,
    HostUnknown,
    resolve,
    unreachable,
)
from tests.unit.plugins.module_utils._mail.smtp_servers import SmtpServer, serve

if TYPE_CHECKING:
    from collections.abc import Callable


def test_addresses_of_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", 25, 0, 0)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 25)),
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 25)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_keywords: answer)
    assert [address.text for address in resolve("mail.example.com", 25, 5.0)] == ["2001:db8::1", "192.0.2.1"]


def test_address_of_its_own() -> None:
    assert resolve("127.0.0.1", 25, 5.0) == [Address(socket.AF_INET, ("127.0.0.1", 25))]


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..example.com", f"{'a' * 64}.example.com"])
def test_unknown_host(host: str) -> None:
    with pytest.raises(HostUnknown, match=r"\w"):
        resolve(host, 25, 30.0)


def test_resolver_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_keywords: asked.wait(60))
    with pytest.raises(HostUnknown, match=r"no answer within 0\.1 seconds") as failure:
        resolve("mail.example.com", 25, 0.1)
    asked.set()
    assert failure.value.is_here is True


def test_which_addresses_answer() -> None:
    with serve(SmtpServer()) as server:
        answering = Address(socket.AF_INET, ("127.0.0.1", server.port))
        silent = Address(socket.AF_INET, ("127.0.0.1", _free_port()))
        assert unreachable([silent, answering], 5.0) == {silent: "Connection refused"}


def _free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
    return port


def test_address_that_says_nothing_takes_no_longer_than_it_may() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _number in range(3)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        address = Address(socket.AF_INET, full.getsockname())
        began = time.monotonic()
        reasons = unreachable([address], 0.2)
        for client in waiting:
            client.close()
    assert reasons == {address: "no answer within 0.2 seconds"}
    assert time.monotonic() - began < 5


def test_address_that_nothing_can_connect_to() -> None:
    address = Address(socket.AF_INET, ("255.255.255.255", 25))
    assert unreachable([address], 5.0)[address] in ("Permission denied", "Network is unreachable")


def test_family_that_this_host_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(97, "Address family not supported by protocol")

    monkeypatch.setattr(socket, "socket", refuse)
    address = Address(socket.AF_INET6, ("::1", 25, 0, 0))
    assert unreachable([address], 1.0) == {address: "Address family not supported by protocol"}


@pytest.mark.parametrize(
    ("kind", "reason", "is_here"),
    [
        (lambda: socket.gaierror(socket.EAI_AGAIN, "Try again"), "Try again", True),
        (lambda: socket.gaierror(socket.EAI_SYSTEM, "System error"), "System error", True),
        (lambda: socket.gaierror(socket.EAI_NONAME, "Not known"), "Not known", False),
        (lambda: UnicodeError("label too long"), "label too long", False),
        (UnicodeError, "UnicodeError", False),
        (socket.timeout, "no answer in time", False),
    ],
)
def test_why_a_host_is_unknown_and_who_is_to_blame(
    monkeypatch: pytest.MonkeyPatch, kind: Callable[[], Exception], reason: str, is_here: bool
) -> None:
    def fail(*_arguments: object, **_keywords: object) -> NoReturn:
        raise kind()

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(HostUnknown) as failure:
        resolve("mail.example.com", 25, 5.0)
    assert (str(failure.value), failure.value.is_here) == (reason, is_here)


def test_nobody_is_blamed_unasked() -> None:
    assert HostUnknown("why").is_here is False


def test_a_question_that_is_given_up_keeps_no_program_from_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []

    def ask(*_arguments: object, **_keywords: object) -> list[Any]:
        threads.append(threading.current_thread())
        return []

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    assert resolve("mail.example.com", 25, 5.0) == []
    assert [thread.daemon for thread in threads] == [True]


@pytest.mark.parametrize("timeout", [0.2, 5.0])
def test_an_answer_is_waited_for_as_long_as_it_may_take(monkeypatch: pytest.MonkeyPatch, timeout: float) -> None:
    waited: list[float] = []

    class Selector(selectors.SelectSelector):
        def select(self, timeout: float | None = None) -> list[Any]:
            waited.append(timeout or 0.0)
            return []

    monkeypatch.setattr(selectors, "DefaultSelector", Selector)
    address = Address(socket.AF_INET, ("127.0.0.1", _free_port()))
    assert unreachable([address], timeout) == {address: f"no answer within {timeout:g} seconds"}
    assert [0 < seconds <= timeout for seconds in waited] == [True]


def test_a_connection_that_stands_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class Socket(socket.socket):
        def connect_ex(self, address: Any) -> int:
            self.setblocking(True)
            return super().connect_ex(address)

    with serve(SmtpServer()) as server:
        monkeypatch.setattr(socket, "socket", Socket)
        assert unreachable([Address(socket.AF_INET, ("127.0.0.1", server.port))], 5.0) == {}
        monkeypatch.undo()
