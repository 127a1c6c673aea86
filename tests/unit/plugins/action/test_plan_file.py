# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file of a plan, written, checked and removed by a task."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import DOCUMENT_KEYS
from tests.unit.plugins.action.running import run

ENTRY = {"key": "Alarms", "action": "updated", "changed_fields": ["email"], "password": "hunter2"}
PLANNED = {"results": [ENTRY], "fingerprints": ["f00"], "outcomes": [["0c0"]]}
HOSTS = {
    "berlin": {"accounts": PLANNED, "settings": {"skipped": True}},
    "porto": {"accounts": {"failed": True, "msg": "no connection"}, "settings": PLANNED},
    "pbx": {"settings": PLANNED},
}
VARIABLES = {"email_accounts": "accounts", "email_settings": "settings"}


def planned(path: Path, hosts: list[str], **options: Any) -> dict[str, Any]:
    """The result of the task that writes a plan."""
    arguments = {"path": str(path), "hosts": hosts, "variables": VARIABLES, **options}
    return run("plan_file", arguments, {"hostvars": HOSTS})


def test_what_is_written(tmp_path: Path) -> None:
    result = planned(tmp_path / "plan.json", ["porto", "berlin", "pbx"])
    assert (result["planned"], result["not_planned"]) == (["berlin"], ["pbx", "porto"])
    document = json.loads((tmp_path / "plan.json").read_text())
    entry = {
        "record": "Alarms",
        "action": "updated",
        "changed_fields": ["email"],
        "fingerprint": "f00",
        "outcomes": ["0c0"],
    }
    assert document["hosts"] == {"berlin": {"email_accounts": [entry]}}
    assert document["totals"]["updated"] == 1
    assert document["signed"] is False


def test_a_plan_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    planned(path, ["berlin"], key="k")
    checked = {"path": str(path), "state": "checked", "hosts": ["berlin"]}
    assert run("plan_file", {**checked, "key": "k"})["planned"] == ["berlin"]
    for wrong in ({}, {"key": "other"}, {"key": "k", "hosts": ["berlin", "pbx"]}, {"key": "k", "hosts": []}):
        result = run("plan_file", {**checked, **wrong})
        assert result["failed"] is True
        assert result["failure"] == {"kind": "plan"}
        assert result["msg"].startswith(f"The plan {path} ")
    others = run("plan_file", {**checked, "key": "k", "hosts": [], "subset": True})
    assert ("failed" in others, others["others"]) == (False, ["berlin"])
    assert others["warnings"] == [f"the plan {path} is also about what is on no host of this run: berlin"]
    assert "warnings" not in run("plan_file", {**checked, "key": "k"})


def test_a_plan_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("{}")
    for changed in (True, False):
        result = run("plan_file", {"path": str(path), "state": "absent"})
        assert (result["changed"], result["path"]) == (changed, str(path))
        assert not path.exists()


