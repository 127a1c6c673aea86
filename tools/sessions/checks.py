# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sessions that read the project's files and run nothing of it."""

from __future__ import annotations

import nox

from tools.sessions.common import CACHE, IN_CI, NEWEST, ROOT, Core, enter_link_tree, failures, on_both_cores
from tools.system_packages import CHROMIUM, advice


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
        "python -m tools.antsibull_docs lint-collection-docs --plugin-docs --validate-collection-refs=all"
        " --disallow-unknown-collection-refs .",
        "ansible-lint --strict",
        "zizmor --offline --strict-collection --no-progress --persona=pedantic .github",
        "pre-commit validate-config",
    )
    if failed:
        session.error(f"failed: {'; '.join(failed)}")


@nox.session
@on_both_cores
def sanity(session: nox.Session, core: Core) -> None:
    """Run ansible-test sanity in a copy of what the collection ships, since ansible-test refuses links.

    What it does for each Python is done for the oldest that modules run on and for the newest, and pylint, which takes
    longest, reads the files for the newest core. The matrix leaves nothing out.
    """
    session.install("-c", core.lock, "ansible-core", "pip")
    sanity = ["python", "tools/run_ansible_test.py", "sanity", "--local"]
    oldest, *_others, newest = core.unit_pythons
    skipped = () if core is NEWEST else ("--skip-test", "pylint")
    session.run(*sanity, "--python", newest, *(session.posargs or skipped))
    if not session.posargs:
        session.run(*sanity, "--python", oldest, "--test", "import", "--test", "compile")


@nox.session(python=NEWEST.python)
def docs(session: nox.Session) -> None:
    """Build the documentation's site in .cache/site, with warnings as errors, and read it in a browser."""
    site = CACHE / "site"
    session.install("-r", "requirements/docs.txt")
    enter_link_tree(session)
    session.run("python", "tools/docs_site.py", str(site))
    if CHROMIUM.is_here:
        session.run("pytest", "-n", "2", "tests/browser/test_site.py", env={"DOCS_SITE": str(site)})
    elif IN_CI:
        session.error(f"this machine lacks Chromium. {advice([CHROMIUM])}")
