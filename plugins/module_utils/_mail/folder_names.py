# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of folders: as servers send them (RFC 3501, 5.1.3), as people write them, and which of them mean spam."""

from __future__ import annotations

import binascii
import functools
import re
import typing as t
import unicodedata
from contextlib import suppress

from .junk_names import all_names

_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")
# Where a server does not say what stands between two levels.
_USUAL_DELIMITERS = re.compile(r"[/.\\]")
# In what names come that are neither modified UTF-7 nor UTF-8. An odd reading is no name for spam.
_OTHER_ENCODINGS = (
    "utf-7",
    "latin-1",
    "gb18030",
    "big5",
    "cp1251",
    "koi8-r",
    "euc-kr",
    "shift_jis",
    "cp1250",
    "cp1254",
)


def as_text(wire: bytes) -> str:
    """The name that a server sends, decoded.

    It should be in modified UTF-7. Some servers send UTF-8 instead, and some what is neither: that stays as it is, as
    far as it is ASCII.
    """
    try:
        return _from_utf7(wire.decode("ascii"))
    except ValueError:
        return wire.decode("utf-8", "backslashreplace")


def same(name: str) -> str:
    """A name for comparison with one that a user wrote: INBOX is the only one in which the case does not count."""
    return "INBOX" if name.upper() == "INBOX" else unicodedata.normalize("NFC", name)


def means_junk(wire: bytes, delimiter: str) -> bool:
    """Whether a folder is called as folders for spam are, at whatever level: its last part counts.

    `delimiter` stands between two levels; empty where the server knows none.
    """
    for name in _readings(wire):
        last_parts = [name.rpartition(delimiter)[2]] if delimiter else [name, _USUAL_DELIMITERS.split(name)[-1]]
        # Exchange puts a number behind a name that there is already.
        if any(_letters(last).rstrip("0123456789") in _junk() for last in last_parts):
            return True
    return False


def _readings(wire: bytes) -> t.Iterator[str]:
    """What a name may mean: as it should be sent, and as servers and migrations send it nonetheless."""
    name = as_text(wire)
    yield name
    # An encoded name that was encoded again, or one whose end was cut off.
    yield as_text(f"{name}-".encode()) if "&" in name and not name.endswith("-") else as_text(name.encode())
    for encoding in _OTHER_ENCODINGS:
        with suppress(ValueError):
            yield wire.decode(encoding)
    # UTF-8 that somebody took for Latin-1.
    for encoding in ("latin-1", "cp1252"):
        with suppress(ValueError):
            yield name.encode(encoding).decode()


def _from_utf7(text: str) -> str:
    if "&" in _SHIFTED.sub("", text):
        raise ValueError("a shift without an end")
    return _SHIFTED.sub(lambda match: _unshifted(match[1]) if match[1] else "&", text)


def _unshifted(base64: str) -> str:
    padded = base64.replace(",", "/") + "=" * (-len(base64) % 4)
    return binascii.a2b_base64(padded).decode("utf-16-be")


@functools.cache
def _junk() -> frozenset[str]:
    return frozenset(map(_letters, all_names()))


def _letters(name: str) -> str:
    """The letters and digits of a name, without case and accents, and without what stands between them."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return "".join(character for character in decomposed if character.isalnum())
