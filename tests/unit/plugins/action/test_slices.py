# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What slices hand on and what is made of it, where a file cannot be read or written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.plugins.action.running import run

if TYPE_CHECKING:
    from pathlib import Path

RESULT: dict[str, list[str]] = {"results": [], "fingerprints": [], "outcomes": []}


@pytest.fixture
def plan(tmp_path: Path) -> str:
    """The file of a plan."""
    path = str(tmp_path / "plan.json")
    arguments = {"path": path, "hosts": ["berlin"], "variables": {"email_accounts": "accounts"}}
    run("plan_file", arguments, {"hostvars": {"berlin": {"accounts": RESULT}}})
    return path


@pytest.mark.parametrize("name", ["plan.json/merged.json", "", "m" * 300])
def test_a_merged_plan_that_cannot_be_written(tmp_path: Path, plan: str, name: str) -> None:
    result = run("merge", {"plans": [plan], "plan_path": f"{tmp_path}/{name}"})
    assert (result["failed"], result["failure"]) == (True, {"kind": "parts"})
    assert result["msg"].startswith(f"What was merged cannot be written: {tmp_path}"), result["msg"]


def test_a_merged_plan_that_can_be_written(tmp_path: Path, plan: str) -> None:
    assert run("merge", {"plans": [plan], "plan_path": f"{tmp_path}/merged.json"})["planned"] == ["berlin"]


@pytest.mark.parametrize(
    ("name", "handed_on", "warned"),
    [("plan.json", ["plan"], False), ("none.json", [], False), ("", [], True), ("m" * 300, [], True), ("\0", [], True)],
)
@pytest.mark.usefixtures("plan")
def test_the_plan_that_is_handed_on(tmp_path: Path, name: str, handed_on: list[str], warned: bool) -> None:
    """A run that ends badly is handed on, too."""
    result: dict[str, Any] = run("hand_on", {"run": "plan", "hosts": ["berlin"], "plan_path": f"{tmp_path}/{name}"})
    assert (result.get("failed", False), result["handed_on"]) == (False, handed_on)
    assert any("is not handed on: " in warning for warning in result["warnings"]) is warned
