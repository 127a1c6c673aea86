# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The iTFLEX client: tokens fetched when they are needed, refusals in the vendor's words."""

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
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.client import ItflexApi
from tests.unit.plugins.module_utils.conversation import Conversation

ACCOUNTS = "/api/email/accounts"
TOKEN, SECOND_TOKEN_PATH = "POST /api/v1/oauth2/token", "POST /api/oauth2/token"
NO_RETRIES = Limits(timeout=5.0, retries=0)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refresh(refresh_token: str = "r1") -> dict[str, str]:
    return {"grant_type": "refresh_token", "refresh_token": refresh_token}


@pytest.fixture
def api(conversation: Conversation) -> Iterator[ItflexApi]:
    """A client with an access token and nothing to fetch another with."""
    client = ItflexApi(conversation.url, NO_RETRIES, access_token="a1")
    yield client
    client.close()


@pytest.fixture
def refreshing(conversation: Conversation) -> Iterator[ItflexApi]:
    """A client with a refresh token only."""
    client = ItflexApi(conversation.url, NO_RETRIES, refresh_token="r1")
    yield client
    client.close()


def test_every_call(conversation: Conversation, api: ItflexApi) -> None:
    conversation.expect(f"GET {ACCOUNTS}", headers=bearer("a1")).answers([{"id": 1}])
    conversation.expect(f"POST {ACCOUNTS}", {"name": "n"}, headers=bearer("a1")).answers({"id": 2})
    conversation.expect(f"PUT {ACCOUNTS}/2", {"name": "m"}, headers=bearer("a1")).answers({"id": 2})
    conversation.expect(f"POST {ACCOUNTS}/test", {"name": "m", "to_email": "a@b"}, headers=bearer("a1"))
    conversation.expect(f"DELETE {ACCOUNTS}/2", headers=bearer("a1"))
    assert api.list_accounts().json() == [{"id": 1}]
    assert api.create_account({"name": "n"}).json() == {"id": 2}
    assert api.update_account(2, {"name": "m"}).json() == {"id": 2}
    api.test_account({"name": "m"}, "a@b")
    api.delete_account(2)


def test_a_token_is_fetched_once(conversation: Conversation, refreshing: ItflexApi) -> None:
    conversation.expect(TOKEN, refresh(), headers={"Authorization": None}).answers({"access_token": "a1"})
    conversation.expect(f"GET {ACCOUNTS}", headers=bearer("a1")).answers([])
    conversation.expect(f"DELETE {ACCOUNTS}/1", headers=bearer("a1"))
    refreshing.list_accounts()
    refreshing.delete_account(1)


def test_the_other_token_endpoint(conversation: Conversation, refreshing: ItflexApi) -> None:
    conversation.expect(TOKEN, refresh()).answers(status=404)
    conversation.expect(SECOND_TOKEN_PATH, refresh()).answers({"access_token": "a1"})
    conversation.expect(f"GET {ACCOUNTS}", headers=bearer("a1")).answers([])
    refreshing.list_accounts()


def test_no_token_endpoint_at_all(conversation: Conversation, refreshing: ItflexApi) -> None:
    conversation.expect(TOKEN, refresh()).answers(status=404)
    conversation.expect(SECOND_TOKEN_PATH, refresh()).answers(status=404)
    with pytest.raises(ApiStatusError, match=r"/api/oauth2/token: the server answers 404\. Check api_url"):
        refreshing.list_accounts()


@pytest.mark.parametrize(
    ("method", "path", "body"), [("GET", ACCOUNTS, None), ("POST", ACCOUNTS, {"name": "n", "password": "p"})]
)
def test_an_expired_token_is_replaced_once(conversation: Conversation, method: str, path: str, body: Any) -> None:
    conversation.expect(f"{method} {path}", body, headers=bearer("old")).answers(status=401)
    conversation.expect(TOKEN, refresh()).answers({"access_token": "new", "refresh_token": "r2"})
    conversation.expect(f"{method} {path}", body, headers=bearer("new")).answers({})
    client = ItflexApi(conversation.url, NO_RETRIES, access_token="old", refresh_token="r1")
    assert (client.list_accounts() if body is None else client.create_account(body)).status == 200
    client.close()


def test_a_refresh_token_that_was_exchanged_is_used_next_time(
    conversation: Conversation, refreshing: ItflexApi
) -> None:
    conversation.expect(TOKEN, refresh("r1")).answers({"access_token": "a1", "refresh_token": "r2"})
    conversation.expect(f"GET {ACCOUNTS}", headers=bearer("a1")).answers(status=401)
    conversation.expect(TOKEN, refresh("r2")).answers({"access_token": "a2"})
    conversation.expect(f"GET {ACCOUNTS}", headers=bearer("a2")).answers([])
    conversation.expect(f"GET {ACCOUNTS}", headers=bearer("a2")).answers(status=401)
    conversation.expect(TOKEN, refresh("r2")).answers({"access_token": "a3"})
    conversation.expect(f"GET {ACCOUNTS}", headers=bearer("a3")).answers([])
    refreshing.list_accounts()
    refreshing.list_accounts()


