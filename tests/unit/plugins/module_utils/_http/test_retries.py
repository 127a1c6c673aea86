# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is retried, how often, and after which pause."""

from __future__ import annotations

import time
from email.utils import formatdate
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http import retries as policy
from ansible_collections.mailfleet.email.plugins.module_utils._http import session as sessions
from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import ConnectionFailed
from ansible_collections.mailfleet.email.plugins.module_utils._http.retries import RateLimiter
from tests.unit.plugins.module_utils._http.clock import Clock
from tests.unit.plugins.module_utils._http.sessions import CREDENTIAL, session_to
from tests.unit.plugins.module_utils.conversation import Conversation

METHODS = ["GET", "PUT", "DELETE", "POST"]
WRITES = METHODS[1:]


@pytest.mark.parametrize(
    ("method", "status"),
    [
        *((method, status) for method in METHODS for status in (408, 429, 503)),
        *(("GET", status) for status in (500, 502, 504)),
    ],
)
def test_retried(conversation: Conversation, method: str, status: int) -> None:
    for _ in range(2):
        conversation.expect(f"{method} /a", headers={"Authorization": CREDENTIAL}).answers(status=status)
    conversation.expect(f"{method} /a", headers={"Authorization": CREDENTIAL}).answers({})
    with session_to(conversation.url, retries=2) as session:
        assert session.request(method, "/a").status == 200


@pytest.mark.parametrize(
    ("method", "status"),
    [
        *((method, status) for method in METHODS for status in (200, 400, 401, 403, 404, 409, 501)),
        # What is read must be a whole 200.
        *((method, 201) for method in WRITES),
        # Nobody knows whether the server did it, so sending it again is not for the session to decide.
        *((method, status) for method in WRITES for status in (500, 502, 504)),
    ],
)
def test_sent_once(conversation: Conversation, method: str, status: int) -> None:
    conversation.expect(f"{method} /a").answers(status=status)
    with session_to(conversation.url, retries=3) as session:
        assert session.request(method, "/a").status == status


@pytest.mark.parametrize("retries", [0, 2])
def test_the_last_answer_counts_when_the_retries_are_used_up(conversation: Conversation, retries: int) -> None:
    for _ in range(retries):
        conversation.expect("GET /a").answers({"last": False}, status=502)
    conversation.expect("GET /a").answers({"last": True}, status=503)
    with session_to(conversation.url, retries=retries) as session:
        answer = session.request("GET", "/a")
    assert (answer.status, answer.data) == (503, {"last": True})


def test_a_read_is_retried_after_a_broken_connection(conversation: Conversation) -> None:
    conversation.expect("GET /a").breaks()
    conversation.expect("GET /a").answers({})
    with session_to(conversation.url, retries=1) as session:
        assert session.request("GET", "/a").status == 200
        assert session.retries.drain() == [
            {
                "method": "GET",
                "url": f"{conversation.url}/a",
                "reason": "the connection broke: the server closed it before the answer was complete",
                "times": 1,
            }
        ]
        assert session.retries.drain() == []


@pytest.mark.parametrize("method", WRITES)
def test_a_write_is_not_retried_after_a_broken_connection(conversation: Conversation, method: str) -> None:
    conversation.expect(f"{method} /a", {"b": 1}).breaks()
    with session_to(conversation.url, retries=3) as session, pytest.raises(ConnectionFailed) as caught:
        session.request(method, "/a", body={"b": 1})
    assert caught.value.sent
    assert "the connection broke" in str(caught.value)


def test_a_post_is_not_retried_on_a_stale_connection(conversation: Conversation) -> None:
    conversation.expect("GET /a").answers([])
    conversation.expect("POST /b", {}).breaks()
    with session_to(conversation.url, retries=3) as session:
        session.request("GET", "/a")
        with pytest.raises(ConnectionFailed):
            session.request("POST", "/b", body={})


def test_a_post_that_never_left_is_tried_again(unused_port: int, pauses: list[float]) -> None:
    url = f"http://127.0.0.1:{unused_port}"
    with session_to(url, retries=2) as session, pytest.raises(ConnectionFailed) as caught:
        session.request("POST", "/a", body={})
    assert not caught.value.sent
    assert str(caught.value) == (
        f"POST {url}/a: no connection: Connection refused (tried 3 times). Check api_url and the network"
    )
    assert len(pauses) == 2


def test_pauses_grow_and_are_bounded(conversation: Conversation, pauses: list[float]) -> None:
    for _ in range(9):
        conversation.expect("GET /a").answers(status=502)
    with session_to(conversation.url, retries=8) as session:
        session.request("GET", "/a")
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0]


def test_the_server_says_how_long_to_wait(conversation: Conversation) -> None:
    conversation.expect("GET /a").answers(status=429, headers={"Retry-After": "1"})
    conversation.expect("GET /a").answers([])
    begun = time.monotonic()
    with session_to(conversation.url, retries=1) as session:
        assert session.request("GET", "/a").status == 200
    assert 1.0 <= time.monotonic() - begun < 3.0


@pytest.mark.parametrize("value", ["0", " 0 ", "now", "soon", "-1", "1.5", ""])
def test_what_else_a_server_says_about_waiting(conversation: Conversation, value: str) -> None:
    header = formatdate(usegmt=True) if value == "now" else value
    conversation.expect("GET /a").answers(status=503, headers={"Retry-After": header})
    conversation.expect("GET /a").answers([])
    begun = time.monotonic()
    with session_to(conversation.url, retries=1) as session:
        assert session.request("GET", "/a").status == 200
    assert time.monotonic() - begun < 2.0


def test_the_deadline_ends_the_tries(conversation: Conversation) -> None:
    conversation.expect("GET /a").answers(status=503, headers={"Retry-After": "5"})
    begun = time.monotonic()
    with session_to(conversation.url, retries=9, deadline=2.0) as session:
        assert session.request("GET", "/a").status == 503
        assert session.retries.drain() == []
    assert time.monotonic() - begun < 2.0


def test_the_deadline_shortens_the_time_limit(conversation: Conversation) -> None:
    conversation.expect("GET /a").sends([b"HTTP/1.1 200 OK\r\n"], pause=3.0)
    begun = time.monotonic()
    limits: dict[str, Any] = {"retries": 9, "timeout": 20.0, "deadline": 0.5}
    with session_to(conversation.url, **limits) as session, pytest.raises(ConnectionFailed) as caught:
        session.request("GET", "/a")
    assert time.monotonic() - begun < 2.5
    assert "no complete answer within" in str(caught.value)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of the deadline."""
    held = Clock()
    monkeypatch.setattr(policy, "time", SimpleNamespace(monotonic=held.time))
    return held


def test_one_deadline_holds_for_all_of_a_piece_of_work(conversation: Conversation, clock: Clock) -> None:
    conversation.expect("GET /a").answers([])
    with session_to(conversation.url, deadline=60.0) as session, session.retries.within_deadline():
        session.request("GET", "/a")
        clock.now += 60.0
        with pytest.raises(ConnectionFailed) as caught:
            session.request("GET", "/b")
    assert not caught.value.sent
    assert "not sent, since the deadline of 60 seconds is over" in str(caught.value)


def test_waiting_for_a_turn_does_not_count(
    conversation: Conversation, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "RateLimiter", lambda rate: RateLimiter(rate, clock.time, clock.sleep))
    for _ in range(3):
        conversation.expect("GET /a").answers([])
    with session_to(conversation.url, rate=0.02, deadline=60.0) as session, session.retries.within_deadline():
        for _ in range(3):
            session.request("GET", "/a")
    assert clock.slept == [50.0, 50.0]
