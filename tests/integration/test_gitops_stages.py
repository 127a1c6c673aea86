# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""apply in stages, where a host has several kinds of record: the failure of one of them is the host's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.records import account, settings
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.integration.repository import Ended
    from tests.sandbox.client import Sandbox

HOSTS = ["a-canary", "b", "c", "d", "e", "f"]


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """Six hosts, each a PBX and an appliance, with settings and an account of its own to create."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    both = {**made.hosts["pbx"], **made.hosts["berlin"], "webitel_retries": 0}
    made.hosts = {host: dict(both) for host in HOSTS}
    del made.variables["mailfleet_document"]
    sandbox.add_domains(*(f"{host}.example" for host in HOSTS))
    made.variables["email_settings"] = [{"domain": "{{ inventory_hostname }}.example", **settings()}]
    made.variables["email_accounts"] = [account(name="{{ inventory_hostname }}")]
    return made


def _apply(repository: Repository, *, planned: bool, **variables: Any) -> Ended:
    options = [*(("-e", "plan=plan.json") if planned else ()), "-e", json.dumps(variables)]
    report = {"ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report", "MAILFLEET_REPORT_JSON": "report.json"}
    return repository.run("apply", *options, environment=report)


def _states(repository: Repository) -> dict[str, str]:
    report = json.loads((repository.path / "report.json").read_text(encoding="utf-8"))
    return {host["host"]: host["status"] for host in report["hosts"]}


@pytest.mark.parametrize("planned", [False, True])
@pytest.mark.parametrize("kind", ["settings", "accounts"])
def test_one_kind_of_the_canary_fails(repository: Repository, kind: str, planned: bool) -> None:
    """The other kind of the same host has its turn; no other host has."""
    if planned:
        assert repository.run("plan").status == 0
    path = {"settings": "/engine/api/v2/email/settings", "accounts": "/api/email/accounts"}[kind]
    repository.sandbox.fault(path, method="POST", status=403, times=1)
    applied = _apply(repository, planned=planned, mailfleet_serial=[1, 2, "100%"])
    assert (applied.status, len(repository.writes())) == (2, 2), applied.output
    assert "Failed in stage 1. Hosts of stages that did not begin are as they were." in applied.output
    left = "ok" if planned else "not_begun"
    assert _states(repository) == {"a-canary": "failed", **dict.fromkeys(HOSTS[1:], left)}


@pytest.mark.parametrize(("allowed", "stages"), [(None, 2), (49, 2), (50, 3)])
def test_how_many_of_a_stage_may_fail(repository: Repository, allowed: int | None, stages: int) -> None:
    """One of two, in the second stage; those of its stage are done, and the third begins where that is allowed."""
    repository.hosts["c"]["webitel_key"] = "wrong"
    repository.hosts["c"]["webitel_access_token"] = "wrong"
    applied = _apply(repository, planned=False, mailfleet_serial=[1, 2, 3], mailfleet_max_fail_percentage=allowed)
    assert applied.status == 2
    done = {1: 1, 2: 3, 3: 6}[stages]
    assert sorted(entry["name"] for entry in repository.sandbox.accounts()) == HOSTS[:done], applied.output
    assert "Failed in stage 2." in applied.output
    expected = dict.fromkeys(HOSTS[:done], "ok") | dict.fromkeys(HOSTS[done:], "not_begun") | {"c": "failed"}
    assert _states(repository) == expected
    report = json.loads((repository.path / "report.json").read_text(encoding="utf-8"))
    assert report["totals"]["errors"] == 1


@pytest.mark.parametrize(
    ("serial", "percentage", "words"),
    [
        ("x", None, ["mailfleet_serial: must be a number of hosts from 1, or a part of them"]),
        (0, None, ["mailfleet_serial: must be a number of hosts from 1"]),
        ([], None, ["mailfleet_serial: must name a stage at least, and is an empty list"]),
        (
            [1, "0%"],
            "x",
            ["mailfleet_serial[1]: must be", "mailfleet_max_fail_percentage: must be a number from 0 to 100"],
        ),
        (None, -1, ["mailfleet_max_fail_percentage: must be a number from 0 to 100"]),
    ],
)
def test_stages_that_are_none(repository: Repository, serial: object, percentage: object, words: list[str]) -> None:
    """Said in words before any host is looked at; Ansible breaks off with a bug, or does all hosts at once."""
    applied = _apply(repository, planned=False, mailfleet_serial=serial, mailfleet_max_fail_percentage=percentage)
    reported = " ".join(applied.output.split())
    assert (applied.status, repository.sandbox.requests()) == (2, []), applied.output
    assert all(each in reported for each in words), applied.output
    assert "Unexpected Exception" not in reported


def test_stages_among_the_variables_of_hosts(repository: Repository) -> None:
    """No play looks there: all hosts would be done at once, without a canary."""
    repository.variables["mailfleet_serial"] = [1, "100%"]
    applied = repository.run("apply")
    assert (applied.status, repository.writes()) == (2, []), applied.output
    assert "mailfleet_serial: must be an extra variable (-e)" in " ".join(applied.output.split())
    assert repository.run("apply", "-e", "mailfleet_serial=2").status == 0
