# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers that answer as no server should: the user reads what happened, to which request, and what to do.

Where a time limit is at work, the answer would go on for ever without it, so that no machine is too slow.
"""

from __future__ import annotations

import gzip
import itertools
import json
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from tests.faults.hostile import HEAD, HostileServer, document, slowly, whole
from tests.faults.reads import ITFLEX, PATIENCE, Read, by_product

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MANY = 100_000
MEGABYTE = 1024 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GZIPPED = HEAD + b"Content-Encoding: gzip\r\n\r\n"


def _gzip_bomb(times: int) -> list[bytes]:
    """What unpacks to a gigabyte, packed this many times."""
    packed = b"".join(itertools.repeat(gzip.compress(bytes(MEGABYTE)), 1024))
    for _time in range(times - 1):
        packed = gzip.compress(packed)
    return whole(packed, f"Content-Encoding: {', '.join(['gzip'] * times)}")


@by_product
def test_a_good_answer(read: Read) -> None:
    """What the other tests change for the worse."""
    with HostileServer.start(lambda _line: document(read.good)) as server:
        result = read.run(server.url, timeout=PATIENCE)
        assert len(server.received) == 1
    assert "failed" not in result
    assert result["changed"] is False


@by_product
@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param("[" * MANY + "]" * MANY, "nested too deeply", id="brackets"),
        pytest.param('{"a":' * MANY + "1" + "}" * MANY, "nested too deeply", id="braces"),
        pytest.param('[{"id": 1, "name": "a", "name": "b"}]', "stands twice", id="a key twice"),
        pytest.param('[{"name": {"a": 1, "\\u0061": 2}}]', "stands twice", id="a key twice, once escaped"),
        pytest.param(b'{"name": "\xff\xfe\xfa"}', "not readable", id="invalid UTF-8"),
        pytest.param('{"name": "\\ud800"}', "half a character", id="half a character"),
        pytest.param('{"\\uDFFF": 1}', "half a character", id="half a character in a key"),
        pytest.param(b'{"name": "\xed\xa0\x80"}', "no JSON", id="half a character, encoded"),
        pytest.param('{"name": "\\ud800"}'.encode("utf-16"), "no JSON", id="half a character in UTF-16"),
        pytest.param('{"id": NaN}', "NaN is no number", id="NaN"),
        pytest.param('{"id": -Infinity}', "-Infinity is no number", id="infinity"),
        pytest.param('{"id": 1e999}', "too large", id="a number beyond all others"),
        pytest.param('{"id": ' + "9" * MANY + "}", "no JSON", id="a whole number without end"),
        pytest.param("<!doctype html><title>Log in</title>", "no JSON", id="HTML"),
        pytest.param(bytes(1000), "no JSON", id="zeros"),
        pytest.param('{"id": 1} {"id": 2}', "no JSON", id="two documents"),
    ],
)
def test_what_is_no_json(read: Read, body: bytes | str, words: str) -> None:
    with HostileServer.start(lambda _line: whole(body)) as server:
        message = read.failure(server.url, "answer", timeout=PATIENCE)
        assert len(server.received) == 1
    assert "is no JSON" in message
    assert words in message
    assert len(message) < 1000


@by_product
@pytest.mark.parametrize("depth", [50, 150, 300, 480, 960])
def test_json_that_is_deep_but_can_be_read(read: Read, depth: int) -> None:
    """Whether the collection can walk through all that Python reads, or says that it cannot: it never falls over."""
    good = json.dumps(read.good)
    for end in ("}]", "}"):
        if good.endswith(end):
            body = f'{good.removesuffix(end)}, "extra": {"[" * depth}{"]" * depth}{end}'
            break
    with HostileServer.start(lambda _line: whole(body)) as server:
        result = read.run(server.url, timeout=PATIENCE)
    if result.get("failed"):
        assert result["failure"]["kind"] == "answer", result["msg"]
        assert "nested too deeply" in result["msg"]


def test_a_key_that_stands_twice_among_many_is_found_at_once() -> None:
    """The search takes a time that grows with the size, not with its square."""
    pairs = ",".join(f'"{number}":0' for number in range(2 * MANY))
    with HostileServer.start(lambda _line: whole(f'{{{pairs},"last":1,"last":2}}')) as server:
        begun = time.monotonic()
        message = ITFLEX.failure(server.url, "answer", timeout=PATIENCE)
        assert time.monotonic() - begun < PATIENCE
    assert "stands twice" in message


def _byte_by_byte(text: bytes, after: bytes = b"") -> Iterator[bytes]:
    yield after
    yield from slowly(bytes([byte]) for byte in text)


@by_product
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda: _byte_by_byte(b"HTTP/1.1 200 " + b"O" * MANY), id="status line"),
        pytest.param(lambda: _byte_by_byte(b"X: " + b"1" * MANY, after=HEAD), id="header"),
        pytest.param(lambda: slowly([HEAD, *[b"X: 1\r\n"] * 90, *[b"X"] * MANY]), id="headers"),
        pytest.param(lambda: slowly(itertools.repeat(CONTINUE)), id="100 Continue"),
        pytest.param(lambda: itertools.repeat(CONTINUE * 500), id="100 Continue, as fast as can be"),
        pytest.param(lambda: itertools.repeat(CONTINUE.replace(b"100", b"103") * 500), id="103, as fast as can be"),
        pytest.param(lambda: _byte_by_byte(b" " * MANY, after=HEAD + b"Content-Length: 100000\r\n\r\n"), id="body"),
        pytest.param(lambda: _byte_by_byte(b" " * MANY, after=HEAD + b"\r\n"), id="body without length"),
        pytest.param(lambda: slowly(itertools.chain([CHUNKED], itertools.repeat(b"1\r\n \r\n"))), id="chunks"),
        pytest.param(lambda: _byte_by_byte(b"x" * MANY, after=CHUNKED + b"1;"), id="size of a chunk"),
        pytest.param(lambda: _byte_by_byte(b"X: " + b"1" * MANY, after=CHUNKED + b"0\r\n"), id="trailer"),
        pytest.param(lambda: _byte_by_byte(gzip.compress(bytes(9999), 0), after=GZIPPED), id="gzip"),
    ],
)
def test_an_answer_that_drips(read: Read, answer: Callable[[], Iterable[bytes]]) -> None:
    """The time limit is one for the whole answer, from its first byte to its last."""
    with HostileServer.start(lambda _line: answer()) as server:
        begun = time.monotonic()
        message = read.failure(server.url, "connection")
        assert time.monotonic() - begun < PATIENCE
    assert "no complete answer within 0.3 seconds" in message


@by_product
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(lambda: [HEAD, b"\r\n", *[bytes(MEGABYTE)] * 80], "larger than 67108864 bytes", id="body"),
        pytest.param(
            lambda: [CHUNKED, *[b"100000\r\n%b\r\n" % bytes(MEGABYTE)] * 80], "larger than 67108864 bytes", id="chunks"
        ),
        pytest.param(lambda: [HEAD, *[b"X: 1\r\n" * 100] * 100, b"\r\n{}"], "headers", id="headers"),
        pytest.param(lambda: [HEAD, b"X: ", *[b"1" * MEGABYTE] * 2], "header", id="header"),
        pytest.param(lambda: [b"HTTP/1.1 200 ", *[b"O" * MEGABYTE] * 2], "cannot be read", id="status line"),
    ],
)
def test_an_answer_that_is_too_large(read: Read, answer: Callable[[], Iterable[bytes]], words: str) -> None:
    with HostileServer.start(lambda _line: answer()) as server:
        assert words in read.failure(server.url, "answer", timeout=PATIENCE)


@pytest.mark.parametrize(
    ("times", "words"),
    [(1, "larger than 67108864 bytes"), (2, "packed more than once"), (3, "packed more than once")],
)
def test_an_answer_that_unpacks_to_a_gigabyte(times: int, words: str) -> None:
    """It is given up at the limit; never is much more of it in memory."""
    packed = _gzip_bomb(times)
    with HostileServer.start(lambda _line: packed) as server:
        tracemalloc.start()
        try:
            message = ITFLEX.failure(server.url, "answer", timeout=PATIENCE)
            _now, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert words in message
    assert most < 300 * MEGABYTE


@by_product
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param([b"220 mail.example.com ESMTP\r\n"], id="mail server"),
        pytest.param([b"\x15\x03\x01\x00\x02\x02F"], id="TLS"),
        pytest.param([b"HTTP/1.1 abc\r\n\r\n"], id="status that is no number"),
        pytest.param([b"HTTP/1.1 99999 OK\r\n\r\n"], id="status that is too large"),
        pytest.param([b"HTTP/9.7 200 OK\r\n\r\n[]"], id="another version"),
        pytest.param([CHUNKED, b"zz\r\n[]\r\n"], id="size of a chunk"),
        pytest.param([CHUNKED, b"-5\r\n[]\r\n0\r\n\r\n"], id="size of a chunk, less than nothing"),
        pytest.param([HEAD, b"no header\r\nX-Total-Count: 9\r\n\r\n[]"], id="a line that is no header"),
        pytest.param(
            [HEAD.replace(b"application/json", b"message/rfc822"), b"no header\r\n\r\n[]"],
            id="a line that is no header, in a mail",
        ),
        pytest.param([HEAD, b"X-Total-Count : 9\r\n\r\n[]"], id="a blank after the name of a header"),
        pytest.param([HEAD, "Gr\u00f6\u00dfe: 9\r\n\r\n[]".encode()], id="a name of a header that is not ASCII"),
        pytest.param([HEAD, b"Content-Encoding: gzip\r\n\r\nno gzip"], id="encoding"),
    ],
)
def test_what_is_no_http(read: Read, answer: list[bytes]) -> None:
    with HostileServer.start(lambda _line: answer) as server:
        assert "cannot be read" in read.failure(server.url, "answer", timeout=PATIENCE)


@by_product
@pytest.mark.parametrize("kind", ["message/rfc822", "multipart/mixed", "multipart/mixed; boundary=x", "what?"])
def test_what_an_answer_is_called_is_no_reason_to_refuse_it(read: Read, kind: str) -> None:
    answer = document(read.good, f"Content-Type: {kind}")
    with HostileServer.start(lambda _line: answer) as server:
        result = read.run(server.url, timeout=PATIENCE)
    assert "failed" not in result


@by_product
@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_an_answer_that_is_announced(read: Read, status: int) -> None:
    announced = f"HTTP/1.1 {status} Wait\r\nLink: </next>; rel=next\r\n\r\n".encode()
    with HostileServer.start(lambda _line: [announced * 3, *document(read.good)]) as server:
        result = read.run(server.url, timeout=PATIENCE)
    assert "failed" not in result


@by_product
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param([], id="nothing"),
        pytest.param([HEAD], id="half of the headers"),
        pytest.param([HEAD, b"Content-Length: 50\r\n\r\n[]"], id="less than announced"),
        pytest.param([CHUNKED, b"5\r\n[]"], id="half of a chunk"),
        pytest.param([GZIPPED, gzip.compress(b"[" + b" " * MANY, 0)[: MANY // 2]], id="half of an archive"),
    ],
)
def test_an_answer_that_ends_too_early(read: Read, answer: list[bytes]) -> None:
    with HostileServer.start(lambda _line: answer) as server:
        result = read.run(server.url, timeout=PATIENCE)
    assert result["failed"]
    assert result["failure"]["kind"] in ("connection", "answer")
    assert f"GET {server.url}{read.path}: " in result["msg"]


def test_words_of_an_error_are_bounded() -> None:
    """Neither how long they are nor how many there are makes a message that nobody can read."""
    many = {"errors": [{"field": "f" * 9999, "type": "t" * 9999, "msg": "m" * 9999}] * 500}
    with HostileServer.start(lambda _line: document(many, status=400)) as server:
        message = ITFLEX.failure(server.url, "refused", timeout=PATIENCE)
    assert len(message) < 20_000
