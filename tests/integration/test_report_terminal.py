# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan on the terminal of real runs."""

from __future__ import annotations

import os
import pty
import subprocess
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from tests.integration.playbook import Playbook, Task
from tests.integration.records import account
from tests.integration.reporting import ENABLED, plan_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RUN = subprocess.run
ACCOUNTS = {
    "accounts": [
        {"name": "Certificates", "smtp_port": 587, "password": "next-password"},
        {"name": "New", "email": "new@example.com", "default": False, "service": "other", "has_auth": False},
        {"name": "Old", "state": "absent"},
    ]
}
LIVE = [account(), account(name="Old", email="old@example.com")]
PLAN = [
    "  ~ email_account Certificates",
    "      ~ password  = <secret: current> -> <secret: new>",
    "      ~ smtp_port = 465 -> 587",
    "  + email_account New",
    "      + default  = false",
    '      + email    = "new@example.com"',
    "      + has_auth = false",
    '      + name     = "New"',
    '      + service  = "other"',
    "  - email_account Old",
]


def test_the_plan_shows_while_the_playbook_runs(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts(LIVE)
    run = playbook.run(
        [Task("plan", "email_accounts_sync", ACCOUNTS, check=True), Task("next", "email_account_info")],
        environment=ENABLED,
    )
    plan = plan_of(run.output)
    assert plan[: len(PLAN)] == PLAN
    assert plan[-1] == "Plan: 1 to create, 1 to update, 1 to delete."
    assert run.output.index(PLAN[0]) < run.output.index("TASK [next]")
    assert run.output.rstrip().endswith(plan[-1])


def test_what_was_applied_reads_as_past(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts(LIVE)
    run = playbook.run([Task("apply", "email_accounts_sync", ACCOUNTS)], environment=ENABLED)
    assert plan_of(run.output)[: len(PLAN)] == PLAN
    assert plan_of(run.output)[-1] == "Done: 1 created, 1 updated, 1 deleted."


def test_where_nothing_changes_the_totals_are_all(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts(LIVE)
    run = playbook.run([Task("plan", "email_account", {"name": "Old"}, check=True)], environment=ENABLED)
    assert plan_of(run.output) == ["Plan: 0 to create, 0 to update, 0 to delete.", "1 record unchanged."]


def test_a_loop_has_one_heading(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts(LIVE)
    loop = {"loop": ["Old", "Certificates"]}
    task = Task("loop", "email_account", {"name": "{{ item }}", "smtp_port": 587}, check=True, keywords=loop)
    output = playbook.run([task], environment=ENABLED).output
    assert output.count("localhost: iTFLEX ") == 1
    assert output.count("      ~ smtp_port = 465 -> 587") == 2


def test_what_a_server_sends_does_not_reach_the_terminal_raw(playbook: Playbook) -> None:
    evil = "\x1b[2J\x07\u202e"
    playbook.sandbox.add_accounts(
        [account(email=f"{evil}@example.com"), account(name=f"{evil}name", email="e@example.com")]
    )
    task = {"accounts": [{"name": "Certificates", "email": "h@example.com"}], "prune": True, "prune_limit": "100%"}
    run = playbook.run([Task("plan", "email_accounts_sync", task, check=True)], environment=ENABLED)
    assert r'      ~ email = "\\x1b[2J\\x07\\u202e@example.com" -> "h@example.com"' in run.output
    assert r"  - email_account \x1b[2J\x07\u202ename" in run.output
    assert not set(evil[:1] + evil[-1]) & set("".join(plan_of(run.output)))


def _run_on_a_terminal(command: Any, **options: Any) -> Any:
    """What `subprocess.run` does, but that the command's output goes to a terminal on its way."""
    reader, writer = pty.openpty()
    output = bytearray()

    def read() -> None:
        # Linux says by an error that the other end is closed.
        with suppress(OSError):
            while True:
                output.extend(os.read(reader, 65536))

    thread = Thread(target=read)
    thread.start()
    try:
        finished = RUN(command, **{**options, "text": False, "stdout": writer, "stderr": writer})
    finally:
        os.close(writer)
        thread.join()
        os.close(reader)
    finished.stdout = output.decode().replace("\r\n", "\n")
    return finished


@pytest.mark.parametrize(
    ("environment", "on_terminal", "coloured"),
    [({}, True, True), ({"NO_COLOR": "1"}, True, False), ({}, False, False)],
    ids=["terminal", "NO_COLOR", "pipe"],
)
def test_colours(
    playbook: Playbook, tmp_path: Path, environment: Mapping[str, str], on_terminal: bool, coloured: bool
) -> None:
    playbook.sandbox.add_accounts(LIVE)
    # The tests' own settings say no colour, and Ansible looks at the terminal's kind.
    settings = {**ENABLED, "ANSIBLE_NOCOLOR": "0", "TERM": "xterm", **environment}
    task = Task("plan", "email_accounts_sync", ACCOUNTS, check=True)
    if environment:
        del settings["ANSIBLE_NOCOLOR"]
    # What is forked by another process than this one gets no terminal.
    playbook = Playbook(tmp_path, playbook.sandbox, warm=False)
    with mock.patch.object(subprocess, "run", _run_on_a_terminal if on_terminal else RUN):
        run = playbook.run([task], environment=settings)
    assert ("\x1b[" in run.output) is coloured
    for line in PLAN:
        assert any(line in shown for shown in run.output.splitlines())
