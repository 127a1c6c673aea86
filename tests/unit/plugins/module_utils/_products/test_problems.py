# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All problems of an input in one message, before any request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner


def fields_of(result: dict[str, Any]) -> list[str]:
    assert result["failed"]
    assert result["failure"]["kind"] == "input"
    problems = result["failure"]["problems"]
    assert all(problem["message"] in result["msg"] for problem in problems)
    return [problem["field"] for problem in problems]


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"name": "", "smtp_port": 0, "smtp_server": "a b"}, ["name", "smtp_port", "smtp_server"]),
        ({"name": "n", "email": "nobody", "password": "********"}, ["email", "password"]),
        ({"id": 7, "smtp_port": 99999, "has_auth": True}, ["smtp_port"]),
        ({"name": "n", "has_auth": False, "smtp_auth_mechanism": "plain", "email": "a@b"}, ["smtp_auth_mechanism"]),
        ({"name": "n", "state": "absent", "smtp_port": -1}, ["smtp_port"]),
        ({"name": "a\nb", "state": "absent"}, ["name"]),
    ],
)
def test_an_account(itflex: Runner, options: dict[str, Any], fields: list[str]) -> None:
    assert fields_of(itflex.run(EMAIL_ACCOUNT, **options)) == fields


def test_what_only_a_creation_lacks_is_not_reported_of_others(itflex: Runner) -> None:
    """Whether the account is there is not known before the input is right."""
    result = itflex.run(EMAIL_ACCOUNT, name="n", smtp_port=0, has_auth=True)
    assert fields_of(result) == ["smtp_port"]
    assert "creat" not in result["msg"]


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"name": "n"}, ["email"]),
        ({"email": "a@b"}, ["name"]),
        ({"name": "n", "email": "a@b", "has_auth": True}, ["password"]),
        ({"name": "n", "email": "a@b", "smtp_auth_mechanism": "plain"}, ["smtp_auth_mechanism"]),
        ({"name": "n", "has_auth": True}, ["email", "password"]),
    ],
)
def test_a_creation(conversation: Conversation, itflex: Runner, options: dict[str, Any], fields: list[str]) -> None:
    conversation.expect("GET /api/email/accounts").answers([])
    assert fields_of(itflex.run(EMAIL_ACCOUNT, **options)) == fields


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"domain": "a b"}, ["domain"]),
        ({"domain": "", "state": "absent"}, ["domain"]),
        ({"domain": "a", "from": "x", "options": {"port": 0}}, ["from", "options.port"]),
        (
            {"domain": "a", "options": {"host": "a/b", "auth": {"user": "a\nb", "pass": "***"}}},
            ["options.auth.pass", "options.auth.user", "options.host"],
        ),
        (
            {"domain": "a", "options": {"extra": {"host": "b", "auth": {"pass": "hunter2"}, "tls": 5, "port": None}}},
            ["options.extra.host", "options.extra.port", "options.extra.auth.pass", "options.extra.tls"],
        ),
        (
            {"domain": "a", "options": {"extra": {"tls": {"rejectUnauthorized": True}}}},
            ["options.extra.tls.rejectUnauthorized"],
        ),
    ],
)
def test_settings(webitel: Runner, options: dict[str, Any], fields: list[str]) -> None:
    result = webitel.run(EMAIL_SETTINGS, **options)
    assert fields_of(result) == fields
    assert "hunter2" not in json.dumps(result)


@pytest.mark.parametrize(
    ("connection", "fields"),
    [
        ({"api_url": None}, ["api_url"]),
        ({"api_url": "ftp://a", "timeout": 0.0, "retries": -1}, ["api_url", "timeout", "retries"]),
        ({"access_token": None}, ["access_token"]),
        ({"access_token": "", "api_url": ""}, ["api_url", "access_token"]),
        ({"access_token": "a\nb"}, ["access_token"]),
        ({"refresh_token": "ü"}, ["refresh_token"]),
    ],
)
def test_the_connection_to_itflex(itflex: Runner, connection: dict[str, Any], fields: list[str]) -> None:
    assert fields_of(itflex.run(EMAIL_ACCOUNT, name="n", **connection)) == fields


@pytest.mark.parametrize(
    ("connection", "fields"),
    [
        ({"api_url": None, "access_token": None}, ["api_url", "access_token"]),
        ({"username": "u", "password": "p"}, ["access_token"]),
        ({"password": "p"}, ["access_token"]),
        ({"access_token": None, "username": "u"}, ["password"]),
        ({"access_token": None, "password": "p"}, ["access_token"]),
        ({"key": "a b"}, ["key"]),
    ],
)
def test_the_connection_to_webitel(webitel: Runner, connection: dict[str, Any], fields: list[str]) -> None:
    assert fields_of(webitel.run(EMAIL_SETTINGS, domain="a", **connection)) == fields


def test_problems_of_the_connection_and_of_the_record_come_together(itflex: Runner) -> None:
    assert fields_of(itflex.run(EMAIL_ACCOUNT, name="n", email="x", api_url=None)) == ["api_url", "email"]


@pytest.mark.parametrize("key", ["", " \t"])
def test_an_empty_key_of_a_plan(itflex: Runner, webitel: Runner, key: str) -> None:
    """It would make a plan that nobody signed, without a word."""
    assert fields_of(itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[], plan={"key": key})) == ["plan.key"]
    assert fields_of(webitel.run(EMAIL_SETTINGS_SYNC, settings=[], plan={"key": key})) == ["plan.key"]
