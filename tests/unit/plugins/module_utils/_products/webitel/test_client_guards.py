# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the Webitel client says about each call that fails, what it keeps to itself, and what it repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import (
    ApiError,
    ApiStatusError,
    InvalidResponse,
    NotAuthorized,
    NotFound,
    RedirectRefused,
)
from ansible_collections.mailfleet.email.plugins.module_utils._http.session import Limits
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.client import UnknownRoute, WebitelApi
from tests.unit.plugins.module_utils.conversation import Conversation

SETTINGS = "/api/v2/email/settings"
LOGIN = {"username": "100@a.example", "password": "pass-1"}
LOGGED_IN = {"token": "token-1", "key": "key-1"}
UNKNOWN = "Check api_url (its path too, such as /engine), and the server's log"
CREDENTIALS = "Check access_token and key, or username and password; a user's token needs its key"


@pytest.fixture
def api(conversation: Conversation) -> Iterator[WebitelApi]:
    """A client with a user's token and its key."""
    client = WebitelApi(conversation.url, Limits(timeout=5.0, retries=0), access_token="token-1", key="key-1")
    yield client
    assert client.close() is None


@pytest.fixture
def logging_in(conversation: Conversation) -> WebitelApi:
    """A client that has to log in, with one retry."""
    return WebitelApi(conversation.url, Limits(timeout=5.0, retries=1), username="100@a.example", password="pass-1")


EVERY_CALL = pytest.mark.parametrize(
    ("call", "line", "body"),
    [
        (lambda api: api.whoami(), "GET /api/v2/whoami", None),
        (lambda api: api.list_domains(), "GET /api/v2/domains", None),
        (lambda api: api.get_settings("a"), f"GET {SETTINGS}?domain=a", None),
        (lambda api: api.post_settings("a", {"b": 1}, []), f"POST {SETTINGS}?domain=a", {"b": 1}),
        (lambda api: api.put_settings("a", {"b": 1}, []), f"PUT {SETTINGS}?domain=a", {"b": 1}),
        (lambda api: api.delete_settings("a"), f"DELETE {SETTINGS}?domain=a", None),
        (lambda api: api.test_settings("a", "b@c", []), f"POST {SETTINGS}/test/b%40c?domain=a", {}),
    ],
)


@EVERY_CALL
def test_a_call_that_fails_names_itself(
    conversation: Conversation, api: WebitelApi, call: Callable[[WebitelApi], Any], line: str, body: Any
) -> None:
    conversation.expect(line, body).answers(status=500)
    with pytest.raises(ApiStatusError) as caught:
        call(api)
    assert str(caught.value) == f"{line.replace(' ', f' {conversation.url}')}: the server answers 500. {UNKNOWN}"
    assert (caught.value.status, caught.value.errors) == (500, [])


@pytest.mark.parametrize(
    ("call", "line", "body"),
    [
        (lambda api: api.post_settings("a", {"b": 1}, ["body-secret"]), f"POST {SETTINGS}?domain=a", {"b": 1}),
        (lambda api: api.put_settings("a", {"b": 1}, ["body-secret"]), f"PUT {SETTINGS}?domain=a", {"b": 1}),
        (lambda api: api.test_settings("a", "b", ["body-secret"]), f"POST {SETTINGS}/test/b?domain=a", {}),
    ],
)
@pytest.mark.parametrize("secret", ["token-1", "key-1", "body-secret"])
def test_no_write_that_fails_repeats_a_secret(
    conversation: Conversation,
    api: WebitelApi,
    call: Callable[[WebitelApi], Any],
    line: str,
    body: Any,
    secret: str,
) -> None:
    conversation.expect(line, body).answers({"status": "error", "info": f"bad {secret}"}, status=500)
    conversation.expect(line, body).answers(status=302, headers={"Location": f"/{secret}"})
    with pytest.raises(ApiStatusError, match="left out") as refused:
        call(api)
    with pytest.raises(RedirectRefused, match="left out") as redirected:
        call(api)
    assert secret not in f"{refused.value} {refused.value.details()} {redirected.value}"


