# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret in any channel by which something leaves a task, also where requests fail on their way.

The channels: the terminal with everything switched on, the log, the JSON and JUnit callbacks, reports, retry files, the
remote temporary directory, the system's log, the list of processes, tracebacks.
"""

from __future__ import annotations

import json
import re
import traceback
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import ApiError
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE
from ansible_collections.mailfleet.email.plugins.module_utils._resource import spec as base
from ansible_collections.mailfleet.email.plugins.module_utils._resource.base import Context
from ansible_collections.mailfleet.email.plugins.module_utils._resource.pool import Connections
from tests.faults.fault import Fault, FaultKind
from tests.faults.hostile import HostileServer, document, whole
from tests.faults.processes import processes_of, wait_until_ended
from tests.integration.planted import Secrets, variable
from tests.integration.playbook import COLLECTION, WAYS, Playbook, Task
from tests.integration.records import account, settings
from tests.unit.collection import MODULES, spec
from tests.unit.plugins.module_utils.modules import module_output
from tests.unit.plugins.module_utils.running import all_options

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.proxy import FaultProxy
    from tests.integration.playbook import Document, ModuleSpec, Run
    from tests.sandbox.client import Sandbox

LIVE = "live.example.com"
RECIPIENT = {"to_email": "someone@example.com"}
LOGIN = {"user": "pbx", "pass": variable("password")}
OPTIONS = {"port": 25, "auth": LOGIN, "extra": {"dkim": {"privateKey": variable("private_key")}}}
CHANGED = {"domain": LIVE, "options": OPTIONS}
NEW = {"name": "New", "email": "new@example.com", "has_auth": True, "password": variable("password")}
SENT = ["user_token", "user_key", "webitel_password", "itflex_token", "password", "next_password", "private_key"]
BY_LOGIN = {"access_token": None, "key": None, "username": "root", "password": variable("webitel_password")}
BY_REFRESH = {"access_token": None}
REPORTS = ("json", "markdown", "html", "junit")
# What ansible-core writes itself, and removes unless it is set to keep it: each module with its arguments.
MODULE_FILE = re.compile(r"tmp/ansible-tmp-[^/]+/AnsiballZ_(email_\w+)\.py")


@pytest.fixture
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("play")


@pytest.fixture
def playbook(directory: Path, sandbox: Sandbox) -> Playbook:
    """Runs tasks in a playbook of their own."""
    return Playbook(directory, sandbox, warm=False)


@pytest.fixture
def secrets(sandbox: Sandbox) -> Secrets:
    return Secrets.plant(sandbox)


def _store(sandbox: Sandbox, secrets: Secrets) -> None:
    auth = {"user": "pbx", "pass": secrets["live_password"]}
    sandbox.put_settings(LIVE, settings(auth=auth, dkim={"privateKey": secrets["live_private_key"]}))
    sandbox.add_accounts([account(name="Live", password=secrets["live_password"])])


def _defaults(sandbox: Sandbox, address: str) -> dict[str, Document]:
    """Every credential that a product takes, and two more tries, so that what is tried again is reported as well."""
    credentials: dict[str, Any] = {
        "webitel": {"access_token": variable("user_token"), "key": variable("user_key")},
        "itflex": {"access_token": variable("itflex_token"), "refresh_token": variable("refresh_token")},
    }
    return {
        f"group/{COLLECTION}.{product}": {
            "api_url": sandbox.ready[product]["api_url"].replace(sandbox.url, address),
            "retries": 2,
            "timeout": 3,
            **credentials[product],
        }
        for product in credentials
    }


def _run(playbook: Playbook, secrets: Secrets, address: str, tasks: list[Task], spec: ModuleSpec) -> Run:
    """Run the tasks with every channel open."""
    return playbook.run(
        tasks,
        defaults=_defaults(playbook.sandbox, address),
        variables=secrets.variables,
        environment={
            "ANSIBLE_ASYNC_DIR": "async",
            "ANSIBLE_CALLBACKS_ENABLED": "outcomes,ansible.builtin.junit,ansible.builtin.tree,mailfleet.email.report",
            "ANSIBLE_CALLBACK_TREE_DIR": "tree",
            "ANSIBLE_DISPLAY_TRACEBACK": "always",
            "ANSIBLE_INJECT_INVOCATION": "1",
            "ANSIBLE_KEEP_REMOTE_FILES": "1",
            "ANSIBLE_LOG_PATH": "ansible.log",
            "ANSIBLE_RETRY_FILES_ENABLED": "1",
            "JUNIT_OUTPUT_DIR": "junit",
            **{f"MAILFLEET_REPORT_{name.upper()}": f"report.{name}" for name in REPORTS},
        },
        options=["-vvvv", "--diff"],
        spec=spec,
    )


def _tasks(nobody: str) -> list[Task]:
    """Tasks that succeed and tasks that fail, the last of which ends the play."""
    another_product = {"api_url": nobody.replace("http:", "https:"), "retries": 0}
    return [
        Task("change settings", "email_settings", {**CHANGED, **BY_LOGIN}),
        Task(
            "sync settings",
            "email_settings_sync",
            {"settings": [{**CHANGED, "description": "new"}, {**CHANGED, "domain": "new.example.com"}]},
        ),
        Task("create account", "email_account", {**NEW, **BY_REFRESH}),
        Task("change account", "email_account", {"name": "Live", "password": variable("next_password")}),
        Task("sync accounts", "email_accounts_sync", {"accounts": [{**NEW, "password": variable("next_password")}]}),
        Task("test account", "email_account_test", {"name": "Live", **RECIPIENT}),
        Task("TLS", "email_settings", {**CHANGED, **another_product}),
        Task("in background", "email_account", {**NEW, "name": "Later"}, keywords={"async": 30, "poll": 0}),
        Task("end", "email_account", {**NEW, "smtp_port": 0}, keywords={"ignore_errors": False}),
    ]


@pytest.mark.parametrize("spec", WAYS)
def test_channels_of_a_playbook(
    playbook: Playbook, directory: Path, proxy: FaultProxy, secrets: Secrets, spec: ModuleSpec
) -> None:
    sandbox = playbook.sandbox
    _store(sandbox, secrets)
    text = " ".join(secrets[name] for name in SENT)
    words = json.dumps({"status": "error", "info": text, "errors": [{"field": text, "type": "rule", "msg": text}]})
    elsewhere = {"Location": f"http://localhost:1/?token={secrets['user_token']}&pass={secrets['password']}"}
    sandbox.fault("/api/v2/email/settings", method="PUT", skip=1, status=500, body=words)
    sandbox.fault("/api/v2/email/settings", method="POST", status=302, headers=elsewhere)
    sandbox.fault("/api/email/accounts", method="GET", status=503, body=words, times=2)
    sandbox.fault("/api/email/accounts", method="PUT", skip=1, status=400, body=words)
    proxy.plan([Fault(FaultKind.RESET_AFTER, method="POST", path="/api/email/accounts")])
    seen: set[str] = set()

    def look(_method: str, _path: str) -> None:
        for process in processes_of(directory):
            shown = f"{process.command}\n{process.environment}"
            seen.update(name for name, value in secrets.values.items() if value in shown)
            looked.append(process.command)

    looked: list[str] = []
    proxy.before_answer = look
    try:
        run = _run(playbook, secrets, proxy.url, _tasks(sandbox.url), spec)
        # What runs in the background goes on.
        wait_until_ended(directory)
    finally:
        proxy.before_answer = None
    for name in ("change settings", "create account", "change account", "in background"):
        run.succeeded(name)
    for name in ("sync settings", "sync accounts", "test account", "TLS", "end"):
        assert run[name].failed
    for name in ("sync settings", "sync accounts"):
        assert "left out, since they repeat a credential" in run[name].returned["msg"]
    assert any("AnsiballZ" in command for command in looked)
    assert seen == set()
    places = {place.partition(" in ")[2] for place in secrets.found_in(run)}
    kept = {match[1] for place in places if (match := MODULE_FILE.fullmatch(place))}
    assert [place for place in places if not MODULE_FILE.fullmatch(place)] == []
    assert kept == ({"email_account"} if spec == "action" else {task.module for task in _tasks("")})
    assert all(run.directory.joinpath(place).parent.stat().st_mode & 0o077 == 0 for place in places)
    written = ["ansible.log", "junit/playbook*.xml", "tree/localhost", "playbook.retry", "async/*"]
    for channel in (*written, *(f"report.{name}" for name in REPORTS)):
        assert list(run.directory.glob(channel)) != [], f"{channel} was not written"


@pytest.mark.parametrize("name", MODULES)
def test_the_log_of_the_machine_where_a_module_runs(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A module logs its arguments to syslog or the journal."""
    secret = "planted-4c2be1f0"
    server = {"host": "127.0.0.1", "port": 1}
    own: dict[str, dict[str, Any]] = {
        "email_account": {"name": "A", "password": secret},
        "email_account_check": {"email": "a@a.example", "smtp_server": "127.0.0.1", "smtp_port": 1, "password": secret},
        "email_account_info": {"filters": {"password": secret}},
        "email_account_test": {"name": "A", "password": secret, **RECIPIENT},
        "email_accounts_sync": {"accounts": [{"name": "A", "password": secret}], "defaults": {"password": secret}},
        "email_delivery_info": {**server, "username": "a", "password": secret},
        "email_profile": {"name": "A", "password": secret, "params": {"oauth2": {"client_secret": secret}}},
        "email_profile_check": {"smtp_host": "127.0.0.1", "smtp_port": 1, "login": "a", "password": secret},
        "email_profile_info": {"filters": {"password": secret}},
        "email_profiles_sync": {"profiles": [{"name": "A", "password": secret}], "defaults": {"password": secret}},
        "email_settings": {"domain": LIVE, "options": {"auth": {"pass": secret}, "extra": {"a": secret}}},
        "email_settings_check": {"options": {**server, "auth": {"pass": secret}, "extra": {"a": secret}}},
        "email_settings_info": {"filters": {"a": secret}},
        "email_settings_sync": {"settings": [{"domain": LIVE, "options": {"auth": {"pass": secret}}}]},
        "email_settings_test": {"domain": LIVE, **RECIPIENT},
    }
    credentials: dict[str, Any] = {
        option: secret for option in ("access_token", "key", "refresh_token") if option in spec(name).argument_spec
    }
    product = {"api_url": "http://127.0.0.1:1", "retries": 0} if "api_url" in spec(name).argument_spec else {}
    with mock.patch.object(AnsibleModule, "log") as log:
        module_output(spec(name), {**product, **credentials, **own[name]}, capsys)
    assert "Invoked with" in str(log.call_args_list)
    assert secret not in str(log.call_args_list)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param([], id="nothing"),
        pytest.param([b"no HTTP planted-4c2be1f0\r\n"], id="no HTTP"),
        pytest.param(whole("<html>planted-4c2be1f0"), id="HTML"),
        pytest.param(document(["planted-4c2be1f0"]), id="another shape"),
        pytest.param(
            document({"info": "planted-4c2be1f0", "errors": [{"msg": "planted-4c2be1f0"}]}, status=500), id="500"
        ),
        pytest.param(whole("", "Location: http://localhost:1/planted-4c2be1f0", status=302), id="redirect"),
        pytest.param(whole("", "Content-Encoding: gzip, planted-4c2be1f0", status=302), id="encoding"),
    ],
)
@pytest.mark.parametrize(
    ("spec", "options"),
    [
        pytest.param(EMAIL_SETTINGS, {"key": "planted-4c2be1f0", "domain": LIVE}, id="webitel"),
        pytest.param(EMAIL_ACCOUNT, {**NEW, "password": "planted-4c2be1f0"}, id="itflex"),
        pytest.param(EMAIL_PROFILE, {"name": "A", "password": "planted-4c2be1f0"}, id="webitel_cloud"),
    ],
)
def test_tracebacks(spec: base.ModuleSpec, options: dict[str, Any], answer: list[bytes]) -> None:
    """Whoever prints an error, with all the errors before it, prints no secret."""
    with HostileServer.start(lambda _line: answer) as server:
        connection = {"api_url": server.url, "access_token": "planted-4c2be1f0", "retries": 0, "timeout": 10.0}
        params = all_options(spec.argument_spec, {**connection, **options})
        with pytest.raises(ApiError) as caught:
            spec.run(params, Context(False, True, print, Connections(keep=False)))
    printed = "".join(traceback.format_exception(caught.value))
    assert "planted-4c2be1f0" not in f"{printed}{caught.value!r}{caught.value.args}{vars(caught.value)}"
