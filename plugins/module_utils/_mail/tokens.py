# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What structured header fields are made of: words, comments in parentheses, and semicolons (RFC 5322, 3.2)."""

from __future__ import annotations

import re
import typing as t

_PLAIN = re.compile(r'[^\s();"\\]+')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)


class Token(t.NamedTuple):
    """One part of a field's value. A comment's text stands without its parentheses."""

    kind: t.Literal["word", "comment", "semicolon"]
    text: str


def tokens(value: str) -> list[Token]:
    """Take a field's value apart. What is malformed is taken as it comes; nothing is refused."""
    found: list[Token] = []
    at = 0
    while at < len(value):
        character = value[at]
        if character == "(":
            end = _end_of_comment(value, at)
            found.append(Token("comment", " ".join(value[at + 1 : end - 1].split())))
        elif character == ";":
            end = at + 1
            found.append(Token("semicolon", character))
        elif character.isspace() or character == ")":
            end = at + 1
        else:
            end = _end_of_word(value, at)
            found.append(Token("word", value[at:end]))
        at = end
    return found


def _end_of_word(value: str, at: int) -> int:
    """Where a word ends that begins at `at`. A quoted string is a part of the word that it touches."""
    while at < len(value):
        match = _QUOTED.match(value, at) or _PLAIN.match(value, at)
        if match:
            at = match.end()
        elif value[at] == "\\":
            at += 2
        else:
            break
    return min(at, len(value))


def _end_of_comment(value: str, at: int) -> int:
    """Where a comment ends that begins at `at`, with the comments in it."""
    depth = 0
    while at < len(value):
        if value[at] == "\\":
            at += 1
        else:
            depth += {"(": 1, ")": -1}.get(value[at], 0)
        at += 1
        if depth == 0:
            return at
    # The parenthesis that would close it is missing; one is taken to stand behind the end.
    return len(value) + 1
