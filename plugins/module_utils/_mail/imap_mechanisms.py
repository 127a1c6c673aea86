# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways to log in that an IMAP server offers, in its capabilities."""

from __future__ import annotations

import typing as t

# They want a token in place of a password.
_TOKENS = frozenset((b"AUTH=XOAUTH2", b"AUTH=XOAUTH", b"AUTH=OAUTHBEARER", b"AUTH=OAUTH10A"))


def wants_token(able: t.Collection[bytes]) -> bool:
    """Whether all mechanisms that a server offers take a token in place of a password."""
    mechanisms = {name for name in able if name.startswith(b"AUTH=")}
    return bool(mechanisms) and mechanisms <= _TOKENS


def offered(able: t.Collection[bytes]) -> str:
    """The mechanisms that a server offers, in words."""
    names = sorted(name.partition(b"=")[2].decode("ascii", "replace") for name in able if name.startswith(b"AUTH="))
    return f"it offers {', '.join(names)}" if names else "it offers no mechanism"
