# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words that repeat a secret, in every form in which a server may say it again."""

from __future__ import annotations

import base64
import html
import json
import unicodedata
from typing import Callable
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._repeats import repeats, without_codes

SECRETS = ["P@ssw0rd1", "hunter2", "pä55 wörd<&>\"'\\/+%41", "sommernacht", "d41d8cd98f00b204e9800998ecf8427e"]


def in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


FORMS: dict[str, Callable[[str], str]] = {
    "itself": str,
    "in a sentence": lambda text: f"wrong password {text}.",
    "in a longer word": lambda text: f"x{text}y",
    "before a host": lambda text: f"smtp://u:{text}@h",
    "URL": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "URL twice": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML": html.escape,
    "HTML twice": lambda text: html.escape(html.escape(text)),
    "HTML by numbers": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "JSON": in_json,
    "JSON in letters": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON twice": lambda text: in_json(in_json(text)),
    "JSON by numbers": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "JSON in HTML in URL": lambda text: quote(html.escape(in_json(text))),
    "Python": lambda text: repr([text]),
    "upper case": str.upper,
    "other case": str.swapcase,
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "folded": lambda text: f"{text[:3]}\r\n {text[3:]}",
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    **{
        f"base64 after {offset} with {more} behind": lambda text, offset=offset, more=more: base64.b64encode(  # type: ignore[misc]
            b"x" * offset + text.encode() + b"y" * more
        ).decode()
        for offset in range(3)
        for more in range(3)
    },
    "AUTH PLAIN": lambda text: base64.b64encode(f"\0certs@example.com\0{text}".encode()).decode(),
    "AUTH PLAIN, folded": lambda text: base64.encodebytes(f"\0{'c' * 60}\0{text}".encode()).decode(),
    "base64 of a URL": lambda text: base64.urlsafe_b64encode(f"??{text}??".encode()).decode(),
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("form", FORMS)
def test_a_secret_in_some_form(form: str, secret: str) -> None:
    words = f"535 bad: {FORMS[form](secret)} is refused"
    assert repeats(words, ["other", secret])
    assert repeats({"info": [words]}, [secret])


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("cut", [1, 4])
def test_a_secret_cut_in_two_fields(secret: str, cut: int) -> None:
    assert repeats({"a": [{"b": f"bad {secret[:cut]}"}, {"c": f"{secret[cut:]} here"}]}, [secret])


def test_a_part_of_a_long_secret() -> None:
    assert repeats(f"token {SECRETS[-1][5:20]}…", SECRETS)
    assert not repeats(f"token {SECRETS[-1][5:12]}…", SECRETS)


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("certs@example.com is locked", "certs"),
        ("unknown user my-certs, certs.example.com, certificates", "certs"),
        ("5.7.8 Authentication failed: VXNlcm5hbWU6", "hunter2"),
        ("no password given", ""),
        ("no password given", " "),
        ("mail.example.com", "1"),
    ],
)
def test_other_words(words: str, secret: str) -> None:
    assert not repeats(words, [secret])


@pytest.mark.parametrize("words", ["the password certs", "'certs'", "certs.", "u:certs@host", "a=certs&b=1", "CERTS"])
def test_a_short_secret_that_stands_alone(words: str) -> None:
    assert repeats(words, ["certs"])


@pytest.mark.parametrize(
    "code",
    [
        base64.b64encode(b"\0user\0password12345").decode(),
        "dXNlcgBwYXNzd29yZHRoYXRpc2xvbmc=",
        "d41d8cd98f00b204e9800998ecf8427e",
        "D41D8CD98F00B204E9800998ECF8427E",
    ],
)
def test_codes_are_left_out(code: str) -> None:
    assert without_codes(f"535 bad ({code}), try again") == "535 bad ((code left out)), try again"


@pytest.mark.parametrize(
    "words",
    [
        "550 5.7.1 https://support.google.com/mail/answer/6596 a640c23a62f3a-a7b1c2d3e4fsi123456766b.12 - gsmtp",
        "queued as 4XyZ12ABcd3z",
        "1c2d3e4f-aaaa-bbbb-cccc-123456789012",
        "ec2-192-0-2-1.eu-west-1.compute.internal",
        "-----------------------------",
        "Donaudampfschifffahrtsgesellschaft",
    ],
)
def test_words_that_are_no_codes(words: str) -> None:
    assert without_codes(words) == words
