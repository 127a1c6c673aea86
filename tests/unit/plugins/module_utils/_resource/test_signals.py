# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task that a signal ends: as by an exception, but not in the middle of a login."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._resource.signals import SignalGuard

SIGNALS = [signal.SIGTERM, signal.SIGINT]


@pytest.fixture(autouse=True)
def handlers_are_put_back() -> Iterator[None]:
    before = [signal.getsignal(number) for number in SIGNALS]
    yield
    assert [signal.getsignal(number) for number in SIGNALS] == before


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_task_as_an_exception_does(number: signal.Signals) -> None:
    with pytest.raises(SystemExit) as caught, SignalGuard().by_signals():
        os.kill(os.getpid(), number)
    assert caught.value.code == 128 + number


def test_a_second_signal_does_not_break_off_the_way_out() -> None:
    way_out = []

    def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            way_out.append("logged out")

    with pytest.raises(SystemExit), SignalGuard().by_signals():
        work()
    assert way_out == ["logged out"]


def test_a_signal_waits_until_what_is_under_way_is_done() -> None:
    ending = SignalGuard()
    done = []

    def work() -> None:
        with ending.deferred(), ending.deferred():
            os.kill(os.getpid(), signal.SIGTERM)
            done.append("logged in")
        done.append("went on")

    with pytest.raises(SystemExit), ending.by_signals():
        work()
    assert done == ["logged in"]


def test_without_a_signal_nothing_ends() -> None:
    ending = SignalGuard()
    done = []
    with ending.by_signals():
        with ending.deferred():
            done.append("logged in")
        done.append("went on")
    assert done == ["logged in", "went on"]


def test_a_signal_waits_for_another_thread() -> None:
    ending = SignalGuard()
    begun, may_end = threading.Event(), threading.Event()

    def log_in() -> None:
        with ending.deferred():
            begun.set()
            may_end.wait(10)

    def work() -> None:
        thread = threading.Thread(target=log_in)
        thread.start()
        begun.wait(10)
        os.kill(os.getpid(), signal.SIGTERM)
        may_end.set()
        thread.join(10)
        # The signal is raised again by the thread that held it back; the main thread takes it at its next step.
        threading.Event().wait(10)

    with pytest.raises(SystemExit), ending.by_signals():
        work()


def test_nothing_changes_outside_the_main_thread() -> None:
    handlers = []

    def work() -> None:
        with SignalGuard().by_signals():
            handlers.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert handlers == [signal.getsignal(signal.SIGTERM)]
