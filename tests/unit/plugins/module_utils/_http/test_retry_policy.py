# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy of sending again by itself, on a clock that the test holds."""

from __future__ import annotations

import random
import threading
from email.utils import formatdate
from types import SimpleNamespace

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http import retries as policy
from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import Request
from ansible_collections.mailfleet.email.plugins.module_utils._http.retries import RateLimiter, Retries, Stopped
from tests.unit.plugins.module_utils._http.clock import Clock

READ = Request("GET", "https://server.example.com/a")
WRITE = Request("PUT", "https://server.example.com/a")
TODAY = 1_800_000_000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of the policy and of its rate limiter."""
    held = Clock()
    module = SimpleNamespace(monotonic=held.time, sleep=held.sleep, time=lambda: TODAY)
    # Pauses are waits that the end of the task cuts short.
    monkeypatch.setattr(threading.Event, "wait", lambda _event, seconds: held.sleep(seconds))
    monkeypatch.setattr(policy, "time", module)
    return held


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    """Between what each random pause was drawn; it is always the longest."""
    bounds: list[tuple[float, float]] = []

    def longest(low: float, high: float) -> float:
        bounds.append((low, high))
        return high

    monkeypatch.setattr(random, "uniform", longest)
    return bounds


def retries_on(clock: Clock, *, limit: int = 9, deadline: float = 100.0) -> Retries:
    return Retries(limit, deadline, RateLimiter(None, clock.time, clock.sleep))


def test_pauses_are_drawn_from_nothing_on(clock: Clock, drawn: list[tuple[float, float]]) -> None:
    retries = retries_on(clock)
    with retries.within_deadline():
        attempts = retries.attempts()
        assert all(attempts.should_retry(READ, "no") for _ in range(3))
    assert drawn == [(0, 0.5), (0, 1.0), (0, 2.0)]
    assert clock.slept == [0.5, 1.0, 2.0]


def test_each_piece_of_work_has_tries_of_its_own(clock: Clock, drawn: list[tuple[float, float]]) -> None:
    retries = retries_on(clock, limit=1)
    with retries.within_deadline():
        for _ in range(2):
            attempts = retries.attempts()
            assert attempts.should_retry(READ, "no")
            assert not attempts.should_retry(READ, "no")
    assert len(drawn) == 2


def test_how_often_it_was_tried_is_reported_from_the_second_try_on(
    clock: Clock, drawn: list[tuple[float, float]]
) -> None:
    retries = retries_on(clock, limit=2)
    with retries.within_deadline():
        attempts = retries.attempts()
        reported = [attempts.reported]
        while attempts.should_retry(READ, "no"):
            reported.append(attempts.reported)
    assert reported == ["", " (tried 2 times)", " (tried 3 times)"]
    assert attempts.reported == reported[-1]
    assert len(drawn) == 2


@pytest.mark.parametrize("for_all", [True, False])
def test_a_pause_for_all_is_waited_for_with_the_next_request(
    clock: Clock, drawn: list[tuple[float, float]], for_all: bool
) -> None:
    retries = retries_on(clock)
    with retries.within_deadline():
        assert retries.attempts().should_retry(READ, "no", for_all=for_all)
        assert clock.slept == ([] if for_all else [0.5])
        retries.acquire()
        assert clock.slept == [0.5]
        # Either way the pause was this request's own, and counts.
        assert retries.seconds_left == 99.5
    assert drawn == [(0, 0.5)]


def test_a_pause_of_others_does_not_count(clock: Clock) -> None:
    rate_limiter = RateLimiter(None, clock.time, clock.sleep)
    retries = Retries(9, 100.0, rate_limiter)
    with retries.within_deadline():
        rate_limiter.pause(7.0)
        retries.acquire()
        assert clock.slept == [7.0]
        assert retries.seconds_left == 100.0


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("19", 19.0),
        ("21", 20.0),
        ("9" * 400, 20.0),
        (formatdate(TODAY + 7, usegmt=True), 7.0),
        (formatdate(TODAY + 3600, usegmt=True), 20.0),
    ],
)
def test_the_server_s_pause_is_for_all_and_bounded(clock: Clock, retry_after: str, pause: float) -> None:
    retries = retries_on(clock)
    with retries.within_deadline():
        assert retries.attempts().should_retry(READ, "no", retry_after=retry_after)
        assert clock.slept == []
        retries.acquire()
    assert clock.slept == [pause]


@pytest.mark.parametrize("retry_after", ["0", formatdate(TODAY - 60, usegmt=True)])
def test_the_server_may_ask_for_no_pause(clock: Clock, drawn: list[tuple[float, float]], retry_after: str) -> None:
    retries = retries_on(clock)
    with retries.within_deadline():
        assert retries.attempts().should_retry(READ, "no", retry_after=retry_after)
        retries.acquire()
    assert (clock.slept, drawn) == ([], [])


@pytest.mark.parametrize("retry_after", [None, "", "soon", "-1", "1.5", "\u0667", "Fri, 99 Nov 2026 00:00:00 GMT"])
def test_what_the_server_says_in_vain(clock: Clock, drawn: list[tuple[float, float]], retry_after: str | None) -> None:
    retries = retries_on(clock)
    with retries.within_deadline():
        assert retries.attempts().should_retry(READ, "no", retry_after=retry_after)
    assert drawn == [(0, 0.5)]
    assert clock.slept == [0.5]


@pytest.mark.parametrize(("deadline", "goes_on"), [(7.5, True), (7.0, False), (6.5, False)])
def test_no_pause_beyond_the_deadline(clock: Clock, deadline: float, goes_on: bool) -> None:
    retries = retries_on(clock, deadline=deadline)
    with retries.within_deadline():
        assert retries.attempts().should_retry(READ, "no", retry_after="7") is goes_on
    assert len(retries.drain()) == goes_on


def test_a_deadline_within_another_is_that_one(clock: Clock) -> None:
    retries = retries_on(clock, deadline=10.0)
    with retries.within_deadline():
        clock.now += 4.0
        with retries.within_deadline():
            assert retries.seconds_left == 6.0
        assert retries.seconds_left == 6.0
    with retries.within_deadline():
        assert retries.seconds_left == 10.0


@pytest.mark.usefixtures("drawn")
def test_what_was_retried_is_counted_by_request_and_reason(clock: Clock) -> None:
    retries = retries_on(clock)
    with retries.within_deadline():
        for request, reason in ((WRITE, "busy"), (READ, "gone"), (WRITE, "busy"), (READ, "busy")):
            assert retries.attempts().should_retry(request, reason)
    assert retries.drain() == [
        {"method": "GET", "url": READ.url, "reason": "busy", "times": 1},
        {"method": "GET", "url": READ.url, "reason": "gone", "times": 1},
        {"method": "PUT", "url": WRITE.url, "reason": "busy", "times": 2},
    ]
    assert retries.drain() == []
    with retries.within_deadline():
        assert retries.attempts().should_retry(READ, "busy")
    assert [reported["times"] for reported in retries.drain()] == [1]


def test_a_look_waits_as_long_as_is_asked_or_half_of_what_is_left(clock: Clock) -> None:
    retries = retries_on(clock, deadline=10.0)
    with retries.within_deadline():
        assert retries.pause(4.0) is True
        assert retries.pause(4.0) is True
        assert retries.pause(0.05) is True
        assert retries.pause(0.04) is False
        clock.now += retries.seconds_left - 0.08
        assert retries.pause(4.0) is False
    assert clock.slept == [4.0, 3.0, 0.05]


@pytest.mark.parametrize(("limit", "tries"), [(0, [False]), (1, [True, False]), (9, [True, False])])
def test_what_may_be_done_yet_is_sent_once_more_at_most(clock: Clock, limit: int, tries: list[bool]) -> None:
    retries = retries_on(clock, limit=limit)
    with retries.within_deadline():
        attempts = retries.attempts()
        assert [attempts.one_more(WRITE, "no") for _ in tries] == tries
    assert attempts.made == len(tries)
    assert [(entry["reason"], entry["times"]) for entry in retries.drain()] == [("no", 1)] * tries.count(True)
    assert clock.slept == []


def test_a_task_that_is_over_begins_nothing_but_its_end() -> None:
    retries = Retries(3, 100.0, RateLimiter())
    retries.stop(20.0)
    with retries.within_deadline():
        retries.acquire()
        assert 10.0 < retries.seconds_left <= 20.0
        assert retries.attempts().should_retry(READ, "no") is False
    stopped: list[str] = []

    def other() -> None:
        try:
            with retries.within_deadline():
                retries.acquire()
        except Stopped:
            stopped.append("stopped")

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert stopped == ["stopped"]


def test_the_end_of_a_task_takes_no_longer_than_its_deadline(clock: Clock) -> None:
    retries = retries_on(clock, deadline=1.0)
    retries.stop(2.0)
    with retries.within_deadline():
        assert retries.seconds_left == 1.0