@pytest.mark.parametrize(
    ("status", "kind", "advice"),
    [
        (200, ApiStatusError, ". Check what it names"),
        (400, ApiStatusError, ". Check what it names"),
        (500, ApiStatusError, ". Check what it names, and the server's log"),
        (401, NotAuthorized, f". {CREDENTIALS}"),
        (403, NotAuthorized, f". {CREDENTIALS}"),
        (404, NotFound, ""),
    ],
)
def test_each_refusal_has_its_kind(
    conversation: Conversation, api: WebitelApi, status: int, kind: type[ApiStatusError], advice: str
) -> None:
    conversation.expect(f"GET {SETTINGS}?domain=a").answers({"status": "error", "info": "No way"}, status=status)
    with pytest.raises(kind) as caught:
        api.get_settings("a")
    assert type(caught.value) is kind
    assert str(caught.value) == (
        f"GET {conversation.url}{SETTINGS}?domain=a: the server answers {status}: No way{advice}"
    )
    assert (caught.value.status, caught.value.errors) == (status, [{"msg": "No way"}])
    assert caught.value.advice == advice.removeprefix(". ")


@EVERY_CALL
@pytest.mark.parametrize("prefix", ["", "/engine", "/xx"], ids=["as it came", "as the engine got it", "another"])
def test_an_address_without_this_api_is_no_missing_record(
    conversation: Conversation, api: WebitelApi, call: Callable[[WebitelApi], Any], line: str, body: Any, prefix: str
) -> None:
    """The engine's 404 to a route that it does not have, as it was recorded."""
    info = f"{prefix}{line.partition(' ')[2]} not found."
    conversation.expect(line, body).answers({"status": "error", "info": info}, status=404)
    with pytest.raises(UnknownRoute) as caught:
        call(api)
    assert not isinstance(caught.value, NotFound)
    assert info in str(caught.value)
    advice = f"This address has no such API: check api_url (did you mean {conversation.url}/engine?)"
    assert caught.value.advice == advice


@EVERY_CALL
@pytest.mark.parametrize("answer", [{"body": b"<h1>404 Not Found</h1>"}, {"json": {"message": "Not found!"}}, {}])
def test_a_proxy_without_this_address_is_no_missing_record(
    conversation: Conversation,
    api: WebitelApi,
    call: Callable[[WebitelApi], Any],
    line: str,
    body: Any,
    answer: dict[str, Any],
) -> None:
    conversation.expect(line, body).answers(**answer, status=404)
    with pytest.raises(UnknownRoute, match="This address has no such API: check api_url"):
        call(api)


@pytest.mark.parametrize("ask", [WebitelApi.whoami, WebitelApi.list_domains])
def test_only_settings_may_be_missing(
    conversation: Conversation, api: WebitelApi, ask: Callable[[WebitelApi], Any]
) -> None:
    conversation.expect(f"GET /api/v2/{ask.__name__.rpartition('_')[2]}").answers(
        {"status": "error", "info": "Not found!"}, status=404
    )
    with pytest.raises(UnknownRoute, match="This address has no such API: check api_url"):
        ask(api)


@pytest.mark.parametrize(
    ("path", "likely"), [("/engine", ""), ("/engine/", ""), ("/xx/yy", "/engine"), ("/", "/engine")]
)
def test_the_address_that_was_probably_meant(conversation: Conversation, path: str, likely: str) -> None:
    line = f"/{path.strip('/')}/api/v2/whoami".replace("//", "/")
    conversation.expect(f"GET {line}").answers({"status": "error", "info": f"{line} not found."}, status=404)
    client = WebitelApi(f"{conversation.url}{path}", Limits(timeout=5.0, retries=0), access_token="token-1")
    with pytest.raises(UnknownRoute) as caught:
        client.whoami()
    assert f"(did you mean {conversation.url}{likely}?)" in caught.value.advice
    assert client.close() is None


def test_a_login_at_an_address_without_this_api(conversation: Conversation, logging_in: WebitelApi) -> None:
    conversation.expect("POST /login", LOGIN).answers({"status": "error", "info": "/login not found."}, status=404)
    with pytest.raises(UnknownRoute, match="This address has no such API: check api_url"):
        logging_in.whoami()


