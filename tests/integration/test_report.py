# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of real runs, as JSON: what it tells of each task, host and record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, account, settings
from tests.integration.reporting import EVERY_FORM, read, tasks_of, without_times

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import Document, ModuleSpec, Playbook
    from tests.sandbox.client import Sandbox

BOTH_WAYS = pytest.mark.parametrize("spec", WAYS)
LIVE = [account(), account(name="Old", email="old@example.com"), account(name="Same", email="same@example.com")]
SYNC = {
    "accounts": [
        {"name": "Certificates", "smtp_port": 587, "password": "next-password"},
        account(name="New", email="new@example.com"),
        {"name": "Same", "smtp_port": 465},
    ],
    "prune": True,
    "prune_limit": "100%",
}


def _actions(task: Document) -> dict[str, str]:
    return {record["key"]: record["action"] for record in task["records"]}


@BOTH_WAYS
@pytest.mark.parametrize("check", [True, False])
def test_records_of_a_sync(playbook: Playbook, spec: ModuleSpec, check: bool) -> None:
    playbook.sandbox.add_accounts(LIVE)
    run = playbook.run([Task("sync", "email_accounts_sync", SYNC, check=check)], spec=spec, environment=EVERY_FORM)
    run.succeeded("sync")
    document = read(run)
    task = tasks_of(document)["sync"]
    assert _actions(task) == {"Certificates": "updated", "New": "created", "Same": "none", "Old": "deleted"}
    counts = {"created": 1, "updated": 1, "unknown": 0, "deleted": 1, "unchanged": 1, "failed": 0}
    nothing = dict.fromkeys(counts, 0)
    assert document["totals"]["planned"] == (counts if check else nothing)
    assert document["totals"]["applied"] == (nothing if check else counts)
    assert (document["mode"], task["check_mode"]) == (("check", True) if check else ("apply", False))
    assert (task["product"], task["server"]) == ("itflex", playbook.sandbox.ready["itflex"]["api_url"])
    assert (task["play"], task["module"]) == ("Test", "mailfleet.email.email_accounts_sync")
    assert task["duration"] > 0
    assert task["records"][0]["changes"] == [
        {"field": "password", "before": "<secret: current>", "after": "<secret: new>"},
        {"field": "smtp_port", "before": 465, "after": 587},
    ]


@BOTH_WAYS
def test_records_of_other_modules(playbook: Playbook, sandbox: Sandbox, spec: ModuleSpec) -> None:
    sandbox.add_accounts(LIVE)
    sandbox.put_settings(DOMAIN, settings())
    tasks = [
        Task("change", "email_account", {"name": "Old", "smtp_port": 587}),
        Task("unchanged", "email_settings", {"domain": DOMAIN, "options": {"port": 465}}),
        Task("many", "email_settings_sync", {"settings": [{"domain": DOMAIN, "state": "absent"}]}, check=True),
        Task("read", "email_account_info"),
        Task("send", "email_settings_test", {"domain": DOMAIN, "to_email": "me@example.com"}, check=True),
        Task("wrong", "email_account", {"name": "New"}),
        Task("refused", "email_account", {"name": "Old", "email": "nobody"}),
        Task("hidden", "email_account", {"name": "Old", "smtp_port": 465}, keywords={"no_log": True}),
        Task("skipped", "email_account", {"name": "Old"}, keywords={"when": False}),
        Task("undefined", "email_account", {"name": "{{ nowhere }}"}),
        Task("loop", "email_account", {"name": "{{ item }}", "smtp_port": 25}, keywords={"loop": ["Old", "Same"]}),
    ]
    document = read(playbook.run(tasks, spec=spec, environment=EVERY_FORM))
    found = tasks_of(document)
    assert list(found) == [task.name for task in tasks]
    statuses = {name: task["status"] for name, task in found.items()}
    assert statuses == {
        **dict.fromkeys(("change", "many", "hidden", "loop"), "changed"),
        **dict.fromkeys(("unchanged", "read", "send"), "ok"),
        **dict.fromkeys(("wrong", "refused", "undefined"), "failed"),
        "skipped": "skipped",
    }
    assert _actions(found["change"]) == {"Old": "updated"}
    assert found["change"]["records"][0]["duration"] > 0
    assert _actions(found["unchanged"]) == {DOMAIN: "none"}
    assert found["unchanged"]["server"] == sandbox.ready["webitel"]["api_url"]
    assert _actions(found["many"]) == {DOMAIN: "deleted"}
    assert found["read"]["read"] == document["totals"]["read"] == 3
    assert _actions(found["send"]) == {DOMAIN: "not_sent"}
    assert found["send"]["records"][0]["message"]["to_email"] == "me@example.com"
    assert "email" in found["wrong"]["records"][0]["error"]
    assert found["refused"]["records"][0]["failure"]["kind"] == "input"
    assert found["wrong"]["ignored"] is True
    assert (found["hidden"]["hidden"], found["hidden"]["records"]) == (True, [])
    assert found["undefined"]["records"] == []
    assert "nowhere" not in found["undefined"]["error"]
    (host,) = document["hosts"]
    items = [task for task in host["tasks"] if task["task"] == "loop"]
    assert [(task["item"], *_actions(task)) for task in items] == [(0, "Old"), (1, "Same")]
    assert document["mode"] == "mixed"
    assert host["status"] == "ok"


