# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that were given for an address, a domain or a server: which are repeated."""

from __future__ import annotations

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.shown import (
    NOT_SHOWN,
    may_hold_password,
    quoted,
    shown,
)


@pytest.mark.parametrize(
    "value",
    [
        "https://user:hunter2@host",
        "https://user:hunter2/4711@host",
        "https://host:4711/hunter2@x",
        "smtp://hunter2",
        "//hunter2@host",
        "u:hunter2@host",
        "u:p@hunter2@host",
        "host?token=hunter2",
        "host#hunter2",
        "token=hunter2",
        "host/?auth=hunter2@x",
        "https:\\\\hunter2@host",
        "a\n://hunter2",
    ],
)
def test_what_may_hold_a_password(value: str) -> None:
    for mailbox in (False, True):
        assert may_hold_password(value, mailbox=mailbox)
        assert shown(value, mailbox=mailbox) == quoted(value, mailbox=mailbox) == NOT_SHOWN


@pytest.mark.parametrize("value", ["a b", "my.example.com", "a/b", "host:25", "::1", "a\nb", "x..", "*", ""])
def test_what_is_repeated(value: str) -> None:
    assert shown(value) == value
    assert quoted(value) == repr(value)
    assert not may_hold_password(value, mailbox=True)


@pytest.mark.parametrize(
    "value", ["a@b.example", "no address@", "bounce+me=home.example@b.example", "Sales <a@b.example>"]
)
def test_a_mailbox_has_an_at_sign(value: str) -> None:
    assert shown(value, mailbox=True) == value
    assert quoted(value, mailbox=True) == repr(value)
    assert may_hold_password(value)
    assert shown(value) == quoted(value) == NOT_SHOWN


def test_what_is_no_text() -> None:
    assert (shown(7), quoted(None)) == ("7", "None")
