# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same results on both ways: the action plugin and the module run each case, and are compared to the letter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Playbook, Task
from tests.integration.records import DOMAIN, PASSWORD, account, settings
from tests.sandbox.client import Sandbox

if TYPE_CHECKING:
    from tests.integration.playbook import Outcome, Run

SECRETS = (PASSWORD, "second-password", "hunter2")
OTHER = account(name="Other", email="other@example.com", default=True)
CHANGED = account(smtp_port=587, password="second-password")
FLEET = [{"name": "Certificates", "smtp_port": 2525}, OTHER, {"name": "Gone", "state": "absent"}]
DOMAINS = [{"domain": DOMAIN, "options": {"port": 25}}, {"domain": "b.example", **settings()}]
TO = {"to_email": "someone@example.com"}

CHANGES = [
    Task("create account", "email_account", OTHER, check=True),
    Task("update account", "email_account", CHANGED),
    Task("update account again", "email_account", CHANGED),
    Task("delete account", "email_account", {"name": "Gone", "state": "absent"}, check=True),
    Task("absent account", "email_account", {"name": "Never", "state": "absent"}),
    Task("sync accounts", "email_accounts_sync", {"accounts": FLEET}, check=True),
    Task("sync accounts for real", "email_accounts_sync", {"accounts": FLEET}),
    Task("sync accounts again", "email_accounts_sync", {"accounts": FLEET}),
    Task("prune", "email_accounts_sync", {"accounts": FLEET, "prune": True, "prune_limit": "100%"}, check=True),
    Task(
        "update settings", "email_settings", {"domain": DOMAIN, "options": {"port": 587, "auth": {"pass": "hunter2"}}}
    ),
    Task("replace settings", "email_settings", {"domain": DOMAIN, "replace": True, **settings(host="b.example.com")}),
    Task("unchanged settings", "email_settings", {"domain": DOMAIN, "replace": True, **settings(host="b.example.com")}),
    Task("sync settings", "email_settings_sync", {"settings": DOMAINS}, check=True),
    Task("sync settings for real", "email_settings_sync", {"settings": DOMAINS}),
    Task("delete settings", "email_settings", {"domain": "b.example", "state": "absent"}),
    Task("accounts", "email_account_info"),
    Task("filtered", "email_account_info", {"filters": {"smtp_port": 2525}, "name": ["Certificates"]}),
    Task("settings", "email_settings_info", {"domains": [DOMAIN, "none.example"]}),
    Task("test in check mode", "email_account_test", {"name": "Certificates", **TO}, check=True),
    Task("settings test in check mode", "email_settings_test", {"domain": DOMAIN, **TO}, check=True),
]
FAILURES = [
    Task(
        "input", "email_account", {"name": "A", "smtp_port": 70000, "has_auth": False, "smtp_auth_mechanism": "plain"}
    ),
    Task("types", "email_account", {"name": "A", "smtp_port": "many", "service": "carrier pigeon"}),
    Task("unknown option", "email_account", {"name": "A", "colour": "red"}),
    Task("nothing to find it by", "email_account", {"smtp_port": 25}),
    Task("required", "email_settings_test", {"domain": DOMAIN}),
    Task("alias beside its option", "email_account", {"name": "Certificates", "has_auth": True, "hash_auth": True}),
    Task(
        "alias in a list",
        "email_accounts_sync",
        {"accounts": [{"name": "Certificates", "has_auth": True, "hash_auth": True}]},
    ),
    Task("unknown option in a list", "email_accounts_sync", {"accounts": [{"name": "A", "colour": "red"}]}),
    Task("types in a list", "email_settings_sync", {"settings": [{"domain": DOMAIN, "options": {"port": "many"}}]}),
    Task("list of texts", "email_settings_sync", {"settings": ["a.example"]}),
    Task("digits", "email_accounts_sync", {"accounts": [{"name": "Certificates", "smtp_port": "465"}]}),
    Task("input in a list", "email_accounts_sync", {"accounts": [{"smtp_port": 0}, {"name": "A"}, {"name": "A"}]}),
    Task("credentials", "email_account_info", {"access_token": "wrong"}),
    Task("no server", "email_account_info", {"api_url": "http://127.0.0.1:9"}),
    Task("no address", "email_settings_info", {"api_url": "example.com"}),
    Task("plan", "email_account", {"name": "New"}),
    Task("ambiguous", "email_account", {"email": "certs@example.com", "smtp_port": 25}),
    Task("refused by the server", "email_account", {"name": "Gone", "smtp_port": 2525}),
    Task(
        "refused in a list",
        "email_accounts_sync",
        {"accounts": [{"name": "Gone", "smtp_port": 2525}, {"name": "Never", "state": "absent"}]},
    ),
    Task(
        "stopped",
        "email_accounts_sync",
        {"accounts": [{"name": "Gone", "smtp_port": 25}, OTHER], "on_error": "stop", "concurrency": 1},
    ),
    Task("not found", "email_account_info", {"id": [99]}),
    Task("no settings", "email_settings_test", {"domain": "none.example", **TO}),
    Task("refused test", "email_settings_test", {"domain": DOMAIN, **TO}),
    Task("refused account test", "email_account_test", {"id": 1, **TO}),
    Task("prune limit", "email_accounts_sync", {"accounts": [], "prune": True}),
    Task("no document", "email_accounts_sync", {"src": "/nowhere/accounts.yml"}),
    Task("document and list", "email_accounts_sync", {"src": "/nowhere/accounts.yml", "accounts": []}),
]
KEYWORDS = [
    Task("no_log", "email_account", CHANGED, keywords={"no_log": True}),
    Task("no_log that fails", "email_account", {"name": "A", "smtp_port": 0}, keywords={"no_log": True}),
    Task(
        "loop",
        "email_account",
        {"name": "{{ item }}", "smtp_port": 25},
        keywords={"loop": ["Certificates", "Gone", "New"]},
    ),
    Task(
        "loop of check",
        "email_account",
        {"name": "{{ item }}", "smtp_port": 26},
        check=True,
        keywords={"loop": ["Certificates", "Gone"]},
    ),
    Task("until", "email_account_info", {}, keywords={"retries": 2, "delay": 0, "until": "false"}),
    Task(
        "until it succeeds",
        "email_account_info",
        {},
        keywords={"retries": 2, "delay": 0, "until": "true", "register": "found"},
    ),
    Task("delegate_to", "email_account", {"name": "Gone", "smtp_port": 2526}, keywords={"delegate_to": "localhost"}),
    Task("throttle", "email_account", {"name": "Gone", "smtp_port": 2527}, keywords={"throttle": 1}),
    Task("timeout that is long enough", "email_account", {"name": "Gone", "smtp_port": 2528}, keywords={"timeout": 60}),
    Task("changed_when", "email_account", {"name": "Gone", "smtp_port": 2529}, keywords={"changed_when": False}),
    Task("failed_when", "email_account_info", {}, keywords={"failed_when": True}),
    Task("diff: false", "email_account", {"name": "Gone", "smtp_port": 2530}, keywords={"diff": False}),
    Task(
        "diff: false for many",
        "email_accounts_sync",
        {"accounts": [{"name": "Gone", "smtp_port": 2531}]},
        keywords={"diff": False},
    ),
    Task("template", "email_account", {"name": "{{ found.email_accounts[0].name }}", "smtp_port": "{{ 2500 + 32 }}"}),
    Task("defaults of the module", "email_account_info", {"name": ["Gone"]}),
]


