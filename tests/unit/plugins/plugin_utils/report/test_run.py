# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run as it goes on, and its document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import as_json, digest_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.openmetrics import as_openmetrics
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.run import Run, parts_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.words import remarks
from tests.unit.plugins.plugin_utils.report.results import (
    ITFLEX,
    WEBITEL,
    created,
    deleted,
    document_of,
    ended,
    failed,
    hostile_document,
    single,
    synced,
    unchanged,
    updated,
)

if TYPE_CHECKING:
    import pytest

PLANNED = synced(created("A", port=1), updated("B", {"port": 1}, {"port": 2}), unchanged("C"))


def test_totals() -> None:
    document = document_of(
        ended(PLANNED),
        ended(synced(deleted("D", port=1), failed("E", "no"), warnings=["odd"]), uuid="2", check_mode=False),
        ended({"sent": True}, "email_account_test", uuid="3", check_mode=False),
        ended({"email_settings": [{}, {}]}, "email_settings_info", uuid="4"),
        ended({"censored": "…", "changed": True}, uuid="5"),
        ended({"msg": "no", "failure": {"kind": "connection"}}, uuid="6", status="failed"),
        statuses={"one": "failed", "two": "unreachable", "three": "ok"},
    )
    assert document["mode"] == "mixed"
    assert document["totals"] == {
        "hosts": {"ok": 1, "failed": 1, "unreachable": 1, "left_out": 0, "not_begun": 0},
        "planned": {"created": 1, "updated": 1, "deleted": 0, "unknown": 0, "unchanged": 1, "failed": 0},
        "applied": {"created": 0, "updated": 0, "deleted": 1, "unknown": 0, "unchanged": 0, "failed": 1},
        "messages": {"sent": 1, "not_sent": 0, "failed": 0},
        "read": 2,
        "undescribed": 0,
        "hidden": 1,
        "warnings": 1,
        "errors": 2,
    }


def test_mode() -> None:
    assert document_of()["mode"] == "none"
    assert document_of(ended(PLANNED))["mode"] == "check"
    assert document_of(ended(PLANNED, check_mode=False))["mode"] == "apply"
    read = ended({"email_accounts": []}, "email_account_info", uuid="2", check_mode=False)
    assert document_of(ended(PLANNED), read)["mode"] == "check"
    assert document_of(read)["mode"] == "apply"
    elsewhere = ended({}, module="?", status="failed", check_mode=False)
    assert document_of(elsewhere, statuses={"one": "failed"})["mode"] == "none"


def test_hosts_stand_in_the_order_of_their_names_and_tasks_in_that_of_the_run() -> None:
    ends = [ended(PLANNED, host=host, uuid=uuid, task=uuid) for uuid in ("z", "a") for host in ("b", "a", "c")]
    document = document_of(*ends)
    assert [host["host"] for host in document["hosts"]] == ["a", "b", "c"]
    assert [task["task"] for task in document["hosts"][0]["tasks"]] == ["z", "a"]


def test_a_loop_has_an_entry_for_each_item() -> None:
    run = Run()
    for status in ("changed", "skipped", "failed"):
        run.end(ended(single(created("A")), "email_account", status=status, is_item=True))
    assert run.end(ended({"msg": "One or more items failed"}, "email_account", status="failed")) is None
    tasks = run.document({"one": "ok"})["hosts"][0]["tasks"]
    assert [(task["item"], task["status"]) for task in tasks] == [(0, "changed"), (1, "skipped"), (2, "failed")]


