# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server says in one step is bounded, in bytes and in lines."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail import imap_answers
from ansible_collections.mailfleet.email.plugins.module_utils._mail.imap_step import (
    AnswerTooLarge,
    MailboxError,
    in_time,
)


class _Imap:
    """Reads as much as is asked for, and a line."""

    def __init__(self) -> None:
        self.line = b"a\r\n"

    def read(self, size: int) -> bytes:
        return b"x" * size if self.line else b""

    def readline(self) -> bytes:
        return self.line


@pytest.fixture
def imap(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A connection whose next step may bring ten bytes and three lines."""
    monkeypatch.setattr(imap_answers, "_LARGEST_ANSWER", 10)
    monkeypatch.setattr(imap_answers, "_MOST_LINES", 3)
    connection: Any = _Imap()
    imap_answers.bound_answers(SimpleNamespace(_imap=connection))
    return connection


def test_so_many_bytes_are_read_and_no_more(imap: Any) -> None:
    assert (imap.readline(), imap.read(7)) == (b"a\r\n", b"x" * 7)
    with pytest.raises(AnswerTooLarge):
        imap.read(1)


def test_what_is_announced_counts_before_it_is_read(imap: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Imap, "read", lambda _self, _size: pytest.fail("read all the same"))
    with pytest.raises(AnswerTooLarge):
        imap.read(11)


@pytest.mark.parametrize("line", [b"", b"\n"])
def test_so_many_lines_are_read_and_no_more(imap: Any, line: bytes) -> None:
    """However few bytes they are."""
    imap.line = line
    assert [imap.readline() for _line in range(3)] == [line] * 3
    with pytest.raises(AnswerTooLarge):
        imap.readline()


def test_each_step_begins_anew(imap: Any) -> None:
    imap.read(10)
    imap_answers.bound_answers(SimpleNamespace(_imap=imap))
    assert imap.read(10) == b"x" * 10


def test_what_is_said_of_an_answer_that_is_too_large() -> None:
    def too_large() -> NoReturn:
        raise AnswerTooLarge

    with pytest.raises(MailboxError) as failure:
        in_time("look into the folder", 5, too_large)
    assert str(failure.value) == str(MailboxError("look into the folder", "the server's answer is too large"))
    assert failure.value.kind == MailboxError("", "").kind
