# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors that render themselves: the request, what happened, what to do; and never a secret."""

from __future__ import annotations

import json

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._api.errors import (
    ApiError,
    BadAnswer,
    ConnectionFailed,
    CredentialError,
    NotAuthorized,
    NotFound,
    RedirectRefused,
    Refused,
    Request,
    quote,
)

REQUEST = Request("PUT", "https://server.example.com/a?domain=b")
LEFT_OUT = "(the server's words are left out, since they repeat a credential)"


def test_text_and_data_of_an_error() -> None:
    error = ApiError(REQUEST, "it failed", "Try this")
    assert str(error) == "PUT https://server.example.com/a?domain=b: it failed. Try this"
    error.subject = "account x"
    assert str(error) == "account x: PUT https://server.example.com/a?domain=b: it failed. Try this"
    assert error.details() == {
        "kind": "api",
        "request": {"method": "PUT", "url": "https://server.example.com/a?domain=b"},
    }


def test_text_without_advice() -> None:
    assert str(BadAnswer(REQUEST, "it failed")) == f"{REQUEST}: it failed"


def test_a_refusal_as_data_has_the_status_and_the_reasons() -> None:
    errors = [{"field": "name", "type": "duplicated"}]
    details = Refused(REQUEST, 409, "no", errors=errors).details()
    assert (details["kind"], details["status"], details["errors"]) == ("refused", 409, errors)
    assert json.loads(json.dumps(details)) == details


def test_every_kind_has_a_name_of_its_own() -> None:
    refusals = [kind(REQUEST, 400, "x") for kind in (Refused, NotFound, NotAuthorized)]
    others = [kind(REQUEST, "x") for kind in (ApiError, ConnectionFailed, BadAnswer, RedirectRefused)]
    kinds = [error.details()["kind"] for error in (*refusals, *others)]
    assert len(set(kinds)) == len(kinds)
    assert CredentialError("x").details() == {"kind": "credentials"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  Bad\n parameters.\t", "Bad parameters."),
        (5, "5"),
        ({"a": 1}, "{'a': 1}"),
        ("\x1b[31mred\x1b[0m\x07", "\\x1b[31mred\\x1b[0m\\x07"),
        ("a\x00b\u202ec", "a\\x00b\\u202ec"),
        ("Não encontrado", "Não encontrado"),
        ("x" * 600, "x" * 600),
        ("x" * 601, "x" * 600 + "…"),
    ],
)
def test_quotes_are_one_bounded_printable_line(text: object, shown: str) -> None:
    assert quote(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "hunter2",
        "wrong password hunter2.",
        "wrong password: 'hunter2'",
        '{"password":"hunter2"}',
        "password=hunter2&user=a",
        "Authorization: Bearer hunter2",
        "(hunter2)",
        "cannot reach smtp://user:hunter2@smtp.example.com",
        "x" * 700 + " hunter2",
    ],
)
def test_words_that_repeat_a_credential_are_left_out(text: str) -> None:
    assert quote(text, ["other", "hunter2"]) == LEFT_OUT


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("unknown user certs@example.com", "certs"),
        ("unknown host certs.example.com", "certs"),
        ("unknown user my-certs", "certs"),
        ("unknown user certs-old", "certs"),
        ("certificates", "cert"),
        ("no password given", ""),
        ("no password given", " "),
    ],
)
def test_a_part_of_a_word_is_no_repetition(text: str, secret: str) -> None:
    assert quote(text, [secret]) == text


@pytest.mark.parametrize("secret", ["two  words", "two\nwords", " two words "])
def test_secrets_with_blanks_are_found_too(secret: str) -> None:
    assert quote(f"the password {secret} is wrong", [secret]) == LEFT_OUT


@pytest.mark.parametrize("secret", ["a.c", "(", "[a", "\\d+", "*"])
def test_secrets_are_no_patterns(secret: str) -> None:
    assert quote(f"the password {secret} is wrong", [secret]) == LEFT_OUT
    assert quote("abc 12", [secret]) == "abc 12"
