# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When two names mean one record: of domains, of e-mail addresses, and of names that only look alike.

Domains are compared with A-labels (IDNA 2008, RFC 5891), where `ß` and `ss` are two letters, and small and capital
letters of ASCII are one. What stands before the at sign of an address is the receiving server's own (RFC 5321, 2.3.11)
and compared exactly.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_LONGEST_LABEL, _LONGEST_DOMAIN = 63, 253


def is_domain(text: str) -> bool:
    """Whether a text is a domain name, with or without letters beyond ASCII; a dot at its end is none of it."""
    return _a_labels(text) is not None


def domain_key(domain: str) -> str:
    """What all spellings of one domain have in common; what is no domain has no other spelling."""
    key = _a_labels(domain.removesuffix("."))
    return domain if key is None else key


def address_key(address: str) -> str:
    """What all spellings of one e-mail address have in common."""
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain_key(domain)}"


def spellings(domain: str) -> list[str]:
    """The other usual spellings of an international domain: with A-labels, with U-labels."""
    key = _a_labels(domain)
    if key is None or "xn--" not in key:
        return []
    return [other for other in dict.fromkeys((key, _u_labels(key))) if other != domain]


# Of thousands of records, most have one of a few domains.
@lru_cache(maxsize=256)
def _a_labels(domain: str) -> str | None:
    if len(domain) > _LONGEST_DOMAIN:
        return None
    labels = [_a_label(label) for label in domain.split(".")]
    key = ".".join(label or "" for label in labels)
    return None if None in labels or len(key) > _LONGEST_DOMAIN else key


def _a_label(label: str) -> str | None:
    if label.isascii():
        return label.lower() if len(label) <= _LONGEST_LABEL and _LABEL.fullmatch(label) else None
    import idna

    if unicodedata.normalize("NFC", label) != label:
        return None
    try:
        return idna.alabel(label.lower()).decode()
    except UnicodeError:
        return None


def _u_labels(key: str) -> str:
    import idna

    try:
        return ".".join(idna.ulabel(label) if label.startswith("xn--") else label for label in key.split("."))
    except UnicodeError:
        return key
