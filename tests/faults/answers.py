# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the proxy answers instead of the server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.sandbox.encodings import FORMS, echo

from .fault import FaultKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

_JSON = {"Content-Type": "application/json"}
_HTML = {"Content-Type": "text/html"}
_TEXT = {"Content-Type": "text/plain"}
# Where an answer that is no list holds one.
_HOLDERS = ("items", "info")
# It is over, so it asks for no pause at all.
_LONG_AGO = "Wed, 21 Oct 2015 07:28:00 GMT"


@dataclass(frozen=True)
class Response:
    """An answer as it goes to the client."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def _page(status: int, words: str) -> Response:
    """The page of a gateway, or of something else that is not the API."""
    title = f"{status} {words}"
    page = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>\r\n"
    return Response(status, _HTML, page.encode())


_UNAVAILABLE = _page(503, "Service Temporarily Unavailable")
_FIXED = {
    FaultKind.STATUS_429_BEFORE: Response(429, _TEXT, b"Too Many Requests\n"),
    FaultKind.STATUS_500_BEFORE: Response(500, _TEXT, b"Internal Server Error"),
    FaultKind.STATUS_500_AFTER: Response(500, _TEXT, b"Internal Server Error"),
    FaultKind.STATUS_502_BEFORE: _page(502, "Bad Gateway"),
    FaultKind.STATUS_502_AFTER: _page(502, "Bad Gateway"),
    FaultKind.STATUS_502_LATE: _page(502, "Bad Gateway"),
    FaultKind.STATUS_503_BEFORE: _UNAVAILABLE,
    FaultKind.STATUS_504_BEFORE: _page(504, "Gateway Time-out"),
    FaultKind.STATUS_504_AFTER: _page(504, "Gateway Time-out"),
    FaultKind.STATUS_504_LATE: _page(504, "Gateway Time-out"),
    FaultKind.RETRY_AFTER: Response(503, {**_HTML, "Retry-After": "0"}, _UNAVAILABLE.body),
    FaultKind.RETRY_AFTER_DATE: Response(503, {**_HTML, "Retry-After": _LONG_AGO}, _UNAVAILABLE.body),
    FaultKind.HTML_200: _page(200, "Welcome"),
    FaultKind.EMPTY_200: Response(200, {}, b""),
    FaultKind.UNAUTHORIZED: Response(401, _JSON, b'{"status": "error", "info": "Invalid token"}'),
    FaultKind.FORBIDDEN_HTML: _page(403, "Forbidden"),
}


def fixed_answer(kind: FaultKind) -> Response:
    """The answer of a fault that needs nothing else to know it."""
    return _FIXED[kind]


def garbage(random: Random) -> Response:
    """Random bytes that claim to be JSON, and are none: 0xff begins no text in an encoding of JSON."""
    return Response(200, _JSON, b"\xff" + random.randbytes(64))


def repeating(random: Random, headers: Mapping[str, str], body: bytes) -> Response:
    """A refusal that repeats what a request carried, in one form or another."""
    return Response(400, _JSON, echo(headers, body, random.choice(list(FORMS))))


def redirect(location: str) -> Response:
    """A redirect that keeps method and body."""
    return Response(307, {"Location": location}, b"")


def a_part(real: Response, kind: FaultKind) -> Response:
    """Half of the real answer where it is a list, and what a server says beside a part. Else the real answer."""
    data = json.loads(real.body or b"null")
    fields = data if isinstance(data, dict) else {}
    holder = next((name for name in _HOLDERS if isinstance(fields.get(name), (list, dict))), "")
    entries = data[holder] if holder else data if isinstance(data, list) else None
    body = real.body
    if entries is not None:
        half = _half(entries)
        body = json.dumps({**data, holder: half} if holder else half).encode()
    total = len(entries or ()) + 1
    if kind is FaultKind.PART_206:
        return Response(206, {**_JSON, "Content-Range": f"items 0-{total // 2}/{total + 1}"}, body)
    return real if entries is None else Response(real.status, {**_JSON, "X-Total-Count": str(total)}, body)


def _half(entries: Any) -> Any:
    left = len(entries) // 2
    return entries[:left] if isinstance(entries, list) else dict(list(entries.items())[:left])


def of_another_type(real: Response) -> Response:
    """The real answer within a list, or where it is a list, within a mapping."""
    data = json.loads(real.body or b"null")
    return Response(200, _JSON, json.dumps({"items": data} if isinstance(data, list) else [data]).encode())
