# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which texts of a task's options are secrets, and that nothing which it says to people repeats one."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import Secret
from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import LEFT_OUT
from ansible_collections.mailfleet.email.plugins.module_utils._resource.known_secrets import (
    secrets_of,
    without_repetition,
    without_secrets,
    wrapped,
)
from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec

PASSWORD = {"type": "str", "no_log": True}
OPTIONS: dict[str, dict[str, Any]] = {
    "host": {"type": "str"},
    "password": PASSWORD,
    "extra": {"type": "dict", "no_log": True},
    "one": {"type": "dict", "options": {"password": PASSWORD, "auth": {"type": "dict", "options": {"key": PASSWORD}}}},
    "many": {"type": "list", "elements": "dict", "options": {"password": PASSWORD, "name": {"type": "str"}}},
    "plain": {"type": "dict", "options": {"text": {"type": "str"}}},
}
SPEC = ModuleSpec(OPTIONS, lambda _params: "", lambda _params: [], lambda _params, _context: {})
HUNTER = "hunter2-hunter2"


def test_every_secret_is_wrapped_wherever_it_stands() -> None:
    params = {
        "host": "a",
        "password": "b",
        "extra": {"password": "c", "port": 5},
        "one": {"password": "d", "auth": {"key": "e"}},
        "many": [{"password": "f", "name": "g"}, {"password": None, "name": "h"}],
        "plain": {"text": "i"},
    }
    assert wrapped(params, OPTIONS) == {
        "host": "a",
        "password": Secret("b"),
        "extra": {"password": Secret("c"), "port": 5},
        "one": {"password": Secret("d"), "auth": {"key": Secret("e")}},
        "many": [{"password": Secret("f"), "name": "g"}, {"password": None, "name": "h"}],
        "plain": {"text": "i"},
    }
    assert params["password"] == "b"
    nothing: dict[str, Any] = {"host": None, "password": "", "extra": {}, "one": None, "many": []}
    assert wrapped(nothing, OPTIONS) == nothing


@pytest.mark.parametrize(
    ("params", "secrets"),
    [
        ({"password": "abcdef1"}, []),
        ({"password": "abcdef12"}, ["abcdef12"]),
        # A word of our own texts may be a password too.
        ({"password": "thirteenchars"}, []),
        ({"password": "fourteenletter"}, ["fourteenletter"]),
        ({"host": HUNTER, "plain": {"text": HUNTER}}, []),
        ({"host": "a", "password": HUNTER}, [HUNTER]),
        ({"one": {"password": "of-one-1", "auth": {"key": "of-auth-1"}}}, ["of-one-1", "of-auth-1"]),
        ({"many": [{"password": f"secret-{number}"} for number in range(50)]}, [f"secret-{n}" for n in range(50)]),
        ({"many": [{"password": f"secret-{number}"} for number in range(51)]}, []),
    ],
)
def test_the_secrets_of_a_task(params: dict[str, Any], secrets: list[str]) -> None:
    assert secrets_of(SPEC, wrapped(params, OPTIONS)) == secrets


def test_a_module_may_know_more_secrets() -> None:
    spec = ModuleSpec({}, SPEC.subject, SPEC.problems, SPEC.run, secrets=lambda params: [params["url"], "short"])
    assert secrets_of(spec, {"url": "https://a:b@c"}) == ["https://a:b@c"]


@pytest.mark.parametrize(
    "name", ["msg", "warnings", "failure", "error", "reason", "answer", "findings", "email_deliveries"]
)
def test_whatever_is_said_to_people_repeats_no_secret(name: str) -> None:
    for value, left in (
        (f"no: {HUNTER}!", LEFT_OUT),
        (["fine", f"no: {HUNTER}"], ["fine", LEFT_OUT]),
        ({"a": [{"b": HUNTER, "c": 5, "d": "fine"}]}, {"a": [{"b": LEFT_OUT, "c": 5, "d": "fine"}]}),
    ):
        if (name == "failure") == isinstance(value, dict):
            record = {"email_account": {"description": HUNTER}, "changed": True}
            assert without_secrets({name: value, **record}, [HUNTER]) == {name: left, **record}
            assert without_secrets({name: value, **record}, []) == {name: value, **record}
            entries = without_secrets({"results": [{name: value}, {"key": HUNTER}]}, [HUNTER])
            assert entries == {"results": [{name: left}, {"key": HUNTER}]}


def test_what_several_words_of_a_server_say_together() -> None:
    halves = {"kind": "refused", "errors": [{"msg": HUNTER[:8]}, {"msg": HUNTER[8:]}]}
    left = {"kind": "refused", "errors": []}
    assert without_secrets({"msg": "no", "failure": halves}, [HUNTER]) == {"msg": LEFT_OUT, "failure": left}
    assert without_secrets({"error": "no", "failure": halves}, [HUNTER]) == {"error": LEFT_OUT, "failure": left}
    fine = {"msg": "no", "failure": {"kind": "refused", "errors": [{"msg": "fine"}]}, "results": None}
    assert without_secrets(fine, [HUNTER]) == fine
    assert without_secrets({"msg": "no", "failure": None}, [HUNTER]) == {"msg": "no", "failure": None}


def test_a_text() -> None:
    assert without_repetition(f"a {HUNTER}", [HUNTER]) == LEFT_OUT
    assert without_repetition("a hunter", [HUNTER]) == "a hunter"
