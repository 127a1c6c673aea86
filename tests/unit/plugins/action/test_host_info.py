# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task that reads all that is live on the servers of a host."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.action import host_info
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import DOCUMENT_KEYS, KINDS
from ansible_collections.mailfleet.email.plugins.plugin_utils._rendering import reference_to
from tests.unit.plugins.action.running import run

HOST = {"inventory_hostname": "berlin"}


@pytest.fixture(autouse=True)
def tasks(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """What the tasks that read single kinds of record would have been given; each ends well, but for that to `fail`."""
    given: dict[str, dict[str, Any]] = {}
    keys = {kind.info_module: kind.key for kind in KINDS}

    class Action:
        spec: Any = None

        def __init__(self, task: Any, *_others: Any) -> None:
            self._task = task

        def run(self, task_vars: dict[str, Any]) -> dict[str, Any]:
            key = keys[self._task.action]
            given[key] = self._task.args
            if task_vars.get("fail") == key:
                return {"changed": False, "failed": True, "msg": f"{key} failed", "failure": {"kind": "refused"}}
            return {"changed": False, key: [], "secret_fields": []}

    actions = host_info.ActionModule.actions
    made = {key: type(key, (Action,), {"spec": action.spec}) for key, action in actions.items()}
    monkeypatch.setattr(host_info.ActionModule, "actions", made)
    for kind in KINDS:
        monkeypatch.delenv(f"{kind.variables}_API_URL", raising=False)
    return given


def servers() -> dict[str, str]:
    """A host that has a server of each kind."""
    return {f"{kind.variables.lower()}_api_url": f"https://{kind.product}.example.com" for kind in KINDS}


def test_what_the_host_has_is_read(tasks: dict[str, dict[str, Any]]) -> None:
    variables = {
        **HOST,
        "itflex_api_url": "https://berlin.example.com",
        "itflex_timeout": None,
        "itflex_access_token": reference_to("token"),
        "token": "t",
        "webitel_key": reference_to("nobody_knows"),
        "webitel_cloud_api_url": "",
        "mailfleet_shown_fields": ["service"],
        "mailfleet_prune": True,
        "mailfleet_defaults": {"email_accounts": {"smtp_port": 465}},
    }
    result = run("host_info", {}, variables)
    given = {"api_url": "https://berlin.example.com", "access_token": "t", "shown_fields": ["service"]}
    assert tasks == {"email_accounts": given}
    assert (result["changed"], result.get("failed")) == (False, None)
    assert result["kinds"]["email_accounts"]["server"] == "https://berlin.example.com"
    skipped = {key for key, found in result["kinds"].items() if found.get("skipped")}
    assert skipped == {*DOCUMENT_KEYS} - {"email_accounts"}


def test_every_kind_is_read(tasks: dict[str, dict[str, Any]]) -> None:
    assert "failed" not in run("host_info", {}, {**HOST, **servers()})
    assert set(tasks) == {kind.key for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS, ids=[kind.key for kind in KINDS])
def test_the_server_of_the_environment(
    tasks: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch, kind: Any
) -> None:
    monkeypatch.setenv(f"{kind.variables}_API_URL", "https://of.example.com")
    assert "failed" not in run("host_info", {}, HOST)
    assert tasks == {kind.key: {}}


def test_what_is_not_asked_for_is_not_read(tasks: dict[str, dict[str, Any]]) -> None:
    variables = {**HOST, **servers(), "webitel_key": reference_to("nobody_knows")}
    result = run("host_info", {"only": ["email_accounts"]}, variables)
    assert set(tasks) == {"email_accounts"}
    assert result["kinds"]["email_settings"]["skip_reason"] == "it is not to be read"
    of_others = {**HOST, "webitel_cloud_api_url": "https://cloud.example.com"}
    assert "failed" not in run("host_info", {"only": ["email_accounts"]}, of_others)


def test_a_kind_that_there_is_not(tasks: dict[str, dict[str, Any]]) -> None:
    result = run("host_info", {"only": ["email_acounts"]}, {**HOST, **servers()})
    assert result["failure"]["kind"] == "input"
    assert "must be of email_settings, email_accounts, email_profiles" in result["msg"]
    assert tasks == {}


def test_each_kind_has_its_turn(tasks: dict[str, dict[str, Any]]) -> None:
    result = run("host_info", {}, {**HOST, **servers(), "fail": "email_settings"})
    assert (result["failed"], result["msg"], result["failure"]) == (True, "email_settings failed", {"kind": "refused"})
    assert set(tasks) == {kind.key for kind in KINDS}
    result = run("host_info", {}, {**HOST, **servers(), "webitel_key": reference_to("nobody_knows")})
    assert "nobody_knows" in result["msg"]
    assert "failed" not in result["kinds"]["email_profiles"]


def test_a_host_without_a_server() -> None:
    result = run("host_info", {}, {**HOST, "itflex_api_url": None})
    assert (result["failed"], result["failure"]) == (True, {"kind": "hosts"})
    names = [f"{kind.product}_api_url" for kind in KINDS]
    given = f"{', '.join(names[:-1])} or {names[-1]}"
    assert result["msg"] == f"No server is known for berlin: give {given}, or leave the host out with --limit."


def test_module_defaults_of_the_group_and_of_the_module(tasks: dict[str, dict[str, Any]]) -> None:
    """The module's own count more than those of its group, and the host's variables more than both."""
    defaults = [
        {"group/mailfleet.email.itflex": {"api_url": "https://early.example.com", "timeout": 1}},
        {
            "group/mailfleet.email.itflex": {"api_url": reference_to("url"), "timeout": 5, "retries": 1},
            "mailfleet.email.email_account_info": {"timeout": 7},
            "mailfleet.email.email_accounts_sync": {"timeout": 9},
        },
    ]
    variables = {**HOST, "url": "https://group.example.com", "itflex_retries": 4}
    assert "failed" not in run("host_info", {}, variables, module_defaults=defaults)
    assert tasks == {"email_accounts": {"api_url": "https://group.example.com", "timeout": 7, "retries": 4}}
