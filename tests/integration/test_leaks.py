# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret in what Ansible prints, logs, hands to callbacks or leaves behind, however a task ends."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.planted import Secrets, variable
from tests.integration.playbook import WAYS, Task
from tests.integration.records import account, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.integration.playbook import Document, ModuleSpec, Playbook, Run

either_way = pytest.mark.parametrize("spec", WAYS)
LIVE, NEW = "live.example.com", "new.example.com"
RECIPIENT = {"to_email": "someone@example.com"}
DESIRED_SETTINGS: dict[str, Any] = {
    "from": "pbx@my.example.com",
    "options": {
        "host": "smtp.example.com",
        "port": 465,
        "auth": {"user": "pbx", "pass": variable("password")},
        "extra": {
            "dkim": {"privateKey": variable("private_key")},
            "token": variable("token"),
            "proxy": f"socks5://me:{variable('proxy_password')}@proxy.example.com:1080",
        },
    },
}
SENT_WITH_SETTINGS = ["password", "private_key", "token", "proxy_password", "live_nested_secret", "live_token"]
DESIRED_ACCOUNT = account(password=variable("password"))
DESIRED_PROFILE = {
    "schema": {"name": "Tickets"},
    "password": variable("password"),
    "params": {"oauth2": {"client_id": "c", "client_secret": variable("token")}},
}
NEXT_LOGIN = {"user": "pbx", "pass": variable("next_password")}
# Nobody is there; what a mail server is sent, and what it may repeat, is looked at with the modules' own tests.
LOOK = {"dns_servers": ["127.0.0.1:9"], "timeout": 1, "fail_on": "never"}
CHECKED_ACCOUNT = {"email": "certs@example.com", "password": variable("password"), "smtp_server": "127.0.0.1"}
CHECKED_PROFILE = {
    **{f"{side}_host": "127.0.0.1" for side in ("smtp", "imap")},
    "imap_port": 9,
    "smtp_port": 9,
    "login": "desk@example.com",
    "password": variable("password"),
}
CHECKED_SETTINGS = {"options": {**DESIRED_SETTINGS["options"], "host": "127.0.0.1", "port": 9}}
TASKS = [
    Task("create settings", "email_settings", {"domain": NEW, **DESIRED_SETTINGS}),
    Task("check settings", "email_settings", {"domain": LIVE, **DESIRED_SETTINGS}, check=True),
    Task("change settings", "email_settings", {"domain": LIVE, **DESIRED_SETTINGS}),
    Task("sync settings", "email_settings_sync", {"settings": [{"domain": LIVE, "options": {"auth": NEXT_LOGIN}}]}),
    Task("read settings", "email_settings_info", {"domains": [LIVE, NEW]}),
    Task("test settings", "email_settings_test", {"domain": LIVE, **RECIPIENT}),
    Task("delete settings", "email_settings", {"domain": LIVE, "state": "absent"}),
    Task("create account", "email_account", {**DESIRED_ACCOUNT, "name": "New"}),
    Task("check account", "email_account", {**DESIRED_ACCOUNT, "name": "Live"}, check=True),
    Task("change account", "email_account", {**DESIRED_ACCOUNT, "name": "Live"}),
    Task("sync accounts", "email_accounts_sync", {"accounts": [{"name": "Other", "password": variable("password")}]}),
    Task("read accounts", "email_account_info"),
    Task("test account", "email_account_test", {"name": "Live", "password": variable("password"), **RECIPIENT}),
    Task("delete account", "email_account", {"name": "Live", "state": "absent"}),
    Task("create profile", "email_profile", {**DESIRED_PROFILE, "name": "New"}),
    Task("change profile", "email_profile", {**DESIRED_PROFILE, "name": "Live"}),
    Task("sync profiles", "email_profiles_sync", {"profiles": [{**DESIRED_PROFILE, "name": "Live"}]}),
    Task("read profiles", "email_profile_info"),
    Task("look at account", "email_account_check", {**LOOK, **CHECKED_ACCOUNT}),
    Task("look at profile", "email_profile_check", {**LOOK, **CHECKED_PROFILE}),
    Task("look at settings", "email_settings_check", {**LOOK, **CHECKED_SETTINGS}),
]


@pytest.fixture
def secrets(playbook: Playbook) -> Secrets:
    return Secrets.plant(playbook.sandbox)


