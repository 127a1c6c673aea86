# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of a step, whatever a server puts into its words."""

from __future__ import annotations

import imaplib
from typing import NoReturn

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.imap_step import MailboxError, in_time


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("b'wrong password'", "wrong password"),
        (r"b'caf\xc3\xa9'", "café"),
        (r"b'\x'", r"b'\x'"),
        (r"b'\xzz' and more", r"b'\xzz' and more"),
        ("b'café'", "b'café'"),
        ('b"\0"', 'b"\0"'),
        ("b'a", "b'a"),
    ],
)
def test_words_that_look_like_bytes_of_python(words: str, said: str) -> None:
    def refused() -> NoReturn:
        raise imaplib.IMAP4.error(words)

    with pytest.raises(MailboxError) as failure:
        in_time("log in", 5, refused)
    assert failure.value.words == said
