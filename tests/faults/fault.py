# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can happen to a request on its way, and which request it happens to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What happens to one request. Of a kind that says neither, the server has done what it was asked."""

    REFUSE = "refuse"
    """The connection is reset before the body is read."""
    RESET_BEFORE = "reset before"
    """The request is read, not passed on, and the connection is reset."""
    RESET_AFTER = "reset after"
    """The request is passed on and done; then the connection is reset instead of an answer."""
    STALL_BEFORE = "stall before"
    """The request is not passed on, and nothing is answered until the client gives up."""
    STALL_AFTER = "stall after"
    """The request is passed on and done, and nothing is answered until the client gives up."""
    DELAY = "delay"
    """The right answer comes late, though not too late."""
    TRUNCATE = "truncate"
    """The connection ends after half of the body that the answer announces."""
    STATUS_429_BEFORE = "429 before"
    STATUS_500_BEFORE = "500 before"
    STATUS_502_BEFORE = "502 before"
    STATUS_503_BEFORE = "503 before"
    STATUS_504_BEFORE = "504 before"
    STATUS_500_AFTER = "500 after"
    STATUS_502_AFTER = "502 after"
    STATUS_504_AFTER = "504 after"
    STALL_LATE = "stall, done late"
    """Nothing is answered until the client gives up, and the server does it a while after that.

    So with the other late ones, of a POST; any other request is done before its answer is lost.
    """
    RESET_LATE = "reset, done late"
    STATUS_502_LATE = "502, done late"
    STATUS_504_LATE = "504, done late"
    RETRY_AFTER = "503 with a pause in seconds"
    RETRY_AFTER_DATE = "503 with a pause until a date"
    """Not passed on, as the other 503; `Retry-After` asks for no pause that is worth waiting for."""
    GARBAGE = "garbage"
    """Random bytes that claim to be JSON."""
    HTML_200 = "html with 200"
    EMPTY_200 = "nothing with 200"
    WRONG_TYPE = "another type"
    """The right answer within a list, or where it is a list, within a mapping."""
    PART_206 = "206 with a part"
    """Half of the right answer where it is a list, with the status and the header for it."""
    PART_OF_TOTAL = "a part of the total"
    """Half of the right answer where it is a list, beside the number of all; else the right answer."""
    REDIRECT_SAME = "redirect to the same origin"
    REDIRECT_OTHER = "redirect to another origin"
    """Not passed on, as the other redirect; the other origin is a listener of the proxy that notes what arrives."""
    UNAUTHORIZED = "401"
    FORBIDDEN_HTML = "403 with html"
    """Not passed on, as the 401; a gateway's own page."""
    ECHO = "400 that repeats"
    """Not passed on; the error repeats headers and body, each time in another form of ``encodings.FORMS``."""

    @property
    def passes_on(self) -> bool:
        """Whether the server gets the request, and so does what it asks for."""
        return self not in _NOT_PASSED_ON

    @property
    def loses_the_answer(self) -> bool:
        """Whether the server does what it is asked, and the client cannot know."""
        return self.passes_on and self not in (FaultKind.DELAY, FaultKind.PART_OF_TOTAL)

    @property
    def stalls(self) -> bool:
        """Whether only the client's time limit ends it."""
        return self in (FaultKind.STALL_BEFORE, FaultKind.STALL_AFTER, FaultKind.STALL_LATE)

    @property
    def lets_wait(self) -> bool:
        """Whether a client looks for what it wanted to create until its deadline."""
        return self.stalls or self in (
            FaultKind.STATUS_504_BEFORE,
            FaultKind.STATUS_504_AFTER,
            FaultKind.STATUS_504_LATE,
        )

    @property
    def is_late(self) -> bool:
        """Whether the server does it after the client has lost its answer."""
        return self in _LATE


_LATE = frozenset({FaultKind.STALL_LATE, FaultKind.RESET_LATE, FaultKind.STATUS_502_LATE, FaultKind.STATUS_504_LATE})
_NOT_PASSED_ON = frozenset(
    {
        FaultKind.REFUSE,
        FaultKind.RESET_BEFORE,
        FaultKind.STALL_BEFORE,
        FaultKind.STATUS_429_BEFORE,
        FaultKind.STATUS_500_BEFORE,
        FaultKind.STATUS_502_BEFORE,
        FaultKind.STATUS_503_BEFORE,
        FaultKind.STATUS_504_BEFORE,
        FaultKind.RETRY_AFTER,
        FaultKind.RETRY_AFTER_DATE,
        FaultKind.REDIRECT_SAME,
        FaultKind.REDIRECT_OTHER,
        FaultKind.UNAUTHORIZED,
        FaultKind.FORBIDDEN_HTML,
        FaultKind.ECHO,
    }
)


@dataclass(frozen=True)
class Fault:
    """A fault and the requests that it happens to.

    Of all requests with this ``method`` whose path, query included, begins with ``path`` (``/engine`` may be left out):
    those with the numbers ``nth`` to ``nth + times - 1``, counted from 0.
    """

    kind: FaultKind
    nth: int = 0
    method: str | None = None
    path: str | None = None
    times: int = 1

    def fits(self, method: str, path: str) -> bool:
        """Whether a request is one of those that are counted."""
        if self.method not in (None, method):
            return False
        return self.path is None or path.startswith(self.path) or path.removeprefix("/engine").startswith(self.path)


class FaultPlan:
    """Faults on their way through the requests of a task."""

    def __init__(self, faults: tuple[Fault, ...] = ()) -> None:
        """Begin to count for ``faults``."""
        self._faults = faults
        self._seen = [0] * len(faults)

    def next_for(self, method: str, path: str) -> FaultKind | None:
        """Count a request, and return what happens to it; where several faults are due, the first."""
        due = []
        for index, fault in enumerate(self._faults):
            if fault.fits(method, path):
                if fault.nth <= self._seen[index] < fault.nth + fault.times:
                    due.append(fault.kind)
                self._seen[index] += 1
        return due[0] if due else None
