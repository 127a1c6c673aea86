# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible's events on their way through the callback: what the report says of them, and where it cannot be written."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible import constants

from ansible_collections.mailfleet.email.plugins.callback import report
from tests.unit.plugins.plugin_utils.report.results import created, synced

if TYPE_CHECKING:
    from pathlib import Path

NAME = "mailfleet.email.report"
STATS = SimpleNamespace(
    processed={"berlin": 1}, summarize=lambda _host: {"unreachable": 0, "failures": 0, "ok": 1, "skipped": 1}
)


@pytest.fixture
def callback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> report.CallbackModule:
    """The plugin, which writes JSON at the end of the run."""
    options = yaml.safe_load(report.DOCUMENTATION)["options"]
    constants.config.initialize_plugin_configuration_definitions("callback", NAME, options)
    monkeypatch.setenv("MAILFLEET_REPORT_JSON", str(tmp_path / "report.json"))
    plugin = report.CallbackModule()
    plugin._load_name = plugin._original_path = NAME
    plugin.set_options()
    return plugin


def event(result: dict[str, Any], *, loop: list[str] | None = None) -> SimpleNamespace:
    """The end of a task on a host, or of one of its items."""
    task = SimpleNamespace(
        _uuid="1",
        action=f"{NAME.rpartition('.')[0]}.email_accounts_sync",
        resolved_action=None,
        args={},
        check_mode=True,
        ignore_errors=False,
        ignore_unreachable=False,
        loop=loop,
        get_name=lambda: "The accounts",
    )
    return SimpleNamespace(_host=SimpleNamespace(get_name=lambda: "berlin"), _task=task, _result=result)


def written(callback: report.CallbackModule, path: Path) -> dict[str, Any]:
    callback.v2_playbook_on_stats(STATS)
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def test_items_that_are_skipped(callback: report.CallbackModule, tmp_path: Path) -> None:
    item = event({"skipped": True, "item": "a"}, loop=["a", "b"])
    callback.v2_runner_item_on_skipped(item)
    callback.v2_runner_item_on_ok(event({**synced(created("B")), "item": "b"}, loop=["a", "b"]))
    callback.v2_runner_on_ok(event({"results": []}, loop=["a", "b"]))
    tasks = written(callback, tmp_path / "report.json")["hosts"][0]["tasks"]
    assert [task["status"] for task in tasks] == ["skipped", "changed"]


def test_a_heading_stands_once_over_the_items(
    callback: report.CallbackModule, capsys: pytest.CaptureFixture[str]
) -> None:
    for key in ("A", "B"):
        callback.v2_runner_item_on_ok(event({**synced(created(key)), "item": key}, loop=["A", "B"]))
    shown = capsys.readouterr().out
    assert shown.count("berlin: iTFLEX (check mode)") == 1
    assert "+ email_account A" in shown
    assert "+ email_account B" in shown


def test_a_report_that_cannot_be_written_is_warned_of(
    callback: report.CallbackModule, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The run itself went well, or not; the report does not change that."""
    (tmp_path / "report.json").mkdir()
    callback.v2_playbook_on_stats(STATS)
    reported = " ".join(capsys.readouterr().err.split())
    assert "The json report was not written: Is a directory" in reported


def test_the_terminal_may_be_left_alone(
    callback: report.CallbackModule, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    callback.set_option("terminal", False)
    callback.v2_runner_on_ok(event(synced(created("A"))))
    assert written(callback, tmp_path / "report.json")["totals"]["planned"]["created"] == 1
    assert capsys.readouterr().out == ""
