# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that is taken up again: what is as planned counts as done, and nothing else does."""

from __future__ import annotations

import hmac
import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import (
    NOTHING,
    Plan,
    plan_absent,
    plan_present,
)
from ansible_collections.mailfleet.email.plugins.module_utils._engine.planned_outcome import Live, Outcomes
from ansible_collections.mailfleet.email.plugins.module_utils._engine.record_result import RecordResult
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import NOT_SHOWN, Record, Secret
from ansible_collections.mailfleet.email.plugins.module_utils._engine.verify_plan import StalePlan, verify_plan

SERVER = "https://server.example.com"
LIVE: Record = {
    "name": "one",
    "port": 1,
    "password": Secret("old"),
    "id": 7,
    "default": False,
    "words": ["a", Secret("b"), NOT_SHOWN],
}
WANTED: Record = {"name": "one", "port": 2, "auth": {"user": "u", "empty": ""}, "password": Secret("new")}
HIDDEN: Record = {**LIVE, "password": NOT_SHOWN}


def item(live: Record | None, wanted: Record | None, key: str = "one") -> tuple[RecordResult, Record | None]:
    """What there is to do about a record, and the record. `wanted` is `None` for one that should not be."""
    before = live and {name: value for name, value in live.items() if name != "id"}
    plan = plan_absent(before) if wanted is None else plan_present(before, wanted)
    return RecordResult(0, key, "record", plan if plan.changed else NOTHING), live


def _option(
    items: list[tuple[RecordResult, Record | None]], option: Record, gone: bool, server: str = SERVER
) -> dict[str, Any]:
    lives = {id(result): live for result, live in items}
    live = Live(lambda result: lives[id(result)], lambda key: gone and key == "one", ("id",), ("default",))
    return verify_plan(option, [result for result, _live in items], live, server, "sync")


def taken_up(
    before: list[tuple[RecordResult, Record | None]],
    now: list[tuple[RecordResult, Record | None]],
    key: str | None = None,
    *,
    gone: bool = False,
    server: str = SERVER,
) -> bool:
    """Whether a plan is good for what there is now."""
    made = _option(before, {"key": key}, gone)
    reviewed = [
        {
            "record": result.key,
            "action": result.plan.action,
            "changed_fields": list(result.plan.changed_fields),
            "fingerprint": fingerprint,
            "outcomes": outcomes,
        }
        for (result, _live), fingerprint, outcomes in zip(before, made["fingerprints"], made["outcomes"])
    ]
    assert "new" not in str(reviewed).replace("'new'", "") or key is None
    if before != now:
        with pytest.raises(StalePlan):
            _option(now, {"key": key, "reviewed": reviewed}, gone)
    try:
        _option(now, {"key": key, "reviewed": reviewed, "done": "accept"}, gone, server)
    except StalePlan:
        return False
    return True


STORED = {**WANTED, "id": 9, "default": True, "created": "today", "port": "2"}
UPDATED = {**LIVE, **WANTED}


@pytest.mark.parametrize("key", [None, "key"])
@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param(item(None, WANTED), item(STORED, WANTED), id="created"),
        pytest.param(item(None, WANTED), item({**STORED, "password": NOT_SHOWN}, WANTED), id="created, password again"),
        pytest.param(
            item(None, WANTED),
            item({**STORED, "password": NOT_SHOWN}, {"name": "one", "port": 2}),
            id="created, password on creation only",
        ),
        pytest.param(item(LIVE, WANTED), item(UPDATED, WANTED), id="updated"),
        pytest.param(item(LIVE, WANTED), item({**UPDATED, "default": True, "id": 8}, WANTED), id="default moved"),
        pytest.param(item(HIDDEN, WANTED), item({**UPDATED, "password": NOT_SHOWN}, WANTED), id="password again"),
        pytest.param(item(LIVE, None), item(None, None), id="deleted"),
        pytest.param(
            item({**LIVE, "default": True}, {"port": 1}), item(LIVE, {"port": 1}), id="another became the default"
        ),
    ],
)
def test_what_is_as_planned(before: Any, now: Any, key: str | None) -> None:
    other = item(LIVE, {"port": 5}, "two")
    assert taken_up([before, other], [now, other], key)
    assert taken_up([before, other], [before, other], key)


