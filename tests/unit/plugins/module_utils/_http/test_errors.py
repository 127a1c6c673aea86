# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors that render themselves: the request, what happened, what to do; and never a secret."""

from __future__ import annotations

import json

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import (
    LEFT_OUT,
    ApiError,
    ApiStatusError,
    ConnectionFailed,
    CredentialError,
    InvalidResponse,
    NotAuthorized,
    NotFound,
    RedirectRefused,
    Request,
    advice_for,
    quote,
    quote_all,
    some_of,
)

REQUEST = Request("PUT", "https://server.example.com/a?domain=b")


def test_text_and_data_of_an_error() -> None:
    error = ApiError(REQUEST, "it failed", "Try this")
    assert str(error) == "PUT https://server.example.com/a?domain=b: it failed. Try this"
    error.subject = "account x"
    assert str(error) == "account x: PUT https://server.example.com/a?domain=b: it failed. Try this"
    assert error.details() == {
        "kind": "api",
        "request": {"method": "PUT", "url": "https://server.example.com/a?domain=b"},
    }


def test_a_message_with_a_full_stop_gets_no_second_one() -> None:
    error = ApiError(REQUEST, "...no X.", "Try this")
    assert str(error) == f"{REQUEST}: ...no X. Try this"
    assert error.args == ("...no X.",)


@pytest.mark.parametrize("words", ["Permission denied!", "Who are you?"])
def test_a_sentence_that_ends_otherwise_gets_no_full_stop(words: str) -> None:
    assert str(ApiError(REQUEST, words, "Do this")).endswith(f": {words} Do this")


def test_an_error_as_data_tells_where_nobody_knows_the_outcome() -> None:
    error = ApiError(REQUEST, "it failed")
    assert "outcome" not in error.details()
    error.unresolved = True
    assert error.details()["outcome"] == "unknown"


def test_each_kind_of_error_tells_what_to_do_next() -> None:
    for error in (ConnectionFailed(REQUEST, "no", "Try this"), ApiStatusError(REQUEST, 409, "no", "Try this")):
        assert str(error) == f"{REQUEST}: no. Try this"


def test_text_without_advice() -> None:
    assert str(InvalidResponse(REQUEST, "it failed")) == f"{REQUEST}: it failed"


def test_a_failed_connection_says_nothing_of_its_own() -> None:
    error = ConnectionFailed(REQUEST, "it failed")
    assert str(error) == f"{REQUEST}: it failed"
    assert (error.sent, error.indeterminate, error.transient, error.late) == (False, False, True, False)
    error = ConnectionFailed(REQUEST, "it failed", sent=True, transient=False, late=True)
    assert (error.sent, error.indeterminate, error.transient, error.late) == (True, True, False, True)


def test_a_refusal_as_data_has_the_status_and_the_reasons() -> None:
    errors = [{"field": "name", "type": "duplicated"}]
    details = ApiStatusError(REQUEST, 409, "no", errors=errors).details()
    assert (details["kind"], details["status"], details["errors"]) == ("refused", 409, errors)
    assert json.loads(json.dumps(details)) == details
    assert str(ApiStatusError(REQUEST, 409, "no", errors=errors)) == f"{REQUEST}: no"


@pytest.mark.parametrize(
    ("status", "indeterminate", "transient", "late"),
    [
        # With the status of success, the server itself says no.
        *((status, False, False, False) for status in (200, 299, 400, 404, 409, 499, 501, 503, 505, 511, 525, 526)),
        *((status, True, False, False) for status in (101, 304, 500, 507, 519, 527, 530, 600, 999)),
        *((status, True, True, False) for status in (502, 520, 521, 522, 523)),
        # The server may be at it yet, so a creation is not sent again.
        *((status, True, True, True) for status in (504, 524, 598, 599)),
    ],
)
def test_what_may_have_been_done_and_what_may_pass(
    status: int, indeterminate: bool, transient: bool, late: bool
) -> None:
    error = ApiStatusError(REQUEST, status, "no")
    assert (error.indeterminate, error.transient, error.late) == (indeterminate, transient, late)


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_status_that_passes_asks_for_patience(status: int) -> None:
    assert advice_for(status, "Check api_url") == "Check the server's load and log, and try again later"


@pytest.mark.parametrize("status", [400, 404, 500, 501])
def test_any_other_status_does_not(status: int) -> None:
    assert advice_for(status, "Check api_url") == "Check api_url"


def test_every_kind_has_a_name_of_its_own() -> None:
    refusals = [kind(REQUEST, 400, "x") for kind in (ApiStatusError, NotFound, NotAuthorized)]
    others = [kind(REQUEST, "x") for kind in (ApiError, ConnectionFailed, InvalidResponse, RedirectRefused)]
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
        ("Não\x07", "Não\\x07"),
        ("x" * 596 + "\x07", "x" * 596 + "\\x07"),
        ("x" * 597 + "\x07", "x" * 597 + "\\x0…"),
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


@pytest.mark.parametrize("secret", ["abcdef-1", "abcd-1", "certificate", "P@ssw0rd1", "two words 2"])
def test_a_long_secret_is_found_inside_others(secret: str) -> None:
    assert quote(f"x{secret}y", [secret]) == LEFT_OUT


@pytest.mark.parametrize("secret", ["ab-1", "certs"])
def test_a_short_secret_is_not_searched_inside_others(secret: str) -> None:
    assert quote(f"x{secret}y", [secret]) == f"x{secret}y"


@pytest.mark.parametrize("text", ["two+words", "a=b two%20words c"])
def test_secrets_in_the_form_of_an_address_are_found_too(text: str) -> None:
    assert quote(text, ["two words"]) == LEFT_OUT


def test_a_text_of_dots_takes_no_time() -> None:
    """With time by the square of its length, this one would take hours."""
    assert quote("." * 2_000_000, ["hunter2"]) == "." * 600 + "…"


def test_twenty_of_many_texts_are_named() -> None:
    texts = [str(number) for number in range(21)]
    assert some_of([]) == ""
    assert some_of(texts[:2]) == "0, 1"
    assert some_of(iter(texts[:20])) == ", ".join(texts[:20])
    assert some_of(texts) == f"{', '.join(texts[:20])} and 1 more"


def test_each_text_of_data_is_quoted() -> None:
    data = {"a": "one\ntwo", "b": ["hunter2 here", {"c": "fine"}], "d": 1, "e": None, "f": True}
    assert quote_all(data, ["hunter2"]) == {
        "a": "one two",
        "b": [LEFT_OUT, {"c": "fine"}],
        "d": 1,
        "e": None,
        "f": True,
    }
    assert quote_all("x" * 700, []) == "x" * 600 + "…"


def test_texts_that_repeat_a_secret_together_are_all_left_out() -> None:
    data = {"first": "hunter2-", "second": ["and-four"], "n": 3}
    assert quote_all(data, ["hunter2-and-four"]) == {"first": LEFT_OUT, "second": [LEFT_OUT], "n": 3}
    assert quote_all(data, ["hunter3-and-five"]) == data


def test_the_same_error_for_another_subject() -> None:
    error = ApiStatusError(REQUEST, 409, "refused", "Try this")
    error.subject, error.unresolved = "account x", True
    twin = error.repeated()
    assert (type(twin), str(twin), twin.details()) == (ApiStatusError, str(error), error.details())
    assert twin.args == error.args == ("refused",)
    twin.subject = "account y"
    assert error.subject == "account x"
