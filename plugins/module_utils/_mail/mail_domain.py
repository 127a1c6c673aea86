# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the DNS says about a domain that mail is sent from: its mail servers (MX), and who may send for it (SPF)."""

from __future__ import annotations

import ipaddress
import time
import typing as t
from dataclasses import dataclass

from .mail_address import with_a_labels
from .spf import Ask, Spf, SpfUnanswered, analyse
from .spf_terms import is_almost_spf, is_spf

if t.TYPE_CHECKING:
    from dns.resolver import Answer, Resolver

# All questions about an SPF record take at most so many times what one question may take.
_QUESTIONS_AT_ONCE = 3


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
    are its SPF records, `almost_spf` those that only look like one, and `spf_analysis` is what the one that there is
    amounts to. What could not be found out is `None`, and then `unanswered` has the reason.
    """

    name: str
    exists: bool = True
    mx: tuple[str, ...] | None = None
    spf: tuple[str, ...] | None = None
    unanswered: str = ""
    spf_analysis: Spf | None = None
    almost_spf: tuple[str, ...] = ()


def look_up(domain: str, servers: t.Sequence[DnsServer], timeout: float) -> MailDomain:
    """Ask for the MX and the SPF records of a domain.

    `servers` are asked, or those of the system where there are none; each question may take `timeout` seconds.
    """
    from dns.exception import DNSException, Timeout
    from dns.resolver import NXDOMAIN

    mx: tuple[str, ...] | None = None
    try:
        resolver = _resolver(servers, timeout)
        # As mail is addressed; dnspython alone would ask for what the rules of 2003 make of it.
        name = with_a_labels(domain.rstrip(".")) + "."
        preferences = sorted((entry.preference, str(entry.exchange)) for entry in _ask(resolver, name, "MX"))
        mx = tuple(exchange.rstrip(".") or "." for _preference, exchange in preferences)
        texts = [_as_text(entry) for entry in _ask(resolver, name, "TXT")]
    except NXDOMAIN:
        return MailDomain(domain, exists=False)
    except Timeout:
        return MailDomain(domain, mx=mx, unanswered=f"no answer within {timeout:g} seconds")
    except (DNSException, OSError, UnicodeError) as exc:
        return MailDomain(domain, mx=mx, unanswered=str(exc) or type(exc).__name__)
    records = tuple(text for text in texts if is_spf(text))
    analysis = analyse(name.rstrip("."), records[0], _asking(resolver, timeout)) if len(records) == 1 else None
    almost = tuple(filter(is_almost_spf, texts))
    return MailDomain(domain, mx=mx, spf=records, spf_analysis=analysis, almost_spf=almost)


def _asking(resolver: Resolver, timeout: float) -> Ask:
    """What asks about the records that an SPF record leads to, all of them within a few times `timeout`."""
    from dns.exception import DNSException, Timeout
    from dns.resolver import NXDOMAIN

    until = time.monotonic() + _QUESTIONS_AT_ONCE * timeout

    def ask(name: str, kind: str) -> t.Sequence[str]:
        if time.monotonic() > until:
            raise SpfUnanswered("the time for questions is over")
        try:
            return [_as_text(entry) for entry in _ask(resolver, f"{name}.", kind)]
        except NXDOMAIN:
            return []
        except Timeout:
            raise SpfUnanswered(f"no answer within {timeout:g} seconds") from None
        except (DNSException, OSError, UnicodeError) as exc:
            raise SpfUnanswered(str(exc) or type(exc).__name__) from None

    return ask


def _as_text(entry: t.Any) -> str:
    """One record's data: of a TXT record its strings joined, as SPF wants them."""
    strings = getattr(entry, "strings", None)
    return str(entry) if strings is None else b"".join(strings).decode("utf-8", "replace")


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
