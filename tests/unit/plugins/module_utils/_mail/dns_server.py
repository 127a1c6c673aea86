# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A DNS server on the loopback interface that knows the records that a test gives it."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class DnsZone:
    """The records by name and type, and names whose questions fail with this code or, with `None`, are not answered.

    A `CNAME` is followed, as a resolver does.
    """

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    failing: dict[str, dns.rcode.Rcode | None] = field(default_factory=dict)
    address: str = ""
    questions: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, question: bytes) -> bytes | None:
        """The answer to one question."""
        asked = dns.message.from_wire(question)
        entry = asked.question[0]
        name, kind = str(entry.name).rstrip("."), dns.rdatatype.to_text(entry.rdtype)
        self.questions.append((name, kind))
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        owner = entry.name
        while (name, "CNAME") in self.records:
            answer.answer.append(dns.rrset.from_text(owner, 60, "IN", "CNAME", *self.records[name, "CNAME"]))
            name = self.records[name, "CNAME"][0].rstrip(".")
            owner = dns.name.from_text(name)
        if name in self.failing:
            code = self.failing[name]
            if code is None:
                return None
            answer.set_rcode(code)
        elif (name, kind) in self.records:
            answer.answer.append(dns.rrset.from_text(owner, 60, "IN", kind, *self.records[name, kind]))
        elif name not in {known for known, _kind in self.records}:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire()


@contextlib.contextmanager
def serve_dns(zone: DnsZone) -> Iterator[DnsZone]:
    """Answer questions until the end of the block; `address` says where."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as listener:
        listener.bind(("127.0.0.1", 0))
        zone.address = "{}:{}".format(*listener.getsockname())
        thread = threading.Thread(target=_answer, args=(listener, zone))
        thread.start()
        try:
            yield zone
        finally:
            with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as last:
                last.sendto(b"", listener.getsockname())
            thread.join()


def _answer(listener: socket.socket, zone: DnsZone) -> None:
    while True:
        question, client = listener.recvfrom(4096)
        if not question:
            return
        answer = zone.answer(question)
        if answer is not None:
            listener.sendto(answer, client)
