# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that are not what an API gives: an error that names the request and what is wrong, and no traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration import calls
from tests.integration.playbook import WAYS, Run, Task
from tests.integration.records import DOMAIN, account, settings

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

ACCOUNTS, SETTINGS = "/api/email/accounts", "/api/v2/email/settings"
HTML = "<html><body>Please log in</body></html>"


def _assert_explained(run: Run, name: str, request: str, what: str) -> None:
    outcome = run.failed(name)
    assert outcome.writes in ([], [request.partition(" ")[0]])
    assert outcome.returned["failure"]["kind"] == "answer"
    assert request in outcome.returned["msg"]
    assert what in outcome.returned["msg"]
    assert "Traceback" not in str(outcome.returned)


@pytest.mark.parametrize(
    ("webitel", "itflex", "what"),
    [
        (HTML, HTML, "is no JSON"),
        ("", "", "has no content"),
        ('{"provider": "smtp"', '[{"id": 1}', "is no JSON"),
        ("[]", "{}", "another shape"),
        ("null", "null", "another shape"),
        ('{"domain": "my.example.com"}', '[{"name": "Certificates"}]', "is missing"),
        (
            '{"domain": "my.example.com", "options": {}, "from": {}}',
            '[{"id": 1, "name": "Certificates", "smtp_port": {}}]',
            "another shape",
        ),
    ],
    ids=["HTML", "nothing", "cut off", "another type", "null", "missing field", "field of another type"],
)
def test_every_module_explains_it(playbook: Playbook, webitel: str, itflex: str, what: str) -> None:
    playbook.sandbox.fault(SETTINGS, status=200, body=webitel, times=100)
    playbook.sandbox.fault(ACCOUNTS, status=200, body=itflex, times=100)
    run = playbook.run(calls.ALL)
    url = playbook.sandbox.url
    for task in calls.WEBITEL:
        _assert_explained(run, task.name, f"GET {url}/engine{SETTINGS}?domain={DOMAIN}", what)
    for task in calls.ITFLEX:
        _assert_explained(run, task.name, f"GET {url}{ACCOUNTS}", what)


@pytest.mark.parametrize("spec", WAYS)
def test_other_requests(playbook: Playbook, spec: ModuleSpec) -> None:
    """What is no record is checked as well: answers to writes, logins, refreshes of tokens, lists of domains."""
    sandbox = playbook.sandbox
    sandbox.put_settings("live.example.com", settings())
    sandbox.fault(SETTINGS, method="POST", status=200, body=HTML)
    sandbox.fault(SETTINGS, method="PUT", status=200, body="[]")
    sandbox.fault(ACCOUNTS, method="POST", status=200, body='{"id": "one"}')
    # The one real answer is for the creation, which needs to know whose token it has.
    sandbox.fault("/api/v2/whoami", status=200, body='{"surprise": 1}', skip=1, times=100)
    for path in ("/login", "/api/v1/oauth2/token"):
        sandbox.fault(path, status=200, body='{"surprise": 1}')
    root = sandbox.root
    access = {"access_token": sandbox.ready["itflex"]["access_token"]}
    run = playbook.run(
        [
            Task("create", "email_settings", {**root, "domain": DOMAIN, **settings()}),
            Task("change", "email_settings", {**root, "domain": "live.example.com", "options": {"port": 1}}),
            Task("account", "email_account", {**access, **account()}),
            Task("login", "email_settings_info", {"domain": DOMAIN, "username": "me", "password": "secret"}),
            Task("token", "email_account_info", {"refresh_token": "secret"}),
            Task("caller", "email_settings", {**root, "domain": DOMAIN, **settings()}),
        ],
        defaults=playbook.addresses,
        spec=spec,
    )
    _assert_explained(run, "create", f"POST {sandbox.url}/engine{SETTINGS}", "is no JSON")
    _assert_explained(run, "change", f"PUT {sandbox.url}/engine{SETTINGS}", "another shape")
    _assert_explained(run, "account", f"POST {sandbox.url}{ACCOUNTS}", "another shape")
    _assert_explained(run, "login", f"POST {sandbox.url}/engine/login", "no token and key")
    _assert_explained(run, "token", f"POST {sandbox.url}/api/v1/oauth2/token", "no access token")
    # Whose the credentials are is not known then, which is what the failure is about.
    assert run.failed("caller").writes == []
    assert run["caller"].returned["failure"]["kind"] == "credentials"
    assert f"GET {sandbox.url}/engine/api/v2/whoami" in run["caller"].returned["msg"]
    assert "domain: is missing" in run["caller"].returned["msg"]


def test_server_that_cannot_be_reached(playbook: Playbook) -> None:
    """Port 1 of this machine: nobody listens there."""
    nobody = {"api_url": "http://127.0.0.1:1"}
    run = playbook.run([Task(task.name, task.module, {**task.arguments, **nobody}) for task in calls.ALL])
    for task in calls.ALL:
        outcome = run.failed(task.name)
        assert outcome.returned["failure"]["kind"] == "connection"
        assert "http://127.0.0.1:1" in outcome.returned["msg"]
        assert "Connection refused" in outcome.returned["msg"]
