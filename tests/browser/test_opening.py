# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long the report's page keeps a browser busy until 10,000 records can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.html import as_html
from tests.unit.plugins.plugin_utils.report.results import (
    created,
    document_of,
    ended,
    failed,
    synced,
    updated,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import Document

MANY = 10_000
SECONDS = 2.0
FIELDS = {f"field{index}": f"value {index}" for index in range(8)}


def _record(kind: str, index: int) -> dict[str, Any]:
    name = f"Account {index}"
    records = {
        "created": lambda: created(name, **FIELDS),
        "updated": lambda: updated(name, FIELDS, {**FIELDS, "field3": index}),
        "changed alike": lambda: updated(name, FIELDS, {**FIELDS, "field3": "another"}),
        "failed": lambda: failed(name, f"{name}: refused", **FIELDS),
    }
    return records[kind]()


def _document(kind: str, hosts: int) -> Document:
    each = MANY // hosts
    records = [_record(kind, index) for index in range(MANY)]
    return document_of(
        *(ended(synced(*records[host * each : (host + 1) * each]), host=f"host {host}") for host in range(hosts))
    )


@pytest.mark.parametrize(
    ("kind", "hosts"),
    [("updated", 1), ("changed alike", 1_000), ("failed", 1_000), ("created", MANY)],
)
def test_ten_thousand_records_open_in_under_two_seconds(
    browser: Browser, tmp_path: Path, kind: str, hosts: int
) -> None:
    """By the time that the page keeps its thread busy: what else the machine does is not the page's doing."""
    path = tmp_path / "report.html"
    path.write_bytes(as_html(_document(kind, hosts)))
    with browser.new_page() as page:
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(path.as_uri())
        expect(page.get_by_role("status")).to_have_text(f"{MANY:,} of {MANY:,} records shown")
        metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    assert 0 < metrics["TaskDuration"] < SECONDS
