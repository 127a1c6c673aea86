# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run an action plugin with Ansible's own objects around it, and without a playbook."""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar

from tests.unit.collection import NAME

Result = dict[str, Any]


def action(name: str, arguments: Result, variables: Result | None = None, **keywords: Any) -> Any:
    """An action plugin that is about to run a task with these arguments and keywords on the controller."""
    loader = DataLoader()
    task = Task()
    task.action, task.args = f"mailfleet.email.{name}", arguments
    for keyword, value in {"check_mode": False, "diff": False, "async_val": 0, **keywords}.items():
        setattr(task, keyword, value)
    connection = SimpleNamespace(transport="local", become=None, _shell=SimpleNamespace(tmpdir="/nowhere"))
    templar = Templar(loader=loader, variables=variables or {})
    plugin = importlib.import_module(f"{NAME}.plugins.action.{name}").ActionModule
    made = plugin(task, connection, PlayContext(), loader, templar, SimpleNamespace())
    # As the loader of plugins does.
    made._load_name = task.action
    return made


def run(name: str, arguments: Result, variables: Result | None = None, **keywords: Any) -> Result:
    """The result of a task."""
    result: Result = action(name, arguments, variables, **keywords).run(task_vars=variables or {})
    return result
