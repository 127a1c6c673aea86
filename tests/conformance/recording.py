# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a real server was asked, and what it answered: the recordings that the sandbox is held to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_RECORDED = Path(__file__).resolve().parent / "recorded" / "webitel-engine.json"
# One body is described only, since it is too large for a recording.
_DESCRIBED_BODY, _DESCRIBED_BYTES = "a body of 6,000,000 bytes", 6_000_000


@dataclass(frozen=True)
class Answer:
    """What came back: a status, a content type and the parsed body."""

    status: int
    content_type: str
    body: Any


@dataclass(frozen=True)
class Exchange:
    """One recorded request, whose credentials are named by whose they are, and its answer."""

    number: int
    name: str
    method: str
    path: str
    credentials: str
    headers: dict[str, str]
    body: bytes | None
    answer: Answer


def exchanges() -> list[Exchange]:
    """Return the exchanges with Webitel's server, in the order in which they were recorded."""
    recording = json.loads(_RECORDED.read_text(encoding="utf-8"))
    return [_exchange(number, entry) for number, entry in enumerate(recording["exchanges"], 1)]


def _exchange(number: int, entry: dict[str, Any]) -> Exchange:
    request, answer = entry["request"], entry["answer"]
    body = _body(request)
    headers = {} if body is None else {"Content-Type": "application/json"}
    return Exchange(
        number=number,
        name=entry["name"],
        method=request["method"],
        path=request["path"],
        credentials=request["credentials"],
        headers={**headers, **request.get("headers", {})},
        body=body,
        answer=Answer(answer["status"], answer["content_type"], answer["body"]),
    )


def _body(request: dict[str, Any]) -> bytes | None:
    if "raw_body" in request:
        return str(request["raw_body"]).encode()
    if request.get("body") == _DESCRIBED_BODY:
        text = json.dumps({"provider": "smtp", "options": {"host": ""}})
        return text.replace('""', f'"{"h" * (_DESCRIBED_BYTES - len(text))}"').encode()
    return json.dumps(request["body"]).encode() if "body" in request else None
