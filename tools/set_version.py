# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the version of the collection into galaxy.yml: ``python tools/set_version.py 1.2.3``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

GALAXY = Path(__file__).resolve().parent.parent / "galaxy.yml"
VERSION = re.compile(r"\d+\.\d+\.\d+")
LINE = re.compile(r"^version: .*$", re.MULTILINE)


def main() -> int:
    """Return 1 where the argument is no version."""
    version = sys.argv[1]
    if not VERSION.fullmatch(version):
        print(f"{version} is no version such as 1.2.3", file=sys.stderr)
        return 1
    text, found = LINE.subn(f"version: {version}", GALAXY.read_text(encoding="utf-8"))
    if found != 1:
        print(f"{GALAXY.name} has {found} lines with a version", file=sys.stderr)
        return 1
    GALAXY.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
