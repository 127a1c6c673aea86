# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans are carried out: how many at once, when to stop, and what is reported meanwhile."""

from __future__ import annotations

import threading
import time
import typing as t
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

Item = t.TypeVar("Item")

_FIRST_LINE_AFTER = 3.0
_LINE_EVERY = 2.0


def run_each(work: t.Callable[[Item], bool], items: t.Sequence[Item], concurrency: int) -> bool:
    """Do `work` for every item, up to `concurrency` at once.

    `work` returns whether to go on; after a `False`, items that were not begun are left out. Returns whether all were
    done. What `work` raises comes through, after what was begun has ended; nothing more is begun then. The time limit
    of a task comes through at once: who made the connections ends what was begun.
    """
    if concurrency == 1 or len(items) < 2:
        return all(work(item) for item in items)
    pool = ThreadPoolExecutor(max_workers=min(concurrency, len(items)))
    waits = True
    try:
        futures: list[Future[bool]] = [pool.submit(work, item) for item in items]
        return all(future.result() for future in as_completed(futures))
    except BaseException as exc:
        waits = isinstance(exc, (Exception, SystemExit, KeyboardInterrupt))
        raise
    finally:
        pool.shutdown(wait=waits, cancel_futures=True)


class Progress:
    """Tells how far long work is, in a line at most every two seconds; silent for work that takes a moment.

    `doing` says in a word what is done, where that is not the change of records.
    """

    def __init__(
        self,
        name: str,
        total: int,
        show: t.Callable[[str], None] | None,
        *,
        doing: str = "",
        clock: t.Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._total = total
        self._show = show
        self._doing = doing
        self._clock = clock
        self._begun = clock()
        self._next_line = self._begun + _FIRST_LINE_AFTER
        self._lock = threading.Lock()
        self._done = self._changed = self._failed = self._effortless = 0

    def skip(self, records: int = 1) -> None:
        """Count records that took no effort, so that they say nothing about the rest."""
        self._done += records
        self._effortless += records

    def count(self, *, changed: bool = False, failed: bool = False) -> None:
        """Count one finished record, and show a line if one is due."""
        with self._lock:
            self._done += 1
            self._changed += changed
            self._failed += failed
            now = self._clock()
            if self._show is None or now < self._next_line:
                return
            self._next_line = now + _LINE_EVERY
            line = self._line(now - self._begun)
        self._show(line)

    def _line(self, seconds: float) -> str:
        rate = (self._done - self._effortless) / seconds
        left = (self._total - self._done) / rate
        counts = f" {self._doing}" if self._doing else f", {self._changed} changed, {self._failed} failed"
        return f"{self._name}: {self._done}/{self._total}{counts}, {rate:.0f}/s, {left:.0f} s left"
