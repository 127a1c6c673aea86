# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a text says less the escapes and codes that are in it: of URLs, HTML, JSON, mail, base64 and hex."""

from __future__ import annotations

import base64
import binascii
import html
import re
import sys
import typing as t
from urllib.parse import unquote, unquote_plus

_DEEPEST = 3
_MOST_FORMS = 60
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[0-7]{3}|.)", re.DOTALL)
# As JavaScript, old browsers and books about Unicode write a character.
_POINT = re.compile(r"(?:\\u\{|%u|[Uu]\+)([0-9A-Fa-f]{2,6})\}? ?")
_SHORT_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_SOFT_BREAK = re.compile(r"=[ \t]*\r?\n")
_UTF_7 = re.compile(r"([&+])(?:([A-Za-z0-9+/,]{2,})-?|-)")
_UTF_8_BYTES = re.compile("[\xc2-\xf4][\x80-\xbf]{1,3}")
_MAIL_ESCAPES = re.compile("(?:=[0-9A-Fa-f]{2})+")
_HEX_RUN = re.compile("(?:[0-9A-Fa-f]{2}:?){4,}")
_BYTES = re.compile(r"\b(?:0x)?[0-9a-f]{2}([:, -]{1,2})(?:(?:0x)?[0-9a-f]{2}\1){3,}(?:0x)?[0-9a-f]{2}\b", re.IGNORECASE)
_NO_HEX = re.compile("0[xX]|[:, -]")
_NUMBERS = re.compile("(?:[0-9]{2,3}[,; ]{1,2}){5,}[0-9]{2,3}")
_BASE64_RUN = re.compile("([A-Za-z0-9+/_-]{8,})={0,2}")


def readings(text: str) -> set[str]:
    """A text, and what it says less the escapes and codes that are in it, which may be escaped themselves."""
    found = {text: None}
    latest = [text]
    for _depth in range(_DEEPEST):
        plainer = dict.fromkeys(plain(form) for form in latest for plain in _PLAINER)
        latest = [form for form in plainer if form not in found][: _MOST_FORMS - len(found)]
        if not latest:
            break
        found.update(dict.fromkeys(latest))
    return set(found)


def _unescaped(text: str) -> str:
    """A text less the escapes of JSON, which are much the same in IMAP and Python."""
    plain = _POINT.sub(lambda found: _character(int(found[1], 16)), text)
    plain = _ESCAPE.sub(lambda found: _meaning(found[1]), plain)
    # Halves of a character that JSON writes as two escapes.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _meaning(escape: str) -> str:
    if len(escape) > 1:
        return chr(int(escape[1:], 16) if escape[0] in "ux" else int(escape, 8))
    return _SHORT_ESCAPES.get(escape, escape)


def _character(number: int) -> str:
    return chr(number) if number <= sys.maxunicode else ""


def _without_mail_escapes(text: str) -> str:
    """A text less the escapes of mail, such as `=40`."""
    text = _SOFT_BREAK.sub("", text)
    return _MAIL_ESCAPES.sub(lambda found: _said(found[0].replace("=", ""), found[0], binascii.unhexlify), text)


def _from_utf_7(text: str) -> str:
    """A text less what UTF-7 puts in, in the form of mail and in that of IMAP."""
    return _UTF_7.sub(lambda run: _said(run[2], run[0], _utf_16) if run[2] else run[1], text)


def _utf_16(code: str) -> bytes:
    data = _base64(f"{code.replace(',', '/')}{'=' * (-len(code) % 4)}")
    return data.decode("utf-16-be").encode()


def _from_bytes(text: str) -> str:
    """A text whose bytes were taken for characters, as Latin-1 has them."""
    return _UTF_8_BYTES.sub(lambda run: _said(run[0], run[0], lambda code: code.encode("latin-1")), text)


def _from_hex(text: str) -> str:
    return _HEX_RUN.sub(lambda run: _said(run[0].replace(":", ""), run[0], binascii.unhexlify), text)


def _from_bytes_apart(text: str) -> str:
    """A text less the codes of its characters, one after the other: in hex, or as numbers."""
    text = _BYTES.sub(lambda run: _said(_NO_HEX.sub("", run[0]), run[0], binascii.unhexlify), text)
    return _NUMBERS.sub(lambda run: "".join(_character(int(number)) for number in re.findall("[0-9]+", run[0])), text)


def _from_base64(text: str) -> str:
    return _BASE64_RUN.sub(lambda run: _said(f"{run[1]}{'=' * (-len(run[1]) % 4)}", run[0], _base64), text)


def _base64(code: str) -> bytes:
    return base64.b64decode(code.replace("-", "+").replace("_", "/"))


def _said(code: str, otherwise: str, decode: t.Callable[[str], bytes]) -> str:
    """What a code says, if that is text."""
    try:
        return decode(code).decode()
    except ValueError:
        return otherwise


_PLAINER: t.Final = (
    unquote,
    html.unescape,
    _unescaped,
    _from_base64,
    _from_hex,
    _from_bytes_apart,
    _without_mail_escapes,
    unquote_plus,
    _from_utf_7,
    _from_bytes,
)
