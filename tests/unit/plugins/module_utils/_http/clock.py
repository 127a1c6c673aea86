# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A clock that a test holds."""

from __future__ import annotations


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def time(self) -> float:
        """The time that it shows."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Note how long, and move the clock on."""
        self.slept.append(round(seconds, 6))
        self.now += seconds
