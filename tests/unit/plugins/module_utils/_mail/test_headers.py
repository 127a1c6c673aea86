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


# A Python of which version it is must not decide whether such a message is found.
@pytest.mark.parametrize(
    "value",
    [
        "a@x.example <a@x.example>",
        "J. Doe [x] <a@x.example>",
        "a@x.example,",
        "a@x.example (Doe, J)",
        "<a@x.example> <b@x.example>",
        "Doe, John <a@x.example>",
        "Team: a@x.example, b@x.example;",
    ],
)
def test_addresses_in_odd_headers(value: str) -> None:
    assert "a@x.example" in headers(f"To: {value}").recipients
    assert "a@x.example" in {address for _name, address in headers(f"From: {value}").senders}


@pytest.mark.parametrize("odd", ["me@x.example <a@x.example>,", "(" * 500 + ")" * 500, "a:" * 1000, "(" * 90000])
def test_an_odd_header_hides_no_other(odd: str) -> None:
    found = headers(f"Cc: {odd}", "Delivered-To: you@example.com", f"From: {odd}", "From: me@example.com")
    assert "you@example.com" in found.recipients
    assert ("", "me@example.com") in found.senders


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


def test_numbers_that_servers_gave_it() -> None:
    found = headers("Received: by b.example id 2; x", "Received: by a.example id 1", "Message-ID: <3@a.example>")
    assert found.queue_ids == {"1", "2", "3"}


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


def test_a_text_of_any_length_takes_no_time() -> None:
    """A sender may write it; to decode this one would take hours."""
    text = "=?x?q?a" * 300_000
    found = headers(f"Subject: {text}", f'From: "{text}" <a@example.com>')
    assert found.subject == text
    assert found.senders == [(text, "a@example.com")]


@given(st.binary(max_size=200))
def test_bytes_of_any_kind(raw: bytes) -> None:
    found = Headers(raw)
    for text in (found.subject, *found.message_ids, *(name for name, _address in found.senders)):
        text.encode()
    assert isinstance(found.recipients, set)