def _store_live_records(playbook: Playbook, secrets: Secrets) -> None:
    smtp = playbook.sandbox.ready["smtp"]
    live = settings(
        host=smtp["host"],
        port=smtp["ssl_tls"],
        auth={"user": smtp["username"], "pass": secrets["live_password"]},
        dkim={"privateKey": secrets["live_private_key"], "domainName": LIVE},
        token=secrets["live_token"],
        relays=[{"name": "one", "clientSecret": secrets["live_nested_secret"]}],
        proxy=f"socks5://me:{secrets['live_proxy_password']}@proxy.example.com:1080",
    )
    playbook.sandbox.put_settings(LIVE, {**live, "apiKey": secrets["live_token"]})
    flow = playbook.sandbox.webitel_cloud.add_schema("Tickets")
    client = {"oauth2": {"client_id": "c", "client_secret": secrets["live_token"], "redirect_url": ""}}
    profile = {"name": "Live", "flow_id": flow, "password": secrets["live_password"], "params": client}
    playbook.sandbox.webitel_cloud.add_profiles([profile])
    server = {"smtp_server": smtp["host"], "smtp_port": smtp["ssl_tls"], "password": secrets["live_password"]}
    playbook.sandbox.add_accounts([account(name="Live", **server), account(name="Other", **server)])


def _run(
    playbook: Playbook,
    secrets: Secrets,
    spec: ModuleSpec,
    tasks: Sequence[Task] = TASKS,
) -> Run:
    """Run tasks as talkative as can be, and check that they did not tell a secret."""
    addresses = playbook.addresses
    credentials: dict[str, Document] = {
        "webitel": {"access_token": variable("user_token"), "key": variable("user_key")},
        "itflex": {"access_token": variable("itflex_token"), "refresh_token": variable("refresh_token")},
        "webitel_cloud": {"access_token": variable("cloud_token")},
    }
    run = playbook.run(
        tasks,
        defaults={group: {**options, **credentials[group.rpartition(".")[2]]} for group, options in addresses.items()},
        variables=secrets.variables,
        environment={"ANSIBLE_LOG_PATH": "ansible.log", "ANSIBLE_KEEP_REMOTE_FILES": "0"},
        options=["-vvvv", "--diff"],
        spec=spec,
    )
    assert (run.directory / "ansible.log").stat().st_size > 1000
    assert len(run.outcomes) == len(tasks)
    assert secrets.found_in(run) == []
    return run


@either_way
def test_success_and_change(playbook: Playbook, secrets: Secrets, spec: ModuleSpec) -> None:
    _store_live_records(playbook, secrets)
    smtp = playbook.sandbox.ready["smtp"]
    playbook.sandbox.add_mail_user(smtp["username"], secrets["password"])
    playbook.sandbox.add_mail_user("pbx", secrets["password"])
    run = _run(playbook, secrets, spec)
    playbook.sandbox.add_mail_user(smtp["username"], smtp["password"])
    for task in TASKS:
        if "test" not in task.name:
            run.succeeded(task.name)
    # The secrets did go where they belong, and their changes show.
    (body,) = run["change settings"].bodies("PUT")
    assert body["options"]["auth"]["pass"] == secrets["password"]
    assert body["options"]["relays"][0]["clientSecret"] == secrets["live_nested_secret"]
    for name in ("change account", "sync accounts"):
        assert run[name].bodies("PUT")[0]["password"] == secrets["password"]
    assert run["sync settings"].bodies("PUT")[0]["options"]["auth"]["pass"] == secrets["next_password"]
    changed = {"options.auth.pass", "options.dkim.privateKey", "options.proxy", "options.token"}
    assert changed < set(run["change settings"].returned["changed_fields"])
    assert "<secret: new>" in run.output


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, lambda secret: json.dumps({"sent": secret})),
        (401, lambda secret: f"sent {base64.b64encode(f'x{secret}'.encode()).decode()}."),
        (404, lambda secret: f"smtp://me:{secret.upper()}@host/"),
        (500, lambda secret: f"sent=x{''.join(f'%{ord(char):02x}' for char in secret)}x&x=1"),
    ],
    ids=["as it is", "base64", "upper case", "URL"],
)
def test_server_that_repeats_what_it_was_sent(
    playbook: Playbook, secrets: Secrets, status: int, words: Callable[[str], str]
) -> None:
    """Each secret alone in the words, so that no other one gives it away as something not to be shown."""
    _store_live_records(playbook, secrets)
    # Reads come first, so that the writes after them are not kept from reading; changes after what else a POST does,
    # since one that meets a 404 creates the account instead.
    requests = [
        ("read settings", "GET", "/api/v2", ["user_token", "user_key"]),
        ("read accounts", "GET", "/api/email", ["itflex_token"]),
        ("read accounts", "POST", "/api/v1/oauth2", ["refresh_token"]),
        ("change settings", "PUT", "/api/v2", ["user_token", "user_key", *SENT_WITH_SETTINGS]),
        ("create settings", "POST", "/api/v2", ["user_token", "password", "private_key"]),
        ("test settings", "POST", "/api/v2", ["user_token", "user_key"]),
        ("delete settings", "DELETE", "/api/v2", ["user_token", "user_key"]),
        ("test account", "POST", "/api/email", ["itflex_token", "password"]),
        ("change account", "PUT", "/api/email", ["itflex_token", "password"]),
        ("delete account", "DELETE", "/api/email", ["itflex_token"]),
    ]
    by_name = {task.name: task for task in TASKS}
    tasks, methods = [], {}
    for name, method, path, sent in requests:
        for secret in sent:
            text = words(secrets[secret])
            error = {"field": text, "type": "invalid", "msg": text}
            body = json.dumps({"status": "error", "info": text, "errors": [error]})
            playbook.sandbox.fault(path, method=method, status=status, body=body)
            task = by_name[name]
            # One credential alone, so that no second try follows.
            unused = {"access_token": None} if secret == "refresh_token" else {"refresh_token": None}
            arguments = {**task.arguments, **unused} if "account" in task.module else task.arguments
            tasks.append(Task(f"{name}, {secret}", task.module, arguments))
            methods[tasks[-1].name] = method
    run = _run(playbook, secrets, "action", tasks)
    for name, method in methods.items():
        answers = [(request["method"], request["status"]) for request in run[name].requests]
        assert (method, status) in answers, f"{name} did not meet the server's words: {answers}"


