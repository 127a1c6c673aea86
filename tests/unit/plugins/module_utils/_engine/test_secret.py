# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets: wrapped where they enter, revealed for the wire only, never shown."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from hypothesis import given

from ansible_collections.mailfleet.email.plugins.module_utils._engine import secret
from ansible_collections.mailfleet.email.plugins.module_utils._engine.harmless import host, with_opened
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import MASKED, NOT_SHOWN, Known, Secret
from tests.unit.plugins.module_utils._engine.strategies import SECRET_MARK, json_records, wrapped


@pytest.mark.parametrize(
    "name",
    [
        "pass",
        "passwd",
        "password",
        "smtp_password",
        "smtpPassword",
        "passphrase",
        "clientSecret",
        "client_secret",
        "access_token",
        "accessToken",
        "refresh-token",
        "privateKey",
        "private_key",
        "apiKey",
        "key",
        "pfx",
        "credentials",
        "PASS",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert secret.is_secret_name(name)
    assert secret.wrap({name: "text"}, with_opened({}, ["note"])) == {name: Secret("text")}
    assert secret.wrap({"note": {name: 5}}, with_opened({}, ["note"])) == {"note": {name: Secret(5)}}


@pytest.mark.parametrize("name", ["user", "host", "authMethod", "keyboard", "passive", "keySelector", "publicKey"])
def test_names_of_no_secrets(name: str) -> None:
    assert not secret.is_secret_name(name)
    assert secret.wrap({name: "text"}, {}) == {name: Secret("text")}
    assert secret.wrap({name: "text"}, with_opened({}, [name])) == {name: "text"}
    assert secret.wrap({name: 5}, {}) == {name: 5}


def test_wrap_goes_by_position_at_every_level() -> None:
    record = {
        "user": "hunter2",
        "auth": {"user": "hunter2", "pass": "hunter2"},
        "list": [{"token": "hunter2"}, "hunter2"],
        "credentials": {"user": "a", "pass": ["b"]},
    }
    assert wrapped(record) == {
        "user": "hunter2",
        "auth": {"user": "hunter2", "pass": Secret("hunter2")},
        "list": [{"token": Secret("hunter2")}, "hunter2"],
        "credentials": Secret({"user": "a", "pass": ["b"]}),
    }


@pytest.mark.parametrize("value", [None, "", True, False])
def test_what_cannot_be_a_secret_stays_plain(value: Any) -> None:
    assert wrapped({"key": value})["key"] is value


def test_wrap_copies() -> None:
    record: dict[str, Any] = {"tls": {"minVersion": "TLSv1.2"}, "list": [{}]}
    copied = wrapped(record)
    copied["tls"]["minVersion"] = "x"
    copied["list"][0]["a"] = 1
    assert record == {"tls": {"minVersion": "TLSv1.2"}, "list": [{}]}


@pytest.mark.parametrize("mask", ["***", "********", "\u2022\u2022\u2022\u2022", "\u25cf\u25cf\u25cf"])
def test_masks(mask: str) -> None:
    assert wrapped({"password": mask}, shown=True)["password"] is MASKED
    assert wrapped({"password": mask}) == {"password": Secret(mask)}


@pytest.mark.parametrize(
    "likely", ["LI********3x", "xxxxxxxx", "########", "[REDACTED]", "<hidden>", "**", "********\n"]
)
def test_what_a_server_shows_may_only_look_like_a_mask(likely: str) -> None:
    assert wrapped({"password": likely}, shown=True)["password"] is MASKED
    assert wrapped({"password": likely}) == {"password": Secret(likely)}


@pytest.mark.parametrize("password", ["<secret4711", "hidden4711>", "masked4711", "<4711>", "(hunter2)", "*4*7*", "xx"])
def test_a_password_that_is_no_mask_may_be_sent_back(password: str) -> None:
    assert wrapped({"password": password}, shown=True) == {"password": Secret(password)}


def test_a_mask_is_known_in_place_of_any_text_of_what_a_server_shows_and_nowhere_else() -> None:
    known: Known = {"host": host, "names": host, secret.OWN_TEXT: host}
    masked = {"host": "********", "names": ["a.example", "********"]}
    shown = secret.wrap(masked, known, shown=True)
    assert shown == {"host": MASKED, "names": ["a.example", MASKED]}
    for data in (masked, list(masked.values()), "********"):
        assert not secret.texts(secret.wrap(data, known, shown=True))
        assert "********" in secret.texts(secret.wrap(data, known))


def test_data_that_is_no_record_is_held_to_what_is_known_of_its_own_text() -> None:
    known: Known = {secret.OWN_TEXT: host}
    assert secret.wrap("a.example", known) == "a.example"
    assert secret.wrap("a b", known) == Secret("a b")
    assert secret.wrap("a.example", {}) == Secret("a.example")
    assert secret.wrap(["a.example", "a b", 5], known) == ["a.example", Secret("a b"), 5]


def test_a_check_holds_for_a_text_and_for_the_items_of_a_list_and_for_nothing_below() -> None:
    known: Known = {"host": host, "tls": {"names": host}}
    record = {"host": "a b", "tls": {"names": ["a.example", "u:p@h"], "other": "x"}, "more": ["x", 1]}
    assert secret.wrap(record, known) == {
        "host": Secret("a b"),
        "tls": {"names": ["a.example", Secret("u:p@h")], "other": Secret("x")},
        "more": [Secret("x"), 1],
    }
    assert secret.wrap({"host": {"host": "a.example"}}, known) == {"host": {"host": Secret("a.example")}}


@given(json_records)
def test_wrap_and_reveal_are_a_round_trip(record: dict[str, Any]) -> None:
    def has_mask(data: Any) -> bool:
        if isinstance(data, dict):
            return any(has_mask(value) for value in data.values())
        if isinstance(data, list):
            return any(has_mask(value) for value in data)
        return secret.is_hidden(data)

    copied = wrapped(record)
    if has_mask(copied):
        with pytest.raises(ValueError, match="does not show"):
            secret.reveal(copied)
    else:
        assert secret.reveal(copied) == record


@given(json_records)
def test_wrapping_twice_changes_nothing(record: dict[str, Any]) -> None:
    assert wrapped(wrapped(record)) == wrapped(record)


@given(json_records)
def test_omit_leaves_no_secret_and_all_the_rest(record: dict[str, Any]) -> None:
    copied = wrapped(record)
    assert SECRET_MARK not in json.dumps(secret.omit(copied))

    def plain(data: Any) -> Any:
        if isinstance(data, dict):
            return {
                name: plain(value)
                for name, value in data.items()
                if value in (None, "") or isinstance(value, bool) or not secret.is_secret_name(name)
            }
        return [plain(item) for item in data] if isinstance(data, list) else data

    assert secret.omit(copied) == plain(record)


@pytest.mark.parametrize("hidden", [MASKED, NOT_SHOWN])
def test_hidden_secrets_cannot_be_sent(hidden: Secret) -> None:
    assert secret.is_hidden(hidden)
    for record in (hidden, {"pass": hidden}, [{"pass": hidden}]):
        with pytest.raises(ValueError, match="does not show"):
            secret.reveal(record)


def test_equality() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert MASKED != NOT_SHOWN
    assert Secret("********") != MASKED


def test_a_secret_is_no_key_of_a_mapping() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Secret("a"))


@pytest.mark.parametrize("value", ["hunter2", {"pass": "hunter2"}, ["hunter2"]])
def test_a_secret_never_prints(value: Any) -> None:
    hidden = Secret(value)
    for text in (repr(hidden), str(hidden), f"{hidden}", "%s %r" % (hidden, hidden), repr({"a": [hidden]})):  # noqa: UP031
        assert "hunter2" not in text
        assert "<secret>" in text
    with pytest.raises(TypeError):
        json.dumps({"password": hidden})
    with pytest.raises(TypeError):
        vars(hidden)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match=r"^a secret is written to the wire only$"):
            pickle.dumps({"password": [hidden]}, protocol)


@pytest.mark.parametrize("value", [Secret("a"), MASKED, NOT_SHOWN])
def test_deepcopy_keeps_the_secret_itself(value: Secret) -> None:
    assert copy.deepcopy({"list": [value]})["list"][0] is value
    assert copy.copy(value) is value


def test_texts_are_all_secret_texts() -> None:
    record = wrapped(
        {
            "user": "mail",
            "pass": "one",
            "nested": [{"token": "two"}, {"key": 3}],
            "credentials": {"a": "four", "b": ["five", None, ""]},
            "password": "********",
        },
        shown=True,
    )
    assert sorted(secret.texts(record)) == ["3", "five", "four", "one", "two"]
    assert secret.texts({"auth": {"pass": NOT_SHOWN}}) == []
