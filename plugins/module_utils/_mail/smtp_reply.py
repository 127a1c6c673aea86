# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mail server's refusal in a text: its reply code (RFC 5321) and its enhanced status code (RFC 3463)."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What can stand between the two: `535 5.7.8 Error`, `535-5.7.8 Error`, and Python's `(535, b'5.7.8 Error')`.
_BETWEEN = r"(?:[ -]#?|, b?['\"])"
_ENHANCED = r"([45])\.(\d{1,3})\.(\d{1,3})(?![\d.])"
_BOTH = re.compile(rf"(?<![\w.-])([45])([0-5]\d){_BETWEEN}{_ENHANCED}")
# A number alone can be anything, so these count only where a reply begins.
_BEGINNING = r"(?:^|(?<=: )|(?<=\())"
_HTTP = r"(?! (?:Bad Gateway|Service Unavailable|Internal Server Error|Not Implemented))"
_CODE = re.compile(rf"{_BEGINNING}(421|45[0-5]|50[0-4]|521|53[0458]|55[0-6]){_HTTP}(?:[ -]|, b?['\"]|$)")
_ENHANCED_ALONE = re.compile(rf"{_BEGINNING}{_ENHANCED}(?=[ )]|$)")


@dataclass(frozen=True)
class Reply:
    """What a mail server answered; `enhanced_code` says more than `code` where the server gives it."""

    code: int | None
    enhanced_code: str | None

    @property
    def temporary(self) -> bool:
        """Whether the same may succeed later."""
        return (str(self.code) if self.code else self.enhanced_code or "").startswith("4")

    @property
    def detail(self) -> str:
        """The enhanced code without its class, such as `1.1` for an unknown mailbox; empty where there is none."""
        return self.enhanced_code.partition(".")[2] if self.enhanced_code else ""

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.code, self.enhanced_code) if part)


NO_REPLY = Reply(None, None)


def reply_in(text: str) -> Reply:
    """The refusal that a text repeats; `NO_REPLY` where it repeats none, or several that differ."""
    found = {
        Reply(int(match[1] + match[2]), ".".join(match.group(3, 4, 5)))
        for match in _BOTH.finditer(text)
        if match[1] == match[3]
    }
    found = found or {Reply(int(match[1]), None) for match in _CODE.finditer(text)}
    found = found or {Reply(None, ".".join(match.groups())) for match in _ENHANCED_ALONE.finditer(text)}
    return found.pop() if len(found) == 1 else NO_REPLY
