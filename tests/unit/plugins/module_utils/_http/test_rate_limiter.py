# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How fast requests follow each other, on a clock that the test holds."""

from __future__ import annotations

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.retries import RateLimiter
from tests.unit.plugins.module_utils._http.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_no_limit(clock: Clock) -> None:
    rate_limiter = RateLimiter(None, clock.time, clock.sleep)
    for _ in range(5):
        rate_limiter.wait()
    assert clock.slept == []


def test_a_rate_spreads_requests(clock: Clock) -> None:
    rate_limiter = RateLimiter(4.0, clock.time, clock.sleep)
    for _ in range(4):
        rate_limiter.wait()
    assert clock.slept == [0.25, 0.25, 0.25]


def test_time_that_passes_anyway_counts(clock: Clock) -> None:
    rate_limiter = RateLimiter(4.0, clock.time, clock.sleep)
    rate_limiter.wait()
    clock.now += 10.0
    rate_limiter.wait()
    rate_limiter.wait()
    assert clock.slept == [0.25]


@pytest.mark.parametrize("rate", [None, 4.0])
def test_a_pause_holds_everybody_back(clock: Clock, rate: float | None) -> None:
    rate_limiter = RateLimiter(rate, clock.time, clock.sleep)
    rate_limiter.pause(3.0)
    rate_limiter.pause(1.0)
    rate_limiter.wait()
    assert clock.slept == [3.0]
    clock.now += 10.0
    rate_limiter.wait()
    assert clock.slept == [3.0]


def test_whoever_waits_learns_how_long(clock: Clock) -> None:
    free, paced = RateLimiter(None, clock.time, clock.sleep), RateLimiter(4.0, clock.time, clock.sleep)
    assert (free.wait(), free.wait()) == (0.0, 0.0)
    assert (paced.wait(), paced.wait()) == (0.0, 0.25)
    free.pause(3.0)
    assert (free.wait(), free.wait()) == (3.0, 0.0)


@pytest.mark.parametrize("rate", [None, 4.0])
def test_a_clock_may_begin_at_nothing(rate: float | None) -> None:
    clock = Clock()
    clock.now = 0.0
    RateLimiter(rate, clock.time, clock.sleep).wait()
    assert clock.slept == []
