# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hold an artifact to what users need, and to a size: ``python -m tools.check_artifact ARTIFACT``."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tools import figures

ROOT = Path(__file__).resolve().parent.parent
MADE_BY_THE_BUILD = {"MANIFEST.json", "FILES.json"}
# What users need: the code, how to call it, how to run it elsewhere, what changed, and the licence.
SHIPPED = {
    "CHANGELOG.rst",
    "COPYING",
    "LICENSES",
    "README.md",
    "changelogs/changelog.yaml",
    "changelogs/config.yaml",
    # The reference on docs.ansible.com is made from artifacts, and the report names its schema.
    "docs/docsite",
    "docs/schemas",
    "meta",
    "playbooks",
    "plugins",
    "requirements.txt",
    "roles",
    # ansible-test reads from it which Pythons the modules support.
    "tests/config.yml",
    *MADE_BY_THE_BUILD,
}
MOST_BYTES = 550_000


def known_files() -> dict[str, bytes]:
    """What git knows or would add, with its content."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name: (ROOT / name).read_bytes() for name in filter(None, listed.split("\0")) if (ROOT / name).is_file()}


def is_wanted(name: str) -> bool:
    """Whether a file is shipped, or is in a folder that is."""
    return any(str(path) in SHIPPED for path in (PurePosixPath(name), *PurePosixPath(name).parents))


def problems(artifact: Path) -> Iterator[str]:
    """Yield what is wrong with the artifact, one line each."""
    with tarfile.open(artifact) as archive:
        members = {member.name: archive.extractfile(member) for member in archive if member.isfile()}
        shipped = {name: file.read() for name, file in members.items() if file}
    known = known_files()
    for name, content in sorted(shipped.items()):
        if not is_wanted(name):
            yield f"{name} is shipped, and nobody needs it"
        elif name not in MADE_BY_THE_BUILD and known.get(name) != content:
            yield f"{name} is not what git knows"
    yield from (f"{name} is not shipped" for name in sorted(set(filter(is_wanted, known)) - set(shipped)))
    if artifact.stat().st_size > MOST_BYTES:
        yield f"it has {artifact.stat().st_size:,} bytes, {MOST_BYTES:,} are allowed"


def main() -> int:
    """Print what is wrong; return 1 if anything is."""
    artifact = Path(sys.argv[1])
    found = list(problems(artifact))
    size = f"{artifact.stat().st_size:,} of {MOST_BYTES:,} bytes"
    figures.note("artifact", f"{size}; {len(found)} problems", fine=not found)
    for problem in found or [f"{size}, nothing but what users need"]:
        print(f"{artifact.name}: {problem}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
