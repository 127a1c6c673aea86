# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan that binds: the same fingerprints for the same, other ones for anything else, and words for what moved."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import (
    NOTHING,
    Plan,
    plan_absent,
    plan_present,
)
from ansible_collections.mailfleet.email.plugins.module_utils._engine.planned_outcome import Live
from ansible_collections.mailfleet.email.plugins.module_utils._engine.record_result import RecordResult
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import MASKED, Record, Secret
from ansible_collections.mailfleet.email.plugins.module_utils._engine.verify_plan import StalePlan, verify_plan

SERVER = "https://server.example.com"
LIVE_RECORDS = Live(lambda item: item.plan.before, lambda key: key == "gone")
LIVE: Record = {"port": 1, "password": Secret("live-secret"), "nested": [{"token": Secret("t")}]}


def made(plan: Plan, key: str = "one") -> RecordResult:
    item = RecordResult(0, key, "record", plan)
    item.replan = lambda live: plan_present(live, {"port": 2})
    return item


def updated(**changes: Any) -> RecordResult:
    return made(plan_present({**LIVE, **changes}, {"port": 2}))


def prints(items: list[RecordResult], key: str | None = None, server: str = SERVER) -> list[str]:
    found: list[str] = verify_plan({"key": key}, items, LIVE_RECORDS, server, "sync")["fingerprints"]
    return found


def reviewed(items: list[RecordResult], key: str | None = None) -> list[dict[str, Any]]:
    found = prints(items, key)
    assert len(found) == len(items)
    return [
        {
            "record": item.key,
            "action": item.plan.action,
            "changed_fields": list(item.plan.changed_fields),
            "fingerprint": fingerprint,
        }
        for item, fingerprint in zip(items, found)
    ]


def hold(entries: list[dict[str, Any]], items: list[RecordResult], key: str | None = None) -> None:
    verify_plan({"key": key, "reviewed": entries}, items, LIVE_RECORDS, SERVER, "sync")


def test_nothing_is_asked_for() -> None:
    assert verify_plan(None, [updated()], LIVE_RECORDS, SERVER, "sync") == {}


def test_equal_things_have_equal_fingerprints() -> None:
    other_order = dict(reversed(LIVE.items()))
    assert prints([updated()]) == prints([made(plan_present(other_order, {"port": 2}))])


@pytest.mark.parametrize(
    "other",
    [
        updated(port=3),
        updated(new=1),
        made(plan_present(LIVE, {"port": 4})),
        made(plan_present(LIVE, {"port": 2, "password": Secret("next")})),
        made(plan_present(None, {"port": 2})),
        made(plan_absent(LIVE)),
        made(plan_present(LIVE, {})),
        made(plan_present(LIVE, {"port": 2}), key="two"),
        updated(password=MASKED),
    ],
)
def test_other_things_have_other_fingerprints(other: RecordResult) -> None:
    assert prints([updated()]) != prints([other])


def test_another_server_is_another_thing() -> None:
    assert prints([updated()]) != prints([updated()], server="https://other.example.com")


def test_secrets_count_with_a_key_only() -> None:
    same, other = updated(), updated(password=Secret("another"))
    assert prints([same]) == prints([other])
    assert prints([same], "key") != prints([other], "key")
    assert prints([same], "key") == prints([updated()], "key")
    assert prints([same], "key") != prints([same], "another key")


def test_what_was_reviewed_is_let_through() -> None:
    items = [updated(), made(plan_present(None, {"port": 1}), key="new"), made(plan_present(LIVE, {}), key="same")]
    for key in (None, "key"):
        hold(reviewed(items, key), list(reversed(items)), key)


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ([updated()], [], "one: was planned (updated (port)), and is neither described nor to be removed any more"),
        ([], [updated()], "one: is not in the plan, and now: updated (port)"),
        ([updated()], [made(plan_present(LIVE, {}))], "one: was planned: updated (port); now: none"),
        (
            [updated()],
            [updated(more=1)],
            "one: was planned (updated (port)), and what is live or described is something",
        ),
        ([updated(), updated()], [updated()], "one: was planned: updated (port), updated (port); now: updated (port)"),
    ],
)
def test_what_moved_is_reported(before: list[RecordResult], now: list[RecordResult], words: str) -> None:
    with pytest.raises(StalePlan) as raised:
        hold(reviewed(before), now)
    assert words in str(raised.value)
    assert raised.value.details()["kind"] == "plan"
    assert "secret" not in str(raised.value)


