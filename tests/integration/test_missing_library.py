# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Python without one of the libraries that the modules need: the task says which, and how to help."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.integration import calls
from tests.integration.playbook import Task

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import Playbook


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a virtual environment in which nothing is installed."""
    environment = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    return environment / "bin" / "python"


@pytest.mark.parametrize(("installed", "missing"), [([], "requests"), (["requests"], "voluptuous")])
def test_missing_library_is_named(
    playbook: Playbook, bare_python: Path, tmp_path: Path, installed: list[str], missing: str
) -> None:
    for library in installed:
        (tmp_path / f"{library}.py").touch()
    keywords = {
        "environment": {"PYTHONPATH": str(tmp_path)},
        "vars": {"ansible_python_interpreter": str(bare_python)},
    }
    tasks = [Task(task.name, task.module, task.arguments, keywords=keywords) for task in calls.ALL]
    run = playbook.run(tasks)
    for task in tasks:
        outcome = run[task.name]
        assert outcome.failed
        assert f"Failed to import the required Python library ({missing})" in outcome.returned["msg"]
        assert str(bare_python) in outcome.returned["msg"]
        assert outcome.requests == []


def test_library_that_one_module_needs_is_named(playbook: Playbook, bare_python: Path, tmp_path: Path) -> None:
    for library in ("requests", "voluptuous"):
        (tmp_path / f"{library}.py").touch()
    keywords = {
        "environment": {"PYTHONPATH": str(tmp_path)},
        "vars": {"ansible_python_interpreter": str(bare_python)},
    }
    run = playbook.run([Task("look", "email_delivery_info", {"host": "localhost"}, keywords=keywords)])
    assert "Failed to import the required Python library (IMAPClient)" in run["look"].returned["msg"]