def test_a_server_with_too_much_to_do_asks_for_patience(conversation: Conversation, api: WebitelApi) -> None:
    conversation.expect("GET /api/v2/whoami").answers(status=429)
    with pytest.raises(ApiStatusError, match="Check the server's load and log, and try again later"):
        api.whoami()


@pytest.mark.parametrize("answer", [{"status": "OK", "info": "all is well"}, {"info": "all is well"}, ["error"]])
def test_only_an_error_is_an_error(conversation: Conversation, api: WebitelApi, answer: Any) -> None:
    conversation.expect("GET /api/v2/whoami").answers(answer)
    assert api.whoami().json() == answer


def test_a_login_and_a_logout_whose_answers_were_lost_are_retried(
    conversation: Conversation, logging_in: WebitelApi
) -> None:
    conversation.expect("POST /login", LOGIN).breaks()
    conversation.expect("POST /login", LOGIN).answers(LOGGED_IN)
    conversation.expect("GET /api/v2/whoami").answers({})
    conversation.expect("POST /logout", {}).answers(status=504)
    conversation.expect("POST /logout", {}).answers({})
    logging_in.whoami()
    assert logging_in.close() is None


def test_a_second_logout_that_is_refused_is_no_failure(conversation: Conversation, logging_in: WebitelApi) -> None:
    conversation.expect("POST /login", LOGIN).answers(LOGGED_IN)
    conversation.expect("GET /api/v2/whoami").answers({})
    conversation.expect("POST /logout", {}).breaks()
    conversation.expect("POST /logout", {}).answers(status=401)
    logging_in.whoami()
    assert logging_in.close() is None


def test_a_first_logout_that_is_refused_is_reported(conversation: Conversation, logging_in: WebitelApi) -> None:
    conversation.expect("POST /login", LOGIN).answers(LOGGED_IN)
    conversation.expect("GET /api/v2/whoami").answers({})
    conversation.expect("POST /logout", {}).answers(status=401)
    logging_in.whoami()
    assert isinstance(logging_in.close(), NotAuthorized)


def test_a_second_logout_that_fails_otherwise_is_reported(conversation: Conversation, logging_in: WebitelApi) -> None:
    conversation.expect("POST /login", LOGIN).answers(LOGGED_IN)
    conversation.expect("GET /api/v2/whoami").answers({})
    conversation.expect("POST /logout", {}).breaks()
    conversation.expect("POST /logout", {}).answers(status=500)
    logging_in.whoami()
    failure = logging_in.close()
    assert isinstance(failure, ApiStatusError)
    assert failure.status == 500


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_login_that_is_refused_names_itself(conversation: Conversation, logging_in: WebitelApi, status: int) -> None:
    conversation.expect("POST /login", LOGIN).answers({"info": "pass-1 is wrong"}, status=status)
    with pytest.raises(NotAuthorized) as caught:
        logging_in.whoami()
    assert str(caught.value) == (
        f"POST {conversation.url}/login: the login of 100@a.example is refused. Check username and password"
    )
    assert caught.value.status == status
    assert logging_in.close() is None


def test_a_login_without_a_token_names_itself(conversation: Conversation, logging_in: WebitelApi) -> None:
    conversation.expect("POST /login", LOGIN).answers({"token": "token-1"})
    with pytest.raises(InvalidResponse) as caught:
        logging_in.whoami()
    assert str(caught.value) == f"POST {conversation.url}/login: the answer holds no token and key. Check api_url"
    assert logging_in.close() is None


@pytest.mark.parametrize("answer", [{"status": 302, "headers": {"Location": "/pass-1"}}, {"status": 500}])
def test_no_login_that_fails_repeats_the_password(
    conversation: Conversation, logging_in: WebitelApi, answer: dict[str, Any]
) -> None:
    conversation.expect("POST /login", LOGIN).answers({"info": "pass-1 is wrong"}, **answer)
    with pytest.raises(ApiError, match="left out") as caught:
        logging_in.whoami()
    assert "pass-1" not in f"{caught.value} {caught.value.details()}"
    assert logging_in.close() is None