def _prepare(playbook: Playbook) -> None:
    sandbox = playbook.sandbox
    sandbox.reset()
    sandbox.add_accounts([account(), account(name="Gone"), account(name="{{ 7 * 7 }}", email="jinja@example.com")])
    smtp = sandbox.ready["smtp"]
    wrong = {"user": smtp["username"], "pass": "wrong"}
    sandbox.put_settings(
        DOMAIN, {**settings(host=smtp["host"], port=smtp["ssl_tls"], auth=wrong), "{{ 7 * 7 }}": "{{ 1 }}"}
    )


def _refusing(playbook: Playbook) -> None:
    refusal = '{"errors": [{"field": "smtp_port", "type": "rule", "msg": "{{ 7 * 7 }} proibida"}]}'
    playbook.sandbox.fault("/api/email/accounts/2", method="PUT", status=400, times=3, body=refusal)


def _hidden(playbook: Playbook) -> None:
    playbook.sandbox.traps(itflex_passwords="mask", webitel_passwords="omit")


def _normalising(playbook: Playbook) -> None:
    playbook.sandbox.traps(itflex_normalise="on", webitel_normalise="on")


TIMES = ("created_at", "updated_at", "durations")


def _compared(value: Any) -> Any:
    """A result without what another run changes: the times."""
    if isinstance(value, dict):
        return {name: _compared(entry) for name, entry in value.items() if name not in TIMES}
    if isinstance(value, list):
        return [_compared(entry) for entry in value]
    if isinstance(value, str):
        value = re.sub(r'"durations": \[[^]]*\]', '"durations": TIMES', value)
        return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", "TIME", value)
    return value


