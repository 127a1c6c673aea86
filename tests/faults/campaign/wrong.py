# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must never happen, by name."""

from __future__ import annotations

from enum import StrEnum


class Wrong(StrEnum):
    """What must never happen."""

    DUPLICATE = "duplicates"
    LOST = "lost"
    FOREIGN_CHANGE = "foreign changes"
    NOT_AS_DESIRED = "not as desired"
    UNTRUE = "untrue reports"
    CHECK_MODE_WROTE = "writes in check mode"
    LEAK = "leaks"
    TRACEBACK = "tracebacks"
    LOGIN_LEFT_OPEN = "logins left open"


class Violation(AssertionError):
    """A run did what it must never do."""

    def __init__(self, wrong: Wrong, text: str) -> None:
        """Say what was ``wrong``, and in ``text`` what exactly."""
        super().__init__(f"{wrong}: {text}")
        self.wrong = wrong