@either_way
def test_answers_that_are_not_what_they_should_be(playbook: Playbook, secrets: Secrets, spec: ModuleSpec) -> None:
    words = ", ".join(secrets.values.values())
    record = {"domain": LIVE, "options": words, "provider": [words]}
    accounts = [{"id": words, "name": {words: 1}, "smtp_port": words, "password": [words]}]
    tasks = [task for task in TASKS if task.name.startswith(("change", "read", "test"))]
    for body in (f"<html>{words}</html>", json.dumps(record), json.dumps(accounts)):
        playbook.sandbox.control("DELETE", "faults")
        playbook.sandbox.fault("/", status=200, body=body, times=1000)
        run = _run(playbook, secrets, spec, tasks)
        assert all(run.failed(task.name) for task in tasks)


@either_way
def test_bad_input(playbook: Playbook, secrets: Secrets, spec: ModuleSpec) -> None:
    _store_live_records(playbook, secrets)
    bad_account = {**DESIRED_ACCOUNT, "name": "Live", "smtp_port": 0}
    secret, key = variable("password"), variable("private_key")
    inputs: dict[str, tuple[str, dict[str, Any]]] = {
        "port": ("email_account", bad_account),
        "choice": ("email_account", {**bad_account, "smtp_crypt": "tls"}),
        "type": ("email_account", {**bad_account, "default": "perhaps"}),
        "unknown option": ("email_account", {**bad_account, "passwort": secret}),
        "password of a bad type": ("email_account", {**bad_account, "password": {"value": secret}}),
        "test account": ("email_account_test", {**bad_account, "to_email": "x"}),
        "check account": ("email_account_check", {**CHECKED_ACCOUNT, "smtp_port": 0, "passwort": secret}),
        "check settings": ("email_settings_check", {"options": {"auth": f"pbx {secret}"}}),
        "filters": ("email_account_info", {"filters": {"password": secret}}),
        "settings": ("email_settings", {"domain": "a b", **DESIRED_SETTINGS}),
        "settings and type": ("email_settings", {"domain": LIVE, **DESIRED_SETTINGS, "replace": "perhaps"}),
        "login as a text": ("email_settings", {"domain": LIVE, "options": {"auth": f"pbx {secret}"}}),
        "extra as a text": ("email_settings", {"domain": LIVE, "options": {"extra": f"privateKey {key}"}}),
        "unknown suboption": ("email_settings", {"domain": LIVE, "options": {"privateKey": key}}),
        "misplaced": ("email_settings", {"domain": LIVE, "options": {"extra": {"auth": {"pass": secret}}}}),
        "address": ("email_settings_info", {"api_url": f"https://me:{secret}@pbx.example.com"}),
        "line break": ("email_settings_test", {"domain": LIVE, **RECIPIENT, "access_token": f"{secret}\n"}),
        "profile": ("email_profile", {**DESIRED_PROFILE, "name": "Live", "smtp_port": 0}),
        "client as a text": ("email_profile", {"name": "Live", "params": {"oauth2": f"client_secret {secret}"}}),
        "misplaced secret": ("email_profile", {"name": "Live", "params": {"client_secret": secret}}),
        "check profile": ("email_profile_check", {**CHECKED_PROFILE, "smtp_port": 0, "passwort": secret}),
        "profile filters": ("email_profile_info", {"filters": {"params.oauth2.client_secret": secret}}),
        "settings filters": ("email_settings_info", {"filters": {"options.auth.pass": secret}}),
    }
    run = _run(playbook, secrets, spec, [Task(name, module, options) for name, (module, options) in inputs.items()])
    for name in inputs:
        assert run.failed(name).returned["failure"]["kind"] == "input"


