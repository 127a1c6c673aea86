# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments validated without a module: the same outcome, and documents of many records without the detour."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._entry import argument_error, masked_arguments, validated
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


def test_types_defaults_aliases_and_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITFLEX_API_URL", "https://appliance.example.com")
    params, errors, warnings = validated(
        EMAIL_ACCOUNT, {"name": "n", "hash_auth": "yes", "smtp_port": "25", "access_token": "t"}
    )
    assert (errors, warnings) == ([], [])
    assert (params["has_auth"], params["smtp_port"], params["state"], params["timeout"]) == (True, 25, "present", 30.0)
    assert params["api_url"] == "https://appliance.example.com"
    assert params["email"] is None


def test_records_of_their_declared_types_are_taken_as_they_are() -> None:
    records = [{"name": "n", "smtp_port": 25, "has_auth": True, "service": "gmail", "password": None}]
    params, errors, warnings = validated(EMAIL_ACCOUNTS_SYNC, {"accounts": records})
    assert (errors, warnings) == ([], [])
    assert params["accounts"][0] is records[0]
    assert (params["concurrency"], params["prune_limit"]) == (8, "25%")


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"name": "n", "smtp_port": "25"}, {"smtp_port": 25}),
        ({"name": "n", "hash_auth": True}, {"has_auth": True}),
        ({"name": "n", "has_auth": "no"}, {"has_auth": False}),
        ({"name": 5}, {"name": "5"}),
    ],
)
def test_other_records_are_converted(record: dict[str, Any], found: dict[str, Any]) -> None:
    params, errors, warnings = validated(EMAIL_ACCOUNTS_SYNC, {"accounts": [{"name": "a"}, record]})
    assert (errors, warnings) == ([], [])
    assert {name: params["accounts"][1][name] for name in found} == found


@pytest.mark.parametrize(
    "record",
    [{"name": "n", "smtp_prot": 25}, {"service": "yahoo"}, {"smtp_port": "many"}, {"smtp_port": [1]}, "n", 5, None],
)
def test_wrong_records_are_found(record: Any) -> None:
    arguments = {"accounts": [{"name": "a"}, record], "api_url": "https://a", "access_token": "t"}
    params, errors, _warnings = validated(EMAIL_ACCOUNTS_SYNC, arguments)
    assert errors
    error = argument_error(EMAIL_ACCOUNTS_SYNC, errors, params, set(arguments))
    assert str(error).startswith("email_accounts_sync: ")


def test_what_ansible_finds_and_what_the_door_finds_come_together() -> None:
    params, errors, _warnings = validated(EMAIL_ACCOUNT, {"unknown": 1, "smtp_port": "many", "email": "x"})
    error = argument_error(EMAIL_ACCOUNT, errors, params, {"email"})
    texts = [str(problem) for problem in error.problems]
    for words in ("unknown", "smtp_port", "api_url: is missing", "access_token: credentials", "email: must be"):
        assert any(words in text for text in texts), words


def test_masked_arguments_of_many_records() -> None:
    arguments = {"accounts": [{"name": "n", "password": "hunter2"}], "defaults": {"password": "hunter2", "name": "n"}}
    shown = masked_arguments(arguments, EMAIL_ACCOUNTS_SYNC.argument_spec)
    assert shown == {"accounts": "1 records", "defaults": {"password": HIDDEN, "name": "n"}}


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ({"accounts": "hunter2"}, {"accounts": HIDDEN}),
        ({"defaults": "password=hunter2"}, {"defaults": HIDDEN}),
        ({"defaults": ["hunter2"]}, {"defaults": HIDDEN}),
        ({"unknown": "hunter2"}, {"unknown": HIDDEN}),
        ({"api_url": "https://user:hunter2@a"}, {"api_url": HIDDEN}),
        ({"api_url": "https://a", "access_token": None}, {"api_url": "https://a", "access_token": None}),
        ({"access_token": "hunter2"}, {"access_token": HIDDEN}),
    ],
)
def test_masked_arguments(arguments: dict[str, Any], shown: dict[str, Any]) -> None:
    assert masked_arguments(arguments, EMAIL_ACCOUNTS_SYNC.argument_spec) == shown
