# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.terminal import lines_of_task, lines_of_totals
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

if TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import Document

CHANGES = synced(
    created("New", email="n@example.com", password="<secret: set>"),
    updated(
        "Old", {"port": 25, "gone": "x", "password": "<secret: current>"}, {"port": 465, "password": "<secret: new>"}
    ),
    deleted("Gone", port=25),
    failed("Broken", "Broken: refused"),
    unchanged("Same"),
)


def _plan(document: Document) -> list[str]:
    return [
        text
        for host in document["hosts"]
        for task in host["tasks"]
        for text, _tone in lines_of_task(host["host"], task)
    ]


def _totals(document: Document) -> list[str]:
    return [text for text, _tone in lines_of_totals(document)]


def test_plan() -> None:
    assert _plan(document_of(ended(CHANGES))) == [
        "one: iTFLEX https://appliance.example.com (check mode)",
        "  + email_account New",
        '      + email    = "n@example.com"',
        "      + password = <secret: set>",
        "  ~ email_account Old",
        '      - gone     = "x"',
        "      ~ password = <secret: current> -> <secret: new>",
        "      ~ port     = 25 -> 465",
        "  - email_account Gone",
        "      - port = 25",
        "  ! email_account Broken",
        "      ! Broken: refused",
    ]


def test_tones() -> None:
    document = document_of(ended(CHANGES))
    lines = lines_of_task("one", document["hosts"][0]["tasks"][0])
    tones = [tone for text, tone in lines if text.startswith("  ") and not text.startswith("      ")]
    assert tones == ["created", "updated", "deleted", "failed"]


def test_nothing_is_shown_where_nothing_changes() -> None:
    assert _plan(document_of(ended(synced(unchanged("Same"))), ended({}, module="?", status="failed"))) == []


def test_what_is_live_and_not_described() -> None:
    document = document_of(ended(synced(undescribed=[{"domain": "a.example"}])))
    assert _plan(document)[1:] == ["  ? a.example is live and not described"]
    assert "1 record live and not described." in _totals(document)


def test_a_task_that_failed() -> None:
    document = document_of(ended({"msg": "no answer", "failure": {"kind": "connection"}}, status="failed"))
    assert _plan(document)[1:] == ["  ! Accounts: no answer"]


@pytest.mark.parametrize(
    ("modes", "lines"),
    [
        ([True], ["Plan: 1 to create, 1 to update, 1 to delete, 1 failed.", "1 record unchanged."]),
        ([False], ["Done: 1 created, 1 updated, 1 deleted, 1 failed.", "1 record unchanged."]),
        (
            [True, False],
            [
                "Plan: 1 to create, 1 to update, 1 to delete, 1 failed.",
                "Done: 1 created, 1 updated, 1 deleted, 1 failed.",
                "2 records unchanged.",
            ],
        ),
        ([], ["Nothing of this collection has run."]),
    ],
)
def test_totals(modes: list[bool], lines: list[str]) -> None:
    # On another server each, or a plan that is carried out would count once.
    ends = [
        ended(CHANGES, check_mode=mode, uuid=str(mode), arguments={"api_url": f"https://{mode}.example.com"})
        for mode in modes
    ]
    assert _totals(document_of(*ends)) == ["", *lines]


def test_totals_name_what_is_not_in_them() -> None:
    document = document_of(
        ended({"censored": "…"}),
        ended({"sent": True}, "email_account_test", uuid="2", check_mode=False),
        statuses={f"host{index:02}": "failed" for index in range(22)} | {"one": "unreachable"},
    )
    lines = _totals(document)
    assert "Test messages: 1 sent, 0 failed." in lines
    assert "1 host unreachable: one." in lines
    assert any(line.startswith("22 hosts failed: host00, host01") and line.endswith("and 2 more.") for line in lines)
    # A task of a host that is known by its status alone is not in the report: the hidden one is of host "one".
    assert "1 result hidden by no_log, and not counted." in lines


def test_nothing_reaches_the_terminal_raw() -> None:
    document = hostile_document()
    for line in [*_plan(document), *_totals(document)]:
        assert line.isprintable(), ascii(line)