def _asked(outcome: Outcome) -> list[Any]:
    """The requests of a task as far as both ways must agree, in an order that threads do not change."""
    loops = "results" in outcome.returned and "summary" not in outcome.returned
    return sorted(
        (request["method"], request["path"], request["status"], str(_compared(request["body"])))
        for request in outcome.requests
        # In a loop, a module reads what the action plugin still knows.
        if request["method"] != "GET" or not loops
    )


def _shown(run: Run) -> list[str]:
    """What the run printed, without where its files are, and without Ansible's word for what has failed."""
    output = run.output.replace(str(run.directory), "DIRECTORY").replace("Task failed: Action failed", "Task failed")
    return [str(_compared(line)) for line in output.replace("Task failed: Module failed", "Task failed").splitlines()]


SITUATIONS: dict[str, tuple[list[Task], Any, list[str]]] = {
    "changes": (CHANGES, None, ["--diff"]),
    "failures": (FAILURES, _refusing, []),
    "keywords": (KEYWORDS, None, ["--diff"]),
    "hidden passwords": ([*CHANGES[:3], CHANGES[5], CHANGES[9]], _hidden, []),
    "a server that normalises": (
        [
            Task("account", "email_account", {"name": "Certificates", "email": "LOUD@example.com"}),
            Task("accounts", "email_accounts_sync", {"accounts": [{"id": 2, "email": "LOUD@example.com"}]}),
            Task("settings", "email_settings", {"domain": DOMAIN, "options": {"host": "LOUD.example.com"}}),
        ],
        _normalising,
        [],
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_both_ways_agree(playbook: Playbook, situation: str) -> None:
    """Everything that the tasks return, the requests that they make, and what Ansible prints of them."""
    tasks, arrange, options = SITUATIONS[situation]
    runs = []
    for spec in WAYS:
        _prepare(playbook)
        if arrange is not None:
            arrange(playbook)
        # Arguments are part of the result since 2.16 at any time, from 2.20 on where it is asked for.
        # By default, Ansible copies a module and then runs it.
        environment = {"ANSIBLE_INJECT_INVOCATION": "true", "ANSIBLE_PIPELINING": "false"}
        runs.append(playbook.run(tasks, spec=spec, options=options, environment=environment))
    in_process, as_module = runs
    assert list(in_process.outcomes) == [task.name for task in tasks]
    for task in tasks:
        ours, theirs = in_process[task.name], as_module[task.name]
        assert ours.failed == theirs.failed, task.name
        assert _compared(ours.returned) == _compared(theirs.returned), task.name
        assert _asked(ours) == _asked(theirs), task.name
    assert _shown(in_process) == _shown(as_module)
    for run in runs:
        assert not any(secret in run.output for secret in SECRETS)


def test_the_time_limit_of_a_task(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A task that takes longer than its ``timeout`` ends soon after it, and fails in the same words.

    Ansible does not end a module's process then. So this has a sandbox of its own, which is gone before it can do harm.
    """
    results = []
    with Sandbox.start(tmp_path_factory.mktemp("sandbox"), {"delay_ms": 3000}) as sandbox:
        playbook = Playbook(tmp_path_factory.mktemp("play"), sandbox)
        fleet = [account(name=f"Account {number}") for number in range(20)]
        for spec in WAYS:
            run = playbook.run(
                [
                    Task("one", "email_account_info", keywords={"timeout": 1}),
                    Task("many", "email_accounts_sync", {"accounts": fleet, "concurrency": 2}, keywords={"timeout": 4}),
                ],
                spec=spec,
            )
            results.append({name: (run[name].failed, run[name].returned["msg"]) for name in ("one", "many")})
            # In Ansible's own process nothing more is begun: what was under way at that moment is all there can be.
            assert spec != "action" or len(sandbox.accounts()) <= 2
    assert results[0] == results[1]
    assert all(failed for failed, _message in results[0].values())
