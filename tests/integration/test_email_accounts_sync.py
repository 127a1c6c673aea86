# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many accounts in one task: what it does, what it says of each record, and what it says when some fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import account

if TYPE_CHECKING:
    from tests.integration.playbook import Document, ModuleSpec, Outcome, Playbook

MODULE = "email_accounts_sync"
NAMES = ["Alarms", "Certificates", "Reports"]
FLEET = [account(name=name, email=f"{name.lower()}@example.com") for name in NAMES]


def items(outcome: Outcome) -> list[tuple[Any, ...]]:
    """What the task says of each record: key, action and changed fields."""
    return [(entry["key"], entry["action"], entry.get("changed_fields", [])) for entry in outcome.returned["results"]]


def summary(outcome: Outcome) -> dict[str, int]:
    """The counts that are not zero."""
    counts: dict[str, int] = outcome.returned["summary"]
    assert set(counts) == {"created", "updated", "unknown", "deleted", "unchanged", "failed", "retried"}
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize("spec", WAYS)
def test_ritual(playbook: Playbook, spec: ModuleSpec) -> None:
    """Each step in check mode, for real, and again."""
    all_fields = sorted(account())
    changed = [FLEET[0], {"name": "Certificates", "smtp_port": 25}, {"name": "Reports", "state": "absent"}]
    changed.append(account(name="Backups", email="backups@example.com"))
    steps: dict[str, tuple[list[Document], list[tuple[Any, ...]], list[str]]] = {
        "create": (FLEET, [(name, "created", all_fields) for name in NAMES], ["POST"] * 3),
        "change": (
            changed,
            [
                ("Alarms", "none", []),
                ("Certificates", "updated", ["smtp_port"]),
                ("Reports", "deleted", all_fields),
                ("Backups", "created", all_fields),
            ],
            ["DELETE", "POST", "PUT"],
        ),
        "delete": (
            [{"name": name, "state": "absent"} for name in ("Alarms", "Certificates", "Backups")],
            [(name, "deleted", all_fields) for name in ("Alarms", "Certificates", "Backups")],
            ["DELETE"] * 3,
        ),
    }
    tasks = []
    for name, (accounts, _items, _methods) in steps.items():
        keywords = {"diff": True}
        tasks += [
            Task(f"{name} (check)", MODULE, {"accounts": accounts}, check=True, keywords=keywords),
            Task(f"{name} (do)", MODULE, {"accounts": accounts}, keywords=keywords),
            Task(f"{name} (repeat)", MODULE, {"accounts": accounts}, keywords=keywords),
        ]
    run = playbook.run(tasks, spec=spec)
    for name, (_accounts, expected, methods) in steps.items():
        check, do, repeat = (run.succeeded(f"{name} ({what})") for what in ("check", "do", "repeat"))
        assert [(key, action, sorted(_without_nulls(fields))) for key, action, fields in items(do)] == [
            (key, action, sorted(_without_nulls(fields))) for key, action, fields in expected
        ]
        # All but how long it took is the same in check mode.
        assert len(do.returned.pop("durations")) == len(do.returned["results"])
        assert check.returned == do.returned
        assert (check.writes, sorted(do.writes), repeat.writes) == ([], methods, [])
        assert do.returned["changed"] is True
        assert repeat.returned["changed"] is False
        assert repeat.returned["diff"] == []
        assert {entry["action"] for entry in repeat.returned["results"]} == {"none"}
    assert playbook.sandbox.accounts() == []


def _without_nulls(fields: list[str]) -> list[str]:
    """Leave out the flag, which does not count as changed where it is the same as an absent one."""
    return [field for field in fields if field != "default"]


