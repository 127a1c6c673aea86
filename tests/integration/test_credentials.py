# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where credentials come from, which of them count, and that a login does not outlive its task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration import calls
from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, settings

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

READ = {"domain": DOMAIN}


def test_from_the_environment(playbook: Playbook) -> None:
    webitel, itflex = playbook.sandbox.ready["webitel"], playbook.sandbox.ready["itflex"]
    user, bound = playbook.sandbox.tokens(DOMAIN, "user"), playbook.sandbox.tokens(DOMAIN)
    at_webitel, at_itflex = {"WEBITEL_API_URL": webitel["api_url"]}, {"ITFLEX_API_URL": itflex["api_url"]}
    login = {"WEBITEL_USERNAME": webitel["username"], "WEBITEL_PASSWORD": webitel["password"]}
    environments = {
        "domain token": {**at_webitel, "WEBITEL_ACCESS_TOKEN": bound["access_token"]},
        "user token": {**at_webitel, "WEBITEL_ACCESS_TOKEN": user["access_token"], "WEBITEL_KEY": user["key"]},
        "login": {**at_webitel, **login},
        "access token": {**at_itflex, "ITFLEX_ACCESS_TOKEN": itflex["access_token"]},
        "refresh token": {**at_itflex, "ITFLEX_REFRESH_TOKEN": itflex["refresh_token"]},
    }
    run = playbook.run(
        [
            Task(
                name,
                f"email_{'settings' if at_webitel.items() <= environment.items() else 'account'}_info",
                keywords={"environment": environment},
            )
            for name, environment in environments.items()
        ],
        defaults={},
    )
    for name in environments:
        run.succeeded(name)
    assert run["login"].calls[0] == "POST /engine/login"
    assert run["refresh token"].calls[0] == "POST /api/v1/oauth2/token"


def test_task_beats_environment(playbook: Playbook) -> None:
    """Bad credentials in the environment do no harm, good ones are not used where the task gives its own."""
    webitel, itflex = playbook.sandbox.ready["webitel"], playbook.sandbox.ready["itflex"]
    token = playbook.sandbox.root
    login = {"username": webitel["username"], "password": webitel["password"]}
    bad = {"WEBITEL_ACCESS_TOKEN": "bad", "WEBITEL_KEY": "bad", "ITFLEX_ACCESS_TOKEN": "bad"}
    bad_login = {"WEBITEL_USERNAME": "bad", "WEBITEL_PASSWORD": "bad"}
    good_token = {"WEBITEL_ACCESS_TOKEN": webitel["access_token"], "WEBITEL_KEY": webitel["key"]}
    cases: dict[str, tuple[str, dict[str, Any], dict[str, str]]] = {
        "token, not token": ("email_settings_info", {**READ, **token}, bad),
        "token, not login": ("email_settings_info", {**READ, **token}, bad_login),
        "login, not token": ("email_settings_info", {**READ, **login}, bad),
        "login, not good token": ("email_settings_info", {**READ, **login}, good_token),
        "password, not password": ("email_settings_info", {**READ, **login}, bad_login),
        "access token": ("email_account_info", {"access_token": itflex["access_token"]}, bad),
        "address": ("email_account_info", {"access_token": itflex["access_token"]}, {"ITFLEX_API_URL": "http://bad"}),
    }
    run = playbook.run(
        [
            Task(name, module, arguments, keywords={"environment": environment})
            for name, (module, arguments, environment) in cases.items()
        ],
        defaults=playbook.addresses,
    )
    for name in cases:
        outcome = run.succeeded(name)
        assert ("POST /engine/login" in outcome.calls) == name.startswith(("login", "password"))


def test_module_defaults_of_both_groups(playbook: Playbook) -> None:
    """One entry for each product carries the address and the credentials to every module of it."""
    playbook.sandbox.put_settings(DOMAIN, settings())
    run = playbook.run(
        [Task(task.name, task.module, task.arguments, check=True) for task in calls.ALL],
        defaults={
            f"group/mailfleet.email.{product}": {
                name: playbook.sandbox.ready[product][name] for name in ("api_url", *names)
            }
            for product, names in (("webitel", ("access_token", "key")), ("itflex", ("access_token",)))
        },
    )
    for task in calls.ALL:
        assert run[task.name].requests, f"{task.name} did not find the server"
        assert {request["status"] for request in run[task.name].requests} == {200}


@pytest.mark.parametrize("spec", WAYS)
def test_login_ends_with_the_task(playbook: Playbook, spec: ModuleSpec) -> None:
    sandbox = playbook.sandbox
    login = {name: sandbox.ready["webitel"][name] for name in ("username", "password")}
    sandbox.put_settings("live.example.com", settings())
    sandbox.fault("/api/v2/email/settings", method="PUT", status=500, body='{"status": "error", "info": "disk full"}')
    sandbox.fault("/api/v2/email/settings?domain=html", status=200, body="<html>")
    live = {"domain": "live.example.com", **login}
    run = playbook.run(
        [
            Task("succeeds", "email_settings", {"domain": DOMAIN, **login, **settings()}),
            Task("check mode", "email_settings", {**live, "options": {"port": 1}}, check=True),
            Task("server refuses", "email_settings", {**live, "options": {"port": 1}}),
            Task("input refused", "email_settings", {"domain": "new.example.com", **login}),
            Task("bad answer", "email_settings_info", {"domain": "html.example.com", **login}),
            Task("no settings", "email_settings_test", {"domain": "x.example.com", **login, **calls.RECIPIENT}),
            Task("bad login", "email_settings_info", {**READ, **login, "password": "wrong"}),
        ],
        defaults=playbook.addresses,
        spec=spec,
    )
    assert not run["succeeds"].failed
    assert not run["check mode"].failed
    for name in ("server refuses", "input refused", "bad answer", "no settings"):
        run.failed(name)
    for name in ("succeeds", "check mode", "server refuses", "input refused", "bad answer", "no settings"):
        assert run[name].calls[0] == "POST /engine/login"
        assert run[name].calls[-1] == "POST /engine/logout"
        assert run[name].warnings == []
    assert run.failed("bad login").calls == ["POST /engine/login"]
    assert run["bad login"].returned["failure"]["kind"] == "credentials"
    assert sandbox.sessions() == []


def test_login_that_cannot_be_ended(playbook: Playbook) -> None:
    """The task has done its work, so it succeeds, and says what was left behind."""
    login = {name: playbook.sandbox.ready["webitel"][name] for name in ("username", "password")}
    playbook.sandbox.fault("/logout", status=500, body='{"status": "error", "info": "no logout today"}')
    run = playbook.run([Task("read", "email_settings_info", {**READ, **login})], defaults=playbook.addresses)
    (warning,) = run.succeeded("read").warnings
    assert "could not be ended" in warning
    assert "no logout today" in warning
