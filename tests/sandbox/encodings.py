# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every form in which a server may repeat what it was sent, an error that does so, and a search in all of them.

The search is no part of the collection, and shares nothing with its own look at a server's words: where both were
blind in the same way, no test would see.
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import quopri
import re
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _by_numbers(text: str, digits: str) -> str:
    """Each character as JSON may write it: what lies beyond the first 65,536 as two halves."""
    data = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(data[at : at + 2], 'big'):{digits}}" for at in range(0, len(data), 2))


def _url(text: str) -> str:
    return quote(text, safe="")


def _imap_utf_7(text: str) -> str:
    """The form in which IMAP writes the names of folders."""
    parts = re.split(r"([^\x20-\x7e]+)", text)
    codes = (base64.b64encode(part.encode("utf-16-be")).decode().rstrip("=").replace("/", ",") for part in parts)
    pairs = enumerate(zip(parts, codes, strict=True))
    return "".join(f"&{code}-" if at % 2 else part.replace("&", "&-") for at, (part, code) in pairs)


def _quoted_printable(text: str) -> str:
    return "".join(f"={byte:02X}" for byte in text.encode())


FORMS: dict[str, Callable[[str], str]] = {
    "itself": str,
    "in a sentence": lambda text: f"wrong password {text}.",
    "in a longer word": lambda text: f"x{text}y",
    "before a host": lambda text: f"smtp://u:{text}@h",
    "URL": _url,
    "form": quote_plus,
    "URL twice": lambda text: _url(_url(text)),
    "URL by numbers": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "HTML": html.escape,
    "HTML twice": lambda text: html.escape(html.escape(text)),
    "HTML by numbers": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "HTML by hex numbers": lambda text: "".join(f"&#x{ord(char):x};" for char in text),
    "JSON": _in_json,
    "JSON in letters": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON twice": lambda text: _in_json(_in_json(text)),
    "JSON by numbers": lambda text: _by_numbers(text, "04x"),
    "JSON by numbers in capital letters": lambda text: _by_numbers(text, "04X"),
    "JSON in HTML in URL": lambda text: quote(html.escape(_in_json(text))),
    "Python": lambda text: repr([text]),
    "bytes of Python": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
    "bytes by octal numbers": lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
    "bytes taken for Latin-1": lambda text: text.encode().decode("latin-1"),
    "UTF-7": lambda text: text.encode("utf-7").decode(),
    "UTF-7 of IMAP": _imap_utf_7,
    "upper case": str.upper,
    "other case": str.swapcase,
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "folded": lambda text: f"{text[:3]}\r\n {text[3:]}",
    "spelled out": " ".join,
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    "hex with colons": lambda text: text.encode().hex(":"),
    "quoted-printable": lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
    "quoted-printable by numbers": _quoted_printable,
    "quoted-printable, folded": lambda text: f"{text[:3]}=\r\n{text[3:]}",
    **{
        f"base64 after {offset} with {more} behind": lambda text, offset=offset, more=more: base64.b64encode(  # type: ignore[misc]
            b"x" * offset + text.encode() + b"y" * more
        ).decode()
        for offset in range(3)
        for more in range(3)
    },
    "AUTH PLAIN": lambda text: base64.b64encode(f"\0certs@example.com\0{text}".encode()).decode(),
    "AUTH PLAIN, folded": lambda text: base64.encodebytes(f"\0{'c' * 60}\0{text}".encode()).decode(),
    "base64 of a URL": lambda text: base64.urlsafe_b64encode(f"??{text}??".encode()).decode(),
    "base64 of what a URL holds": lambda text: base64.b64encode(f"pass={_url(text)}".encode()).decode(),
    "base64 twice": lambda text: base64.b64encode(base64.b64encode(text.encode())).decode(),
    "base64 in a URL": lambda text: _url(base64.b64encode(f"~~{text}~~".encode()).decode()),
    "hex of base64": lambda text: base64.b64encode(text.encode()).hex(),
}
_OF_CREDENTIALS = ("authorization", "x-access-token", "x-key", "x-webitel-access")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)", re.DOTALL)
_PIECE, _EVERY = 12, 3
_SHORTEST = 6
_DEEPEST = 3
# Of a text of many lines, none goes on in the next one in the middle of a word.
_SMALL = 20_000
# So long is nothing but the module itself that Ansible sends, packed.
_ARCHIVE = 50_000
_URL_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-]{8,}")
_OCTAL_RUN = re.compile(r"(?:\\+[0-7]{3})+")
# Bounded: a module that is sent packed is one run of 400,000 such characters, in which many a "+" may be a beginning.
_SHIFTED = re.compile(r"([+&])([A-Za-z0-9+/,]{0,400})-")
_FOLD = re.compile(r"=\s+")
_HEX_RUN = re.compile(r"(?:[0-9A-Fa-f]{2}:?){6,}")


class LeakSearch:
    """Finds each of some secrets, or twelve characters in a row of it, in a text, in whichever form it stands there."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Look for ``secrets``; one of less than six characters cannot be distinguished from chance."""
        self._wanted = {secret: _pieces(_plain(secret)) for secret in secrets if len(_plain(secret)) >= _SHORTEST}

    def found_in(self, text: str) -> list[str]:
        """The secrets that a text holds."""
        lines = "\n".join(dict.fromkeys(text.splitlines()))
        readings = {_plain(reading) for reading in _readings(lines)}
        return [secret for secret, pieces in self._wanted.items() if _holds(readings, pieces)]


