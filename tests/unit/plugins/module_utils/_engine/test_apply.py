# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carrying out: how many at once, when it stops, what is reported meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.apply import Progress, run_each


@pytest.mark.parametrize("concurrency", [1, 2, 8])
def test_everything_is_done_once(concurrency: int) -> None:
    done: list[int] = []

    def work(item: int) -> bool:
        done.append(item)
        return True

    assert run_each(work, range(20), concurrency)
    assert sorted(done) == list(range(20))
    assert run_each(work, [], concurrency)


def test_one_at_a_time_keeps_the_order() -> None:
    done: list[int] = []

    def work(item: int) -> bool:
        done.append(item)
        return item < 3

    assert not run_each(work, range(10), 1)
    assert done == [0, 1, 2, 3]


def test_no_more_at_once_than_allowed_and_not_fewer() -> None:
    together = threading.Barrier(4, timeout=5.0)
    counting, running, most = threading.Lock(), 0, 0

    def work(_item: int) -> bool:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        together.wait()
        with counting:
            running -= 1
        return True

    assert run_each(work, range(8), 4)
    assert most == 4


def test_two_are_done_at_once_already() -> None:
    together = threading.Barrier(2, timeout=5.0)

    def work(_item: int) -> bool:
        return together.wait() >= 0

    assert run_each(work, range(2), 2)


def test_what_was_begun_ends_before_a_failure_comes_through() -> None:
    both_begun = threading.Barrier(2, timeout=5.0)
    ended: list[int] = []

    def work(item: int) -> bool:
        both_begun.wait()
        if item == 0:
            raise KeyError(item)
        time.sleep(0.2)
        ended.append(item)
        return True

    with pytest.raises(KeyError):
        run_each(work, range(2), 2)
    assert ended == [1]


def test_what_was_not_begun_is_left_out_after_a_stop() -> None:
    done: list[int] = []

    def work(item: int) -> bool:
        time.sleep(0.005)
        done.append(item)
        return item != 0

    assert not run_each(work, range(400), 2)
    assert len(done) < 100


@pytest.mark.parametrize("concurrency", [1, 4])
def test_what_the_work_raises_comes_through(concurrency: int) -> None:
    def work(item: int) -> bool:
        if item == 2:
            raise KeyError(item)
        return True

    with pytest.raises(KeyError):
        run_each(work, range(10), concurrency)


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def clock() -> list[float]:
    """The time, as its only item."""
    return [100.0]


@pytest.fixture
def progress(lines: list[str], clock: list[float]) -> Progress:
    return Progress("sync", 10, lines.append, clock=lambda: clock[0])


def test_short_work_is_silent(progress: Progress, lines: list[str], clock: list[float]) -> None:
    for _ in range(10):
        clock[0] += 0.25
        progress.count(changed=True, failed=False)
    assert lines == []


def test_long_work_tells_how_far_it_is(progress: Progress, lines: list[str], clock: list[float]) -> None:
    for number in range(10):
        clock[0] += 1.0
        progress.count(changed=number % 2 == 0, failed=number == 1)
    assert lines[0] == "sync: 3/10, 2 changed, 1 failed, 1/s, 7 s left"
    assert [line.split(",")[0] for line in lines] == ["sync: 3/10", "sync: 5/10", "sync: 7/10", "sync: 9/10"]


def test_nobody_has_to_watch(clock: list[float]) -> None:
    show: Callable[[str], None] | None = None
    progress = Progress("sync", 1, show, clock=lambda: clock[0])
    clock[0] += 100.0
    progress.count(changed=True, failed=False)


def test_the_records_that_took_no_effort_say_nothing_about_the_rest(lines: list[str], clock: list[float]) -> None:
    progress = Progress("sync", 100, lines.append, doing="read", clock=lambda: clock[0])
    progress.skip(90)
    clock[0] += 4.0
    progress.count()
    assert lines == ["sync: 91/100 read, 0/s, 36 s left"]


def test_records_without_effort_add_up(lines: list[str], clock: list[float]) -> None:
    progress = Progress("sync", 10, lines.append, clock=lambda: clock[0])
    progress.count()
    progress.skip()
    progress.skip(3)
    progress.skip()
    clock[0] += 4.0
    progress.count()
    assert lines == ["sync: 7/10, 0 changed, 0 failed, 0/s, 6 s left"]
