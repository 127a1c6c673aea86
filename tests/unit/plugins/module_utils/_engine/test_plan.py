# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans: what a merge keeps, what counts as the same, and that a plan carried out leaves nothing to do."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import (
    Plan,
    changed_paths,
    plan_absent,
    plan_present,
    same,
)
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import MASKED, NOT_SHOWN, Secret
from tests.unit.plugins.module_utils._engine.strategies import json_records, json_values, wrapped

LIVE = {
    "provider": "smtp",
    "options": {
        "host": "smtp.example.com",
        "port": 587,
        "tls": {"rejectUnauthorized": True, "minVersion": "TLSv1.2"},
        "auth": {"user": "mail", "pass": Secret("old"), "type": "login"},
        "pool": [1, 2],
    },
}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (None, ""),
        (None, None),
        ("", NOT_SHOWN),
        (None, NOT_SHOWN),
        (587, "587"),
        (587, " 587 "),
        (0, "0"),
        (True, True),
        ("a", "a"),
        ([1, {"a": 2}], [1, {"a": 2}]),
        (Secret("a"), Secret("a")),
        (MASKED, MASKED),
    ],
)
def test_the_same(left: Any, right: Any) -> None:
    assert same(left, right)
    assert same(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (True, 1),
        (False, 0),
        (True, "true"),
        (False, None),
        (False, ""),
        (0, ""),
        (0, None),
        (587, "588"),
        (587, "0587"),
        ("a", "A"),
        ("a", "a "),
        ([1, 2], [2, 1]),
        ({}, []),
        (Secret("a"), Secret("b")),
        (Secret("a"), "a"),
        (Secret("a"), None),
        (Secret("a"), MASKED),
        (Secret("a"), NOT_SHOWN),
        (MASKED, None),
        (MASKED, NOT_SHOWN),
        (MASKED, "********"),
    ],
)
def test_not_the_same(left: Any, right: Any) -> None:
    assert not same(left, right)
    assert not same(right, left)


def test_nothing_there_is_created() -> None:
    desired = {"host": "a", "note": None, "auth": {"user": "b", "pass": Secret("c"), "x": None}}
    plan = plan_present(None, desired)
    after = {"host": "a", "auth": {"user": "b", "pass": Secret("c")}}
    assert plan == Plan("created", None, after, ("auth.pass", "auth.user", "host"))
    assert plan.changed


def test_an_empty_record_can_be_created() -> None:
    assert plan_present(None, {}) == Plan("created", None, {}, ())


def test_merge_keeps_at_every_level_what_is_not_mentioned() -> None:
    desired = {"options": {"port": 465, "tls": {"rejectUnauthorized": False}, "auth": {"pass": Secret("new")}}}
    plan = plan_present(LIVE, desired)
    assert plan.action == "updated"
    assert plan.changed_fields == ("options.auth.pass", "options.port", "options.tls.rejectUnauthorized")
    assert plan.after == {
        "provider": "smtp",
        "options": {
            "host": "smtp.example.com",
            "port": 465,
            "tls": {"rejectUnauthorized": False, "minVersion": "TLSv1.2"},
            "auth": {"user": "mail", "pass": Secret("new"), "type": "login"},
            "pool": [1, 2],
        },
    }


def test_null_removes() -> None:
    plan = plan_present(LIVE, {"options": {"tls": {"minVersion": None}, "pool": None, "unknown": None}})
    assert plan.changed_fields == ("options.pool", "options.tls.minVersion")
    assert plan.after is not None
    assert plan.after["options"]["tls"] == {"rejectUnauthorized": True}
    assert "pool" not in plan.after["options"]


def test_a_mapping_takes_the_place_of_anything_else() -> None:
    plan = plan_present({"tls": "no", "dkim": None}, {"tls": {"a": 1}, "dkim": {"b": 2}})
    assert plan.after == {"tls": {"a": 1}, "dkim": {"b": 2}}
    assert plan.changed_fields == ("dkim.b", "tls")


@pytest.mark.parametrize("replace", [False, True])
def test_spelling_differences_are_no_change(replace: bool) -> None:
    live = {"port": "587", "from": None, "auth": {"user": ""}, "secure": False}
    desired = {"port": 587, "from": "", "description": "", "secure": False, "auth": {"user": None}}
    plan = plan_present(live, desired, replace=replace)
    assert plan == Plan("none", live, live, ())
    assert not plan.changed


@pytest.mark.parametrize("replace", [False, True])
def test_an_update_leaves_the_spelling_of_what_does_not_change(replace: bool) -> None:
    plan = plan_present({"port": "587", "host": "a"}, {"port": 587, "host": "b"}, replace=replace)
    assert plan.after == {"port": "587", "host": "b"}


@pytest.mark.parametrize(("live", "desired"), [(1, True), (True, 1), (0, False), (False, 0)])
def test_a_number_is_no_yes_or_no(live: Any, desired: Any) -> None:
    plan = plan_present({"a": live, "b": {"c": live}}, {"a": desired, "b": {"c": desired}})
    assert plan.changed_fields == ("a", "b.c")
    assert plan.after is not None
    assert plan.after["a"] is desired
    assert plan.after["b"]["c"] is desired


