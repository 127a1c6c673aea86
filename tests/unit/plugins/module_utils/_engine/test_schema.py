# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validators, and all problems at once."""

from __future__ import annotations

import time
from typing import Any

import pytest
from voluptuous import ALLOW_EXTRA, Invalid, Required, Schema

from ansible_collections.mailfleet.email.plugins.module_utils._engine import schema
from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import without_none
from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import (
    InputError,
    Problem,
    problems_of,
    problems_of_each,
)

GOOD: dict[str, list[Any]] = {
    "address": ["mail@example.com", "a.b+c@example.com", "root@localhost", "müller@exämple.com"],
    "sender": ["mail@example.com", "Mail <mail@example.com>", "<mail@example.com>", "A, B <mail@example.com> "],
    "domain": ["my.example.com", "localhost", "exämple.com"],
    "host": ["smtp.example.com", "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "localhost", ""],
    "port": [1, 25, 65535],
    "password": ["hunter2", "**", "*** ***", ""],
    "title": ["Certificates", " a "],
    "one_line": ["", "text with spaces", "ümlaut"],
    "integer": [0, -1, 7],
    "digits": [None, "", "587", " 587 ", 587],
    "text": [None, "", "a"],
    "flag": [None, True, False],
    "mapping": [None, {}, {"a": 1}],
}
BAD: dict[str, list[Any]] = {
    "address": ["", "mail", "@example.com", "mail@", "a b@example.com", "a@b@c", "a@b\n", "a@b,c@d", "<a@b>", 5, None],
    "sender": ["", "Mail", "Mail <mail>", "Mail <a@b> x", "Mail <a@b", "A\nBcc: x <a@b>", "A\x00 <a@b>", 5, None],
    "domain": ["", "a b", "a/b", "a?b", "a#b", "a&b", "a@b", "a\n", "http://a", 5, None],
    "host": ["a b", "a/b", "https://a", "a?b", "u@a", "a\n", "a\x00", "smtp.example.com:587", 5, None],
    "port": [0, 65536, -1, True, "587", 587.0, None],
    "password": ["***", "********", "\u2022\u2022\u2022", " ", "\n"],
    "title": ["", " ", "a\nb", "a\x7f", 5],
    "one_line": [" ", "a\nb", "a\r", "\x00", "\x1b[31m", 5, None],
    "integer": [True, "7", 7.0, None, [7]],
    "digits": [True, "x", "5.8", "-1", 5.8, [], {}],
    "text": [5, True, [], {}],
    "flag": [0, 1, "true", [], {}],
    "mapping": ["", [], 0, False],
}


def cases(values: dict[str, list[Any]]) -> list[tuple[str, Any]]:
    return [(name, value) for name, group in values.items() for value in group]


@pytest.mark.parametrize(("name", "value"), cases(GOOD))
def test_accepted_as_it_is(name: str, value: Any) -> None:
    assert getattr(schema, name)(value) is value


@pytest.mark.parametrize(("name", "value"), cases(BAD))
def test_refused(name: str, value: Any) -> None:
    with pytest.raises(Invalid) as caught:
        getattr(schema, name)(value)
    assert str(caught.value).startswith(("must ", f"is {value!r}, what servers show", "is blank"))


@pytest.mark.parametrize("name", ["integer", "digits", "text", "flag", "mapping"])
def test_problems_of_answers_name_the_type_only(name: str) -> None:
    for value in ({"hunter2": "hunter2"}, ["hunter2"], "hunter2", 4711, True, None, 47.11):
        try:
            getattr(schema, name)(value)
        except Invalid as exc:
            text = str(exc)
            assert not any(secret in text for secret in ("hunter2", "4711", "47.11"))
            words = ("an object", "a list", "a text", "a boolean", "a number", "null")
            assert text.endswith(tuple(f"not {word}" for word in words))


def test_the_problem_of_a_password_does_not_repeat_it() -> None:
    [problem] = problems_of({"pass": "*****"}, Schema({"pass": schema.password}))
    assert problem == Problem("pass", "is '*****', what servers show in place of a password, not a password")


def test_header_values() -> None:
    assert schema.is_header_value("abc.DEF-123_~!")
    for value in ("", "a b", "a\n", "a\r\nX: y", "\x00", "ü", "a\x7f"):
        assert not schema.is_header_value(value)


@pytest.mark.parametrize("values", [GOOD, BAD], ids=["good", "bad"])
def test_fields_are_judged_as_a_schema_of_their_validators_does(values: dict[str, list[Any]]) -> None:
    for name, value in cases(values):
        checks = {"other": schema.text, name: getattr(schema, name)}
        fields = {"other": "a", name: value}
        found = schema.field_problems(fields, checks)
        assert found == problems_of(fields, Schema(checks))
        assert (not found) is (values is GOOD)


def test_no_problems() -> None:
    assert problems_of({"port": 5}, Schema({"port": schema.port})) == []


def test_problems_are_complete_and_sorted_with_dotted_paths() -> None:
    wanted = Schema(
        {
            "to": schema.address,
            "options": Schema({"port": schema.port, "auth": Schema({"pass": schema.password})}),
            Required("a", msg="is missing"): str,
        },
        extra=ALLOW_EXTRA,
    )
    data = {"to": "x", "options": {"port": 0, "auth": {"pass": "***"}}, "other": 1}
    found = problems_of(data, wanted)
    assert [problem.field for problem in found] == ["a", "options.auth.pass", "options.port", "to"]
    assert found[0].message == "is missing"
    assert found[2].message == "must be a port from 1 to 65535, not 0"


def test_problems_of_each_name_the_place_and_are_complete() -> None:
    wanted = Schema({"port": schema.port}, extra=ALLOW_EXTRA)
    found = problems_of_each([{"port": 0}, {"port": 25}, 5, {"port": 0}], wanted, lambda: None)
    assert [problem.field for problem in found] == ["[0].port", "[2]", "[3].port"]
    assert problems_of_each([], wanted, lambda: None) == []
    assert problems_of_each({"port": 0}, wanted, lambda: None) == [Problem("", "must be a list, not an object")]


def test_problems_of_quite_another_shape() -> None:
    assert problems_of(["x"], Schema({"a": str})) == [Problem("", "must be an object")]
    assert problems_of("x", Schema(schema.mapping)) == [Problem("", "must be an object, not a text")]


def test_without_none() -> None:
    data = {"a": None, "b": {"c": None, "d": ""}, "e": [None], "f": False}
    assert without_none(data) == {"b": {"d": ""}, "e": [None], "f": False}


def test_an_input_error_with_one_problem() -> None:
    error = InputError("account x", [Problem("port", "is wrong")])
    assert str(error) == "account x: port: is wrong"
    assert error.details() == {"kind": "input", "problems": [{"field": "port", "message": "is wrong"}]}


def test_an_input_error_with_several_problems_tells_all() -> None:
    error = InputError("account x", [Problem("port", "is wrong"), Problem("", "no way")])
    assert str(error) == "account x: 2 problems: port: is wrong; no way"
    assert [problem["field"] for problem in error.details()["problems"]] == ["port", ""]


@pytest.mark.parametrize("value", ["smtp://user:hunter2@mail.example.com", "user:hunter2@mail.example.com:25"])
def test_a_password_in_the_place_of_a_host_is_not_repeated(value: str) -> None:
    [problem] = schema.problems_of({"host": value}, Schema({"host": schema.host}))
    assert "must be the name or the address of a server" in problem.message
    assert "hunter2" not in problem.message


def test_very_many_records_of_a_wrong_shape_take_no_time() -> None:
    begun = time.monotonic()
    problems = problems_of_each([{"a": "x"}] * 500_000, Schema({"a": int}), lambda: None)
    assert len(problems) == 1000
    assert time.monotonic() - begun < 3


def test_a_list_that_is_right_ends_too_where_there_is_no_more_time() -> None:
    asked: list[int] = []

    def go_on() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        problems_of_each([{"a": 1}] * 10_000, Schema({"a": int}), go_on)
