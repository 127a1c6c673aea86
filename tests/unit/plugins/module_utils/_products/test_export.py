# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is exported describes what is live: a plan from it, with its secrets filled in or not, changes nothing."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._engine import secret
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret_fields import secret_fields
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex import account as email_account
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.export import exported_accounts
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.resource import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel import settings as email_settings
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel import shown_fields as webitel_shown
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.export import exported_settings
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._resource.exported import (
    Exported,
    SecretField,
    as_integer,
)
from ansible_collections.mailfleet.email.plugins.module_utils._resource.index import Index
from ansible_collections.mailfleet.email.plugins.module_utils._validation import validated
from tests.unit.plugins.module_utils._engine.strategies import json_records, json_values

Record = dict[str, Any]

CERTIFICATES: Record = {
    "id": 7,
    "default": True,
    "name": "Certificates",
    "email": "certs@example.com",
    "service": "other",
    "has_auth": True,
    "password": "hunter2",
    "smtp_server": "smtp.example.com",
    "smtp_port": 465,
    "smtp_crypt": "ssl-tls",
    "smtp_auth_mechanism": "plain",
    "created_at": "2026-01-01",
}
OPTIONS: Record = {"host": "smtp.example.com", "port": 465, "auth": {"user": "u", "pass": "hunter2"}}

texts = st.sampled_from(["", "smtp.example.com", "a b", "{{ x }}", "no\nline", "ü", "587", "********"])
# What nobody can mean as a password is refused, and what servers show in place of one is hidden.
passwords = texts.filter(lambda text: text != "{{ x }}")
accounts = st.fixed_dictionaries(
    {
        "id": st.integers(1, 9),
        "name": st.sampled_from(["A", "B", " ", "line\nbreak", "{{ x }}"]),
        "has_auth": st.booleans(),
        "default": st.booleans(),
    },
    optional={
        "email": texts | st.just("a@example.com"),
        "service": st.sampled_from(["gmail", "odd", "", None]),
        "password": passwords,
        "smtp_server": texts,
        "smtp_port": st.sampled_from([25, "587", " 465", "x", 0, 99999, None, ""]),
        "smtp_crypt": st.sampled_from(["none", "starttls", "odd", "", None]),
        "smtp_auth_mechanism": st.sampled_from(["plain", "odd", "", None]),
        "tenant": json_values,
    },
)
transports = st.builds(
    lambda named, others: {**others, **named},
    st.fixed_dictionaries(
        {},
        optional={
            "host": texts | json_values,
            "port": json_values | st.just("465"),
            "secure": json_values,
            "tls": json_values | st.fixed_dictionaries({"rejectUnauthorized": json_values, "minVersion": texts}),
            "auth": json_values | st.fixed_dictionaries({"user": texts, "pass": passwords}),
            # What newer stores may hold, and no task may ask for.
            "a.b": json_values | st.just({"password": "hunter2"}),
            "x_key": json_values,
            "relays": st.just([{"$set": 1, "token": "hunter2"}]) | st.just([2**54]),
            "servers": st.lists(json_records | st.just("smtp://u:pw@h"), max_size=2),
        },
    ),
    json_records,
)
records = st.fixed_dictionaries(
    {"domain": st.just("a.example"), "options": transports},
    optional={"provider": texts, "description": texts | json_values, "from": texts, "tenant": json_values},
)


def _read(record: Record) -> tuple[Record, list[SecretField]]:
    """A record as an _info module returns it, and where its secrets are."""
    fields = [SecretField(tuple(found["path"]), found["readable"]) for found in secret_fields(record)]
    return secret.omit(record), fields


def _filled_in(exported: Exported, live: Record) -> Record:
    """The entry with the live secrets in the places that wait for them."""
    entry: Record = deepcopy(exported.entry)
    for path in exported.secrets:
        value: Any = live
        data: Any = entry
        for step in path[:1] + path[2:] if path[1:2] == ["extra"] else path:
            value = value[step]
        for step in path[:-1]:
            data = data.setdefault(step, {})
        data[path[-1]] = "filled in" if secret.is_hidden(value) else secret.reveal(value)
    return entry


def _valid(spec: Any, entry: Record) -> Record:
    """The entry as a task takes it, which it must do without complaint."""
    arguments = {spec.records: [entry], "api_url": "https://server.example.com", "access_token": "token"}
    params, problems, _warnings = validated(spec, arguments)
    assert problems == []
    assert spec.problems(params) == []
    fields = {"state": "present", "update_password": "always", "replace": False}
    return {**dict.fromkeys(spec.argument_spec[spec.records]["options"]), **fields, **params[spec.records][0]}


def _account_in_store(account: Record) -> Record:
    """An account as the store holds it."""
    live: Record = secret.wrap(account, email_account.SHOWN, shown=True)
    if live["has_auth"] and not isinstance(live.get("password"), secret.Secret):
        live["password"] = secret.NOT_SHOWN
    return live


