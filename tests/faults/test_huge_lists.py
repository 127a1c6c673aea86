# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that are right and huge, within all limits of bytes: a task ends by its deadline, or soon after."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.prune import is_kept
from ansible_collections.mailfleet.email.plugins.module_utils._http.response import Response
from ansible_collections.mailfleet.email.plugins.module_utils._http.session import Session
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE
from tests.faults.hostile import HostileServer, whole
from tests.integration.records import account, settings
from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec

DEADLINE = 5.0
# The machine may be busy with something else, which time of its own does not count.
LONGEST = 2 * DEADLINE
BYTES = 24 * 1024 * 1024
NEW: dict[str, Any] = account(name="New")
TASKS: dict[str, tuple[ModuleSpec, dict[str, Any]]] = {
    "account": (EMAIL_ACCOUNT, NEW),
    "accounts": (EMAIL_ACCOUNTS_SYNC, {"accounts": [NEW], "prune": True}),
    "profile": (EMAIL_PROFILE, {"name": "New", "schema": {"id": 1}}),
    "settings": (EMAIL_SETTINGS, {"domain": "a.example", **settings()}),
}


def _numbered(item: Callable[[int], str], most: int) -> str:
    items, size = [], 0
    for number in range(1, most + 1):
        items.append(item(number))
        size += len(items[-1]) + 1
        if size >= BYTES:
            break
    return ",".join(items)


def _records(fields: str, most: int = BYTES) -> str:
    return _numbered(lambda number: f'{{"id":{number},"name":"n{number}"{fields}}}', most)


def _keys(most: int = BYTES) -> str:
    keys = _numbered(lambda number: f'"k{number}":1', most)
    return f'{{"id":1,"name":"New","domain":"a.example",{keys}}}'


LISTS: dict[str, Callable[[], str]] = {
    "many records": lambda: _records(""),
    "as many as may be": lambda: _records("", 100_000),
    "of a rare form": lambda: _records(',"smtp_port":"25"'),
    "as many as may be of a rare form": lambda: _records(',"smtp_port":"25","fetch_interval":"60"', 100_000),
    "many keys": _keys,
    "as many keys as may be": lambda: _keys(9_990),
    "many keys in some": lambda: ",".join([_keys(9_990)] * 100),
    "empty objects": lambda: ",".join(["{}"] * (BYTES // 3)),
    "empty lists": lambda: ",".join(["[]"] * (BYTES // 3)),
    "a list in a record": lambda: f'{{"id":1,"name":"New","x":[{",".join(["0"] * (BYTES // 2))}]}}',
}


@pytest.fixture(scope="module", params=LISTS)
def items(request: pytest.FixtureRequest) -> str:
    """The items of a huge list."""
    return LISTS[request.param]()


@pytest.mark.parametrize("task", TASKS)
def test_a_huge_list_ends_by_the_deadline(items: str, task: str) -> None:
    body = {"profile": f'{{"items":[{items}]}}', "settings": items}.get(task, f"[{items}]").encode()
    spec, options = TASKS[task]
    with HostileServer.start(lambda line: whole("{}" if "templates" in line else body)) as server:
        runner = Runner({"api_url": server.url, "access_token": "tok-1-2-3", "retries": 0, "deadline": DEADLINE})
        begun = time.thread_time()
        result = runner.run(spec, check_mode=True, **options)
        assert time.thread_time() - begun < LONGEST
        assert all(request.startswith(b"GET ") for request in server.received)
    assert result["failure"]["kind"] in ("answer", "input") if result.get("failed") else result["changed"]


@pytest.mark.parametrize("keep", [[], [f"*kept{number}*b*" for number in range(20)]], ids=["no patterns", "patterns"])
def test_work_after_the_check_of_a_huge_list_ends_by_the_deadline(keep: list[str]) -> None:
    fields = ',"email":"x@example.com","smtp_host":"h","smtp_port":25,"username":"u","password":"p"'
    body = f"[{_records(fields, 99_990)}]".encode()
    deadline = 1.0
    with HostileServer.start(lambda line: whole('{"email_templates":[]}' if "templates" in line else body)) as server:
        runner = Runner({"api_url": server.url, "access_token": "tok-1-2-3", "retries": 0, "deadline": deadline})
        # The reading of the list is given all the time it wants, so that the work after it finds none left.
        with mock.patch.object(Response, "go_on"), mock.patch.object(Session, "_seconds_for", return_value=60.0):
            begun = time.thread_time()
            result = runner.run(EMAIL_ACCOUNTS_SYNC, accounts=[NEW], prune=True, prune_limit="100%", prune_keep=keep)
            assert time.thread_time() - begun < LONGEST
        assert all(request.startswith(b"GET ") for request in server.received)
    assert result["failure"] == {"kind": "answer"}
    assert "before the deadline" in result["msg"]


def test_a_huge_list_is_looked_through_for_many_patterns_in_time() -> None:
    names = [f"account number {number}" for number in range(100_000)]
    patterns = [f"*kept{number}*b*" for number in range(20)]
    begun = time.thread_time()
    assert not any(is_kept([name, f"{name}@example.com"], patterns) for name in names)
    assert time.thread_time() - begun < 2.0
