# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passwords as whoever holds them hands them over: wrapped, so that only what writes to a server sees the text."""

from __future__ import annotations

import typing as t


class Wrapped(t.Protocol):
    """A password that shows nothing of itself."""

    def reveal(self) -> t.Any:
        """The text, for the wire."""


Password = t.Union[Wrapped, str]


def revealed(password: Password) -> str:
    """The text of a password, for the wire."""
    return password if isinstance(password, str) else str(password.reveal())
