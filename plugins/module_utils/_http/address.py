# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses of servers: which may be configured, and how one is shown.

Readers of addresses disagree about what is unusual: a backslash, `http://127.1/`, a blank in front. So one is taken
only where it has a plain form that all of them read alike, and only that form is ever shown.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

NOT_SHOWN: t.Final = "(an address that is not shown)"
"""What stands in place of an address that may hold a password."""

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_PLAIN = re.compile(
    r"(?P<scheme>[Hh][Tt][Tt][Pp][Ss]?)://"
    rf"(?P<host>{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9A-Fa-f:.]{{2,45}}\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>(?:/[A-Za-z0-9._~+-]*)*)"
)
_NUMBER = re.compile(r"[0-9]+|0[Xx][0-9A-Fa-f]*")
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}")
_LONGEST = 2048


def api_url_problem(api_url: str) -> str | None:
    """What is wrong with the configured address, or `None`. The text repeats nothing of it."""
    if any(char.isspace() or not char.isprintable() for char in api_url):
        return "must be one address without blanks, line ends and control characters, also before and after it"
    if "@" in api_url or "\\" in api_url:
        return "must not hold a user name or password: use the options for credentials"
    if "?" in api_url or "#" in api_url:
        return "must not hold a query or fragment: it is the base address of the server"
    if not api_url.isascii():
        return "must be of ASCII letters: give an international host name in its form xn--…"
    found = _PLAIN.fullmatch(api_url) if len(api_url) <= _LONGEST else None
    if found is None:
        return "must be an address such as https://server.example.com, with a port and a plain path where it has them"
    return _host_problem(found["host"]) or _port_problem(found["port"]) or _path_problem(found["path"])


def _host_problem(host: str) -> str | None:
    if host.startswith("["):
        return None if _is_ipv6(host[1:-1]) else "has a host in brackets that is no IPv6 address"
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]) and not _IPV4.fullmatch(host):
        return "has a number as its host that is read in several ways: give all four parts, such as 127.0.0.1"
    return None


def _is_ipv6(text: str) -> bool:
    try:
        return bool(ipaddress.IPv6Address(text).packed)
    except ValueError:
        return False


def _port_problem(port: str | None) -> str | None:
    return "has a port that is not from 1 to 65535" if port is not None and not 1 <= int(port) <= 65535 else None


def _path_problem(path: str) -> str | None:
    steps = {".", ".."} & set(path.split("/"))
    return "has a step such as .. in its path, which is not read alike everywhere" if steps else None


def shown_address(address: object) -> str:
    """An address fit to be shown: as it is where it is plain, else words in its place."""
    return address if isinstance(address, str) and api_url_problem(address) is None else NOT_SHOWN
