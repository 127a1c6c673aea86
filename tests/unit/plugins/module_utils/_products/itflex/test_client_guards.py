# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the iTFLEX client says about each call that fails, what it keeps to itself, and what it repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import (
    ApiError,
    ApiStatusError,
    Duplicated,
    InvalidResponse,
    NotAuthorized,
    NotFound,
    RedirectRefused,
)
from ansible_collections.mailfleet.email.plugins.module_utils._http.session import Limits
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.client import ItflexApi
from tests.unit.plugins.module_utils.conversation import Conversation

ACCOUNTS = "/api/email/accounts"
TOKEN = "/api/v1/oauth2/token"
REFRESH = {"grant_type": "refresh_token", "refresh_token": "refresh-1"}
LEFT_OUT = "(the server's words are left out, since they repeat a credential)"
UNKNOWN = "Check api_url, and the server's log"


@pytest.fixture
def api(conversation: Conversation) -> Iterator[ItflexApi]:
    """A client with an access token and nothing to fetch another with."""
    client = ItflexApi(conversation.url, Limits(timeout=5.0, retries=0), access_token="access-1")
    yield client
    client.close()


@pytest.fixture
def refreshing(conversation: Conversation) -> Iterator[ItflexApi]:
    """A client with a refresh token only, and one retry."""
    client = ItflexApi(conversation.url, Limits(timeout=5.0, retries=1), refresh_token="refresh-1")
    yield client
    client.close()


@pytest.mark.parametrize(
    ("call", "line", "body"),
    [
        (lambda api: api.list_accounts(), f"GET {ACCOUNTS}", None),
        (lambda api: api.get_account(7), f"GET {ACCOUNTS}/7", None),
        (lambda api: api.create_account({"name": "n"}), f"POST {ACCOUNTS}", {"name": "n"}),
        (lambda api: api.update_account(7, {"name": "n"}), f"PUT {ACCOUNTS}/7", {"name": "n"}),
        (lambda api: api.delete_account(7), f"DELETE {ACCOUNTS}/7", None),
        (lambda api: api.test_account({}, "a@b"), f"POST {ACCOUNTS}/test", {"to_email": "a@b"}),
    ],
)
def test_a_call_that_fails_names_itself(
    conversation: Conversation, api: ItflexApi, call: Callable[[ItflexApi], Any], line: str, body: Any
) -> None:
    conversation.expect(line, body).answers(status=500)
    with pytest.raises(ApiStatusError) as caught:
        call(api)
    assert str(caught.value) == f"{line.replace(' ', f' {conversation.url}')}: the server answers 500. {UNKNOWN}"


@pytest.mark.parametrize(
    ("call", "line", "body"),
    [
        (lambda api: api.delete_account(7), f"DELETE {ACCOUNTS}/7", None),
        (lambda api: api.test_account({}, "a@b"), f"POST {ACCOUNTS}/test", {"to_email": "a@b"}),
    ],
)
def test_a_page_of_something_else_is_no_success(
    conversation: Conversation, api: ItflexApi, call: Callable[[ItflexApi], Any], line: str, body: Any
) -> None:
    conversation.expect(line, body).answers(body=b"<html>welcome</html>")
    with pytest.raises(InvalidResponse, match="is no JSON"):
        call(api)


@pytest.mark.parametrize(
    ("error", "words", "kept"),
    [
        ({"field": "a", "type": "invalid"}, "a: the value is not valid", {"field": "a", "type": "invalid"}),
        ({"field": "a", "msg": "no"}, "a: no", {"field": "a", "type": "", "msg": "no"}),
        ({"type": "required", "msg": "no"}, "no (required)", {"field": "", "type": "required", "msg": "no"}),
        ({"type": "required"}, "a value is required", {"field": "", "type": "required"}),
        ({"type": "not_found"}, "what it refers to does not exist", {"field": "", "type": "not_found"}),
        ({"type": "rule"}, "a rule of the server forbids it", {"field": "", "type": "rule"}),
        ({"type": "brand new"}, "brand new", {"field": "", "type": "brand new"}),
    ],
)
def test_a_reason_in_words_and_as_data(
    conversation: Conversation, api: ItflexApi, error: dict[str, str], words: str, kept: dict[str, str]
) -> None:
    conversation.expect(f"PUT {ACCOUNTS}/7", {}).answers({"errors": [5, error]}, status=400)
    with pytest.raises(ApiStatusError) as caught:
        api.update_account(7, {})
    assert str(caught.value) == (
        f"PUT {conversation.url}{ACCOUNTS}/7: the server answers 400: {words}. Check what it names"
    )
    assert caught.value.errors == [kept]
    assert caught.value.details()["status"] == 400


