# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an SPF record amounts to for those who check it, with all records that it leads to (RFC 7208)."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass, field

from .spf_terms import ASKS_DNS, InvalidTerm, Network, Term, is_spf, terms

MOST_LOOKUPS: t.Final = 10
MOST_VOID_LOOKUPS: t.Final = 2
MOST_MX: t.Final = 10
# What is asked beyond the limits only tells by how much they are exceeded.
_MOST_QUESTIONS = 30

Ask = t.Callable[[str, str], t.Sequence[str]]
"""Asks for the records of a name and a type. Empty where there are none; raises `SpfUnanswered`."""


class SpfUnanswered(Exception):
    """The DNS did not answer a question about a record that this one leads to."""


@dataclass
class Spf:
    """What was found out: `invalid`, `dead`, `ignored` and `macros` are texts for people, in the order of the record.

    `open_to_all` is the way to what lets everybody send, from the domain itself on; empty where nothing does.
    `unanswered` says why not everything could be found out. `end` is the qualifier of what counts for all others,
    empty where nothing says so. `ptr` are the records that have one.
    """

    lookups: int = 0
    void: list[str] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    macros: list[str] = field(default_factory=list)
    open_to_all: list[str] = field(default_factory=list)
    ptr: list[str] = field(default_factory=list)
    end: str = ""
    unanswered: str = ""


def analyse(domain: str, record: str, ask: Ask) -> Spf:
    """Follow an SPF record of a domain to its end. `ask` asks the DNS."""
    walk = _Walk(ask)
    walk.found.end = walk.follow(domain, record, (domain,), passes=True)
    if not walk.found.open_to_all and _is_everybody(walk.networks):
        walk.found.open_to_all = [domain]
    return walk.found


def _is_everybody(networks: t.Iterable[Network]) -> bool:
    """Whether networks of one kind hold every address together: no mechanism alone has to."""
    four = [network for network in networks if isinstance(network, ipaddress.IPv4Network)]
    six = [network for network in networks if isinstance(network, ipaddress.IPv6Network)]
    return any(network.prefixlen == 0 for network in ipaddress.collapse_addresses(four)) or any(
        network.prefixlen == 0 for network in ipaddress.collapse_addresses(six)
    )


class _Walk:
    """The way through a record and those that it includes."""

    def __init__(self, ask: Ask) -> None:
        self.found = Spf()
        self.networks: list[Network] = []
        self._ask = ask
        self._questions = 0

    def follow(self, domain: str, record: str, way: tuple[str, ...], *, passes: bool) -> str:
        """Follow one record; `way` leads to it, `passes` says whether a match in it lets a sender pass.

        Returns the qualifier of its end, empty where nothing says what counts for all others.
        """
        redirect: Term | None = None
        end = ""
        found = list(terms(record))
        # Wherever a wrong term stands, the whole record is an error (RFC 7208, 4.6), and nothing in it matches.
        passes = passes and not any(isinstance(term, InvalidTerm) for term in found)
        for term in found:
            if isinstance(term, InvalidTerm):
                self.found.invalid.append(self._said(domain, way, str(term)))
            elif term.name == "redirect":
                redirect = term
            elif end:
                if term.is_mechanism:
                    text = f"{term.text[:80]!r} has no effect, since it stands behind all"
                    self.found.ignored.append(self._said(domain, way, text))
            elif term.name == "all":
                end = term.qualifier
                if end == "+" and passes:
                    self._open(way)
            else:
                self._mechanism(domain, term, way, passes=passes and term.qualifier == "+")
        # With all, a redirect does not count (RFC 7208, 6.1).
        if end and redirect:
            text = f"{redirect.text[:80]!r} has no effect, since the record has all"
            self.found.ignored.append(self._said(domain, way, text))
        return end or (self._redirect(domain, redirect, way, passes=passes) if redirect else "")

    def _mechanism(self, domain: str, term: Term, way: tuple[str, ...], *, passes: bool) -> None:
        if term.name == "ignored":
            text = f"{term.text[:80]!r} has no effect, since {term.domain} takes a colon and not ="
            self.found.ignored.append(self._said(domain, way, text))
        if term.network is not None and passes:
            self.networks.append(term.network)
        if term.name not in ASKS_DNS:
            return
        self.found.lookups += 1
        if term.compares_nothing and passes:
            self._open(way)
        if term.has_macro or term.name == "ptr":
            if term.name == "ptr":
                self.found.ptr.append(self._said(domain, way, term.text[:80]))
            elif term.has_macro:
                self.found.macros.append(self._said(domain, way, term.text[:80]))
            return
        target = term.domain.rstrip(".") or domain
        if term.name == "include":
            self._record(domain, term, target, way, passes=passes)
        else:
            found = self._addresses(term, target, domain, way)
            if term.name == "exists" and found and passes:
                # Without a macro it asks the same for everybody.
                self._open(way)

    def _redirect(self, domain: str, term: Term, way: tuple[str, ...], *, passes: bool) -> str:
        self.found.lookups += 1
        if term.has_macro:
            self.found.macros.append(self._said(domain, way, term.text[:80]))
            return ""
        return self._record(domain, term, term.domain.rstrip("."), way, passes=passes)

    def _record(self, domain: str, term: Term, target: str, way: tuple[str, ...], *, passes: bool) -> str:
        """The record that an `include` or a `redirect` leads to."""
        if target.lower() in (step.lower() for step in way):
            self.found.invalid.append(self._said(domain, way, f"{term.text[:80]} leads back to where it came from"))
            return ""
        answered = self._asked(target, "TXT")
        if answered is None:
            return ""
        records = [text for text in answered if is_spf(text)]
        if not answered:
            self.found.void.append(target)
        if len(records) != 1:
            what = "has no SPF record" if not records else f"has {len(records)} SPF records"
            self.found.dead.append(self._said(domain, way, f"{term.text[:80]}: {target} {what}"))
            return ""
        return self.follow(target, records[0], (*way, target), passes=passes)

    def _addresses(self, term: Term, target: str, domain: str, way: tuple[str, ...]) -> bool:
        """Ask what `a`, `mx` and `exists` ask for. Returns whether there is something, as far as that is known."""
        kinds = ("MX",) if term.name == "mx" else ("A",) if term.name == "exists" else ("A", "AAAA")
        answers: list[str] = []
        for kind in kinds:
            answered = self._asked(target, kind)
            if answered is None:
                return False
            answers += answered
            if answers:
                break
        if not answers:
            self.found.void.append(target)
        if term.name == "mx" and len(answers) > MOST_MX:
            text = f"{term.text[:80]}: {target} has {len(answers)} mail servers, and more than {MOST_MX} are an error"
            self.found.invalid.append(self._said(domain, way, text))
        return bool(answers)

    def _asked(self, name: str, kind: str) -> t.Sequence[str] | None:
        """The answer of the DNS, `None` where nobody knows it."""
        if self._questions >= _MOST_QUESTIONS:
            return None
        self._questions += 1
        try:
            return self._ask(name, kind)
        except SpfUnanswered as exc:
            self.found.unanswered = self.found.unanswered or f"{name}: {exc}"
            return None

    def _open(self, way: tuple[str, ...]) -> None:
        self.found.open_to_all = self.found.open_to_all or list(way)

    @staticmethod
    def _said(domain: str, way: tuple[str, ...], text: str) -> str:
        """A text with the domain whose record it is about, where that is another one."""
        return text if len(way) == 1 else f"{text} (in the record of {domain})"
