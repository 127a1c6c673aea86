# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A warm start is a start: the program has its own settings, and nothing was imported that could read them before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.warm_kept import kept
from tests.warm_start import WarmStart, run_ansible

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.debug:
        msg:
          - "{{ lookup('env', 'SAID') }} in {{ lookup('pipe', 'pwd') }}"
          - "{{ lookup('config', 'DEFAULT_LOCAL_TMP') }}"
    - ansible.builtin.command: sleep {{ seconds }}
"""
IMPORTED = """
import sys
from tests.warm_start import import_libraries

import_libraries()
known = ("ansible.constants", "ansible.utils.display", "ansible_collections")
print([name for name in known if name in sys.modules], "jinja2" in sys.modules)
"""


@pytest.fixture
def warm() -> Iterator[WarmStart]:
    started = WarmStart()
    yield started
    started.close()


def words(directory: Path, seconds: float = 0, inventory: str = "localhost,") -> list[str]:
    (directory / "playbook.yml").write_text(PLAY, encoding="utf-8")
    return ["ansible-playbook", "-c", "local", "-i", inventory, "-e", f"seconds={seconds}", "playbook.yml"]


def settings(directory: Path, said: str) -> dict[str, str]:
    return {**os.environ, "ANSIBLE_HOME": str(directory / "home"), "SAID": said}


def test_each_run_has_its_own_directory_environment_and_settings(warm: WarmStart, tmp_path: Path) -> None:
    for name in ("first", "second"):
        directory = tmp_path / name
        directory.mkdir()
        ended = warm.run(words(directory), settings(directory, name), directory, 60)
        assert f'"{name} in {directory}",' in ended.stdout
        assert f'"{directory}/home/tmp/ansible-local-' in ended.stdout
        assert ended.returncode == 0
        # What ansible-core removes at its end is gone.
        assert list((directory / "home" / "tmp").iterdir()) == []


def test_a_module_is_packed_once_and_does_in_each_run_what_that_gives_it(warm: WarmStart, tmp_path: Path) -> None:
    packed = []
    for name in ("first", "second"):
        play = [{"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.tempfile": {"suffix": name}}]}]
        (tmp_path / "playbook.yml").write_text(json.dumps(play), encoding="utf-8")
        inventory = ["-i", "localhost,", "-e", f"ansible_python_interpreter={sys.executable}"]
        command = ["ansible-playbook", "-v", "-c", "local", *inventory, "playbook.yml"]
        ended = warm.run(command, settings(tmp_path, name), tmp_path, 60)
        assert ended.returncode == 0
        assert f'{name}"' in ended.stdout
        packed.append({file.name: file.stat().st_mtime_ns for file in Path(warm.packed.name).iterdir()})
    assert "tempfile" in str(packed[0])
    assert packed[0] == packed[1]


def test_what_is_made_of_the_same_is_made_once(tmp_path: Path) -> None:
    made = []

    def doubled(text: str, *, times: int = 2) -> str:
        made.append(text)
        return text * times

    for double in (kept(doubled, tmp_path), kept(doubled, tmp_path)):
        assert [double("a"), double("b"), double("a", times=3), double("a")] == ["aa", "bb", "aaa", "aa"]
    assert made == ["a", "b", "a"]


def test_the_exit_status_is_the_programs(warm: WarmStart, tmp_path: Path) -> None:
    ended = warm.run([*words(tmp_path), "missing.yml"], settings(tmp_path, ""), tmp_path, 60)
    assert ended.returncode == 1
    assert "missing.yml could not be found" in ended.stdout


def test_what_takes_too_long_is_killed(warm: WarmStart, tmp_path: Path) -> None:
    environment = settings(tmp_path, "late")
    with pytest.raises(subprocess.TimeoutExpired):
        warm.run(words(tmp_path, seconds=300), environment, tmp_path, 4)
    assert not [one for one in psutil.process_iter(["cmdline", "cwd"]) if _is_below(one, tmp_path)]


def _is_below(process: psutil.Process, directory: Path) -> bool:
    return process.info["cwd"] == str(directory) and "ansible-playbook" in (process.info["cmdline"] or [])


def test_it_ends_with_the_one_that_started_it() -> None:
    warm = WarmStart()
    warm.close()
    assert not [child for child in psutil.Process().children() if "tests.warm_start" in child.cmdline()]


def test_nothing_is_imported_that_reads_settings_or_belongs_to_the_collection() -> None:
    command = [sys.executable, "-c", IMPORTED]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "[] True\n"


@pytest.mark.parametrize("variable", ["PYTHONPATH", "PYTHONWARNINGS"])
def test_what_python_reads_at_its_start_gets_a_start_of_its_own(tmp_path: Path, variable: str) -> None:
    value = {"PYTHONPATH": str(tmp_path), "PYTHONWARNINGS": "error::DeprecationWarning:never"}[variable]
    (tmp_path / "sitecustomize.py").write_text("print('customized')", encoding="utf-8")
    ended = run_ansible(["ansible", "--version"], {**os.environ, variable: value}, tmp_path, 60)
    assert ended.returncode == 0
    assert ("customized" in ended.stdout) == (variable == "PYTHONPATH")