def test_two_plans_of_the_same_are_the_same(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts(LIVE)
    plan = Task("sync", "email_accounts_sync", SYNC, check=True)
    first, second = (read(playbook.run([plan], environment=EVERY_FORM)) for _ in range(2))
    assert without_times(first) == without_times(second)
    (old,) = (found for found in playbook.sandbox.accounts() if found["name"] == "Old")
    playbook.run([Task("move", "email_account", {"id": old["id"], "smtp_port": 25})])
    moved = read(playbook.run([plan], environment=EVERY_FORM))
    assert moved["fingerprint"] != first["fingerprint"]


def test_what_the_first_of_two_tries_changed_is_in_the_report(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts(LIVE)
    again = {"register": "result", "until": "result is not changed", "retries": 2, "delay": 0}
    tasks = [
        Task("one", "email_account", {"name": "Old", "smtp_port": 587}, keywords=again),
        Task(
            "loop",
            "email_account",
            {"name": "{{ item }}", "smtp_port": 25},
            keywords={**again, "loop": ["Old", "Same"]},
        ),
    ]
    document = read(playbook.run(tasks, environment=EVERY_FORM))
    applied = {action: count for action, count in document["totals"]["applied"].items() if count}
    assert applied == {"updated": 3, "unchanged": 3}
    (host,) = document["hosts"]
    entries = [(task["task"], task["item"], *_actions(task).values()) for task in host["tasks"]]
    assert entries == [
        ("one", None, "updated"),
        ("one", None, "none"),
        ("loop", 0, "updated"),
        ("loop", 0, "none"),
        ("loop", 1, "updated"),
        ("loop", 1, "none"),
    ]


def test_each_host_has_its_own_entry(playbook: Playbook, tmp_path: Path) -> None:
    """One that cannot be reached and one that fails do not keep the others from their part of the report."""
    playbook.sandbox.add_accounts([account()])
    inventory = tmp_path / "hosts"
    lines = {
        "good": "ansible_connection=local",
        "bad": "ansible_connection=local port=no-number",
        # With pipelining, core 2.16 takes a host for reached where the program ends without a word.
        "gone": "ansible_connection=ssh ansible_pipelining=false ansible_ssh_executable=/bin/false",
        "other": "ansible_connection=local elsewhere=yes",
    }
    inventory.write_text("".join(f"{name} {words}\n" for name, words in lines.items()), encoding="utf-8")
    strict = {"ignore_errors": False}
    change = {"name": "Certificates", "smtp_port": "{{ port | default(587) }}"}
    fails = {**strict, "when": "elsewhere is defined"}
    run = playbook.run(
        [
            Task("change", "email_account", change, check=True, keywords=strict),
            Task("fail", "email_account", {"name": "No such", "id": 999}, keywords=fails),
        ],
        options=[f"--inventory={inventory}"],
        environment=EVERY_FORM,
    )
    document = read(run)
    assert {host["host"]: host["status"] for host in document["hosts"]} == {
        "bad": "failed",
        "gone": "unreachable",
        "good": "ok",
        "localhost": "ok",
        "other": "failed",
    }
    assert document["totals"]["hosts"] == {"ok": 2, "failed": 2, "unreachable": 1, "left_out": 0, "not_begun": 0}
    assert _actions(tasks_of(document, "good")["change"]) == {"Certificates": "updated"}
    assert tasks_of(document, "good")["fail"]["status"] == "skipped"
    assert tasks_of(document, "bad")["change"]["records"][0]["action"] == "failed"
    assert tasks_of(document, "gone")["change"]["error"]
    assert "999" in tasks_of(document, "other")["fail"]["records"][0]["error"]
    for name in ("bad", "other"):
        assert name in (run.directory / "report.md").read_text(encoding="utf-8")


def test_a_host_that_fails_in_another_collection_is_named(playbook: Playbook, tmp_path: Path) -> None:
    """Its words are not, since nobody knows what is in them."""
    play = tmp_path / "play.yml"
    play.write_text(
        "- hosts: all\n  gather_facts: false\n  tasks:\n"
        "    - name: Elsewhere\n      ansible.builtin.fail: {msg: hunter2}\n"
        "- hosts: all\n  gather_facts: false\n  tasks:\n    - name: Never\n      ansible.builtin.debug:\n",
        encoding="utf-8",
    )
    document = read(playbook.run([], options=[str(play)], environment=EVERY_FORM))
    (task,) = tasks_of(document).values()
    assert (task["task"], task["module"], task["status"]) == ("Elsewhere", "ansible.builtin.fail", "failed")
    assert "hunter2" not in str(document)
    assert document["hosts"][0]["status"] == "failed"
