# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Loops over a module of one record: one list and one token for all items, and no item sees what is no longer so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import Task
from tests.integration.records import account, settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import Playbook

ACCOUNTS = "/api/email/accounts"
LIST = f"GET {ACCOUNTS}"


def _loop(name: str, module: str, arguments: dict[str, Any], items: list[Any], **keywords: Any) -> Task:
    return Task(name, module, arguments, keywords={"loop": items, **keywords})


def _changed(outcome: Any) -> list[bool]:
    return [entry["changed"] for entry in outcome.returned["results"]]


def test_one_list_and_one_token(playbook: Playbook) -> None:
    """And one connection. There are few items, since what was read more than five seconds ago is read again."""
    refresh = {"refresh_token": playbook.sandbox.ready["itflex"]["refresh_token"]}
    wanted = {**account(name="{{ item }}", email="{{ item }}@example.com"), **refresh}
    names = [f"account{number}" for number in range(20)]
    run = playbook.run(
        [_loop(what, "email_account", wanted, names) for what in ("create", "again")], defaults=playbook.addresses
    )
    for what, writes in (("create", len(names)), ("again", 0)):
        calls = run.succeeded(what).calls
        assert calls[:2] == ["POST /api/v1/oauth2/token", LIST]
        assert calls[2:] == [f"POST {ACCOUNTS}"] * writes
        assert len({request["connection"] for request in run[what].requests}) == 1
    assert len(playbook.sandbox.accounts()) == len(names)


def test_an_item_sees_what_those_before_it_did(playbook: Playbook) -> None:
    """Also what the server did because of it, and what another run does in between is not the loop's business."""
    playbook.sandbox.add_accounts([account(name="Old", default=True)])
    items = [
        {"name": "New", "email": "new@example.com", "default": True},
        {"name": "New", "smtp_port": 25},
        {"name": "New", "smtp_port": 25},
        {"name": "Old", "default": False},
        {"name": "New", "state": "absent"},
        {"name": "New", "email": "new@example.com"},
        {"id": 1, "name": "Renamed"},
        {"name": "Renamed", "smtp_port": 26},
        {"name": "Old", "state": "absent"},
    ]
    wanted = {
        name: f"{{{{ item.{name} | default(omit) }}}}" for name in ("id", "name", "email", "default", "smtp_port")
    }
    arguments = {**wanted, "state": "{{ item.state | default('present') }}"}
    run = playbook.run([_loop("loop", "email_account", arguments, items)])
    assert _changed(run.succeeded("loop")) == [True, True, False, False, True, True, True, True, False]
    assert run["loop"].writes == ["POST", "PUT", "DELETE", "POST", "PUT", "PUT"]
    assert [entry["name"] for entry in playbook.sandbox.accounts()] == ["Renamed", "New"]


def test_an_item_that_failed_leaves_nothing_stale(playbook: Playbook) -> None:
    """The write was done although the answer said no: the next item has to look."""
    playbook.sandbox.fault(f"{ACCOUNTS}/1", method="PUT", status=400, after=True, body="{}")
    playbook.sandbox.add_accounts([account(name="A")])
    change = {"name": "A", "smtp_port": "{{ item }}"}
    run = playbook.run([_loop("loop", "email_account", change, [25, 25, 26])])
    assert ["failure" in entry for entry in run["loop"].returned["results"]] == [True, False, False]
    assert _changed(run["loop"]) == [False, False, True]


def test_different_credentials_are_kept_apart(playbook: Playbook) -> None:
    """Each item asks with its own, and sees what was written with the others."""
    sandbox = playbook.sandbox
    tokens = {domain: sandbox.tokens(domain)["access_token"] for domain in ("a.example", "b.example")}
    bound = [{"domain": domain, "token": tokens[domain]} for domain in ("a.example", "b.example", "a.example")]
    bound.append({"domain": "b.example", "token": tokens["a.example"]})
    own = {"domain": "{{ item.domain }}", "access_token": "{{ item.token }}", **settings()}
    good, refresh = (sandbox.ready["itflex"][name] for name in ("access_token", "refresh_token"))
    items = [
        {"name": "One", "access_token": good},
        {"name": "Two", "refresh_token": refresh},
        {"name": "Two", "access_token": good},
        {"name": "Three", "access_token": "wrong"},
        {"name": "One", "refresh_token": refresh},
    ]
    given = {name: f"{{{{ item.{name} | default(omit) }}}}" for name in ("access_token", "refresh_token")}
    wanted = account(name="{{ item.name }}", email="{{ item.name }}@example.com")
    run = playbook.run(
        [
            _loop("domains", "email_settings", own, bound),
            _loop("accounts", "email_account", {**wanted, **given}, items),
        ],
        defaults=playbook.addresses,
    )
    results = run["domains"].returned["results"]
    assert [entry["changed"] for entry in results] == [True, True, False, False]
    assert "a.example" in results[3]["msg"]
    assert set(sandbox.settings()) == {"a.example", "b.example"}
    assert _changed(run["accounts"]) == [True, True, False, False, False]
    assert run["accounts"].returned["results"][3]["failure"]["kind"] == "credentials"
    assert run["accounts"].calls.count("POST /api/v1/oauth2/token") == 1
    assert sorted(entry["name"] for entry in sandbox.accounts()) == ["One", "Two"]


