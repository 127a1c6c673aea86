# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role gitops in a play of the user's own, which says nothing of check mode."""

# Coverage is measured over these.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.records import account, settings
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox


def play(*entry_points: str) -> list[dict[str, Any]]:
    """A play that includes the role once for each entry point."""
    role = "mailfleet.email.gitops"
    return [
        {
            "name": "A play of the user's own",
            "hosts": "all",
            "connection": "local",
            "gather_facts": False,
            "tasks": [
                {"name": name, "ansible.builtin.include_role": {"name": role, "tasks_from": name}}
                for name in entry_points
            ],
        }
    ]


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """A PBX and an appliance that lack what is described, and have an account that nobody described."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    made.write("mail/pbx/settings.yml", {"email_settings": [{"domain": "a.example", **settings()}]})
    made.write("mail/berlin/accounts.yml", {"email_accounts": [account()]})
    sandbox.add_accounts([account(name="Nobody's", email="nobody@example.com")])
    return made


def test_plan_and_what_verifies_it_write_nothing(repository: Repository) -> None:
    repository.write("own.yml", play("plan"))
    planned = repository.run("own.yml")
    assert planned.status == 0, planned.output
    assert sorted(repository.plan()["hosts"]) == ["berlin", "pbx"]
    assert repository.writes() == []
    repository.write("own.yml", play("verify_plan"))
    held = repository.run("own.yml", "-e", "plan=plan.json")
    assert held.status == 0, held.output
    assert repository.writes() == []
    # What verifies a plan shows what would be done, or it could not have compared it.
    assert (held.changed("pbx"), held.changed("berlin")) == (1, 1)


def test_drift_writes_nothing_and_lists_what_nobody_described(repository: Repository) -> None:
    repository.write("own.yml", play("drift"))
    ended = repository.run("own.yml", "-v")
    assert ended.status == 2, ended.output
    assert "1 live and not described: email_accounts Nobody's (id 1)" in ended.output
    assert repository.writes() == []


def test_a_host_that_could_not_be_planned_is_out_of_the_play(repository: Repository) -> None:
    """Whatever the play does after the role is meant for hosts that are as they were reviewed."""
    token = repository.hosts["berlin"]["itflex_refresh_token"]
    repository.hosts["berlin"]["itflex_refresh_token"] = "wrong"
    assert repository.run("plan").status == 2
    repository.hosts["berlin"]["itflex_refresh_token"] = token
    [own] = play("verify_plan", "main")
    own["vars"] = {"gitops_verifies_plan": True}
    own["tasks"] = [*own["tasks"], {"name": "Go on", "ansible.builtin.debug": {"msg": "goes on"}}]
    repository.write("own.yml", [own])
    ended = repository.run("own.yml", "-e", "plan=plan.json", "-e", "mailfleet_unplanned=skip")
    assert ended.status == 0, ended.output
    assert repository.writes() == ["POST /engine/api/v2/email/settings"]
    after = ended.output.partition("TASK [Go on]")[2]
    assert "ok: [pbx]" in after
    assert "ok: [berlin]" not in after


def test_main_writes_what_is_described(repository: Repository) -> None:
    repository.write("own.yml", play("main"))
    ended = repository.run("own.yml")
    assert ended.status == 0, ended.output
    assert len(repository.writes()) == 2
