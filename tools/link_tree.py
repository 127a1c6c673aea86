# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make a folder that looks like the installed collection: one link per top-level entry of the repository."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What tools make. A link to .cache would loop, since the folder itself lies there.
LEFT_OUT = {".git", ".venv", ".nox", ".cache", ".ansible"}


def make_link_tree(collection: Path) -> None:
    """Bring the links in `collection` in line with the repository.

    Other sessions may be at work in the folder, so links that are there stay untouched. They are relative, so that they
    stay right where the repository is moved.
    """
    collection.mkdir(parents=True, exist_ok=True)
    wanted = {entry.name: entry for entry in ROOT.iterdir() if entry.name not in LEFT_OUT}
    for link in collection.iterdir():
        if link.is_symlink() and link.name not in wanted:
            link.unlink(missing_ok=True)
    for name, entry in wanted.items():
        with suppress(FileExistsError):
            (collection / name).symlink_to(os.path.relpath(entry, collection))


if __name__ == "__main__":
    make_link_tree(Path(sys.argv[1]))
