# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of a message, from the `Received` header that each server puts in front of it.

RFC 5321 says what stands in one, and servers differ: the forms of Postfix, Exim, Exchange, Gmail and Dovecot are known.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from .tokens import Token, tokens

_CLAUSES = frozenset(("from", "by", "via", "with", "id", "for"))
_ENCRYPTED = re.compile(r"(UTF8)?(E?SMTP|LMTP)SA?|HTTPS", re.IGNORECASE)
# Between the servers or the parts of one receiver: no sender can hand over mail like this.
_INSIDE = re.compile(r"(UTF8)?LMTP\w*|HTTPS?|MAPI|local", re.IGNORECASE)
# Postfix: "using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)"; Gmail, Exchange, Sendmail:
# "version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384"; Exim: "TLS1.3", before that "TLS1.2:ECDHE-RSA-AES256-GCM-SHA384:256".
_TLS = re.compile(
    r"(?:using |version=)?TLSv?(?P<version>1(?:[._][0-3])?)"
    r"(?:(?: with cipher |[, ]+cipher=|:)(?P<cipher>[\w-]+))?(?![\w.])"
)


@dataclass(frozen=True)
class Hop:
    """One server that took the message from another. What its header does not tell is `None`, or empty.

    `encrypted` is `None` where the message did not come over the net, or where the header does not tell how.
    """

    from_host: str
    by_host: str
    protocol: str
    queue_id: str
    time: datetime | None
    tls_version: str | None
    cipher: str | None
    encrypted: bool | None

    @property
    def is_inside(self) -> bool:
        """Whether the message came from the receiver's own machines for certain, not from a stranger."""
        if not self.from_host or _INSIDE.fullmatch(self.protocol):
            return True
        # Nobody outside can reach these; what comes from outside is taken by hosts below protection.outlook.com.
        return self.by_host.lower().endswith(".prod.outlook.com")


def hop(value: str) -> Hop:
    """Read one `Received` header."""
    found = tokens(value)
    semicolons = [index for index, token in enumerate(found) if token.kind == "semicolon"]
    end = semicolons[-1] if semicolons else len(found)
    clauses = _clauses(found[:end])
    protocol = clauses.get("with", [])
    reported = [token.text for token in found[:end] if token.kind == "comment"]
    tls = next(filter(None, map(_TLS.match, reported)), None)
    words = {name: values[0].strip("[]<>;") for name, values in clauses.items() if values}
    return Hop(
        from_host=words.get("from", ""),
        by_host=words.get("by", ""),
        protocol=_protocol(protocol),
        queue_id=words.get("id", ""),
        time=_time(found[end + 1 :]),
        tls_version="TLSv" + tls["version"].replace("_", ".") if tls else None,
        cipher=(tls["cipher"] if tls else None) or _cipher_of_exim(protocol),
        encrypted=_is_encrypted("from" in words, _protocol(protocol), tls is not None),
    )


def path(values: t.Iterable[str]) -> list[Hop]:
    """Read all `Received` headers of a message, the newest first as they stand there. Returns the oldest first."""
    return [hop(value) for value in values][::-1]


def _clauses(found: t.Sequence[Token]) -> dict[str, list[str]]:
    """The words of each clause. Each comes once: the word `for` in another one's text begins no new one."""
    clauses: dict[str, list[str]] = {}
    current: list[str] = []
    for token in found:
        if token.kind != "word":
            continue
        name = token.text.lower()
        if name in _CLAUSES and name not in clauses:
            clauses[name] = current = []
        else:
            current.append(token.text)
    return clauses


def _protocol(words: t.Sequence[str]) -> str:
    """The protocol: one word, or the name of a product, as Exchange tells it."""
    if words and words[0] == "Microsoft":
        return " ".join(words)
    return words[0] if words else ""


def _cipher_of_exim(words: t.Sequence[str]) -> str | None:
    """Exim writes `with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384`."""
    return words[2] if len(words) > 2 and words[1] == "tls" else None


def _is_encrypted(over_the_net: bool, protocol: str, has_tls: bool) -> bool | None:
    if has_tls or _ENCRYPTED.fullmatch(protocol):
        return bool(has_tls or protocol.upper().rstrip("A").endswith("S"))
    return False if over_the_net and "SMTP" in protocol.upper() else None


def _time(found: t.Sequence[Token]) -> datetime | None:
    text = " ".join(token.text for token in found if token.kind == "word")
    try:
        reported = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        # Which of them depends on the version of Python.
        return None
    # Without a time zone ("-0000") it is Universal Time.
    return reported if reported.tzinfo else reported.replace(tzinfo=timezone.utc)
