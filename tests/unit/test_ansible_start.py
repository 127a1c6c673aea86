# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs of ansible-core begin again where ansible-core gives up a start, and nowhere else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from tempfile import gettempdir

import ansible
import pytest

from tests.ansible_start import MOST_STARTS, PROGRAMS, ansible_command, write_programs

# Stands in the place of ansible-core, and gives up, as the file "gives_up" says, so many starts.
STAND_IN = {
    "ansible/__init__.py": "",
    "ansible/_internal/__init__.py": "",
    "ansible/_internal/_rpc_host.py": """
import pathlib

class LocalManager:
    @classmethod
    def shared_instance(cls):
        starts = pathlib.Path("starts")
        starts.write_text(starts.read_text() + ".")
        if len(starts.read_text()) <= int(pathlib.Path("gives_up").read_text()):
            raise TimeoutError("Local RPC server did not start.")
""",
    "ansible/cli/__init__.py": "",
    "ansible/cli/playbook.py": """
import atexit, pathlib, sys
from ansible._internal import _rpc_host

def main():
    temporary = pathlib.Path("temporary")
    temporary.mkdir()
    atexit.register(temporary.rmdir)
    try:
        _rpc_host.LocalManager.shared_instance()
        print("run", *sys.argv[1:])
        raise EXCEPTION
    except Exception as error:
        sys.exit(f"Unexpected Exception, this is probably a bug: {error}")
""",
}
# The real one, of which the thread seems not to begin in the first two starts.
SLOW = """
import pathlib
try:
    from ansible._internal import _rpc_host
except ImportError:
    pass
else:
    starts = pathlib.Path("starts")
    starts.write_text(starts.read_text() + ".")
    if len(starts.read_text()) <= 2:
        _rpc_host._server_ready.wait = lambda seconds: False
"""
PLAY = '[{"hosts": "all", "gather_facts": false, "tasks": [{"ansible.builtin.debug": {"msg": "has run"}}]}]'


def run(directory: Path, *words: str, tmpdir: str = gettempdir()) -> subprocess.CompletedProcess[str]:
    """Run a command in a directory whose Python files are found first."""
    (directory / "starts").touch()
    environment = {**os.environ, "PYTHONPATH": str(directory), "TMPDIR": tmpdir}
    return subprocess.run(words, cwd=directory, env=environment, capture_output=True, text=True, check=False)


def stand_in(directory: Path, *, gives_up: int, error: str = "SystemExit(3)") -> Path:
    """Write a stand-in that gives up so many starts, and raises this where it has run."""
    for name, text in STAND_IN.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("EXCEPTION", error), encoding="utf-8")
    (directory / "gives_up").write_text(str(gives_up), encoding="utf-8")
    return directory


def starts(directory: Path) -> int:
    """How many starts there were."""
    return len((directory / "starts").read_text(encoding="utf-8"))


@pytest.mark.parametrize("gives_up", [0, 1, MOST_STARTS - 1])
def test_a_start_that_was_given_up_is_made_again(tmp_path: Path, gives_up: int) -> None:
    ended = run(stand_in(tmp_path, gives_up=gives_up), *ansible_command("ansible-playbook", "play book.yml", "-v"))
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "run play book.yml -v\n", "")
    assert starts(tmp_path) == gives_up + 1


def test_the_last_start_says_what_ansible_says(tmp_path: Path) -> None:
    ended = run(stand_in(tmp_path, gives_up=100), *ansible_command("ansible-playbook", "playbook.yml"))
    assert ended.returncode == 1
    assert ended.stderr == "Unexpected Exception, this is probably a bug: Local RPC server did not start.\n"
    assert starts(tmp_path) == MOST_STARTS
    assert not (tmp_path / "temporary").exists()


@pytest.mark.parametrize("error", ["ValueError('Wrong')", "TimeoutError('Local RPC server did not start.')"])
def test_what_goes_wrong_later_is_not_run_again(tmp_path: Path, error: str) -> None:
    ended = run(stand_in(tmp_path, gives_up=0, error=error), *ansible_command("ansible-playbook", "playbook.yml"))
    assert (ended.returncode, ended.stdout) == (1, "run playbook.yml\n")
    assert starts(tmp_path) == 1


def test_a_socket_that_cannot_be_is_reported(tmp_path: Path) -> None:
    """Otherwise ansible-core would wait for it, and then say nothing else than that it has waited."""
    directory = tmp_path / ("long" * 25)
    directory.mkdir()
    command = ansible_command("ansible-playbook", "playbook.yml")
    ended = run(stand_in(tmp_path, gives_up=0), *command, tmpdir=str(directory))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f"no socket can lie below {directory}" in ended.stderr


def test_a_shell_finds_the_programs_by_name(tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    write_programs(programs)
    script = f"PATH={programs}:$PATH; ansible-playbook 'play book.yml'; echo $?"
    ended = run(stand_in(tmp_path, gives_up=2), "bash", "-c", script)
    assert (ended.stdout, ended.stderr) == ("run play book.yml\n3\n", "")
    assert starts(tmp_path) == 3
    for name in PROGRAMS:
        assert os.access(programs / name, os.X_OK)


def test_the_real_one(tmp_path: Path) -> None:
    """Also one that does not have the thread yet, which runs at once."""
    (tmp_path / "sitecustomize.py").write_text(SLOW, encoding="utf-8")
    (tmp_path / "playbook.json").write_text(PLAY, encoding="utf-8")
    words = ("--inventory=localhost,", "--connection=local", "playbook.json")
    ended = run(tmp_path, *ansible_command("ansible-playbook", *words))
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("PLAY [all]") == 1
    assert "ok=1 " in ended.stdout
    has_the_thread = Path(ansible.__file__).with_name("_internal").joinpath("_rpc_host.py").exists()
    assert starts(tmp_path) == (3 if has_the_thread else 0)
