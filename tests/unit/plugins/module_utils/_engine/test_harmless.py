# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts at harmless paths: shown where they look as they should, and paths that a user opens."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine import secret
from ansible_collections.mailfleet.email.plugins.module_utils._engine.harmless import (
    ciphers,
    host,
    opening_problems,
    plain_text,
    with_opened,
    word,
)
from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import Secret

CARRIERS = [
    "smtp://u:hunter2@host",
    "http://u:pa#ss@h",
    "http://u:pa ss@h",
    "http://u:pa/ss@h",
    "socks5://hunter2@host",
    "https://host/?auth.pass=hunter2",
    "https://host/#hunter2",
    "//u:hunter2@host",
    "u:hunter2@host",
    "see u:hunter2@host",
    "host?auth.pass=hunter2",
    "host?auth.pass=hunter2?",
    "smtp%3A%2F%2Fu%3Ahunter2%40host",
    "smtp%253A%252F%252Fu%253Ahunter2%2540host",
    "smtp&#58;//u&#58;hunter2&#64;host",
    "u&colon;hunter2&commat;host",
    "u\uff1ahunter2\uff20host",
    "smtp:\\/\\/u:hunter2@host",
    "%2D%2D%2D%2D%2DBEGIN PRIVATE KEY-----hunter2",
    "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----",
]


@pytest.mark.parametrize("text", CARRIERS)
def test_texts_that_carry_a_password_along(text: str) -> None:
    assert not plain_text(text)
    assert not host(text)
    assert not word(text)
    assert not ciphers(text)


@pytest.mark.parametrize(
    "text",
    [
        "certs@example.com",
        '"Doe, John" <john@example.com>',
        "DOMAIN\\user",
        "Mail: ask certs@example.com",
        "https://wiki.example.com/mail",
        "https://wiki.example.com/X",
        "What is it?",
        "100 % & more; certs@example.com",
        "M\u00fcller %40 B\u00fcro",
        "%" * 1000,
        "Grüße",
    ],
)
def test_words_for_people(text: str) -> None:
    assert plain_text(text)


@pytest.mark.parametrize(
    "text", ["smtp.example.com", "smtp.example.com:587", "127.0.0.1", "2001:db8::1", "[2001:db8::1]:25", "fe80::1%eth0"]
)
def test_hosts(text: str) -> None:
    assert host(text)


@pytest.mark.parametrize("text", ["admin:hunter2", "a b", "host/path", "a" * 301, "1:2"[:1] + ":hunter2"])
def test_no_hosts(text: str) -> None:
    assert not host(text)


def test_lists_of_ciphers() -> None:
    assert ciphers("ECDHE-RSA-AES128-GCM-SHA256:!RC4:DEFAULT@SECLEVEL=0")
    assert not ciphers("DEFAULT@hunter2")


def test_a_text_that_is_longer_than_any_host_or_list_of_ciphers_is_hidden() -> None:
    assert host(f"::{'1' * 298}")
    assert not host(f"::{'1' * 299}")
    assert ciphers("A" * 4000)
    assert not ciphers("A" * 4001)


@pytest.mark.parametrize(
    ("opened", "record", "expected"),
    [
        (["a"], {"a": "x", "b": "y"}, {"a": "x", "b": Secret("y")}),
        (["a.b"], {"a": {"b": "x", "c": "y"}}, {"a": {"b": "x", "c": Secret("y")}}),
        (["a"], {"a": {"b": ["x", {"c": "y"}]}}, {"a": {"b": ["x", {"c": "y"}]}}),
        (["a", "a.b"], {"a": {"b": "x", "c": "y"}}, {"a": {"b": "x", "c": "y"}}),
        (["a.token"], {"a": {"token": "x", "key": "y"}}, {"a": {"token": "x", "key": Secret("y")}}),
        (["a"], {"a": {"token": "x"}}, {"a": {"token": Secret("x")}}),
        (["a"], {"a": CARRIERS[0]}, {"a": Secret(CARRIERS[0])}),
        (["known"], {"known": "not a host"}, {"known": "not a host"}),
        (["tls"], {"tls": {"name": "h", "other": "not a host"}}, {"tls": {"name": "h", "other": "not a host"}}),
    ],
)
def test_opened_paths(opened: list[str], record: dict[str, Any], expected: dict[str, Any]) -> None:
    assert secret.wrap(record, with_opened({"known": host, "tls": {"name": host}}, opened)) == expected


def test_a_path_is_opened_beside_what_is_known_of_every_name() -> None:
    known = with_opened({secret.ALL_OTHERS: {"server": host}}, ["a.b"])
    record = {"a": {"server": "h", "b": "x", "c": "y"}, "d": {"server": "h", "b": "x"}}
    assert secret.wrap(record, known) == {
        "a": {"server": "h", "b": "x", "c": Secret("y")},
        "d": {"server": "h", "b": Secret("x")},
    }


def test_a_password_is_never_opened() -> None:
    secrets = ["password", "auth.pass"]
    assert opening_problems(["a", "auth.user", "passwords", "auth"], secrets) == []
    never = "leads to a password or key, which is never shown"
    no_path = "must be names of fields with dots between them"
    assert opening_problems(["a", "auth.pass", "password.x", "a..b", ""], secrets) == [
        Problem("shown_fields[1]", never),
        Problem("shown_fields[2]", never),
        Problem("shown_fields[3]", no_path),
        Problem("shown_fields[4]", no_path),
    ]
