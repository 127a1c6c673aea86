# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Change the guards of the collection in one place at a time, and find the changes that no unit test notices.

A change that survives needs a test, or an entry in `tests/mutation_survivors.yml` that says why none can be written.
Guards are judged by the unit tests near to them alone: what notices a change only far away from it is no test of it.
A run that is ended goes on with the next one, in the copy that mutmut works in; that is made anew where a source or one
of these tests is another one by then, since mutmut does not see that.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from tools import figures

ROOT = Path(__file__).resolve().parent.parent
TREES = ROOT / ".cache" / "mutation"
EXPLAINED = ROOT / "tests" / "mutation_survivors.yml"
MUTMUT = Path(sys.executable).with_name("mutmut")
COLLECTION = Path("ansible_collections", "mailfleet", "email")
TESTS = "tests/unit/plugins"
# What those tests read beside.
BESIDE = ("tests/sandbox/encodings.py", "tests/unit/collection.py")
# What mutmut calls a test that its time limit ended; the second one where it had to be killed.
STOPPED = ("timeout", "segfault")


@dataclass(frozen=True)
class Guards:
    """Files that keep a promise, below `plugins/`, and the unit tests near to them, below `tests/unit/plugins/`."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


def _near(package: str, *files: str, tests: tuple[str, ...] = ()) -> Guards:
    return Guards(tuple(f"{package}/{file}.py" for file in files), tests or (package,))


def _tests(folder: str, *names: str) -> tuple[str, ...]:
    """The test files of these names: where the others of their folder start servers, they would take hours."""
    return tuple(f"{folder}/test_{name}.py" for name in names)


_MAIL = ("addresses", "mail_address", "mail_domain", "imap_step", "imap_answers")
_RESOURCE = ("write", "known_secrets", "typed", "handed_over", "signals")
# By the name to ask for on the command line. Each file here keeps a promise of docs/faults.md.
GUARDS = {
    "_http": _near("module_utils/_http", "*"),
    "_engine": _near("module_utils/_engine", "*"),
    "_resource": _near("module_utils/_resource", *_RESOURCE, tests=_tests("module_utils/_resource", *_RESOURCE)),
    "_text": _near(
        "module_utils",
        *("_text", "_repeats", "_readings"),
        tests=("module_utils/test_text.py", "module_utils/test_repeats.py"),
    ),
    "_mail": _near("module_utils/_mail", *_MAIL, tests=_tests("module_utils/_mail", *_MAIL)),
    "_products": Guards(
        tuple(
            f"module_utils/_products/{file}.py"
            for file in (
                *("itflex/duplicates", "itflex/sync_order", "webitel/domains", "webitel/nodemailer"),
                *("webitel/storable", "*/shown_fields"),
            )
        ),
        ("module_utils/_products",),
    ),
    "plugin_utils": _near(
        "plugin_utils",
        *("_export_names", "_export_seal", "_plain_yaml", "_plan_file", "_plan_index", "_regular_files"),
        tests=_tests("plugin_utils", "exported", "plan_file", "document_odd", "sources"),
    ),
}
# mutmut numbers its changes and mangles names: PACKAGE.xǁRetriesǁattempts__mutmut_1, PACKAGE.x_quote__mutmut_2.
MUTANT = re.compile(
    r".*\.plugins\.(?:module_utils\.)?(?P<module>.*)\.x(?:_|ǁ(?P<owner>\w+)ǁ)(?P<function>\w+)__mutmut_\d+"
)
# Tests that try a property a hundred times would take hours with a thousand changes: examples have to notice.
# The time limit is generous: on a busy machine, a test that is only late would count as one that noticed.
CONFIG = """
[tool.mutmut]
source_paths = ["ansible_collections"]
only_mutate = {files}
pytest_add_cli_args = ["-p", "no:cacheprovider", "-m", "not hypothesis"]
pytest_add_cli_args_test_selection = {tests}
timeout_constant = 5.0
timeout_multiplier = 3.0
track_dependencies = false
use_git_change_detection = false
"""


@dataclass(frozen=True)
class Change:
    """A change of the code: the function's dotted name below its folder, and its lines before and after."""

    function: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.function}\n    - {self.before}\n    + {self.after}"


def config(name: str) -> str:
    """The settings of mutmut for some guards."""
    files = [f"*/plugins/{file}" for file in GUARDS[name].files]
    tests = [f"{TESTS}/{test}" for test in GUARDS[name].tests]
    return CONFIG.format(files=json.dumps(files), tests=json.dumps(tests))


def state(name: str) -> str:
    """A digest of all that the judgement of some guards rests on."""
    found = sha256(config(name).encode())
    near = [ROOT / TESTS / test for test in GUARDS[name].tests]
    for place in (ROOT / "plugins", *near):
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            found.update(file.read_bytes())
    return found.hexdigest()


def make_tree(name: str) -> Path:
    """Copy what mutmut needs for some guards, which is real files where Python finds the collection."""
    tree, digest = TREES / name, state(name)
    mark = tree / "state"
    if mark.exists() and mark.read_text(encoding="utf-8") == digest:
        return tree
    shutil.rmtree(tree, ignore_errors=True)
    no_bytecode = shutil.ignore_patterns("__pycache__")
    for source, target in (("plugins", COLLECTION / "plugins"), (TESTS, TESTS)):
        shutil.copytree(ROOT / source, tree / target, ignore=no_bytecode)
    for file in BESIDE:
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tree / file)
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tree / "pyproject.toml").write_text(settings + config(name), encoding="utf-8")
    mark.write_text(digest, encoding="utf-8")
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


def judge(name: str) -> tuple[Counter[str], list[Change]]:
    """Try all changes of some guards. Returns how many there are of each outcome, and those that no test noticed."""
    tree = make_tree(name)
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


def main(names: list[str]) -> int:
    """Judge the guards of these names, and return 1 where a change survives that nobody explains."""
    survivors: list[Change] = []
    lines: list[str] = []
    known = explained()
    for name in names:
        counts, survived = judge(name)
        survivors += survived
        lines.append(
            f"{name}: {counts['total']} changes, {counts['killed']} noticed by a test, "
            f"{sum(counts[outcome] for outcome in STOPPED)} by its time limit, "
            f"{len(survived)} survived, {sum(change in known for change in survived)} of them explained"
        )
    unexplained = [change for change in survivors if change not in known]
    judged = tuple(f"{name}." for name in names)
    outdated = {change for change in known if change.function.startswith(judged)} - set(survivors)
    for title, changes in (("Survived, and not explained", unexplained), ("Explained, but noticed or gone", outdated)):
        if changes:
            print(f"\n{title}:", *changes, sep="\n")
    print("", *lines, sep="\n")
    figures.note("mutation", "; ".join(lines), fine=not unexplained)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(GUARDS)))
