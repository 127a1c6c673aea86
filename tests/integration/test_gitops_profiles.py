# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Email profiles in plan, apply, drift and export, as the other kinds of record."""

from __future__ import annotations

import json
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


def test_each_product_is_read_where_another_one_cannot_be(repository: Repository, sandbox: Sandbox) -> None:
    """Nothing is written down of a host that was read in part, and all that is in the way is reported at once."""
    itflex = sandbox.ready["itflex"]
    repository.hosts["cloud"] |= {"itflex_api_url": itflex["api_url"], "itflex_refresh_token": "wrong"}
    repository.hosts["cloud"]["webitel_cloud_access_token"] = "wrong too"
    ended = repository.run("export", "-e", "mailfleet_export_to=live", environment=REPORT)
    assert ended.status == 2
    report = json.loads((repository.path / "report.json").read_text("utf-8"))
    (host,) = report["hosts"]
    found = {task["module"].rpartition(".")[2]: task["status"] for task in host["tasks"]}
    assert found["email_account_info"] == found["email_profile_info"] == "failed"
    assert not (repository.path / "live").exists()


REPORT = {
    "ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report",
    **{f"MAILFLEET_REPORT_{kind.upper()}": f"report.{kind}" for kind in ("junit", "openmetrics", "markdown", "json")},
}


def test_every_report_knows_profiles(repository: Repository) -> None:
    ended = repository.run("apply", environment=REPORT)
    assert ended.status == 0, ended.output
    written = {kind: (repository.path / f"report.{kind}").read_text("utf-8") for kind in ("junit", "markdown", "json")}
    for kind, text in written.items():
        assert all(words in text for words in ("Support", "Sales")), f"{kind}: {text}"
        assert PASSWORD not in text
    metrics = (repository.path / "report.openmetrics").read_text("utf-8")
    for action, count in (("created", 1), ("updated", 1), ("failed", 0)):
        assert f'mailfleet_records{{host="cloud",mode="applied",action="{action}"}} {count}\n' in metrics
    assert "smtp_host" in ended.output
    assert PASSWORD not in ended.output


def test_validate_needs_no_server(repository: Repository) -> None:
    repository.hosts = {"cloud": {}}
    assert repository.run("validate").status == 0
    wrong = [
        {"name": "A", "smtp_port": 0, "schema": {"name": "Tickets", "id": 1}},
        {"name": "B", "smtp_prt": 1, "password": "{{ vault_missing }}"},
        {"name": "C", "enabled": True, "listen": True},
        {"name": "C", "fetch_interval": 0},
    ]
    repository.write("mail/cloud/profiles.yml", {"email_profiles": wrong})
    ended = repository.run("validate")
    assert ended.status == 2
    for words in ("smtp_port", "needs one of id and name", "smtp_prt", "fetch_interval", "the other:"):
        assert words in ended.output, ended.output
    assert repository.sandbox.requests() == []


def test_passwords_are_written_where_the_run_says_so(repository: Repository, sandbox: Sandbox) -> None:
    assert repository.run("apply").status == 0
    described = [
        {"name": name, "password": f"next-password-{name}", "update_password": "on_create"}
        for name in ("Support", "Sales")
    ]
    repository.write("mail/cloud/profiles.yml", {"email_profiles": described})
    kept = repository.run("apply")
    assert (kept.status, repository.writes()) == (0, []), kept.output
    ended = repository.run("apply", "-e", '{"mailfleet_write_passwords": ["Sales"]}')
    assert ended.status == 0, ended.output
    stored = {profile["name"]: profile["password"] for profile in sandbox.webitel_cloud.profiles()}
    assert stored == {"Support": PASSWORD, "Sales": "next-password-Sales"}
    assert "next-password" not in kept.output + ended.output


def test_what_is_pruned_takes_its_mail_along_by_consent_alone(repository: Repository, sandbox: Sandbox) -> None:
    flow = sandbox.webitel_cloud.add_schema("Others")
    (left,) = sandbox.webitel_cloud.add_profiles([{"name": "Nobody's", "flow_id": flow}])
    sandbox.webitel_cloud.add_mails(left, "kept so far")
    repository.variables |= {"mailfleet_prune": True, "mailfleet_prune_limit": "100%"}
    for playbook in ("plan", "apply"):
        refused = repository.run(playbook)
        assert refused.status != 0
        assert "erase_stored_mail=true" in refused.output
        assert repository.writes() == []
    repository.variables["mailfleet_erase_stored_mail"] = True
    planned = repository.run("plan")
    assert planned.status == 0, planned.output
    assert repository.plan()["totals"]["deleted"] == 1
    applied = repository.run("apply", "-e", "plan=plan.json")
    assert applied.status == 0, applied.output
    assert sandbox.webitel_cloud.mails() == []
    assert {profile["name"] for profile in sandbox.webitel_cloud.profiles()} == {"Support", "Sales"}
