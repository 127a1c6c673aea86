# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast requests may follow each other, for all threads of a task together."""

from __future__ import annotations

import threading
import time
import typing as t


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