def test_defaults_lie_under_every_record(playbook: Playbook) -> None:
    """A record's own value counts, an alias of an option is the option, and a change of them changes every record."""
    shared = {"smtp_server": "smtp.example.com", "smtp_port": 465, "hash_auth": True, "password": "shared"}
    accounts = [
        {"name": "First", "email": "first@example.com"},
        {"name": "Second", "email": "second@example.com", "smtp_port": 587, "password": "own"},
        {"name": "Third", "email": "third@example.com", "hash_auth": False, "password": ""},
    ]
    run = playbook.run(
        [
            Task("create", MODULE, {"accounts": accounts, "defaults": shared}),
            Task("again", MODULE, {"accounts": accounts, "defaults": shared}),
            Task("change", MODULE, {"accounts": accounts, "defaults": {**shared, "smtp_port": 25}}),
            Task("all absent", MODULE, {"accounts": accounts[:2], "defaults": {"state": "absent"}}),
        ]
    )
    assert summary(run.succeeded("create")) == {"created": 3}
    sent = {body["name"]: body for body in run["create"].bodies("POST")}
    fields = ("smtp_server", "smtp_port", "has_auth")
    assert {name: tuple(body.get(field) for field in fields) for name, body in sent.items()} == {
        "First": ("smtp.example.com", 465, True),
        "Second": ("smtp.example.com", 587, True),
        "Third": ("smtp.example.com", 465, False),
    }
    assert [sent[name]["password"] for name in ("First", "Second")] == ["shared", "own"]
    assert summary(run.succeeded("again")) == {"unchanged": 3}
    assert summary(run.succeeded("change")) == {"updated": 2, "unchanged": 1}
    assert summary(run.succeeded("all absent")) == {"deleted": 2}
    assert [entry["name"] for entry in playbook.sandbox.accounts()] == ["Third"]


def test_record_results_of_a_task_that_fails(playbook: Playbook) -> None:
    """The others are brought to their state, and what was done is reported although the task fails."""
    playbook.sandbox.add_accounts([*FLEET, account(name="Old", email="old@example.com")])
    refusal = '{"errors": [{"field": "smtp_port", "type": "rule", "msg": "porta proibida"}]}'
    playbook.sandbox.fault("/api/email/accounts/2", method="PUT", status=400, body=refusal)
    accounts = [
        *({"name": name, "smtp_port": 2525} for name in NAMES),
        {"name": "New", "email": "new@example.com"},
        {"name": "Old", "state": "absent"},
        {"name": "Never", "state": "absent"},
    ]
    run = playbook.run([Task("apply", MODULE, {"accounts": accounts}), Task("again", MODULE, {"accounts": accounts})])
    returned = run["apply"].returned
    assert run["apply"].failed
    assert returned["changed"] is True
    assert [(entry["key"], entry["action"]) for entry in returned["results"]] == [
        ("Alarms", "updated"),
        ("Certificates", "failed"),
        ("Reports", "updated"),
        ("New", "created"),
        ("Old", "deleted"),
        ("Never", "none"),
    ]
    assert summary(run["apply"]) == {"created": 1, "updated": 2, "deleted": 1, "unchanged": 1, "failed": 1}
    failed = returned["results"][1]
    assert "porta proibida" in failed["error"]
    assert failed["failure"]["status"] == 400
    assert all("error" not in entry for entry in returned["results"] if entry is not failed)
    assert "1 of 6 records failed" in returned["msg"]
    assert f"Certificates: {failed['error']}" in returned["msg"]
    # The scripted refusal is used up, so the next run has only that one record to do.
    assert summary(run.succeeded("again")) == {"updated": 1, "unchanged": 5}


