# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task whose result decides the exit status of a comparison."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.plugins.action.running import run

SAME = {"key": "Same", "action": "none", "changed_fields": []}
EQUAL = {"results": [SAME], "undescribed": []}
DIFFERENT = {"results": [{"key": "Other", "action": "updated", "changed_fields": ["email"]}]}
UNDESCRIBED = {"results": [SAME], "undescribed": [{"id": 8, "name": "Alarms"}]}
UNREAD = {"results": [], "failed": True, "msg": "no connection"}
NAMES = {"email_accounts": "accounts", "email_settings": "settings"}


def item(accounts: dict[str, Any], settings: dict[str, Any], **options: Any) -> tuple[bool, bool]:
    """Whether the task fails, and whether it calls the host unreachable."""
    result = run("drift", {"variables": NAMES, **options}, {"accounts": accounts, "settings": settings})
    assert result["changed"] is False
    return result.get("failed", False), result.get("unreachable", False)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (EQUAL, (False, False)),
        ({"skipped": True}, (False, False)),
        (DIFFERENT, (True, False)),
        (UNDESCRIBED, (False, False)),
        (UNREAD, (False, True)),
    ],
)
def test_the_verdict(other: dict[str, Any], expected: tuple[bool, bool]) -> None:
    assert item(EQUAL, other) == expected
    assert item(other, EQUAL) == expected


def test_what_could_not_be_read_counts_more_than_what_differs() -> None:
    assert item(DIFFERENT, UNREAD) == (False, True)


def test_the_undescribed_may_count() -> None:
    assert item(EQUAL, UNDESCRIBED, undescribed_differs=True) == (True, False)
    assert item(EQUAL, EQUAL, undescribed_differs=True) == (False, False)


def test_silence_is_no_equality() -> None:
    result = run("drift", {"variables": NAMES}, {"accounts": EQUAL})
    assert result["unreachable"] is True
    assert result["unread"] == ["email_settings: not compared"]
    assert result["msg"] == "1 records are as described; could not be read: email_settings: not compared"
    assert item({"skipped": True}, {"skipped": True}) == (False, True)


def test_a_variable_that_holds_no_result() -> None:
    result = run("drift", {"variables": NAMES}, {"accounts": EQUAL, "settings": "a text"})
    assert result["unread"] == ["email_settings: not compared"]


@pytest.mark.parametrize("arguments", [{}, {"variables": "accounts"}, {"variables": NAMES, "undescribed": True}])
def test_wrong_options(arguments: dict[str, Any]) -> None:
    assert run("drift", arguments)["failure"]["kind"] == "input"


def test_everything_that_is_wrong_with_the_options_is_told_at_once() -> None:
    result = run("drift", {"variable": {}, "undescribed_differs": "perhaps"})
    assert (result["failed"], result["changed"], result["failure"]["kind"]) == (True, False, "input")
    assert all(word in result["msg"] for word in ("variable", "undescribed_differs", "variables")), result["msg"]
