# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions that show, measure or search, and are no part of the tests before each change."""

from __future__ import annotations

import nox

from tools.sessions.common import CACHE, NEWEST, enter_link_tree, run_pytest


def run_cases(session: nox.Session, program: str) -> None:
    """Run a program whose own processes carry out tasks of the collection, and look for it as for any package."""
    session.install("-r", NEWEST.lock)
    enter_link_tree(session)
    session.env["PYTHONPATH"] = str(CACHE)
    session.run("python", "-m", program, *session.posargs)


@nox.session
def demo(session: nox.Session) -> None:
    """Provision both products in the sandbox and show what arrives."""
    session.install("-r", NEWEST.lock)
    enter_link_tree(session)
    session.run("python", "-m", "tests.demo", *session.posargs)


@nox.session
def picture(session: nox.Session) -> None:
    """Draw docs/demo.svg, a picture of what the demo prints."""
    session.install("-r", NEWEST.lock)
    enter_link_tree(session)
    session.run("python", "tools/record_demo.py", *session.posargs)


@nox.session
def sandbox(session: nox.Session) -> None:
    """Run the sandbox until it is interrupted."""
    session.install("-r", NEWEST.lock)
    enter_link_tree(session)
    session.run("python", "-m", "tests.sandbox", *session.posargs)


@nox.session(python=NEWEST.python)
def bench(session: nox.Session) -> None:
    """Measure the collection beside its peers, and write docs/benchmarks.md."""
    session.install("-r", "requirements/bench.txt")
    enter_link_tree(session)
    session.run("python", "-m", "tests.bench", *session.posargs)


@nox.session(python=NEWEST.python)
def faults(session: nox.Session) -> None:
    """Play thousands of random cases under faults; goes on where it was left."""
    run_cases(session, "tests.faults")


@nox.session(python=NEWEST.python)
def grid(session: nox.Session) -> None:
    """Put every fault at every place of every task, where the tests before a change take a selection."""
    run_pytest(session, "tests/faults/test_grid.py", "--full-grid", lock=NEWEST.lock)


@nox.session(python=NEWEST.python)
def soak(session: nox.Session) -> None:
    """Run random playbooks under faults for half an hour, and watch memory, processes and sockets."""
    run_cases(session, "tests.faults.soak")


@nox.session(python=NEWEST.python)
def mutation(session: nox.Session) -> None:
    """Change the guards one operator at a time, and list the changes that no test notices and nobody explains."""
    session.install("-r", "requirements/mutation.txt")
    session.env["ANSIBLE_HOME"] = str(CACHE / "ansible")
    session.run("python", "-m", "tools.mutation", *session.posargs)
