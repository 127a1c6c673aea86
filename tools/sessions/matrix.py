# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The session that tests every supported release of ansible-core, and the table of what came out."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import nox

from tools import figures
from tools.sessions.common import CACHE, CORES, IN_CI, Core, enter_link_tree, has_python, on_each

RESULTS = CACHE / "matrix"


def commands(core: Core) -> Iterator[tuple[str, list[str]]]:
    """Yield each part of the matrix with its command, those of ansible-test first."""
    ansible_test = ["python", "tools/run_ansible_test.py"]
    yield "sanity", [*ansible_test, "sanity", "--local"]
    for python in (*core.unit_pythons, *filter(has_python, core.where_here)):
        if has_python(python) or IN_CI:
            options = ["--venv", "--requirements", f"--python={python}", "--num-workers=2"]
            yield f"units, Python {python}", [*ansible_test, "units", *options]
        else:
            yield f"units, Python {python}", []
    yield "integration", ["pytest", "-n", "2", "-q", "tests/integration"]


@nox.session
@on_each(*CORES)
def matrix(session: nox.Session, core: Core) -> None:
    """Run ansible-test sanity, ansible-test units on the oldest and newest Pythons, and the integration tests.

    Arguments name the parts that should run, all of them without any.
    """
    session.install("-r", core.lock)
    file = RESULTS / f"{core.version}.json"
    results = json.loads(file.read_text(encoding="utf-8")) if session.posargs and file.exists() else {}
    failed = []
    for part, command in commands(core):
        if session.posargs and not part.startswith(tuple(session.posargs)):
            continue
        if not command:
            results[part] = "not run: no such Python here"
            continue
        if part == "integration":
            enter_link_tree(session)
        began = time.monotonic()
        try:
            session.run(*command)
        except nox.command.CommandFailed:
            results[part] = "FAILED"
            failed.append(part)
        else:
            results[part] = f"passed in {time.monotonic() - began:.0f} s"
    RESULTS.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(results), encoding="utf-8")
    if failed:
        session.error(f"failed: {'; '.join(failed)}")


@nox.session(venv_backend="none")
def matrix_table(session: nox.Session) -> None:
    """Print what came out of the matrix, as a table."""
    parts: list[str] = []
    lines = ["| ansible-core, with Python | part | result |", "|---|---|---|"]
    for core in CORES:
        file = RESULTS / f"{core.version}.json"
        results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"all": "not run"}
        parts += results.values()
        lines += [f"| {core.version}, {core.python} | {part} | {result} |" for part, result in results.items()]
    passed = sum(part.startswith("passed") for part in parts)
    figures.note("matrix", f"{passed} of {len(parts)} parts passed", fine=passed == len(parts))
    session.log("the matrix\n" + "\n".join(lines))
