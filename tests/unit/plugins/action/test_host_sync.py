# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task about all that the variables of a host describe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.action import host_sync
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_results import joined, registered
from ansible_collections.mailfleet.email.plugins.plugin_utils._host_variables import CONTROL, CONTROLLED
from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_file import plan_text
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import KINDS
from ansible_collections.mailfleet.email.plugins.plugin_utils._rendering import reference_to
from ansible_collections.mailfleet.email.plugins.plugin_utils._variable_names import options_in
from tests.unit.collection import PLUGINS
from tests.unit.plugins.action.running import run

HOST = {"inventory_hostname": "berlin"}
ENTRY = {"record": "A", "action": "created", "changed_fields": [], "fingerprint": "f"}


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Any]]:
    """What the tasks about single kinds of record would have been given; each ends well, but for those that `fail`."""
    given: dict[str, dict[str, Any]] = {}

    class Action:
        spec = None

        def __init__(self, task: Any, *_others: Any) -> None:
            self._task = task

        def run(self, task_vars: dict[str, Any]) -> dict[str, Any]:
            key = self._task.action.rpartition(".")[2].removesuffix("_sync")
            given[key] = self._task.args
            if task_vars.get("fail") == key:
                return {"changed": False, "failed": True, "msg": f"{key} failed", "failure": {"kind": "refused"}}
            return {"changed": True, "results": [], "warnings": [f"{key} warns"], "diff": [{"before": 1, "after": 2}]}

    actions = host_sync.ActionModule.actions
    made = {key: type(key, (Action,), {"spec": action.spec}) for key, action in actions.items()}
    monkeypatch.setattr(host_sync.ActionModule, "actions", made)
    return given


def test_only_what_the_host_has_is_looked_at(tasks: dict[str, dict[str, Any]]) -> None:
    variables: dict[str, Any] = {
        **HOST,
        "email_accounts": [],
        "email_accounts_of_all": [],
        "email_accounts_of_others": [],
        "itflex_api_url": "https://berlin.example.com",
        "itflex_timeout": None,
        "itflex_access_token": reference_to("token"),
        "token": "t",
        "webitel_api_url": reference_to("nobody_knows"),
        "mailfleet_prune": True,
        "mailfleet_prune_keep": None,
        "mailfleet_defaults": {
            "email_accounts": {"smtp_port": 465},
            "email_settings": reference_to("nobody_knows"),
        },
    }
    result = run("host_sync", {"other_variables": ["email_accounts_of_others"]}, variables)
    assert tasks == {
        "email_accounts": {
            "from_variables": ["email_accounts", "email_accounts_of_all"],
            "api_url": "https://berlin.example.com",
            "access_token": "t",
            "prune": True,
            "defaults": {"smtp_port": 465},
        }
    }
    assert (result["changed"], result["warnings"], len(result["diff"])) == (True, ["email_accounts warns"], 1)
    assert result["kinds"]["email_accounts"]["server"] == "https://berlin.example.com"
    skipped = {key for key, found in result["kinds"].items() if found.get("skipped")}
    assert skipped == {kind.key for kind in KINDS} - {"email_accounts"}


