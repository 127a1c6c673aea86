# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets as a type: wrapped where they enter, revealed only for the wire.

A record is plain JSON data in which each password, token or key is a `Secret`. Such a record cannot leak by accident:
a Secret prints as `<secret>`, and cannot be written as JSON or as a pickle. Nothing here searches text for secret
values; what is secret is decided by where a value stands.
"""

from __future__ import annotations

import re
import typing as t
from functools import cache
from urllib.parse import unquote, urlsplit

Record = dict[str, t.Any]

Check = t.Callable[[str], bool]
Known = t.Mapping[str, t.Union[Check, "Known"]]
"""The paths whose texts may be shown: for each name a check of its text, or what is known below it."""
ALL_OTHERS: t.Final = "*"
"""In a `Known`: what holds for the names that it does not have."""
OWN_TEXT: t.Final = ""
"""In a `Known`: the check of a text that stands where the names could."""

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SECRET_WORDS = frozenset(
    (
        *("pass", "passwd", "password", "passwords", "passphrase", "passcode", "pwd", "senha", "senhas", "pin"),
        *("secret", "secrets", "token", "tokens", "credential", "credentials", "pfx", "apikey", "privatekey"),
        *("authorization", "cookie", "cookies"),
    )
)
_SECRET_KEYS = frozenset(("private", "secret", "access", "api", "auth", "encryption", "signing", "master", "shared"))
_STARS = re.compile(r"[*\u2022\u25cf]{3}")
_DOTS = re.compile(r"[*\u2022\u25cf]{2}|([xX#.\-_])\1{2,}")
_OPENING, _CLOSING = frozenset("<[({"), frozenset(">])}")
_OF_MASKS = re.compile("hidden|redact|mask|secret|crypt|protect|ocult", re.IGNORECASE)


class Secret:
    """A value that may be compared and sent, never shown."""

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]  # The value may be of any JSON type, and is no key of anything.

    def __init__(self, value: t.Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __repr__(self) -> str:
        return "<secret>"

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce__(self) -> t.NoReturn:
        # A pickle of it would hold the text; Ansible's workers send their results in pickles.
        raise TypeError("a secret is written to the wire only")

    def reveal(self) -> t.Any:
        """The value, for the wire. Raises `ValueError` where it is hidden: there is nothing that could be sent."""
        if is_hidden(self):
            raise ValueError("a secret that the server does not show cannot be sent")
        return self._value


Password = t.Union[Secret, str]
"""A secret, or an empty text where there is none."""

MASKED: t.Final = Secret(object())
"""The server stores a secret here and shows a mask instead."""

NOT_SHOWN: t.Final = Secret(object())
"""The server may store a secret here, and shows nothing."""


def is_hidden(value: object) -> bool:
    """Whether `value` stands for a secret whose text is not known."""
    return value is MASKED or value is NOT_SHOWN


def _looks_masked(value: object) -> bool:
    """Whether a server's value is likely to stand in place of a secret, or to show a part of one.

    Rather one password too many is taken for a mask, and asked for, than one mask too many written back.
    """
    if not isinstance(value, str):
        return False
    text = value.strip()
    in_brackets = text[:1] in _OPENING and text[-1:] in _CLOSING
    found = _STARS.search(text) or _DOTS.fullmatch(text) or (in_brackets and _OF_MASKS.search(text))
    return bool(found)


@cache
def is_secret_name(name: str) -> bool:
    """Whether a field called `name` holds a secret, in any spelling (`access_token`, `secretAccessKey`).

    Fields that no page documents are judged too: rather one too many is hidden than one too few.
    """
    words = [word.lower() for word in _WORDS.findall(str(name))]
    if not _SECRET_WORDS.isdisjoint(words):
        return True
    # A key is a secret, a key's selector is none, nor is a public key.
    return words[-1:] == ["key"] and (len(words) == 1 or words[-2] in _SECRET_KEYS)


def wrap(data: t.Any, known: Known, *, shown: bool = False) -> t.Any:
    """Copy JSON data with every secret as a `Secret`: all texts, but those at a path that is `known` to be harmless.

    Numbers and truth values are none, but in a field whose name says so. With `shown` the data is what a server shows:
    what looks like a mask in place of a secret becomes `MASKED`.
    """
    if isinstance(data, dict):
        record = dict(data)
        for name, value in data.items():
            below = known.get(name)
            if not value or value is True or (below is not None and isinstance(value, int)):
                continue
            if not isinstance(value, str) or not callable(below):
                record[name] = _wrapped_field(name, value, known, shown)
            elif not below(value):
                record[name] = _secret(value, shown)
        return record
    return _wrapped(data, known, shown) if isinstance(data, (str, list)) else data


def _wrapped_field(name: str, value: t.Any, known: Known, shown: bool) -> t.Any:
    if isinstance(value, Secret):
        return value
    below = known.get(name)
    if below is None:
        below = known.get(ALL_OTHERS, {})
        if is_secret_name(str(name)):
            return _secret(value, shown)
    return value if isinstance(value, int) else _wrapped(value, below, shown)


def _wrapped(value: t.Any, known: Check | Known, shown: bool) -> t.Any:
    """A value, `known` being the check of its own text, or what is known of its fields."""
    if isinstance(value, str):
        check = known if callable(known) else known.get(OWN_TEXT)
        return value if not value or (callable(check) and check(value)) else _secret(value, shown)
    if isinstance(value, list):
        return [_wrapped(item, known, shown) for item in value]
    return wrap(value, {} if callable(known) else known, shown=shown)


def _secret(value: t.Any, shown: bool) -> Secret:
    return MASKED if shown and _looks_masked(value) else Secret(value)


def _url_password(url: str) -> str:
    """The password in an address such as `smtp://user:password@host`, empty where there is none."""
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""


def reveal(data: t.Any) -> t.Any:
    """Copy a record as plain JSON data for the wire.

    Raises `ValueError` where a hidden secret is left in it: there is nothing that could be sent.
    """
    if isinstance(data, Secret):
        return data.reveal()
    if isinstance(data, dict):
        return {name: reveal(value) for name, value in data.items()}
    if isinstance(data, list):
        return [reveal(item) for item in data]
    return data


def is_number(value: Secret, number: int) -> bool:
    """Whether a secret is this number, or its digits."""
    return str(value._value).strip() == str(number)


def omit(data: t.Any) -> t.Any:
    """Copy a record without its secrets: what a result may hold."""
    if isinstance(data, dict):
        return {name: omit(value) for name, value in data.items() if not isinstance(value, Secret)}
    if isinstance(data, list):
        return [omit(item) for item in data if not isinstance(item, Secret)]
    return data


def texts(data: t.Any) -> list[str]:
    """The secret texts of a record, for the judgement whether a server's words repeat one of them."""
    if isinstance(data, Secret):
        return [] if is_hidden(data) else _strings(data._value)
    if isinstance(data, dict):
        return [text for value in data.values() for text in texts(value)]
    if isinstance(data, list):
        return [text for item in data for text in texts(item)]
    return []


def _strings(value: t.Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    if value in (None, ""):
        return []
    password = _url_password(value) if isinstance(value, str) else ""
    return [str(value), *({password, unquote(password)} if password else ())]