@pytest.mark.parametrize("key", [None, "key"])
@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param(item(None, WANTED), item({**STORED, "port": 3}, {**WANTED, "port": 3}), id="another value"),
        pytest.param(item(None, WANTED), item({**STORED, "port": 3}, WANTED), id="something is left to do"),
        pytest.param(item(None, WANTED), item({"name": "one", "id": 9}, {"name": "one"}), id="less"),
        pytest.param(item(LIVE, WANTED), item({**UPDATED, "other": 1}, WANTED), id="a field that nobody described"),
        pytest.param(
            item(LIVE, WANTED),
            item({**UPDATED, "words": ["c", Secret("b"), NOT_SHOWN]}, WANTED),
            id="a word that nobody described",
        ),
        pytest.param(item(LIVE, WANTED), item({**UPDATED, "name": "One"}, {"port": 2}), id="another name"),
        pytest.param(item(LIVE, WANTED), item(LIVE, {"port": 1}), id="not described any more"),
        pytest.param(item(LIVE, WANTED), item(None, None), id="gone"),
        pytest.param(item(LIVE, None), item(LIVE, {"port": 1}), id="kept"),
        pytest.param(item(LIVE, {"port": 1}), item({**LIVE, "port": 9}, {"port": 9}), id="nothing to do"),
        pytest.param(item(LIVE, {"port": 2}), item({**HIDDEN, "port": 2}, WANTED), id="a password nobody planned"),
        pytest.param(item(None, WANTED), item(STORED, WANTED, "two"), id="another record"),
    ],
)
def test_what_is_not_as_planned(before: Any, now: Any, key: str | None) -> None:
    assert not taken_up([before], [now], key)


def test_another_password_counts_with_a_key() -> None:
    other: Record = {**WANTED, "password": Secret("other")}
    shown, again = item({**STORED, **other}, other), item({**STORED, "password": NOT_SHOWN}, other)
    for now in (shown, again):
        assert not taken_up([item(None, WANTED)], [now], "key")
        assert taken_up([item(None, WANTED)], [now])


def test_another_secret_in_a_list_counts_with_a_key() -> None:
    now = item({**UPDATED, "words": ["a", Secret("other"), NOT_SHOWN]}, WANTED)
    assert not taken_up([item(LIVE, WANTED)], [now], "key")
    assert taken_up([item(LIVE, WANTED)], [now])


@pytest.mark.parametrize("key", [None, "key"])
def test_what_is_done_on_another_server_is_not_done(key: str | None) -> None:
    before, now = [item(LIVE, WANTED)], [item(UPDATED, WANTED)]
    assert taken_up(before, now, key)
    assert not taken_up(before, now, key, server="https://other.example.com")


def test_an_outcome_tells_nothing_of_a_secret_to_who_has_no_key() -> None:
    """Plan files hold outcomes, so they also stay what they are."""
    after: Record = {
        "name": "one",
        "id": 7,
        "default": True,
        "port": 2,
        "on": True,
        "auth": {"user": "u", "empty": "", "pass": Secret("p")},
        "token": NOT_SHOWN,
        "words": ["a", Secret("b"), NOT_SHOWN],
    }
    created = RecordResult(0, "one", "record", Plan("created", None, after, ("name",)))

    def keyed(*data: Any) -> str:
        return hmac.new(b"key", json.dumps(data, sort_keys=True, separators=(",", ":")).encode(), "sha256").hexdigest()

    fields = {"name": "one", "port": "2", "on": True, "auth.user": "u", "words": ["a"]}
    secrets = {"auth.pass": keyed("auth.pass", "p"), "token": None, "words": keyed("words", ["b"])}
    wanted = [keyed(SERVER, "one", fields), keyed(SERVER, "one", fields, secrets)]
    assert _option([(created, None)], {"key": "key"}, gone=False)["outcomes"] == [wanted]
    others = {**after, "auth": {**after["auth"], "pass": Secret("q")}, "words": ["a", Secret("c"), NOT_SHOWN]}
    other = RecordResult(0, "one", "record", Plan("created", None, others, ("name",)))
    [[one], [same]] = _option([(created, None), (other, None)], {}, gone=False)["outcomes"]
    assert one == same


def test_a_plan_that_foretells_too_much_or_nothing() -> None:
    """As a file may that somebody else wrote: what is to be deleted is not done before it is gone."""
    stays, live = item(UPDATED, WANTED)
    outcomes = Outcomes(Live(lambda _item: live, lambda _key: False), SERVER, None)
    entry = {"record": "one", "action": "updated", "changed_fields": ["port"], "fingerprint": "x"}
    assert not outcomes.came_true([entry], [stays])
    before = item(LIVE, UPDATED)[0]
    [foretold] = outcomes.foretold(before)
    assert outcomes.came_true([{**entry, "outcomes": [foretold]}], [stays])
    assert not outcomes.came_true([{**entry, "action": "deleted", "outcomes": [foretold]}], [stays])


def test_what_was_pruned_is_gone() -> None:
    assert taken_up([item(LIVE, None)], [], gone=True)
    assert not taken_up([item(LIVE, None)], [], gone=False)
    assert not taken_up([item(LIVE, WANTED)], [], gone=True)
    assert taken_up([item(LIVE, None), item(HIDDEN, None)], [], gone=True)
    assert not taken_up([item(LIVE, None), item(LIVE, None, "two")], [], gone=True)


def test_of_two_records_of_one_name_nobody_knows_which_is_done() -> None:
    assert not taken_up([item(LIVE, WANTED), item(LIVE, WANTED)], [item(UPDATED, WANTED), item(UPDATED, WANTED)])


def test_a_record_that_cannot_be_read_is_not_done() -> None:
    result, live = item(UPDATED, WANTED)
    result.fail("no connection", {"kind": "connection"})
    assert not taken_up([item(LIVE, WANTED)], [(result, live)])
