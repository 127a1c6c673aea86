# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task says it did, made from the plan alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine import result as report
from ansible_collections.mailfleet.email.plugins.module_utils._engine import rewritten
from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import plan_absent, plan_present
from ansible_collections.mailfleet.email.plugins.module_utils._engine.record_result import RecordResult, note_rewritten
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import MASKED, NOT_SHOWN, Secret

AGAIN = "; the next run would change it again, so describe the value that is stored"


def test_result_of_an_update() -> None:
    plan = plan_present({"host": "a", "pass": Secret("old")}, {"host": "b", "pass": Secret("new")})
    result = report.result(plan, "settings of a.example")
    assert result == {
        "changed": True,
        "action": "updated",
        "changed_fields": ["host", "pass"],
        "diff": {
            "before": {"host": "a", "pass": "<secret: current>"},
            "after": {"host": "b", "pass": "<secret: new>"},
            "before_header": "settings of a.example",
            "after_header": "settings of a.example",
        },
    }
    assert json.loads(json.dumps(result)) == result


def test_fields_that_may_differ_are_distinguished_from_those_that_do() -> None:
    plan = plan_present({"host": "a", "pass": MASKED}, {"host": "b", "pass": Secret("new")})
    result = report.result(plan, "x")
    assert (result["changed_fields"], result["unknown_fields"]) == (["host", "pass"], ["pass"])
    assert RecordResult(0, "a", "settings of", plan).result()["unknown_fields"] == ["pass"]


def test_result_of_no_change_shows_the_record_on_both_sides() -> None:
    result = report.result(plan_present({"host": "a"}, {"host": "a"}), "x")
    assert (result["changed"], result["action"], result["changed_fields"]) == (False, "none", [])
    assert result["diff"]["before"] == result["diff"]["after"] == {"host": "a"}


def test_result_of_a_deletion() -> None:
    result = report.result(plan_absent({"host": "a", "pass": MASKED}), "x")
    assert (result["changed"], result["action"], result["changed_fields"]) == (True, "deleted", ["host", "pass"])
    assert result["diff"]["before"] == {"host": "a", "pass": "<secret: not readable>"}
    assert result["diff"]["after"] == {}


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"port": 587}, {"port": "587"}),
        ({"from": ""}, {}),
        ({"host": "a"}, {"host": "a", "added": 1}),
        ({"auth": {"pass": Secret("a")}}, {"auth": {"pass": Secret("a")}}),
        ({"pass": Secret("a")}, {"pass": MASKED}),
        ({"pass": Secret("a")}, {"pass": NOT_SHOWN}),
        ({"tls": {}}, {}),
    ],
)
def test_stored_as_sent(sent: Any, stored: Any) -> None:
    assert rewritten.stored_otherwise(sent, stored) == []


def test_stored_otherwise_names_field_and_both_values() -> None:
    sent = {"host": "SMTP.example.com", "tls": {"reject": True}, "port": 25}
    stored = {"host": "smtp.example.com", "tls": None, "port": 25}
    assert rewritten.stored_otherwise(sent, stored) == [
        f"host: sent 'SMTP.example.com', but the server stores 'smtp.example.com'{AGAIN}",
        f"tls.reject: sent True, but the server stores None{AGAIN}",
    ]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [(Secret("hunter2"), Secret("hunter")), (Secret("hunter2"), None), ("", Secret("hunter2"))],
)
def test_stored_otherwise_shows_no_secret(sent: Any, stored: Any) -> None:
    [warning] = rewritten.stored_otherwise({"auth": {"pass": sent}}, {"auth": {"pass": stored}})
    assert warning == f"auth.pass: the server stores another secret than the one sent (neither is shown){AGAIN}"


def test_stored_otherwise_shows_no_secret_of_a_list_or_of_another_shape() -> None:
    sent = {"list": [{"pass": Secret("hunter2")}], "proxy": "x"}
    stored = {"list": [{"pass": Secret("hunter3")}], "proxy": {"pass": Secret("hunter4")}}
    warnings = rewritten.stored_otherwise(sent, stored)
    assert len(warnings) == 2
    assert "hunter" not in " ".join(warnings)