def _holds(readings: set[str], pieces: list[str]) -> bool:
    return any(piece in reading for piece in pieces for reading in readings)


def _pieces(secret: str) -> list[str]:
    """Enough pieces of a secret that one of them is in any fifteen characters of it; a short one as a whole."""
    if len(secret) < _PIECE + _EVERY:
        return [secret]
    return [secret[at : at + _PIECE] for at in range(0, len(secret) - _PIECE + 1, _EVERY)]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", "".join(text.split()).casefold())


def _readings(text: str) -> Iterator[str]:
    """A text as it stands, without its escapes, and what its base64 and hex say."""
    for unescaped in _unescapings(text):
        yield unescaped
        for run in _runs(unescaped):
            yield from _unescapings(run)
            for inner in _runs(run):
                yield from _unescapings(inner)


def _runs(text: str) -> list[str]:
    """What the base64 and the hex in a text say; what is folded goes on in the next line."""
    joined = "".join(text.split()) if len(text) < _SMALL else ""
    return [
        "\n".join(decode(run) for run in {*pattern.findall(text), *pattern.findall(joined)} if len(run) < _ARCHIVE)
        for pattern, decode in ((_BASE64_RUN, _from_base64), (_HEX_RUN, _from_hex))
    ]


def _unescapings(text: str) -> Iterator[str]:
    """A text, and itself without one, two and three layers of escapes, whichever they are."""
    yield text
    yield "".join(text.split()).replace("\\", "")
    for unescape in (_from_url, html.unescape, _from_json, _from_quoted_printable):
        yield unescape(text)
    yield _OCTAL_RUN.sub(lambda run: _from_octal(run[0]), text)
    for lines in (text, _from_json(text)):
        yield _SHIFTED.sub(lambda run: _from_utf_7(run[2]) if run[2] else run[1], lines)
        yield _FOLD.sub("", lines)
    for _layer in range(_DEEPEST):
        text = html.unescape(_from_url(_from_json(text)))
        yield text


def _from_octal(run: str) -> str:
    return bytes(int(code, 8) % 256 for code in re.findall("[0-7]{3}", run)).decode("utf-8", "replace")


def _from_utf_7(code: str) -> str:
    data = code.replace(",", "/") + "A" * (len(code) % 4 == 1)
    return base64.b64decode(data + "=" * (-len(data) % 4)).decode("utf-16-be", "replace")


def _from_url(text: str) -> str:
    """A text without the escapes of URLs, and of forms; the library's own takes long with much that is not ASCII."""
    plain = _URL_ESCAPES.sub(lambda run: bytes.fromhex(run[0].replace("%", "")).decode("utf-8", "replace"), text)
    return f"{plain}\n{plain.replace('+', ' ')}" if "+" in text and len(text) < _SMALL else plain


def _from_json(text: str) -> str:
    plain = _ESCAPE.sub(lambda found: _meaning(found[1]), text)
    whole = plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    # Bytes of UTF-8 that Python escapes one by one.
    return whole + "\n" + plain.encode("latin-1", "ignore").decode("utf-8", "replace")


def _meaning(escape: str) -> str:
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    # A line that goes on in the next one.
    return " " if escape in "rnt" else escape


def _from_quoted_printable(text: str) -> str:
    return quopri.decodestring(text.encode("utf-8", "replace")).decode("utf-8", "replace")


def _from_base64(run: str) -> str:
    """What a run may say, which of its characters may be the first one of four being unknown."""
    usual = run.replace("-", "+").replace("_", "/")
    found = []
    for begin in range(min(4, len(usual))):
        part = usual[begin:]
        with_end = part[: len(part) // 4 * 4] if len(part) % 4 == 1 else part + "=" * (-len(part) % 4)
        found.append(base64.b64decode(with_end).decode("utf-8", "ignore"))
    return "\n".join(found)


def _from_hex(run: str) -> str:
    try:
        return binascii.unhexlify(run.replace(":", "")).decode("utf-8", "replace")
    except ValueError:
        return ""


def echo(headers: Mapping[str, str], body: bytes, form: str) -> bytes:
    """An error of either product that repeats all that a request carried, in one of ``FORMS``.

    Each value stands in a field of its own, cut in two fields, and all of them in one.
    """
    say = FORMS[form]
    said = [say(text) for text in _carried(headers, body)]
    errors: list[dict[str, str]] = [{"field": text, "type": "echo", "msg": text} for text in said]
    errors += [{"field": text[: len(text) // 2], "type": "echo", "msg": text[len(text) // 2 :]} for text in said]
    words = " ".join(said)
    document = {"status": "error", "info": words, "message": words, "id": words, "detail": words, "errors": errors}
    return json.dumps(document).encode()


def _carried(headers: Mapping[str, str], body: bytes) -> list[str]:
    """The texts in a request's headers and JSON, credentials without the word before them."""
    texts = [value.rpartition(" ")[2] for name, value in headers.items() if name.lower() in _OF_CREDENTIALS]
    try:
        texts += _texts(json.loads(body or b"null"))
    except ValueError:
        texts.append(body.decode("utf-8", "replace"))
    return list(dict.fromkeys(text for text in texts if text))


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, (dict, list)):
        for part in data.values() if isinstance(data, dict) else data:
            yield from _texts(part)
