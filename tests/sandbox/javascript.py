# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON as the vendor's JavaScript server reads it: its numbers, its order of keys, its words about what is no JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPACE = re.compile(r"[ \t\n\r]*")
# Where a number or a string can still go on, and where it is whole.
_NUMBER_BEGUN = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.(?:\d+(?:[eE][+-]?\d*)?)?|[eE][+-]?\d*)?)?", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_STRING_BEGUN = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
_ESCAPE_BEGUN = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?")
_HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
_TEXTS = {"None": "undefined", "True": "true", "False": "false"}
_LOST, _LAST_OF_ONE_HALF = "\ufffd", "\uffff"
_WORDS = {"t": "true", "f": "false", "n": "null"}
_INDEX = re.compile(r"0|[1-9]\d{0,9}", re.ASCII)
_HIGHEST_INDEX = 2**32 - 2
_LARGEST_SHOWN_WHOLE = 2**63
# What may stand next, by what was read last: a value, the end of a list or an object, a key, a colon, a comma.
_FIRST_ITEM, _ITEM, _FIRST_KEY, _KEY, _COLON, _NEXT, _END = "v]", "v", "k}", "k", ":", ",", ""


def parse(text: str) -> Any:
    """Return the value of a JSON text. Raises ``ValueError`` with the words of Node 12."""
    try:
        value = json.loads(
            text, object_pairs_hook=ordered, parse_int=_number, parse_float=_number, parse_constant=_no_constant
        )
    except ValueError:
        raise ValueError(_complaint(text)) from None
    return _whole_characters(value) if "\\u" in text else value


def is_true(value: object) -> bool:
    """Say whether JavaScript takes the value for true; an empty list or object counts as true there."""
    return bool(value) or isinstance(value, dict | list)


def as_text(value: object) -> str:
    """Return what JavaScript makes of a value that it joins to a text."""
    if isinstance(value, list):
        return ",".join("" if item is None else as_text(item) for item in value)
    if isinstance(value, dict):
        return "[object Object]"
    return value if isinstance(value, str) else _TEXTS.get(str(value), str(value))


def unexpected(text: str, position: int, *, always_token: bool = False) -> str:
    """Return the words about the character at a position, or about the end of the text."""
    if position >= len(text):
        return "Unexpected end of JSON input"
    found = text[position]
    kind = "number" if found in "-0123456789" else "string" if found == '"' else ""
    if always_token or not kind:
        # Node counts and names the halves of characters that need two, and half a character is nothing to send.
        kind = f"token {found if found <= _LAST_OF_ONE_HALF else _LOST}"
    return f"Unexpected {kind} in JSON at position {len(text[:position].encode('utf-16-le')) // 2}"


def _number(text: str) -> float | int:
    """Every number is a double: those above 2^53 lose digits, 587.0 is 587, -0 is 0."""
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < _LARGEST_SHOWN_WHOLE else number


def _no_constant(_name: str) -> NoReturn:
    raise ValueError


def ordered(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object: keys that are numbers of items come first, of keys that repeat the last value counts."""
    found = dict(pairs)
    indexes = sorted((key for key in found if _INDEX.fullmatch(key) and int(key) <= _HIGHEST_INDEX), key=int)
    return {**{key: found[key] for key in indexes}, **found} if indexes else found


def _whole_characters(value: Any) -> Any:
    """Halves of characters, which JSON can name and the store cannot keep, become the sign for what is lost."""
    if isinstance(value, str):
        joined = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        return _HALF_A_CHARACTER.sub(_LOST, joined)
    if isinstance(value, list):
        return [_whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {_whole_characters(key): _whole_characters(item) for key, item in value.items()}
    return value


def _complaint(text: str) -> str:
    """Return what Node says about a text that is no JSON: which character cannot stand where it does."""
    within: list[str] = []
    awaited, position = _ITEM, 0
    while True:
        position = _end(_SPACE, text, position)
        character = text[position : position + 1]
        if not character:
            return unexpected(text, position)
        if character in "]}" and character in awaited + (within[-1] if awaited == _NEXT and within else ""):
            within.pop()
            awaited, position = (_NEXT if within else _END), position + 1
        elif character in ":," and character == awaited and within:
            awaited = _ITEM if character == ":" or within[-1] == "]" else _KEY
            position += 1
        elif "v" in awaited and character in "[{":
            within.append("]" if character == "[" else "}")
            awaited, position = (_FIRST_ITEM if character == "[" else _FIRST_KEY), position + 1
        elif "v" in awaited or ("k" in awaited and character == '"'):
            position, whole = _scalar(text, position)
            if not whole:
                return unexpected(text, position)
            awaited = _COLON if "k" in awaited else _NEXT if within else _END
        else:
            return unexpected(text, position)


def _scalar(text: str, position: int) -> tuple[int, bool]:
    """Return how far a string, a number or a word goes, and whether it is whole."""
    if text[position] == '"':
        end = _end(_STRING_BEGUN, text, position)
        if text[end : end + 1] == '"':
            return end + 1, True
        return (_end(_ESCAPE_BEGUN, text, end) if text[end : end + 1] == "\\" else end), False
    if text[position] in _WORDS:
        word, end = _WORDS[text[position]], position
        while end - position < len(word) and text[end : end + 1] == word[end - position]:
            end += 1
        return end, end - position == len(word)
    end = _end(_NUMBER_BEGUN, text, position)
    return end, _NUMBER.fullmatch(text, position, end) is not None


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position