def test_what_is_as_it_should_be_hides_no_change_behind_it() -> None:
    plan = plan_present({"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 2, "c": 1})
    assert (plan.changed_fields, plan.after) == (("b",), {"a": 1, "b": 2, "c": 1})


@pytest.mark.parametrize("replace", [False, True])
def test_a_plan_knows_whether_it_is_exact(replace: bool) -> None:
    assert plan_present({"a": 1}, {"a": 2}, replace=replace).exact is replace


def test_replace_keeps_the_spelling_at_every_level_and_any_shape() -> None:
    live = {"auth": {"port": "587", "x": 1}, "tls": "no"}
    plan = plan_present(live, {"auth": {"port": 587}, "tls": {"a": 1}}, replace=True)
    assert plan.after == {"auth": {"port": "587"}, "tls": {"a": 1}}
    assert plan.changed_fields == ("auth.x", "tls")


def test_replace_drops_what_is_not_described() -> None:
    desired = {"provider": "smtp", "options": {"host": "smtp.example.com", "auth": {"user": "mail", "x": None}}}
    plan = plan_present(LIVE, desired, replace=True)
    assert plan.after == {"provider": "smtp", "options": {"host": "smtp.example.com", "auth": {"user": "mail"}}}
    assert plan.changed_fields == (
        "options.auth.pass",
        "options.auth.type",
        "options.pool",
        "options.port",
        "options.tls.minVersion",
        "options.tls.rejectUnauthorized",
    )


@pytest.mark.parametrize("hidden", [MASKED, NOT_SHOWN])
@pytest.mark.parametrize("replace", [False, True])
def test_a_password_is_written_where_the_live_one_is_hidden(hidden: Secret, replace: bool) -> None:
    plan = plan_present({"pass": hidden}, {"pass": Secret("new")}, replace=replace)
    assert (plan.action, plan.after, plan.changed_fields) == ("unknown", {"pass": Secret("new")}, ("pass",))
    assert (plan.before, plan.unknown_fields, plan.changed) == ({"pass": hidden}, ("pass",), True)


@pytest.mark.parametrize("hidden", [MASKED, NOT_SHOWN])
def test_what_differs_beside_a_hidden_password_is_an_update(hidden: Secret) -> None:
    live = {"host": "a", "auth": {"user": "b", "pass": hidden}}
    plan = plan_present(live, {"host": "c", "auth": {"pass": Secret("new")}})
    assert (plan.action, plan.changed_fields) == ("updated", ("auth.pass", "host"))
    assert plan.unknown_fields == ("auth.pass",)
    assert plan_present({"auth": {"pass": Secret("old")}}, {"auth": {"pass": Secret("new")}}).unknown_fields == ()


@pytest.mark.parametrize("hidden", [MASKED, NOT_SHOWN])
def test_a_hidden_password_that_is_not_mentioned_stays_hidden(hidden: Secret) -> None:
    plan = plan_present({"pass": hidden, "host": "a"}, {"host": "b"})
    assert plan.after is not None
    assert plan.after["pass"] is hidden


@pytest.mark.parametrize("replace", [False, True])
def test_an_empty_text_stands_for_no_password_where_perhaps_none_is_stored(replace: bool) -> None:
    plan = plan_present({"pass": NOT_SHOWN, "host": "a"}, {"pass": "", "host": "b"}, replace=replace)
    assert plan.after == {"pass": "", "host": "b"}
    assert plan.changed_fields == ("host",)


def test_absent() -> None:
    assert plan_absent(None) == Plan("none", None, None, ())
    assert plan_absent({"host": "a", "auth": {"pass": Secret("b"), "user": ""}}) == Plan(
        "deleted", {"host": "a", "auth": {"pass": Secret("b"), "user": ""}}, None, ("auth.pass", "host")
    )


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        ({}, {}, ()),
        ({"b": 1, "a": 1}, {"b": 2, "a": 2}, ("a", "b")),
        ({"a": {"b": {"c": 1}}}, {"a": {"b": {"c": 2}}}, ("a.b.c",)),
        ({"a": {"b": 1}}, {}, ("a.b",)),
        ({"a": {}}, {}, ()),
        ({"a": {"b": 1}}, {"a": "x"}, ("a",)),
        ({"a": [1]}, {"a": [1, 2]}, ("a",)),
        ({"a": [{"pass": Secret("1")}]}, {"a": [{"pass": Secret("2")}]}, ("a",)),
        ({"": 1}, {}, ("",)),
        (1, 2, ("",)),
    ],
)
def test_changed_paths(before: Any, after: Any, paths: tuple[str, ...]) -> None:
    assert changed_paths(before, after) == paths


@given(json_records | st.none(), json_records, st.booleans())
def test_a_plan_carried_out_leaves_nothing_to_do(live: Any, desired: Any, replace: bool) -> None:
    wanted = wrapped(desired)
    after = plan_present(wrapped(live), wanted, replace=replace).after
    again = plan_present(after, wanted, replace=replace)
    assert (again.action, again.changed_fields, again.after) == ("none", (), after)


@given(json_records, json_records)
def test_untouched_keys_survive_as_they_are(live: Any, desired: Any) -> None:
    before = wrapped(live)
    plan = plan_present(before, wrapped(desired))

    def check(old: Any, wanted: Any, new: Any) -> None:
        for name, value in old.items():
            if name not in wanted:
                assert repr(new[name]) == repr(value)
                assert new[name] == value
            elif isinstance(value, dict) and isinstance(wanted[name], dict):
                check(value, wanted[name], new[name])

    check(before, desired, plan.after)


@given(json_records, json_records, st.booleans())
def test_planning_changes_neither_record(live: Any, desired: Any, replace: bool) -> None:
    before, wanted = wrapped(live), wrapped(desired)
    kept = copy.deepcopy((before, wanted))
    plan_present(before, wanted, replace=replace)
    plan_absent(before)
    assert (before, wanted) == kept


@given(json_values, json_values)
def test_sameness_and_changed_paths_are_symmetric(left: Any, right: Any) -> None:
    one, other = wrapped(left), wrapped(right)
    assert same(one, other) == same(other, one)
    assert changed_paths(one, other) == changed_paths(other, one)
    assert changed_paths(one, one) == ()