@pytest.mark.parametrize("secret", ["token-1", "key-1", "pass-1"])
def test_no_logout_that_fails_repeats_a_credential(
    conversation: Conversation, logging_in: WebitelApi, secret: str
) -> None:
    conversation.expect("POST /login", LOGIN).answers(LOGGED_IN)
    conversation.expect("GET /api/v2/whoami").answers({})
    conversation.expect("POST /logout", {}).answers(status=302, headers={"Location": f"/{secret}"})
    logging_in.whoami()
    failure = logging_in.close()
    assert isinstance(failure, RedirectRefused)
    assert f"POST {conversation.url}/logout: " in str(failure)
    assert secret not in str(failure)


SECOND_FACTOR: dict[str, Any] = {"json": {"info": "Set security code"}, "status": 301}


def test_a_second_factor_is_asked_for(conversation: Conversation, logging_in: WebitelApi) -> None:
    conversation.expect("POST /login", LOGIN).answers(**SECOND_FACTOR)
    with pytest.raises(NotAuthorized) as caught:
        logging_in.whoami()
    assert caught.value.message == "the login of 100@a.example is refused: the server asks for a security code"
    assert caught.value.advice == "Give the code of the moment as login_code (or WEBITEL_LOGIN_CODE)"


@pytest.mark.parametrize(
    "answer",
    [SECOND_FACTOR, {"json": {"status": "error", "info": "Invalid security code"}, "status": 401}, {"status": 500}],
)
def test_a_code_goes_with_the_login_and_shows_nowhere(conversation: Conversation, answer: dict[str, Any]) -> None:
    conversation.expect("POST /login?code=123456", LOGIN).answers(**answer)
    limits = Limits(timeout=5.0, retries=0)
    client = WebitelApi(conversation.url, limits, username="100@a.example", password="pass-1")
    client.login_code = "123456"
    with pytest.raises(ApiStatusError) as caught:
        client.whoami()
    assert "123456" not in f"{caught.value} {caught.value.details()} {caught.value.request!r}"


def test_a_code_that_is_right(conversation: Conversation) -> None:
    conversation.expect("POST /login?code=12+34", LOGIN).breaks()
    conversation.expect("POST /login?code=12+34", LOGIN).answers(LOGGED_IN)
    conversation.expect("GET /api/v2/whoami").answers({})
    conversation.expect("POST /logout", {}).answers({})
    limits = Limits(timeout=5.0, retries=1)
    client = WebitelApi(conversation.url, limits, username="100@a.example", password="pass-1")
    client.login_code = "12 34"
    client.whoami()
    assert client.close() is None
    assert "12" not in str(client.session.retries.drain()[0]["url"].rpartition("/")[2])


@pytest.mark.parametrize("answer", [SECOND_FACTOR, {"status": 401}, {"status": 500}, {"json": {"token": "token-1"}}])
def test_a_login_that_fails_is_tried_once(
    conversation: Conversation, logging_in: WebitelApi, answer: dict[str, Any]
) -> None:
    conversation.expect("POST /login", LOGIN).answers(**answer)
    failures = []
    for subject in ("a.example", "b.example"):
        with pytest.raises(ApiError) as caught:
            logging_in.whoami()
        caught.value.subject = subject
        failures.append(caught.value)
    first, second = failures
    assert type(first) is type(second)
    assert first.details() == second.details()
    assert str(first) == f"a.example: {str(second).removeprefix('b.example: ')}"


def test_a_login_that_a_gateway_did_not_hand_on_is_tried_for_the_next_record(conversation: Conversation) -> None:
    conversation.expect("POST /login", LOGIN).answers(status=502)
    conversation.expect("POST /login", LOGIN).answers(LOGGED_IN)
    conversation.expect("GET /api/v2/whoami").answers({})
    conversation.expect("POST /logout", {}).answers({})
    limits = Limits(timeout=5.0, retries=0)
    client = WebitelApi(conversation.url, limits, username="100@a.example", password="pass-1")
    with pytest.raises(ApiStatusError):
        client.whoami()
    client.whoami()
    assert client.close() is None
