# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The search for secrets finds each of them in every form, and nothing where there is nothing."""

from __future__ import annotations

import base64
import json

import pytest

from tests.sandbox.encodings import FORMS, LeakSearch, echo

SECRETS = ["P@ssw0rd1", "hunter2", "pä55 wörd<&>\"'\\/+%41", "sommernacht", "d41d8cd98f00b204e9800998ecf8427e"]
OTHERS = ["other-password", "0cc175b9c0f1b6a831c399e269772661"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_found_in_every_form(form: str, secret: str) -> None:
    search = LeakSearch([secret, *OTHERS])
    assert search.found_in(f"535 bad: {FORMS[form](secret)} is refused") == [secret]
    assert search.found_in(json.dumps({"a": [f"bad {FORMS[form](secret)}"]})) == [secret]


@pytest.mark.parametrize("form", FORMS)
def test_half_of_a_long_secret_is_found(form: str) -> None:
    secret = SECRETS[-1]
    for half in (secret[: len(secret) // 2], secret[len(secret) // 2 :]):
        assert LeakSearch([secret]).found_in(f"bad {FORMS[form](half)} here") == [secret]


def test_what_only_looks_like_a_secret_is_none() -> None:
    texts = ["no password given", "P@ss", "d41d8cd98f0", base64.b64encode(b"another one").decode(), "<secret: new>", ""]
    assert [text for text in texts if LeakSearch(SECRETS).found_in(text)] == []


@pytest.mark.parametrize("form", FORMS)
def test_an_error_repeats_headers_and_body(form: str) -> None:
    sent = json.dumps({"name": "n", "options": [{"pass": SECRETS[2]}]}).encode()
    headers = {"authorization": f"Bearer {SECRETS[4]}", "X-Key": SECRETS[0], "accept": "sommernacht"}
    said = echo(headers, sent, form).decode()
    assert LeakSearch(SECRETS).found_in(said) == [SECRETS[0], SECRETS[2], SECRETS[4]]
    assert json.loads(said)["errors"]


def test_an_error_repeats_a_body_that_is_no_json() -> None:
    assert LeakSearch(SECRETS).found_in(echo({}, b"pass=sommernacht", "hex").decode()) == ["sommernacht"]
