# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words that repeat a secret, in every form in which a server may say it again."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._repeats import repeats, without_codes
from tests.sandbox.encodings import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = "d41d8cd98f00b204e9800998ecf8427e"
SECRETS = ["P@ssw0rd1", "hunter", "pä55wört", "pä55 wörd<&>\"'\\/+%41", "sommernacht", "pa😀ss-7🗝", LONG]
UTF_7 = [form for form in FORMS if form.startswith("UTF-7")]
UTF_7_SECRETS = ["ключи"[:length] for length in range(1, 6)] + ["ÿÿ77", "Š>-€"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("form", FORMS)
def test_a_secret_in_some_form(form: str, secret: str) -> None:
    words = f"535 bad: {FORMS[form](secret)} is refused"
    assert repeats(words, ["other", secret])
    assert repeats({"info": [words]}, [secret])


RARE_FORMS: dict[str, Callable[[str], str]] = {
    "backwards": lambda text: text[::-1],
    "UTF-16 taken for Latin-1": lambda text: text.encode("utf-16-le").decode("latin-1"),
    "with zero widths": "\u200b".join,
    "with soft hyphens": "\u00ad".join,
    "hex with blanks": lambda text: text.encode().hex(" "),
    "hex with hyphens": lambda text: text.encode().hex("-"),
    "hex in groups": lambda text: ":".join(re.findall(".{1,4}", text.encode().hex())),
    "hex of C": lambda text: ", ".join(f"0x{byte:02x}" for byte in text.encode()),
    "numbers": lambda text: str(list(text.encode())),
    "numbers of JavaScript": lambda text: f"String.fromCharCode({','.join(str(ord(char)) for char in text)})",
    "points of JavaScript": lambda text: "".join(f"\\u{{{ord(char):x}}}" for char in text),
    "points of old URLs": lambda text: "".join(f"%u{ord(char):04X}" for char in text),
    "points of Unicode": lambda text: " ".join(f"U+{ord(char):04X}" for char in text),
}


# A list of numbers is read up to three digits each, as bytes and most letters have.
@pytest.mark.parametrize("secret", [secret for secret in SECRETS if len(secret) > 5 and max(secret) < "\u03e8"])
@pytest.mark.parametrize("form", RARE_FORMS)
def test_a_long_secret_in_a_rare_form(form: str, secret: str) -> None:
    assert repeats(f"535 bad: {RARE_FORMS[form](secret)} is refused", ["other", secret])


def _base64_of_a_url(text: str) -> str:
    return base64.urlsafe_b64encode(f"~~~???{text}".encode()).decode()


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        # What JSON writes with a letter: no blank counts, and no control.
        (r"one\ntwo\tthree", "one\ntwo\tthree"),
        (r"one\r\ntwo\b\f-3", "one\r\ntwo\b\f-3"),
        # Of UTF-7, each length of a code, and what IMAP writes in place of a slash.
        *((FORMS[form](f"pass-{secret}"), f"pass-{secret}") for form in UTF_7 for secret in UTF_7_SECRETS),
        # Base64 of URLs, of a secret in another form.
        (_base64_of_a_url("HUNTER2"), "hunter2"),
        (_base64_of_a_url("p%C3%A455w%C3%B6rd"), "pä55wörd"),
        # The last character that there is, and what is none.
        ("U+0068 U+10FFFF U+006D U+0073 U+0065 U+006C U+0066", "h\U0010ffffmself"),
        (r"hunt\u{110000}er%uFFFFFF2", "hunter2"),
        # Two escapes for one character, halves of one, and those of bytes that are none.
        (r"pa\ud83d\ude00ss\ud83d\ude00", "pa😀ss😀"),
        *((f"{half} hunter2", "hunter2") for half in (r"\ud800", r"\udfff\ud800", "\ud800", "%ED%A0%80", "&#xd800;")),
        ("pa\udcffss-7", "pa\udcffss-7"),
        # Beside what is a code, what only looks like one is left as it is.
        ("=61bc=FF-hunt", "abc=FF-hunt"),
        ("+AOQ-+zz.9x7", "ä+zz.9x7"),
        ("Ã¤-ä°-x7", "ä-ä°-x7"),
        ("746f6b656e/ffffffff/", "token/ffffffff/"),
        ("5pel5pys!sommer77=", "日本!sommer77="),
    ],
)
def test_a_secret_with_odd_characters(words: str, secret: str) -> None:
    assert repeats(f"535 bad: {words} is refused", ["\udcffother", secret])


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("cut", [1, 4])
def test_a_secret_cut_in_two_fields(secret: str, cut: int) -> None:
    assert repeats({"a": [{"b": f"bad {secret[:cut]}"}, {"c": f"{secret[cut:]} here"}]}, [secret])


def test_a_part_of_a_long_secret() -> None:
    assert repeats(f"token {LONG[5:20]}…", SECRETS)
    assert not repeats(f"token {LONG[5:12]}…", SECRETS)


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("certs@example.com is locked", "certs"),
        ("unknown user my-certs, certs.example.com, certificates", "certs"),
        ("5.7.8 Authentication failed: VXNlcm5hbWU6", "hunter2"),
        ("no password given", ""),
        ("no password given", " "),
        ("(no password given) - \t", "\t"),
        ("mail.example.com", "1"),
        ("no certs, or bad certs.", "cert"),
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
        "abcdefghijklmnopqrstuv==",
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


@pytest.mark.parametrize("form", ["itself", "hex", "HEX", "URL by numbers"])
def test_a_secret_cut_in_two_fields_with_another_one_between_them(form: str) -> None:
    secret = "planted-new-b26c3e58"
    said = FORMS[form](secret)
    half = len(said) // 4 * 2
    errors = [{"field": said[:half], "type": "echo", "msg": said[half:]}]
    for answer in (errors, {"errors": errors, "id": 7}, {"detail": {"errors": tuple(errors)}}):
        assert repeats(answer, [secret])
    assert not repeats([{"field": said[: half // 2], "type": "echo", "msg": "is refused"}], [secret])


@pytest.mark.parametrize(
    "address",
    [
        "http://proxy:planted-secret-2@proxy.example.com",
        "smtps://smtp.example.com:465?pool=true&auth.pass=planted-secret-2",
        "https://hooks.example.com/services/planted-secret-2",
        "HTTPS://user:planted%2Dsecret%2D2@smtp.example.com/",
        "https://hooks.example.com/#planted-secret-2",
    ],
)
def test_of_an_address_the_host_is_no_secret(address: str) -> None:
    """Else, nobody would read what went wrong with a record that is named after the same domain."""
    for words in ("email_settings of d.example.com: the answer is no JSON", "http://proxy.example.com", "https://a/"):
        assert not repeats(words, [address]), words
    for words in (address, f"no {address} here", "bad planted-secret-2", "planted-secr", "cGxhbnRlZC1zZWNyZXQtMg=="):
        assert repeats(words, [address]), words


@pytest.mark.parametrize("address", ["http://u:pa#ss/word@proxy.example.com", "http://u:4711/hush@x@proxy.example.com"])
def test_an_address_that_can_be_read_in_two_ways_is_a_secret_as_a_whole(address: str) -> None:
    assert repeats(f"bad {address[:-12]}", [address])
    assert repeats("proxy.example.com", [address])


@pytest.mark.parametrize("words", ["wrong password hush4711", "u:hush4711"])
def test_a_short_password_in_an_address(words: str) -> None:
    assert repeats(words, ["smtp://u:hush4711@mail.example.com"])
    assert not repeats("mail.example.com refuses", ["smtp://u:hush4711@mail.example.com"])
