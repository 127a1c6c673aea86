# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether somebody else's words repeat a secret, in whichever form.

Both are brought to one form, in which neither case nor the way an accent is written counts, nor blanks; the words also
without what URLs, HTML, JSON, mail, base64 and hex put in, up to three times over. A secret is found within longer
words too, and in the base64 and hex of whatever it stands in. One of a few characters counts only where it stands
alone: a password such as `certs` does not make `certs@example.com` a repetition.
"""

from __future__ import annotations

import base64
import re
import typing as t
import unicodedata
from urllib.parse import unquote

from ._readings import readings

_MOST_LOOKED_AT: t.Final = 8_000
_MOST_NAMES = 6
_SHORTEST_WITHIN = 6
# Of base64 in pieces: fewer characters may be found in a text by chance. Of a long secret that is cut off somewhere.
_PIECE, _PART = 8, 12
_UNSEEN = frozenset(("Cf", "Cc"))
# What comes before the host, the host, and what comes behind it; with another at sign, nobody can tell which is which.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:([^/?#@]*)@)?[^/?#@]*((?:[/?#][^@]*)?)")
_SHORTEST_LOGIN, _SHORTEST_REST = 3, 8
_RUN = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX = re.compile(r"[0-9a-f]{32,}|[0-9A-F]{32,}")
_KINDS = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"))
_CODE_LEFT_OUT: t.Final = "(code left out)"


def repeats(words: object, secrets: t.Iterable[str]) -> bool:
    """Whether words, or data with words in it, repeat one of the secrets, as far as anybody would be shown them."""
    wanted = list(dict.fromkeys(secret for secret in secrets if secret and secret.strip()))
    if not wanted:
        return False
    forms = readings(str(words)[:_MOST_LOOKED_AT])
    if not isinstance(words, str):
        # What is cut in two may have another field in between.
        for left_out in (None, *list(_names(words))[:_MOST_NAMES]):
            forms |= readings("".join(_strings(words, left_out))[:_MOST_LOOKED_AT])
    said = _Said(forms)
    return any(said.holds(secret) for secret in wanted)


def without_codes(text: str) -> str:
    """Words less all that may be base64 or hex of something: nobody can tell what stands in it."""
    return _RUN.sub(lambda run: _CODE_LEFT_OUT if _is_code(run[0]) else run[0], text)


def _is_code(run: str) -> bool:
    return run.endswith("=") or _HEX.search(run) is not None or all(kind.search(run) for kind in _KINDS)


class _Said:
    """All that words say, in each of the forms that they may be read in."""

    def __init__(self, forms: t.Iterable[str]) -> None:
        self._folded = {_folded(form) for form in forms}
        self._canonical = {_unfolded(form) for form in self._folded}
        self._pieces = {piece for form in forms for piece in _pieces(_unfolded(form), _PIECE)}
        self._parts = {part for form in self._canonical for part in _pieces(form, _PART)}
        self._tokens = {token for form in forms for token in form.split()}

    def holds(self, secret: str) -> bool:
        """Whether the words hold a secret."""
        if any(self._holds_text(_canonical(part), part) for part in _secret_parts(secret)):
            return True
        return self._holds_base64(_bytes_of(secret))

    def _holds_text(self, wanted: str, secret: str) -> bool:
        if len(wanted) < _SHORTEST_WITHIN:
            return any(_stands_alone(_folded(secret), form) for form in self._folded)
        if len(wanted) >= _PART + 4 and not self._parts.isdisjoint(_pieces(wanted, _PART)):
            return True
        looked_for = (wanted, _canonical(secret[::-1]), _bytes_of(secret).hex())
        return any(text in form for form in self._canonical for text in looked_for)

    def _holds_base64(self, secret: bytes) -> bool:
        if base64.b64encode(secret).decode() in self._tokens:
            return True
        return any(not self._pieces.isdisjoint(_pieces(form, _PIECE)) for form in _encoded(secret))


def _secret_parts(secret: str) -> list[str]:
    """What is secret of a secret: of an address all but its host, which many words name that repeat nothing."""
    found = _ADDRESS.fullmatch(secret)
    if found is None:
        return [secret]
    login, rest = found[1] or "", found[2]
    password = login.partition(":")[2]
    values = [value.partition("=")[2] for value in re.split("[?&#;]", rest)]
    parts = [part for part in (login, password, unquote(password)) if len(part) >= _SHORTEST_LOGIN]
    parts += [part for part in (rest, *values, *map(unquote, values)) if len(part) >= _SHORTEST_REST]
    return list(dict.fromkeys(parts)) or [secret]


def _bytes_of(secret: str) -> bytes:
    # YAML and JSON can write half of a character, which has no code of its own.
    return secret.encode("utf-8", "surrogatepass")


def _pieces(text: str, length: int) -> t.Iterator[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))


def _encoded(data: bytes) -> list[str]:
    """The base64 that a secret makes wherever it begins in what is encoded, less what its neighbours have a part in."""
    found = []
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + data).decode()
        certain = text[-(-offset * 8 // 6) : (offset + len(data)) * 8 // 6]
        found += [certain, certain.replace("+", "-").replace("/", "_")]
    return found


def _stands_alone(secret: str, text: str) -> bool:
    at = text.find(secret)
    while at >= 0:
        before, after = text[at - 1 : at] if at else "", text[at + len(secret) :][:2]
        if not (_is_of_a_word(before) or before == "@" or _goes_on(after, before)):
            return True
        at = text.find(secret, at + 1)
    return False


def _goes_on(after: str, before: str) -> bool:
    """Whether a word goes on: what follows a user and a colon is a password, and the address begins behind it."""
    if after[:1] == "@":
        return before != ":"
    return _is_of_a_word(after[:1]) and (after[:1].isalnum() or after[1:].isalnum())


def _is_of_a_word(char: str) -> bool:
    return char.isalnum() or (char != "" and char in "_.+-")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKD", " ".join(text.casefold().split()))


def _canonical(text: str) -> str:
    return _unfolded(_folded(text))


def _unfolded(text: str) -> str:
    """A text less blanks, and less what nobody sees: zero widths, soft hyphens, the zeros of UTF-16."""
    plain = "".join(text.split())
    return (
        plain if plain.isprintable() else "".join(char for char in plain if unicodedata.category(char) not in _UNSEEN)
    )


def _strings(data: t.Any, left_out: str | None) -> t.Iterator[str]:
    """All texts in data, in their order, but those in a field of one name."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _strings(value, left_out) if name != left_out else ()
    elif isinstance(data, (list, tuple)):
        for part in data:
            yield from _strings(part, left_out)


def _names(data: t.Any) -> dict[str, None]:
    """The names of all fields in data, at every level."""
    if isinstance(data, dict):
        return {**dict.fromkeys(data), **_names(list(data.values()))}
    return {name: None for part in data for name in _names(part)} if isinstance(data, (list, tuple)) else {}
