# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run ansible-test on a copy of what it looks at; the arguments go to ansible-test, which must belong to this Python.

The copy is needed because ansible-test wants the collection below `ansible_collections` and refuses links. It is a git
repository of its own: in a folder that git ignores, ansible-test would see no file and pass.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import yaml
from ansible_test._internal.python_requirements import get_venv_packages

ROOT = Path(__file__).resolve().parent.parent
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
# What ansible-test says, and reports success, where it found nothing to look at or lacks the Python to do it.
NOTHING_TESTED = ("All targets skipped", "Skipping unit tests on Python", "no tests ran")
# Not shipped, and needed beside what is: nothing for sanity, so what is judged is what users get; for the units the
# tests of plugins. Tests of the project's own tools and of the sandbox are no business of ansible-test.
NEEDED = {
    "sanity": (),
    "units": (
        "tests/conftest.py",
        "tests/unit/collection.py",
        "tests/unit/plugins/*",
        "tests/unit/requirements.txt",
    ),
}


def files_for(command: str) -> Iterator[str]:
    """Yield what git knows or would add, less what is not shipped, but with what this command of ansible-test needs."""
    ignored = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))["build_ignore"]
    list_files = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(list_files, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        path = PurePosixPath(name)
        candidates = [str(path), *map(str, path.parents[:-1])]
        is_ignored = any(fnmatch(candidate, pattern) for candidate in candidates for pattern in ignored)
        is_needed = any(fnmatch(name, pattern) for pattern in NEEDED[command])
        if (is_needed or not is_ignored) and (ROOT / name).exists():
            yield name


def make_copy(collection: Path, command: str) -> None:
    """Copy the files for `command` to `collection` and make it a git repository that knows them all."""
    for name in files_for(command):
        target = collection / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    subprocess.run(["git", "init", "--quiet"], cwd=collection, check=True)
    subprocess.run(["git", "add", "--all"], cwd=collection, check=True)


BOOTSTRAP = '''\
"""Install pip {version} from the wheel next to this file."""
import os
import sys

wheel = os.path.join(os.path.dirname(os.path.abspath(__file__)), {wheel!r})
sys.path.insert(0, wheel)

from pip._internal.cli.main import main

folder = os.path.dirname(wheel)
packages = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
sys.exit(main(["install", "--quiet", "--upgrade", "--force-reinstall", "--find-links", folder] + packages))
'''


def provide_pip() -> None:
    """Put pip where ansible-test looks before it fetches a script from a host that not every network reaches."""
    # Which pip it wants is known to ansible-test alone, and to no public interface of it.
    version = get_venv_packages(SimpleNamespace(version=PYTHON))["pip"]
    cache = Path.home() / ".ansible" / "test" / "cache"
    script = cache / f"get_pip_{version.replace('.', '_')}.py"
    if script.exists():
        return
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", f"--dest={cache}", f"pip=={version}"]
    subprocess.run(download, check=True)
    script.write_text(BOOTSTRAP.format(version=version, wheel=f"pip-{version}-py3-none-any.whl"), encoding="utf-8")


def run(collection: Path, arguments: list[str]) -> int:
    """Run ansible-test, passing on what it prints, and return its exit code, or 1 where it left something out."""
    nothing_tested = False
    command = ["ansible-test", *arguments]
    process = subprocess.Popen(command, cwd=collection, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in process.stdout or ():
        print(line, end="", flush=True)
        nothing_tested |= any(text in line for text in NOTHING_TESTED)
    return process.wait() or int(nothing_tested)


def main() -> int:
    """Copy, test, and clean up."""
    provide_pip()
    with tempfile.TemporaryDirectory(prefix="ansible-test-") as folder:
        collection = Path(folder) / "ansible_collections" / "mailfleet" / "email"
        make_copy(collection, sys.argv[1])
        return run(collection, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