@pytest.mark.parametrize(
    ("described", "live"),
    [
        ("Mail of the PBX", "mail of the pbx"),
        (" Mail  of the PBX ", "Mail of the PBX"),
        ("smtp.example.com.", "smtp.example.com"),
        ("Postfächer", "Postfa\u0308cher"),
        ("PBX <pbx@münchen.example>", "PBX <pbx@xn--mnchen-3ya.example>"),
        ("http://proxy.münchen.example:3128", "http://proxy.xn--mnchen-3ya.example:3128"),
        (587.0, "587"),
        (True, "true"),
        (["TLSv1.2", "b"], ["tlsv1.2", "b"]),
        ([{"Name": "A"}], [{"Name": "a"}]),
    ],
)
def test_what_a_server_may_have_rewritten(described: Any, live: Any) -> None:
    for wanted, there in ((described, live), (live, described)):
        plan = plan_present({"options": {"value": there, "other": 1}}, {"options": {"value": wanted, "other": 2}})
        [warning] = rewritten.perhaps_rewritten({"options": {"value": wanted, "other": 2}}, plan)
        assert warning.startswith("options.value: the live value differs from the described one only in what servers")
        assert f"{wanted!r} is described, and the server stores {there!r}" in warning


@pytest.mark.parametrize(
    ("described", "live"),
    [
        ("smtp.example.com", "smtp.example.org"),
        ("Mail of the PBX", "Mail"),
        ("smtp.example.com", ".smtp.example.com"),
        ("MAX", "MA"),
        ("a", None),
        (1, True),
        ({"a": "b"}, "b"),
        ([{"pass": Secret("Hunter")}], [{"pass": Secret("hunter")}]),
        (Secret("hunter"), MASKED),
        (Secret("hunter"), NOT_SHOWN),
    ],
)
def test_what_no_server_rewrites(described: Any, live: Any) -> None:
    plan = plan_present({"value": live, "other": 1}, {"value": described, "other": 2})
    assert rewritten.perhaps_rewritten({"value": described, "other": 2}, plan) == []


def test_passwords_that_differ_in_case_are_two() -> None:
    plan = plan_present({"pass": Secret("hunter2")}, {"pass": Secret("Hunter2")})
    assert rewritten.perhaps_rewritten({"pass": Secret("Hunter2")}, plan) == []


@pytest.mark.parametrize(
    ("name", "described", "live"),
    [
        ("pass", Secret(" hunter2"), Secret("hunter2")),
        ("unknown", Secret("Hunter"), Secret("hunter")),
        ("unknown", [Secret("Hunter")], [Secret("hunter")]),
        ("pass", [Secret(" hunter2")], [Secret("hunter2")]),
        ("unknown", Secret("Hunter"), "hunter"),
        ("unknown", "Hunter", Secret("hunter")),
    ],
)
def test_a_rewritten_secret_is_not_shown(name: str, described: Any, live: Any) -> None:
    [warning] = rewritten.perhaps_rewritten({name: described}, plan_present({name: live}, {name: described}))
    assert warning.startswith(f"{name}: the live value differs")
    assert "hunter" not in warning.lower()
    if not isinstance(described, list):
        assert "(neither is shown)" in warning


def test_nothing_is_rewritten_in_what_is_created_or_deleted() -> None:
    assert rewritten.perhaps_rewritten({"host": "A"}, plan_present(None, {"host": "A"})) == []
    assert rewritten.perhaps_rewritten({"host": "A"}, plan_absent({"host": "a"})) == []


def test_each_record_is_warned_of_what_its_server_may_have_rewritten() -> None:
    plan = plan_present({"host": "a"}, {"host": "A"})
    items = [
        RecordResult(0, key, "settings of", plan, described=sent) for key, sent in (("x", {"host": "A"}), ("y", None))
    ]
    for item in items:
        item.warnings = ("before",)
    note_rewritten(items)
    [before, warning] = items[0].warnings
    assert before == "before"
    assert warning.startswith("settings of x: host: the live value differs")
    assert items[1].warnings == ("before",)


@pytest.mark.parametrize(
    ("live", "wanted", "stored", "expected"),
    [
        ({"host": "a", "port": 1}, {"host": "b", "port": 2}, {"host": "a", "port": 1}, ("host", "port")),
        ({"host": "a", "port": 1}, {"host": "b", "port": 2}, {"host": "b", "port": 1}, ()),
        ({"host": "a", "port": 1}, {"host": "A", "port": 2}, {"host": "a", "port": 1}, ("host", "port")),
        ({"host": "a"}, {"host": "A"}, {"host": "a"}, ()),
        ({"pass": MASKED}, {"pass": Secret("new")}, {"pass": MASKED}, ()),
        (None, {"host": "b"}, {}, ()),
        ({"host": "a"}, None, {"host": "a"}, ()),
    ],
)
def test_an_update_of_which_nothing_is_stored(live: Any, wanted: Any, stored: Any, expected: tuple[str, ...]) -> None:
    plan = plan_absent(live) if wanted is None else plan_present(live, wanted)
    assert rewritten.unstored(plan, stored) == expected
