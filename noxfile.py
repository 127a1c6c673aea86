# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every check of the project as a nox session; the Makefile names the usual ones."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import nox

ROOT = Path(__file__).resolve().parent
CACHE = ROOT / ".cache"
COLLECTION = CACHE / "ansible_collections" / "mailfleet" / "email"

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"


def put_pyenv_interpreters_first() -> None:
    """Make nox and ansible-test find the interpreters themselves: pyenv's shims run the selected version only."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    folders = [str(folder) for folder in sorted(pyenv.glob("versions/3.*/bin"))]
    os.environ["PATH"] = os.pathsep.join([*folders, os.environ["PATH"]])


@dataclass(frozen=True)
class Core:
    """A release of ansible-core that the tests run on."""

    version: str
    pythons: tuple[str, ...]
    lock: str

    @property
    def python(self) -> str:
        """The first suitable Python of this machine; where there is none, the one that nox shall miss."""
        found = (python for python in self.pythons if shutil.which(f"python{python}"))
        return next(found, self.pythons[0])


put_pyenv_interpreters_first()
# Compile once what every playbook and every module would compile again, whatever the machine's settings.
os.environ["UV_COMPILE_BYTECODE"] = "1"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OLDEST = Core("2.16", pythons=("3.11", "3.12"), lock="requirements/oldest.txt")
NEWEST = Core("2.21", pythons=("3.13", "3.12", "3.14"), lock="requirements/newest.txt")
on_both_cores = nox.parametrize(
    "python,core", [nox.param(core.python, core, id=f"core-{core.version}") for core in (OLDEST, NEWEST)]
)


def enter_link_tree(session: nox.Session) -> None:
    """Work in the collection where Ansible looks for it: below ansible_collections/mailfleet/email."""
    session.run("python", "tools/link_tree.py", str(COLLECTION), silent=True)
    session.env["ANSIBLE_COLLECTIONS_PATH"] = str(CACHE)
    session.env["ANSIBLE_HOME"] = str(CACHE / "ansible")
    session.chdir(COLLECTION)


def run_pytest(session: nox.Session, core: Core, folder: str, *options: str) -> None:
    """Run the tests of one folder with one ansible-core."""
    session.install("-r", core.lock)
    enter_link_tree(session)
    # Two test processes at most: the integration tests start a sandbox and a playbook each.
    session.run("pytest", "-n", "2", *options, *(session.posargs or [folder]))


def run_cases(session: nox.Session, program: str) -> None:
    """Run a program whose own processes carry out tasks of the collection, and look for it as for any package."""
    session.install("-r", NEWEST.lock)
    enter_link_tree(session)
    session.env["PYTHONPATH"] = str(CACHE)
    session.run("python", "-m", program, *session.posargs)


def failures(session: nox.Session, *commands: str) -> list[str]:
    """Run every command, also after one that failed, and return those that failed."""
    failed = []
    for command in commands:
        try:
            session.run(*command.split())
        except nox.command.CommandFailed:
            failed.append(command)
    return failed


@nox.session
def lint(session: nox.Session) -> None:
    """Run every linter, so that one run shows all there is to mend."""
    session.install("-r", "requirements/lint.txt")
    session.env["RUFF_CACHE_DIR"] = str(CACHE / "ruff")
    enter_link_tree(session)
    failed = failures(session, "mypy")
    # The others do not need the collection's full name, and antsibull-docs sees nothing through links.
    session.chdir(ROOT)
    failed += failures(
        session,
        "ruff check .",
        "ruff format --check .",
        "yamllint --strict .",
        "codespell",
        "reuse lint --lines",
        "antsibull-changelog lint",
        "antsibull-docs lint-collection-docs --plugin-docs --disallow-unknown-collection-refs .",
        "ansible-lint --strict",
    )
    if failed:
        session.error(f"failed: {'; '.join(failed)}")


@nox.session
@on_both_cores
def unit(session: nox.Session, core: Core) -> None:
    """Run the unit tests."""
    coverage = ["--cov", "--cov-report=term:skip-covered"] if core is NEWEST and not session.posargs else []
    run_pytest(session, core, "tests/unit", *coverage)


@nox.session
@on_both_cores
def integration(session: nox.Session, core: Core) -> None:
    """Run real playbooks against the sandbox."""
    run_pytest(session, core, "tests/integration")


@nox.session(python=NEWEST.python)
def browser(session: nox.Session) -> None:
    """Read the report as its readers do: in Chromium, with GitHub's Markdown parser, with schemas."""
    if not CHROMIUM:
        (session.error if os.environ.get("CI") else session.skip)("no Chromium was found on this machine")
    session.install("-r", "requirements/browser.txt")
    enter_link_tree(session)
    session.run("pytest", "-n", "2", *(session.posargs or ["tests/browser"]))


