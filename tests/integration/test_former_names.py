# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts are renamed by the names that they had before: one at a time, many at once, and from documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Task, in_turn
from tests.integration.records import account
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook
    from tests.sandbox.client import Sandbox

RENAMED: dict[str, Any] = {"name": "Certificates and keys", "former_names": ["Certificates"]}


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("email_account", RENAMED),
        ("email_accounts_sync", {"accounts": [RENAMED]}),
        # As one who writes it by hand may do.
        ("email_accounts_sync", {"accounts": [{**RENAMED, "former_names": "Certificates"}]}),
    ],
)
def test_renaming(playbook: Playbook, module: str, arguments: dict[str, Any]) -> None:
    playbook.sandbox.add_accounts([account()])
    run = playbook.run(
        [
            Task("foretell", module, arguments, check=True),
            Task("rename", module, arguments),
            Task("again", module, arguments),
            Task("as before", "email_account", {**account(email="other@example.com"), "smtp_port": 25}),
            Task("both", module, arguments),
        ]
    )
    foretold, done = run.succeeded("foretell").returned, run.succeeded("rename").returned
    assert foretold["changed"]
    entries = [found.get("results", [found])[0] for found in (foretold, done)]
    assert [(entry["action"], entry["changed_fields"]) for entry in entries] == [("updated", ["name"])] * 2
    assert entries[0]["diff"] == entries[1]["diff"]
    assert not run.succeeded("again").returned["changed"]
    assert "there is an account Certificates and keys" in run.failed("both").returned["msg"]
    assert [stored["name"] for stored in playbook.sandbox.accounts()] == [RENAMED["name"], "Certificates"]


def test_a_document_is_planned_and_applied_as_a_renaming(
    sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    repository = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    del repository.hosts["pbx"]
    repository.variables["mailfleet_prune"] = True
    repository.write("mail/berlin/accounts.yml", {"email_accounts": [{**account(), **RENAMED}]})
    sandbox.add_accounts([account()])
    assert repository.run("plan").status == 0
    [entry] = repository.plan()["hosts"]["berlin"]["email_accounts"]
    assert (entry["record"], entry["action"], entry["changed_fields"]) == (RENAMED["name"], "updated", ["name"])
    applied = repository.run("apply", "-e", "plan=plan.json")
    assert applied.status == 0, applied.output
    assert repository.writes() == ["PUT /api/email/accounts/1"]
    assert repository.run("drift").status == 0


PROFILE: dict[str, Any] = {"name": "Support desk", "former_names": ["Help", "Support"]}


@pytest.mark.parametrize(
    ("module", "arguments"),
    [("email_profile", PROFILE), ("email_profiles_sync", {"profiles": [PROFILE], "defaults": {"smtp_port": 465}})],
)
def test_renaming_a_profile(playbook: Playbook, module: str, arguments: dict[str, Any]) -> None:
    flow = playbook.sandbox.webitel_cloud.add_schema("Tickets")
    playbook.sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow, "smtp_port": 465}])
    another = {"name": "Support", "schema": {"name": "Tickets"}}
    run = playbook.run(
        [
            Task("foretell", module, arguments, check=True),
            Task("rename", module, arguments),
            Task("again", module, arguments),
            Task("as before", "email_profile", another),
            Task("both", module, arguments),
        ]
    )
    entries = [run.succeeded(name).returned for name in ("foretell", "rename")]
    entries = [found.get("results", [found])[0] for found in entries]
    assert [(entry["action"], entry["changed_fields"]) for entry in entries] == [("updated", ["name"])] * 2
    assert entries[0]["diff"] == entries[1]["diff"]
    assert run["rename"].writes == ["PATCH"]
    assert not run.succeeded("again").returned["changed"]
    assert "there is a profile Support desk, and Support (id 2) is live as well" in run.failed("both").returned["msg"]


@pytest.mark.parametrize("name", ["email_profile", "email_profiles_sync"])
def test_a_new_profile_that_is_perhaps_a_live_one(playbook: Playbook, name: str) -> None:
    flow = playbook.sandbox.webitel_cloud.add_schema("Tickets")
    playbook.sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow, "login": "desk@example.com"}])
    described = {"name": "Desk", "login": "desk@example.com", "schema": {"name": "Tickets"}}
    arguments = described if name == "email_profile" else {"profiles": [described]}
    [warning] = playbook.run([Task("create", name, arguments, check=True)]).succeeded("create").warnings
    assert "the live profile Support (id 1), which is not described, has its login" in warning
    assert "describe it with former_names: [Support]" in warning


