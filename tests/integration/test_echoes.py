# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers that repeat what they were sent, in every form: no secret in anything that a run of any module leaves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.integration.planted import Secrets, variable
from tests.integration.playbook import Task
from tests.integration.records import account, settings
from tests.sandbox.encodings import FORMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.integration.playbook import Document, ModuleSpec, Playbook, Run

LIVE, NEW = "live.example.com", "new.example.com"
TO = {"to_email": "someone@example.com"}
OPTIONS = {
    "host": "smtp.example.com",
    "auth": {"user": "pbx", "pass": variable("password")},
    "extra": {"dkim": {"privateKey": variable("private_key")}, "token": variable("token")},
}
CLIENT = {"oauth2": {"client_id": "c", "client_secret": variable("token")}}
PROFILE = {"schema": {"name": "Tickets"}, "password": variable("password"), "params": CLIENT}
# Unit tests let the code that all modules share meet every form. In playbooks, each task meets some of them, and the
# tasks of a product together all: what is proved here is that nothing around that code shows more.
SHARE = 4
# Each costs a process of its own.
FEW = ("JSON twice", "AUTH PLAIN")
SETTINGS, ACCOUNTS, PROFILES = "/api/v2/email/settings", "/api/email/accounts", "/api/email/profile"
FLOWS = "/api/routing"


@dataclass(frozen=True, eq=False)
class Met:
    """A task, and which of its requests meets the server's words."""

    task: Task
    method: str
    path: str


def _met(method: str, path: str, module: str, arguments: Document, *, check: bool = False) -> Met:
    name = f"{module} {method} {path}{' in check mode' if check else ''}"
    return Met(Task(name, module, arguments, check), method, path)


MET = [
    _met("GET", SETTINGS, "email_settings_info", {}),
    _met("GET", SETTINGS, "email_settings", {"domain": LIVE, "options": OPTIONS}, check=True),
    _met("PUT", SETTINGS, "email_settings", {"domain": LIVE, "options": OPTIONS}),
    _met("POST", SETTINGS, "email_settings", {"domain": NEW, "options": OPTIONS}),
    _met("DELETE", SETTINGS, "email_settings", {"domain": LIVE, "state": "absent"}),
    _met("POST", SETTINGS, "email_settings_test", {"domain": LIVE, **TO}),
    _met("PUT", SETTINGS, "email_settings_sync", {"settings": [{"domain": LIVE, "options": OPTIONS}]}),
    _met("POST", SETTINGS, "email_settings_sync", {"settings": [{"domain": NEW, "options": OPTIONS}]}),
    _met("GET", ACCOUNTS, "email_account_info", {}),
    _met("GET", ACCOUNTS, "email_account", {"name": "Live", "password": variable("password")}, check=True),
    _met("PUT", ACCOUNTS, "email_account", {"name": "Live", "password": variable("password")}),
    _met("POST", ACCOUNTS, "email_account", account(name="New", password=variable("password"))),
    _met("DELETE", ACCOUNTS, "email_account", {"name": "Live", "state": "absent"}),
    _met("POST", ACCOUNTS, "email_account_test", {"name": "Live", "password": variable("password"), **TO}),
    _met("PUT", ACCOUNTS, "email_accounts_sync", {"accounts": [{"name": "Live", "password": variable("password")}]}),
    _met("POST", ACCOUNTS, "email_accounts_sync", {"accounts": [account(name="N", password=variable("password"))]}),
    _met("GET", PROFILES, "email_profile_info", {}),
    _met("GET", PROFILES, "email_profile", {"name": "Live", **PROFILE}, check=True),
    _met("GET", FLOWS, "email_profile", {"name": "Live", **PROFILE}),
    _met("PATCH", PROFILES, "email_profile", {"name": "Live", "password": variable("password")}),
    _met("PUT", PROFILES, "email_profile", {"name": "Live", **PROFILE}),
    _met("POST", PROFILES, "email_profile", {"name": "New", **PROFILE}),
    _met("DELETE", PROFILES, "email_profile", {"name": "Live", "state": "absent", "erase_stored_mail": True}),
    _met("PUT", PROFILES, "email_profiles_sync", {"profiles": [{"name": "Live", **PROFILE}]}),
    _met("POST", PROFILES, "email_profiles_sync", {"profiles": [{"name": "New", **PROFILE}]}),
]