@nox.session
@on_both_cores
def fault_tests(session: nox.Session, core: Core) -> None:
    """Run the tests under faults; on the oldest core those of signals, of channels and of the HTTP library."""
    if core is NEWEST:
        run_pytest(session, core, "tests/faults")
        return
    hostile = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/faults/test_hostile*.py"))
    run_pytest(session, core, "tests/faults/test_killed.py", "tests/faults/test_channels.py", *hostile)


@nox.session(python=NEWEST.python)
def faults(session: nox.Session) -> None:
    """Play thousands of random cases under faults; goes on where it was left."""
    run_cases(session, "tests.faults")


@nox.session(python=NEWEST.python)
def mutation(session: nox.Session) -> None:
    """Change the guards one operator at a time, and list the changes that no test notices and nobody explains."""
    session.install("-r", "requirements/mutation.txt")
    session.env["ANSIBLE_HOME"] = str(CACHE / "ansible")
    session.run("python", "tools/mutation.py", *session.posargs)


@nox.session(python=NEWEST.python)
def soak(session: nox.Session) -> None:
    """Run random playbooks under faults for half an hour, and watch memory, processes and sockets."""
    run_cases(session, "tests.faults.soak")


@nox.session
def molecule(session: nox.Session) -> None:
    """Run every molecule scenario."""
    session.install("-r", "requirements/molecule.txt")
    enter_link_tree(session)
    session.run("molecule", "test", *(session.posargs or ["--all"]))


@nox.session
@on_both_cores
def sanity(session: nox.Session, core: Core) -> None:
    """Run ansible-test sanity in a copy of what the collection ships, since ansible-test refuses links."""
    session.install("-c", core.lock, "ansible-core", "pip")
    session.run("python", "tools/sanity.py", *session.posargs)


@nox.session
def demo(session: nox.Session) -> None:
    """Provision both products in the sandbox and show what arrives."""
    session.install("-r", "requirements/newest.txt")
    enter_link_tree(session)
    session.run("python", "-m", "tests.demo", *session.posargs)


@nox.session
def sandbox(session: nox.Session) -> None:
    """Run the sandbox until it is interrupted."""
    session.install("-r", "requirements/newest.txt")
    enter_link_tree(session)
    session.run("python", "-m", "tests.sandbox", *session.posargs)


@nox.session(python=NEWEST.python)
def bench(session: nox.Session) -> None:
    """Measure the collection beside its peers, and write docs/benchmarks.md."""
    session.install("-r", "requirements/bench.txt")
    enter_link_tree(session)
    session.run("python", "-m", "tests.bench", *session.posargs)


@nox.session(venv_backend="none")
def lock(session: nox.Session) -> None:
    """Resolve the requirements again, each for every Python and platform at once."""
    options = "--universal --python-version=3.11 --upgrade --quiet --no-annotate --no-header --no-emit-index-url"
    for name in ("bench", "browser", "lint", "molecule", "mutation", "newest", "nox", "oldest"):
        files = [f"--output-file=requirements/{name}.txt", f"requirements/{name}.in"]
        session.run(sys.executable, "-m", "uv", "pip", "compile", *options.split(), *files)


@nox.session(venv_backend="none")
def not_run(session: nox.Session) -> None:
    """Say in plain words what this machine could not run."""
    for core in (OLDEST, NEWEST):
        if not shutil.which(f"python{core.python}"):
            session.warn(
                f"NOT RUN with ansible-core {core.version}: unit, integration and sanity. "
                f"No Python {' or '.join(core.pythons)} was found on this machine."
            )
    if not CHROMIUM:
        session.warn("NOT RUN: browser. No Chromium was found on this machine.")
