# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers read with distrust: their status, their size, their kind, how deep and how exact their JSON is."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import InvalidResponse, Request
from ansible_collections.mailfleet.email.plugins.module_utils._http.response import Response, answer_of

REQUEST = Request("GET", "https://server.example.com/a")


def answer(content: bytes, content_type: str = "application/json", status: int = 200) -> Response:
    return answer_of(REQUEST, status, content_type, bytearray(content))


@pytest.mark.parametrize(("status", "ok"), [(199, False), (200, True), (299, True), (300, False)])
def test_which_status_is_success(status: int, ok: bool) -> None:
    assert answer(b"{}", status=status).ok is ok


def test_an_answer_is_what_came() -> None:
    assert answer(b'{"a": 1.5}', status=201) == Response(REQUEST, 201, "application/json", 10, {"a": 1.5}, values=2)


def test_content_that_was_read_takes_no_memory() -> None:
    content = bytearray(b"[1]")
    assert answer_of(REQUEST, 200, "application/json", content).size == 3
    assert content == b""


@pytest.mark.parametrize("content", [b"", b" \r\n"])
def test_an_answer_without_content(content: bytes) -> None:
    empty = answer(content, status=204)
    assert empty.without_content() is empty
    with pytest.raises(InvalidResponse) as caught:
        empty.json()
    assert str(caught.value) == f"{REQUEST}: the answer (204) has no content"


def test_content_that_nobody_needs_must_be_json_all_the_same() -> None:
    assert answer(b"{}").without_content().data == {}
    with pytest.raises(InvalidResponse, match="is no JSON"):
        answer(b"<html>").without_content()


@pytest.mark.parametrize(
    ("content_type", "words"),
    [
        (" Text/HTML; charset=utf-8", "text/html"),
        ("", "no content type"),
        ("; charset=utf-8", "no content type"),
        ("text/hunter2", "an unusual content type"),
    ],
)
def test_only_usual_kinds_of_content_are_named(content_type: str, words: str) -> None:
    with pytest.raises(InvalidResponse) as caught:
        answer(b"<html>", content_type).json()
    assert str(caught.value) == (
        f"{REQUEST}: the answer (200) is no JSON ({words}, 6 bytes, not readable as such). Check api_url"
    )


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_how_deep_is_too_deep(opening: bytes, closing: bytes) -> None:
    assert answer(opening * 99 + b"[]" + closing * 99).flaw == ""
    assert answer(opening * 100 + b"[]" + closing * 100).flaw == "nested too deeply"


def test_one_deep_place_among_flat_ones_is_found() -> None:
    flat = b'{"a": [1, "x"]}'
    assert answer(b"[" + flat + b"," + b"[" * 100 + b"]" * 100 + b"," + flat + b"]").flaw == "nested too deeply"


def test_a_byte_order_mark_is_no_flaw() -> None:
    assert answer(b"\xef\xbb\xbf[1]").json() == [1]


@pytest.mark.parametrize("half", [b'"\\ud800"', b'"\\uD83D"', b'{"\\udfff": 1}', b'[["\\ude00"]]'])
def test_half_a_character_stands_alone(half: bytes) -> None:
    assert answer(half).flaw == "half a character stands alone"


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b'{"a": 1, "a": 2}', "a key stands twice in one object"),
        (b'[{"b": {"a": "x", "c": 1, "a": "x"}}]', "a key stands twice in one object"),
        (b"[NaN]", "NaN is no number"),
        (b'{"a": -Infinity}', "-Infinity is no number"),
        (b"[" * 200_000, "nested too deeply"),
    ],
)
def test_json_that_readers_disagree_about(content: bytes, flaw: str) -> None:
    assert answer(content).flaw == flaw


def test_equal_texts_of_records_take_memory_once() -> None:
    one, other = answer(b'[{"a": "x.example", "b": null}, {"a": "x.example", "b": 2}]').json()
    assert (one, other) == ({"a": "x.example", "b": None}, {"a": "x.example", "b": 2})
    assert one["a"] is other["a"]


def test_how_many_marks_of_structure_are_too_many_to_be_read() -> None:
    """They are counted in texts too, before anything is made of them."""
    assert answer(b'"' + b"," * 4_000_000 + b'"').flaw == ""
    assert answer(b'"' + b"," * 4_000_001 + b'"').flaw == "of more than 1000000 values"


def test_numbers_are_exact() -> None:
    assert answer(b"[1.25, -3e2, 12345678901234567890]").json() == [1.25, -300.0, 12345678901234567890]
    assert answer(b"-1e999").flaw == "a number is too large"


@pytest.mark.parametrize(
    "content",
    [
        b"[" + b"1," * 1_000_000 + b"1]",
        b"[" + b"[]," * 1_000_000 + b"1]",
        b"[" + b"{}," * 1_000_000 + b"1]",
        b'{"a":[' + b"[1,2]," * 400_000 + b"1]}",
        b"[" + b'{"a":1},' * 600_000 + b"1]",
        b"{" + b",".join(b'"k%d":1' % number for number in range(1_100_000)) + b"}",
        # So many that they are not even read.
        b"[" + b"{}," * 20_000_000 + b"1]",
    ],
)
def test_more_values_than_anybody_works_through(content: bytes) -> None:
    begun = time.thread_time()
    found = answer(content)
    assert found.flaw == "of more than 1000000 values"
    assert time.thread_time() - begun < 10
    with pytest.raises(InvalidResponse, match=r"is more than can be worked with \(.* of more than 1000000 values\)"):
        found.json()


def test_how_many_values_an_answer_has() -> None:
    assert answer(b'[{"a": [1, 2], "b": {}}, "x"]').values == 7
    assert answer(b"[" + b"1," * 999_998 + b"1]").values == 1_000_000
    assert answer(b"<html>").values == 0


def test_work_on_an_answer_ends_with_the_deadline() -> None:
    whole = answer(b"{}")
    whole.go_on()
    with pytest.raises(InvalidResponse, match="too large to be looked through before the deadline"):
        replace(whole, until=time.monotonic() - 1).go_on()


def test_a_part_of_a_list_is_refused() -> None:
    whole = answer(b"[1]")
    assert whole.whole_list() is whole
    part = replace(whole, headers={"X-Total-Count": "2"})
    with pytest.raises(InvalidResponse) as caught:
        part.whole_list()
    assert str(caught.value) == (
        f"{REQUEST}: the answer is a part of the list only: it has 1 of 2 entries. Check api_url, and what stands "
        "before the server: a list in pages cannot be worked with"
    )


def test_what_is_too_large_to_be_looked_through_ends_by_the_deadline() -> None:
    whole = answer(b"[1]")
    replace(whole, until=time.monotonic() + 60).go_on()
    with pytest.raises(InvalidResponse) as caught:
        replace(whole, until=time.monotonic() - 1).go_on()
    assert str(caught.value) == (
        f"{REQUEST}: the answer is too large to be looked through before the deadline. Check api_url, or raise deadline"
    )
