# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses whose domain has other letters than those of ASCII: the same one in two spellings (RFC 5890).

`a@bücher.example` (with U-labels) and `a@xn--bcher-kva.example` (with A-labels) are one address. What stands before the
at sign has no second spelling: it is the receiving server's own, and only its case is passed over.
"""

from __future__ import annotations

_LONGEST_DOMAIN = 253


def comparable(address: str) -> str:
    """An address as all spellings of it are compared: the domain with A-labels, and all in small letters."""
    local, at, domain = address.rpartition("@")
    return f"{local.lower()}{at}{with_a_labels(domain)}"


def spellings(address: str) -> list[str]:
    """All spellings of an address in which it may stand in a message, that with A-labels first."""
    same = comparable(address)
    local, at, domain = same.rpartition("@")
    return list(dict.fromkeys((same, f"{local}{at}{_with_u_labels(domain)}")))


def with_a_labels(domain: str) -> str:
    """A domain in the letters that the DNS knows, and in small ones. What cannot be encoded stays as it is."""
    if domain.isascii() or len(domain) > _LONGEST_DOMAIN:
        return domain.lower()
    import idna

    try:
        return idna.encode(domain, uts46=True).decode()
    except UnicodeError:
        # Not of the rules of 2008. It may be of those before, as for an emoji; else it stays what it is.
        return _by_older_rules(domain)


def _by_older_rules(domain: str) -> str:
    try:
        return domain.encode("idna").decode().lower()
    except UnicodeError:
        return domain.lower()


def _with_u_labels(domain: str) -> str:
    if "xn--" not in domain or len(domain) > _LONGEST_DOMAIN:
        return domain
    import idna

    try:
        return idna.decode(domain)
    except UnicodeError:
        return domain
