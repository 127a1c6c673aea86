# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Change the guards of the collection in one place at a time, and find the changes that no unit test notices.

A change that survives needs a test, or an entry in `tests/mutation_survivors.yml` that says why none can be written.
Each package of `module_utils` is judged by its own unit tests alone: what notices a change only far away from it is no
test of it. The copy in which mutmut works is made anew for each run, since mutmut does not see that a test changed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tools import figures

ROOT = Path(__file__).resolve().parent.parent
TREES = ROOT / ".cache" / "mutation"
EXPLAINED = ROOT / "tests" / "mutation_survivors.yml"
MUTMUT = Path(sys.executable).with_name("mutmut")
COLLECTION = Path("ansible_collections", "mailfleet", "email")
TESTS = "tests/unit/plugins/module_utils"
# What mutmut calls a test that its time limit ended; the second one where it had to be killed.
STOPPED = ("timeout", "segfault")
# The packages, and which of their files hold guards.
GUARDS = {"_http": "*", "_engine": "*", "_resource": "write"}
# mutmut numbers its changes and mangles names: PACKAGE.xǁRetriesǁattempts__mutmut_1, PACKAGE.x_quote__mutmut_2.
MUTANT = re.compile(r".*\.module_utils\.(?P<module>.*)\.x(?:_|ǁ(?P<owner>\w+)ǁ)(?P<function>\w+)__mutmut_\d+")
# Tests that try a property a hundred times would take hours with a thousand changes: examples have to notice.
# The time limit is generous: on a busy machine, a test that is only late would count as one that noticed.
CONFIG = """
[tool.mutmut]
source_paths = ["ansible_collections"]
only_mutate = ["*/module_utils/{package}/{files}.py"]
pytest_add_cli_args = ["-p", "no:cacheprovider", "-m", "not hypothesis"]
pytest_add_cli_args_test_selection = ["{tests}/{package}"]
timeout_constant = 5.0
timeout_multiplier = 3.0
track_dependencies = false
use_git_change_detection = false
"""


@dataclass(frozen=True)
class Change:
    """A change of the code: the function's dotted name below `module_utils`, and its lines before and after."""

    function: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.function}\n    - {self.before}\n    + {self.after}"


def make_tree(package: str) -> Path:
    """Copy what mutmut needs for one package, which is real files where Python finds the collection."""
    tree = TREES / package
    shutil.rmtree(tree, ignore_errors=True)
    no_bytecode = shutil.ignore_patterns("__pycache__")
    for source, target in (("plugins", COLLECTION / "plugins"), (TESTS, TESTS)):
        shutil.copytree(ROOT / source, tree / target, ignore=no_bytecode)
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    added = CONFIG.format(package=package, files=GUARDS[package], tests=TESTS)
    (tree / "pyproject.toml").write_text(settings + added, encoding="utf-8")
    return tree


def mutmut(tree: Path, *arguments: str) -> str:
    """What a command of mutmut prints. Raises `CalledProcessError` where it fails."""
    command = [str(MUTMUT), *arguments]
    return subprocess.run(command, cwd=tree, check=True, stdout=subprocess.PIPE, text=True).stdout


def change_of(tree: Path, mutant: str) -> Change:
    """The change behind a mutant's name."""
    found = MUTANT.fullmatch(mutant)
    if found is None:
        raise ValueError(f"mutmut names its changes in another way now: {mutant}")
    name = ".".join(filter(None, found.group("module", "owner", "function")))
    # After the mutant's name and the two lines that name the file, the rest is a unified diff.
    lines = mutmut(tree, "show", mutant).splitlines()[3:]
    before, after = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Change(name, before, after)


def judge(package: str) -> tuple[Counter[str], list[Change]]:
    """Try all changes of a package. Returns how many there are of each outcome, and those that no test noticed."""
    tree = make_tree(package)
    # Its progress is of use while it runs.
    subprocess.run([str(MUTMUT), "run"], cwd=tree, check=True)
    mutmut(tree, "export-cicd-stats")
    counts = json.loads((tree / "mutants" / "mutmut-cicd-stats.json").read_text(encoding="utf-8"))
    others = [line.strip().rpartition(": ") for line in mutmut(tree, "results").splitlines()]
    unnoticed = [mutant for mutant, _, outcome in others if outcome not in STOPPED]
    return Counter(counts), [change_of(tree, mutant) for mutant in unnoticed]


def explained() -> set[Change]:
    """The changes that the committed list explains."""
    reasons: list[dict[str, Any]] = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8"))
    return {Change(**change) for reason in reasons for change in reason["changes"]}


def main(packages: list[str]) -> int:
    """Judge the packages, and return 1 where a change survives that nobody explains."""
    counts: Counter[str] = Counter()
    survivors: list[Change] = []
    for package in packages:
        counted, survived = judge(package)
        counts += counted
        survivors += survived
    known = explained()
    unexplained = [change for change in survivors if change not in known]
    judged = tuple(f"{package}." for package in packages)
    outdated = {change for change in known if change.function.startswith(judged)} - set(survivors)
    for title, changes in (("Survived, and not explained", unexplained), ("Explained, but noticed or gone", outdated)):
        if changes:
            print(f"\n{title}:", *changes, sep="\n")
    found = (
        f"{counts['total']} changes: {counts['killed']} noticed by a test, "
        f"{sum(counts[outcome] for outcome in STOPPED)} by its time limit, "
        f"{len(survivors)} survived, {len(survivors) - len(unexplained)} of them explained"
    )
    print(f"\n{found}")
    figures.note("mutation", f"{', '.join(packages)}: {found}", fine=not unexplained)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(GUARDS)))
