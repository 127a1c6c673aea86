# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan that binds: the same fingerprints for the same, other ones for anything else, and words for what moved."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import Plan, plan_absent, plan_present
from ansible_collections.mailfleet.email.plugins.module_utils._engine.record_result import Verdict
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import MASKED, Record, Secret
from ansible_collections.mailfleet.email.plugins.module_utils._engine.verify_plan import PlanMoved, review

SERVER = "https://server.example.com"
LIVE: Record = {"port": 1, "password": Secret("live-secret"), "nested": [{"token": Secret("t")}]}


def made(plan: Plan, key: str = "one") -> Verdict:
    verdict = Verdict(0, key, "record", plan)
    verdict.replan = lambda live: plan_present(live, {"port": 2})
    return verdict


def updated(**changes: Any) -> Verdict:
    return made(plan_present({**LIVE, **changes}, {"port": 2}))


def prints(verdicts: list[Verdict], key: str | None = None, server: str = SERVER) -> list[str]:
    found: list[str] = review({"key": key}, verdicts, lambda v: v.plan.before, server, "sync")["fingerprints"]
    return found


def reviewed(verdicts: list[Verdict], key: str | None = None) -> list[dict[str, Any]]:
    found = prints(verdicts, key)
    assert len(found) == len(verdicts)
    return [
        {
            "record": verdict.key,
            "action": verdict.plan.action,
            "changed_fields": list(verdict.plan.changed_fields),
            "fingerprint": fingerprint,
        }
        for verdict, fingerprint in zip(verdicts, found)
    ]


def hold(entries: list[dict[str, Any]], verdicts: list[Verdict], key: str | None = None) -> None:
    review({"key": key, "reviewed": entries}, verdicts, lambda v: v.plan.before, SERVER, "sync")


def test_nothing_is_asked_for() -> None:
    assert review(None, [updated()], lambda v: v.plan.before, SERVER, "sync") == {}


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
def test_other_things_have_other_fingerprints(other: Verdict) -> None:
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
    verdicts = [updated(), made(plan_present(None, {"port": 1}), key="new"), made(plan_present(LIVE, {}), key="same")]
    for key in (None, "key"):
        hold(reviewed(verdicts, key), list(reversed(verdicts)), key)


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
def test_what_moved_is_told(before: list[Verdict], now: list[Verdict], words: str) -> None:
    with pytest.raises(PlanMoved) as raised:
        hold(reviewed(before), now)
    assert words in str(raised.value)
    assert raised.value.details()["kind"] == "plan"
    assert "secret" not in str(raised.value)


def test_a_record_that_cannot_be_read_is_not_what_was_reviewed() -> None:
    verdict = made(plan_present(LIVE, {}))
    entries = reviewed([verdict])
    verdict.fail("no connection", {"kind": "connection"})
    with pytest.raises(PlanMoved, match="now: failed"):
        hold(entries, [verdict])


def test_a_record_that_changes_while_the_plan_is_carried_out() -> None:
    """A new plan for a new state must lead where the reviewed one does."""
    verdict = updated()
    hold(reviewed([verdict]), [verdict])
    assert verdict.replan is not None
    assert verdict.replan(LIVE).after == verdict.plan.after
    assert verdict.replan({**LIVE, "port": 2}).changed is False
    with pytest.raises(PlanMoved, match="changed while"):
        verdict.replan({**LIVE, "other": 1})
