# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page on mail that is not sent lists every cause and every finding, as the tables have them today."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.causes import CAUSES
from ansible_collections.mailfleet.email.plugins.module_utils._smtp_check.finding_table import FINDINGS
from tools.smtp_errors_page import PAGE, made

ROOT = Path(__file__).parents[2]
UTILS = ROOT / "plugins" / "module_utils"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_is_current() -> None:
    assert made(TEXT) == TEXT, "run make record"


@pytest.mark.parametrize("name", CAUSES)
def test_a_cause_has_an_anchor(name: str) -> None:
    assert TEXT.count(f"#### `{name}`\n") == 1


@pytest.mark.parametrize("name", FINDINGS)
def test_a_finding_has_an_anchor(name: str) -> None:
    assert TEXT.count(f"#### Finding `{name}`\n") == 1


def test_what_a_phone_cannot_show_is_not_there() -> None:
    """No table, and no word that is wider than a small screen."""
    assert not re.search(r"^\|", TEXT, re.MULTILINE)
    prose = re.sub(r"^```.*?^```", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    assert [word for word in re.sub(r"\]\([^)]*\)|<!--.*?-->", "", prose).split() if len(word) > 44] == []


def found_in_code() -> set[str]:
    """The codes that the checks give their findings."""
    files = [*(UTILS / "_smtp_check").glob("*.py"), *(UTILS / "_products").glob("*/*.py")]
    calls = [
        node for file in files for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Call)
    ]
    named = {"Finding": 0, "refusal": 1, "_finding": 0, "_out_of_time": 0}
    return {
        argument.value
        for call in calls
        for place in [named.get(getattr(call.func, "id", getattr(call.func, "attr", "")))]
        if place is not None and len(call.args) > place
        for argument in [call.args[place]]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def test_every_finding_is_in_the_table() -> None:
    assert found_in_code() == set(FINDINGS)
