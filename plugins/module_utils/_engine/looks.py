# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that only look alike: two to a server, and one to who wrote them."""

from __future__ import annotations

import re
import typing as t
import unicodedata

from .._text import FILLERS

# What shows nothing, and is no blank: joiners, marks of direction, soft hyphens, selectors.
_UNSEEN = frozenset(("Cf", "Cc"))
_SELECTORS = re.compile(f"[{FILLERS}\ufe0f]")
_LONGEST_SHOWN = 200


def look(name: str) -> str:
    """What a reader sees of a name: without blanks at its ends and a final dot, in one form of Unicode.

    Two names of one look are two to a server, and one to who wrote them.
    """
    plain = unicodedata.normalize("NFC", _SELECTORS.sub("", name))
    seen = "".join(char for char in plain if char.isspace() or unicodedata.category(char) not in _UNSEEN)
    return unicodedata.normalize("NFC", " ".join(seen.split()).rstrip(". "))


def distinct(name: str) -> str:
    """A name in quotes in which what nobody sees is written out."""
    shown = "".join(
        char if char == " " or (char.isprintable() and not _is_unseen(char)) else char.encode("unicode_escape").decode()
        for char in name[:_LONGEST_SHOWN]
    )
    return f'"{shown}{"…" if len(name) > _LONGEST_SHOWN else ""}"'


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char).startswith("M") or _SELECTORS.match(char) is not None


class Looks:
    """Names by how they look."""

    def __init__(self, names: t.Iterable[str]) -> None:
        self._by_look: dict[str, str] = {}
        for name in names:
            self._by_look.setdefault(look(name), name)

    def alike(self, name: str) -> str | None:
        """The name among these that looks like this one; this one itself counts too."""
        return self._by_look.get(look(name))


def alike_message(name: str, other: str, advice: str) -> str:
    """What is said where a described name is not live, and another one that looks like it is."""
    return (
        f"{distinct(name)} is not live, and {distinct(other)} is: they differ only in what nobody sees, or in the "
        f"spelling of a domain. {advice}"
    )
