# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task whose result decides the exit status of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import DOCUMENT_KEYS
from tests.unit.plugins.action.running import run

if TYPE_CHECKING:
    from pathlib import Path

SAME = {"key": "Same", "action": "none", "changed_fields": []}
EQUAL = {"results": [SAME], "undescribed": []}
DIFFERENT = {"results": [{"key": "Other", "action": "updated", "changed_fields": ["email"]}]}
UNDESCRIBED = {"results": [SAME], "undescribed": [{"id": 8, "name": "Alarms"}]}
UNREAD = {"results": [], "failed": True, "msg": "no connection"}
NAMES = {"email_accounts": "accounts", "email_settings": "settings"}


def item(accounts: dict[str, Any], settings: dict[str, Any], **options: Any) -> tuple[bool, bool]:
    """Whether the task fails, and whether it calls the host unreachable."""
    result = run("drift", {"variables": NAMES, **options}, {"accounts": accounts, "settings": settings})
    assert result["changed"] is False
    return result.get("failed", False), result.get("unreachable", False)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (EQUAL, (False, False)),
        ({"skipped": True}, (False, False)),
        (DIFFERENT, (True, False)),
        (UNDESCRIBED, (False, False)),
        (UNREAD, (False, True)),
    ],
)
def test_the_verdict(other: dict[str, Any], expected: tuple[bool, bool]) -> None:
    assert item(EQUAL, other) == expected
    assert item(other, EQUAL) == expected


def test_what_could_not_be_read_counts_more_than_what_differs() -> None:
    assert item(DIFFERENT, UNREAD) == (False, True)


def test_the_undescribed_may_count() -> None:
    assert item(EQUAL, UNDESCRIBED, undescribed_differs=True) == (True, False)
    assert item(EQUAL, EQUAL, undescribed_differs=True) == (False, False)


def test_silence_is_no_equality() -> None:
    result = run("drift", {"variables": NAMES}, {"accounts": EQUAL})
    assert result["unreachable"] is True
    assert result["unread"] == ["email_settings: not compared"]
    assert result["msg"] == "1 record is as described; could not be read: email_settings: not compared"
    assert item({"skipped": True}, {"skipped": True}) == (False, True)


def test_a_variable_that_holds_no_result() -> None:
    result = run("drift", {"variables": NAMES}, {"accounts": EQUAL, "settings": "a text"})
    assert result["unread"] == ["email_settings: not compared"]


OF_A_LOOP = {"item": 1, "action": "updated", "changed": True}


@pytest.mark.parametrize(
    "held",
    [
        {"changed": False, "msg": "of another module"},
        {"changed": True, "action": "updated", "email_account": {"name": "Alarms"}},
        {"changed": True, "results": [OF_A_LOOP]},
        {"results": "a text"},
        {"results": [1]},
    ],
)
def test_a_result_of_another_task_is_no_equality(held: dict[str, Any]) -> None:
    result = run("drift", {"variables": NAMES}, {"accounts": held, "settings": EQUAL})
    assert result["unreachable"] is True
    no_result = "email_accounts: what was registered is no result of a task about many records"
    assert result["unread"] == [no_result]
    failed = run("drift", {"variables": NAMES}, {"accounts": {**held, "failed": True, "msg": "why"}, "settings": EQUAL})
    assert failed["unread"] == ["why"]


@pytest.mark.parametrize("held", [[1], "a text", 5])
def test_a_variable_alone_that_holds_no_result(held: Any) -> None:
    result = run("drift", {"variables": {"email_accounts": "accounts"}}, {"accounts": held})
    assert result["unread"] == ["email_accounts: not compared"]


@pytest.mark.parametrize(
    ("variables", "field"),
    [
        ({}, "variables"),
        ({"mails": "accounts"}, "variables.mails"),
        ({5: "accounts"}, "variables.5"),
        ({"email_accounts": 5}, "variables.email_accounts"),
        ({"email_accounts": None}, "variables.email_accounts"),
        ({"email_accounts": ""}, "variables.email_accounts"),
        ({"email_accounts": ["accounts"]}, "variables.email_accounts"),
    ],
)
@pytest.mark.parametrize(("name", "more"), [("drift", {}), ("plan_file", {"path": "plan.json", "hosts": ["berlin"]})])
def test_what_names_no_results(name: str, more: dict[str, Any], variables: dict[Any, Any], field: str) -> None:
    result = run(name, {**more, "variables": variables}, {"accounts": EQUAL, "hostvars": {"berlin": {}}})
    assert [problem["field"] for problem in result["failure"]["problems"]] == [field], result