def test_durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a task since it began, of an item since the one before."""
    now = 10.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    run = Run()
    now = 11
    run.begin("one", "the task")
    for end in (13, 17.5):
        now = end
        run.end(ended(single(created("A")), "email_account", is_item=True))
    now = 20
    document = run.document({"one": "ok"})
    assert document["duration"] == 10
    tasks = document["hosts"][0]["tasks"]
    assert [task["duration"] for task in tasks] == [2, 4.5]
    assert [record["duration"] for task in tasks for record in task["records"]] == [2, 4.5]
    assert document["started"] <= tasks[0]["started"] <= tasks[1]["started"] <= document["ended"]


def test_a_task_that_runs_again_begins_anew() -> None:
    run = Run()
    run.begin("one", "the task")
    run.end(ended(PLANNED, is_item=True))
    run.end(ended({}))
    run.begin("one", "the task")
    assert run.end(ended(PLANNED)) is not None


def test_what_a_try_changed_is_reported_also_where_another_try_follows() -> None:
    run = Run()
    first = synced(created("A", port=1), failed("B", "no answer"), unchanged("C"), warnings=["odd"])
    run.retry(ended(first, status="changed", check_mode=False))
    run.retry(ended(synced(unchanged("A"), failed("B", "no answer")), status="changed", check_mode=False))
    run.end(ended(synced(unchanged("A"), created("B", port=1), unchanged("C")), check_mode=False))
    document = run.document({"one": "ok"})
    tasks = document["hosts"][0]["tasks"]
    assert [[record["key"] for record in task["records"]] for task in tasks] == [["A"], ["A", "B", "C"]]
    assert document["totals"]["applied"] == {
        "created": 2,
        "updated": 0,
        "deleted": 0,
        "unknown": 0,
        "unchanged": 2,
        "failed": 0,
    }
    assert (document["totals"]["errors"], document["totals"]["warnings"]) == (0, 0)


def test_a_plan_that_is_tried_again_is_one_plan() -> None:
    run = Run()
    assert run.retry(ended(PLANNED)) is None
    run.end(ended(PLANNED))
    assert len(run.document({"one": "ok"})["hosts"][0]["tasks"]) == 1


def test_a_loop_that_failed_before_its_first_item() -> None:
    document = document_of(ended({"msg": "no list"}, status="failed"))
    (task,) = document["hosts"][0]["tasks"]
    assert task["error"]


def test_failures_of_other_collections_stand_where_the_host_failed() -> None:
    other = ended({"msg": "hunter2"}, module="?", status="failed")
    ignored = ended({"msg": "hunter2"}, module="?", status="failed", ignored=True, uuid="2")
    document = document_of(other, ignored, statuses={"one": "failed"})
    (task,) = document["hosts"][0]["tasks"]
    assert (task["product"], task["server"], task["status"]) == (None, None, "failed")
    assert "hunter2" not in json.dumps(document)
    rescued = document_of(other, ignored, statuses={"one": "ok"})
    assert rescued["hosts"][0]["tasks"] == []


def test_the_verdict_about_drift_is_no_failure() -> None:
    """It sets the exit status of Ansible; what it judges stands in the report anyway."""
    item: dict[str, Any] = {
        "module": "drift",
        "uuid": "2",
        "result": {"msg": "1 differs", "undescribed": ["a text"]},
    }
    unread = ended({"msg": "no answer", "failure": {"kind": "connection"}}, host="unread", status="failed")
    document = document_of(
        ended(PLANNED),
        unread,
        ended(**item, status="failed"),
        ended(**item, host="unread", status="unreachable"),
        statuses={"one": "failed", "unread": "unreachable"},
    )
    assert {host["host"]: host["status"] for host in document["hosts"]} == {"one": "ok", "unread": "failed"}
    assert [len(host["tasks"]) for host in document["hosts"]] == [1, 1]


def test_what_other_collections_do_well_does_not_stand_in_the_report() -> None:
    document = document_of(ended({"changed": True, "warnings": ["hunter2"]}, module="?"))
    assert document["hosts"][0]["tasks"] == []


def test_the_fingerprint_follows_what_was_read_and_not_when() -> None:
    first, second = document_of(ended(PLANNED)), document_of(ended(PLANNED, check_mode=False, task="?"))
    assert first["fingerprint"] == second["fingerprint"]
    moved = synced(created("A", port=1), updated("B", {"port": 3}, {"port": 2}), unchanged("C"))
    read = ended({"email_accounts": []}, "email_account_info", uuid="2", check_mode=False)
    assert document_of(ended(PLANNED), read)["mode"] == "check"
    assert document_of(read)["mode"] == "apply"
    elsewhere = ended(PLANNED, arguments={"api_url": WEBITEL})
    more = synced(*PLANNED["results"], unchanged("D"))
    read = ended({"email_accounts": [{"name": "A"}]}, "email_account_info", uuid="2")
    others = [
        document_of(ended(moved)),
        document_of(elsewhere),
        document_of(ended(more)),
        document_of(ended(PLANNED), read),
    ]
    assert len({document["fingerprint"] for document in [first, *others]}) == 5


def test_the_digest_notices_every_edit() -> None:
    document = document_of(ended(PLANNED))
    read = json.loads(as_json(document))
    assert digest_of(read) == read["digest"]
    read["hosts"][0]["tasks"][0]["records"][0]["key"] = "B"
    assert digest_of(read) != read["digest"]


def test_any_text_makes_json() -> None:
    document = hostile_document()
    read = json.loads(as_json(document))
    assert read == document
    assert digest_of(read) == document["digest"]


def test_keys_have_a_stable_order() -> None:
    first, second = (as_json(document_of(ended(result))) for result in (PLANNED, dict(reversed(PLANNED.items()))))

    def without_times(content: bytes) -> list[bytes]:
        timed = (b"started", b"ended", b"duration", b"digest")
        return [line for line in content.splitlines() if not any(word in line for word in timed)]

    assert without_times(first) == without_times(second)


def test_a_plan_that_is_carried_out_counts_once() -> None:
    """Applying a plan looks at all hosts before it writes on any."""
    done = ended(PLANNED, uuid="2", check_mode=False)
    document = document_of(ended(PLANNED), done, ended({**PLANNED, "warnings": ["odd"]}, host="two"))
    assert document["totals"]["applied"] == {
        "created": 1,
        "updated": 1,
        "deleted": 0,
        "unknown": 0,
        "unchanged": 1,
        "failed": 0,
    }
    # The other host was looked at alone.
    assert document["totals"]["planned"] == {
        "created": 1,
        "updated": 1,
        "deleted": 0,
        "unknown": 0,
        "unchanged": 1,
        "failed": 0,
    }
    assert [task["check_mode"] for host in document["hosts"] for task in host["tasks"]] == [False, True]
    assert document_of(ended(PLANNED), done)["mode"] == "apply"


def test_a_task_that_reads_all_kinds_is_one_task_for_each() -> None:
    kinds = {
        "email_settings": {"changed": False, "skipped": True},
        "email_accounts": {"changed": False, "email_accounts": [{}, {}], "server": ITFLEX},
        "email_profiles": {"changed": False, "failed": True, "msg": "refused", "failure": {"kind": "refused"}},
    }
    whole = ended({"changed": False, "failed": True, "kinds": kinds}, "host_info", status="failed", arguments={})
    document = document_of(*parts_of(whole), statuses={"one": "failed"})
    tasks = document["hosts"][0]["tasks"]
    assert [(task["module"].rpartition(".")[2], task["status"], task["read"]) for task in tasks] == [
        ("email_settings_info", "skipped", None),
        ("email_account_info", "ok", 2),
        ("email_profile_info", "failed", None),
    ]
    assert tasks[1]["server"] == ITFLEX
    none = ended({"failed": True, "msg": "no server", "failure": {"kind": "hosts"}}, "host_info", status="failed")
    assert parts_of(none) == [none]


def test_what_is_about_something_else_counts_by_itself() -> None:
    done = ended(synced(created("A", port=1)), uuid="2", check_mode=False)
    elsewhere = ended(PLANNED, uuid="2", check_mode=False, arguments={"api_url": "https://other.example.com"})
    for other in (done, elsewhere):
        assert document_of(ended(PLANNED), other)["mode"] == "mixed"
    # A look afterwards is one of its own: it tells what is left to do.
    assert document_of(ended(PLANNED, check_mode=False), ended(PLANNED, uuid="2"))["mode"] == "mixed"


def test_a_task_knows_what_was_reported_of_its_records_before() -> None:
    run = Run()
    looked = run.end(ended(PLANNED))
    assert looked
    assert run.planned("one", looked) is None
    done = run.end(ended(PLANNED, uuid="2", check_mode=False))
    assert done
    assert run.planned("one", done) is looked
    assert run.planned("two", done) is None
    other = run.end(ended(synced(created("Other")), uuid="3", check_mode=False))
    assert other
    assert run.planned("one", other) is None


def test_stages() -> None:
    """A play in stages begins once for each; the report says in which one a host failed."""
    run = Run()
    run.begin_play("First", "p")
    run.begin_play("Apply", "q", in_stages=True)
    run.end(ended(PLANNED, check_mode=False))
    run.begin_play("Apply", "q", in_stages=True)
    run.end(ended(synced(failed("A", "no")), host="other", uuid="2", status="failed", check_mode=False))
    document = run.document({"one": "ok", "other": "failed"})
    plays = [task["play"] for host in document["hosts"] for task in host["tasks"]]
    assert sorted(plays) == ["Apply, stage 1", "Apply, stage 2"]
    assert "Failed in stage 2. Hosts of stages that did not begin are as they were." in remarks(document)


def test_hosts_that_a_run_did_not_come_to() -> None:
    """They are reported where the run broke off; a play that asked nothing of a host broke off nowhere."""
    run = Run()
    run.begin_play("Apply", "q", ["one", "two", "three"], in_stages=True)
    run.end(ended(PLANNED, check_mode=False))
    assert [host["host"] for host in run.document({"one": "ok"})["hosts"]] == ["one"]
    document = run.document({"one": "failed"})
    assert {host["host"]: host["status"] for host in document["hosts"]} == {
        "one": "failed",
        "three": "not_begun",
        "two": "not_begun",
    }
    assert document["totals"]["hosts"] == {"ok": 0, "failed": 1, "unreachable": 0, "left_out": 0, "not_begun": 2}
    assert "2 hosts not begun: three, two." in remarks(document)


def test_hosts_that_a_plan_could_not_plan_are_named() -> None:
    """They are neither up nor done; a host that does not describe what was asked for is, and one may fail besides."""
    run = Run()
    run.begin_play("Apply")
    left_out = {"skipped": True, "left_out": True, "skip_reason": "the plan could not plan it"}
    skipped = {"skipped": True, "skip_reason": "Conditional result was False"}
    for host, result in (("one", left_out), ("two", left_out), ("three", skipped), ("four", left_out)):
        assert run.end(ended(result, "host_sync", host=host, status="skipped", arguments={})) is None
    document = run.document({"one": "ok", "two": "ok", "three": "ok", "four": "failed"})
    assert document["totals"]["hosts"] == {"ok": 1, "failed": 1, "unreachable": 0, "left_out": 2, "not_begun": 0}
    assert "2 hosts left out: one, two." in remarks(document)
    assert 'mailfleet_up{host="one"} 0' in as_openmetrics(document).decode()