@either_way
def test_bad_credentials(playbook: Playbook, secrets: Secrets, spec: ModuleSpec) -> None:
    """Credentials that are refused, that meet nobody, or that would have gone elsewhere."""
    fetched = json.dumps({"access_token": secrets["bad_token"], "refresh_token": secrets["bad_key"]})
    playbook.sandbox.fault("/api/v1/oauth2/token", status=200, body=fetched)
    elsewhere = {"Location": f"http://localhost:1/?token={secrets['user_token']}"}
    playbook.sandbox.fault("/api/v2/email/settings?domain=moved", status=302, headers=elsewhere)
    login = {"username": "me", "password": variable("bad_password"), "access_token": None, "key": None}
    good_login = {"username": "root", "password": variable("webitel_password")}
    bad = {"access_token": variable("bad_token"), "key": variable("bad_key")}
    bad_refresh = {"access_token": variable("bad_token"), "refresh_token": variable("bad_key")}
    nobody = {"api_url": "http://127.0.0.1:1"}
    tasks = [
        Task("token", "email_settings", {"domain": NEW, **DESIRED_SETTINGS, **bad}),
        Task("login", "email_settings", {"domain": NEW, **DESIRED_SETTINGS, **login}),
        Task("good login", "email_settings_info", {"domain": NEW, **login, **good_login}),
        Task("moved", "email_settings_info", {"domain": "moved.example.com"}),
        Task("nobody", "email_settings_info", {"domain": NEW, **nobody}),
        Task("fetched", "email_account_info", {"access_token": variable("bad_token")}),
        Task("not accepted", "email_account", {**DESIRED_ACCOUNT, **bad_refresh}),
        Task("nobody there", "email_account_test", {**DESIRED_ACCOUNT, **RECIPIENT, **nobody}),
    ]
    run = _run(playbook, secrets, spec, tasks)
    assert [name for name, outcome in run.outcomes.items() if not outcome.failed] == ["good login"]


@either_way
def test_words_that_contain_a_password_stay(playbook: Playbook, spec: ModuleSpec) -> None:
    """A password that is a common word hides nothing but itself."""
    playbook.sandbox.put_settings(NEW, settings(auth={"user": "certs@example.com", "pass": "certs"}))
    refusal = {"errors": [{"field": "email", "type": "rule", "msg": "certs@example.com is locked"}]}
    playbook.sandbox.fault("/api/email/accounts/test", status=400, body=json.dumps(refusal))
    run = playbook.run(
        [
            Task("create", "email_account", account(password="certs")),
            Task("change", "email_account", account(password="certs", smtp_port=587)),
            Task("settings", "email_settings", {"domain": NEW, "options": {"port": 1, "auth": {"pass": "certs"}}}),
            Task("send", "email_account_test", {**account(password="certs"), **RECIPIENT}),
        ],
        options=["-vvvv", "--diff"],
        spec=spec,
    )
    for name in ("create", "change"):
        returned = run.succeeded(name).returned
        assert returned["email_account"]["email"] == "certs@example.com"
        assert returned["diff"]["after"]["email"] == "certs@example.com"
    options = run.succeeded("settings").returned["email_settings"]["options"]
    assert options["auth"] == {"user": "certs@example.com"}
    assert "certs@example.com is locked" in run.failed("send").returned["msg"]
    assert not re.search(r"(?<!\*)\*{8}(?!\*)", run.output)
