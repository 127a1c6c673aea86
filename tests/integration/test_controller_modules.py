# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that work on the controller alone, in a playbook that holds them to their documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import Task
from tests.integration.records import account

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import ModuleSpec, Playbook


def test_export(playbook: Playbook, tmp_path: Path) -> None:
    playbook.sandbox.add_accounts([account()])
    arguments = {"path": str(tmp_path), "name": "appliance", "email_accounts": "{{ live }}"}
    run = playbook.run(
        [
            Task("read", "email_account_info", keywords={"register": "live"}),
            Task("foretell", "export", arguments, check=True, keywords={"diff": True}),
            Task("write", "export", arguments),
            Task("write again", "export", arguments),
            Task("write nothing", "export", {"path": str(tmp_path), "name": "appliance"}),
            Task("write something else", "export", {**arguments, "email_accounts": {"email_accounts": "none"}}),
        ]
    )
    reported = [run.succeeded(name).returned["changed"] for name in ("foretell", "write", "write again")]
    assert reported == [True, True, False]
    assert run.failed("write nothing").returned["failure"]["kind"] == "input"
    assert run.failed("write something else").returned["failure"]["kind"] == "export"


def test_host_info(playbook: Playbook, tmp_path: Path) -> None:
    playbook.sandbox.add_accounts([account()])
    write = {"path": str(tmp_path), "name": "appliance", "kinds": "{{ live.kinds }}"}
    run = playbook.run(
        [
            Task("read", "host_info", {"only": ["email_accounts"]}, keywords={"register": "live"}),
            Task("write", "export", write),
            Task("read what there is not", "host_info", {"only": ["accounts"]}),
        ]
    )
    read = run.succeeded("read").returned
    assert (read["changed"], len(read["kinds"]["email_accounts"]["email_accounts"])) == (False, 1)
    assert account()["password"] not in str(read)
    assert run.succeeded("write").returned["files"] == ["email_accounts.yml"]
    assert run.failed("read what there is not").returned["failure"]["kind"] == "input"


def test_drift(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts([account()])
    compare = {"accounts": [account()], "undescribed": True}
    registered = {"variables": {"email_accounts": "compared"}}
    run = playbook.run(
        [
            Task("compare", "email_accounts_sync", compare, check=True, keywords={"register": "compared"}),
            Task("equal", "drift", registered),
            Task("compare less", "email_accounts_sync", {**compare, "accounts": []}, True, {"register": "compared"}),
            Task("different", "drift", {**registered, "undescribed_differs": True}),
            Task("no options", "drift", {}),
        ]
    )
    assert run.succeeded("equal").returned["different"] == []
    assert run["different"].failed
    assert run["different"].returned["undescribed"] == ["email_accounts Certificates (id 1)"]
    assert run.failed("no options").returned["failure"]["kind"] == "input"


def test_plan_file(playbook: Playbook, tmp_path: Path) -> None:
    path = {"path": str(tmp_path / "plan.json")}
    write = {**path, "hosts": ["localhost"], "variables": {"email_accounts": "planned"}}
    run = playbook.run(
        [
            Task("plan", "email_accounts_sync", {"accounts": [account()], "plan": {}}, True, {"register": "planned"}),
            Task("write", "plan_file", write, check=True),
            Task("write again", "plan_file", write),
            Task("check", "plan_file", {**path, "hosts": ["localhost"], "state": "checked"}),
            Task("check more", "plan_file", {**path, "hosts": ["localhost", "pbx"], "state": "checked"}),
            Task("remove", "plan_file", {**path, "state": "absent"}, check=True),
            Task("remove again", "plan_file", {**path, "state": "absent"}),
            Task("write nothing", "plan_file", path),
        ]
    )
    names = ("write", "write again", "check", "remove", "remove again")
    assert [run.succeeded(name).returned["changed"] for name in names] == [True, False, False, True, False]
    assert run.succeeded("check").returned["planned"] == ["localhost"]
    assert run.failed("check more").returned["failure"]["kind"] == "plan"
    assert run.failed("write nothing").returned["failure"]["kind"] == "input"


@pytest.mark.parametrize("spec", ["action", "module"])
def test_a_task_is_held_to_what_a_file_says_of_its_host(playbook: Playbook, tmp_path: Path, spec: ModuleSpec) -> None:
    path = str(tmp_path / "plan.json")
    write = {"path": path, "hosts": ["localhost"], "variables": {"email_accounts": "planned"}, "key": "k"}
    held = {"accounts": [account()], "plan": {"path": path, "key": "k"}}
    run = playbook.run(
        [
            Task(
                "plan",
                "email_accounts_sync",
                {**held, "plan": {"key": "k"}},
                check=True,
                keywords={"register": "planned"},
            ),
            Task("write", "plan_file", write),
            Task("no key", "email_accounts_sync", {**held, "plan": {"path": path}}),
            Task("no file", "email_accounts_sync", {**held, "plan": {"path": f"{path}.old"}}),
            Task("both", "email_accounts_sync", {**held, "plan": {"path": path, "reviewed": []}}),
            Task("another plan", "email_accounts_sync", {**held, "accounts": [account(name="Other")]}),
            Task("apply", "email_accounts_sync", held),
        ],
        spec=spec,
    )
    for name, words in {
        "no key": f"email_accounts_sync: plan.path: The plan {path} is signed: give the key that it was made with",
        "no file": f"The plan {path}.old: No such file or directory",
        "both": "plan.path: stands in the place of reviewed: give one of them",
    }.items():
        failed = run.failed(name)
        assert words in failed.returned["msg"]
        assert failed.returned["failure"]["kind"] == "plan"
        assert failed.requests == []
    assert "Other: is not in the plan, and now: created" in run.failed("another plan").returned["msg"]
    assert run.succeeded("apply").returned["results"][0]["action"] == "created"


def test_test_send_summary(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts([account()])
    asked = {"recipient": "me@example.com", "through_accounts": [{"name": "Certificates", "password": "hunter2-4711"}]}
    run = playbook.run(
        [
            Task("prepare", "test_send_summary", asked),
            Task(
                "send",
                "email_account_test",
                {"name": "Certificates", "to_email": "me@example.com", "smtp_port": 1},
                keywords={"register": "sent", "ignore_errors": True},
            ),
            Task("summarise", "test_send_summary", {**asked, "answers": ["{{ sent }}"]}),
            Task("no options", "test_send_summary", {"answers": "none"}),
        ]
    )
    prepared = run.succeeded("prepare").returned
    assert (prepared["accounts"], prepared["recipients"]) == ([{"name": "Certificates"}], ["me@example.com"])
    [result] = run.succeeded("summarise").returned["results"]
    assert (result["product"], result["name"], result["sent"]) == ("itflex", "Certificates", False)
    assert run.failed("no options").returned["failure"]["kind"] == "input"
    assert "hunter2-4711" not in run.output
