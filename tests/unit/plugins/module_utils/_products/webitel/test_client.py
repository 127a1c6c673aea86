# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Webitel client: logging in and out, its calls, its ways of saying no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import (
    ApiStatusError,
    InvalidResponse,
    NotAuthorized,
    NotFound,
)
from ansible_collections.mailfleet.email.plugins.module_utils._http.session import Limits
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.client import WebitelApi
from tests.unit.plugins.module_utils.conversation import Conversation

SETTINGS = "/api/v2/email/settings"
NO_RETRIES = Limits(timeout=5.0, retries=0)
LOGIN = {"username": "100@a.example", "password": "hunter2"}


@pytest.fixture
def api(conversation: Conversation) -> Iterator[WebitelApi]:
    """A client with a user's token and its key."""
    client = WebitelApi(conversation.url, NO_RETRIES, access_token="t1", key="k1")
    yield client
    assert client.close() is None


def logging_in(url: str) -> WebitelApi:
    return WebitelApi(url, NO_RETRIES, username="100@a.example", password="hunter2")


def test_every_call(conversation: Conversation, api: WebitelApi) -> None:
    headers = {"X-Access-Token": "t1", "X-Key": "k1", "Authorization": None}
    query = "?domain=a+b%26c"
    for line, body in (
        ("GET /api/v2/whoami", None),
        ("GET /api/v2/domains", None),
        (f"GET {SETTINGS}{query}", None),
        (f"POST {SETTINGS}{query}", {"provider": "smtp"}),
        (f"PUT {SETTINGS}{query}", {"provider": "smtp"}),
        (f"DELETE {SETTINGS}{query}", None),
        (f"POST {SETTINGS}/test/a%2Fb%3F%40example.com{query}", {}),
    ):
        conversation.expect(line, body, headers=headers).answers({"line": line})
    answers = [
        api.whoami(),
        api.list_domains(),
        api.get_settings("a b&c"),
        api.post_settings("a b&c", {"provider": "smtp"}, []),
        api.put_settings("a b&c", {"provider": "smtp"}, []),
        api.delete_settings("a b&c"),
        api.test_settings("a b&c", "a/b?@example.com", []),
    ]
    assert [answer.json()["line"] for answer in answers] == [request.line for request in conversation.received]


def test_a_domain_token_goes_without_a_key(conversation: Conversation) -> None:
    conversation.expect("GET /api/v2/whoami", headers={"X-Access-Token": "t1", "X-Key": None}).answers({})
    client = WebitelApi(conversation.url, NO_RETRIES, access_token="t1")
    client.whoami()
    assert client.close() is None


def test_log_in_once_and_out_again(conversation: Conversation) -> None:
    nobody, user = {"X-Access-Token": None, "X-Key": None}, {"X-Access-Token": "t1", "X-Key": "k1"}
    conversation.expect("POST /login", LOGIN, headers=nobody).answers({"token": "t1", "key": "k1"})
    conversation.expect("GET /api/v2/whoami", headers=user).answers({})
    conversation.expect("GET /api/v2/domains", headers=user).answers({})
    conversation.expect("POST /logout", {}, headers=user)
    client = logging_in(conversation.url)
    client.whoami()
    client.list_domains()
    assert client.close() is None
    assert client.close() is None


def test_who_never_logged_in_does_not_log_out(conversation: Conversation) -> None:
    assert logging_in(conversation.url).close() is None
    assert conversation.received == []


def test_a_logout_that_fails_is_reported_not_raised(conversation: Conversation) -> None:
    conversation.expect("POST /login", LOGIN).answers({"token": "t1", "key": "k1"})
    conversation.expect("GET /api/v2/whoami").answers({})
    conversation.expect("POST /logout", {}).answers({"status": "error", "info": "no hunter2"}, status=500)
    client = logging_in(conversation.url)
    client.whoami()
    failure = client.close()
    assert isinstance(failure, ApiStatusError)
    assert "/logout: the server answers 500" in str(failure)
    assert "hunter2" not in str(failure)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_login_that_is_refused(conversation: Conversation, status: int) -> None:
    conversation.expect("POST /login", LOGIN).answers({"info": "hunter2 is wrong"}, status=status)
    client = logging_in(conversation.url)
    with pytest.raises(NotAuthorized) as caught:
        client.whoami()
    assert client.close() is None
    assert "the login of 100@a.example is refused. Check username and password" in str(caught.value)
    assert "hunter2" not in f"{caught.value} {caught.value.details()}"


@pytest.mark.parametrize("answer", [None, [], {}, {"token": "t1"}, {"key": "k1"}, {"token": 1, "key": 2}])
def test_a_login_without_token_or_key(conversation: Conversation, answer: Any) -> None:
    conversation.expect("POST /login", LOGIN).answers(answer)
    client = logging_in(conversation.url)
    with pytest.raises(InvalidResponse, match="the answer holds no token and key"):
        client.whoami()
    assert client.close() is None


@pytest.mark.parametrize("status", [401, 403])
def test_credentials_that_are_not_accepted(conversation: Conversation, api: WebitelApi, status: int) -> None:
    conversation.expect("GET /api/v2/whoami").answers({"status": "error", "info": "Token Expired"}, status=status)
    with pytest.raises(NotAuthorized, match=f"the server answers {status}: Token Expired. Check access_token and key"):
        api.whoami()


def test_not_found_in_the_server_s_own_words(conversation: Conversation, api: WebitelApi) -> None:
    answer = {"status": "error", "info": "Not found!"}
    conversation.expect(f"GET {SETTINGS}?domain=a").answers(answer, status=404)
    with pytest.raises(NotFound, match="the server answers 404: Not found!"):
        api.get_settings("a")


@pytest.mark.parametrize("answer", [{"body": b"<html>404</html>"}, {"json": []}, {"json": {"info": "no"}}])
def test_a_404_of_something_else_is_no_missing_record(
    conversation: Conversation, api: WebitelApi, answer: dict[str, Any]
) -> None:
    conversation.expect(f"GET {SETTINGS}?domain=a").answers(**answer, status=404)
    with pytest.raises(ApiStatusError) as caught:
        api.get_settings("a")
    assert not isinstance(caught.value, NotFound)


def test_a_wrong_path_is_suspected_where_the_server_says_nothing(conversation: Conversation, api: WebitelApi) -> None:
    conversation.expect("GET /api/v2/whoami").answers(status=405)
    with pytest.raises(ApiStatusError, match="its path too, such as /engine"):
        api.whoami()


@pytest.mark.parametrize("repeated", ["t1", "k1", "s1"])
def test_no_error_repeats_a_credential(conversation: Conversation, api: WebitelApi, repeated: str) -> None:
    answer = {"status": "error", "info": f"cannot store {repeated}"}
    conversation.expect(f"PUT {SETTINGS}?domain=a", {"p": "s1"}).answers(answer, status=500)
    with pytest.raises(ApiStatusError) as caught:
        api.put_settings("a", {"p": "s1"}, ["s1"])
    assert f"cannot store {repeated}" not in f"{caught.value} {caught.value.details()}"
    assert "left out" in str(caught.value)