@pytest.mark.parametrize("named", [10, 11])
def test_many_reasons_are_counted(conversation: Conversation, api: ItflexApi, named: int) -> None:
    errors = [{"type": "rule", "msg": f"no {number}"} for number in range(named)]
    conversation.expect(f"GET {ACCOUNTS}").answers({"errors": errors}, status=400)
    with pytest.raises(ApiStatusError) as caught:
        api.list_accounts()
    words = "; ".join(f"no {number} (rule)" for number in range(10)) + ("; and 1 more" if named > 10 else "")
    assert str(caught.value).endswith(f"the server answers 400: {words}. Check what it names")
    assert len(caught.value.errors) == named


def test_no_more_reasons_are_kept_than_anybody_reads(conversation: Conversation, api: ItflexApi) -> None:
    conversation.expect(f"GET {ACCOUNTS}").answers({"errors": [{"type": "rule"}] * 101}, status=400)
    with pytest.raises(ApiStatusError) as caught:
        api.list_accounts()
    assert len(caught.value.errors) == 100


@pytest.mark.parametrize("place", ["field", "type", "msg"])
@pytest.mark.parametrize("secret", ["access-1", "body-secret", "other-secret"])
def test_no_part_of_a_reason_repeats_a_secret(
    conversation: Conversation, api: ItflexApi, place: str, secret: str
) -> None:
    body = {"password": "body-secret"}
    conversation.expect(f"PUT {ACCOUNTS}/7", body).answers({"errors": [{place: secret}]}, status=400)
    with pytest.raises(ApiStatusError) as caught:
        api.update_account(7, body, ["other-secret"])
    assert caught.value.errors[0][place] == LEFT_OUT
    assert secret not in str(caught.value)


@pytest.mark.parametrize("secret", ["access-1", "body-secret", "other-secret"])
def test_no_redirect_repeats_a_secret(conversation: Conversation, api: ItflexApi, secret: str) -> None:
    body = {"password": "body-secret"}
    conversation.expect(f"PUT {ACCOUNTS}/7", body).answers(status=302, headers={"Location": f"/{secret}"})
    with pytest.raises(RedirectRefused, match="left out") as caught:
        api.update_account(7, body, ["other-secret"])
    assert secret not in str(caught.value)


@pytest.mark.parametrize("secret", ["access-1", "access-2", "refresh-1", "refresh-2", "body-secret", "other-secret"])
def test_a_second_try_keeps_old_and_new_tokens_to_itself(conversation: Conversation, secret: str) -> None:
    body = {"password": "body-secret"}
    conversation.expect(f"PUT {ACCOUNTS}/7", body).answers(status=401)
    conversation.expect(f"POST {TOKEN}", REFRESH).answers({"access_token": "access-2", "refresh_token": "refresh-2"})
    conversation.expect(f"PUT {ACCOUNTS}/7", body).answers(status=302, headers={"Location": f"/{secret}"})
    client = ItflexApi(
        conversation.url, Limits(timeout=5.0, retries=0), access_token="access-1", refresh_token="refresh-1"
    )
    with pytest.raises(RedirectRefused, match="left out") as caught:
        client.update_account(7, body, ["other-secret"])
    client.close()
    assert secret not in str(caught.value)


