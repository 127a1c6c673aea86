# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of many records."""

from __future__ import annotations

import json

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import plan_absent, plan_present
from ansible_collections.mailfleet.email.plugins.module_utils._engine.record_result import (
    RecordResult,
    repeated_keys,
    result_of_all,
)
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import Secret

SAME = plan_present({"a": 1}, {"a": 1})
UPDATE = plan_present({"a": 1, "pass": Secret("hunter2")}, {"a": 2, "pass": Secret("hunter3")})
CREATION = plan_present(None, {"a": 1})
DELETION = plan_absent({"a": 1})


def item(key: str, plan: object = SAME, error: str | None = None) -> RecordResult:
    made = RecordResult(0, key, "record", plan)  # type: ignore[arg-type]
    if error is not None:
        made.fail(error, {"kind": "refused"})
    return made


def test_a_new_record_result_knows_nothing_of_an_end() -> None:
    made = RecordResult(3, "a", "record", UPDATE, 7, {"a": 2})
    assert (made.index, made.key, made.header, made.plan) == (3, "a", "record a", UPDATE)
    assert (made.target, made.described, made.replan) == (7, {"a": 2}, None)
    assert (made.warnings, made.error, made.failure, made.done, made.failed) == ((), None, None, False, False)


def test_the_entry_of_a_record_that_changes() -> None:
    made = item("a", UPDATE)
    made.warnings += ("careful",)
    assert made.result() == {
        "key": "a",
        "action": "updated",
        "changed_fields": ["a", "pass"],
        "warnings": ["careful"],
        "diff": {
            "before": {"a": 1, "pass": "<secret: current>"},
            "after": {"a": 2, "pass": "<secret: new>"},
            "before_header": "record a",
            "after_header": "record a",
        },
    }


def test_how_long_the_writes_took_is_reported_where_there_were_any() -> None:
    made, other = item("a", UPDATE), item("b")
    assert "durations" not in result_of_all([made, other], "x", 0, with_diff=False)
    made.duration = 1.23456
    assert result_of_all([made, other], "x", 0, with_diff=False)["durations"] == [1.235, None]


def test_the_entry_of_a_record_that_stays() -> None:
    assert item("a").result() == {"key": "a", "action": "none"}


def test_the_entry_of_a_record_that_failed() -> None:
    assert item("a", error="no").result() == {
        "key": "a",
        "action": "failed",
        "error": "no",
        "failure": {"kind": "refused"},
    }


def test_results_and_summary() -> None:
    items = [item("a"), item("b", UPDATE), item("c", CREATION), item("d", DELETION)]
    result = result_of_all(items, "sync", 3, with_diff=True)
    assert result["changed"] is True
    assert "failed" not in result
    assert [(entry["key"], entry["action"]) for entry in result["results"]] == [
        ("a", "none"),
        ("b", "updated"),
        ("c", "created"),
        ("d", "deleted"),
    ]
    assert result["summary"] == {
        "created": 1,
        "updated": 1,
        "deleted": 1,
        "unknown": 0,
        "unchanged": 1,
        "failed": 0,
        "retried": 3,
    }
    assert [diff["before_header"] for diff in result["diff"]] == ["record b", "record c", "record d"]
    assert "hunter" not in json.dumps(result)


def test_nothing_changed() -> None:
    result = result_of_all([item("a")], "sync", 0, with_diff=False)
    assert result["changed"] is False
    assert "diff" not in result
    assert "diff" not in result["results"][0]


def test_one_failure_fails_the_task_and_keeps_the_others_results() -> None:
    result = result_of_all([item("a", UPDATE, "no"), item("b", UPDATE)], "sync", 0, with_diff=True)
    assert (result["failed"], result["changed"]) == (True, True)
    assert result["msg"] == "sync: 1 of 2 records failed: a: no"
    assert [entry["action"] for entry in result["results"]] == ["failed", "updated"]
    assert result["results"][0]["failure"] == {"kind": "refused"}
    assert len(result["diff"]) == 1


def test_only_failures_change_nothing() -> None:
    assert result_of_all([item("a", UPDATE, "no")], "sync", 0, with_diff=True)["changed"] is False


def test_a_message_stays_readable_with_many_failures() -> None:
    items = [item(f"k{number}", UPDATE, "no") for number in range(25)]
    message = result_of_all(items, "sync", 0, with_diff=False)["msg"]
    assert message.startswith("sync: 25 of 25 records failed: k0: no; ")
    assert message.endswith("k19: no; and 5 more, see results")


def test_as_many_failures_as_are_named() -> None:
    message = result_of_all([item("k", UPDATE, "no")] * 20, "sync", 0, with_diff=False)["msg"]
    assert message == f"sync: 20 of 20 records failed: {'; '.join(['k: no'] * 20)}"


def test_the_summary_counts() -> None:
    items = [item("k", plan) for plan in (UPDATE, CREATION, DELETION, SAME)] * 2
    result = result_of_all([*items, item("k", UPDATE, "no"), item("k", UPDATE, "no")], "sync", 0, with_diff=False)
    assert result["summary"] == {
        "created": 2,
        "updated": 2,
        "deleted": 2,
        "unknown": 0,
        "unchanged": 2,
        "failed": 2,
        "retried": 0,
    }


def test_entries_for_the_same_record() -> None:
    problems = repeated_keys([("name", "a"), ("id", 1), ("name", "a"), ("email", "a"), ("id", 1)], "accounts")
    assert [str(problem) for problem in problems] == [
        "accounts[2]: describes the same record as accounts[0]: name a",
        "accounts[4]: describes the same record as accounts[1]: id 1",
    ]
