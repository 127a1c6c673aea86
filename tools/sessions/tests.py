# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions that test what the collection does."""

from __future__ import annotations

import nox

from tools.sessions.common import (
    CHROMIUM,
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


@nox.session
@on_both_cores
def unit(session: nox.Session, core: Core) -> None:
    """Run the unit tests."""
    if core is NEWEST and not session.posargs:
        measure(session, "unit")
    run_pytest(session, "tests/unit", lock=core.lock)


# Every module, plans and reports. To measure takes as much time again, since thousands of processes write down what
# they ran: so only these are, and they are enough to know.
TO_MEASURE = [f"tests/integration/test_{name}.py" for name in ("examples", "gitops_plan", "report")]
# These take a third of the time, and what they try out hardly depends on the release of ansible-core. `make matrix`
# runs them on every one; secrets are looked for on the oldest in tests/faults as well.
ON_NEWEST_ONLY = [
    f"tests/integration/test_{name}.py"
    for name in (
        "email_account_check",
        "email_settings_check",
        "gitops_export",
        "gitops_pipelines",
        "guides",
        "leaks",
        "report_options",
    )
]


@nox.session
@on_both_cores
def integration(session: nox.Session, core: Core) -> None:
    """Run real playbooks against the sandbox."""
    elsewhere = [] if session.posargs else TO_MEASURE if core is NEWEST else ON_NEWEST_ONLY
    run_pytest(session, "tests/integration", *(f"--ignore={file}" for file in elsewhere), lock=core.lock)
    if elsewhere is TO_MEASURE:
        measure(session, "integration")
        session.run("pytest", "-n", "2", *TO_MEASURE)


@nox.session(python=NEWEST.python)
def coverage(session: nox.Session) -> None:
    """Report which branches of the plugins no unit and no integration test took; 95 of 100 must be."""
    session.install("-c", NEWEST.lock, "coverage")
    session.run("python", "tools/coverage_report.py", str(MEASURED), *session.posargs)


@nox.session(python=NEWEST.python)
def browser(session: nox.Session) -> None:
    """Read the report as its readers do: in Chromium, with GitHub's Markdown parser, with schemas."""
    if not CHROMIUM:
        (session.error if IN_CI else session.skip)("no Chromium was found on this machine")
    # The site is read by the session `docs`, which builds it.
    run_pytest(session, "tests/browser", "--ignore=tests/browser/test_site.py", lock="requirements/browser.txt")


@nox.session(python=NEWEST.python)
def mail(session: nox.Session) -> None:
    """Send through a real Postfix, read in a real Dovecot, and hold the sandbox to the real Nodemailer."""
    if missing := lacking_for_mail():
        (session.error if IN_CI else session.skip)(f"this machine lacks {', '.join(missing)}")
    run_pytest(session, "tests/mail", lock=NEWEST.lock)


@nox.session
@on_both_cores
def fault_tests(session: nox.Session, core: Core) -> None:
    """Run the tests under faults; on the oldest core those of signals, of channels and of the HTTP library."""
    if core is NEWEST:
        run_pytest(session, "tests/faults", lock=core.lock)
        return
    hostile = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/faults/test_hostile*.py"))
    run_pytest(session, "tests/faults/test_killed.py", "tests/faults/test_channels.py", *hostile, lock=core.lock)


@nox.session
def molecule(session: nox.Session) -> None:
    """Run every molecule scenario."""
    session.install("-r", "requirements/molecule.txt")
    enter_link_tree(session)
    session.run("molecule", "test", *(session.posargs or ["--all"]))
