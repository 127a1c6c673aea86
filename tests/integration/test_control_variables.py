# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A variable that is misspelt stops a run before it asks a server for anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import Task
from tests.integration.records import account
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import Playbook
    from tests.sandbox.client import Sandbox


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """An appliance that lacks what is described."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    del made.hosts["pbx"]
    made.write("mail/berlin/accounts.yml", {"email_accounts": [account()]})
    return made


@pytest.mark.parametrize(
    ("playbook", "option", "meant"),
    [
        ("apply", "plna=plan.json", "plna: is read by nobody; did you mean plan?"),
        ("plan", "mailfleet_prunne=true", "did you mean mailfleet_prune?"),
        ("drift", "itflex_validate_cert=false", "did you mean itflex_validate_certs?"),
        ("export", "mailfleet_export=there", "did you mean mailfleet_export_to?"),
        ("test_send", "test_send_tos=a@example.com", "did you mean test_send_to?"),
        ("apply", "mailfleet_plan=plan.json", "did you mean plan?"),
        ("apply", "check=true", "check: is read by nobody; did you mean --check?"),
        ("export", "force=true", "did you mean mailfleet_force?"),
        ("merge", "mailfleet_merge_plan=plans/*", "did you mean mailfleet_merge_plans?"),
    ],
)
def test_on_the_command_line(repository: Repository, playbook: str, option: str, meant: str) -> None:
    ended = repository.run(playbook, "-e", option)
    assert ended.status == (4 if playbook == "drift" else 2), ended.output
    assert meant in ended.output
    assert repository.sandbox.requests() == []


def test_in_the_inventory_and_all_at_once(repository: Repository) -> None:
    repository.hosts["berlin"].update(itflex_timeuot=3, mailflet_prune=True)
    ended = repository.run("apply")
    assert ended.status == 2
    assert "variables: 2 problems" in ended.output
    assert repository.sandbox.requests() == []
    repository.variables["mailfleet_other_variables"] = ["itflex_timeuot", "mailflet_prune"]
    assert repository.run("apply").status == 0


@pytest.mark.parametrize(
    ("defaults", "words"),
    [
        ("smtp", "mailfleet_defaults: must be a mapping, not a text"),
        ({"email_acounts": {}}, "mailfleet_defaults.email_acounts: is no option of mailfleet_defaults"),
    ],
)
@pytest.mark.parametrize("playbook", ["validate", "plan"])
def test_defaults_that_nobody_reads(repository: Repository, playbook: str, defaults: Any, words: str) -> None:
    repository.variables["mailfleet_defaults"] = defaults
    ended = repository.run(playbook)
    assert ended.status == 2
    assert words in " ".join(ended.output.split())
    assert repository.sandbox.requests() == []


def test_whether_a_plan_is_required_is_no_guess(repository: Repository) -> None:
    ended = repository.run("apply", "-e", "mailfleet_plan_required=treu")
    assert ended.status == 2
    assert "plan_required: must be true or false" in ended.output
    assert repository.sandbox.requests() == []


def test_a_plan_can_be_required(repository: Repository) -> None:
    repository.variables["mailfleet_plan_required"] = True
    refused = repository.run("apply")
    assert refused.status == 2
    assert "mailfleet_plan_required: is true, but there is no plan" in refused.output
    assert repository.sandbox.requests() == []
    for playbook in ("plan", "export"):
        assert repository.run(playbook).status == 0
    held = repository.run("apply", "-e", "plan=plan.json")
    assert held.status == 0, held.output
    assert len(repository.writes()) == 1


@pytest.mark.parametrize(
    ("role", "variables", "meant"),
    [
        ("provision", {"provision_email_acounts": [account()]}, "did you mean provision_email_accounts?"),
        ("test_send", {"test_send_to": "a@example.com", "test_send_fial": False}, "did you mean test_send_fail?"),
    ],
)
def test_roles(repository: Repository, role: str, variables: dict[str, object], meant: str) -> None:
    task = {"ansible.builtin.include_role": {"name": f"mailfleet.email.{role}"}, "vars": variables}
    play = {"hosts": "all", "connection": "local", "gather_facts": False, "tasks": [{"name": role, **task}]}
    repository.write("own.yml", [play])
    ended = repository.run("own.yml")
    assert ended.status == 2
    assert meant in ended.output


def test_the_module(playbook: Playbook, tmp_path: Path) -> None:
    specs = tmp_path / "argument_specs.yml"
    specs.write_text("argument_specs: {main: {options: {gateway_size: {}}}}")
    wanted = {"argument_specs": str(specs), "prefixes": ["gateway_"]}
    run = playbook.run(
        [
            Task("right", "control_variables", wanted, keywords={"vars": {"gateway_size": 1}}),
            Task("wrong", "control_variables", wanted, keywords={"vars": {"gateway_sise": 1}}),
            Task("no specs", "control_variables", {**wanted, "argument_specs": str(tmp_path / "none.yml")}),
        ]
    )
    assert not run.succeeded("right").returned["changed"]
    assert run.failed("wrong").returned["failure"]["problems"][0]["field"] == "gateway_sise"
    assert run.failed("no specs").returned["failure"]["problems"][0]["field"] == "argument_specs"
