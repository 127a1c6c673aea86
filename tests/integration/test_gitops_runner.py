# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Thirty hosts in three slices by the real ansible-runner, and no secret in anything that comes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

from ansible_collections.mailfleet.email.plugins.plugin_utils._handed_on import unpacked
from tests.integration.records import account
from tests.integration.runner import Job
from tests.sandbox.encodings import LeakSearch

if TYPE_CHECKING:
    import pytest

    from tests.integration.runner import Document, Returned
    from tests.sandbox.client import Sandbox

HOSTS = [f"host{number:02}" for number in range(1, 31)]
SLICES = 3


def _handed_on(slices: list[Returned], status: int = 0) -> Document:
    found: Document = {}
    for each in slices:
        assert each.status() == status, each.output()
        found |= each.handed_on()
    assert len(found) == len(slices)
    return found


def _leaks(slices: list[Returned], secrets: list[str]) -> list[str]:
    """The secrets in all that came back: in each file and event, and unpacked in what is packed in them."""
    texts: set[str] = set()
    for each in slices:
        files = [path for path in each.folder.rglob("*") if path.is_file()]
        assert any(path.parent.name == "job_events" for path in files)
        whole = "\n".join(path.read_text("utf-8", "replace") for path in files)
        for packed in [text for value in each.handed_on().values() for text in value.values()]:
            whole = whole.replace(packed, "")
            texts.add(unpacked(packed).decode())
        texts.add(whole)
    return LeakSearch(secrets).found_in("\n".join(texts))


def test_three_slices_of_thirty_hosts(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> None:
    password, key = f"planted{uuid4().hex}", f"planted{uuid4().hex}"
    itflex = sandbox.ready["itflex"]
    connection = {"itflex_api_url": itflex["api_url"], "itflex_refresh_token": itflex["refresh_token"]}
    described = {"email_accounts": [account(name="{{ inventory_hostname }}", password=password)]}
    playbooks = {
        f"{name}.yml": [{"import_playbook": f"mailfleet.email.{name}"}] for name in ("plan", "merge", "apply", "drift")
    }
    project = {**playbooks, "group_vars/appliances.yml": described}
    job = Job(tmp_path_factory.mktemp("job"), HOSTS, project, connection)
    options = {"mailfleet_hand_on": True, "mailfleet_plan_key": key}

    plans = job.run("plan", options, SLICES)
    for number, each in enumerate(plans):
        recap = each.output().rpartition("PLAY RECAP")[2]
        assert [host for host in HOSTS if f"{host} " in recap] == HOSTS[number::SLICES]
    merged = job.run("merge", {**options, **_handed_on(plans)})
    [whole] = job.run("plan", options)
    [plan] = whole.handed_on().values()
    handed_on = _handed_on(merged)
    assert handed_on["mailfleet_merged_plan"]["plan"] == plan["plan"]
    assert sorted(json.loads(unpacked(plan["plan"]))["hosts"]) == HOSTS

    drifts = job.run("drift", options, SLICES)
    assert len(_handed_on(drifts, status=2)) == SLICES
    sandbox.clear_requests()
    applied = job.run("apply", {**options, **handed_on}, SLICES)
    reports = _handed_on(applied)
    assert sorted(entry["name"] for entry in sandbox.accounts()) == HOSTS
    held = job.run("apply", {**options, **handed_on}, SLICES)
    assert {each.status() for each in held} == {2}
    reported = job.run("merge", {**options, **_handed_on(plans), **reports})
    assert "30 created" in reported[0].output()

    everything = [*plans, *merged, whole, *drifts, *applied, *reported]
    assert _leaks(everything, [password, key, itflex["refresh_token"]]) == []
    assert _leaks(plans, ["mailfleet.email plan"])


def test_more_slices_than_hosts(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> None:
    """A slice without a host is no success, and what the others hand on is whole without it."""
    itflex = sandbox.ready["itflex"]
    connection = {"itflex_api_url": itflex["api_url"], "itflex_refresh_token": itflex["refresh_token"]}
    described = {"email_accounts": [account(name="{{ inventory_hostname }}")]}
    playbooks = {f"{name}.yml": [{"import_playbook": f"mailfleet.email.{name}"}] for name in ("plan", "merge")}
    project = {**playbooks, "group_vars/appliances.yml": described}
    job = Job(tmp_path_factory.mktemp("job"), HOSTS[:3], project, connection)
    *filled, empty = plans = job.run("plan", {"mailfleet_hand_on": True}, 4)
    assert [each.status() for each in plans] == [0, 0, 0, 2]
    assert "no host is in this run: the inventory is empty" in empty.output()
    assert empty.handed_on() == {}
    [merged] = job.run("merge", {"mailfleet_hand_on": True, **_handed_on(filled)})
    assert merged.status() == 0, merged.output()
    plan = merged.handed_on()["mailfleet_merged_plan"]["plan"]
    assert sorted(json.loads(unpacked(plan))["hosts"]) == HOSTS[:3]
