# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The line by which an export knows a file that it wrote and that nobody changed since. Pure.

It is against accidents, and not against somebody who can write the file: to make a seal takes no secret.
"""

from __future__ import annotations

import hashlib
import re

_SEAL = re.compile(
    r"mailfleet-export: (?P<digest>[0-9a-f]{64})(?: (?P<place>[0-9a-f]{16}))?(?: (?P<record>[0-9a-f]{16}))?"
)
_UNSEALED = "0" * 64
_HALF = 8
# A seal stands in the first lines, before anything that a server may have said.
_FIRST_LINES = 300


def seal(place: str = "", record: str = "") -> str:
    """The text that `sealed` fills in.

    `place` is the path of the file below the root of all exports, which a copy does not have, and `record` the
    mark of the one record that the file holds, where it is one.
    """
    return " ".join(filter(None, ("mailfleet-export:", _UNSEALED, place and _mark(place), record)))


def sealed(text: str) -> str:
    """A text in whose first lines a `seal` stands, closed with a digest of all of it."""
    return text.replace(_UNSEALED, _digest(text), 1)


def is_exported(text: str) -> bool:
    """Whether an export wrote the file, whatever became of it since."""
    return _SEAL.search(text[:_FIRST_LINES]) is not None


def is_in_its_place(text: str, place: str) -> bool:
    """Whether an export wrote the file to this path below the root of all exports, whatever became of it since."""
    found = _SEAL.search(text[:_FIRST_LINES])
    return found is not None and found["place"] == _mark(place)


def is_of_its_host(text: str, place: str) -> bool:
    """Whether an export wrote the file to the folder in which it lies, maybe by another name."""
    found = _SEAL.search(text[:_FIRST_LINES])
    return found is not None and (found["place"] or "").startswith(_mark(place)[:_HALF])


def is_unchanged(text: str) -> bool:
    """Whether an export wrote the file, and nobody changed it since. How lines end does not count: git changes that."""
    found = _SEAL.search(text[:_FIRST_LINES])
    if found is None:
        return False
    begin, end = found.span("digest")
    return _digest(f"{text[:begin]}{_UNSEALED}{text[end:]}") == found["digest"]


def record_of(text: str) -> str | None:
    """The mark of the one record that an exported file holds, `None` where it holds another number of them."""
    found = _SEAL.search(text[:_FIRST_LINES])
    return found["record"] if found else None


def _mark(place: str) -> str:
    """A mark of the host's folder, and one of what stands below it."""
    host, _slash, below = place.partition("/")
    return "".join(hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:_HALF] for part in (host, below))


def _digest(text: str) -> str:
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()