def test_a_new_token_that_is_refused_too_ends_it(conversation: Conversation) -> None:
    conversation.expect(f"GET {ACCOUNTS}", headers=bearer("old")).answers(status=401)
    conversation.expect(TOKEN, refresh()).answers({"access_token": "new"})
    conversation.expect(f"GET {ACCOUNTS}", headers=bearer("new")).answers(status=401)
    client = ItflexApi(conversation.url, NO_RETRIES, access_token="old", refresh_token="r1")
    with pytest.raises(NotAuthorized, match="the server answers 401"):
        client.list_accounts()
    client.close()


def test_without_a_refresh_token_a_refusal_is_final(conversation: Conversation, api: ItflexApi) -> None:
    conversation.expect(f"GET {ACCOUNTS}").answers(status=401)
    with pytest.raises(NotAuthorized, match="valid refresh_token") as caught:
        api.list_accounts()
    assert caught.value.details()["kind"] == "credentials"


def test_forbidden_fetches_no_token(conversation: Conversation) -> None:
    conversation.expect(f"GET {ACCOUNTS}").answers(status=403)
    client = ItflexApi(conversation.url, NO_RETRIES, access_token="a1", refresh_token="r1")
    with pytest.raises(NotAuthorized, match="the server answers 403"):
        client.list_accounts()
    client.close()


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refresh_token_that_is_not_accepted(conversation: Conversation, refreshing: ItflexApi, status: int) -> None:
    conversation.expect(TOKEN, refresh()).answers({"errors": [{"msg": "r1"}]}, status=status)
    with pytest.raises(NotAuthorized, match="does not accept the refresh token"):
        refreshing.list_accounts()


@pytest.mark.parametrize("answer", [None, [], "a", {}, {"access_token": None}, {"access_token": 5}])
def test_a_refresh_without_a_token(conversation: Conversation, refreshing: ItflexApi, answer: Any) -> None:
    conversation.expect(TOKEN, refresh()).answers(answer)
    with pytest.raises(InvalidResponse, match="the answer holds no access token"):
        refreshing.list_accounts()


def test_a_refresh_that_is_no_json(conversation: Conversation, refreshing: ItflexApi) -> None:
    conversation.expect(TOKEN, refresh()).answers(body=b"<html>")
    with pytest.raises(InvalidResponse, match="is no JSON"):
        refreshing.list_accounts()


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        (
            [{"field": "name", "type": "duplicated", "msg": "Nome em uso"}, {"field": "smtp_port", "type": "invalid"}],
            ": name: Nome em uso (duplicated); smtp_port: the value is not valid",
        ),
        ([{"type": "rule"}], ": a rule of the server forbids it"),
        ([{"field": "a", "type": "brand new"}], ": a: brand new"),
        ([{"field": "a", "msg": "b\x1b[0m\nc"}], ": a: b\\x1b[0m c"),
        ([{"field": "password", "type": "invalid", "msg": "hunter2 is too short"}], ": password: (the server's words "),
        ([{"field": ["a"], "type": {"b": 1}}, 5, None], ": ['a']: {'b': 1}"),
        ("none", ". Check api_url"),
        (None, ". Check api_url"),
    ],
)
def test_refusals_in_words(conversation: Conversation, api: ItflexApi, errors: Any, words: str) -> None:
    conversation.expect(f"POST {ACCOUNTS}", {"password": "hunter2"}).answers({"errors": errors}, status=409)
    with pytest.raises(ApiStatusError) as caught:
        api.create_account({"password": "hunter2"})
    assert f"POST {conversation.url}{ACCOUNTS}: the server answers 409{words}" in str(caught.value)
    assert "hunter2" not in f"{caught.value} {caught.value.details()}"


@pytest.mark.parametrize("answer", [[], "x", 5, None])
def test_a_refusal_of_another_shape(conversation: Conversation, api: ItflexApi, answer: Any) -> None:
    conversation.expect(f"GET {ACCOUNTS}").answers(answer, status=400)
    with pytest.raises(ApiStatusError, match=r"the server answers 400\. Check api_url"):
        api.list_accounts()


@pytest.mark.parametrize("repeated", ["a1", "r1"])
def test_no_error_repeats_a_token(conversation: Conversation, repeated: str) -> None:
    answer = {"errors": [{"field": "token", "type": "invalid", "msg": f"bad token {repeated}"}]}
    conversation.expect(f"GET {ACCOUNTS}").answers(answer, status=400)
    client = ItflexApi(conversation.url, NO_RETRIES, access_token="a1", refresh_token="r1")
    with pytest.raises(ApiStatusError) as caught:
        client.list_accounts()
    client.close()
    assert f"bad token {repeated}" not in f"{caught.value} {caught.value.details()}"


def test_what_is_not_found(conversation: Conversation, api: ItflexApi) -> None:
    for line in (f"PUT {ACCOUNTS}/7", f"DELETE {ACCOUNTS}/7"):
        conversation.expect(line, {} if line.startswith("PUT") else None).answers(status=404)
    conversation.expect(f"GET {ACCOUNTS}").answers(status=404)
    with pytest.raises(NotFound):
        api.update_account(7, {})
    with pytest.raises(NotFound):
        api.delete_account(7)
    with pytest.raises(ApiStatusError) as caught:
        api.list_accounts()
    assert not isinstance(caught.value, NotFound)
