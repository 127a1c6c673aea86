# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a module's work is done: in Ansible's own process, or in a process of its own as always."""

# Coverage is measured over these.
from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration import calls
from tests.integration.playbook import Task
from tests.integration.records import DOMAIN, account, settings

if TYPE_CHECKING:
    from tests.integration.playbook import Playbook, Run

# Ansible then leaves behind what it puts together to start a module.
KEEP = {"ANSIBLE_KEEP_REMOTE_FILES": "true"}
INFO = "email_account_info"
SYNC = [
    Task("email_accounts_sync", "email_accounts_sync", {"accounts": [account()]}),
    Task("email_settings_sync", "email_settings_sync", {"settings": [{"domain": DOMAIN, **settings()}]}),
]


def _modules_run(run: Run) -> list[str]:
    """The modules for which a process was made, in alphabetical order."""
    return sorted(file.stem.removeprefix("AnsiballZ_") for file in run.directory.rglob("AnsiballZ_*.py"))


def test_in_process(playbook: Playbook) -> None:
    """All modules, and whatever does not change where a task runs."""
    same_python = {"ansible_python_interpreter": sys.executable}
    keywords: dict[str, dict[str, Any]] = {
        "delegated": {"delegate_to": "localhost"},
        "delegated to the implicit one": {"delegate_to": "127.0.0.1", "vars": {"ansible_connection": "local"}},
        "become: false": {"become": False},
        "check mode": {"check_mode": True},
        "empty environment": {"environment": {}},
        "own interpreter": {"vars": same_python},
        "no interpreter chosen": {"vars": {"ansible_python_interpreter": "auto_silent"}},
        "interpreter from a template": {"vars": {"own": sys.executable, "ansible_python_interpreter": "{{ own }}"}},
        "switched on": {"vars": {"mailfleet_in_process": True}},
        "switched on by a template": {"vars": {"way": "yes", "mailfleet_in_process": "{{ way }}"}},
    }
    tasks = [*calls.ALL, *SYNC, *(Task(name, INFO, keywords=words) for name, words in keywords.items())]
    run = playbook.run(tasks, environment=KEEP)
    for task in tasks:
        assert run[task.name].requests, f"{task.name}: {run[task.name].returned}"
    for name in keywords:
        run.succeeded(name)
    assert _modules_run(run) == []


def test_as_a_module(playbook: Playbook, tmp_path: Path) -> None:
    """Whenever the task would not run here, with this Python and in this environment. It works all the same."""
    other_python = tmp_path / "python"
    other_python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', encoding="utf-8")
    # It runs the command, which is its last argument, here: to Ansible that is a remote host.
    ssh = tmp_path / "ssh"
    ssh.write_text('#!/bin/sh\nfor command; do :; done\nexec sh -c "$command"\n', encoding="utf-8")
    for program in (other_python, ssh):
        program.chmod(0o755)
    remote = {"ansible_connection": "ssh", "ansible_ssh_executable": str(ssh), "ansible_ssh_transfer_method": "piped"}
    keywords: dict[str, dict[str, Any]] = {
        "become": {"become": True, "become_method": "su", "become_flags": ""},
        "environment": {"environment": {"LANGUAGE": "pt"}},
        "other interpreter": {"vars": {"ansible_python_interpreter": str(other_python)}},
        "remote": {"vars": remote},
        "switched off": {"vars": {"mailfleet_in_process": False}},
        "switched off by a template": {"vars": {"way": "no", "mailfleet_in_process": "{{ way }}"}},
    }
    run = playbook.run([Task(name, INFO, keywords=words) for name, words in keywords.items()], environment=KEEP)
    for name in keywords:
        assert run.succeeded(name).calls == ["GET /api/email/accounts"]
    assert _modules_run(run) == [INFO] * len(keywords)


def test_all_modules_with_the_environment_s_switch(playbook: Playbook) -> None:
    tasks = [*calls.ALL, *SYNC]
    run = playbook.run(tasks, environment={**KEEP, "MAILFLEET_IN_PROCESS": "no"})
    assert _modules_run(run) == sorted(task.module for task in tasks)


def test_the_variable_beats_the_environment(playbook: Playbook) -> None:
    on = {"vars": {"mailfleet_in_process": True}}
    run = playbook.run([Task("read", INFO, keywords=on)], environment={**KEEP, "MAILFLEET_IN_PROCESS": "false"})
    run.succeeded("read")
    assert _modules_run(run) == []


def test_async(playbook: Playbook, tmp_path: Path) -> None:
    """The task goes on by itself, and its result is asked for."""
    # Ansible and its wrapper do not agree on the usual place where HOME is another one.
    background = {"async": 30, "poll": 1, "vars": {"ansible_async_dir": str(tmp_path)}}
    run = playbook.run([Task("read", INFO, keywords=background)], environment=KEEP)
    assert run.succeeded("read").calls == ["GET /api/email/accounts"]
    assert INFO in str(sorted(run.directory.rglob("AnsiballZ_*.py")))


@pytest.mark.parametrize("library", ["requests", "voluptuous"])
def test_missing_library(playbook: Playbook, tmp_path: Path, library: str) -> None:
    """The module is asked, which knows the words for it."""
    (tmp_path / f"{library}.py").write_text("raise ImportError('not here')\n", encoding="utf-8")
    environment = {**KEEP, "PYTHONPATH": str(tmp_path)}
    run = playbook.run([Task("read", INFO)], environment=environment)
    assert run["read"].failed
    assert f"Failed to import the required Python library ({library})" in run["read"].returned["msg"]
    assert _modules_run(run) == [INFO]