def test_the_result_about_all_kinds() -> None:
    skipped = {key: {"skipped": True} for key in DOCUMENT_KEYS}
    kinds = {**skipped, "email_accounts": DIFFERENT, "email_settings": EQUAL}
    result = run("drift", {"synced": "synced"}, {"synced": {"kinds": kinds}})
    assert (result["failed"], len(result["different"]), result["unread"]) == (True, 1, [])
    for held in ({}, {"synced": {"failed": True, "msg": "variables: misspelt"}}):
        missing = run("drift", {"synced": "synced"}, held)
        assert (missing["unreachable"], len(missing["unread"])) == (True, len(DOCUMENT_KEYS))


@pytest.mark.parametrize("arguments", [{}, {"variables": "accounts"}, {"variables": NAMES, "undescribed": True}])
def test_wrong_options(arguments: dict[str, Any]) -> None:
    assert run("drift", arguments)["failure"]["kind"] == "input"


@pytest.mark.parametrize(
    ("name", "arguments", "problems"),
    [
        ("drift", {}, {"variables": "is missing: give one of variables, synced, run_hosts, moved_hosts, rescued"}),
        (
            "drift",
            {"variables": None},
            {"variables": "is missing: give one of variables, synced, run_hosts, moved_hosts, rescued"},
        ),
        ("drift", {"variables": {}, "run_hosts": []}, {"run_hosts": "stands beside variables: give one of them"}),
        ("drift", {"variables": {}, "expected_hosts": 1}, {"run_hosts": "is missing: expected_hosts needs it"}),
        (
            "plan_file",
            {"hosts": "a", "state": "present", "signed": "perhaps"},
            {
                "path": "is missing: give a path",
                "signed": "must be true or false, not a text",
                "variables": "is missing: state=present needs one of variables, synced",
            },
        ),
        (
            "plan_file",
            {"path": "a"},
            {
                "hosts": "is missing: state=present needs it",
                "variables": "is missing: state=present needs one of variables, synced",
            },
        ),
        (
            "plan_file",
            {"path": "a", "hosts": [], "variables": {}, "synced": "s"},
            {"synced": "stands beside variables: give one of them"},
        ),
        ("plan_file", {"path": "a", "state": "checked"}, {"hosts": "is missing: state=checked needs it"}),
        ("export", {"path": "a"}, {"name": "is missing: give a text"}),
        (
            "export",
            {"path": "a", "name": "a", "email_accounts": None},
            {"email_settings": f"is missing: give one of {', '.join(DOCUMENT_KEYS)}, kinds"},
        ),
    ],
)
def test_what_is_missing_in_our_words(name: str, arguments: dict[str, Any], problems: dict[str, str]) -> None:
    failure = run(name, arguments)["failure"]
    found = {problem["field"]: problem["message"] for problem in failure["problems"]}
    assert problems.items() <= found.items(), found


def test_everything_that_is_wrong_with_the_options_is_reported_at_once() -> None:
    result = run("drift", {"variable": {}, "undescribed_differs": "perhaps"})
    assert (result["failed"], result["changed"], result["failure"]["kind"]) == (True, False, "input")
    assert all(word in result["msg"] for word in ("variable", "undescribed_differs", "variables")), result["msg"]


@pytest.mark.parametrize(
    ("hosts", "expected", "words"),
    [
        ([], None, "no host is in this run"),
        ([], 2, "0 hosts are in this run, and not 2"),
        (["a"], 2, "1 hosts are in this run, and not 2"),
        (["a"], 0, "1 hosts are in this run, and not 0"),
        (["a"], 1, None),
        (["a"], None, None),
        ([], 0, "no host is in this run"),
    ],
)
def test_the_hosts_of_a_run(hosts: list[str], expected: int | None, words: str | None) -> None:
    for unreachable in (True, False):
        result = run("drift", {"run_hosts": hosts, "expected_hosts": expected, "unreachable": unreachable})
        reported = (result.get("unreachable", False), result.get("failed", False))
        assert reported == ((unreachable, not unreachable) if words else (False, False))
        assert words is None or (words in result["msg"] and result["failure"] == {"kind": "hosts"})


