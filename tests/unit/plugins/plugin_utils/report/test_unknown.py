# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A password that is written without knowing whether it differs is a class of its own in every form of the report."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.junit import as_junit
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.markdown import as_markdown
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.terminal import lines_of_task, lines_of_totals
from tests.unit.plugins.plugin_utils.report.results import document_of, ended, item, synced

HIDDEN = {"password": "<secret: not readable>"}
WRITTEN = {"password": "<secret: written, whether it differs is not known>"}
UNKNOWN = {**item("Certificates", "unknown", HIDDEN, WRITTEN), "unknown_fields": ["password"]}
PLAN = document_of(ended(synced(UNKNOWN)))
DONE = document_of(ended(synced(UNKNOWN), check_mode=False))


def test_the_document_counts_it_apart() -> None:
    assert (PLAN["totals"]["planned"]["unknown"], PLAN["totals"]["planned"]["updated"]) == (1, 0)
    assert (DONE["totals"]["applied"]["unknown"], DONE["totals"]["planned"]["unknown"]) == (1, 0)


def test_the_terminal_shows_a_question_mark() -> None:
    [task] = PLAN["hosts"][0]["tasks"]
    _server, record, field = lines_of_task("one", task)
    assert record == ("  ? email_account Certificates", "unknown")
    assert "whether it differs is not known" in field[0]
    assert lines_of_totals(PLAN)[1][0] == (
        "Plan: 0 to create, 0 to update, 0 to delete, 1 to write without knowing whether it differs."
    )


def test_markdown() -> None:
    assert "| ? write | `Certificates` |" in as_markdown(PLAN, 10000).decode()
    assert "| ? written | `Certificates` |" in as_markdown(DONE, 10000).decode()


def test_junit_takes_it_for_no_failure() -> None:
    [suite] = ET.fromstring(as_junit(PLAN))  # noqa: S314  Our own.
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("1", "0", "1")
    [suite] = ET.fromstring(as_junit(DONE))  # noqa: S314  Our own.
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "0")
