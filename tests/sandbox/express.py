# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Express 4 reads a request, the library that Webitel's server is built on: its path, its query, its body."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import unquote, unquote_plus

from . import http, javascript
from .http import VendorError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

LARGEST_BODY = 5 * 1024 * 1024
_JSON = "application/json; charset=utf-8"
_CHARSETS = ("utf-7", "utf-8", "utf-16", "utf-16le", "utf-16be", "utf-32", "utf-32le", "utf-32be")
_GZIP_OR_ZLIB = 47
_IN_BRACKETS = re.compile(r"(?P<name>[^\[\]]+)\[(?P<key>[^\[\]]*)\]")


class ExpressError(VendorError):
    """An error as Express answers it: with the encoding in the content type."""

    media_type = _JSON


def fail(status: int, info: str, **more: object) -> NoReturn:
    """End a request in the form in which the server words nearly every error."""
    raise ExpressError(status, {"status": "error", "info": info, **more})


def answer(document: object) -> Response:
    """Return an answer that carries ``document`` as JSON."""
    return http.answer(document, media_type=_JSON)


def address(request: Request) -> str:
    """Return the path with its query, as it was sent."""
    query: bytes = request.scope["query_string"]
    path: bytes = request.scope["raw_path"]
    return (path + (b"?" + query if query else b"")).decode("latin-1")


def header(request: Request, name: str) -> str:
    """Return a header's value; Node joins those of headers that repeat."""
    return ", ".join(request.headers.getlist(name))


def parameters(pattern: re.Pattern[str], path: str) -> dict[str, str] | None:
    """Return what a path holds in the places of a pattern, or ``None`` where it is another path."""
    found = pattern.fullmatch(path)
    return None if found is None else {name: decoded(text) for name, text in found.groupdict().items() if text}


def decoded(text: str) -> str:
    """Return a piece of a path in clear; end the request where it cannot be read."""
    if re.search("%(?![0-9a-fA-F]{2})", text):
        fail(400, f"Failed to decode param '{text}'")
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        fail(400, f"Failed to decode param '{text}'")


def query(request: Request) -> dict[str, Any]:
    """Return the query: a name that repeats holds a list, ``name[key]`` an object."""
    found: dict[str, Any] = {}
    for pair in request.scope["query_string"].decode("latin-1").split("&"):
        name, _equals, value = (unquote_plus(part) for part in pair.partition("="))
        in_brackets = _IN_BRACKETS.fullmatch(name)
        if in_brackets is None:
            found[name] = [*_listed(found[name]), value] if name in found else value
        elif re.fullmatch(r"1?\d|20|", in_brackets["key"]):
            found[in_brackets["name"]] = [*_listed(found.get(in_brackets["name"], [])), value]
        else:
            inner = found.get(in_brackets["name"])
            found[in_brackets["name"]] = {**(inner if isinstance(inner, dict) else {}), in_brackets["key"]: value}
    found.pop("", None)
    return found


async def body(request: Request) -> Any:
    """Return the parsed body; an empty object where there is none, or one that is not declared as JSON.

    Ends the request where the body is no JSON, too large, or encoded as the server cannot read it. That happens
    before anything else is looked at.
    """
    raw = await request.body()
    kind, _semicolon, rest = header(request, "content-type").partition(";")
    has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
    if kind.strip().lower() != "application/json" or not has_body:
        return {}
    charset = _charset(rest)
    return _parsed(_unpacked(raw, header(request, "content-encoding").lower() or "identity"), charset)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _charset(rest: str) -> str:
    found = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", rest, re.IGNORECASE)
    charset = found[1].lower() if found else "utf-8"
    if charset not in _CHARSETS:
        fail(415, f'unsupported charset "{charset.upper()}"')
    return charset


def _unpacked(raw: bytes, encoding: str) -> bytes:
    if encoding not in ("identity", "gzip", "deflate"):
        fail(415, f'unsupported content encoding "{encoding}"')
    if encoding != "identity":
        try:
            # One byte more than is taken is enough to know that it is too large.
            raw = zlib.decompressobj(wbits=_GZIP_OR_ZLIB).decompress(raw, LARGEST_BODY + 1)
        except zlib.error as error:
            fail(400, str(error).rpartition(": ")[2], code="Z_DATA_ERROR")
    if len(raw) > LARGEST_BODY:
        fail(413, "request entity too large")
    return raw


def _parsed(raw: bytes, charset: str) -> Any:
    text = raw.decode(charset, "replace").removeprefix("\ufeff")
    if not text:
        return {}
    # Only a list or an object is read at all.
    first = len(text) - len(text.lstrip(" \t\n\r"))
    if text[first : first + 1] not in ("{", "["):
        fail(400, javascript.unexpected(text, first, always_token=True))
    try:
        return javascript.parse(text)
    except ValueError as error:
        fail(400, str(error))
