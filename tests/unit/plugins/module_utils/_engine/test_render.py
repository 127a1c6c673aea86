# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The markers of a diff: a secret never shows, and a change of one never disappears."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import changed_paths
from ansible_collections.mailfleet.email.plugins.module_utils._engine.result import render
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import MASKED, NOT_SHOWN, Secret
from tests.unit.plugins.module_utils._engine.strategies import SECRET_MARK, json_records, mixed_records, wrapped

ABSENT = object()
OLD, NEW = Secret("old"), Secret("new")
STATES = {
    "unchanged": (OLD, Secret("old")),
    "changed": (OLD, NEW),
    "masked, kept": (MASKED, MASKED),
    "masked, written": (MASKED, NEW),
    "not shown, written": (NOT_SHOWN, NEW),
    "set": (ABSENT, NEW),
    "set in place of nothing": ("", NEW),
    "removed": (OLD, ABSENT),
    "blanked": (OLD, ""),
    "masked, removed": (MASKED, ABSENT),
}


def rendered(state: str) -> tuple[Any, Any]:
    before, after = ({} if value is ABSENT else {"pass": value} for value in STATES[state])
    shown = render(before, after)
    return shown[0].get("pass", ABSENT), shown[1].get("pass", ABSENT)


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [
        ("unchanged", "<secret: unchanged>", "<secret: unchanged>"),
        ("changed", "<secret: current>", "<secret: new>"),
        ("masked, kept", "<secret: not readable>", "<secret: not readable>"),
        ("masked, written", "<secret: not readable>", "<secret: written, whether it differs is not known>"),
        ("not shown, written", "<secret: not readable>", "<secret: written, whether it differs is not known>"),
        ("set", ABSENT, "<secret: set>"),
        ("set in place of nothing", "", "<secret: set>"),
        ("removed", "<secret: to be removed>", ABSENT),
        ("blanked", "<secret: to be removed>", ""),
        ("masked, removed", "<secret: not readable>", ABSENT),
    ],
)
def test_markers(state: str, before: Any, after: Any) -> None:
    assert rendered(state) == (before, after)


def test_every_kind_of_change_differs_from_every_other() -> None:
    same_to_a_reader = {"masked, written": "not shown, written"}
    shown = {state: rendered(state) for state in STATES if state not in same_to_a_reader}
    assert len(set(shown.values())) == len(shown)


def test_no_record_is_an_empty_mapping() -> None:
    assert render(None, None) == ({}, {})
    assert render(None, {"pass": NEW, "host": "a"}) == ({}, {"pass": "<secret: set>", "host": "a"})
    assert render({"pass": OLD, "host": "a"}, None) == ({"pass": "<secret: to be removed>", "host": "a"}, {})


def test_lists_are_rendered_item_by_item() -> None:
    before = {"list": [{"pass": OLD}, {"pass": OLD}]}
    after = {"list": [{"pass": NEW}]}
    assert render(before, after) == (
        {"list": [{"pass": "<secret: current>"}, {"pass": "<secret: to be removed>"}]},
        {"list": [{"pass": "<secret: new>"}]},
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"proxy": {"password": OLD}}, {"proxy": NEW}),
        ({"proxy": OLD}, {"proxy": {"password": NEW}}),
        ({"proxy": [{"password": OLD}]}, {"proxy": NEW}),
        ({"auth": {"password": OLD}}, {"auth": [{"password": NEW}]}),
        ({"auth": [{"password": OLD}]}, {"auth": {"password": NEW}}),
        ({"auth": {"password": OLD}}, {"auth": "none"}),
    ],
)
def test_a_field_that_changes_its_shape(before: Any, after: Any) -> None:
    shown = render(before, after)
    assert json.loads(json.dumps(shown)) == [*shown]
    assert shown[0] != shown[1]


@settings(max_examples=150)
@given(json_records | mixed_records, json_records | mixed_records)
def test_rendered_records_are_plain_json_without_a_secret(before: Any, after: Any) -> None:
    shown = json.dumps(render(wrapped(before), wrapped(after)))
    assert SECRET_MARK not in shown


@settings(max_examples=150)
@given(json_records | mixed_records, json_records | mixed_records)
def test_a_change_never_disappears(before: Any, after: Any) -> None:
    old, new = wrapped(before), wrapped(after)
    shown_before, shown_after = render(old, new)
    if changed_paths(old, new):
        assert shown_before != shown_after


@given(json_records)
def test_nothing_is_shown_as_changed_where_nothing_changes(record: Any) -> None:
    shown_before, shown_after = render(wrapped(record), wrapped(record))
    assert shown_before == shown_after


@pytest.mark.parametrize(("marker", "turned"), [("<secret: to be removed>", False), ("<secret: set>", True)])
@pytest.mark.parametrize("other", [{"a": [1]}, {}])
def test_items_that_come_or_go_show_with_all_they_hold(marker: str, turned: bool, other: dict[str, Any]) -> None:
    record = {"a": [1, {"b": 2, "pass": Secret("x")}, [Secret("y"), "c"]]}
    shown = {"a": [1, {"b": 2, "pass": marker}, [marker, "c"]]}
    if turned:
        assert render(other, record) == (other, shown)
    else:
        assert render(record, other) == (shown, other)
