# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How large an answer of an IMAP server may be."""

from __future__ import annotations

import typing as t

from .imap_step import AnswerTooLarge

if t.TYPE_CHECKING:
    from imapclient import IMAPClient

_LARGEST_ANSWER = 32 * 1024 * 1024
# Each is worked through by itself. A mailbox of so many folders is none.
_MOST_LINES = 50_000


def bound_answers(client: IMAPClient) -> None:
    """Let the answers of the next step not be larger than anybody could need: imaplib reads whatever is announced."""
    imap = client._imap
    kind, left, lines = type(imap), _LARGEST_ANSWER, _MOST_LINES

    def taken(size: int) -> None:
        nonlocal left
        left -= size
        if left < 0:
            raise AnswerTooLarge

    def read(size: int) -> bytes:
        taken(size)
        return t.cast(bytes, kind.read(imap, size))

    def readline() -> bytes:
        nonlocal lines
        line = t.cast(bytes, kind.readline(imap))
        lines -= 1
        taken(len(line) if lines >= 0 else _LARGEST_ANSWER + 1)
        return line

    imap.read, imap.readline = read, readline
