# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a message's headers tell about who it is from, for whom, and which one it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._mail.headers import Headers, decoded


def headers(*lines: str) -> Headers:
    return Headers("\r\n".join([*lines, "", ""]).encode())


def test_who_it_is_from_and_for() -> None:
    found = headers(
        "Delivered-To: you+token@example.com",
        "From: =?utf-8?q?M=C3=BCller=2C_Eva?= <Eva@Example.com>",
        "To: You <you@example.com>,\r\n\tother@example.com",
        "Cc: third@example.com",
        "Bcc: hidden@example.com",
    )
    assert found.senders == [("Müller, Eva", "eva@example.com")]
    assert found.recipients == {"you+token@example.com", "you@example.com", "other@example.com", "third@example.com"}


@pytest.mark.parametrize(
    ("lines", "identities"),
    [
        (["Message-Id: <1@a.example>"], ["1@a.example"]),
        (["MESSAGE-ID: 1@a.example"], ["1@a.example"]),
        (
            ["X-Google-Original-Message-ID: <mine@a.example>", "Message-ID: <new@mail.gmail.com>"],
            ["new@mail.gmail.com", "mine@a.example"],
        ),
        ([], []),
    ],
)
def test_identities(lines: list[str], identities: list[str]) -> None:
    assert headers(*lines).message_ids == identities


def test_order_and_repetition_stay() -> None:
    found = headers("Received: one", "A: 1", "received: two")
    assert found.all("received") == ["one", "two"]
    assert [name for name, _value in found.fields] == ["Received", "A", "received"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("two\r\n lines", "two lines"),
        ("=?utf-8?b?R3LDvMOfZQ==?=", "Grüße"),
        ("=?iso-8859-1?q?Gr=FC=DFe?= an =?utf-8?q?alle?=", "Grüße an alle"),
        ("=?no-such-charset?q?x?=", "=?no-such-charset?q?x?="),
        ("=?utf-8?b?A?=", "=?utf-8?b?A?="),
    ],
)
def test_decoding(value: str, text: str) -> None:
    assert decoded(value) == text


@given(st.binary(max_size=200))
def test_bytes_of_any_kind(raw: bytes) -> None:
    found = Headers(raw)
    for text in (found.subject, *found.message_ids, *(name for name, _address in found.senders)):
        text.encode()
    assert isinstance(found.recipients, set)
