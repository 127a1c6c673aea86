# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Digests of JSON data, which a key makes a signature."""

from __future__ import annotations

import hashlib
import hmac
import json
import typing as t

from .secret import Password, reveal


def canonical(data: t.Any) -> bytes:
    """JSON data as the one text that everybody makes of it."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def digest(text: bytes, key: Password | None) -> str:
    """The SHA-256 of a text; with a key its HMAC, which only those can make who have the key."""
    if not key:
        return hashlib.sha256(text).hexdigest()
    # A key out of a file that is no text has what Python puts in the place of its bytes.
    return hmac.new(reveal(key).encode("utf-8", "surrogatepass"), text, "sha256").hexdigest()
