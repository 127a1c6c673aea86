# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pruning: which records are kept, and how many may go."""

from __future__ import annotations

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.prune import (
    is_kept,
    prune_limit,
    prune_problems,
)


@pytest.mark.parametrize(
    ("text", "removed", "live", "allowed"),
    [
        ("25%", 25, 100, True),
        ("25%", 26, 100, False),
        ("25 %", 0, 0, True),
        ("12.5%", 1, 8, True),
        ("12.5%", 2, 8, False),
        ("3", 3, 3, True),
        (" 3 ", 4, 100, False),
        ("0", 0, 5, True),
        ("0", 1, 5, False),
        ("0%", 1, 5, False),
        ("100%", 5, 5, True),
    ],
)
def test_limits(text: str, removed: int, live: int, allowed: bool) -> None:
    limit = prune_limit(text)
    assert limit is not None
    assert limit.allows(removed, live) is allowed
    problems = prune_problems(limit, removed=removed, live=live, described=1)
    assert bool(problems) is not allowed
    if problems:
        assert f"{removed} of {live} live records would be removed, more than {text.strip()}" in problems[0].message


@pytest.mark.parametrize("text", ["", "%", "-1", "2.5", "a", "25%%", "1e3", "150%", "100.1%", "1000 %"])
def test_what_is_no_limit(text: str) -> None:
    assert prune_limit(text) is None


@pytest.mark.parametrize(("text", "allowed"), [("99%", False), ("1000", False), ("100%", True), (" 100.0 %", True)])
def test_an_empty_list_removes_everything_only_if_that_is_said(text: str, allowed: bool) -> None:
    limit = prune_limit(text)
    assert limit is not None
    problems = prune_problems(limit, removed=3, live=3, described=0)
    assert (problems == []) is allowed
    assert allowed or "nothing is described" in problems[0].message
    assert prune_problems(limit, removed=0, live=0, described=0) == []


@pytest.mark.parametrize(
    ("names", "patterns", "kept"),
    [
        (["Backup"], ["backup"], True),
        (["n", "root@example.com"], ["*@EXAMPLE.com"], True),
        (["n", None], ["None"], False),
        (["a.example"], ["?.example"], True),
        (["ab.example"], ["?.example"], False),
        (["a"], [], False),
        (["a"], ["b", "a*"], True),
        # Any spelling of a domain or of a name, on either side.
        (["straße.example"], ["xn--strae-oqa.example"], True),
        (["xn--strae-oqa.example"], ["Straße.example"], True),
        (["certs@STRAßE.example"], ["certs@xn--strae-oqa.example"], True),
        (["strasse.example"], ["straße.example"], False),
        (["a.example."], ["a.example"], True),
        (["a.example"], ["A.example."], True),
        # A letter and its accent in one character or in two: as either of both.
        (["KO\u0308LN"], ["k?ln"], True),
        (["KO\u0308LN"], ["ko?ln"], True),
        (["Köln"], ["ko\u0308ln"], True),
    ],
)
def test_kept_names(names: list[object], patterns: list[str], kept: bool) -> None:
    assert is_kept(names, patterns) is kept


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" 25 % ", "25 % of them"),
        ("2", "2 (a number of records; a share is written like 2%)"),
        ("100", "100 (a number of records; a share is written like 100%)"),
        ("101", "101 (a number of records; a share is written like 25%)"),
    ],
)
def test_a_limit_that_is_passed_is_reported_with_its_unit(text: str, words: str) -> None:
    limit = prune_limit(text)
    assert limit is not None
    [problem] = prune_problems(limit, removed=300, live=400, described=1)
    assert str(problem) == (
        f"prune_limit: 300 of 400 live records would be removed, more than {words}; raise it if that is meant"
    )


def test_a_list_that_is_empty_is_reported_in_words() -> None:
    limit = prune_limit("1000")
    assert limit is not None
    [problem] = prune_problems(limit, removed=3, live=4, described=0)
    assert str(problem) == (
        "prune_limit: nothing is described that should be there, so all that is live would go; "
        "say prune_limit=100% if so"
    )