def test_documents_are_found_where_the_run_begins(
    tasks: dict[str, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    variables = {**HOST, "mailfleet_document": [reference_to("inventory_hostname"), ["/all", None, ""]]}
    run("host_sync", {}, variables)
    assert {str(given["document"]) for given in tasks.values()} == {f"['{tmp_path}/berlin', '/all']"}
    assert set(tasks) == {kind.key for kind in KINDS}


@pytest.mark.usefixtures("tasks")
def test_each_kind_has_its_turn() -> None:
    variables = {**HOST, "email_settings": [], "email_accounts": [], "fail": "email_settings"}
    result = run("host_sync", {}, variables)
    assert (result["failed"], result["msg"], result["failure"]) == (True, "email_settings failed", {"kind": "refused"})
    assert "failed" not in result["kinds"]["email_accounts"]
    result = run("host_sync", {}, {**variables, "itflex_timeout": reference_to("nobody_knows"), "fail": ""})
    assert (result["failed"], "nobody_knows" in result["msg"]) == (True, True)
    assert result["kinds"]["email_settings"]["changed"] is True


def test_nothing_is_described(tasks: dict[str, dict[str, Any]]) -> None:
    nothing: dict[str, Any]
    for nothing in ({}, {"mailfleet_document": None}, {"mailfleet_document": []}, {"mailfleet_document": ""}):
        result = run("host_sync", {}, {**HOST, **nothing})
        assert result["msg"].startswith("Nothing is described for berlin: give mailfleet_document, email_settings, ")
        assert result["failed"] is True
    assert tasks == {}


def test_no_password_in_the_address_of_a_server(tasks: dict[str, dict[str, Any]]) -> None:
    result = run("host_sync", {}, {**HOST, "email_accounts": [], "itflex_api_url": "https://user:pw@berlin"})
    assert tasks
    assert "server" not in result["kinds"]["email_accounts"]


def test_what_is_undescribed_is_not_planned_to_be_removed(tasks: dict[str, dict[str, Any]]) -> None:
    run("host_sync", {"undescribed": True}, {**HOST, "email_accounts": [], "mailfleet_prune": True})
    assert (tasks["email_accounts"]["undescribed"], tasks["email_accounts"]["prune"]) == (True, False)


def test_a_plan_is_made(tasks: dict[str, dict[str, Any]]) -> None:
    run("host_sync", {"plan": {"key": "k"}}, {**HOST, "email_accounts": []})
    assert tasks["email_accounts"]["plan"] == {"key": "k", "done": "refuse", "reviewed": None}


def test_a_host_is_held_to_its_plan(tasks: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(plan_text({"berlin": {"email_accounts": [ENTRY]}}, ["lisbon"], "k"))
    held = {"plan": {"path": str(path), "key": "k"}}
    described: dict[str, Any] = {"email_accounts": []}
    assert "failed" not in run("host_sync", held, {**HOST, **described})
    assert tasks["email_accounts"]["plan"]["reviewed"] == [ENTRY]
    more = run("host_sync", held, {**HOST, **described, "email_settings": []})
    assert tasks["email_settings"]["plan"]["reviewed"] == []
    assert more["msg"] == (
        f"The plan {path} is about email_accounts of berlin, which now describes email_accounts and email_settings. "
        "Plan again."
    )
    tasks.clear()
    for name, options, words in (
        ("lisbon", held, f"The plan {path} could not plan lisbon; plan again"),
        ("porto", held, f"The plan {path} does not know porto: plan again"),
        ("berlin", {"plan": {"path": str(path)}}, f"The plan {path} is signed: give the key that it was made with"),
    ):
        refused = run("host_sync", options, {"inventory_hostname": name, **described})
        assert (refused["msg"], refused["failure"]) == (words, {"kind": "plan"})
    left_out = run("host_sync", {**held, "unplanned": "skip"}, {"inventory_hostname": "lisbon", **described})
    assert (left_out["skipped"], left_out["left_out"]) == (True, True)
    assert left_out["skip_reason"] == "the plan could not plan lisbon"
    assert tasks == {}


def test_variables_that_are_misspelt(tasks: dict[str, dict[str, Any]]) -> None:
    specs = str(PLUGINS.parent / "roles" / "gitops" / "meta" / "argument_specs.yml")
    options = {"argument_specs": [specs], "prefixes": ["mailfleet_"]}
    refused = run("host_sync", options, {**HOST, "email_accounts": [], "mailfleet_prunne": True})
    assert "did you mean mailfleet_prune?" in refused["msg"]
    needed = run("host_sync", {**options, "plan_required": True}, {**HOST, "email_accounts": []})
    assert "there is no plan" in needed["msg"]
    assert tasks == {}


def test_offline_nothing_is_asked_and_no_credential_rendered(tasks: dict[str, dict[str, Any]]) -> None:
    variables = {**HOST, "itflex_api_url": "https://berlin", "itflex_refresh_token": reference_to("nobody_knows")}
    assert "failed" not in run("host_sync", {"offline": True}, variables)
    assert tasks == {}
    described = {"email_accounts": [], "mailfleet_prune_limit": "1%"}
    required = {"offline": True, "plan_required": True}
    assert "failed" not in run("host_sync", required, {**variables, **described})
    given = {"from_variables": ["email_accounts"], "defaults": {}, "prune_limit": "1%", "offline": True}
    assert tasks == {"email_accounts": {**given, "api_url": "https://berlin"}}
    unknown = {"itflex_api_url": reference_to("nobody_knows"), "itflex_timeout": 3}
    run("host_sync", {"offline": True}, {**variables, **described, **unknown})
    assert tasks == {"email_accounts": {**given, "timeout": 3}}


def test_variables_of_another_role(tasks: dict[str, dict[str, Any]]) -> None:
    """Lists and document are joined, what the document says of all counts more, and no server is a variable."""
    variables: dict[str, Any] = {
        **HOST,
        "email_settings": [{"domain": "not of the role"}],
        "itflex_api_url": "https://berlin.example.com",
        "name": "Own",
        "provision_email_accounts": [{"name": reference_to("name")}],
        "provision_email_settings": None,
        "provision_defaults": {"email_accounts": {"smtp_port": 25, "email": "a@example.com"}},
        "provision_document": {
            "email_accounts": [{"name": "Of the document"}],
            "email_profiles": None,
            "defaults": {"email_accounts": {"smtp_port": 465, "email": None}, "email_settings": None},
        },
        "provision_undescribed": True,
        "provision_remove_in_use": True,
        "provision_erase_stored_mail": True,
        "provision_prune": None,
    }
    result = run("host_sync", {"prefix": "provision_"}, variables)
    assert "failed" not in result, result["msg"]
    assert tasks == {
        "email_accounts": {
            "accounts": [{"name": "Own"}, {"name": "Of the document"}],
            "defaults": {"smtp_port": 465, "email": "a@example.com"},
            "undescribed": True,
            "remove_in_use": True,
        }
    }
    tasks.clear()
    assert "failed" not in run("host_sync", {"prefix": "provision_"}, HOST)
    assert tasks == {}


@pytest.mark.parametrize(
    ("own", "of_document", "given"),
    [
        ([{"domain": "a"}], "b", [{"domain": "a"}, "b"]),
        ("a", [{"domain": "b"}], ["a", {"domain": "b"}]),
        ("a", None, "a"),
        ({"domain": "a"}, None, {"domain": "a"}),
        (None, {"domain": "b"}, {"domain": "b"}),
        ([], [{"domain": "b"}], [{"domain": "b"}]),
    ],
)
def test_what_is_no_list_is_left_to_the_module(
    tasks: dict[str, dict[str, Any]], own: Any, of_document: Any, given: Any
) -> None:
    variables = {"provision_email_settings": own, "provision_document": {"email_settings": of_document}}
    run("host_sync", {"prefix": "provision_"}, {**HOST, **variables})
    assert tasks == {"email_settings": {"settings": given, "defaults": {}}}


def test_a_kind_with_something_undefined_costs_itself_alone(tasks: dict[str, dict[str, Any]]) -> None:
    document = {"email_settings": [reference_to("nobody_knows")], "email_accounts": [{"name": "A"}]}
    result = run("host_sync", {"prefix": "provision_"}, {**HOST, "provision_document": document})
    assert (result["failed"], "nobody_knows" in result["msg"]) == (True, True)
    assert set(tasks) == {"email_accounts"}


def test_module_defaults(tasks: dict[str, dict[str, Any]]) -> None:
    defaults = [
        {
            "group/mailfleet.email.itflex": {"timeout": 5, "retries": 1, "deadline": 2},
            "mailfleet.email.email_accounts_sync": {"timeout": 7, "prune": True},
            "group/mailfleet.email.webitel": {"api_url": reference_to("nobody_knows")},
        }
    ]
    variables = {**HOST, "email_accounts": [], "itflex_retries": 4}
    assert "failed" not in run("host_sync", {}, variables, module_defaults=defaults)
    given = tasks["email_accounts"]
    assert (given["timeout"], given["retries"], given["deadline"], given["prune"]) == (7, 4, 2, True)


@pytest.mark.parametrize(
    ("role", "prefix", "others"), [("gitops", CONTROL, {"document"}), ("provision", "provision_", {"undescribed"})]
)
def test_every_variable_that_it_reads_is_one_of_the_role(role: str, prefix: str, others: set[str]) -> None:
    own = {option for kind in KINDS for option in kind.consents}
    read = {f"{prefix}{option}" for option in {*CONTROLLED, *own, "defaults", *others}}
    if role == "gitops":
        read |= {f"{kind.variables.lower()}_{option}" for kind in KINDS for option in kind.connection}
        read |= {kind.key for kind in KINDS}
    else:
        read |= {f"{prefix}{kind.key}" for kind in KINDS}
    assert read <= set(options_in(PLUGINS.parent / "roles" / role / "meta" / "argument_specs.yml"))


def test_every_controlled_option_is_one() -> None:
    for kind in KINDS:
        options = set(host_sync.ActionModule.actions[kind.key].spec.argument_spec)
        assert {*CONTROLLED, *kind.consents} <= options


def test_every_option_of_a_module_about_many_can_be_given() -> None:
    """By a variable of the roles; what is not is said elsewhere, or is a choice for one run."""
    elsewhere = {"src", "document", "from_variables", "plan", "progress", "deduplicate", "offline", "undescribed"}
    for kind in KINDS:
        spec = host_sync.ActionModule.actions[kind.key].spec
        known = {*CONTROLLED, *kind.consents, *kind.connection, "defaults", spec.records}
        assert set(spec.argument_spec) - elsewhere == known, kind.key


@pytest.mark.parametrize(
    ("name", "expected"), [("a", {"b": {"c": 1}}), ("a.b.c", 1), ("a.b", {"c": 1}), ("a.c", None), ("a.b.c.d", None)]
)
def test_what_a_host_registered(name: str, expected: Any) -> None:
    assert registered({"a": {"b": {"c": 1}}}, name) == expected


NOBODY = "write_passwords: no record of this task is called "


@pytest.mark.parametrize(
    ("warnings", "reported"),
    [
        ({"a": [f"{NOBODY}X"], "b": []}, []),
        ({"a": [f"{NOBODY}X", f"{NOBODY}Y", "other"], "b": [f"{NOBODY}Y"]}, [f"{NOBODY}Y", "other"]),
        ({"a": [f"{NOBODY}X"], "b": None}, [f"{NOBODY}X"]),
        ({"a": ["the same"], "b": ["the same"]}, ["the same"]),
        ({"a": None, "b": None}, None),
    ],
)
def test_a_name_of_another_kind_is_no_slip(warnings: dict[str, Any], reported: list[str] | None) -> None:
    results: dict[str, Any] = {
        kind: {"skipped": True} if texts is None else {"changed": False, "warnings": texts}
        for kind, texts in warnings.items()
    }
    outcome = joined(results, None)
    assert outcome.get("warnings", None if reported is None else []) == reported
    for kind in outcome["kinds"].values():
        assert set(kind.get("warnings", ())) <= set(reported or ())
