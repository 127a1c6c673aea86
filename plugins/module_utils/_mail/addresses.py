# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a server is: the addresses of its name, and which of them take a connection."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import threading
import time
import typing as t
from dataclasses import dataclass


class HostUnknown(Exception):
    """A name that has no address, or whose addresses could not be found out; the text is the reason.

    `is_here` where no name server gave an answer, so that this machine is to blame, and perhaps not the name.
    """

    def __init__(self, reason: str, *, is_here: bool = False) -> None:
        super().__init__(reason)
        self.is_here = is_here


def is_of_this_machine(error: Exception) -> bool:
    """Whether a name has no address only because no name server answered this machine."""
    return isinstance(error, socket.gaierror) and error.errno in (socket.EAI_AGAIN, socket.EAI_SYSTEM)


@dataclass(frozen=True)
class Address:
    """One address of a server, with its port as the socket wants it."""

    family: socket.AddressFamily
    socket_address: tuple[t.Any, ...]

    @property
    def text(self) -> str:
        """The address alone."""
        return str(self.socket_address[0])


def resolve(host: str, port: int, timeout: float) -> list[Address]:
    """All addresses of a host, in the order in which this machine would try them.

    It asks as every program of the machine does, F(/etc/hosts) included. Raises `HostUnknown`, also where there is no
    answer within `timeout` seconds.
    """
    answers: list[t.Any] = []

    def ask() -> None:
        try:
            answers.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as exc:
            answers.append(exc)

    # getaddrinfo has no time limit of its own, and nobody waits for this thread when the program ends.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    if not answers:
        raise HostUnknown(f"no answer within {timeout:g} seconds", is_here=True)
    if isinstance(answers[0], Exception):
        raise HostUnknown(reason_of(answers[0]), is_here=is_of_this_machine(answers[0]))
    found = (Address(family, address) for family, _type, _protocol, _name, address in answers[0])
    return list(dict.fromkeys(found))


def reason_of(error: Exception) -> str:
    """Why something failed in the system's own words, without numbers and names of Python."""
    if isinstance(error, socket.timeout):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def unreachable(addresses: t.Sequence[Address], timeout: float) -> dict[Address, str]:
    """Connect to all addresses at the same time. Returns those that did not answer in `timeout` seconds, and why."""
    reasons: dict[Address, str] = {}
    deadline = time.monotonic() + timeout
    with selectors.DefaultSelector() as waiting:
        for address in addresses:
            _begin(address, waiting, reasons)
        while waiting.get_map():
            ended = waiting.select(max(0.0, deadline - time.monotonic()))
            for key, _events in ended:
                _end(key, waiting, reasons)
            if not ended:
                break
        for key in list(waiting.get_map().values()):
            _end(key, waiting, reasons, f"no answer within {timeout:g} seconds")
    return {address: reasons[address] for address in addresses if address in reasons}


def _begin(address: Address, waiting: selectors.BaseSelector, reasons: dict[Address, str]) -> None:
    try:
        connection = socket.socket(address.family, socket.SOCK_STREAM)
    except OSError as exc:
        reasons[address] = reason_of(exc)
        return
    connection.setblocking(False)
    code = connection.connect_ex(address.socket_address)
    if code in (0, errno.EINPROGRESS):
        waiting.register(connection, selectors.EVENT_WRITE, address)
    else:
        connection.close()
        reasons[address] = os.strerror(code)


def _end(
    key: selectors.SelectorKey, waiting: selectors.BaseSelector, reasons: dict[Address, str], reason: str = ""
) -> None:
    connection = t.cast(socket.socket, key.fileobj)
    waiting.unregister(connection)
    code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    connection.close()
    if code or reason:
        reasons[key.data] = reason or os.strerror(code)