def test_documents_of_no_host(tmp_path: Path) -> None:
    """A host's name may have dots; what is named after nobody on purpose, or holds no document, is none."""
    for name in ("a.example", "gone.example", "vault", ".git"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "accounts.yml").write_text("email_accounts: []")
    (tmp_path / "notes").mkdir()
    for name in ("b.example.yml", "left.yml", "vault.yml", "document.schema.json", "README.md"):
        (tmp_path / name).write_text("# moved\n'email_settings' : []")
    hosts = {
        "a.example": {"doc": str(tmp_path / "a.example")},
        "b.example": {"doc": str(tmp_path / "b.example.yml")},
        "none": {},
        "odd": {"doc": None},
        "shared": {"doc": "/"},
    }
    variables = {"hostvars": hosts, "groups": {"all": [*hosts, "elsewhere"]}}
    arguments = {"run_hosts": list(hosts), "document_variable": "doc"}
    [warning] = run("drift", arguments, variables)["warnings"]
    assert warning.startswith(f"documents in {tmp_path} describe what is on no host of this run")
    assert warning.endswith(": gone.example, left.yml, vault")
    assert "warnings" not in run("drift", {"run_hosts": ["none"], "document_variable": "doc"}, variables)


def test_what_stands_beside_documents_and_is_none(tmp_path: Path) -> None:
    """In the folder of a repository itself, with documents that hosts share: one of all, and one of the last alone."""
    records = "email_accounts: []"
    texts = {
        **{f"host{number:03}.yml": records for number in range(102)},
        "common.yml": records,
        "shared/base.yml": records,
        "group_vars/all.yml": records,
        "inventory.yml": "all:\n  hosts:\n    host000:\n      email_accounts: []",
        "apply.yml": "- hosts: all\n  vars:\n    email_accounts: []",
        "plan.json": '{"kind": "a plan", "hosts": {"host000": {"email_accounts": []}}}',
        "cut.json": '{"email_accounts": [',
        "empty.yml": "",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    documents = {
        f"host{number:03}": [f"{tmp_path}/common.yml", f"{tmp_path}/host{number:03}.yml"] for number in range(102)
    }
    documents["host101"] = [f"{tmp_path}/shared/base.yml"]
    hostvars = {host: {"doc": document} for host, document in documents.items()}
    arguments = {"run_hosts": list(hostvars), "document_variable": "doc"}
    assert "warnings" not in run("drift", arguments, {"hostvars": hostvars, "groups": {"all": list(hostvars)}})
    for name, text in {
        "gone.json": '{"email_profiles": []}',
        "sealed.yml": "$ANSIBLE_VAULT;1.1;AES256\n00",
        "flow.yml": "{email_accounts: []}",
    }.items():
        (tmp_path / name).write_text(text)
    [warning] = run("drift", arguments, {"hostvars": hostvars, "groups": {"all": list(hostvars)}})["warnings"]
    assert warning.endswith(": flow.yml, gone.json, sealed.yml")


@pytest.mark.parametrize(
    ("hosts", "named"), [(["b", "a"], "on a, b,"), ([f"h{n:02}" for n in range(22)], "and 2 more")]
)
def test_hosts_that_moved_away_from_a_plan(hosts: list[str], named: str) -> None:
    result = run("drift", {"moved_hosts": hosts})
    assert (result["failed"], result["failure"]) == (True, {"kind": "moved"})
    assert result["msg"].startswith("Nothing was written on any host, since this is not what was reviewed")
    assert named in result["msg"]
    assert "failed" not in run("drift", {"moved_hosts": []})


def test_a_host_that_was_rescued_fails_again() -> None:
    """In no words that could repeat what its own task said."""
    assert run("drift", {"rescued": True}) == {"changed": False, "failed": True, "msg": "has failed before"}
    assert run("drift", {"rescued": False})["failed"] is False
    assert run("drift", {"rescued": True, "run_hosts": []})["failure"]["kind"] == "input"
