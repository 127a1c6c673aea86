# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that hold a whole URL with a password in it by mistake: no channel repeats any of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.planted import Secrets
from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, account, settings

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

_HOST_FORMS = (
    "https://user:{}@host.example",
    "https://user:{}/4711@host.example",
    "https://host.example:4711/{}@x",
    "https://host.example/?token={}",
    "https://host.example/#{}",
    "https://host.example:{}",
    "user:{}@host.example",
    "host.example?token={}",
    "//user:{}@host.example",
    "https:\\\\user:{}@host.example",
    " https://user:{}@host.example",
    "https://user:{}@host.example\n",
    "https://other.example\\@host.example/{}",
)
_TASKS: dict[str, tuple[str, dict[str, Any], str]] = {
    "api_url of settings": ("email_settings", {"domain": DOMAIN, **settings()}, "api_url"),
    "api_url of accounts": ("email_accounts_sync", {"accounts": [account()]}, "api_url"),
    "domain": ("email_settings", settings(), "domain"),
    "domain of a test": ("email_settings_test", {"to_email": "a@b.example"}, "domain"),
    "recipient": ("email_settings_test", {"domain": DOMAIN}, "to_email"),
    "email": ("email_account", {}, "email"),
    "email of a test": ("email_account_test", {"to_email": "a@b.example"}, "email"),
    "server": ("email_account", account(), "smtp_server"),
    "server of a check": ("email_account_check", {"email": "a@b.example"}, "smtp_server"),
    "email of a check": ("email_account_check", {"smtp_server": "127.0.0.1"}, "email"),
    "mailbox": ("email_delivery_info", {"username": "me", "password": "x", "messages": []}, "host"),
}
_LISTED: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "listed domain": ("email_settings_sync", "settings", settings(), "domain"),
    "listed email": ("email_accounts_sync", "accounts", {}, "email"),
    "listed server": ("email_accounts_sync", "accounts", account(), "smtp_server"),
}


def _tasks() -> list[Task]:
    tasks = []
    for number, form in enumerate(_HOST_FORMS):
        value = form.format("{{ secrets.password }}")
        tasks += [
            Task(f"{name} {number}", module, {**arguments, option: value})
            for name, (module, arguments, option) in _TASKS.items()
        ]
        # Twice, so that it is reported which entries are about the same record.
        tasks += [
            Task(f"{name} {number}", module, {records: [{**record, option: value}] * 2})
            for name, (module, records, record, option) in _LISTED.items()
        ]
        tasks.append(
            Task(f"nested {number}", "email_settings", {"domain": DOMAIN, "options": {"host": value}, "from": value})
        )
        tasks.append(Task(f"domains {number}", "email_settings_info", {"domains": [value]}))
    return tasks


@pytest.mark.parametrize("spec", WAYS)
def test_an_address_with_a_password_is_not_repeated(playbook: Playbook, spec: ModuleSpec) -> None:
    secrets = Secrets.plant(playbook.sandbox)
    tasks = _tasks()
    if spec == "module":
        # A process for each takes long, and what differs is who validates.
        tasks = [task for task in tasks if task.name.endswith((" 1", " 4"))]
    reports = {f"MAILFLEET_REPORT_{name.upper()}": f"report.{name}" for name in ("json", "markdown", "html", "junit")}
    run = playbook.run(
        tasks,
        variables=secrets.variables,
        environment={
            "ANSIBLE_CALLBACKS_ENABLED": "outcomes,mailfleet.email.report",
            "ANSIBLE_INJECT_INVOCATION": "1",
            "ANSIBLE_LOG_PATH": "ansible.log",
            **reports,
        },
        options=["-vvv", "--diff"],
        spec=spec,
    )
    for task in tasks:
        failed = run.failed(task.name)
        assert failed.returned["failure"]["kind"] == "input", failed.returned["msg"]
        assert "\n" not in failed.returned["msg"]
        assert failed.requests == []
    assert (run.directory / "report.json").stat().st_size > 1000
    assert secrets.found_in(run) == []