@settings(max_examples=100, deadline=None)
@given(account=accounts, filled=st.booleans())
def test_accounts_round_trip(account: Record, filled: bool) -> None:
    live = _account_in_store(account)
    public, secrets = _read(live)
    [exported] = exported_accounts([public], [secrets])
    entry = _valid(EMAIL_ACCOUNTS_SYNC, _filled_in(exported, live) if filled else exported.entry)
    assert Index(EMAIL_ACCOUNT, [live]).find(entry).fitting == [live]
    plan = email_account.make_plan(entry, live, email_account.desired_record(entry))
    assert plan.changed_fields == ()


@settings(max_examples=100, deadline=None)
@given(record=records, filled=st.booleans())
def test_settings_round_trip(record: Record, filled: bool) -> None:
    live: Record = secret.wrap(record, webitel_shown.SHOWN, shown=True)
    public, secrets = _read(live)
    [exported] = exported_settings([public], [secrets])
    entry = _valid(EMAIL_SETTINGS_SYNC, _filled_in(exported, live) if filled else exported.entry)
    plan = email_settings.make_plan(entry, live, email_settings.desired_record(entry))
    assert plan.changed_fields == ()


def test_a_hidden_secret_beside_the_options_under_a_name_that_a_database_refuses() -> None:
    live = secret.wrap(
        {"domain": "a", "options": {}, "access_token": [{"$x": "********"}]}, webitel_shown.SHOWN, shown=True
    )
    [exported] = exported_settings([secret.omit(live)], [[SecretField(("access_token",), readable=False)]])
    assert exported.left_out == ["access_token"]


def test_an_account() -> None:
    public, secrets = _read(_account_in_store({**CERTIFICATES, "tenant": 1}))
    [exported] = exported_accounts([public], [secrets])
    assert exported.key == "Certificates"
    server_fields = ("id", "created_at", "password")
    assert exported.entry == {name: value for name, value in CERTIFICATES.items() if name not in server_fields}
    assert exported.secrets == [["password"]]
    assert exported.left_out == ["tenant"]


def test_names_that_mean_no_account() -> None:
    """Two of one name are found by their ids, and so is one whose name nobody may give."""
    read = [_read(_account_in_store({**CERTIFICATES, "id": number, "name": name})) for number, name in enumerate("AAB")]
    exported = exported_accounts([public for public, _secrets in read], [secrets for _public, secrets in read])
    assert [(entry.entry.get("id"), entry.entry.get("name")) for entry in exported] == [
        (0, None),
        (1, None),
        (None, "B"),
    ]
    [odd] = exported_accounts([{**CERTIFICATES, "name": "a\nb"}], [[]])
    assert (odd.entry["id"], "name" in odd.entry) == (7, False)


def test_order() -> None:
    read = [_read(_account_in_store({**CERTIFICATES, "id": number, "name": name})) for number, name in enumerate("bAc")]
    exported = exported_accounts([public for public, _secrets in read], [secrets for _public, secrets in read])
    assert [entry.key for entry in exported] == ["A", "b", "c"]
    domains: list[Record] = [{"domain": domain, "options": {}} for domain in ("b.example", "a.example")]
    assert [entry.key for entry in exported_settings(domains, [[], []])] == ["a.example", "b.example"]


@pytest.mark.parametrize("shown", ["********", ""])
def test_passwords_that_the_server_does_not_show(shown: str) -> None:
    public, secrets = _read(_account_in_store({**CERTIFICATES, "password": shown}))
    [exported] = exported_accounts([public], [secrets])
    assert (exported.entry["update_password"], exported.secrets) == ("on_create", [["password"]])


def test_settings_of_a_domain() -> None:
    options = {
        **OPTIONS,
        "z": 1,
        "a": {"token": "t", "list": [1, {"secret": "s"}, 2]},
        "hidden": {"token": "********"},
        "none": None,
    }
    live = secret.wrap(
        {"domain": "a.example", "from": "", "options": options, "tenant": 1}, webitel_shown.SHOWN, shown=True
    )
    public, secrets = _read(live)
    [exported] = exported_settings([public], [secrets])
    assert exported.entry == {
        "domain": "a.example",
        "options": {
            "host": "smtp.example.com",
            "port": 465,
            "auth": {"user": "u"},
            "extra": {"a": {}, "hidden": {}, "z": 1},
        },
    }
    assert exported.secrets == [
        ["options", "auth", "pass"],
        ["options", "extra", "a", "token"],
        ["options", "extra", "a", "list"],
    ]
    assert exported.left_out == ["tenant", "options.extra.hidden.token (the server does not show the secret)"]


@pytest.mark.parametrize("shown_tokens", [["t", "****"], ["****", "t"]])
def test_a_list_of_which_one_secret_is_hidden_cannot_be_described(shown_tokens: list[str]) -> None:
    record = {"domain": "a", "options": {"l": [{"token": shown} for shown in shown_tokens]}}
    live = secret.wrap(record, webitel_shown.SHOWN, shown=True)
    public, secrets = _read(live)
    [exported] = exported_settings([public], [secrets])
    assert exported.secrets == []
    assert "extra" not in exported.entry["options"] or "l" not in exported.entry["options"]["extra"]


@pytest.mark.parametrize(
    ("value", "number"), [(587, 587), (" 587 ", 587), ("x", None), ("", None), (True, None), (None, None), (5.0, None)]
)
def test_integers(value: object, number: int | None) -> None:
    assert as_integer(value) == number
