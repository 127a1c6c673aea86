# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configured addresses: which are taken, and what is said of the others without a word of them."""

from __future__ import annotations

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.address import (
    NOT_SHOWN,
    api_url_problem,
    shown_address,
)

BLANK = "must be one address without blanks, line ends and control characters, also before and after it"
LOGIN = "must not hold a user name or password: use the options for credentials"
QUERY = "must not hold a query or fragment: it is the base address of the server"
LETTERS = "must be of ASCII letters: give an international host name in its form xn--…"
FORM = "must be an address such as https://server.example.com, with a port and a plain path where it has them"
BRACKETS = "has a host in brackets that is no IPv6 address"
NUMBER = "has a number as its host that is read in several ways: give all four parts, such as 127.0.0.1"
PORT = "has a port that is not from 1 to 65535"
STEP = "has a step such as .. in its path, which is not read alike everywhere"
LONGEST = "https://server.example.com/" + "a" * (2048 - len("https://server.example.com/"))


@pytest.mark.parametrize(
    "address",
    [
        "https://server.example.com",
        "HTTP://Server.example.com.:65535/engine/",
        "http://127.0.0.1:1",
        "http://[::1]/a/b",
        "http://[1:2:3:4:5:6:7:8]",
        "http://1X",
        "http://1.example",
        LONGEST,
    ],
)
def test_a_plain_address_is_taken_and_shown(address: str) -> None:
    assert api_url_problem(address) is None
    assert shown_address(address) == address


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        (" https://hunter2", BLANK),
        ("https://hunter2\n", BLANK),
        ("https://hunter2\x1b", BLANK),
        ("https://user:hunter2@host", LOGIN),
        ("https://host\\hunter2", LOGIN),
        ("https://host?hunter2", QUERY),
        ("https://host/#hunter2", QUERY),
        ("https://hünter2.example", LETTERS),
        ("hunter2.example", FORM),
        ("ftp://hunter2.example", FORM),
        ("https://host:hunter2", FORM),
        ("https://host/hunter%32", FORM),
        (LONGEST + "a", FORM),
        ("https://[1::2::3]", BRACKETS),
        ("https://127.1", NUMBER),
        ("https://127.1.", NUMBER),
        ("https://0x7f000001", NUMBER),
        ("https://127.0.0.1.", NUMBER),
        ("https://256.0.0.1", NUMBER),
        ("https://host:0", PORT),
        ("https://host:65536", PORT),
        ("https://host/a/../b", STEP),
        ("https://host/./b", STEP),
    ],
)
def test_any_other_is_refused_and_not_repeated(address: str, problem: str) -> None:
    assert api_url_problem(address) == problem
    assert shown_address(address) == NOT_SHOWN == "(an address that is not shown)"


def test_what_is_no_text_is_not_shown() -> None:
    assert shown_address(None) == NOT_SHOWN
