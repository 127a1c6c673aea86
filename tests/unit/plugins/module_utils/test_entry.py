# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's arguments to its printed result, with AnsibleModule around it."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mailfleet.email.plugins.module_utils._delivery.spec import EMAIL_DELIVERY_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.info_spec import EMAIL_ACCOUNT_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.send_test import EMAIL_ACCOUNT_TEST
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import (
    EMAIL_SETTINGS,
    EMAIL_SETTINGS_INFO,
)
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, live, sent
from tests.unit.plugins.module_utils._products.webitel.records import DOMAIN, GET, stored
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.modules import module_output

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the module writes to the system's log."""
    lines: list[str] = []

    def log(_module: AnsibleModule, msg: str, log_args: Any = None) -> None:
        lines.append(f"{msg} {log_args}")

    monkeypatch.setattr(AnsibleModule, "log", log)
    return lines


@pytest.fixture(autouse=True)
def _log_to_the_test(logged: list[str]) -> None:
    """Keep all tests away from the system's log."""


@pytest.fixture
def itflex(conversation: Conversation) -> dict[str, Any]:
    return {"api_url": conversation.url, "access_token": "t0k3n", "retries": 0}


def test_a_change(conversation: Conversation, itflex: dict[str, Any], capsys: Capture) -> None:
    conversation.expect(f"GET {ACCOUNTS}", headers={"Authorization": "Bearer t0k3n"}).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=25)).answers(live(smtp_port=25))
    result = module_output(EMAIL_ACCOUNT, {**itflex, "id": "7", "smtp_port": "25"}, capsys)
    assert (result["changed"], result["action"]) == (True, "updated")
    assert result["diff"]["after"]["smtp_port"] == 25
    arguments = result["invocation"]["module_args"]
    assert (arguments["access_token"], arguments["refresh_token"], arguments["id"]) == (HIDDEN, None, 7)


def test_check_mode(conversation: Conversation, itflex: dict[str, Any], capsys: Capture) -> None:
    conversation.expect(f"GET {ACCOUNTS}").answers([live()])
    result = module_output(EMAIL_ACCOUNT, {**itflex, "id": 7, "smtp_port": 25, "_ansible_check_mode": True}, capsys)
    assert result["changed"]


def test_warnings_come_with_the_result(conversation: Conversation, itflex: dict[str, Any], capsys: Capture) -> None:
    conversation.expect(f"GET {ACCOUNTS}").answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=25)).answers(live(smtp_port=26))
    result = module_output(EMAIL_ACCOUNT, {**itflex, "id": 7, "smtp_port": 25}, capsys)
    assert "smtp_port: sent 25, but the server stores 26" in str(result["warnings"])


def test_a_failure_is_reported_in_words_and_as_data(
    conversation: Conversation, itflex: dict[str, Any], capsys: Capture
) -> None:
    conversation.expect(f"GET {ACCOUNTS}").answers({"errors": [{"field": "a", "type": "rule"}]}, status=400)
    result = module_output(EMAIL_ACCOUNT, {**itflex, "id": 7}, capsys)
    assert result["failed"]
    assert result["msg"].endswith("the server answers 400: a: a rule of the server forbids it. Check what it names")
    assert (result["failure"]["kind"], result["failure"]["status"]) == ("refused", 400)