@pytest.mark.parametrize("secret", ["access-0", "access-1", "refresh-0", "refresh-1"])
def test_tokens_of_long_ago_are_kept_secret_too(conversation: Conversation, secret: str) -> None:
    client = ItflexApi(
        conversation.url, Limits(timeout=5.0, retries=0), access_token="access-0", refresh_token="refresh-0"
    )
    for number in (1, 2):
        conversation.expect(f"GET {ACCOUNTS}").answers(status=401)
        answer = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}"}
        conversation.expect(f"POST {TOKEN}", {**REFRESH, "refresh_token": f"refresh-{number - 1}"}).answers(answer)
        conversation.expect(f"GET {ACCOUNTS}").answers([])
        client.list_accounts()
    conversation.expect(f"GET {ACCOUNTS}").answers({"errors": [{"msg": f"bad {secret}"}]}, status=400)
    with pytest.raises(ApiStatusError, match="left out") as caught:
        client.list_accounts()
    client.close()
    assert secret not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "kind", "advice"),
    [
        (401, NotAuthorized, ". Give a valid access_token, or a valid refresh_token"),
        (403, NotAuthorized, ". Give a valid access_token, or a valid refresh_token"),
        (404, NotFound, ""),
        (409, Duplicated, ". Give another value, or the id of the record that has it"),
    ],
)
def test_each_refusal_has_its_kind(
    conversation: Conversation, api: ItflexApi, status: int, kind: type[ApiStatusError], advice: str
) -> None:
    error = {"field": "name", "type": "duplicated" if status == 409 else "rule", "msg": "no"}
    conversation.expect(f"PUT {ACCOUNTS}/7", {}).answers({"errors": [error]}, status=status)
    with pytest.raises(kind) as caught:
        api.update_account(7, {})
    assert type(caught.value) is kind
    words = f"the server answers {status}: name: no ({error['type']}){advice}"
    assert str(caught.value) == f"PUT {conversation.url}{ACCOUNTS}/7: {words}"
    assert (caught.value.status, caught.value.errors) == (status, [error])
    assert caught.value.advice == advice.removeprefix(". ")


def test_a_server_with_too_much_to_do_asks_for_patience(conversation: Conversation, api: ItflexApi) -> None:
    conversation.expect(f"GET {ACCOUNTS}").answers(status=429)
    with pytest.raises(ApiStatusError, match="Check the server's load and log, and try again later"):
        api.list_accounts()


@pytest.mark.parametrize("path", ["/7", "/-7"])
def test_only_an_account_that_was_asked_for_by_its_id_is_not_found(
    conversation: Conversation, api: ItflexApi, path: str
) -> None:
    conversation.expect(f"GET {ACCOUNTS}{path}").answers(status=404)
    conversation.expect(f"POST {ACCOUNTS}/test", {"to_email": "a"}).answers(status=404)
    with pytest.raises(NotFound):
        api.get_account(int(path[1:]))
    with pytest.raises(ApiStatusError) as caught:
        api.test_account({}, "a")
    assert type(caught.value) is ApiStatusError


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refresh_token_that_is_refused(conversation: Conversation, refreshing: ItflexApi, status: int) -> None:
    conversation.expect(f"POST {TOKEN}", REFRESH).answers({"errors": [{"msg": "refresh-1"}]}, status=status)
    with pytest.raises(NotAuthorized) as caught:
        refreshing.list_accounts()
    assert str(caught.value) == (
        f"POST {conversation.url}{TOKEN}: the server does not accept the refresh token. Give a valid one"
    )
    assert caught.value.status == status


def test_a_refresh_without_a_token_names_itself(conversation: Conversation, refreshing: ItflexApi) -> None:
    conversation.expect(f"POST {TOKEN}", REFRESH).answers({"token": "x"})
    with pytest.raises(InvalidResponse) as caught:
        refreshing.list_accounts()
    assert str(caught.value) == (f"POST {conversation.url}{TOKEN}: the answer holds no access token. Check api_url")


def test_a_refresh_whose_answer_was_lost_is_made_again(conversation: Conversation, refreshing: ItflexApi) -> None:
    conversation.expect(f"POST {TOKEN}", REFRESH).breaks()
    conversation.expect(f"POST {TOKEN}", REFRESH).answers({"access_token": "access-1"})
    conversation.expect(f"GET {ACCOUNTS}").answers([])
    assert refreshing.list_accounts().json() == []


@pytest.mark.parametrize("answer", [{"status": 302, "headers": {"Location": "/refresh-1"}}, {"status": 422}])
def test_no_failed_refresh_repeats_the_refresh_token(
    conversation: Conversation, refreshing: ItflexApi, answer: dict[str, Any]
) -> None:
    json = {"errors": [{"field": "refresh_token", "msg": "refresh-1 is bad"}]}
    conversation.expect(f"POST {TOKEN}", REFRESH).answers(json, **answer)
    with pytest.raises(ApiError, match="left out") as caught:
        refreshing.list_accounts()
    assert "refresh-1" not in f"{caught.value} {caught.value.details()}"
