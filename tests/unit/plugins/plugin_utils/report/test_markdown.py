# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as Markdown; how a forge reads it is tested with the forges' own parser elsewhere."""

from __future__ import annotations

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.markdown import as_markdown
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

LIMIT = 32000


def test_totals_come_first() -> None:
    result = synced(created("A"), created("B"), created("C"), updated("D", {"port": 1}, {"port": 2}), unchanged("E"))
    planned = as_markdown(document_of(ended(result)), LIMIT).decode()
    assert planned.startswith("## 3 to create, 1 to update, 0 to delete\n\n1 record unchanged.\n")
    applied = as_markdown(document_of(ended(result, check_mode=False)), LIMIT).decode()
    assert applied.startswith("## 3 created, 1 updated, 0 deleted\n")


def test_tables() -> None:
    result = synced(
        created("A", port=1),
        updated("B", {"port": 1, "x": 1}, {"port": 2}),
        deleted("C", port=1),
        failed("D", "D: refused", port=1),
        warnings=["odd"],
    )
    text = as_markdown(document_of(ended(result)), LIMIT).decode()
    assert "### `one: iTFLEX https://appliance.example.com`" in text
    assert "| create | `A` | `port`: `1` |" in text
    assert "| update | `B` | `port`: `1` → `2`<br>`x`: `1` → `(not set)` |" in text
    assert "| delete | `C` | `port`: `1` |" in text
    assert "| `one` | `D` | error: `D: refused` |" in text
    assert "| `one` | `Accounts` | warning: `odd` |" in text
    assert "<details>" not in text


def test_what_is_live_and_not_described() -> None:
    text = as_markdown(document_of(ended(synced(undescribed=[{"domain": "a.example"}]))), LIMIT).decode()
    assert "1 record live and not described." in text
    assert "| `one` | `iTFLEX https://appliance.example.com` | `a.example` |" in text


def test_long_tables_are_folded() -> None:
    text = as_markdown(document_of(ended(synced(*[created(str(index)) for index in range(11)]))), LIMIT).decode()
    summary = "<details><summary><code>one: iTFLEX https://appliance.example.com</code>: 11 changes</summary>\n\n"
    assert summary in text
    assert text.count("| create |") == 11
    assert text.rstrip().endswith("|\n\n</details>")


def test_the_items_of_a_loop_share_a_table() -> None:
    ends = [ended(synced(created(str(index))), is_item=True) for index in range(3)]
    assert as_markdown(document_of(*ends), LIMIT).decode().count("###") == 1


@pytest.mark.parametrize("limit", [1000, 5000, LIMIT, 100_000])
def test_the_limit_holds_and_what_is_left_out_is_reported(limit: int) -> None:
    results = synced(*[created(f"Zoë {index}", port=index) for index in range(500)])
    problems = synced(*[failed(str(index), "é" * 50) for index in range(500)])
    document = document_of(ended(results), ended(problems, uuid="2"))
    content = as_markdown(document, limit)
    assert len(content) <= limit
    text = content.decode()
    shown = (text.count("| error: ") or text.count("error: `"), text.count("| create |"))
    left_out = [
        f"{500 - count} {noun}" for count, noun in zip(shown, ("problems", "changes"), strict=True) if count < 500
    ]
    if left_out:
        assert f"**Left out here: {', '.join(left_out)}**" in text
        assert text.rstrip().endswith("have them.")
    else:
        assert "Left out" not in text
    assert text.count("<details>") == text.count("</details>")


def test_long_values_are_cut() -> None:
    text = as_markdown(document_of(ended(synced(created("A", note="x" * 10_000)))), LIMIT).decode()
    assert "…" in text
    assert len(text) < 1000


def test_long_names_are_cut() -> None:
    text = as_markdown(document_of(ended(synced(created("A", **{"x" * 10_000: "y"})))), LIMIT).decode()
    assert "x" * 400 + "…" in text
    assert len(text) < 2000


def test_one_line_is_one_line() -> None:
    for line in as_markdown(hostile_document(), 1_000_000).decode().splitlines():
        assert line.isprintable(), ascii(line)


def test_a_reviewer_reads_first_where_and_what_is_risky() -> None:
    result = synced(
        updated("A", {"password": "<secret: current>"}, {"password": "<secret: new>"}),
        updated("B", {"smtp_crypt": "starttls"}, {"smtp_crypt": "none"}),
        deleted("C", password="<secret: current>"),
    )
    document = document_of(ended(result), statuses={"one": "ok", "two": "ok"})
    assert as_markdown(document, LIMIT).decode().splitlines()[2:7] == [
        "- Changes on 1 of 2 hosts.",
        "- Deletions: 1 (`one: C`).",
        "- Passwords and tokens that change: 1 (`one: A`).",
        "- TLS off or weaker: 1 (`one: B`).",
        "",
    ]


def test_equal_changes_are_a_line_on_all_hosts_and_a_row_on_each() -> None:
    result = synced(*[updated(f"Account {number}", {"port": 465}, {"port": 587}) for number in range(25)])
    text = as_markdown(document_of(ended(result), ended(result, host="two")), LIMIT).decode()
    assert "- 50 accounts on 2 hosts: `port` `465` → `587`\n" in text
    rows = [line for line in text.splitlines() if line.startswith("| update |")]
    assert len(rows) == 2
    assert rows[0].startswith("| update | 25 accounts: `Account 0`, `Account 1`, ")
    assert rows[0].endswith("`Account 19` and 5 more | `port`: `465` → `587` |")
