# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an input error says, and that it keeps what it was made of, wherever it is sent."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest
import voluptuous

from ansible_collections.mailfleet.email.plugins.module_utils._engine import schema
from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import InputError, Problem


def test_an_input_error_survives_a_process_border() -> None:
    error = InputError("account a", [Problem("name", "no"), Problem("", "never")])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  It was made here.
    assert (str(again), again.args) == (str(error), error.args)
    assert error.args == ("account a", (Problem("name", "no"), Problem("", "never")))


def test_the_problems_of_a_list_keep_their_messages() -> None:
    problems = schema.problems_of_each([{"a": 1}, "x"], voluptuous.Schema({"a": schema.text}), lambda: None)
    assert [str(problem) for problem in problems] == [
        "[0].a: must be a text, not a number",
        "[1]: must be an object",
    ]


def test_places_in_a_list_are_reported() -> None:
    document = voluptuous.Schema({"a": [{"b": [schema.text]}]})
    [problem] = schema.problems_of({"a": [{"b": []}, {"b": ["x", 5]}]}, document)
    assert str(problem) == "a[1].b[1]: must be a text, not a number"


@pytest.mark.parametrize(
    ("validator", "value", "message"),
    [
        (schema.integer, "x", "must be a whole number, not a text"),
        (schema.integer, True, "must be a whole number, not a boolean"),
        (schema.digits, ["1"], "must be a number, not a list"),
        (schema.text, {}, "must be a text, not an object"),
        (schema.flag, 1, "must be true or false, not a number"),
        (schema.mapping, 1.5, "must be an object, not a number"),
        (schema.integer, None, "must be a whole number, not null"),
    ],
)
def test_what_an_answer_holds_instead_is_reported_by_its_type(
    validator: Callable[[object], object], value: object, message: str
) -> None:
    with pytest.raises(voluptuous.Invalid) as caught:
        validator(value)
    assert str(caught.value) == message
