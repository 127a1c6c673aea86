# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The terms of an SPF record (RFC 7208, sections 4.6 and 5), and what is wrong with one. Asks nobody."""

from __future__ import annotations

import ipaddress
import re
import typing as t

_LONGEST_RECORD = 4096
_MODIFIER = re.compile(r"(?P<name>[A-Za-z][\w.-]{0,63})=(?P<value>.*)", re.DOTALL)
_MECHANISM = re.compile(r"(?P<qualifier>[-+?~]?)(?P<name>[A-Za-z][\w.-]{0,63})(?P<rest>[:/].*)?", re.DOTALL)
_MASKS = re.compile(r"(?P<name>.*?)(?:/(?P<four>\d{1,3}))?(?://(?P<six>\d{1,3}))?", re.DOTALL)
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
# The last label is not all digits, so an address is no domain.
_DOMAIN = re.compile(rf"(?:{_LABEL}\.){{1,126}}(?!\d+\.?$){_LABEL}\.?")
# What may stand for a part of a name (RFC 7208, 7.1). The letters c, r and t belong to explanations alone.
# The number of parts of it that count is not zero.
_PARTS = r"(?!0+(?!\d))\d{0,3}r?[-.+,/_=]*"
_MACRO = re.compile(rf"%(?:\{{[slodiphv]{_PARTS}\}}|%|_|-)", re.IGNORECASE)
_MACRO_OF_EXP = re.compile(rf"%(?:\{{[slodiphcrtv]{_PARTS}\}}|%|_|-)", re.IGNORECASE)
_WITH_MASK = re.compile(r":(?P<address>[0-9A-Fa-f.:]+)(?:/(?:0|[1-9]\d{0,2}))?")
# Begun with something else, ended with something else than a space, or without the first letter.
_ALMOST = re.compile(r"[^A-Za-z0-9]{0,5}(?:v\W{0,3}=\W{0,3}|v?\W{0,2})spf\W?1(?!\d)", re.IGNORECASE)
_MECHANISMS = frozenset(("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"))
_NEEDS_DOMAIN = frozenset(("include", "exists"))
ASKS_DNS: t.Final = frozenset(("include", "a", "mx", "ptr", "exists", "redirect"))
"""The terms that count against the limit of ten look-ups (RFC 7208, 4.6.4)."""


Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


class Term(t.NamedTuple):
    """One term: a mechanism with its `qualifier`, or a modifier, whose qualifier is empty.

    `domain` is whom it asks about, empty for the record's own domain. `network` is what `ip4` and `ip6` name, and
    `masks` the number of bits of an IPv4 and of an IPv6 address that `a` and `mx` compare.
    """

    text: str
    name: str
    qualifier: str = ""
    domain: str = ""
    network: Network | None = None
    masks: tuple[int, int] = (32, 128)

    @property
    def is_mechanism(self) -> bool:
        """Whether it can match a sender."""
        return self.name in _MECHANISMS

    @property
    def compares_nothing(self) -> bool:
        """Whether every address of a kind is taken for the same."""
        return 0 in self.masks

    @property
    def has_macro(self) -> bool:
        """Whether whom it asks about depends on the message (RFC 7208, 7)."""
        return "%" in self.domain


class InvalidTerm(ValueError):
    """A term that makes the whole record one that no receiver can use (a permanent error)."""


def is_spf(text: str) -> bool:
    """Whether a TXT record is an SPF record."""
    return text.split(" ", maxsplit=1)[0].lower() == "v=spf1"


def is_almost_spf(text: str) -> bool:
    """Whether somebody meant a TXT record to be an SPF record that it is not: quotes, another space, a missing v."""
    return not is_spf(text) and bool(_ALMOST.match(text))


def terms(record: str) -> t.Iterator[Term | InvalidTerm]:
    """The terms of a record, in their order; in place of one that is none, what is wrong with it.

    Only the common space is between two of them: a tab or a space that does not break is a part of a wrong one.
    """
    seen: set[str] = set()
    for text in filter(None, record[:_LONGEST_RECORD].split(" ")[1:]):
        try:
            term = _term(text)
            if term.name in ("redirect", "exp") and term.name in seen:
                raise InvalidTerm(f"{term.name}= stands more than once")
        except InvalidTerm as exc:
            yield exc
            continue
        seen.add(term.name)
        yield term


def _term(text: str) -> Term:
    modifier = _MODIFIER.fullmatch(text)
    if modifier:
        return _modifier(text, modifier["name"].lower(), modifier["value"])
    found = _MECHANISM.fullmatch(text)
    if not found or found["name"].lower() not in _MECHANISMS:
        raise InvalidTerm(f"{text[:80]!r} is no mechanism of SPF")
    name, qualifier, rest = found["name"].lower(), found["qualifier"] or "+", found["rest"] or ""
    if name == "all":
        if rest:
            raise InvalidTerm(f"{text[:80]!r}: all takes nothing behind it")
        return Term(text, name, qualifier)
    if name in ("ip4", "ip6"):
        return Term(text, name, qualifier, network=_network(text, name, rest))
    return _asking(text, name, qualifier, rest)


def _modifier(text: str, name: str, value: str) -> Term:
    if name in ("redirect", "exp"):
        _check_domain(text, value)
        return Term(text, name, domain=value)
    # Any other name is allowed and passed over: also that of a mechanism, which is then without effect.
    return Term(text, "ignored" if name in _MECHANISMS else "modifier", domain=name)


def _network(text: str, name: str, rest: str) -> Network:
    kind: type[Network] = ipaddress.IPv4Network if name == "ip4" else ipaddress.IPv6Network
    try:
        # Python also takes masks such as 255.255.255.0, and names of interfaces.
        return kind(rest[1:] if _WITH_MASK.fullmatch(rest) else "", strict=False)
    except ValueError:
        raise InvalidTerm(f"{text[:80]!r}: {name} takes an address or a network of its kind") from None


def _asking(text: str, name: str, qualifier: str, rest: str) -> Term:
    """`include`, `exists`, `a`, `mx` and `ptr`, as far as they name a domain and bits to compare."""
    takes_masks = name in ("a", "mx")
    parts = _MASKS.fullmatch(rest) if takes_masks else None
    target = parts["name"] if parts else rest
    bits = (parts["four"] or "32", parts["six"] or "128") if parts else ("32", "128")
    if any(number.startswith("0") and number != "0" for number in bits):
        raise InvalidTerm(f"{text[:80]!r}: a number of bits does not begin with 0")
    four, six = map(int, bits)
    if four > 32 or six > 128:
        raise InvalidTerm(f"{text[:80]!r}: more bits than an address has")
    if target.startswith(":"):
        _check_domain(text, target[1:])
    elif target or name in _NEEDS_DOMAIN:
        raise InvalidTerm(f"{text[:80]!r}: {name} needs a domain behind a colon")
    return Term(text, name, qualifier, target[1:], masks=(four, six))


def _check_domain(text: str, domain: str) -> None:
    macro = _MACRO_OF_EXP if text.lower().startswith("exp=") else _MACRO
    if "%" in macro.sub("", domain):
        raise InvalidTerm(f"{text[:80]!r}: {domain[:80]!r} has a macro that there is not")
    if "%" not in domain and not _DOMAIN.fullmatch(domain):
        raise InvalidTerm(f"{text[:80]!r}: {domain[:80]!r} is no domain")
