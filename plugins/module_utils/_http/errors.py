# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong between a client and a server, in errors that render themselves without a secret.

Each names the request, what happened and what to do next.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._text import visible

_TRANSIENT = frozenset((408, 429, 502, 503, 504))
# A gateway waited no longer, or the server of one fell silent, 520 and up being those of a large provider of gateways.
_STILL_AT_IT = frozenset((504, 524, 598, 599))
_LOST_BEHIND_A_GATEWAY = frozenset((*_STILL_AT_IT, 502, 520, 521, 522, 523))
# Of 5xx: unknown to the server, too busy, another version of HTTP, a network to log in to, no TLS behind a gateway.
_NOT_DONE = frozenset((501, 503, 505, 511, 525, 526))
_LONGEST_QUOTE = 600
_MOST_READ = 8_000
_MOST_NAMED = 20
# What stands in place of words that nobody may see.
LEFT_OUT: t.Final = "(the server's words are left out, since they repeat a credential)"


@dataclass(frozen=True)
class Request:
    """What identifies a request in an error: its method and its address, query included, without credentials.

    `secret_query` is sent at the end of the address, and shows nowhere.
    """

    method: str
    url: str
    secret_query: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


class ApiError(Exception):
    """A request that did not do what it should.

    `kind` is its stable name in the `failure` of a result, `subject` names what the task was about.
    """

    kind = "api"
    subject = ""
    indeterminate = False
    """Whether the server may have done what it was asked, all the same."""
    transient = False
    """Whether the same request may succeed a moment later."""
    late = False
    """Whether the server may still be at it, and do it a while later."""
    conflict = False
    """Whether another run may have changed the record since it was read."""
    unresolved = False
    """Whether nobody found out what became of the write."""

    def __init__(self, request: Request, message: str, advice: str = "") -> None:
        self.request = request
        self.message = message
        self.advice = advice
        super().__init__(message)

    def __str__(self) -> str:
        subject = f"{self.subject}: " if self.subject else ""
        message = self.message.rstrip(".")
        stop = "" if message.endswith(("!", "?")) else "."
        advice = f"{stop} {self.advice}" if self.advice else ""
        return f"{subject}{self.request}: {message}{advice}"

    def repeated(self) -> ApiError:
        """The same error, for something else that ends with it, with a subject of its own."""
        twin = type(self).__new__(type(self), *self.args)
        twin.__dict__.update(self.__dict__)
        return twin

    def details(self) -> dict[str, t.Any]:
        """The error as data, for the `failure` of a result."""
        unresolved = {"outcome": "unknown"} if self.unresolved else {}
        return {"kind": self.kind, "request": {"method": self.request.method, "url": self.request.url}, **unresolved}


class ConnectionFailed(ApiError):
    """No answer: the server was not reached, the connection broke, or the time ran out.

    `sent` tells whether the server may have got the request, `late` whether it may do it yet.
    """

    kind = "connection"

    def __init__(
        self,
        request: Request,
        message: str,
        advice: str = "",
        *,
        sent: bool = False,
        transient: bool = True,
        late: bool = False,
    ) -> None:
        super().__init__(request, message, advice)
        # Nobody knows whether the server did what it may have got.
        self.sent = self.indeterminate = sent
        self.transient = transient
        self.late = late


class InvalidResponse(ApiError):
    """An answer that is not what this API gives: no JSON, JSON of another shape, too large."""

    kind = "answer"
    indeterminate = True


class RedirectRefused(ApiError):
    """A redirect: none is followed, since credentials go to the configured server only."""

    kind = "redirect"
    has_target = True
    """Whether the answer says where to."""


class ApiStatusError(ApiError):
    """The server understood and said no. `errors` is its own list of reasons, as it gave them."""

    kind = "refused"

    def __init__(
        self,
        request: Request,
        status: int,
        message: str,
        advice: str = "",
        errors: t.Sequence[dict[str, str]] = (),
    ) -> None:
        super().__init__(request, message, advice)
        self.status = status
        self.errors = list(errors)
        # A gateway that gave up waiting, a server that fell over, or a word that is none: the work may be done.
        # With the status of success, it is a refusal in the server's own words.
        self.indeterminate = status not in _NOT_DONE and status // 100 not in (2, 4)
        self.transient = status in _LOST_BEHIND_A_GATEWAY
        self.late = status in _STILL_AT_IT

    def details(self) -> dict[str, t.Any]:
        """The error as data, with the HTTP status and the server's reasons."""
        return {**super().details(), "status": self.status, "errors": self.errors}


class NotFound(ApiStatusError):
    """The server says, in its own words, that the record is not there."""

    kind = "not_found"
    conflict = True


class Duplicated(ApiStatusError):
    """The server says that another record has a value that may be there once."""

    conflict = True


class NotAuthorized(ApiStatusError):
    """The server does not accept the credentials, or they do not allow this."""

    kind = "credentials"


class CredentialError(Exception):
    """Credentials that fit another record than the one the task manages. Raised before anything is written."""

    def details(self) -> dict[str, t.Any]:
        """The error as data, for the `failure` of a result."""
        return {"kind": "credentials"}


def advice_for(status: int, otherwise: str) -> str:
    """What to do about a status that a server gives no reason for."""
    return "Check the server's load and log, and try again later" if status in _TRANSIENT else otherwise


def quote(text: object, secrets: t.Collection[str] | None = None) -> str:
    """A text that is not ours, fit for a message: one line, bounded, no terminal escapes.

    With `secrets`, even if there are none, it is what a server says: words that repeat one of them are left out
    altogether, and so is what may be base64 or hex of anything. Without, it is a name.
    """
    words = " ".join(str(text)[:_MOST_READ].split())
    if secrets is not None:
        # Imported late: most tasks quote no server.
        from .._repeats import repeats, without_codes

        if secrets and repeats(text, secrets):
            return LEFT_OUT
        words = without_codes(words)
    printable = visible(words)
    return printable if len(printable) <= _LONGEST_QUOTE else printable[:_LONGEST_QUOTE] + "…"


def some_of(texts: t.Iterable[str]) -> str:
    """Texts in a row, twenty of them at most, and how many there are more: a server may have any number of anything."""
    listed = list(texts)
    more = f" and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else ""
    return ", ".join(listed[:_MOST_NAMED]) + more


def quote_all(data: t.Any, secrets: t.Collection[str]) -> t.Any:
    """A server's data with each text in it quoted; all of them are left out where together they repeat a secret."""
    from .._repeats import repeats

    quoted = _each_text(data, lambda text: quote(text, secrets))
    shown = _each_text(data, lambda text: "" if repeats(text, secrets) else text)
    return _each_text(data, lambda _text: LEFT_OUT) if repeats(shown, secrets) else quoted


def _each_text(data: t.Any, change: t.Callable[[str], str]) -> t.Any:
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {name: _each_text(value, change) for name, value in data.items()}
    return [_each_text(item, change) for item in data] if isinstance(data, list) else data
