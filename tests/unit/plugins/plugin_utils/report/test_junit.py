# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as JUnit XML; what it must look like to be read is tested with a published schema elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.junit import as_junit
from tests.unit.plugins.plugin_utils.report.results import (
    HOSTILE,
    created,
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

RESULT = synced(created("A", port=1), updated("B", {"port": 1}, {"port": 2}), unchanged("C"), failed("D", "D: refused"))


def _suites(document: Document) -> list[ET.Element]:
    return ET.fromstring(as_junit(document)).findall("testsuite")  # noqa: S314  Our own.


def _items(suite: ET.Element) -> dict[str | None, list[str]]:
    return {case.get("name"): [part.tag for part in case] for case in suite.iter("testcase")}


def test_a_record_that_drifted_has_failed() -> None:
    (suite,) = _suites(document_of(ended(RESULT)))
    assert _items(suite) == {"A": ["failure"], "B": ["failure"], "C": [], "D": ["error"]}
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["4", "2", "1", "0"]
    failure = suite.find("testcase[@name='B']/failure")
    assert failure is not None
    assert failure.get("message") == "iTFLEX https://appliance.example.com: to update"
    assert failure.text == "port: 1 -> 2"


def test_what_was_applied_is_no_failure() -> None:
    (suite,) = _suites(document_of(ended(RESULT, check_mode=False)))
    assert _items(suite) == {"A": [], "B": [], "C": [], "D": ["error"]}


def test_tasks_without_records() -> None:
    document = document_of(
        ended({"msg": "no answer", "failure": {"kind": "connection"}}, status="failed", task="Unread"),
        ended({}, status="skipped", uuid="2", task="Skipped"),
        ended({"censored": "…", "changed": True}, uuid="3", task="Hidden"),
        ended({"email_accounts": []}, "email_account_info", uuid="4", task="Read"),
        ended({"sent": False}, "email_account_test", uuid="5", task="Message"),
    )
    (suite,) = _suites(document)
    assert _items(suite) == {
        "Unread": ["error"],
        "Skipped": ["skipped"],
        "Hidden": ["skipped"],
        "Message": ["skipped"],
    }
    error = suite.find("testcase/error")
    assert error is not None
    assert (error.get("type"), error.get("message")) == ("connection", "no answer")


def test_each_host_has_a_suite() -> None:
    suites = _suites(
        document_of(ended(RESULT, host="b"), ended(RESULT, host="a"), statuses={"b": "ok", "a": "ok", "c": "ok"})
    )
    assert [(suite.get("name"), suite.get("id")) for suite in suites] == [("a", "0"), ("b", "1"), ("c", "2")]


def test_any_text_makes_xml() -> None:
    assert len(_suites(hostile_document())) == len(HOSTILE)