def test_a_profile_in_a_document_is_planned_and_applied_as_a_renaming(
    sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    repository = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    cloud = sandbox.ready["webitel_cloud"]
    address = {f"webitel_cloud_{name}": cloud[name] for name in ("api_url", "access_token")}
    repository.hosts.clear()
    repository.hosts["cloud"] = address
    repository.variables.update({"mailfleet_prune": True, "mailfleet_erase_stored_mail": True})
    flow = sandbox.webitel_cloud.add_schema("Tickets")
    sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow}])
    repository.write("mail/cloud/profiles.yml", {"email_profiles": [PROFILE]})
    assert repository.run("plan").status == 0
    [entry] = repository.plan()["hosts"]["cloud"]["email_profiles"]
    assert (entry["record"], entry["action"], entry["changed_fields"]) == (PROFILE["name"], "updated", ["name"])
    applied = repository.run("apply", "-e", "plan=plan.json")
    assert applied.status == 0, applied.output
    assert [call.partition(" ")[0] for call in repository.writes()] == ["PATCH"]
    assert repository.run("drift").status == 0


@pytest.mark.parametrize("spec", WAYS)
def test_names_that_are_handed_over(playbook: Playbook, spec: ModuleSpec) -> None:
    """A becomes B while B becomes C: the same plan in check mode, and each name is free when it is taken."""
    playbook.sandbox.add_accounts([account(name="A", email="a@example.com"), account(name="B", email="b@example.com")])
    flow = playbook.sandbox.webitel_cloud.add_schema("Tickets")
    playbook.sandbox.webitel_cloud.add_profiles([{"name": name, "flow_id": flow} for name in "AB"])
    entries = [{"name": "B", "former_names": ["A"]}, {"name": "C", "former_names": ["B"]}]
    asked = {"email_accounts_sync": {"accounts": entries}, "email_profiles_sync": {"profiles": entries}}
    circle = [entries[0], {"name": "A", "former_names": ["B"]}]
    tasks = in_turn(asked, "foretell", "rename", "again", check="foretell")
    run = playbook.run([*tasks, Task("circle", "email_accounts_sync", {"accounts": circle})], spec=spec)
    for module in asked:
        foretold, done = (run.succeeded(f"{name} {module}").returned["results"] for name in ("foretell", "rename"))
        assert [entry["diff"] for entry in foretold] == [entry["diff"] for entry in done]
        assert [(entry["action"], entry["changed_fields"]) for entry in done] == [("updated", ["name"])] * 2
        written = [call.rpartition("/")[2] for call in run[f"rename {module}"].calls if "GET" not in call]
        assert written[-2:] == ["2", "1"]
        assert run.succeeded(f"rename {module}").warnings == []
        assert not run.succeeded(f"again {module}").returned["changed"]
    assert [stored["name"] for stored in playbook.sandbox.accounts()] == ["B", "C"]
    assert "lead back to this name" in run.failed("circle").returned["msg"]
    assert run["circle"].requests == []


@pytest.mark.parametrize("spec", WAYS)
def test_the_name_of_one_that_is_removed(playbook: Playbook, spec: ModuleSpec) -> None:
    """B is removed by its id, and A takes its name in the same run."""
    playbook.sandbox.add_accounts([account(name="A", email="a@example.com"), account(name="B", email="b@example.com")])
    flow = playbook.sandbox.webitel_cloud.add_schema("Tickets")
    playbook.sandbox.webitel_cloud.add_profiles([{"name": name, "flow_id": flow} for name in "AB"])
    taker = {"name": "B", "former_names": ["A"]}
    gone = {"id": 2, "state": "absent"}
    asked = {
        "email_accounts_sync": {"accounts": [taker, gone]},
        "email_profiles_sync": {"profiles": [taker, {**gone, "erase_stored_mail": True}]},
    }
    run = playbook.run(in_turn(asked, "foretell", "do", "again", check="foretell"), spec=spec)
    for module in asked:
        foretold, done = (run.succeeded(f"{name} {module}").returned["results"] for name in ("foretell", "do"))
        assert [entry["action"] for entry in foretold] == [entry["action"] for entry in done] == ["updated", "deleted"]
        assert not run.succeeded(f"again {module}").returned["changed"]
    assert [(stored["id"], stored["name"]) for stored in playbook.sandbox.accounts()] == [(1, "B")]
