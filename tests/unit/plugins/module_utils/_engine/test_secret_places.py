# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where secrets stand, and what of them is searched for in others' words."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine import secret
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import MASKED, NOT_SHOWN, Secret
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret_fields import hidden_fields, secret_fields
from tests.unit.plugins.module_utils._engine.strategies import wrapped

RECORD = {
    "host": "a",
    "auth": {"user": "b", "pass": Secret("c")},
    "list": [1, {"token": MASKED}, Secret("d"), [{"e": "f"}]],
    "key": NOT_SHOWN,
}


def test_secret_fields_are_found_at_every_level() -> None:
    assert secret_fields(RECORD) == [
        {"path": ["auth", "pass"], "readable": True},
        {"path": ["list", 1, "token"], "readable": False},
        {"path": ["list", 2], "readable": True},
        {"path": ["key"], "readable": False},
    ]


@pytest.mark.parametrize("data", [None, "text", 5, [], {}])
def test_without_secrets_there_are_no_secret_fields(data: Any) -> None:
    assert secret_fields(data) == []
    assert hidden_fields(data) == []


def test_fields_that_a_server_does_not_show_are_found_at_every_level() -> None:
    assert hidden_fields(RECORD) == ["list[1].token", "key"]
    assert hidden_fields({"a": {"pass": MASKED, "b": [[NOT_SHOWN, "x"]]}}) == ["a.pass", "a.b[0][0]"]
    assert hidden_fields(MASKED) == [""]


@pytest.mark.parametrize("before", [None, "", False, True, 0, Secret("x"), "text", 5])
def test_whatever_stands_before_it_a_secret_is_wrapped(before: Any) -> None:
    assert wrapped({"host": before, "pass": "c", "list": [before, {"token": "d"}]}) == {
        "host": before,
        "pass": Secret("c"),
        "list": [before, {"token": Secret("d")}],
    }


def test_masks_are_known_at_every_level() -> None:
    record = wrapped({"auth": {"pass": "********"}, "list": [[{"token": "********"}]]}, shown=True)
    assert record["auth"]["pass"] is MASKED
    assert record["list"][0][0]["token"] is MASKED


def test_what_a_result_may_hold() -> None:
    assert secret.omit(RECORD) == {"host": "a", "auth": {"user": "b"}, "list": [1, {}, [{"e": "f"}]]}


def test_the_password_of_an_address_is_searched_for_by_itself_and_in_both_spellings() -> None:
    url = "smtp://user:hunt%65r%2F2@smtp.example.com"
    assert sorted(secret.texts(Secret(url))) == sorted([url, "hunt%65r%2F2", "hunter/2"])


@pytest.mark.parametrize("address", ["smtp://user@smtp.example.com", "smtp://user:hunter2@[smtp.example.com"])
def test_an_address_without_a_password_that_can_be_read_is_searched_for_as_a_whole(address: str) -> None:
    assert secret.texts({"token": Secret(address)}) == [address]


@pytest.mark.parametrize(
    ("value", "number", "expected"),
    [("465", 465, True), (" 465\n", 465, True), (465, 465, True), ("465", 25, False), ("None", 25, False)],
)
def test_a_secret_of_digits_is_a_number(value: Any, number: int, expected: bool) -> None:
    assert secret.is_number(Secret(value), number) is expected


def test_a_hidden_secret_cannot_be_sent_and_says_so() -> None:
    with pytest.raises(ValueError, match=r"^a secret that the server does not show cannot be sent$"):
        secret.reveal(MASKED)


def test_a_secret_prints_as_a_marker_and_nothing_else() -> None:
    assert repr(Secret("hunter2")) == "<secret>"