def test_a_login_ends_with_each_item(playbook: Playbook) -> None:
    """Also with one that fails, and with one in check mode."""
    login = {name: playbook.sandbox.ready["webitel"][name] for name in ("username", "password")}
    playbook.sandbox.fault("/api/v2/email/settings?domain=b.example", method="POST", status=400, body="{}")
    wanted = {"domain": "{{ item }}", **login, **settings()}
    domains = ["a.example", "b.example", "c.example"]
    playbook.sandbox.add_domains(*domains)
    run = playbook.run([_loop("loop", "email_settings", wanted, domains)], defaults=playbook.addresses)
    calls = [call.rpartition("/")[2] for call in run["loop"].calls]
    assert [call for call in calls if call in ("login", "logout")] == ["login", "logout"] * 3
    assert ["failure" in entry for entry in run["loop"].returned["results"]] == [False, True, False]
    assert playbook.sandbox.sessions() == []


def test_another_try_reads_again(playbook: Playbook) -> None:
    """What `until` waits for may come from elsewhere."""
    playbook.sandbox.fault(ACCOUNTS, method="GET", status=503, times=2, body="{}")
    waiting = {"retries": 3, "delay": 0, "until": "found is succeeded", "register": "found"}
    run = playbook.run([Task("wait", "email_account_info", keywords=waiting)])
    assert run.succeeded("wait").returned["attempts"] == 3
    assert run["wait"].calls == [LIST] * 3


def test_each_task_reads_for_itself(playbook: Playbook) -> None:
    run = playbook.run([Task(name, "email_account", account(), check=True) for name in ("first", "second")])
    for name in ("first", "second"):
        assert run.succeeded(name).calls == [LIST]


@pytest.mark.parametrize("strategy", ["linear", "free", "host_pinned"])
def test_strategies(playbook: Playbook, tmp_path: Path, strategy: str) -> None:
    """Several hosts at once, each with a loop of its own: no process shares a connection with another one."""
    hosts = [f"host{number}" for number in range(4)]
    items = [f"item{number}" for number in range(5)]
    inventory = tmp_path / "hosts"
    local = "ansible_connection=local ansible_python_interpreter='{{ ansible_playbook_python }}'"
    inventory.write_text("".join(f"{host} {local}\n" for host in hosts), encoding="utf-8")
    wanted = account(name="{{ inventory_hostname }} {{ item }}", email="{{ inventory_hostname }}@example.com")
    run = playbook.run(
        [
            _loop("create", "email_account", wanted, items),
            _loop("change", "email_account", {"name": wanted["name"], "smtp_port": 25}, items),
        ],
        # The log of requests is read once, after the run: between tasks it would miss those of other hosts.
        environment={"ANSIBLE_STRATEGY": strategy, "ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.tree"},
        options=[f"--inventory={inventory}", "--forks=3"],
    )
    everywhere = [*hosts, "localhost"]
    stored = {entry["name"]: entry["smtp_port"] for entry in playbook.sandbox.accounts()}
    assert stored == {f"{host} {item}": 25 for host in everywhere for item in items}
    requests = playbook.sandbox.requests()
    assert {request["status"] for request in requests} == {200}
    methods = [request["method"] for request in requests]
    assert {method: methods.count(method) for method in set(methods)} == {
        # One list for each loop; an account whose list is another item's is read again before it is written.
        "GET": 10 + 4 * len(everywhere),
        "POST": 25,
        "PUT": 25,
    }
    assert len({request["connection"] for request in requests}) == 10
    assert run.output.count("failed=0") == len(everywhere)