def test_the_environment_stands_in(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("ITFLEX_API_URL", conversation.url)
    monkeypatch.setenv("ITFLEX_REFRESH_TOKEN", "r3fr3sh")
    refresh = {"grant_type": "refresh_token", "refresh_token": "r3fr3sh"}
    conversation.expect("POST /api/v1/oauth2/token", refresh).answers({"access_token": "a1"})
    conversation.expect(f"GET {ACCOUNTS}", headers={"Authorization": "Bearer a1"}).answers([])
    result = module_output(EMAIL_ACCOUNT_INFO, {}, capsys)
    assert result["email_accounts"] == []
    assert "r3fr3sh" not in json.dumps(result)


def test_credentials_of_the_task_beat_those_of_the_environment(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    for name, value in (("API_URL", conversation.url), ("USERNAME", "u"), ("PASSWORD", "p"), ("KEY", "k")):
        monkeypatch.setenv(f"WEBITEL_{name}", value)
    conversation.expect(GET, headers={"X-Access-Token": "t1"}).answers(stored())
    module_output(EMAIL_SETTINGS_INFO, {"domain": DOMAIN, "access_token": "t1"}, capsys)


@pytest.mark.parametrize("library", ["requests", "voluptuous"])
def test_a_missing_library(
    itflex: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: Capture, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    result = module_output(EMAIL_ACCOUNT, {**itflex, "name": "n"}, capsys)
    assert result["failed"]
    assert f"Failed to import the required Python library ({library})" in result["msg"]
    assert "t0k3n" not in json.dumps(result)


@pytest.mark.parametrize("library", ["requests", "voluptuous"])
def test_a_missing_library_and_bad_arguments(monkeypatch: pytest.MonkeyPatch, capsys: Capture, library: str) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    result = module_output(EMAIL_ACCOUNT, {"name": "n", "smtp_port": "many"}, capsys)
    assert result["failed"]
    assert library in result["msg"] or "smtp_port" in result["msg"]


def test_a_word_of_a_secret_is_not_blanked_elsewhere(
    conversation: Conversation, itflex: dict[str, Any], capsys: Capture
) -> None:
    account = live(password="certs")
    conversation.expect(f"GET {ACCOUNTS}").answers([account])
    options = {"name": "Certificates", "email": "certs@example.com", "password": "certs", "smtp_port": 465}
    result = module_output(EMAIL_ACCOUNT, {**itflex, **options}, capsys)
    assert result["email_account"]["email"] == "certs@example.com"
    arguments = result["invocation"]["module_args"]
    assert (arguments["email"], arguments["password"]) == ("certs@example.com", HIDDEN)


def test_secrets_of_the_invocation_are_masked_by_position(
    conversation: Conversation, capsys: Capture, logged: list[str]
) -> None:
    record = {
        "provider": "smtp",
        "options": {"host": "h", "auth": {"user": "u", "pass": "hunter2"}, "dkim": {"privateKey": "hunter2"}},
    }
    conversation.expect(GET).answers(stored(record))
    arguments = {
        "api_url": conversation.url,
        "access_token": "t0k3n",
        "key": "k3y",
        "domain": DOMAIN,
        "options": {
            "host": "h",
            "auth": {"user": "u", "password": "hunter2"},
            "extra": {"dkim": {"privateKey": "hunter2"}},
        },
    }
    result = module_output(EMAIL_SETTINGS, arguments, capsys)
    shown = result["invocation"]["module_args"]
    assert result["action"] == "none"
    assert (shown["access_token"], shown["key"], shown["username"]) == (HIDDEN, HIDDEN, None)
    assert (shown["options"]["host"], shown["options"]["extra"]) == ("h", HIDDEN)
    assert shown["options"]["auth"]["user"] == "u"
    assert {shown["options"]["auth"][name] for name in ("pass", "password")} == {HIDDEN}
    assert not any(secret in f"{result} {logged}" for secret in ("hunter2", "t0k3n", "k3y"))
    assert logged


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "n", "secret_word": "hunter2"},
        {"name": "n", "password": {"a": "hunter2"}},
        {"name": "n", "password": ["hunter2"], "smtp_port": "x"},
        {"name": "n", "password": "hunter2\n***", "service": "nobody"},
        {"name": "n", "api_url": "http://user:hunter2@server.example.com"},
        {"name": "n", "smtp_server": "user:hunter2@mail.example.com"},
        {"name": "n", "access_token": "hunter2\nhunter2"},
        {"password": "hunter2"},
    ],
)
def test_bad_arguments_show_no_secret(
    itflex: dict[str, Any], arguments: dict[str, Any], capsys: Capture, logged: list[str]
) -> None:
    result = module_output(EMAIL_ACCOUNT, {**itflex, "email": "x", **arguments}, capsys)
    assert result["failed"]
    assert "hunter2" not in json.dumps(result)
    assert "hunter2" not in str(logged)


@pytest.mark.parametrize("host", ["user:hunter2@mail.example.com", "smtps://user:hunter2@mail.example.com"])
def test_a_password_in_a_host_shows_nowhere(
    conversation: Conversation, host: str, capsys: Capture, logged: list[str]
) -> None:
    webitel = {"api_url": conversation.url, "access_token": "a", "domain": DOMAIN, "options": {"host": host}}
    mailbox = {"host": host, "username": "me", "password": "p", "messages": []}
    for spec, arguments in ((EMAIL_SETTINGS, webitel), (EMAIL_DELIVERY_INFO, mailbox)):
        result = module_output(spec, arguments, capsys)
        assert "must be the name or the address of a server" in result["msg"]
        assert "hunter2" not in json.dumps(result)
    assert "hunter2" not in str(logged)


@pytest.mark.parametrize(
    "filters", [{"password": "hunter2"}, {"options": {"auth": {"pass": "hunter2"}}}, {"auth.pass": "hunter2"}]
)
def test_a_secret_in_a_filter_shows_nowhere(
    itflex: dict[str, Any], filters: dict[str, Any], capsys: Capture, logged: list[str]
) -> None:
    result = module_output(EMAIL_ACCOUNT_INFO, {**itflex, "filters": filters}, capsys)
    assert result["failed"]
    assert "hunter2" not in json.dumps(result)
    assert "hunter2" not in str(logged)


