# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole playbook in check mode, in which later tasks are about what earlier ones would create."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.checking import sandbox_defaults
from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, account, settings

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

RECIPIENT = {"to_email": "someone@example.com"}


@pytest.mark.parametrize("spec", WAYS)
def test_create_then_test(playbook: Playbook, spec: ModuleSpec) -> None:
    tasks = [
        Task("create settings", "email_settings", {"domain": DOMAIN, **settings()}, check=True),
        Task("test settings", "email_settings_test", {"domain": DOMAIN, **RECIPIENT}, check=True),
        Task("read settings", "email_settings_info", {"domain": DOMAIN}, check=True),
        Task("create account", "email_account", account(), check=True),
        Task("test account", "email_account_test", {"name": "Certificates", **RECIPIENT}, check=True),
        Task("test by address", "email_account_test", {"email": "certs@example.com", **RECIPIENT}, check=True),
        Task("read account", "email_account_info", {"name": "Certificates"}, check=True),
        Task("read all", "email_account_info", {}, check=True),
        Task("for real", "email_account_test", {"name": "Certificates", **RECIPIENT}),
        Task("settings for real", "email_settings_test", {"domain": DOMAIN, **RECIPIENT}),
    ]
    run = playbook.run(tasks, spec=spec)
    for name in ("test settings", "test account", "test by address"):
        returned = run.succeeded(name).returned
        assert (returned["sent"], returned["changed"]) == (False, False)
        assert "a task before this one may create it" in returned["msg"]
        assert run[name].writes == []
    assert DOMAIN in run["test settings"].returned["msg"]
    assert "'Certificates'" in run["test account"].returned["msg"]
    for name, what in (("read settings", DOMAIN), ("read account", "'Certificates'")):
        (warning,) = run.succeeded(name).warnings
        assert what in warning
        assert "what a task before this one would create is not there yet" in warning
    assert run.succeeded("read all").warnings == []
    # Outside of check mode nobody may create it any more.
    assert "no live account has 'Certificates'" in run.failed("for real").returned["msg"]
    assert "has no email settings" in run.failed("settings for real").returned["msg"]


@pytest.mark.parametrize("spec", WAYS)
def test_many_then_the_rest(playbook: Playbook, spec: ModuleSpec) -> None:
    """After a task about many, and after a renaming: whatever reads or sends says what is not there yet."""
    playbook.sandbox.webitel_cloud.add_schema("Tickets")
    playbook.sandbox.add_accounts([account(name="Old", email="old@example.com")])
    profile = {"name": "Desk", "schema": {"name": "Tickets"}}
    created: dict[str, dict[str, Any]] = {
        "email_settings_sync": {"settings": [{"domain": DOMAIN, **settings()}]},
        "email_accounts_sync": {"accounts": [account(), {"name": "New", "former_names": ["Old"]}]},
        "email_profiles_sync": {"profiles": [profile]},
        "email_profile": profile,
    }
    asked: dict[str, tuple[str, dict[str, Any], str]] = {
        "settings": ("email_settings_info", {"domains": [DOMAIN], "filters": {"options": {"port": 465}}}, DOMAIN),
        "account": ("email_account_info", {"email": "certs@example.com"}, "'certs@example.com'"),
        "renamed": ("email_account_info", {"name": ["New"]}, "'New'"),
        "number": ("email_account_info", {"id": [99]}, "id 99"),
        "profile": ("email_profile_info", {"name": ["Desk"], "filters": {"enabled": True}}, "'Desk'"),
        "profile of a number": ("email_profile_info", {"id": [99]}, "id 99"),
    }
    sent: dict[str, tuple[str, dict[str, Any]]] = {
        "send from settings": ("email_settings_test", {"domain": DOMAIN}),
        "send from account": ("email_account_test", {"email": "certs@example.com", "password": "hunter2"}),
        "send from renamed": ("email_account_test", {"name": "New"}),
        "send from number": ("email_account_test", {"id": 99}),
    }
    tasks = [Task(f"create {module}", module, arguments, check=True) for module, arguments in created.items()]
    tasks += [Task(name, module, arguments, check=True) for name, (module, arguments, _what) in asked.items()]
    tasks += [Task(name, module, {**arguments, **RECIPIENT}, check=True) for name, (module, arguments) in sent.items()]
    run = playbook.run(tasks, spec=spec)
    for module in created:
        assert run.succeeded(f"create {module}").returned["changed"], module
    for name, (_module, _arguments, what) in asked.items():
        warning = "\n".join(run.succeeded(name).warnings)
        assert what in warning, name
        assert "what a task before this one would create is not there yet" in warning, name
    for name in sent:
        returned = run.succeeded(name).returned
        assert not returned["sent"], name
        assert "a task before this one may create it" in returned["msg"], name
    assert [call for name in run.outcomes for call in run[name].writes] == []


def test_checks_look_in_check_mode_as_well(playbook: Playbook) -> None:
    """They are about what the task says, so a record that is not there yet is nothing to them."""
    smtp = playbook.sandbox.ready["smtp"]
    server = {"host": smtp["host"], "port": smtp["ssl_tls"]}
    login = {"user": smtp["username"], "pass": smtp["password"]}
    described: dict[str, dict[str, Any]] = {
        "email_settings_check": {"domain": DOMAIN, "options": {**server, "secure": True, "auth": login}},
        "email_account_check": {
            "email": "certs@example.com",
            "smtp_server": smtp["host"],
            "smtp_port": smtp["ssl_tls"],
            "smtp_crypt": "ssl-tls",
        },
        "email_profile_check": {"name": "Desk", "smtp_host": smtp["host"], "smtp_port": smtp["starttls"]},
    }
    with sandbox_defaults(playbook.sandbox) as defaults:
        run = playbook.run(
            [Task(name, name, {**options, "fail_on": "never"}, check=True) for name, options in described.items()],
            defaults=defaults,
        )
    for module in described:
        assert run.succeeded(module).returned["server"]["host"] == smtp["host"], module
    assert playbook.sandbox.messages() == []
