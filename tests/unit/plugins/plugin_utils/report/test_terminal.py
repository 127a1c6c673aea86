# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.markdown import as_markdown
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.openmetrics import as_openmetrics
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
        ([], ["No record was looked at."]),
    ],
)
def test_totals(modes: list[bool], lines: list[str]) -> None:
    # On another server each, or a plan that is carried out would count once.
    ends = [
        ended(CHANGES, check_mode=mode, uuid=str(mode), arguments={"api_url": f"https://{mode}.example.com"})
        for mode in modes
    ]
    assert _totals(document_of(*ends)) == ["", *lines]


@pytest.mark.parametrize(
    ("module", "status", "kind"),
    [
        ("plan_file", "failed", "plan"),
        ("drift", "unreachable", "hosts"),
        ("drift", "failed", "input"),
        ("merge", "failed", "input"),
    ],
)
def test_what_fails_as_a_whole_is_no_fault_of_a_host(module: str, status: str, kind: str) -> None:
    """Ansible has to run it on a host, or on each of them; what failed beside it is the host's."""
    result = {"msg": "The plan p does not fit", "failure": {"kind": kind}}
    whole = [ended(result, module, host=host, status=status, arguments={}) for host in ("one", "two")]
    refused = {"msg": "no connection", "failure": {"kind": "connection"}}
    own = ended(refused, host="two", status="failed", uuid="2")
    assert _totals(document_of(whole[0], statuses={"one": status}))[2:] == [
        "No host is at fault: The plan p does not fit."
    ]
    lines = _totals(document_of(*whole, own, statuses={"one": status, "two": "failed"}))[2:]
    assert lines == ["No host is at fault: The plan p does not fit.", "1 host failed: two."]


def test_hosts_that_moved_are_at_fault_and_not_the_one_that_tells_it() -> None:
    """In every form of the report; the host that tells it stands as it does by itself."""
    moved = {"msg": "Nothing was written, since two moved", "failure": {"kind": "moved"}}
    stale = {"msg": "not what was reviewed", "failure": {"kind": "plan"}}
    reported = ended(moved, "drift", host="one", status="failed", arguments={})
    own = ended(stale, host="two", status="failed", uuid="2")
    document = document_of(reported, own, statuses={"one": "failed", "two": "failed"})
    assert _totals(document)[2:] == ["Nothing was written, since two moved.", "1 host failed: two."]
    assert [host["status"] for host in document["hosts"]] == ["ok", "failed"]
    assert b'mailfleet_unknown{host="one"} 0' in as_openmetrics(document)
    assert b"| the run | " in as_markdown(document, 32000)
    both = ended(stale, host="one", status="failed", uuid="3")
    document = document_of(reported, both, own, statuses={"one": "failed", "two": "failed"})
    assert document["totals"]["hosts"]["failed"] == 2


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


def test_equal_changes_are_reported_once() -> None:
    port = [updated(f"Account {number}", {"port": 465}, {"port": 587}) for number in range(50)]
    others = [
        created("First"),
        updated("Both", {"port": 465, "tls": "none"}, {"port": 587, "tls": "starttls"}),
        updated("Also both", {"port": 465, "tls": "none"}, {"port": 587, "tls": "starttls"}),
        updated("Alone", {"port": 25}, {"port": 587}),
    ]
    assert _plan(document_of(ended(synced(port[0], *others, *port[1:]))))[1:] == [
        "  ~ 50 accounts: port 465 → 587",
        "      Account 0, Account 1, Account 2, Account 3, Account 4 and 45 more",
        "  + email_account First",
        '  ~ 2 accounts: port 465 → 587, tls "none" → "starttls"',
        "      Both, Also both",
        "  ~ email_account Alone",
        "      ~ port = 25 -> 587",
    ]


def test_two_that_are_created_or_deleted_alike_are_two() -> None:
    records = [created("A", port=1), created("B", port=1), deleted("C", port=1), deleted("D", port=1)]
    assert len([line for line in _plan(document_of(ended(synced(*records)))) if line.startswith(("  +", "  -"))]) == 4


@pytest.mark.parametrize(("check_mode", "words"), [(True, "to create"), (False, "created")])
def test_no_more_is_shown_than_can_be_read(check_mode: bool, words: str) -> None:
    many = [created(f"New {number}", port=number) for number in range(5000)]
    some = [updated(f"Old {number}", {"port": 1}, {"port": number + 2}) for number in range(101)]
    strays = [{"name": f"Stray {number}"} for number in range(1500)]
    ends = ended(synced(*many, *some, deleted("Gone"), undescribed=strays), check_mode=check_mode)
    lines = _plan(document_of(ends))
    assert len([line for line in lines if line.startswith("  + ")]) == 100
    assert f"  … and 4,900 more {words}" in lines
    assert f"  … and 1 more {'to update' if check_mode else 'updated'}" in lines
    assert "  - email_account Gone" in lines
    assert "  … and 1,400 more live and not described" in lines
    assert "1,500 records live and not described." in _totals(document_of(ends))
    assert "5,000 " in _totals(document_of(ends))[1]


def test_what_was_done_as_planned_is_not_shown_twice() -> None:
    (planned,) = document_of(ended(CHANGES))["hosts"][0]["tasks"]
    done = synced(*CHANGES["results"][:2], failed("Gone", "Gone: refused"), *CHANGES["results"][3:])
    (applied,) = document_of(ended(done, check_mode=False))["hosts"][0]["tasks"]
    assert [text for text, _tone in lines_of_task("one", applied, planned)] == [
        "one: iTFLEX https://appliance.example.com",
        "  ! email_account Gone",
        "      ! Gone: refused",
        "  ! email_account Broken",
        "      ! Broken: refused",
        "  2 changes done as planned above",
    ]
