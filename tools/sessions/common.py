# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the nox sessions share: the releases of ansible-core, the interpreters, and the folders to work in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nox

from tools.system_packages import FOR_MAIL

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
COLLECTION = CACHE / "ansible_collections" / "mailfleet" / "email"
# Where the tests leave which lines and branches they ran.
MEASURED = CACHE / "measured"
IN_CI = bool(os.environ.get("CI"))


def put_pyenv_interpreters_first() -> None:
    """Make nox and ansible-test find the interpreters themselves: pyenv's shims run the selected version only."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders = [str(folder) for folder in sorted(pyenv.glob("versions/3.*/bin"))]
    os.environ["PATH"] = os.pathsep.join([*folders, os.environ["PATH"]])


def has_python(version: str) -> bool:
    """Whether this machine has this version of Python."""
    return shutil.which(f"python{version}") is not None


@dataclass(frozen=True)
class Core:
    """A release of ansible-core that the collection supports.

    ``pythons`` are those to run the tests with, the first of them that this machine has. ``unit_pythons`` are those for
    ansible-test: the oldest that modules run on, the oldest that this release itself runs on, and the newest of both.
    ``where_here`` is for ansible-test too, where a machine has it, and missed by nobody.
    """

    version: str
    pythons: tuple[str, ...]
    unit_pythons: tuple[str, ...]
    lock: str
    where_here: tuple[str, ...] = ()

    @property
    def python(self) -> str:
        """The first suitable Python of this machine; where there is none, the one that nox should miss."""
        return next(filter(has_python, self.pythons), self.pythons[0])


# What runs on Python 3.14, too.
NEW_PYTHON = ("3.14",)
# The one list of what is supported.
CORES = (
    Core("2.16", ("3.11", "3.12"), unit_pythons=("3.9", "3.10", "3.12"), lock="requirements/oldest.txt"),
    Core("2.17", ("3.12", "3.11"), unit_pythons=("3.9", "3.10", "3.12"), lock="requirements/core-2.17.txt"),
    Core("2.18", ("3.12", "3.11"), unit_pythons=("3.9", "3.11", "3.13"), lock="requirements/core-2.18.txt"),
    Core("2.19", ("3.11", "3.12"), unit_pythons=("3.9", "3.11", "3.13"), lock="requirements/core-2.19.txt"),
    Core("2.20", ("3.12", "3.13", "3.14"), ("3.9", "3.12", "3.13"), "requirements/core-2.20.txt", NEW_PYTHON),
    Core("2.21", ("3.13", "3.12", "3.14"), ("3.9", "3.12", "3.13"), "requirements/newest.txt", NEW_PYTHON),
)
OLDEST, NEWEST = CORES[0], CORES[-1]

put_pyenv_interpreters_first()
# Compile once what every playbook and every module would compile again, whatever the machine's settings.
os.environ["UV_COMPILE_BYTECODE"] = "1"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def on_each(*cores: Core) -> Callable[[Any], Any]:
    """Let a session run once for each of these releases."""
    return nox.parametrize("python,core", [nox.param(core.python, core, id=f"core-{core.version}") for core in cores])


on_both_cores = on_each(OLDEST, NEWEST)


def enter_link_tree(session: nox.Session) -> None:
    """Work in the collection where Ansible looks for it: below ansible_collections/mailfleet/email."""
    session.run("python", "tools/link_tree.py", str(COLLECTION), silent=True)
    session.env["ANSIBLE_COLLECTIONS_PATH"] = str(CACHE)
    session.env["ANSIBLE_HOME"] = str(CACHE / "ansible")
    session.chdir(COLLECTION)


def run_pytest(session: nox.Session, *tests: str, lock: str, workers: int = 2) -> None:
    """Run these tests, or those that the session's arguments name, with what is locked there.

    Each of the ``workers`` of integration tests keeps a core busy; where tests wait for servers that are late, more of
    them do.
    """
    session.install("-r", lock)
    enter_link_tree(session)
    session.run("pytest", "-n", str(workers), "--durations=15", *(session.posargs or tests))


def measure(session: nox.Session, suite: str) -> None:
    """Let every Python that the session starts, also the modules' own, say which lines and branches it ran."""
    MEASURED.mkdir(parents=True, exist_ok=True)
    for old in MEASURED.glob(f"{suite}.*"):
        old.unlink()
    session.env["PROJECT_ROOT"] = str(ROOT)
    session.env["COVERAGE_FILE"] = str(MEASURED / suite)
    session.env["COVERAGE_PROCESS_START"] = str(ROOT / "pyproject.toml")


def lacking_for_mail() -> list[str]:
    """What this machine lacks to start real mail servers. Root starts them, and they go on as users of their own."""
    missing = [program.name for program in FOR_MAIL if not program.is_here]
    return missing if os.geteuid() == 0 else [*missing, "the rights of root"]


def failures(session: nox.Session, *commands: str) -> list[str]:
    """Run every command, also after one that failed, and return those that failed."""
    failed = []
    for command in commands:
        try:
            session.run(*command.split())
        except nox.command.CommandFailed:
            failed.append(command)
    return failed