def test_what_counts_as_a_change(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    assert planned(path, ["berlin"])["changed"] is True
    written = path.stat()
    assert planned(path, ["berlin"])["changed"] is False
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
    assert run("plan_file", {"path": str(path), "state": "checked", "hosts": ["berlin"]})["changed"] is False
    assert planned(path, ["berlin", "pbx"])["changed"] is True
    path.write_bytes(path.read_bytes()[:-1])
    assert planned(path, ["berlin", "pbx"])["changed"] is True
    assert json.loads(path.read_text())["not_planned"] == ["pbx"]


@pytest.mark.parametrize("key", ["", " ", "\n"])
def test_an_empty_key_is_an_error(tmp_path: Path, key: str) -> None:
    """It is what a missing secret of a pipeline looks like, and the plan would be unsigned without a word."""
    path = tmp_path / "plan.json"
    result = planned(path, ["berlin"], key=key)
    assert (result["failed"], result["failure"]) == (True, {"kind": "plan"})
    assert result["msg"].startswith(f"The plan {path} has an empty key")
    assert not path.exists()
    planned(path, ["berlin"])
    checked = run("plan_file", {"path": str(path), "state": "checked", "hosts": ["berlin"], "key": key})
    assert "has an empty key" in checked["msg"]


def test_whether_a_plan_is_signed_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    for options, signed, words in (({}, False, "is not signed"), ({"key": "k"}, True, "is signed")):
        result = planned(path, ["berlin"], **options)
        assert (result["signed"], words in result["msg"]) == (signed, True)
        assert f'"signed": {str(signed).lower()}' in path.read_text().splitlines()[0]


def test_unsigned_plans_are_refused_where_they_have_to_be_signed(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    assert "has to be signed" in planned(path, ["berlin"], signed=True)["msg"]
    assert not path.exists()
    assert "failed" not in planned(path, ["berlin"])
    checked = {"path": str(path), "state": "checked", "hosts": ["berlin"], "signed": True}
    assert "has to be signed" in run("plan_file", checked)["msg"]
    assert "is not signed" in run("plan_file", {**checked, "key": "k"})["msg"]
    assert "failed" not in planned(path, ["berlin"], signed=True, key="k")
    assert "failed" not in run("plan_file", {**checked, "key": "k"})


def test_hosts_that_could_not_be_planned(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    planned(path, ["porto", "berlin"])
    checked = {"path": str(path), "state": "checked", "hosts": ["porto", "berlin"]}
    assert "could not plan porto" in run("plan_file", checked)["msg"]
    result = run("plan_file", {**checked, "unplanned": "skip"})
    assert result["left_out"] == ["porto"]
    assert result["warnings"] == ["left out, since they could not be planned: porto"]
    assert "failed" in run("plan_file", {**checked, "hosts": ["porto", "berlin", "pbx"], "unplanned": "skip"})


def test_a_pipe_is_no_plan(tmp_path: Path) -> None:
    """To open one would wait for a writer."""
    os.mkfifo(tmp_path / "plan.json")
    result = run("plan_file", {"path": str(tmp_path / "plan.json"), "state": "checked", "hosts": ["berlin"]})
    assert result["msg"] == f"The plan {tmp_path}/plan.json: is no regular file"


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = planned(tmp_path / "file" / "plan.json", ["berlin"])
    assert result["failed"] is True
    assert result["msg"].startswith(f"The plan {tmp_path}/file/plan.json: ")


@pytest.mark.parametrize(
    "held",
    [
        {"results": [ENTRY]},
        {"fingerprints": ["f00"], "outcomes": [[]]},
        {"results": [{"item": 1, "action": "updated"}], "fingerprints": ["f00"], "outcomes": [[]]},
        {"changed": True, "results": [1]},
    ],
)
def test_results_of_tasks_without_the_option_plan(tmp_path: Path, held: dict[str, Any]) -> None:
    hostvars = {"berlin": {"accounts": held, "settings": {"skipped": True}}}
    arguments = {"path": str(tmp_path / "plan.json"), "hosts": ["berlin"], "variables": VARIABLES}
    result = run("plan_file", arguments, {"hostvars": hostvars})
    assert result["msg"] == f"The plan {tmp_path}/plan.json needs results of tasks with the option plan"
    assert not (tmp_path / "plan.json").exists()


@pytest.mark.parametrize("held", [[1], "a text", 5, None])
def test_a_variable_that_holds_no_result(tmp_path: Path, held: Any) -> None:
    hostvars = {"berlin": {"accounts": held, "settings": PLANNED}}
    result = run(
        "plan_file",
        {"path": str(tmp_path / "plan.json"), "hosts": ["berlin"], "variables": VARIABLES},
        {"hostvars": hostvars},
    )
    assert (result["planned"], result["not_planned"]) == ([], ["berlin"])


def test_a_key_that_is_no_text(tmp_path: Path) -> None:
    """As it comes out of a file of random bytes."""
    path = tmp_path / "plan.json"
    assert planned(path, ["berlin"], key="k\udcff")["signed"] is True
    checked = {"path": str(path), "state": "checked", "hosts": ["berlin"]}
    assert run("plan_file", {**checked, "key": "k\udcff"})["planned"] == ["berlin"]
    assert run("plan_file", {**checked, "key": "k\udcfe"})["failed"] is True


def test_the_results_about_all_kinds(tmp_path: Path) -> None:
    planned_kinds: dict[str, Any] = {key: {"skipped": True} for key in DOCUMENT_KEYS}
    planned_kinds["email_accounts"] = {"results": [], "fingerprints": [], "outcomes": []}
    hostvars = {"berlin": {"synced": {"kinds": planned_kinds}}, "lisbon": {"synced": {"failed": True}}, "porto": {}}
    arguments = {"path": str(tmp_path / "plan.json"), "hosts": [*hostvars], "synced": "synced"}
    result = run("plan_file", arguments, {"hostvars": hostvars})
    assert (result["planned"], result["not_planned"]) == (["berlin"], ["lisbon", "porto"])


def test_a_host_that_the_inventory_does_not_know(tmp_path: Path) -> None:
    result = planned(tmp_path / "plan.json", ["berlin", "nobody"])
    assert result["msg"] == f"The plan {tmp_path}/plan.json is to be about nobody, which the inventory does not know"


@pytest.mark.parametrize("options", [{}, {"hosts": []}, {"state": "checked"}, {"state": "reviewed"}])
def test_wrong_options(tmp_path: Path, options: dict[str, Any]) -> None:
    assert run("plan_file", {"path": str(tmp_path / "plan.json"), **options})["failure"]["kind"] == "input"
    assert run("plan_file", options)["failure"]["kind"] == "input"


def test_everything_that_is_wrong_with_the_options_is_reported_at_once() -> None:
    result = run("plan_file", {"state": "tomorrow", "subset": "perhaps", "colour": "red"})
    assert (result["failed"], result["changed"], result["failure"]["kind"]) == (True, False, "input")
    assert all(word in result["msg"] for word in ("state", "subset", "colour", "path")), result["msg"]
