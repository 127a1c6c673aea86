# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions that test what the collection does."""

from __future__ import annotations

import os

import nox

from tests.ansible_start import write_programs
from tools.sessions.common import (
    CACHE,
    IN_CI,
    MEASURED,
    NEWEST,
    ROOT,
    Core,
    enter_link_tree,
    lacking_for_mail,
    measure,
    on_both_cores,
    run_pytest,
)
from tools.system_packages import CHROMIUM, advice

# The vendor's own client, as it was published last.
ITFLEX_SDK = "itflex-sdk==0.0.2"
# How many test processes keep two cores busy where most tests wait for a server that is late.
WAITING = 4
# What the files of tests say that coverage is measured over.
MEASURES = "# Coverage is measured over these.\n"
# To measure takes much time, since every process that a playbook starts writes down what it ran. These are enough to
# know: the tests of the plugins' code, and those that run every module, in Ansible's process and in one of its own.
TO_MEASURE = {
    "unit": ["tests/unit/plugins"],
    "integration": [
        str(path.relative_to(ROOT))
        for path in sorted(ROOT.glob("tests/integration/test_*.py"))
        if MEASURES in path.read_text(encoding="utf-8")
    ],
}
# On the oldest core, what depends on the release most: that modules, roles, report and the two ways of a task work with
# it. `make matrix` runs everything on every release.
ON_OLDEST = [
    f"tests/integration/test_{name}.py"
    for name in (
        "completeness",
        "controller_modules",
        "email_account",
        "email_accounts_sync",
        "email_settings",
        "examples",
        "gitops_role",
        "in_process",
        "in_process_variables",
        "loops",
        "missing_library",
        "parity",
        "report",
    )
]


@nox.session
@on_both_cores
def unit(session: nox.Session, core: Core) -> None:
    """Run the unit tests; on the oldest core those of the plugins."""
    if core is NEWEST and not session.posargs:
        run_partly_measured(session, "unit", workers=WAITING)
    else:
        run_pytest(session, "tests/unit/plugins", lock=core.lock, workers=WAITING)


@nox.session
@on_both_cores
def integration(session: nox.Session, core: Core) -> None:
    """Run real playbooks against the sandbox; on the oldest core some of them."""
    if core is NEWEST and not session.posargs:
        run_partly_measured(session, "integration", workers=2)
    else:
        run_pytest(session, *ON_OLDEST, lock=core.lock)


def run_partly_measured(session: nox.Session, suite: str, workers: int) -> None:
    """Run a suite on the newest core; part of it says which lines and branches it took."""
    to_measure = TO_MEASURE[suite]
    others = [f"--ignore={path}" for path in to_measure]
    run_pytest(session, f"tests/{suite}", *others, lock=NEWEST.lock, workers=workers)
    measure(session, suite)
    session.run("pytest", "-n", str(workers), "--durations=15", *to_measure)


@nox.session(python=NEWEST.python)
def coverage(session: nox.Session) -> None:
    """Report which branches of the plugins no unit and no integration test took; 95 of 100 must be."""
    session.install("-c", NEWEST.lock, "coverage")
    session.run("python", "-m", "tools.coverage_report", str(MEASURED), *session.posargs)


@nox.session(python=NEWEST.python)
def conformance(session: nox.Session) -> None:
    """Hold the sandbox to what a real server was seen to answer, and to the vendor's own client."""
    # Its own requirements are for Pythons that are long gone; the part that is used needs none of them.
    session.install("--no-deps", ITFLEX_SDK, success_codes=[0] if IN_CI else [0, 1, 2])
    run_pytest(session, "tests/conformance", lock=NEWEST.lock)


@nox.session(python=NEWEST.python)
def browser(session: nox.Session) -> None:
    """Read the report as its readers do: in Chromium, with GitHub's Markdown parser, with schemas."""
    if not CHROMIUM.is_here:
        (session.error if IN_CI else session.skip)(f"this machine lacks Chromium. {advice([CHROMIUM])}")
    # The site is read by the session `docs`, which builds it.
    run_pytest(session, "tests/browser", "--ignore=tests/browser/test_site.py", lock="requirements/browser.txt")


@nox.session(python=NEWEST.python)
def mail(session: nox.Session) -> None:
    """Send through a real Postfix, read in a real Dovecot, and hold the sandbox to the real Nodemailer."""
    if lacking := lacking_for_mail():
        (session.error if IN_CI else session.skip)(f"this machine lacks {', '.join(lacking)}")
    run_pytest(session, "tests/mail", lock=NEWEST.lock)


@nox.session
@on_both_cores
def fault_tests(session: nox.Session, core: Core) -> None:
    """Run the tests under faults; on the oldest core those of signals and of hostile answers."""
    some = [f"tests/faults/test_{name}.py" for name in ("killed", "hostile")]
    run_pytest(session, *(["tests/faults"] if core is NEWEST else some), lock=core.lock, workers=WAITING)


@nox.session
def molecule(session: nox.Session) -> None:
    """Run every molecule scenario."""
    session.install("-r", "requirements/molecule.txt")
    enter_link_tree(session)
    programs = CACHE / "programs"
    write_programs(programs, python=f"{session.bin}/python")
    # By its own means, nox finds what is installed in the session before all else.
    path = os.pathsep.join([str(programs), session.bin, os.environ["PATH"]])
    session.run("env", f"PATH={path}", "molecule", "test", *(session.posargs or ["--all"]), external=True)
