# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An odd record costs itself alone: the document of all the others is one that a task takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.export import exported_accounts
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.export import exported_settings
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._resource.exported import Exported
from ansible_collections.mailfleet.email.plugins.module_utils._validation import validated
from tests.unit.plugins.module_utils._engine.strategies import json_values

ACCOUNT: dict[str, Any] = {"id": 7, "name": "A", "email": "a@example.com", "default": False, "service": "other"}
FIELDS = ("id", "name", "email", "default", "service", "has_auth", "smtp_server", "smtp_port", "smtp_auth_mechanism")
odd_accounts = st.lists(
    st.dictionaries(st.sampled_from([*FIELDS, "created_at"]), json_values | st.sampled_from([7, "A", True]), max_size=6)
    | st.fixed_dictionaries({"id": st.integers(1, 3), "name": st.sampled_from(["A", "a", "", None, " "])}),
    max_size=5,
)
odd_settings = st.lists(
    st.fixed_dictionaries(
        {"domain": st.sampled_from(["a.example", "A.example", "a.example.", "no domain", "", None]) | json_values},
        optional={"options": st.none() | st.dictionaries(st.sampled_from(["host", "port", "auth"]), json_values)},
    ),
    max_size=5,
)


def described(spec: Any, exported: list[Exported]) -> list[dict[str, Any]]:
    """The entries of a document with all that could be exported, which a task must take without complaint."""
    entries = [record.entry for record in exported if not record.refused]
    arguments = {spec.records: entries, "api_url": "https://server.example.com", "access_token": "token"}
    params, problems, _warnings = validated(spec, arguments)
    assert problems == []
    assert spec.problems(params) == []
    return entries


@settings(max_examples=300, deadline=None)
@given(odd=odd_accounts)
def test_accounts(odd: list[dict[str, Any]]) -> None:
    exported = exported_accounts([*odd, {**ACCOUNT, "id": 99, "name": "Sound"}], [[] for _account in [*odd, ACCOUNT]])
    assert "Sound" in [entry.get("name") for entry in described(EMAIL_ACCOUNTS_SYNC, exported)]


@settings(max_examples=300, deadline=None)
@given(odd=odd_settings)
def test_settings(odd: list[dict[str, Any]]) -> None:
    sound = {"domain": "sound.example", "options": {"host": "smtp.example.com"}}
    exported = exported_settings([*odd, sound], [[] for _record in [*odd, sound]])
    assert "sound.example" in [entry["domain"] for entry in described(EMAIL_SETTINGS_SYNC, exported)]


@pytest.mark.parametrize("domain", ["no domain", "a b", "", None, 5])
def test_a_domain_that_no_task_takes(domain: Any) -> None:
    """An entry without its domain would block the plan of the whole host."""
    odd, sound = exported_settings([{"domain": "z.example", "options": {}}, {"domain": domain}], [[], []])
    assert "domain" in odd.refused
    assert (sound.entry["domain"], sound.refused) == ("z.example", "")


def test_two_spellings_of_one_domain() -> None:
    """The server tells domains apart by case, and a final dot is refused by the modules."""
    domains = ("A.example", "a.example", "a.example.")
    found = exported_settings([{"domain": domain} for domain in domains], [[], [], []])
    assert [record.refused for record in found][:2] == ["", ""]
    assert found[2].refused.startswith("domain (must be a domain name")


def test_several_default_accounts() -> None:
    """A document may have one; which it is, the server does not say."""
    accounts = [{**ACCOUNT, "id": number, "name": name, "default": True} for number, name in enumerate("AB")]
    exported = exported_accounts(accounts, [[], []])
    assert [record.entry.get("default") for record in exported] == [None, None]
    assert all(record.left_out == ["default (2 accounts are the default one)"] for record in exported)


@pytest.mark.parametrize("name", [None, "", " ", "a\nb", 5, "x" * 300])
def test_an_account_with_an_odd_name(name: Any) -> None:
    odd, sound = sorted(
        exported_accounts([{**ACCOUNT, "name": name}, {**ACCOUNT, "id": 8, "name": "Z"}], [[], []]),
        key=lambda record: record.entry.get("name") == "Z",
    )
    assert odd.entry["name" if name == "x" * 300 else "id"] == (name if name == "x" * 300 else 7)
    assert sound.entry["name"] == "Z"


def test_an_account_without_an_id() -> None:
    [odd] = exported_accounts([{**ACCOUNT, "id": None}], [[]])
    assert odd.refused == "has no id"


def test_an_identity_is_kept_and_not_given_again() -> None:
    """A rename keeps it; another account that gets a free id does not have it."""
    made = {**ACCOUNT, "created_at": "2026-01-01T00:00:00.000000+00:00"}
    renamed, again = {**made, "name": "B"}, {**made, "created_at": "2026-02-01T00:00:00.000000+00:00"}
    identities = [exported_accounts([account], [[]])[0].identity for account in (made, renamed, again)]
    assert identities[0] == identities[1] != identities[2]
    without = [exported_accounts([{**ACCOUNT, "name": name}], [[]])[0].identity for name in "AB"]
    assert without[0] != without[1]