@pytest.mark.parametrize(
    "options", ["hunter2", ["hunter2"], {"auth": "hunter2"}, {"unknown": "hunter2"}, {"auth": {"x": "hunter2"}}]
)
def test_options_of_another_shape_show_no_secret(
    conversation: Conversation, options: Any, capsys: Capture, logged: list[str]
) -> None:
    arguments = {"api_url": conversation.url, "access_token": "a", "domain": DOMAIN, "options": options}
    result = module_output(EMAIL_SETTINGS, arguments, capsys)
    assert result["failed"]
    assert "hunter2" not in json.dumps(result)
    assert "hunter2" not in str(logged)


def test_all_that_is_wrong_comes_at_once(capsys: Capture) -> None:
    arguments = {"email": "nobody", "smtp_port": "many", "service": "yahoo", "unknown": 1, "password": "****"}
    result = module_output(EMAIL_ACCOUNT, arguments, capsys)
    fields = [problem["field"] for problem in result["failure"]["problems"]]
    assert {"api_url", "access_token", "email", "password"} < set(fields)
    for words in ("smtp_port", "yahoo", "unknown", "nobody"):
        assert words in result["msg"]
    assert result["failure"]["kind"] == "input"


def test_records_are_validated_one_by_one_and_never_logged(
    conversation: Conversation, itflex: dict[str, Any], capsys: Capture, logged: list[str]
) -> None:
    conversation.expect(f"GET {ACCOUNTS}").answers([live()])
    records = [{"name": "Certificates", "password": "hunter2"}, {"name": "Old", "state": "absent", "smtp_port": "25"}]
    result = module_output(EMAIL_ACCOUNTS_SYNC, {**itflex, "accounts": records}, capsys)
    assert [entry["action"] for entry in result["results"]] == ["none", "none"]
    assert result["invocation"]["module_args"]["accounts"] == "2 records"
    assert logged
    assert not any(text in line for line in logged for text in ("hunter2", "Certificates"))


def test_all_that_is_wrong_with_records_comes_at_once(itflex: dict[str, Any], capsys: Capture) -> None:
    records = [{"name": "a", "smtp_prot": 25}, {"name": "b", "service": "yahoo"}, "hunter2"]
    result = module_output(EMAIL_ACCOUNTS_SYNC, {**itflex, "accounts": records, "concurrency": 0}, capsys)
    problems = {problem["field"]: problem["message"] for problem in result["failure"]["problems"]}
    assert problems["accounts[0].smtp_prot"].startswith("(a) is no option here; these are: default, email, ")
    assert problems["accounts[0].smtp_prot"].endswith("Is smtp_port meant?")
    assert problems["accounts[1].service"] == "(b) must be one of gmail, outlook, other, not 'yahoo'"
    assert problems["accounts[2]"] == "must be a mapping of options to values, not a text"
    assert problems["concurrency"] == "must be from 1 to 64"
    assert "hunter2" not in json.dumps(result)


def test_warnings_about_records_come_with_the_result(
    conversation: Conversation, itflex: dict[str, Any], capsys: Capture
) -> None:
    conversation.expect(f"GET {ACCOUNTS}").answers([live()])
    records = [{"name": "Certificates", "has_auth": True, "hash_auth": True}]
    result = module_output(EMAIL_ACCOUNTS_SYNC, {**itflex, "accounts": records}, capsys)
    reported = "Both option accounts[0].has_auth and its alias accounts[0].hash_auth are set."
    assert json.dumps(result["warnings"]).count(reported) == 1


@pytest.mark.parametrize("spec", [EMAIL_ACCOUNT, EMAIL_ACCOUNT_TEST])
def test_what_an_account_is_found_by_is_required(itflex: dict[str, Any], spec: Any, capsys: Capture) -> None:
    result = module_output(spec, itflex, capsys)
    assert "id: is missing: give one of id, name, email" in result["msg"]


def test_a_domain_is_required(conversation: Conversation, capsys: Capture) -> None:
    result = module_output(EMAIL_SETTINGS, {"api_url": conversation.url, "access_token": "a"}, capsys)
    assert result["msg"].startswith("email_settings of a domain: ")
    assert "domain: is missing: give a text" in result["msg"]


def test_all_that_is_missing_comes_at_once(conversation: Conversation, capsys: Capture) -> None:
    """Also beside what is wrong otherwise, and at each level."""
    reviewed = [{"action": "none"}, {"record": "a", "action": "none", "fingerprint": "b"}]
    arguments = {"api_url": conversation.url, "retries": "many", "plan": {"key": "k", "reviewed": reviewed}}
    result = module_output(EMAIL_ACCOUNTS_SYNC, {**arguments, "accounts": []}, capsys)
    found = {problem["field"]: problem["message"] for problem in result["failure"]["problems"]}
    for name in ("record", "fingerprint"):
        assert found[f"plan.reviewed[0].{name}"] == "is missing: give a text"
    assert found["retries"] == "must be a whole number, not a text"
    assert "access_token" in found
