# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a new product costs: the files that existed before it and have to name it are few, and listed with reasons."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.unit.collection import COLLECTION

# The product that was added last, by its own words and those of its kind of record.
NAMES = re.compile(
    r"webitel_cloud|email_?profile|fetch_existing_mail|erase_stored_mail|email profiles|today's Webitel", re.IGNORECASE
)
# Its own files, the registry, its tests and sandbox, and what users read.
OWN = (
    "plugins/module_utils/_products/webitel_cloud/",
    "plugins/modules/email_profile",
    "plugins/action/email_profile",
    "plugins/doc_fragments/webitel_cloud.py",
    "plugins/plugin_utils/_registry.py",
    "tests/",
    "extensions/molecule/",
    "docs/",
    "changelogs/",
    # Made of the changelogs by a release.
    "CHANGELOG.rst",
)
PROSE = ".md"
# What is made, and no part of the repository.
MADE = {".git", *re.findall(r"^(.+)/$", (COLLECTION / ".gitignore").read_text(encoding="utf-8"), re.MULTILINE)}
MOST = 5


def files(folder: Path) -> list[str]:
    """The files of a repository, as paths below it."""
    found: list[str] = []
    # The tests may run where each folder of the repository is a link.
    for place, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if name not in MADE]
        found += [str((Path(place) / name).relative_to(folder)) for name in names]
    return found


def naming(folder: Path) -> set[str]:
    """The files outside the product's own that name it or its kind of record."""
    return {
        name
        for name in files(folder)
        if not name.startswith(OWN)
        and not name.endswith((PROSE, ".pyc"))
        and NAMES.search(f"{name}\n" + (folder / name).read_text(encoding="utf-8", errors="replace"))
    }


def listed() -> set[str]:
    """The files that the guide for contributors lists, each in a row with its reason."""
    guide = (COLLECTION / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = guide.partition("## Add a product\n")[2].partition("\n## ")[0]
    rows = [row.strip("|").split("|") for row in section.splitlines() if row.startswith("| `")]
    assert all(len(row) == 3 and all(cell.strip() for cell in row) for row in rows), rows
    return {path for row in rows for path in re.findall(r"`([\w./]+)`", row[0])} - {"plugins/plugin_utils/_registry.py"}


def test_the_guide_lists_every_file_that_a_product_changes() -> None:
    assert naming(COLLECTION) == listed()
    assert len(listed()) <= MOST


@pytest.mark.parametrize(
    "name", ["plugins/plugin_utils/new.py", "roles/gitops/tasks/new.yml", "playbooks/new.yml", "tools/a.py", "new.toml"]
)
@pytest.mark.parametrize("text", ["email_profiles: []", "webitel_cloud", "EMAIL_PROFILE", "erase_stored_mail"])
def test_another_file_would_be_found(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("nothing of it\n")
    assert naming(tmp_path) == set()
    file.write_text(f"# {text}\n")
    assert naming(tmp_path) == {name}
