# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fingerprints are what plan files hold, so they stay what they are; and what a plan that moved says."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.digests import canonical, digest
from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import NOTHING, plan_absent, plan_present
from ansible_collections.mailfleet.email.plugins.module_utils._engine.planned_outcome import Live
from ansible_collections.mailfleet.email.plugins.module_utils._engine.record_result import RecordResult
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import MASKED, Record, Secret
from ansible_collections.mailfleet.email.plugins.module_utils._engine.verify_plan import (
    StalePlan,
    fingerprints,
    verify_plan,
    verify_records,
)

SERVER = "https://server.example.com"
LIVE: Record = {"port": 1, "auth": {"pass": Secret("ã")}, "list": [{"token": MASKED}, Secret(["b"]), 5]}
LIVE_RECORDS = Live(lambda _item: LIVE, lambda _key: False)
AUTH_SHOWN = {"pass": "<secret: unchanged>"}
LIST_SHOWN = [{"token": "<secret: not readable>"}, "<secret: unchanged>", 5]
SHOWN_BEFORE = {"port": 1, "auth": AUTH_SHOWN, "list": LIST_SHOWN}
SHOWN_AFTER = {**SHOWN_BEFORE, "port": 2}


def updated() -> RecordResult:
    item = RecordResult(0, "one", "record", plan_present(LIVE, {"port": 2}))
    item.replan = lambda live: plan_present(live, {"port": 2})
    return item


def text_of(data: Any) -> bytes:
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode("ascii")


def test_the_fingerprint_without_a_key() -> None:
    text = text_of([SERVER, "one", "updated", SHOWN_BEFORE, SHOWN_AFTER, []])
    assert fingerprints([updated()], LIVE_RECORDS, SERVER, None) == [hashlib.sha256(text).hexdigest()]


def test_the_fingerprint_with_a_key() -> None:
    def keyed(data: Any) -> str:
        return hmac.new(b"k\xc3\xa3", text_of(data), "sha256").hexdigest()

    secrets = {"port": None, "auth": {"pass": keyed("ã")}, "list": [{"token": None}, keyed(["b"]), None]}
    wanted = keyed([SERVER, "one", "updated", SHOWN_BEFORE, SHOWN_AFTER, [secrets, secrets]])
    found = verify_plan({"key": "kã"}, [updated()], LIVE_RECORDS, SERVER, "sync")
    assert found["fingerprints"] == [wanted]


def test_the_fingerprint_of_what_stays_or_failed() -> None:
    stays = RecordResult(0, "one", "record", NOTHING)
    failed = RecordResult(1, "two", "record", plan_present(LIVE, {}))
    failed.fail("no", {})
    assert fingerprints([stays, failed], LIVE_RECORDS, SERVER, None) == [
        hashlib.sha256(text_of([SERVER, key, action, SHOWN_BEFORE, SHOWN_BEFORE, []])).hexdigest()
        for key, action in (("one", "none"), ("two", "failed"))
    ]


def test_text_and_digest() -> None:
    assert canonical({"b": [1, None], "a": "ã"}) == b'{"a":"\\u00e3","b":[1,null]}'
    assert digest(b"x", None) == hashlib.sha256(b"x").hexdigest()
    assert digest(b"x", "k") == hmac.new(b"k", b"x", "sha256").hexdigest()
    # What Python makes of a byte that is no text is a key like any other.
    assert digest(b"x", Secret("k\udcff")) == hmac.new(b"k\xed\xb3\xbf", b"x", "sha256").hexdigest()


def test_a_record_that_moved_while_the_plan_is_carried_out() -> None:
    item = updated()
    [found] = fingerprints([item], LIVE_RECORDS, SERVER, None)
    entry = {"record": "one", "action": "updated", "changed_fields": ["port"], "fingerprint": found}
    verify_records([entry], [item], [found], "sync")
    assert item.replan is not None
    with pytest.raises(StalePlan) as caught:
        item.replan({**LIVE, "new": 1})
    assert str(caught.value) == "record one: plan: the record changed while the plan was carried out; plan again"
    assert caught.value.details() == {
        "kind": "plan",
        "problems": [
            {"field": "plan", "message": "the record changed while the plan was carried out; plan again"},
        ],
    }


def test_everything_that_moved_is_reported_once_and_in_the_plan_s_order() -> None:
    entries: list[dict[str, Any]] = [
        {"record": 1, "action": "updated", "changed_fields": ["a", "b"], "fingerprint": "x"},
        {"record": "gone", "action": "created", "changed_fields": ["a"], "fingerprint": "x"},
        {"record": "one", "action": "updated", "fingerprint": "x"},
        {"record": "still", "action": "updated", "changed_fields": ["port"], "fingerprint": "x"},
    ]
    items = [
        RecordResult(0, "1", "record", plan_absent(LIVE)),
        updated(),
        RecordResult(1, "new", "record", plan_present(None, {"a": 1})),
        RecordResult(2, "still", "record", plan_present(LIVE, {"port": 2})),
    ]
    with pytest.raises(StalePlan) as caught:
        verify_records(entries, items, ["x", "x", "x", "x"], "sync")
    assert caught.value.subject == "sync: not what was reviewed, so nothing was written; plan again"
    assert [str(problem) for problem in caught.value.problems] == [
        "plan: 1: was planned: updated (a, b); now: deleted",
        "plan: gone: was planned (created), and is neither described nor to be removed any more",
        "plan: one: was planned: updated; now: updated (port)",
        "plan: new: is not in the plan, and now: created",
    ]


def test_a_record_that_is_something_else_now() -> None:
    entry = {"record": "one", "action": "updated", "changed_fields": ["port"], "fingerprint": "x"}
    with pytest.raises(StalePlan) as caught:
        verify_plan({"reviewed": [entry]}, [updated()], LIVE_RECORDS, SERVER, "sync")
    assert str(caught.value) == (
        "sync: not what was reviewed, so nothing was written; plan again: "
        "plan: one: was planned (updated (port)), and what is live or described is something else now"
    )


def test_two_records_of_one_name_are_held_together() -> None:
    entries = [
        {"record": "one", "action": "updated", "changed_fields": ["port"], "fingerprint": found} for found in "yx"
    ]
    items = [updated(), updated()]
    verify_records(entries, items, ["x", "y"], "sync")
    with pytest.raises(StalePlan):
        verify_records(entries, items, ["x", "x"], "sync")