@pytest.fixture
def secrets(playbook: Playbook) -> Secrets:
    """Passwords that each way of writing writes differently, beside the usual secrets."""
    planted = Secrets.plant(playbook.sandbox)
    odd = {name: f"Pä/+5<&\"'\\%41 {uuid4().hex}" for name in ("password", "live_password", "private_key", "token")}
    return Secrets({**planted.values, **odd})


def _store_live_records(playbook: Playbook, secrets: Secrets) -> None:
    auth = {"user": "pbx", "pass": secrets["live_password"]}
    playbook.sandbox.put_settings(LIVE, settings(auth=auth, xoauth2=secrets["live_token"]))
    playbook.sandbox.add_accounts([account(name="Live", password=secrets["live_password"])])
    flow = playbook.sandbox.webitel_cloud.add_schema("Tickets")
    client = {"oauth2": {"client_id": "c", "client_secret": secrets["live_token"], "redirect_url": ""}}
    profile = {"name": "Live", "flow_id": flow, "password": secrets["live_password"], "params": client}
    playbook.sandbox.webitel_cloud.add_profiles([profile])


def _run(playbook: Playbook, secrets: Secrets, spec: ModuleSpec, status: int, met: Mapping[Met, Sequence[str]]) -> Run:
    """Let each task meet each of its forms once, with all that can be shown switched on."""
    _store_live_records(playbook, secrets)
    for one, forms in met.items():
        for form in forms:
            playbook.sandbox.fault(one.path, method=one.method, status=status, echo=form)
    credentials: dict[str, dict[str, Any]] = {
        "webitel": {"access_token": variable("user_token"), "key": variable("user_key")},
        "itflex": {"access_token": variable("itflex_token")},
        "webitel_cloud": {"access_token": variable("cloud_token")},
    }
    run = playbook.run(
        [replace(one.task, keywords={"loop": list(forms)}) for one, forms in met.items()],
        defaults={
            group: {**options, **credentials[group.rpartition(".")[2]]} for group, options in playbook.addresses.items()
        },
        variables=secrets.variables,
        environment={"ANSIBLE_LOG_PATH": "ansible.log", "ANSIBLE_CALLBACKS_ENABLED": "outcomes,mailfleet.email.report"}
        | {f"MAILFLEET_REPORT_{name.upper()}": f"report.{name}" for name in ("json", "markdown", "html", "junit")},
        options=["-vvvv", "--diff"],
        spec=spec,
    )
    for one, forms in met.items():
        outcome = run[one.task.name]
        meetings = [request for request in outcome.requests if request["status"] == status]
        assert len(meetings) == len(forms), f"{one.task.name}: {outcome.calls}"
        for item in outcome.returned["results"]:
            assert "failure" in item or item["summary"]["failed"] == 1, run.output
        assert {request["method"] for request in meetings} == {one.method}
    return run


@pytest.mark.parametrize(("product", "status"), [(SETTINGS, 400), (ACCOUNTS, 500), (PROFILES, 400)])
def test_every_form_is_met(playbook: Playbook, secrets: Secrets, product: str, status: int) -> None:
    tasks = [one for one in MET if one.path == product or (product == PROFILES and one.path == FLOWS)]
    met = {one: list(FORMS)[number % SHARE :: SHARE] for number, one in enumerate(tasks)}
    assert {form for forms in met.values() for form in forms} == set(FORMS)
    run = _run(playbook, secrets, "action", status, met)
    assert secrets.found_in(run) == []
    assert "left out, since they repeat a credential" in run.output


def test_modules_in_processes_of_their_own(playbook: Playbook, secrets: Secrets) -> None:
    met = {one: FEW for one in MET if one.method in ("PUT", "PATCH", "POST")}
    run = _run(playbook, secrets, "module", 400, met)
    assert secrets.found_in(run) == []
