# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An apply that was interrupted goes on with the same plan: what is already as planned counts as done."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import LONGEST_RUN_SECONDS
from tests.integration.records import account, settings
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.integration.repository import Ended
    from tests.sandbox.client import Sandbox

KEY = ("-e", "mailfleet_plan_key=signing-key")
ACCEPT = ("-e", "mailfleet_done=accept")
PUT_ALARMS = "PUT /api/email/accounts/1"


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """A PBX with settings to create; an appliance with an account to create, to change, to keep and to remove."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    made.variables |= {"mailfleet_prune": True, "mailfleet_prune_limit": "50%", "mailfleet_on_error": "continue"}
    made.write("mail/pbx/settings.yml", {"email_settings": [{"domain": "a.example", **settings()}]})
    _describe(made)
    sandbox.add_accounts([account(name="Alarms"), account(name="Same"), account(name="Nobody described")])
    return made


def _describe(repository: Repository, **changes: object) -> None:
    described = [account(**changes), account(name="Alarms", smtp_port=587), {"name": "Same", "smtp_port": 465}]
    repository.write("mail/berlin/accounts.yml", {"email_accounts": described})


def _apply(repository: Repository, *options: str) -> Ended:
    return repository.run("apply", "-e", "plan=plan.json", *KEY, *options)


def _interrupted(repository: Repository) -> None:
    """Plan, and apply all but the change of one account, whose server fails at it."""
    assert repository.run("plan", *KEY).status == 0
    repository.sandbox.fault("/api/email/accounts/1", method="PUT", status=400, times=1)
    assert _apply(repository).status == 2
    assert len(repository.writes()) == 4


@pytest.mark.parametrize("in_process", [True, False])
def test_only_what_is_missing_is_done(repository: Repository, in_process: bool) -> None:
    if not in_process:
        repository.variables |= {"mailfleet_in_process": False, "ansible_python_interpreter": sys.executable}
    _interrupted(repository)
    refused = _apply(repository)
    assert (refused.status, repository.writes()) == (2, [])
    assert "Nobody described: was planned (deleted)" in refused.output
    resumed = _apply(repository, *ACCEPT)
    assert (resumed.status, repository.writes()) == (0, [PUT_ALARMS]), resumed.output
    again = _apply(repository, *ACCEPT)
    assert (again.status, repository.writes()) == (0, []), again.output
    assert repository.run("drift").status == 0


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_an_apply_that_was_killed(repository: Repository, stop: signal.Signals) -> None:
    """Each record is written once, whatever the signal came between."""
    names = [f"Account {number:02}" for number in range(80)]
    described = [account(name=name, email=f"{number}@example.com") for number, name in enumerate(names)]
    repository.variables["mailfleet_prune"] = False
    repository.write("mail/berlin/accounts.yml", {"email_accounts": described})
    assert repository.run("plan", *KEY).status == 0
    sandbox, before = repository.sandbox, len(repository.sandbox.accounts())
    sandbox.traps(delay_ms=300)
    words = ["ansible-playbook", "-i", "inventory.yml", "mailfleet.email.apply", "-e", "plan=plan.json", *KEY]
    silent = subprocess.DEVNULL
    with subprocess.Popen(
        words, cwd=repository.path, env=repository.environment(), stdin=silent, stdout=silent, stderr=silent
    ) as applying:
        while len(sandbox.accounts()) == before and applying.poll() is None:
            time.sleep(0.05)
        applying.send_signal(stop)
        assert applying.wait(LONGEST_RUN_SECONDS) != 0
    # What was on its way when the signal came arrives yet.
    time.sleep(1)
    assert before < len(sandbox.accounts()) < before + len(names)
    sandbox.traps(delay_ms=0)
    resumed = _apply(repository, *ACCEPT)
    assert resumed.status == 0, resumed.output
    assert sorted(entry["name"] for entry in sandbox.accounts() if entry["name"] in names) == names
    assert repository.run("drift").status == 0


def test_passwords_that_the_server_hides_are_written_again(repository: Repository) -> None:
    repository.sandbox.traps(itflex_passwords="omit")
    _interrupted(repository)
    resumed = _apply(repository, *ACCEPT)
    assert resumed.status == 0, resumed.output
    assert PUT_ALARMS in repository.writes()
    assert len(repository.writes()) == 2


def test_another_description_of_what_is_done_is_refused(repository: Repository) -> None:
    _interrupted(repository)
    _describe(repository, smtp_port=2525)
    refused = _apply(repository, *ACCEPT)
    assert (refused.status, repository.writes()) == (2, [])
    assert "Certificates: was planned: created; now: updated (smtp_port)" in refused.output
    assert "Nobody described" not in refused.output


def test_what_somebody_changed_since_is_refused(repository: Repository) -> None:
    """Also where nothing is left to do, since it is described by now too."""
    _interrupted(repository)
    _describe(repository, smtp_port=2525)
    assert repository.run("apply").status == 0
    refused = _apply(repository, *ACCEPT)
    assert (refused.status, repository.writes()) == (2, [])
    assert "Certificates: was planned: created; now: none" in refused.output
    assert "Alarms" not in refused.output


def test_profiles(repository: Repository, sandbox: Sandbox) -> None:
    cloud = sandbox.ready["webitel_cloud"]
    repository.hosts = {
        "cloud": {"webitel_cloud_api_url": cloud["api_url"], "webitel_cloud_access_token": cloud["access_token"]}
    }
    repository.variables |= {"mailfleet_erase_stored_mail": True}
    flow = sandbox.webitel_cloud.add_schema("Tickets")
    live = [{"name": name, "flow_id": flow, "smtp_host": "old.example.com"} for name in ("Sales", "Nobody described")]
    sandbox.webitel_cloud.add_profiles(live)
    described = {"schema": {"name": "Tickets"}, "smtp_host": "smtp.example.com", "password": "a-long-password"}
    profiles = [{"name": name, **described} for name in ("Support", "Sales")]
    repository.write("mail/cloud/profiles.yml", {"email_profiles": profiles})
    assert repository.run("plan", *KEY).status == 0
    assert _apply(repository).status == 0
    assert (_apply(repository).status, repository.writes()) == (2, [])
    resumed = _apply(repository, *ACCEPT)
    assert resumed.status == 0, resumed.output
    # The passwords, which the server does not show.
    assert [write.partition(" ")[0] for write in repository.writes()] == ["PATCH", "PATCH"]
