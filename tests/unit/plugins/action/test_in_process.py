# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a task is handed to its module, and what is decided before."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils import _in_process
from tests.unit.plugins.action.running import action

if TYPE_CHECKING:
    from pathlib import Path

# Not enough for the work, so that whoever does it finds that out before any request.
ARGUMENTS = {"name": "Alarms", "api_url": "https://mail-gw.example.com", "smtp_port": 70000}
FOUND_HERE = "smtp_port"


class Handed(Exception):
    """The task went to the module."""


def outcome(
    arguments: dict[str, Any] | None = None,
    variables: dict[str, Any] | None = None,
    connection: dict[str, Any] | None = None,
    name: str = "email_account",
    **keywords: Any,
) -> dict[str, Any]:
    """The result of a task whose module only tells that it was called, and with what."""
    plugin = action(name, dict(ARGUMENTS if arguments is None else arguments), variables, **keywords)
    for attribute, value in (connection or {}).items():
        setattr(plugin._connection, attribute, value)

    def hand_over(module_args: dict[str, Any], task_vars: Any, wrap_async: bool) -> dict[str, Any]:
        assert task_vars == (variables or {})
        return {"handed": module_args, "in_background": bool(wrap_async)}

    plugin._execute_module = hand_over
    result: dict[str, Any] = plugin.run(task_vars=variables or {})
    return result


@pytest.mark.parametrize(
    ("variables", "connection", "keywords"),
    [
        ({}, {}, {}),
        ({}, {"transport": "ansible.builtin.local"}, {}),
        ({"mailfleet_in_process": "yes"}, {}, {}),
        ({"ansible_python_interpreter": sys.executable}, {}, {}),
        ({"ansible_python_interpreter": "auto_silent"}, {}, {}),
        ({}, {}, {"environment": [{}, None]}),
        ({"ansible_python_interpreter": "/elsewhere/python"}, {}, {"delegate_to": "other"}),
    ],
)
def test_the_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, Any], connection: dict[str, Any], keywords: dict[str, Any]
) -> None:
    monkeypatch.delenv("MAILFLEET_IN_PROCESS", raising=False)
    if "delegate_to" in keywords:
        # What is chosen for the host that the task is delegated to counts, and that is this Python.
        variables = {**variables, "ansible_delegated_vars": {"other": {"ansible_python_interpreter": sys.executable}}}
    result = outcome(variables=variables, connection=connection, **keywords)
    assert result["failed"] is True
    assert FOUND_HERE in result["msg"]


@pytest.mark.parametrize(
    ("variables", "connection", "keywords"),
    [
        ({}, {"transport": "ssh"}, {}),
        ({}, {"become": object()}, {}),
        ({}, {}, {"async_val": 10}),
        ({}, {}, {"environment": [{"A": "b"}]}),
        ({"mailfleet_in_process": False}, {}, {}),
        ({"mailfleet_in_process": "no"}, {}, {}),
        ({"ansible_python_interpreter": "/elsewhere/python"}, {}, {}),
        ({"ansible_python_interpreter": "no-such-python"}, {}, {}),
    ],
)
def test_the_module_does_the_work(
    variables: dict[str, Any], connection: dict[str, Any], keywords: dict[str, Any]
) -> None:
    result = outcome(variables=variables, connection=connection, **keywords)
    assert result["handed"] == ARGUMENTS
    assert result["in_background"] is bool(keywords.get("async_val"))


def test_the_environment_switches_it_off_and_a_variable_on_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLEET_IN_PROCESS", "false")
    assert "handed" in outcome()
    assert "handed" not in outcome(variables={"mailfleet_in_process": True})


@pytest.mark.parametrize("library", ["requests", "voluptuous"])
def test_without_a_library_the_module_tells_so(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    monkeypatch.setattr(_in_process, library, None)
    assert "handed" in outcome()


def test_the_module_gets_what_the_task_reads(tmp_path: Path) -> None:
    """The files stand on the controller, wherever the module runs."""
    (tmp_path / "a.yml").write_text("- name: Alarms\n")
    arguments = {"src": str(tmp_path / "a.yml"), "prune": True}
    found = outcome(arguments, connection={"transport": "ssh"}, name="email_accounts_sync")
    assert found["handed"] == {"prune": True, "accounts": [{"name": "Alarms"}]}


def test_a_document_about_another_product_skips_the_task(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("email_settings: []\n")
    result = outcome({"document": str(tmp_path / "a.yml")}, name="email_accounts_sync")
    reported = "the document says nothing about email_accounts"
    assert (result["changed"], result["skipped"], result["skip_reason"]) == (False, True, reported)


def test_a_document_that_cannot_be_read_fails_the_task(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("hunter2\n")
    result = outcome({"document": str(tmp_path / "a.yml")}, name="email_accounts_sync")
    assert (result["changed"], result["failed"], result["failure"]["kind"]) == (False, True, "input")
    (problem,) = result["failure"]["problems"]
    assert problem["field"] == "document"
    assert "must be a mapping" in problem["message"]
    assert "hunter2" not in str(result)


@pytest.mark.parametrize("until", [[], ["result is succeeded"]])
def test_another_try_gets_the_records_again(until: list[str]) -> None:
    """Ansible hands the task's arguments to the next try; without one, it need not carry thousands of records."""
    plugin = action("email_accounts_sync", {"accounts": [{"name": "a", "smtp_port": 0}], "prune": False}, until=until)
    assert plugin.run(task_vars={})["failed"] is True
    assert ("accounts" in plugin._task.args) is bool(until)
    assert plugin._task.args["prune"] is False


def test_connections_are_kept_for_one_task_only() -> None:
    first, second = action("email_account", {}), action("email_account", {})
    kept = first._connections()
    assert first._connections() is kept
    assert second._connections() is not kept
    assert first._connections() is not kept
    again = action("email_account", {}, until=["result is succeeded"])
    assert again._connections() is not again._connections()
