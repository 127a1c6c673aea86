# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide's index of environment variables has every one that the collection reads, and no other."""

from __future__ import annotations

import re

import pytest

from tests.markdown import DOCS, headings
from tests.unit.collection import PLUGINS

INDEX = DOCS / "environment.md"
# Read by requests itself, or by the libraries below it.
OF_LIBRARIES = {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"}
# What the names of a product's variables begin with, and no variable.
BEGINNINGS = {"WEBITEL_CLOUD"}
PREFIXES = r"(?:WEBITEL|ITFLEX|IMAP|MAILFLEET)_[A-Z_]+"


def indexed() -> set[str]:
    """The variables in the first column of the index."""
    rows = re.findall(r"^\| (`[^|]+) \|", INDEX.read_text(encoding="utf-8"), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def read() -> set[str]:
    """The variables that documentation names, and that code reads."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(PLUGINS.rglob("*.py"))]
    found = {name for text in texts for name in re.findall(r"E\(([A-Z_]+)\)", text)}
    found |= {name for text in texts for name in re.findall(rf"(?:- name: |\")({PREFIXES})\b", text)}
    return found - BEGINNINGS


def test_the_index_has_every_variable_and_no_other() -> None:
    assert indexed() == read() | OF_LIBRARIES
    assert {"WEBITEL_KEY", "ITFLEX_REFRESH_TOKEN", "IMAP_PASSWORD", "SSL_CERT_FILE"} < indexed()


@pytest.mark.parametrize("words", ["rotate password", "rename", "duplicate", "self-signed", "certificate", "proxy"])
def test_what_people_search_for_is_a_heading(words: str) -> None:
    """The search of the site puts pages first that have it in a title."""
    found = headings(DOCS / "everyday.md")
    assert [title for title in found if all(word in title.lower() for word in words.split())]
