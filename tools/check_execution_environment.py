# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make a build context as users do, and look whether an image of it would have all that the collection needs.

``python tools/check_execution_environment.py FOLDER``, where the artifact has been installed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parent.parent
DEFINITION = ROOT / "docs" / "gitops" / "awx" / "execution-environment.yml"


def run(*arguments: str) -> str:
    """Run ansible-builder and return what it printed."""
    command = [str(Path(sys.executable).with_name("ansible-builder")), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def requirements(lines: list[str]) -> dict[str, SpecifierSet]:
    """What these lines require: names with versions. Comments and empty lines require nothing."""
    required: dict[str, SpecifierSet] = {}
    texts = (line.partition("#")[0].strip() for line in lines)
    for requirement in map(Requirement, filter(None, texts)):
        required[requirement.name] = required.get(requirement.name, SpecifierSet()) & requirement.specifier
    return required


def main() -> int:
    """Return 1 where a requirement would not be in the image, or in another version than the collection states."""
    installed = Path(sys.argv[1])
    context = installed.parent / "context"
    run("create", f"--file={DEFINITION}", f"--context={context}", "--output-filename=Containerfile")
    # What the definition itself asks for; ansible-builder asks with it when it builds the image.
    asked = context / "_build" / "requirements.txt"
    document = run("introspect", str(installed), f"--user-pip={asked}")
    found = requirements(yaml.safe_load(document.partition("---")[2])["python"])
    wanted = requirements((ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines())
    wrong = [f"{name} {versions}" for name, versions in wanted.items() if found.get(name) != versions]
    if wrong:
        print(f"{DEFINITION.relative_to(ROOT)}: an image of it need not have {', '.join(wrong)}")
        return 1
    print(f"an image would have {', '.join(f'{name} {versions}' for name, versions in wanted.items())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
