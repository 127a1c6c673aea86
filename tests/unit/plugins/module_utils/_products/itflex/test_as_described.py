# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The short way to see that an account is as described never says yes where a plan would find something to do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import MASKED, NOT_SHOWN, Secret, wrap
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.account import (
    FIELDS,
    SHOWN,
    desired_record,
    is_as_described,
    make_plan,
)
from tests.unit.plugins.module_utils._products.itflex.accounts import live

NOTHING_GIVEN = {**dict.fromkeys(("id", *FIELDS)), "state": "present", "update_password": "always"}
LIVE: dict[str, Any] = {**live(), "password": Secret("hunter2")}

texts = st.sampled_from(["", "a", "587", "https://user:hunter2@a", "hunter2"])
FIELD_VALUES = {
    name: st.booleans()
    if name in ("default", "has_auth")
    else st.sampled_from([1, 587])
    if name == "smtp_port"
    else texts
    for name in FIELDS
}
described = st.fixed_dictionaries(
    {"state": st.sampled_from(["present", "absent"]), "update_password": st.sampled_from(["always", "on_create"])},
    optional={name: st.none() | values for name, values in FIELD_VALUES.items()},
)
secrets = st.sampled_from(["a", "hunter2"]).map(Secret) | st.sampled_from([MASKED, NOT_SHOWN, "", None])
accounts = st.fixed_dictionaries(
    {"id": st.just(7), **{name: values for name, values in FIELD_VALUES.items() if name != "password"}},
    optional={"password": secrets},
).map(lambda account: wrap(account, SHOWN, shown=True))


@given(described, accounts)
def test_a_yes_is_a_plan_to_do_nothing(options: dict[str, Any], account: dict[str, Any]) -> None:
    params = {**NOTHING_GIVEN, **options}
    if is_as_described(params, account):
        assert not make_plan(params, account, desired_record(params)).changed


@pytest.mark.parametrize(
    "given_fields", [{}, {"name": LIVE["name"]}, {name: LIVE[name] for name in ("email", "default")}]
)
def test_an_account_to_the_letter(given_fields: dict[str, Any]) -> None:
    assert is_as_described({**NOTHING_GIVEN, **given_fields, "password": Secret("hunter2")}, LIVE)


@pytest.mark.parametrize(
    "other",
    [
        {"state": "absent"},
        {"password": Secret("another")},
        {"password": ""},
        {"smtp_port": 466},
        {"default": True},
        {"smtp_server": "https://user:hunter2@a"},
    ],
    ids=str,
)
def test_an_account_that_is_otherwise(other: dict[str, Any]) -> None:
    assert not is_as_described({**NOTHING_GIVEN, "name": LIVE["name"], "password": Secret("hunter2"), **other}, LIVE)
