# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task's own `timeout`: the task ends then, and begins nothing after it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import Task
from tests.integration.records import account, settings

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

LIMIT = 3
# Ansible's own start and end, on a busy machine.
_AROUND = 12
_ACCOUNTS = [account(name=f"New {number}", default=False) for number in range(40)]
_SETTINGS = [{"domain": f"new{number}.example.com", **settings()} for number in range(40)]
_PROFILES = [{"name": f"New {number}", "schema": {"name": "Tickets"}} for number in range(40)]
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "accounts": ("email_accounts_sync", {"accounts": _ACCOUNTS}),
    "accounts one by one": ("email_accounts_sync", {"accounts": _ACCOUNTS, "concurrency": 1}),
    "settings": ("email_settings_sync", {"settings": _SETTINGS}),
    "profiles": ("email_profiles_sync", {"profiles": _PROFILES}),
    "account": ("email_account", account(name="New")),
    "all of a host": ("host_sync", {}),
}
# The first kind ends in time, so that the limit falls into the work for another one.
_OF_HOST = {"email_accounts": _ACCOUNTS, "email_settings": _SETTINGS[:1], "email_profiles": _PROFILES}


# Each costs ten seconds of waiting, and a server that hangs is the same for all in the end.
CASES = [
    *(("slow", name, "action") for name in TASKS),
    *(("stuck", name, "module") for name in ("accounts one by one", "profiles")),
    ("slow", "settings", "module"),
    ("stuck", "settings", "action"),
]


@pytest.mark.parametrize(("fault", "name", "spec"), CASES)
def test_a_task_ends_at_its_own_limit(playbook: Playbook, fault: str, name: str, spec: ModuleSpec) -> None:
    sandbox = playbook.sandbox
    sandbox.webitel_cloud.add_schema("Tickets")
    # One account takes two requests, which must be longer than the limit together.
    slow = 2_000 if name == "account" else 900
    sandbox.traps(delay_ms=slow if fault == "slow" else 60_000)
    module, arguments = TASKS[name]
    variables = {
        f"{group.rpartition('.')[2]}_{option}": value
        for group, options in playbook.defaults.items()
        for option, value in options.items()
    }
    begun = time.monotonic()
    task = Task(name, module, arguments, keywords={"timeout": LIMIT})
    run = playbook.run([task], spec=spec, variables={**variables, **_OF_HOST} if module == "host_sync" else None)
    ended = time.monotonic()
    assert run[name].failed
    assert "time frame" in run.output or "timed out" in run.output.lower() or "timeout" in run.output.lower()
    assert ended - begun < LIMIT + _AROUND
    # A request is noted when its answer is due; what was begun in time may come yet.
    time.sleep(2)
    sent = len(sandbox.requests())
    time.sleep(3)
    assert len(sandbox.requests()) == sent
