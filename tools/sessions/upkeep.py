# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions that keep the project's own tools in order, and say what could not be run."""

from __future__ import annotations

import sys

import nox

from tools.sessions.common import CORES, NEWEST, OLDEST, ROOT, enter_link_tree, has_python, lacking_for_mail
from tools.system_packages import CHROMIUM, advice, missing


@nox.session(venv_backend="none")
def lock(session: nox.Session) -> None:
    """Resolve the requirements again, each for every Python and platform at once."""
    options = "--universal --upgrade --quiet --no-annotate --no-header --no-emit-index-url"
    # Python 3.11 is what the project's tools ask for; a release of ansible-core may ask for more.
    oldest_python = {core.lock: min(core.pythons) for core in CORES if core is not NEWEST}
    for source in sorted(ROOT.glob("requirements/*.in")):
        # That one is a part of the others, and is installed by none.
        if source.name == "test-tools.in":
            continue
        output = f"requirements/{source.stem}.txt"
        files = [f"--output-file={output}", f"requirements/{source.name}"]
        python = f"--python-version={oldest_python.get(output, '3.11')}"
        session.run(sys.executable, "-m", "uv", "pip", "compile", python, *options.split(), *files)
    session.chdir(ROOT / "tests" / "mail" / "nodemailer")
    session.run("npm", "update", "--package-lock-only", "--no-fund", "--no-audit", external=True)


@nox.session(python=NEWEST.python)
def record(session: nox.Session) -> None:
    """Make again what follows from other files: the schema of documents, the interface's record, lists in docs/."""
    session.install("-r", NEWEST.lock)
    enter_link_tree(session)
    session.run("python", "tools/document_schema.py")
    session.run("python", "tools/smtp_errors_page.py")
    session.run("python", "-m", "tools.public_interface")


@nox.session(venv_backend="none")
def quality(session: nox.Session) -> None:
    """Write docs/quality.md of what the measurements noted, here or before."""
    session.run(sys.executable, "-m", "tools.quality_page")


@nox.session(venv_backend="none")
def not_run(session: nox.Session) -> None:
    """Say in plain words what this machine could not run."""
    for core in (OLDEST, NEWEST):
        if not has_python(core.python):
            session.warn(
                f"NOT RUN with ansible-core {core.version}: unit, integration and sanity. "
                f"No Python {' or '.join(core.pythons)} was found on this machine."
            )
    if lacking := lacking_for_mail():
        session.warn(f"NOT RUN: mail. This machine lacks {', '.join(lacking)}.")
    if not CHROMIUM.is_here:
        session.warn("NOT RUN: browser, and the browser's part of docs. This machine lacks Chromium.")
    if programs := missing():
        session.warn(advice(programs))
