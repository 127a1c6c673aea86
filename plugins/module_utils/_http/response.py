# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server's whole answer, and its JSON read with distrust."""

from __future__ import annotations

import json
import math
import time
import typing as t
from dataclasses import dataclass, field
from functools import lru_cache

from .errors import InvalidResponse, Request

# Imported early: the workers of all hosts inherit what it compiles.
from .whole import part_of_a_list

_DEEPEST = 100
# To work through more would take longer than anybody waits; a list of ten thousand records has some hundred thousand.
_MOST_VALUES = 1_000_000
# Counted before anything is made of them. Texts may hold such characters too.
_MARKS: t.Final = (",", "[", "{")
_MOST_MARKS = 4 * _MOST_VALUES
_SINGLE = frozenset((str, int, float, bool, type(None)))
_TOO_DEEP = "nested too deeply"
_TOO_MANY = f"of more than {_MOST_VALUES} values"
_USUAL_KINDS = frozenset(
    ("application/json", "application/problem+json", "application/xml", "text/html", "text/plain", "text/xml")
)


@dataclass(frozen=True)
class Response:
    """A whole answer. `data` is the decoded JSON; `flaw` tells why there is none, and is empty where there is.

    `values` is how many the JSON has, at every level. `tries` is how many times the request was sent. `headers` are the
    answer's own. `secrets` are texts that no error repeats. `until` is when its request has to be done with.
    """

    request: Request
    status: int
    content_type: str
    size: int
    data: t.Any
    flaw: str = ""
    values: int = 0
    tries: int = 1
    headers: t.Mapping[str, str] = field(default_factory=dict)
    secrets: t.Sequence[str] = field(default=(), repr=False, compare=False)
    until: float = field(default=math.inf, compare=False)

    @property
    def ok(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300

    def go_on(self) -> None:
        """Raise `InvalidResponse` where there is no time left to work through the answer."""
        if time.monotonic() > self.until:
            message = "the answer is too large to be looked through before the deadline"
            raise InvalidResponse(self.request, message, "Check api_url, or raise deadline")

    def without_content(self) -> Response:
        """The answer itself. Raises `InvalidResponse` where its body is no JSON: it comes from something else."""
        if self.size:
            self.json()
        return self

    def whole_list(self) -> Response:
        """The answer itself, to a request for a list. Raises `InvalidResponse` where it is no JSON, or a part."""
        reason = part_of_a_list(self.headers, self.json())
        if reason:
            raise InvalidResponse(
                self.request,
                f"the answer is a part of the list only: {reason}",
                "Check api_url, and what stands before the server: a list in pages cannot be worked with",
            )
        return self

    def json(self) -> t.Any:
        """The decoded body. Raises `InvalidResponse` where the body is no JSON."""
        if not self.size:
            raise InvalidResponse(self.request, f"the answer ({self.status}) has no content")
        if self.flaw:
            what = f"{_in_words(self.content_type)}, {self.size} bytes, {self.flaw}"
            found = "more than can be worked with" if self.flaw == _TOO_MANY else "no JSON"
            raise InvalidResponse(self.request, f"the answer ({self.status}) is {found} ({what})", "Check api_url")
        return self.data


def answer_of(request: Request, status: int, content_type: str, content: bytearray) -> Response:
    """The answer whose body is `content`, which is emptied: a large one should not be in memory twice."""
    size = 0 if content.isspace() else len(content)
    data, values, flaw = None, 0, ""
    try:
        data, values = _decoded(_emptied(content))
    except _Flaw as exc:
        flaw = str(exc)
    except RecursionError:
        flaw = _TOO_DEEP
    except ValueError:
        # Its words may repeat what the server sent.
        flaw = "not readable as such"
    return Response(request, status, content_type, size, data, flaw, values)


def _in_words(content_type: str) -> str:
    """The kind of content, if it is a usual one: what else a server may say there is not repeated."""
    kind = content_type.partition(";")[0].strip().lower()
    if not kind:
        return "no content type"
    return kind if kind in _USUAL_KINDS else "an unusual content type"


class _Flaw(Exception):
    """JSON that readers disagree about, so that nobody knows what its sender meant."""


def _emptied(content: bytearray) -> str:
    """The text of a content, which is empty then."""
    text = content.decode("utf-8-sig")
    content.clear()
    return text


def _decoded(text: str) -> tuple[t.Any, int]:
    """What a text says as JSON, and how many values that has."""
    if sum(map(text.count, _MARKS)) > _MOST_MARKS:
        raise _Flaw(_TOO_MANY)
    data = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_finite)
    values = _values(data)
    if "\\ud" in text or "\\uD" in text:
        _refuse_half_characters(data)
    return data, values


# Records of a large list repeat each other: one text for all that have the same takes a fifth of their memory away.
_shared = lru_cache(maxsize=256)(str)


def _object(pairs: list[tuple[str, t.Any]]) -> dict[str, t.Any]:
    found = {name: _shared(value) if isinstance(value, str) else value for name, value in pairs}
    if len(found) < len(pairs):
        raise _Flaw("a key stands twice in one object")
    return found


def _no_constant(name: str) -> t.NoReturn:
    raise _Flaw(f"{name} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _Flaw("a number is too large")
    return number


def _values(data: t.Any) -> int:
    """How many values data has. Raises `_Flaw` where it is nested too deeply, or has too many, to be walked through."""
    level = [data]
    count = 1
    for _depth in range(_DEEPEST):
        parts = [node.values() if isinstance(node, dict) else node for node in level if isinstance(node, (dict, list))]
        count += sum(map(len, parts))
        if count > _MOST_VALUES:
            raise _Flaw(_TOO_MANY)
        # Most objects hold single values only, which is seen without a look at each.
        level = [part for values in parts if not _SINGLE.issuperset(map(type, values)) for part in values]
        if not level:
            return count
    raise _Flaw(_TOO_DEEP)


def _refuse_half_characters(data: t.Any) -> None:
    """Refuse half of a surrogate pair, which JSON can escape but no terminal, file or database can take."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise _Flaw("half a character stands alone") from None
