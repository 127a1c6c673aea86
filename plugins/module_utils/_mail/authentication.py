# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the receiving server found out about a message: SPF, DKIM and DMARC in `Authentication-Results` (RFC 8601).

A sender can put such a header into a message as well. So the question of who wrote one stands before what it says.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from .received import hop
from .tokens import Token, tokens

Fields = t.Sequence[tuple[str, str]]

METHODS: t.Final = ("spf", "dkim", "dmarc")
_HEADER = "authentication-results"
_METHOD = re.compile(r"(?P<method>[\w-]+)(?:\s*/\s*\d+)?=(?P<result>\w+)")
# Each name is tried from its beginning alone: the time that a long one takes must not grow by its length squared.
_PROPERTY = re.compile(r'(?<![\w.-])(?P<name>[\w-]+(?:\.[\w-]+)*)=(?P<value>"(?:[^"\\]|\\.)*"[^\s"]*|\S+)')
# Whose domain a method judges, the first that is reported.
_DOMAINS = {
    "spf": ("smtp.mailfrom", "smtp.mail", "envelope-from"),
    "dkim": ("header.d", "header.i"),
    "dmarc": ("header.from",),
}
_OF_THE_GREETING = ("smtp.helo", "smtp.ehlo", "helo")
# What Exchange Online writes where there is no domain.
_NO_DOMAIN = "none"


@dataclass(frozen=True)
class Verdict:
    """The outcome of one method; `reason` and `domain` are empty where they are not reported."""

    method: str
    result: str
    reason: str
    domain: str


@dataclass(frozen=True)
class Verdicts:
    """What is believed: who says it, and at most one verdict for each method. `ignored` are names never believed."""

    authserv_id: str | None
    by_method: t.Mapping[str, Verdict]
    ignored: t.Sequence[str]


class _Header(t.NamedTuple):
    authserv_id: str
    verdicts: list[Verdict]
    section: int
    """How many `Received` headers stand above it."""
    is_named: bool


def verdicts(fields: Fields, authserv_id: str | None) -> Verdicts:
    """Find the verdicts that the receiving server wrote.

    `fields` are the headers of a message in their order. With `authserv_id` the server is the one that calls itself
    so, and has to remove headers of this name that come from elsewhere; of these, the topmost and its neighbours count.
    Without it, only what was written above the server's own `Received` header counts, where no sender can put
    anything, and only under the name of the server, or of a domain that it is in. A header without a name, as Exchange
    Online writes it, belongs to the server whose `Received` header stands directly below it.
    """
    hosts = [_same(hop(value).by_host) for name, value in fields if name.lower() == "received"]
    headers = list(_headers(fields, hosts))
    believed = _named(headers, _same(authserv_id), fields) if authserv_id else _above_the_border(headers, fields)
    found: dict[str, Verdict] = {}
    for header in believed:
        for verdict in header.verdicts:
            best = found.get(verdict.method)
            if best is None or _is_better(verdict, best):
                found[verdict.method] = verdict
    names = [header.authserv_id for header in believed]
    ignored = dict.fromkeys(header.authserv_id for header in headers if header.authserv_id not in names)
    return Verdicts(names[0] if names else None, found, list(ignored))


def _is_better(verdict: Verdict, best: Verdict) -> bool:
    """Whether a later verdict counts before the best one so far. Usually the first counts.

    A message may carry several DKIM signatures, and one good one is enough. Of results of SPF, one that names the
    sender's domain counts before one that does not say whom it is about.
    """
    if verdict.method == "dkim":
        return verdict.result == "pass" != best.result
    return verdict.method == "spf" and bool(verdict.domain) > bool(best.domain)


def _headers(fields: Fields, hosts: t.Sequence[str]) -> t.Iterator[_Header]:
    """The headers; `hosts` are the servers that wrote the `Received` headers, from the top."""
    section = 0
    for name, value in fields:
        if name.lower() == "received":
            section += 1
        elif name.lower() == _HEADER:
            parts = _split(tokens(value))
            words = _words(parts[0])
            is_named = bool(words) and "=" not in words[0] and words[1:2] != ["="]
            below = hosts[section] if section < len(hosts) else ""
            authserv_id = _same(words[0].strip('"')) if is_named else below
            # Without a name in front and a server below, nobody takes responsibility for it.
            if authserv_id:
                found = [verdict for part in parts[is_named:] for verdict in _verdict(part)]
                yield _Header(authserv_id, found, section, is_named)


def _named(headers: t.Sequence[_Header], authserv_id: str, fields: Fields) -> list[_Header]:
    """The headers under this name, down to the next `Received` header below the first of them.

    Of those without a name, nobody removes what came from elsewhere: they count where no sender can put one.
    """
    border, _hosts = _border(fields)
    mine = [
        header
        for header in headers
        if (header.is_named and header.authserv_id == authserv_id)
        or (not header.is_named and header.section <= border and _is_or_holds(authserv_id, header.authserv_id))
    ]
    return [header for header in mine if header.section == mine[0].section]


def _above_the_border(headers: t.Sequence[_Header], fields: Fields) -> list[_Header]:
    """The headers that the receiver's own machines wrote, under the name of one of them."""
    border, hosts = _border(fields)
    return [
        header
        for header in headers
        if header.section <= border and any(_is_or_holds(header.authserv_id, host) for host in hosts)
    ]


def _border(fields: Fields) -> tuple[int, set[str]]:
    """How many `Received` headers stand above the one of who took the message from outside, and who wrote them all."""
    hosts: set[str] = set()
    border = 0
    for value in (value for name, value in fields if name.lower() == "received"):
        taken = hop(value)
        hosts.add(_same(taken.by_host))
        if not taken.is_inside:
            break
        border += 1
    else:
        # Nowhere does it come in from outside: then nobody knows which headers came with it.
        border = 0
    return border, hosts


def _same(name: str) -> str:
    """A server's name for comparison: a full one may end with a dot."""
    return name.lower().rstrip(".")


def _is_or_holds(authserv_id: str, host: str) -> bool:
    return host == authserv_id or ("." in authserv_id and host.endswith(f".{authserv_id}"))


def _split(found: t.Sequence[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in found:
        if token.kind == "semicolon":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _words(part: t.Sequence[Token]) -> list[str]:
    return [token.text for token in part if token.kind == "word"]


def _verdict(part: t.Sequence[Token]) -> t.Iterator[Verdict]:
    """The verdict of one part, where it is about a method that is wanted."""
    text = re.sub(" ?= ?", "=", " ".join(_words(part)))
    reported = _METHOD.match(text)
    if not reported or reported["method"].lower() not in METHODS:
        return
    method = reported["method"].lower()
    properties = {
        found["name"].lower(): found["value"].strip('"') for found in _PROPERTY.finditer(text, pos=reported.end())
    }
    # An empty sender, as of a bounce, names no domain: its outcome is one of the greeting again (RFC 7208, 2.4).
    domain = next((named for name in _DOMAINS[method] if (named := properties.get(name, "").strip("<>"))), "")
    is_of_greeting = not domain and any(name in properties for name in _OF_THE_GREETING)
    if method == "spf" and (is_of_greeting or properties.get("identity", "").lower() in ("helo", "ehlo")):
        # About the name in the greeting, which says nothing about who the message is from.
        return
    # Gmail and others tell the reason in a comment.
    comments = [token.text for token in part if token.kind == "comment"]
    reason = properties.get("reason") or next(iter(comments), "")
    name = domain.rpartition("@")[2].strip("<>").lower()
    yield Verdict(method, reported["result"].lower(), reason, "" if name == _NO_DOMAIN else name)
