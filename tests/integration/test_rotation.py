# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passwords are rotated on servers that do not show them: asked for in one run, and no drift for ever."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import account, settings
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook
    from tests.sandbox.client import Sandbox

FRESH = "fresh-password"


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """A PBX and an appliance that show no passwords, and whose stored ones are not those described."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    sandbox.add_accounts(
        [account(email="certificates@example.com"), account(name="Alarms", email="alarms@example.com")]
    )
    sandbox.put_settings("a.example", settings())
    sandbox.traps(itflex_passwords="omit", webitel_passwords="omit")
    described(made, "on_create")
    return made


def described(repository: Repository, update_password: str) -> None:
    names = ("Certificates", "Alarms")
    accounts = [
        account(name=name, email=f"{name.lower()}@example.com", password=FRESH, update_password=update_password)
        for name in names
    ]
    login = {"user": "pbx@my.example.com", "pass": FRESH}
    domain = {"domain": "a.example", **settings(auth=login), "update_password": update_password}
    repository.write("mail/berlin/accounts.yml", {"email_accounts": accounts})
    repository.write("mail/pbx/settings.yml", {"email_settings": [domain]})


def passwords(sandbox: Sandbox) -> list[str]:
    """Which passwords are stored: of all accounts, and of the domain."""
    stored = [entry["password"] for entry in sandbox.accounts()]
    return [*stored, sandbox.settings()["a.example"]["options"]["auth"]["pass"]]


def test_all_passwords_in_one_run(repository: Repository) -> None:
    report = {"ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report"}
    assert repository.run("apply").status == 0
    assert repository.writes() == []
    planned = repository.run("plan", "-e", "mailfleet_write_passwords=true", environment=report)
    assert planned.status == 0, planned.output
    assert "  ? email_settings a.example" in planned.output
    # Many that get the same are reported once.
    assert "  ? 2 accounts: password <secret: not readable>" in planned.output
    assert "3 to write without knowing whether it differs" in planned.output
    assert repository.plan()["totals"]["unknown"] == 3
    applied = repository.run("apply", "-e", "mailfleet_write_passwords=true", "-e", "plan=plan.json")
    assert applied.status == 0, applied.output
    assert passwords(repository.sandbox) == [FRESH] * 3
    assert repository.run("apply").status == 0
    assert repository.writes() == []


@pytest.mark.parametrize("names", ["Alarms", '{"mailfleet_write_passwords": ["Alarms"]}'])
def test_the_passwords_of_some(repository: Repository, names: str) -> None:
    option = names if names.startswith("{") else f"mailfleet_write_passwords={names}"
    ended = repository.run("apply", "--limit", "berlin", "-e", option)
    assert ended.status == 0, ended.output
    assert repository.writes() == ["PUT /api/email/accounts/2"]
    slip = repository.run("apply", "--limit", "berlin", "-e", "mailfleet_write_passwords=Alarm")
    assert "write_passwords: no record of this task is called Alarm" in slip.output
    assert repository.writes() == []


def test_names_on_a_host_with_several_kinds(repository: Repository) -> None:
    """A name of one kind is no slip for the other; one that is nobody's is reported once."""
    repository.hosts = {"both": {**repository.hosts["pbx"], **repository.hosts["berlin"]}}
    repository.variables["mailfleet_document"] = "mail"
    asked = {"mailfleet_write_passwords": ["Certificates", "a.example", "Alarm"]}
    ended = repository.run("plan", "-e", json.dumps(asked))
    assert ended.status == 0, ended.output
    output = " ".join(ended.output.split())
    assert output.count("no record of this task is called") == output.count("is called Alarm") == 1
    assert repository.plan()["totals"]["unknown"] == 2


def test_drift_is_no_difference(repository: Repository) -> None:
    described(repository, "always")
    ended = repository.run("drift", "-v")
    assert ended.status == 0, ended.output
    assert "2 not known, since the server does not show them: email_accounts Certificates password" in ended.output


@pytest.mark.parametrize("spec", WAYS)
@pytest.mark.parametrize("asked", [True, ["Certificates"], "Certificates"])
def test_the_option(playbook: Playbook, spec: ModuleSpec, asked: object) -> None:
    playbook.sandbox.add_accounts([account()])
    playbook.sandbox.traps(itflex_passwords="omit")
    wanted = {"accounts": [account(password=FRESH, update_password="on_create")]}
    run = playbook.run(
        [
            Task("as ever", "email_accounts_sync", wanted),
            Task("rotate", "email_accounts_sync", {**wanted, "write_passwords": asked}),
        ],
        spec=spec,
    )
    assert not run.succeeded("as ever").returned["changed"]
    [entry] = run.succeeded("rotate").returned["results"]
    assert (entry["action"], entry["unknown_fields"]) == ("unknown", ["password"])
    assert playbook.sandbox.accounts()[0]["password"] == FRESH
