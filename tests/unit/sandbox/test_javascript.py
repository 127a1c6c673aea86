# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON is read, and complained about, as Node 12 does; all expectations are what Node 12.22 said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.javascript import as_text, is_true, parse


@pytest.mark.parametrize(
    ("text", "what", "position"),
    [
        ("{not", "token n", 1),
        ('{"a" 1}', "number", 5),
        ('{"a":1,}', "token }", 7),
        ("[1,]", "token ]", 3),
        ('{"a":nul}', "token }", 8),
        ('{"a":"\\x"}', "token x", 7),
        ('{"a":"\\u12G4"}', "token G", 10),
        ('{"a":"b\nc"}', "token \n", 7),
        ("[01]", "number", 2),
        ("[1.]", "token ]", 3),
        ("[-]", "token ]", 2),
        ("[1ex]", "token x", 3),
        ("[+1]", "token +", 1),
        ("[1.5.5]", "token .", 4),
        ("[-01]", "number", 3),
        ("{} x", "token x", 3),
        ('{"a":1 "b":2}', "string", 7),
        ("{1:2}", "number", 1),
        ("[,]", "token ,", 1),
        ('{"a":NaN}', "token N", 5),
        ('{"a":1}}', "token }", 7),
        ('{"a"}', "token }", 4),
        ("[truex]", "token x", 5),
        ("[1}", "token }", 2),
        ('{"ü":é}', "token é", 5),
        ('{"😀":é}', "token é", 6),
    ],
)
def test_what_cannot_stand_where_it_does(text: str, what: str, position: int) -> None:
    with pytest.raises(ValueError, match=r"^Unexpected") as caught:
        parse(text)
    assert str(caught.value) == f"Unexpected {what} in JSON at position {position}"


@pytest.mark.parametrize("text", ["{", "[", '{"a":', '{"a":nul', '["abc', '["\\u00', '["\\', "[1", "[nul", "[-", "[1."])
def test_texts_that_end_too_early(text: str) -> None:
    with pytest.raises(ValueError, match=r"^Unexpected end of JSON input$"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[587.0, -0, -0.0, 1.5, 1e3]", "[587, 0, 0, 1.5, 1000]"),
        ("[9007199254740993, 9007199254740991]", "[9007199254740992, 9007199254740991]"),
        ('{"z": 1, "2": 1, "a": 1, "1": 1}', '{"1": 1, "2": 1, "z": 1, "a": 1}'),
        ('{"01": 1, "0": 1, "-1": 1, "1.5": 1, "4294967295": 1, "4294967294": 1}', None),
        ('{"a": 1, "b": 2, "a": 3}', '{"a": 3, "b": 2}'),
        ('["\\ud83d\\ude00", "\\ud83d", "a\\u0000"]', '["\\ud83d\\ude00", "\\ufffd", "a\\u0000"]'),
        ("[1e400]", "[Infinity]"),
    ],
)
def test_values(text: str, value: str | None) -> None:
    if value is None:
        value = '{"0": 1, "4294967294": 1, "01": 1, "-1": 1, "1.5": 1, "4294967295": 1}'
    assert json.dumps(parse(text)) == value


@pytest.mark.parametrize(("value", "text"), [(None, "undefined"), (True, "true"), (1, "1"), (["a", None, "b"], "a,,b")])
def test_values_as_texts(value: Any, text: str) -> None:
    assert as_text(value) == text


def test_truth() -> None:
    assert list(map(is_true, ([], {}, "0", 1))) == [True] * 4
    assert list(map(is_true, (None, "", 0, False))) == [False] * 4
