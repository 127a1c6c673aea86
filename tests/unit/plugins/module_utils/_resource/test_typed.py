# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts that mean booleans and numbers, in mappings that no option declares."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.parsing.convert_bool import BOOLEANS, boolean

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import Secret
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.known_types import RECORD, typed_extra
from ansible_collections.mailfleet.email.plugins.module_utils._resource.interface import BOOLEAN, NUMBER, SWITCH, TEXT
from ansible_collections.mailfleet.email.plugins.module_utils._resource.typed import doubts, typed, typed_filters

KINDS = {"b": BOOLEAN, "n": NUMBER, "s": SWITCH, "t": TEXT, "m": {"b": BOOLEAN}}


@pytest.mark.parametrize("value", [*sorted(BOOLEANS, key=str), 1.0, 0.0, "FALSE", " True ", "No"])
def test_booleans_as_ansible_knows_them(value: Any) -> None:
    found = typed({"b": value, "m": {"b": value}}, KINDS, "x")
    assert found.data == {"b": boolean(value), "m": {"b": boolean(value)}}
    assert type(found.data["b"]) is bool
    assert (found.problems, found.doubtful) == ((), ())


@pytest.mark.parametrize(
    ("value", "number"), [("10", 10), (10, 10), (1.5, 1.5), ("1.5", 1.5), (" 7 ", 7), ("-1", -1), ("0", 0)]
)
def test_numbers(value: Any, number: float) -> None:
    found = typed({"n": value}, KINDS, "x")
    assert found.data == {"n": number}
    assert type(found.data["n"]) is type(number)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"b": "perhaps"}, "x.b: must be true or false, not a text"),
        ({"b": 2}, "x.b: must be true or false, not a number"),
        ({"b": ""}, "x.b: must be true or false, not a text"),
        ({"m": {"b": "hunter2"}}, "x.m.b: must be true or false, not a text"),
        ({"n": "10s"}, "x.n: must be a number, not a text"),
        ({"n": True}, "x.n: must be a number, not a boolean"),
        ({"n": ""}, "x.n: must be a number, not a text"),
        ({"b": []}, "x.b: must be true or false, not a list"),
        ({"b": ["true"]}, "x.b: must be true or false, not a list"),
        ({"m": {"b": {"x": 1}}}, "x.m.b: must be true or false, not an object"),
        ({"n": [5]}, "x.n: must be a number, not a list"),
        ({"t": True}, "x.t: must be a text, not a boolean: put it in quotes"),
        ({"t": 163}, "x.t: must be a text, not a number: put it in quotes"),
        ({"t": ["a"]}, "x.t: must be a text, not a list"),
        ({"t": {"a": 1}}, "x.t: must be a text, not an object"),
    ],
)
def test_what_cannot_be_converted_is_refused(data: Any, problem: str) -> None:
    found = typed(data, KINDS, "x")
    assert [str(wrong) for wrong in found.problems] == [problem]
    assert found.data == data


@pytest.mark.parametrize("value", ["false", "True", "yes", "NO", " on", "off"])
def test_a_text_that_reads_like_a_boolean_elsewhere_is_reported(value: str) -> None:
    data = {"u": value, "t": value, "l": [{"z": value}], "m": {"v": value}}
    found = typed(data, KINDS, "x")
    assert found.data == data
    assert found.doubtful == ("x.u", "x.l[0].z", "x.m.v")
    what_to_do = "write it without quotes, or convert it with the filter bool"
    assert doubts(found) == [
        f"{path} is a text that reads like a boolean, and the server may take any text for true: {what_to_do}"
        for path in found.doubtful
    ]


@pytest.mark.parametrize("value", ["1", "0", "t", "n", "falsely", None, 1, True])
def test_what_does_not_read_like_a_boolean(value: Any) -> None:
    assert typed({"u": value}, KINDS, "x").doubtful == ()


def test_a_switch_may_be_something_else() -> None:
    found = typed({"s": "cache/dkim"}, KINDS, "x")
    assert (found.data, found.problems) == ({"s": "cache/dkim"}, ())
    assert typed({"s": "false"}, KINDS, "x").data == {"s": False}
    assert typed({"s": {"a": 1}}, KINDS, "x").data == {"s": {"a": 1}}


def test_null_stays() -> None:
    data = {"b": None, "n": None, "u": None}
    assert typed(data, KINDS, "x").data == data


def test_options_of_nodemailer() -> None:
    extra = {
        "ignoreTLS": "false",
        "requireTLS": "yes",
        "pool": "1",
        "maxConnections": "5",
        "connectionTimeout": "120000",
        "tls": {"honorCipherOrder": "no", "minDHSize": "1024", "minVersion": "TLSv1.2"},
        "dkim": {"cacheDir": "false", "cacheTreshold": "100"},
        "name": "pbx",
    }
    found = typed_extra({"options": {"extra": extra}})
    assert found.data == {
        "ignoreTLS": False,
        "requireTLS": True,
        "pool": True,
        "maxConnections": 5,
        "connectionTimeout": 120000,
        "tls": {"honorCipherOrder": False, "minDHSize": 1024, "minVersion": "TLSv1.2"},
        "dkim": {"cacheDir": False, "cacheTreshold": 100},
        "name": "pbx",
    }
    assert (found.problems, found.doubtful) == ((), ())


def test_filters() -> None:
    filters = {"options.secure": "false", "options.port": "465", "description": "no", "options.other": "no"}
    found = typed_filters(filters, RECORD)
    assert found.data == {**filters, "options.secure": False, "options.port": 465}
    assert found.doubtful == ("filters.options.other",)
    assert typed_filters(None, RECORD).data == {}


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"options": {"port": {"a": 1}}}, "options.port.a"),
        ({"options.port.a": 1}, "options.port.a"),
        ({"from": {"name": "x"}}, "from.name"),
        ({"options": {"auth": {"user": True}}}, "options.auth.user"),
        ({"options": {"tls": {"rejectUnauthorized": ["no"]}}}, "options.tls.rejectUnauthorized"),
    ],
)
def test_a_filter_that_can_fit_no_record(filters: dict[str, Any], field: str) -> None:
    """It would find nothing, without a word."""
    assert [problem.field for problem in typed_filters(filters, RECORD).problems] == [f"filters.{field}"]


NO_VALUE = "fits no record: give a value of one of the fields in it, or null for none of them"


@pytest.mark.parametrize(
    ("filters", "problems"),
    [
        ({"options": {}}, [Problem("filters.options", NO_VALUE)]),
        ({"options": "x"}, [Problem("filters.options", NO_VALUE)]),
        ({"options.other": {}}, [Problem("filters.options.other", NO_VALUE)]),
        ({"options": None}, []),
        (
            {"options": {}, "from": {"name": "x"}},
            [
                Problem("filters.options", NO_VALUE),
                Problem("filters.from.name", "fits no record: from is a single value, with nothing in it"),
            ],
        ),
    ],
)
def test_all_filters_that_can_fit_no_record_are_named(filters: dict[str, Any], problems: list[Problem]) -> None:
    assert list(typed_filters(filters, RECORD).problems) == problems


def test_digits_fit_a_text_and_what_nobody_knows_stays() -> None:
    found = typed_filters({"description": 5, "options.port": 465, "options.other": 7}, RECORD)
    assert found.data == {"description": "5", "options.port": 465, "options.other": 7}


@pytest.mark.parametrize("name", ["b", "n"])
def test_a_secret_is_no_boolean_and_no_number(name: str) -> None:
    (problem,) = typed({name: Secret("1")}, KINDS, "x").problems
    assert problem.field == f"x.{name}"
