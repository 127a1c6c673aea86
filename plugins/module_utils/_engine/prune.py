# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which records that nobody described are removed, and the limit that keeps a slip from removing a fleet."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from unicodedata import normalize

from .names import address_key
from .schema import Problem

_LIMIT = re.compile(r"\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<percent>%?)\s*")


@dataclass(frozen=True)
class PruneLimit:
    """How many records may be removed at most: a number of them, or a share of all live ones in percent."""

    text: str
    number: float
    is_share: bool

    def allows(self, removed: int, live: int) -> bool:
        """Whether `removed` of `live` records may go."""
        return removed <= (live * self.number / 100 if self.is_share else self.number)

    @property
    def in_words(self) -> str:
        """The limit with its unit: a number alone reads like a share to who forgot the percent sign."""
        if self.is_share:
            return f"{self.text} of them"
        share = f"{self.text}%" if self.number <= 100 else "25%"
        return f"{self.text} (a number of records; a share is written like {share})"

    @property
    def allows_all(self) -> bool:
        """Whether it was said out loud that everything may go."""
        return self.is_share and self.number == 100


@lru_cache(maxsize=1)
def prune_limit(text: str) -> PruneLimit | None:
    """The limit that an option's text means, `None` if it means none: a share of more than all is a slip."""
    found = _LIMIT.fullmatch(text)
    if found is None or (not found["percent"] and "." in found["number"]):
        return None
    limit = PruneLimit(text.strip(), float(found["number"]), bool(found["percent"]))
    return None if limit.is_share and limit.number > 100 else limit


def is_kept(names: t.Iterable[object], patterns: t.Iterable[str]) -> bool:
    """Whether one of a record's names fits one of the patterns (shell style) of records that are never removed."""
    wanted = _wanted(tuple(patterns))
    if wanted is None:
        return False
    return any(wanted.match(form) for name in names if name for form in _forms(str(name)))


@lru_cache(maxsize=1)
def _wanted(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    """All ways to write the patterns, as one for each of many records; `None` where there is none."""
    forms = {form for pattern in patterns for form in _forms(pattern)}
    return re.compile("|".join(map(translate, sorted(forms)))) if forms else None


def _forms(name: str) -> set[str]:
    """The ways to write a name, of which one has to fit: a record is rather kept too often than removed."""
    if name.isascii() and not name.endswith("."):
        return {name.lower()}
    return {name.lower(), normalize("NFC", name).lower(), address_key(name).lower()}


def prune_problems(limit: PruneLimit, *, removed: int, live: int, described: int) -> list[Problem]:
    """Why so many records must not be removed."""
    if described == 0 and removed and not limit.allows_all:
        message = "nothing is described that should be there, so all that is live would go; say prune_limit=100% if so"
        return [Problem("prune_limit", message)]
    if not limit.allows(removed, live):
        message = (
            f"{removed} of {live} live records would be removed, more than {limit.in_words}; raise it if that is meant"
        )
        return [Problem("prune_limit", message)]
    return []
