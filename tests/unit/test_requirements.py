# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lowest versions of libraries are the same wherever they are promised, and the tests run with these very ones."""

from __future__ import annotations

import re

from tests.unit.collection import COLLECTION

LINE = re.compile(r"(?P<name>[\w-]+) *(?P<bound>[=>]=) *(?P<version>[\d.]+)")


def bounds(lines: list[str], bound: str) -> dict[str, str]:
    """The versions of the libraries that are named with this bound, by the libraries' names."""
    found = (LINE.match(line) for line in lines)
    return {line["name"]: line["version"] for line in found if line and line["bound"] == bound}


def lines_of(file: str) -> list[str]:
    return (COLLECTION / file).read_text(encoding="utf-8").splitlines()


LOWEST = bounds(lines_of("requirements.txt"), ">=")


def test_every_library_has_a_lowest_version() -> None:
    named = [line for line in lines_of("requirements.txt") if line and not line.startswith("#")]
    assert [line for line in named if not any(line.startswith(f"{name} >= ") for name in LOWEST)] == []
    assert "requests" in LOWEST


def test_the_lowest_versions_are_tested() -> None:
    assert bounds(lines_of("requirements/oldest.in"), "==") == LOWEST
    locked = bounds(lines_of("requirements/oldest.txt"), "==")
    for name, version in LOWEST.items():
        # 38 is 38.0.0.
        assert re.fullmatch(rf"{re.escape(version)}(\.0)*", locked[name.lower()]), name


def test_the_guide_s_repository_names_the_lowest_versions() -> None:
    for name, version in bounds(lines_of("docs/gitops/repository/requirements.txt"), ">=").items():
        assert name == "ansible-core" or LOWEST[name] == version
