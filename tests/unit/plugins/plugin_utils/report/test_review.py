# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a reviewer reads before all else."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.review import review, same_changes
from tests.unit.plugins.plugin_utils.report.results import (
    created,
    deleted,
    document_of,
    ended,
    failed,
    hostile_document,
    synced,
    unchanged,
    updated,
)


def reported(*records: dict[str, Any], module: str = "email_accounts_sync") -> list[str]:
    return review(document_of(ended(synced(*records), module)))


def test_where_nothing_changes_there_is_nothing_to_tell() -> None:
    assert reported(unchanged("A"), failed("B", "B: refused")) == []


def test_deletions_are_named_up_to_ten() -> None:
    gone = [deleted(f"Gone {number}") for number in range(1012)]
    lines = reported(*gone)
    assert lines[0] == "Changes on 1 of 1 host."
    assert lines[1].startswith("Deletions: 1,012 (one: Gone 0, one: Gone 1, ")
    assert lines[1].endswith("one: Gone 9 and 1,002 more).")


def test_a_password_changes_where_a_record_that_is_there_gets_another_one() -> None:
    new = created("New", password="<secret: set>")
    old = updated("Old", {"password": "<secret: current>"}, {"password": "<secret: new>"})
    lost = updated("Lost", {"password": "<secret: current>"}, {})
    other = updated("Other", {"port": 1}, {"port": 2})
    assert reported(new, old, lost, other)[1:] == ["Passwords and tokens that change: 2 (one: Old, one: Lost)."]


def nested(key: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """An update of options that are nested."""
    fields = sorted(f"options.extra.{name}" for name in {**before, **after})
    entry = updated(key, {"options": {"extra": before}}, {"options": {"extra": after}})
    return {**entry, "changed_fields": fields}


@pytest.mark.parametrize(
    ("record", "module", "weak"),
    [
        (updated("A", {"smtp_crypt": "starttls"}, {"smtp_crypt": "none"}), "email_accounts_sync", True),
        (created("A", smtp_crypt="none"), "email_accounts_sync", True),
        (updated("A", {"smtp_crypt": "none"}, {"smtp_crypt": "starttls"}), "email_accounts_sync", False),
        (deleted("A", smtp_crypt="none"), "email_accounts_sync", False),
        (nested("a.example", {}, {"ignoreTLS": True}), "email_settings_sync", True),
        (nested("a.example", {"requireTLS": True}, {"requireTLS": False}), "email_settings_sync", True),
        (nested("a.example", {"requireTLS": False}, {"requireTLS": True}), "email_settings_sync", False),
    ],
)
def test_less_tls(record: dict[str, Any], module: str, weak: bool) -> None:
    assert any(line.startswith("TLS off or weaker: 1 (one: ") for line in reported(record, module=module)) is weak


def test_equal_changes_come_by_their_number() -> None:
    few = [updated(f"Few {number}", {"port": 1}, {"port": 2}) for number in range(2)]
    many = [updated(f"Many {number}", {"port": 1}, {"port": 3}) for number in range(3)]
    document = document_of(ended(synced(*few, *many)), ended(synced(many[0]), host="two"))
    assert same_changes(document) == ["4 accounts on 2 hosts: port 1 → 3", "2 accounts: port 1 → 2"]


def test_nothing_is_reported_raw() -> None:
    document = hostile_document()
    for line in [*review(document), *same_changes(document)]:
        assert line.isprintable(), ascii(line)
