# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the reports go, who says so, and that no secret goes with them."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.planted import Secrets, variable
from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, account, settings
from tests.integration.reporting import ENABLED, EVERY_FORM, FORMS, plan_of, read, read_from

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import ModuleSpec, Playbook
    from tests.sandbox.client import Sandbox

PLAN = Task("plan", "email_account", {"name": "Certificates", "smtp_port": 587}, check=True)


def test_nothing_happens_where_nobody_asks(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts([account()])
    environment = {**EVERY_FORM, "ANSIBLE_CALLBACKS_ENABLED": "outcomes"}
    run = playbook.run([PLAN], environment=environment)
    run.succeeded("plan")
    assert not [name for name in FORMS.values() if (run.directory / name).exists()]
    assert plan_of(run.output) == []


def test_only_the_forms_that_are_asked_for_are_written(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts([account()])
    run = playbook.run([PLAN], environment={**ENABLED, "MAILFLEET_REPORT_MARKDOWN": "deep/er/report.md"})
    assert (run.directory / "deep" / "er" / "report.md").read_bytes().startswith(b"## 0 to create, 1 to update")
    assert not list(run.directory.glob("report.*"))


def test_options_from_the_configuration(playbook: Playbook, tmp_path: Path) -> None:
    playbook.sandbox.add_accounts([account()])
    configuration = tmp_path / "ansible.cfg"
    configuration.write_text(
        "[defaults]\ncallbacks_enabled = mailfleet.email.report\n"
        f"[callback_mailfleet_report]\njson = {tmp_path}/report.json\nterminal = false\n",
        encoding="utf-8",
    )
    run = playbook.run([PLAN], environment={**ENABLED, "ANSIBLE_CONFIG": str(configuration)})
    assert read_from(tmp_path / "report.json")["totals"]["planned"]["updated"] == 1
    assert plan_of(run.output) == []


def test_variables_beat_the_environment(playbook: Playbook, tmp_path: Path) -> None:
    """Those of a play as well as extra variables, which beat them; they may be templates."""
    playbook.sandbox.add_accounts([account()])
    play = {
        "hosts": "all",
        "gather_facts": False,
        "vars": {
            "mailfleet_report_json": "{{ folder }}/play.json",
            "mailfleet_report_junit": "{{ folder }}/play.xml",
            "mailfleet_report_terminal": False,
        },
        "tasks": [{"name": "Nothing", "ansible.builtin.debug": {}}],
    }
    later = {"hosts": "all", "gather_facts": False, "tasks": [{"name": "Nothing", "ansible.builtin.debug": {}}]}
    (tmp_path / "play.json.yml").write_text(json.dumps([play, later]), encoding="utf-8")
    run = playbook.run(
        [PLAN],
        variables={"folder": str(tmp_path), "mailfleet_report_junit": str(tmp_path / "extra.xml")},
        options=[str(tmp_path / "play.json.yml")],
        environment=EVERY_FORM,
    )
    written = {path.name for path in tmp_path.iterdir()}
    assert {"play.json", "extra.xml"} <= written
    assert "play.xml" not in written
    # The playbook before it, which has no such variables, wrote its part where the environment says.
    assert {path.name for path in run.directory.glob("report.*")} == {"report.json", "report.md", "report.html"}
    assert read_from(tmp_path / "play.json")["totals"] == read(run)["totals"]
    assert run.output.count("Plan:") == 1


def test_a_report_that_cannot_be_written_is_reported_and_does_not_keep_the_others(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts([account()])
    environment = {**EVERY_FORM, "MAILFLEET_REPORT_MARKDOWN": "playbook.json/report.md"}
    run = playbook.run([PLAN], environment=environment)
    assert "The markdown report was not written" in run.output
    assert read(run)["totals"]["planned"]["updated"] == 1
    assert (run.directory / "report.html").exists()


def test_reports_take_the_place_of_those_before(playbook: Playbook, tmp_path: Path) -> None:
    playbook.sandbox.add_accounts([account()])
    report = tmp_path / "report.json"
    report.write_text("of the run before", encoding="utf-8")
    playbook.run([PLAN], environment={**ENABLED, "MAILFLEET_REPORT_JSON": str(report)})
    assert read_from(report)["mode"] == "check"
    assert stat.S_ISREG(report.stat().st_mode)
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_the_limit_of_markdown(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts([account(name=f"Live {index}", email=f"l{index}@example.com") for index in range(60)])
    # Equal changes would stand in one line.
    accounts = [{"name": f"Live {index}", "smtp_port": 5000 + index} for index in range(60)]
    environment = {**EVERY_FORM, "MAILFLEET_REPORT_MARKDOWN_LIMIT": "2000"}
    task = Task("sync", "email_accounts_sync", {"accounts": accounts}, check=True)
    run = playbook.run([task], environment=environment)
    text = (run.directory / "report.md").read_text(encoding="utf-8")
    assert len(text.encode()) <= 2000
    assert f"{60 - text.count('| update |')} changes" in text.splitlines()[-1]


@pytest.mark.parametrize("spec", WAYS)
@pytest.mark.parametrize("check", [True, False])
def test_no_secret_is_in_any_report(playbook: Playbook, sandbox: Sandbox, spec: ModuleSpec, check: bool) -> None:
    secrets = Secrets.plant(sandbox)
    sandbox.add_accounts([account(password=secrets["live_password"]), account(name="Old", email="o@example.com")])
    stored = settings(
        auth={"user": "u", "pass": secrets["live_password"]},
        dkim={"privateKey": secrets["live_private_key"], "domainName": "d"},
        proxy=f"http://user:{secrets['live_proxy_password']}@proxy.example.com",
        deep=[{"token": secrets["live_token"], "apiKey": secrets["live_nested_secret"]}],
    )
    sandbox.put_settings(DOMAIN, stored)
    changed: dict[str, Any] = {
        "domain": DOMAIN,
        "options": {
            "auth": {"pass": variable("password")},
            "extra": {
                "dkim": {"privateKey": variable("private_key")},
                "proxy": f"http://u:{variable('proxy_password')}@p",
            },
        },
    }
    address = sandbox.ready["itflex"]["api_url"].replace("://", f"://user:{variable('bad_password')}@")
    tasks = [
        Task("account", "email_account", {"name": "Certificates", "password": variable("password")}, check=check),
        Task("accounts", "email_accounts_sync", {"accounts": [{"name": "Old", "password": variable("next_password")}]}),
        Task("settings", "email_settings", changed, check=check),
        Task("removed", "email_settings_sync", {"settings": [{"domain": DOMAIN, "state": "absent"}]}, check=check),
        Task("refused", "email_account", {"name": "Old", "access_token": variable("bad_token"), "smtp_port": 1}),
        Task("mistyped", "email_account", {"name": "Old", "smtp_port": variable("bad_key")}),
        Task("address", "email_account", {"name": "Old", "api_url": address}),
        Task("test", "email_account_test", {"name": "Old", "password": variable("token"), "to_email": "a@example.com"}),
        Task(
            "loop",
            "email_account",
            {"name": "{{ item.name }}", "password": "{{ item.password }}"},
            check=check,
            keywords={"no_log": True, "loop": [{"name": "Old", "password": variable("password")}]},
        ),
    ]
    run = playbook.run(tasks, variables=secrets.variables, spec=spec, environment=EVERY_FORM)
    document = read(run)
    assert len(document["hosts"][0]["tasks"]) == len(tasks)
    reports = {*FORMS.values(), "output"}
    assert [place for place in secrets.found_in(run) if place.rpartition(" in ")[2] in reports] == []
    assert document["totals"]["planned" if check else "applied"]["updated"] >= 2