def test_a_record_that_cannot_be_read_is_not_what_was_reviewed() -> None:
    item = made(plan_present(LIVE, {}))
    entries = reviewed([item])
    item.fail("no connection", {"kind": "connection"})
    with pytest.raises(StalePlan, match="now: failed"):
        hold(entries, [item])


def test_a_record_that_changes_while_the_plan_is_carried_out() -> None:
    """A new plan for a new state must lead where the reviewed one does."""
    item = updated()
    hold(reviewed([item]), [item])
    assert item.replan is not None
    assert item.replan(LIVE).after == item.plan.after
    assert item.replan({**LIVE, "port": 2}).changed is False
    with pytest.raises(StalePlan, match="changed while"):
        item.replan({**LIVE, "other": 1})


def held(item: RecordResult) -> Any:
    """What makes the plan of a record anew that was reviewed."""
    hold(reviewed([item]), [item])
    return item.replan


@pytest.mark.parametrize(
    "now",
    [
        {**LIVE, "port": 3},
        {**LIVE, "name": "renamed"},
        {**LIVE, "new": 1},
        {name: value for name, value in LIVE.items() if name != "password"},
        {**LIVE, "password": Secret("another")},
        None,
    ],
)
def test_whatever_changes_stops_an_update(now: Any) -> None:
    """Also where it would end the same: somebody's change would be overwritten that nobody reviewed."""
    replan = held(updated())
    with pytest.raises(StalePlan, match="changed while"):
        replan(now)


@pytest.mark.parametrize("now", [{**LIVE, "port": 3}, {**LIVE, "name": "renamed"}, {**LIVE, "new": 1}])
def test_whatever_changes_stops_a_deletion(now: Any) -> None:
    item = made(plan_absent(LIVE))
    item.replan = plan_absent
    replan = held(item)
    assert replan(LIVE).action == "deleted"
    assert replan(None).changed is False
    with pytest.raises(StalePlan, match="changed while"):
        replan(now)


def test_a_deletion_of_what_is_kept_by_now_stops() -> None:
    item = made(plan_absent(LIVE))
    item.replan = lambda live: NOTHING  # noqa: ARG005
    replan = held(item)
    assert replan(None).changed is False
    with pytest.raises(StalePlan):
        replan(LIVE)


def test_a_record_that_should_stay_and_is_another_one_stops() -> None:
    """Also where nothing would be done about either."""
    gone, back = made(plan_present(LIVE, {})), made(NOTHING)
    gone.replan, back.replan = (lambda live: NOTHING), (lambda live: plan_present(live, {}))  # noqa: ARG005
    for item, now in ((gone, None), (back, LIVE)):
        item.own_effects = {"name": "aside"}
        with pytest.raises(StalePlan, match="changed while"):
            held(item)(now)


def test_a_creation_of_what_somebody_else_created_stops() -> None:
    item = made(plan_present(None, {"port": 2}))
    replan = held(item)
    assert replan(None).action == "created"
    assert replan({"port": 2}).changed is False
    with pytest.raises(StalePlan):
        replan({"port": 3})


def test_what_the_task_did_itself_is_nobodys_change() -> None:
    named: Record = {**LIVE, "name": "one"}
    item = updated(name="one")
    item.own_effects = {"name": "aside"}
    replan = held(item)
    assert replan({**named, "name": "aside"}).changed
    for now in ({**named, "name": "other"}, {**named, "name": "aside", "port": 3}):
        with pytest.raises(StalePlan):
            replan(now)
