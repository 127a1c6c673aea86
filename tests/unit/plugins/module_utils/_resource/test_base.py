# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What both kinds of record share."""

from __future__ import annotations

import json
from typing import Any

import pytest
from voluptuous import ALLOW_EXTRA, Schema

from ansible_collections.mailfleet.email.plugins.module_utils._engine.harmless import with_opened
from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import InputError, Problem
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import MASKED, NOT_SHOWN, Secret
from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import InvalidResponse, Request
from ansible_collections.mailfleet.email.plugins.module_utils._http.response import answer_of
from ansible_collections.mailfleet.email.plugins.module_utils._resource import base
from ansible_collections.mailfleet.email.plugins.module_utils._resource.filters import filter_problems

TOKEN, LOGIN = {"access_token": "t", "key": "k"}, {"username": "u", "password": "p"}
NO_TOKEN, NO_LOGIN = dict.fromkeys(TOKEN), dict.fromkeys(LOGIN)


@pytest.mark.parametrize(
    ("params", "given", "resolved"),
    [
        # Everything comes from the environment: the token is used.
        ({**TOKEN, **LOGIN}, (), {**TOKEN, **NO_LOGIN}),
        ({**NO_TOKEN, **LOGIN}, (), {**NO_TOKEN, **LOGIN}),
        ({**NO_TOKEN, **NO_LOGIN}, (), {**NO_TOKEN, **NO_LOGIN}),
        # What the task gives beats what the environment holds.
        ({**TOKEN, **LOGIN}, ("username", "password"), {**NO_TOKEN, **LOGIN}),
        ({**TOKEN, **LOGIN}, ("password",), {**NO_TOKEN, **LOGIN}),
        ({**TOKEN, **LOGIN}, ("access_token",), {**TOKEN, **NO_LOGIN}),
        ({**TOKEN, **LOGIN}, ("domain", "key"), {**TOKEN, **NO_LOGIN}),
        # A key without a token is no way to authenticate.
        ({**NO_TOKEN, "key": "k", **LOGIN}, ("key",), {**NO_TOKEN, **LOGIN}),
        # Both given by the task: that is reported, not settled.
        ({**TOKEN, **LOGIN}, ("access_token", "username"), {**TOKEN, **LOGIN}),
    ],
)
def test_resolve_credentials(params: dict[str, Any], given: tuple[str, ...], resolved: dict[str, Any]) -> None:
    original = dict(params)
    assert base.resolve_credentials({**params, "domain": "a"}, given) == {**resolved, "domain": "a"}
    assert params == original


def test_credentials_of_the_other_product_stay() -> None:
    params = {"access_token": "a", "refresh_token": "r"}
    assert base.resolve_credentials(params, ("access_token", "refresh_token")) == params


@pytest.mark.parametrize(
    ("update_password", "wanted", "live", "exists", "check"),
    [
        ("always", None, Secret("a"), True, "not_given"),
        ("always", "", Secret("a"), True, "not_given"),
        ("always", Secret("a"), None, False, "set"),
        ("on_create", Secret("a"), None, False, "set"),
        ("on_create", Secret("a"), Secret("a"), True, "skipped"),
        ("always", Secret("a"), MASKED, True, "written"),
        ("always", Secret("a"), NOT_SHOWN, True, "written"),
        ("always", Secret("a"), Secret("b"), True, "compared"),
        ("always", Secret("a"), None, True, "set"),
    ],
)
def test_password_check(update_password: str, wanted: Any, live: Any, exists: bool, check: str) -> None:
    assert base.password_check(update_password, wanted, live, exists=exists) == check


KNOWN = with_opened({}, ["user", "host"])


@pytest.mark.parametrize("filters", [None, {}, {"options.port": 5, "user": "a"}])
def test_filters_without_secrets(filters: dict[str, Any] | None) -> None:
    assert filter_problems(filters, KNOWN) == []


def test_filters_for_secrets() -> None:
    filters = {"options.auth.pass": "a", "password": "b", "token.kind": "c", "host": "d", "unknown": "e", "number": 1}
    fields = [problem.field for problem in filter_problems(filters, KNOWN)]
    assert fields == ["filters.options.auth.pass", "filters.password", "filters.token.kind", "filters.unknown"]


def test_a_secret_inside_of_a_filter_is_one_too() -> None:
    [problem] = filter_problems({"options": {"auth": {"pass": "hunter2"}}}, KNOWN)
    assert problem.field.startswith("filters.options")
    assert "hunter2" not in str(problem)


def test_given() -> None:
    assert base.given({"a": 1, "b": None, "c": False, "d": ""}, ("a", "b", "c", "d", "e")) == {
        "a": 1,
        "c": False,
        "d": "",
    }


def test_raise_problems() -> None:
    base.raise_problems("x", [])
    with pytest.raises(InputError, match="x: a: b"):
        base.raise_problems("x", [Problem("a", "b")])


LARGE = {"name": "n", **{f"k{number}": number for number in range(10_000)}}


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([{"name": "n"}, LARGE], "entry 1 of the answer has more than 10000 values"),
        ([{"name": "n", "more": [{"deep": [1] * 10_000}]}], "entry 0 of the answer has more than 10000 values"),
        ([{"name": "n"}] * 100_001, "the answer has more than 100000 entries"),
    ],
)
def test_records_larger_than_any(records: list[Any], words: str) -> None:
    answer = answer_of(Request("GET", "https://a/b"), 200, "application/json", bytearray(json.dumps(records).encode()))
    with pytest.raises(InvalidResponse, match=words):
        base.checked_list(answer, Schema({}, extra=ALLOW_EXTRA))


def test_a_single_record_larger_than_any() -> None:
    answer = answer_of(Request("GET", "https://a/b"), 200, "application/json", bytearray(json.dumps(LARGE).encode()))
    with pytest.raises(InvalidResponse, match="has more than 10000 values"):
        base.checked(answer, Schema({}, extra=ALLOW_EXTRA))
    assert base.checked(answer, Schema({}, extra=ALLOW_EXTRA), many=True) == LARGE
