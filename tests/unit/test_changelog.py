# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changelog speaks to users, briefly: what a version has to say is read in a few minutes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.unit.collection import COLLECTION

MOST_WORDS = 1000
CHANGELOGS = COLLECTION / "changelogs"
RELEASES: dict[str, Any] = yaml.safe_load((CHANGELOGS / "changelog.yaml").read_text("utf-8"))["releases"]
FRAGMENTS = [yaml.safe_load(path.read_text("utf-8")) for path in CHANGELOGS.glob("fragments/*.yml")]


def words(reported: Any) -> int:
    """How many words stand in there, at any depth."""
    if isinstance(reported, dict):
        return sum(map(words, reported.values()))
    return sum(map(words, reported)) if isinstance(reported, list) else len(str(reported).split())


@pytest.mark.parametrize("version", ["the next one", *RELEASES])
def test_a_version_is_read_in_a_few_minutes(version: str) -> None:
    reported = RELEASES[version]["changes"] if version in RELEASES else FRAGMENTS
    assert words(reported) <= MOST_WORDS, f"{version}: what belongs together is one entry, and what nobody had is none"


def test_words_are_counted_at_any_depth() -> None:
    assert words([{"bugfixes": ["one two", "three"]}, {"release_summary": "four\nfive"}]) == 5


def test_the_changelog_is_there_once_something_is_released() -> None:
    assert (COLLECTION / "CHANGELOG.rst").exists() == bool(RELEASES), "`make release` writes it"
