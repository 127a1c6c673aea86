# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the DNS says about a domain that mail is sent from: its mail servers (MX), and who may send for it (SPF)."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass

if t.TYPE_CHECKING:
    from dns.resolver import Answer, Resolver


@dataclass(frozen=True)
class DnsServer:
    """A DNS server to ask."""

    address: str
    port: int = 53


def dns_server(text: str) -> DnsServer:
    """Read `address`, `address:port` or `[address]:port`. Raises `ValueError` where it is none of them."""
    if _is_address(text):
        return DnsServer(text)
    address, _colon, port = text.rpartition(":")
    if address.startswith("[") and address.endswith("]"):
        address = address[1:-1]
    if not (_is_address(address) and port.isdecimal() and 1 <= int(port) <= 65535):
        raise ValueError(f"must be the address of a DNS server, with or without a port, not {text!r}")
    return DnsServer(address, int(port))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class MailDomain:
    """What the DNS says about a domain.

    `mx` are the names of its mail servers, the preferred ones first; a single `.` says that it takes no mail. `spf`
    are its SPF records. What could not be found out is `None`, and then `unanswered` has the reason.
    """

    name: str
    exists: bool = True
    mx: tuple[str, ...] | None = None
    spf: tuple[str, ...] | None = None
    unanswered: str = ""


def look_up(domain: str, servers: t.Sequence[DnsServer], timeout: float) -> MailDomain:
    """Ask for the MX and the SPF records of a domain.

    `servers` are asked, or those of the system where there are none; each question may take `timeout` seconds.
    """
    from dns.exception import DNSException, Timeout
    from dns.resolver import NXDOMAIN

    mx: tuple[str, ...] | None = None
    try:
        resolver = _resolver(servers, timeout)
        name = domain.rstrip(".") + "."
        preferences = sorted((entry.preference, str(entry.exchange)) for entry in _ask(resolver, name, "MX"))
        mx = tuple(exchange.rstrip(".") or "." for _preference, exchange in preferences)
        texts = [b"".join(entry.strings).decode("utf-8", "replace") for entry in _ask(resolver, name, "TXT")]
    except NXDOMAIN:
        return MailDomain(domain, exists=False)
    except Timeout:
        return MailDomain(domain, mx=mx, unanswered=f"no answer within {timeout:g} seconds")
    except (DNSException, OSError, UnicodeError) as exc:
        return MailDomain(domain, mx=mx, unanswered=str(exc) or type(exc).__name__)
    return MailDomain(domain, mx=mx, spf=tuple(text for text in texts if _is_spf(text)))


def _is_spf(text: str) -> bool:
    return text.split(" ", maxsplit=1)[0].lower() == "v=spf1"


def _resolver(servers: t.Sequence[DnsServer], timeout: float) -> Resolver:
    from dns.resolver import Resolver

    resolver = Resolver(configure=not servers)
    if servers:
        resolver.nameservers = [server.address for server in servers]
        resolver.nameserver_ports = {server.address: server.port for server in servers}
    resolver.lifetime = timeout
    return resolver


def _ask(resolver: Resolver, name: str, kind: str) -> t.Iterable[t.Any]:
    answer: Answer = resolver.resolve(name, kind, raise_on_no_answer=False, search=False)
    return answer.rrset or ()
