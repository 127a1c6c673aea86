# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The warm interpreter is a Python that reads a program from its input, and knows no more of it than any other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from tests.warm_module import warm_interpreter

if TYPE_CHECKING:
    from pathlib import Path

TELL = """
import json, os, sys
known = ("ansible", "ansible_collections", "tests", "requests", "voluptuous")
print(json.dumps({
    "directory": os.getcwd(),
    "environment": dict(os.environ),
    "arguments": sys.argv,
    "python": sys.executable,
    "name": __name__,
    "known": [name for name in known if name in sys.modules],
}))
print("to the other one", file=sys.stderr)
"""
THREAD = """
import atexit, threading, time
def late():
    time.sleep(0.5)
    print("thread")
atexit.register(print, "at exit")
threading.Thread(target=late).start()
print("main")
"""


def run(
    program: str, directory: Path, *words: str, python: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Hand a program to the interpreter, or to another one."""
    return subprocess.run(
        [python or warm_interpreter(), *words],
        input=program,
        cwd=directory,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_directory_environment_and_outputs_are_those_it_is_given(tmp_path: Path) -> None:
    """As a Python that starts has them; it only knows the libraries already."""
    ended = run(TELL, tmp_path, SEEN="é = 1", LC_ALL="C.UTF-8")
    other = run(TELL, tmp_path, python=sys.executable, SEEN="é = 1", LC_ALL="C.UTF-8")
    reported, expected = (_reported(one.stdout) for one in (ended, other))
    assert reported.pop("known") == ["requests", "voluptuous"]
    assert expected.pop("known") == []
    assert reported == expected
    assert (ended.stderr, ended.returncode) == ("to the other one\n", 0)


def _reported(output: str) -> dict[str, Any]:
    """What the program reported, without the one word of its environment that shells of their own add."""
    reported: dict[str, Any] = json.loads(output)
    reported["environment"].pop("_", None)
    return reported


@pytest.mark.parametrize(
    ("program", "status"),
    [
        ("import sys; sys.exit(3)", 3),
        ("import sys; sys.exit()", 0),
        ("import sys; sys.exit('why')", 1),
        ("1 / 0", 1),
        ("not a program", 1),
        ("import os; os.kill(os.getpid(), 9)", 137),
    ],
)
def test_the_exit_status_is_the_programs(tmp_path: Path, program: str, status: int) -> None:
    ended = run(program, tmp_path)
    assert ended.returncode == status
    if status == 1:
        assert any(word in ended.stderr for word in ("why", "ZeroDivisionError", "SyntaxError"))


def test_threads_and_what_is_left_for_the_end_are_waited_for(tmp_path: Path) -> None:
    assert run(THREAD, tmp_path).stdout == "main\nthread\nat exit\n"


def test_one_program_knows_nothing_of_another(tmp_path: Path) -> None:
    run("import json, os; json.own = os.environ['LEFT'] = 'left'", tmp_path)
    assert run("import json, os; print(hasattr(json, 'own'), 'LEFT' in os.environ)", tmp_path).stdout == "False False\n"


def test_an_archive_is_what_runs(tmp_path: Path) -> None:
    """Its own text, though a file here has the same name."""
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        for folder in ("ansible", "ansible/module_utils"):
            archive.writestr(f"{folder}/__init__.py", "")
        archive.writestr("ansible/module_utils/basic.py", "print('packed')")
    program = "import sys; sys.path.insert(0, 'packed.zip'); import ansible.module_utils.basic"
    assert run(program, tmp_path).stdout == "packed\n"
    missing = run(f"{program}; import ansible.module_utils.urls", tmp_path)
    assert "ModuleNotFoundError: No module named 'ansible.module_utils.urls'" in missing.stderr


def test_what_is_not_read_from_the_input_or_starts_python_otherwise_gets_a_start_of_its_own(tmp_path: Path) -> None:
    known = "import sys; print('requests' in sys.modules)"
    (tmp_path / "program.py").write_text(known, encoding="utf-8")
    assert run("", tmp_path, "program.py").stdout == "False\n"
    assert run(known, tmp_path, PYTHONPATH=str(tmp_path)).stdout == "False\n"
    assert run(known, tmp_path).stdout == "True\n"
