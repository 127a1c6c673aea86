# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One word for one thing, in code, tests and guides: what a newcomer would have to guess stays out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.collection import COLLECTION

# What is written instead, with the words that stay out: at the beginning of a word, also within a longer name.
WORDS = {
    "spec, or both ways": "doors?|DOORS?",
    "RecordResult": "RecordVerdict",
    "PhaseRunner": "Fleet(?=[A-Z(:.])",
    "apply": "make_so|carry_out",
    "refresh": "looks_first",
    "StalePlan, verify": "PlanMoved|holds?_to|held_to_plan",
    "sent_fields": "held_to_fields",
    "SignalGuard, deferred": "held_back|SignalEnding",
    "resolve_credentials": "settled_credentials",
    "temporary_name": "asides|passing_name",
    "smtp_diagnosis": "smtp_words",
    "RateLimiter, acquire, pause": "Pacers?|pacers?|wait_for_turn",
    "InvalidResponse": "BadAnswer",
    "ApiStatusError": r"Refused(?=[(:,]| as )",
    "conflict": "overtaken",
    "indeterminate": "unsettled|outcome_unknown",
    "should_retry, drain, retried": "take_told|sent_again",
    "reported, or given": "told|Told|TOLD",
    "should": "shall|Shall|SHALL",
    "fetch, refresh": "buys?|buying|bought|Buys?|BUY|BUYING|purchases?|Purchases?|PURCHASE",
    "freeze_gc": "spare_what_is_here",
    "drop_unused_password": "serves_nothing",
}
FORMER = {now: re.compile(rf"(?<![A-Za-z])(?:{words})(?![a-z])") for now, words in WORDS.items()}
# The licence is not ours; figures and what was released name things as they were.
LEFT = {"COPYING", "results.json", "changelog.yaml", "CHANGELOG.rst", Path(__file__).name}
FOLDERS = ("plugins", "roles", "playbooks", "docs", "tests", "tools", "extensions", "changelogs", "meta", ".")
SUFFIXES = {".py", ".md", ".yml", ".yaml", ".toml", ".js", ".css", ".html", ".json", ".j2", ".sh", ".txt", ""}


def files() -> Iterator[Path]:
    """The texts of the repository."""
    for folder in FOLDERS:
        # What lies at the top is looked at without its folders, among which are some that are made.
        for path in (COLLECTION / folder).glob("*" if folder == "." else "**/*"):
            if path.suffix in SUFFIXES and path.name not in LEFT and "__pycache__" not in path.parts and path.is_file():
                yield path


def former(text: str) -> Iterator[str]:
    """The words of the first build in a text, each with what is written instead."""
    for now, pattern in FORMER.items():
        yield from (f"{found[0]}: {now}" for found in pattern.finditer(text))


def test_no_word_of_the_first_build_is_left() -> None:
    texts = {path: f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in files()}
    found = [
        f"{path.relative_to(COLLECTION)}:{number}: {word}"
        for path, text in texts.items()
        # Most have none, and are looked at as a whole.
        if any(former(text))
        for number, line in enumerate(text.splitlines())
        for word in former(line)
    ]
    assert not found, "\n".join(found)


def test_all_texts_are_looked_at() -> None:
    names = {str(path.relative_to(COLLECTION)) for path in files()}
    assert {"README.md", "docs/secrets.md", "plugins/modules/drift.py", "tests/conftest.py"} <= names
    assert "roles/gitops/meta/argument_specs.yml" in names


@pytest.mark.parametrize(
    "text",
    [
        "it is told twice",
        "test_it_is_told",
        "_LONGEST_TOLD",
        "by_either_door",
        "as it shall be",
        "buy_token",
        "Pacer()",
    ],
)
def test_one_would_be_found(text: str) -> None:
    assert list(former(text))


@pytest.mark.parametrize("text", ["foretold", "indoors", "Threshall", "Refused are files without an end", "buyer"])
def test_a_word_in_another_one_is_none(text: str) -> None:
    assert not list(former(text))
