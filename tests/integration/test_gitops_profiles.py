# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Email profiles in plan, apply, drift and export, as the other kinds of record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox

PASSWORD = "first-password-of-a-profile"


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """A server of today's Webitel with one profile to create and one to change."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    cloud = sandbox.ready["webitel_cloud"]
    made.hosts = {
        "cloud": {"webitel_cloud_api_url": cloud["api_url"], "webitel_cloud_access_token": cloud["access_token"]}
    }
    flow = sandbox.webitel_cloud.add_schema("Tickets")
    sandbox.webitel_cloud.add_profiles([{"name": "Sales", "flow_id": flow, "smtp_host": "old.example.com"}])
    described = [
        {"name": name, "schema": {"name": "Tickets"}, "smtp_host": "smtp.example.com", "update_password": "on_create"}
        for name in ("Support", "Sales")
    ]
    described[0]["password"] = PASSWORD
    made.write("mail/cloud/profiles.yml", {"email_profiles": described})
    return made


def test_plan_apply_and_drift(repository: Repository, sandbox: Sandbox) -> None:
    planned = repository.run("plan")
    assert planned.status == 0, planned.output
    totals = repository.plan()["totals"]
    assert {action: count for action, count in totals.items() if count} == {"created": 1, "updated": 1}
    assert repository.writes() == []
    assert repository.run("drift").status != 0
    applied = repository.run("apply", "-e", "plan=plan.json")
    assert applied.status == 0, applied.output
    assert sorted(write.partition(" ")[0] for write in repository.writes()) == ["PATCH", "POST"]
    found = {profile["name"]: profile["smtp_host"] for profile in sandbox.webitel_cloud.profiles()}
    assert found == {"Support": "smtp.example.com", "Sales": "smtp.example.com"}
    drift = repository.run("drift")
    assert drift.status == 0, drift.output
    assert PASSWORD not in planned.output + applied.output + drift.output


def test_what_is_exported_is_what_is_live(repository: Repository) -> None:
    exported = repository.run("export", "-e", "mailfleet_export_to=live")
    assert exported.status == 0, exported.output
    document = yaml.safe_load((repository.path / "live" / "cloud" / "email_profiles.yml").read_text(encoding="utf-8"))
    assert [(entry["name"], entry["schema"]) for entry in document["email_profiles"]] == [
        ("Sales", {"name": "Tickets"})
    ]
    again = repository.run("drift", "-e", "mailfleet_document=live/cloud")
    assert again.status == 0, again.output
