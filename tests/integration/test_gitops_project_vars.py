# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project whose own playbooks import the collection's: variables beside them are found, wherever the inventory is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.integration.records import account
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox

PLAYBOOKS = ("plan", "apply", "drift", "export", "validate", "test_send")


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """An inventory that is a script in a folder of its own, and knows names and groups alone."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    berlin = made.hosts.pop("berlin")
    inventory = {"_meta": {"hostvars": {"berlin": {}}}, "appliances": {"hosts": ["berlin"]}}
    made.write("../inventory/hosts", f"#!/bin/sh\necho '{json.dumps(inventory)}'\n").chmod(0o755)
    made.write("project/group_vars/all.yml", made.variables)
    made.write("project/group_vars/appliances.yml", {**berlin, "email_accounts": [{"name": "{{ of_host }}"}]})
    made.write("project/host_vars/berlin.yml", {"of_host": "Certificates", "mailfleet_other_variables": ["of_host"]})
    for name in PLAYBOOKS:
        made.write(f"project/{name}.yml", [{"import_playbook": f"mailfleet.email.{name}"}])
    made.variables.clear()
    sandbox.add_accounts([account()])
    return made


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_variables_beside_the_playbook_are_found(repository: Repository, name: str) -> None:
    repository.write("project/group_vars/all.yml", {"test_send_to": "you@example.com", "mailfleet_export_to": "out"})
    words = ("ansible-playbook", "-i", "../inventory/hosts", f"project/{name}.yml")
    ended = repository.command(*words, environment={"ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report"})
    # The mail server of the account is nowhere.
    assert ended.status == (2 if name == "test_send" else 0), ended.output
    assert "berlin " in ended.output.rpartition("PLAY RECAP")[2]
    if name == "test_send":
        assert "itflex Certificates: test message" in ended.output
    elif name == "plan":
        [entry] = repository.plan()["hosts"]["berlin"]["email_accounts"]
        assert (entry["record"], entry["action"]) == ("Certificates", "none")


def test_playbooks_of_two_folders_are_left_alone(repository: Repository) -> None:
    repository.write("other/first.yml", [{"hosts": "all", "gather_facts": False, "tasks": []}])
    ended = repository.command("ansible-playbook", "-i", "../inventory/hosts", "other/first.yml", "project/plan.yml")
    assert ended.status != 0
    assert "Nothing is described for berlin" in ended.output