def test_on_error_stop(playbook: Playbook) -> None:
    """What was not begun says so; one at a time, so that it is known what that is."""
    playbook.sandbox.add_accounts([*FLEET, account(name="Old", email="old@example.com")])
    playbook.sandbox.fault("/api/email/accounts/2", method="PUT", status=400)
    accounts = [*({"name": name, "smtp_port": 2525} for name in NAMES), {"name": "Old", "state": "absent"}]
    stopping = {"accounts": accounts, "on_error": "stop", "concurrency": 1}
    run = playbook.run([Task("stop", MODULE, stopping)])
    actions = [entry["action"] for entry in run["stop"].returned["results"]]
    assert actions == ["updated", "failed", "failed", "failed"]
    assert run["stop"].writes == ["PUT", "PUT"]
    for entry in run["stop"].returned["results"][2:]:
        assert entry["failure"]["kind"] == "stopped"
        assert "Certificates" in entry["error"]
    assert "Certificates" in run["stop"].returned["msg"]
    assert [entry["smtp_port"] for entry in playbook.sandbox.accounts()] == [2525, 465, 465, 465]


def test_every_failure_is_named(playbook: Playbook) -> None:
    playbook.sandbox.fault("/api/email/accounts", method="POST", status=500, times=3, body="{}")
    run = playbook.run([Task("create", MODULE, {"accounts": FLEET})])
    assert summary(run["create"]) == {"failed": 3}
    assert run["create"].returned["changed"] is False
    for name in NAMES:
        assert f"{name}: " in run["create"].returned["msg"]


def test_diff_prints_one_block_for_each_changed_record(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts([*FLEET, account(name="Old", email="old@example.com", password="hunter2")])
    accounts = [
        FLEET[0],
        {"name": "Certificates", "smtp_port": 2525},
        {"name": "Reports", "password": "another"},
        {"name": "Old", "state": "absent"},
    ]
    changes = {"accounts": accounts}
    run = playbook.run(
        [Task("check", MODULE, changes, check=True), Task("do", MODULE, changes), Task("again", MODULE, changes)],
        options=["--diff"],
    )
    blocks = [line for line in run.output.splitlines() if line.startswith("--- before")]
    headers = [f"--- before: email_account {name}" for name in ("Certificates", "Reports", "Old")]
    assert blocks == [*headers, *headers]
    assert '-    "smtp_port": 465' in run.output
    assert '+    "smtp_port": 2525' in run.output
    assert "hunter2" not in run.output
    assert "another" not in run.output
    assert run["check"].returned["diff"] == run["do"].returned["diff"]
    assert [entry["diff"] for entry in run["do"].returned["results"] if "diff" in entry] == run["do"].returned["diff"]


def test_warnings_name_the_record(playbook: Playbook) -> None:
    playbook.sandbox.traps(itflex_normalise="on")
    accounts = [account(name="Loud", email="LOUD@example.com"), account(name="Quiet", email="quiet@example.com")]
    run = playbook.run([Task("create", MODULE, {"accounts": accounts})])
    loud, quiet = run.succeeded("create").returned["results"]
    (warning,) = loud["warnings"]
    assert run["create"].warnings == [warning]
    assert "Loud" in warning
    assert "LOUD@example.com" in warning
    assert "warnings" not in quiet


def test_jinja_text_in_server_data_stays_text(playbook: Playbook) -> None:
    """Text of a server is no template: not in the result, not where a later task uses the registered result."""
    jinja = "{{ 7 * 7 }}"
    playbook.sandbox.add_accounts([account(name=jinja, email="jinja@example.com")])
    read = {"name": "{{ registered.results[0].key }}"}
    change = {"accounts": [{"email": "jinja@example.com", "smtp_port": 25}], "prune": True}
    for spec in WAYS:
        run = playbook.run(
            [
                Task("change", MODULE, change, check=True, keywords={"diff": True}),
                Task(
                    "prune",
                    MODULE,
                    {"accounts": [], "prune": True, "prune_limit": "100%"},
                    check=True,
                    keywords={"register": "registered"},
                ),
                Task("use", "email_account_info", read),
            ],
            spec=spec,
        )
        assert run.succeeded("change").returned["diff"][0]["before"]["name"] == jinja
        assert run.succeeded("prune").returned["results"][0]["key"] == jinja
        assert [entry["name"] for entry in run.succeeded("use").returned["email_accounts"]] == [jinja]
