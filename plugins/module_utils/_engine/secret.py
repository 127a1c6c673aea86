# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets as a type: wrapped where they enter, rendered as markers, revealed only for the wire.

A record is plain JSON data in which each password, token or key is a L(Secret). Such a record cannot leak by accident:
a Secret prints as C(<secret>) and cannot be serialised to JSON. Nothing here searches text for secret values; what is
secret is decided by where a value stands.
"""

from __future__ import annotations

import re
import typing as t
from urllib.parse import urlsplit

Record = dict[str, t.Any]

_SECRET_NAMES = frozenset(("pass", "passwd", "key", "pfx", "credentials"))
_SECRET_ENDINGS = ("password", "passphrase", "secret", "token", "privatekey", "apikey")
_URL_NAMES = frozenset(("proxy", "url"))
_MASK = re.compile(r"[*\u2022\u25cf]{3,}")


class Secret:
    """A value that may be compared and sent, never shown."""

    __slots__ = ("_value",)

    def __init__(self, value: t.Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(repr(self._value))

    def __repr__(self) -> str:
        return "<secret>"

    def __deepcopy__(self, memo: object) -> Secret:
        return self


MASKED: t.Final = Secret(object())
"""The server stores a secret here and shows a mask instead."""

NOT_SHOWN: t.Final = Secret(object())
"""The server may store a secret here, and shows nothing."""


def is_hidden(value: object) -> bool:
    """Whether C(value) stands for a secret whose text is not known."""
    return value is MASKED or value is NOT_SHOWN


def is_mask(value: object) -> bool:
    """Whether C(value) is what servers show in place of a password (C(********)), and so no password."""
    return isinstance(value, str) and _MASK.fullmatch(value) is not None


def is_secret_name(name: str) -> bool:
    """Whether a field called C(name) holds a secret, in any spelling (C(access_token), C(accessToken))."""
    plain = name.replace("_", "").replace("-", "").lower()
    return plain in _SECRET_NAMES or plain.endswith(_SECRET_ENDINGS)


def wrap(data: t.Any) -> t.Any:
    """Copy JSON data with every secret field as a L(Secret), and every mask in such a field as C(MASKED)."""
    if isinstance(data, dict):
        return {name: _wrap_field(name, value) for name, value in data.items()}
    if isinstance(data, list):
        return [wrap(item) for item in data]
    return data


def _wrap_field(name: str, value: t.Any) -> t.Any:
    if value is None or value == "" or isinstance(value, (Secret, bool)):
        return value
    if is_secret_name(name):
        return MASKED if is_mask(value) else Secret(value)
    if name.lower() in _URL_NAMES and isinstance(value, str) and _has_password(value):
        return Secret(value)
    return wrap(value)


def _has_password(url: str) -> bool:
    try:
        return bool(urlsplit(url).password)
    except ValueError:
        return False


def reveal(data: t.Any) -> t.Any:
    """Copy a record as plain JSON data for the wire.

    Raises C(ValueError) where a hidden secret is left in it: there is nothing that could be sent.
    """
    if is_hidden(data):
        raise ValueError("a secret that the server does not show cannot be sent")
    if isinstance(data, Secret):
        return data._value
    if isinstance(data, dict):
        return {name: reveal(value) for name, value in data.items()}
    if isinstance(data, list):
        return [reveal(item) for item in data]
    return data


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
    return [str(value)] if value not in (None, "") else []


_ABSENT: t.Final = object()


def render(before: t.Any, after: t.Any) -> tuple[t.Any, t.Any]:
    """Copy two states of a record with a marker for each secret, so that a change of a secret shows.

    Takes the state before and after (either may be C(None): no record). Returns plain JSON data.
    """
    shown_before, shown_after = _render(before, after)
    return ({} if shown_before is None else shown_before, {} if shown_after is None else shown_after)


def _render(before: t.Any, after: t.Any) -> tuple[t.Any, t.Any]:
    if isinstance(before, Secret) or isinstance(after, Secret):
        return _marker(before, after), _marker(after, before, is_after=True)
    if isinstance(before, dict) or isinstance(after, dict):
        return _render_dicts(before, after)
    if isinstance(before, list) or isinstance(after, list):
        return _render_list(before, after), _render_list(after, before, is_after=True)
    return before, after


def _render_dicts(before: t.Any, after: t.Any) -> tuple[t.Any, t.Any]:
    left: t.Any = {} if isinstance(before, dict) else before
    right: t.Any = {} if isinstance(after, dict) else after
    old, new = (before if isinstance(before, dict) else {}), (after if isinstance(after, dict) else {})
    for name in sorted({*old, *new}):
        shown = _render(old.get(name, _ABSENT), new.get(name, _ABSENT))
        if name in old:
            left[name] = shown[0]
        if name in new:
            right[name] = shown[1]
    return left, right


def _render_list(items: t.Any, others: t.Any, is_after: bool = False) -> t.Any:
    if not isinstance(items, list):
        return items
    if not isinstance(others, list):
        others = []
    shown = []
    for index, item in enumerate(items):
        other = others[index] if index < len(others) else _ABSENT
        shown.append(_render(other, item)[1] if is_after else _render(item, other)[0])
    return shown


def _marker(value: t.Any, other: t.Any, is_after: bool = False) -> t.Any:
    if not isinstance(value, Secret):
        return value
    if is_hidden(value):
        return "<secret: not readable>"
    if not is_after:
        if value == other:
            return "<secret: unchanged>"
        return "<secret: current>" if isinstance(other, Secret) else "<secret: to be removed>"
    if value == other:
        return "<secret: unchanged>"
    if is_hidden(other):
        return "<secret: written, whether it differs is not known>"
    return "<secret: new>" if isinstance(other, Secret) else "<secret: set>"
