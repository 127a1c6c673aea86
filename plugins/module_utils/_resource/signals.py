# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a task ends on a signal: as on an exception, so that a login is ended on the way out."""

from __future__ import annotations

import os
import signal
import threading
import typing as t
from contextlib import contextmanager

_SIGNALS: t.Final = (signal.SIGTERM, signal.SIGINT)


class TimeIsUp(BaseException):
    """The time that a task gives itself is over; no work of ours may take it for its own failure."""


@contextmanager
def time_limit(seconds: float | None) -> t.Iterator[None]:
    """End what is done within by `TimeIsUp` after so many seconds; `None` sets no limit. For the main thread."""
    if seconds is None:
        yield
        return

    def end(_number: int, _frame: object) -> None:
        raise TimeIsUp

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class SignalGuard:
    """Turns SIGTERM and SIGINT into `SystemExit`, at a moment when nothing is under way that must be known of."""

    def __init__(self) -> None:
        self._holding = 0
        self._noted: int | None = None
        self._lock = threading.Lock()

    @contextmanager
    def by_signals(self) -> t.Iterator[None]:
        """Let the signals end what is done within. Only the main thread can have that; elsewhere nothing changes."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._end) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def deferred(self) -> t.Iterator[None]:
        """Hold a signal back while what is done within is under way, in any thread."""
        with self._lock:
            self._holding += 1
        try:
            yield
        finally:
            with self._lock:
                self._holding -= 1
                number = self._noted if not self._holding else None
            if number is not None:
                # Once more, now that it may: the main thread takes it, whichever thread this is.
                os.kill(os.getpid(), number)

    def _end(self, number: int, _frame: object) -> None:
        # Without the lock, which the main thread may hold: it runs this between any two of its steps.
        if self._holding:
            self._noted = number
            return
        for one in _SIGNALS:
            # Ansible sends a second one to its workers, which must not break off the way out.
            signal.signal(one, signal.SIG_IGN)
        raise SystemExit(128 + number)
