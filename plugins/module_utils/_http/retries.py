# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast requests may follow each other, and when one may be retried: one policy for all requests of a task."""

from __future__ import annotations

import random
import threading
import time
import typing as t
from collections import Counter
from contextlib import contextmanager
from email.utils import parsedate_to_datetime

from .errors import Request

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 20.0
_SHORTEST_PAUSE = 0.05


class Stopped(BaseException):
    """The task is over: raised in each thread that is still at work for it, before it begins another request."""


class RateLimiter:
    """Lets requests through: at most `rate` a second where that is given, none in a pause that a server asked for."""

    def __init__(
        self,
        rate: float | None = None,
        clock: t.Callable[[], float] = time.monotonic,
        sleep: t.Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = 1.0 / rate if rate else 0.0
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> float:
        """Return when the calling thread may send its request: the seconds that it waited."""
        if not self._interval and self._next == 0.0:
            return 0.0
        with self._lock:
            begin = max(self._next, self._clock())
            if self._interval:
                self._next = begin + self._interval
        pause = begin - self._clock()
        if pause <= 0:
            return 0.0
        self._sleep(pause)
        return pause

    def pause(self, seconds: float) -> None:
        """Let no request through for so many seconds, whichever thread asks."""
        with self._lock:
            self._next = max(self._next, self._clock() + seconds)


class Retries:
    """The policy of one session, and what was retried under it. Threads may share it.

    `limit` is how many times one request may be retried, `deadline` the seconds within which it must succeed with
    all its repetitions.
    """

    def __init__(self, limit: int, deadline: float, rate_limiter: RateLimiter) -> None:
        self._limit = limit
        self._deadline = deadline
        self._rate_limiter = rate_limiter
        self._local = threading.local()
        self._counting = threading.Lock()
        self._reported: Counter[tuple[str, str, str]] = Counter()
        self._over = threading.Event()
        self._ends_it: int | None = None

    def stop(self, seconds: float) -> None:
        """Let no other thread begin a request. The calling one has so many seconds, and one try, to end the work."""
        self._ends_it = threading.get_ident()
        self._limit, self._deadline = 0, min(self._deadline, seconds)
        self._over.set()

    def _go_on(self) -> None:
        if self._over.is_set() and threading.get_ident() != self._ends_it:
            raise Stopped

    def _wait(self, seconds: float) -> None:
        self._over.wait(seconds)
        self._go_on()

    @contextmanager
    def within_deadline(self) -> t.Iterator[None]:
        """Let the deadline run from here, for all requests of this thread; within another one, that one holds."""
        if getattr(self._local, "until", None) is not None:
            yield
            return
        self._local.until = time.monotonic() + self._deadline
        try:
            yield
        finally:
            self._local.until = None

    def acquire(self) -> None:
        """Return when this thread may send a request. That the others are first does not count against its deadline."""
        self._go_on()
        self._local.until += self._rate_limiter.wait()
        self._go_on()

    @property
    def seconds_left(self) -> float:
        """How long this thread's work may take yet."""
        return t.cast(float, self._local.until - time.monotonic())

    def attempts(self) -> Attempts:
        """Begin to count the tries of one piece of work."""
        return Attempts(self, self._limit)

    def drain(self) -> list[dict[str, t.Any]]:
        """What was retried since this was last asked: `method`, `url`, `reason`, and how many `times`."""
        with self._counting:
            reported, self._reported = self._reported, Counter()
        return [
            {"method": method, "url": url, "reason": reason, "times": times}
            for (method, url, reason), times in sorted(reported.items())
        ]

    def pause(self, seconds: float) -> bool:
        """Wait so long, or half of the time that is left if that is less. Returns whether that was worth it."""
        pause = min(seconds, self.seconds_left / 2)
        if pause < _SHORTEST_PAUSE:
            return False
        self._wait(pause)
        return True

    def note(self, request: Request, reason: str) -> None:
        """Count a repetition."""
        with self._counting:
            self._reported[request.method, request.url, reason] += 1

    def pause_before(self, attempt: int, request: Request, reason: str, retry_after: str | None, for_all: bool) -> bool:
        """Count a repetition and wait before it. Returns whether there is time for it; `attempt` counts from 0.

        A pause that the server asks for holds all threads back, not this one alone.
        """
        asked = _seconds(retry_after)
        longest = min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE)
        pause = random.uniform(0, longest) if asked is None else asked
        if pause >= self.seconds_left:
            return False
        self.note(request, reason)
        if for_all or asked is not None:
            self._rate_limiter.pause(pause)
            # The turn is waited for with the next request, which gives this time back.
            self._local.until -= pause
        else:
            self._wait(pause)
        return True


class Attempts:
    """The tries of one piece of work; `made` is how many there were, with the present one."""

    def __init__(self, retries: Retries, limit: int) -> None:
        self._retries = retries
        self._limit = limit
        self.made = 1

    @property
    def reported(self) -> str:
        """How often it was tried, for the end of an error's message; empty where that was once."""
        return f" (tried {self.made} times)" if self.made > 1 else ""

    def should_retry(
        self, request: Request, reason: str, *, retry_after: str | None = None, for_all: bool = False
    ) -> bool:
        """Whether there may be another try after this `request` failed for this `reason`; if so, the pause is over.

        `retry_after` is the server's header of that name.
        """
        if self.made > self._limit or not self._retries.pause_before(
            self.made - 1, request, reason, retry_after, for_all
        ):
            return False
        self.made += 1
        return True

    def one_more(self, request: Request, reason: str) -> bool:
        """Whether there may be another try at once, where the pause before it is over; there is one at most."""
        if self.made > min(self._limit, 1):
            return False
        self._retries.note(request, reason)
        self.made += 1
        return True


def _seconds(retry_after: str | None) -> float | None:
    """The pause in seconds that a `Retry-After` header asks for, in either of its forms; bounded."""
    if not retry_after:
        return None
    seconds = retry_after.strip()
    if seconds.isascii() and seconds.isdecimal():
        return min(float(seconds), LONGEST_PAUSE)
    try:
        asked = parsedate_to_datetime(retry_after).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(asked, 0.0), LONGEST_PAUSE)
