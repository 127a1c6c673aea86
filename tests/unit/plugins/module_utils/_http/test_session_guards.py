# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The limits of a session at their very edge, and the words in which it tells that one was passed."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from urllib3 import HTTPResponse
from urllib3.exceptions import ConnectTimeoutError

from ansible_collections.mailfleet.email.plugins.module_utils._http import session as sessions
from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import (
    ConnectionFailed,
    InvalidResponse,
    RedirectRefused,
    Request,
)
from ansible_collections.mailfleet.email.plugins.module_utils._http.retries import Retries
from ansible_collections.mailfleet.email.plugins.module_utils._http.trust import TrustError
from tests.unit.plugins.module_utils._http.sessions import session_to
from tests.unit.plugins.module_utils.conversation import Conversation


@pytest.fixture
def ten_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a body be ten bytes long at most, read in pieces."""
    monkeypatch.setattr(sessions, "_LARGEST_BODY", 10)
    monkeypatch.setattr(sessions, "_CHUNK", 4)


@pytest.mark.usefixtures("ten_bytes")
def test_the_largest_body(conversation: Conversation) -> None:
    conversation.expect("GET /a").answers(body=b"1234567890")
    with session_to(conversation.url) as session:
        assert session.request("GET", "/a").json() == 1234567890


@pytest.mark.usefixtures("ten_bytes")
@pytest.mark.parametrize("packed", [False, True])
def test_a_body_that_is_a_byte_too_large(conversation: Conversation, packed: bool) -> None:
    body = b" " * 11
    headers = {"Content-Encoding": "gzip"} if packed else {}
    conversation.expect("GET /a").answers(body=gzip.compress(body) if packed else body, headers=headers)
    with session_to(conversation.url, retries=3) as session, pytest.raises(InvalidResponse) as caught:
        session.request("GET", "/a")
    assert str(caught.value) == f"GET {conversation.url}/a: the answer is larger than 10 bytes. Check api_url"


def test_a_body_that_is_packed_once_is_unpacked(conversation: Conversation) -> None:
    conversation.expect("GET /a").answers(body=gzip.compress(b"[1]"), headers={"Content-Encoding": "gzip"})
    with session_to(conversation.url) as session:
        assert session.request("GET", "/a").json() == [1]


def test_a_body_is_read_in_small_pieces(conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    stream = HTTPResponse.stream

    def noted(response: HTTPResponse, amt: int = 0, decode_content: bool | None = None) -> Iterator[bytes]:
        sizes.append(amt)
        return stream(response, amt, decode_content)

    monkeypatch.setattr(HTTPResponse, "stream", noted)
    conversation.expect("GET /a").answers([1])
    with session_to(conversation.url) as session:
        assert session.request("GET", "/a").json() == [1]
    assert sizes == [16 * 1024]


def test_a_body_that_ends_unnoticed_is_noticed(conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    """As urllib3 1 reads it, which does not compare what came with the length that was announced."""
    monkeypatch.setattr(HTTPResponse, "stream", lambda *_arguments, **_options: iter([b"[1]"]))
    conversation.expect("GET /a").answers(body=b"[1]  ")
    with session_to(conversation.url) as session, pytest.raises(ConnectionFailed) as caught:
        session.request("GET", "/a")
    assert str(caught.value) == (
        f"GET {conversation.url}/a: the connection broke: the server closed it before the answer was complete. "
        "Check api_url, its port and its scheme"
    )
    assert caught.value.sent


def test_a_body_that_is_packed_twice_is_left_alone(conversation: Conversation) -> None:
    conversation.expect("GET /a").answers(body=b"x", headers={"Content-Encoding": "gzip, gzip"})
    with session_to(conversation.url, retries=3) as session, pytest.raises(InvalidResponse) as caught:
        session.request("GET", "/a")
    assert str(caught.value) == (
        f"GET {conversation.url}/a: the answer cannot be read: it is packed more than once. Check api_url"
    )


@pytest.mark.parametrize("validate_certs", [False, True])
def test_whether_certificates_are_checked(validate_certs: bool) -> None:
    with session_to("https://server.example.com", validate_certs=validate_certs, ca_path="x") as session:
        assert session._http.verify == validate_certs


def test_an_answer_knows_its_status_its_kind_and_its_tries(conversation: Conversation) -> None:
    for _ in range(2):
        conversation.expect("PUT /a").answers(status=503)
    conversation.expect("PUT /a").answers(status=418, body=b"x", headers={"Content-Type": "text/plain"})
    with session_to(conversation.url, retries=5) as session:
        answer = session.request("PUT", "/a")
    assert (answer.request, answer.status) == (Request("PUT", f"{conversation.url}/a"), 418)
    assert (answer.content_type, answer.size, answer.tries) == ("text/plain", 1, 3)


def test_an_answer_of_no_kind(conversation: Conversation) -> None:
    conversation.expect("GET /a").sends([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"])
    with session_to(conversation.url) as session:
        assert session.request("GET", "/a").content_type == ""


def test_only_slashes_are_taken_from_the_end_of_the_address(conversation: Conversation) -> None:
    conversation.expect("GET /XX/a").answers([])
    with session_to(f"{conversation.url}/XX//") as session:
        assert session.request("GET", "/a").json() == []


def test_a_redirect_is_refused_without_the_secrets_of_its_request(conversation: Conversation) -> None:
    conversation.expect("PUT /a").answers(status=302, headers={"Location": "/hunter2"})
    with session_to(conversation.url) as session, pytest.raises(RedirectRefused) as caught:
        session.request("PUT", "/a", secrets=["hunter2"])
    assert "the server redirects (302) to another address (the server's words are left out" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_after_the_deadline_nothing_is_sent(conversation: Conversation, pauses: list[float]) -> None:
    with session_to(conversation.url, retries=3, deadline=0.0) as session, pytest.raises(ConnectionFailed) as caught:
        session.request("GET", "/a")
    assert str(caught.value) == (
        f"GET {conversation.url}/a: not sent, since the deadline of 0 seconds is over. Raise deadline?"
    )
    assert (caught.value.sent, caught.value.transient, pauses) == (False, False, [])


def test_no_time_at_all_is_too_little(conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Retries, "seconds_left", 0.0)
    with session_to(conversation.url) as session, pytest.raises(ConnectionFailed, match="not sent"):
        session.request("GET", "/a")


def test_how_often_it_was_tried_is_reported_where_the_answer_stays_away(conversation: Conversation) -> None:
    for _ in range(3):
        conversation.expect("GET /a").breaks()
    with session_to(conversation.url, retries=2) as session, pytest.raises(ConnectionFailed) as caught:
        session.request("GET", "/a")
    assert str(caught.value) == (
        f"GET {conversation.url}/a: the connection broke: the server closed it before the answer was complete "
        "(tried 3 times). Check api_url, its port and its scheme"
    )


@pytest.mark.parametrize(
    ("status", "headers", "retry_after", "for_all"),
    [
        (429, {}, None, True),
        (429, {"Retry-After": "7"}, "7", True),
        (503, {}, None, False),
        (503, {"Retry-After": "7"}, "7", False),
    ],
)
def test_what_is_made_of_a_status_that_passes(
    conversation: Conversation,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    headers: dict[str, str],
    retry_after: str | None,
    for_all: bool,
) -> None:
    asked: list[tuple[Any, ...]] = []

    def no_pause(*arguments: Any) -> bool:
        asked.append(arguments)
        return False

    conversation.expect("PUT /a").answers(status=status, headers=headers)
    with session_to(conversation.url, retries=1) as session:
        monkeypatch.setattr(session.retries, "pause_before", no_pause)
        assert session.request("PUT", "/a").status == status
    request = Request("PUT", f"{conversation.url}/a")
    assert asked == [(0, request, f"the server answers {status}", retry_after, for_all)]


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_what_can_be_repeated_is_retried_where_its_answer_was_lost(conversation: Conversation, status: int) -> None:
    conversation.expect("POST /a").answers(status=status)
    conversation.expect("POST /a").breaks()
    conversation.expect("POST /a").answers([])
    with session_to(conversation.url, retries=2) as session:
        assert session.request("POST", "/a", repeatable=True).status == 200


def test_what_can_be_repeated_is_sent_once_where_the_server_fell_over(conversation: Conversation) -> None:
    conversation.expect("POST /a").answers(status=500)
    with session_to(conversation.url, retries=2) as session:
        assert session.request("POST", "/a", repeatable=True).status == 500


def test_the_headers_of_an_answer_stay_with_it(conversation: Conversation) -> None:
    """They tell a part of a list from the whole."""
    conversation.expect("GET /a").answers([1], headers={"X-Total-Count": "2"})
    with session_to(conversation.url) as session:
        answer = session.request("GET", "/a")
    assert answer.headers["x-total-count"] == "2"
    with pytest.raises(InvalidResponse, match="a part of the list only"):
        answer.whole_list()


def test_a_secret_query_is_sent_and_shown_nowhere(conversation: Conversation) -> None:
    conversation.expect("POST /login?code=123456").answers({}, status=401)
    with session_to(conversation.url) as session:
        answer = session.request("POST", sessions.SecretPath("/login", "?code=123456"), secrets=["123456"])
    assert str(answer.request) == f"POST {conversation.url}/login"
    assert list(answer.secrets) == ["123456"]


def test_an_answer_knows_until_when_there_is_time(conversation: Conversation) -> None:
    conversation.expect("GET /a").answers([])
    with session_to(conversation.url, deadline=1000.0) as session:
        answer = session.request("GET", "/a")
    assert 900 < answer.until - time.monotonic() <= 1000


@pytest.mark.parametrize("status", [201, 202, 204, 205, 226, 299])
def test_a_read_takes_nothing_but_200(conversation: Conversation, status: int) -> None:
    conversation.expect("GET /a").answers(status=status)
    with session_to(conversation.url, retries=3) as session, pytest.raises(InvalidResponse) as caught:
        session.request("GET", "/a")
    assert str(caught.value) == (
        f"GET {conversation.url}/a: the answer ({status}) is not the server's last and whole word. "
        "Check api_url, and what stands before the server"
    )


@pytest.mark.parametrize("status", [200, 201, 204, 205, 299])
def test_a_write_may_be_done_in_other_words(conversation: Conversation, status: int) -> None:
    conversation.expect("POST /a").answers(status=status)
    with session_to(conversation.url) as session:
        assert session.request("POST", "/a").status == status


def _raising(session: sessions.Session, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    monkeypatch.setattr(session._http, "request", fail)


def test_a_proxy_that_is_off_is_called_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "http://server.invalid"
    with session_to(url, timeout=3.0) as session:
        _raising(session, requests.exceptions.ProxyError(ConnectTimeoutError("late")), monkeypatch)
        with pytest.raises(ConnectionFailed) as caught:
            session.request("GET", "/a")
    assert str(caught.value) == (
        f"GET {url}/a: the proxy failed: no connection within 3 seconds. Check the proxy settings"
    )
    assert (caught.value.sent, caught.value.transient) == (False, False)


def test_a_server_that_was_never_reached_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "http://server.invalid"
    with session_to(url, timeout=3.0) as session:
        _raising(session, requests.exceptions.ConnectTimeout(), monkeypatch)
        with pytest.raises(ConnectionFailed):
            session.request("GET", "/a")
        _raising(session, AssertionError("asked again"), monkeypatch)
        with pytest.raises(ConnectionFailed) as caught:
            session.request("PUT", "/b")
    assert str(caught.value) == (
        f"PUT {url}/b: no connection within 3 seconds. Check whether it is on, api_url and the network"
    )


def test_a_server_that_was_reached_once_is_waited_for_again(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        conversation.expect("GET /a").answers([])
    with session_to(conversation.url) as session:
        session.request("GET", "/a")
        with monkeypatch.context() as off:
            _raising(session, requests.exceptions.ConnectTimeout(), off)
            with pytest.raises(ConnectionFailed):
                session.request("GET", "/a")
        assert session.request("GET", "/a").json() == []


def test_tls_that_cannot_start_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with session_to("https://server.invalid", retries=3) as session:
        _raising(session, TrustError("ca_path", "/ca.pem", "cannot be read"), monkeypatch)
        with pytest.raises(ConnectionFailed) as caught:
            session.request("GET", "/a")
    assert caught.value.transient is False


@pytest.mark.parametrize("error", [ValueError("invalid literal"), OverflowError("too large")])
def test_a_size_that_is_none(error: Exception) -> None:
    def stream(*_args: object, **_options: object) -> None:
        raise error

    closed: list[bool] = []
    response: Any = SimpleNamespace(
        headers={}, raw=SimpleNamespace(stream=stream), close=lambda: closed.append(True), status_code=200
    )
    with session_to("http://server.invalid") as session, pytest.raises(InvalidResponse) as caught:
        session._read(Request("GET", "http://server.invalid/a"), response)
    assert str(caught.value) == ("GET http://server.invalid/a: the answer cannot be read: it is no HTTP. Check api_url")
    assert closed == [True]
