# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the database behind Webitel refuses to store, as MongoDB 3.4 and its driver word it."""

from __future__ import annotations

from typing import Any

_MODIFIERS = {
    *("$addToSet", "$bit", "$currentDate", "$inc", "$max", "$min", "$mul", "$pop", "$pull", "$pullAll"),
    *("$push", "$pushAll", "$rename", "$set", "$setOnInsert", "$unset"),
}
_FAILED_TO_PARSE, _DOLLAR_PREFIXED, _INVALID_ID, _DOTTED, _IMMUTABLE = 9, 52, 53, 57, 66
_INTEGER_BOUND = 2**31
_WORDS = {"None": "null", "True": "true", "False": "false"}

Record = dict[str, Any]


class MongoError(Exception):
    """The database does not do it; ``code`` is its number of the reason, the driver has none."""

    def __init__(self, text: str, code: int | None = None) -> None:
        """Keep both."""
        super().__init__(text)
        self.text = text
        self.code = code


class ObjectId(str):
    """An id that the database made, which is no text to it."""

    __slots__ = ()


def check_update(record: Record) -> None:
    """Refuse what cannot be sent, or not be read as an update, whether it finds a record or not."""
    _check_keys(record)
    first = next(iter(record), "")
    if not first.startswith("$"):
        return
    for name, value in record.items():
        if name not in _MODIFIERS:
            raise MongoError(f"Unknown modifier: {name}", _FAILED_TO_PARSE)
        if not isinstance(value, dict):
            raise MongoError(
                f"Modifiers operate on fields but we found type {_type(value)} instead."
                f" For example: {{$mod: {{<field>: ...}}}} not {{{name}: {shown(value)}}}",
                _FAILED_TO_PARSE,
            )
        if not value:
            words = f"'{name}' is empty. You must specify a field like so: {{{name}: {{<field>: ...}}}}"
            raise MongoError(words, _FAILED_TO_PARSE)


def check_replacement(record: Record, stored_id: object) -> None:
    """Refuse a record that would change the id of the one that is stored, or cannot be stored."""
    if "_id" in record and not same(record["_id"], stored_id):
        words = f"from {{_id: {shown(stored_id)}}} to {{_id: {shown(record['_id'])}}}"
        raise MongoError(f"The _id field cannot be changed {words}.", _IMMUTABLE)
    check_storage(record)


def check_storage(record: Record) -> None:
    """Refuse an id and keys that no record may have."""
    if isinstance(record.get("_id"), list):
        raise MongoError("The '_id' value cannot be of type array", _INVALID_ID)
    _check_names(record, ())


def same(one: object, other: object) -> bool:
    """Compare as the database does: ``True`` is not ``1`` there, and an id that it made is no text."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    kinds = (bool, ObjectId)
    return one == other and all(isinstance(one, kind) == isinstance(other, kind) for kind in kinds)


def shown(value: object) -> str:
    """Return a value as the database writes it into its errors."""
    if isinstance(value, ObjectId):
        return f"ObjectId('{value}')"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name}: {shown(item)}' for name, item in value.items())} }}" if value else "{}"
    if isinstance(value, list):
        return f"[ {', '.join(map(shown, value))} ]" if value else "[]"
    if _type(value) == "double":
        text = f"{value:.16g}"
        return text if set(text) & set(".en") else f"{text}.0"
    return _WORDS.get(str(value), str(value))


def _type(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and not -_INTEGER_BOUND <= value < _INTEGER_BOUND:
        return "double"
    names = {bool: "bool", int: "int", float: "double", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


def _check_keys(value: object) -> None:
    if isinstance(value, list):
        for item in value:
            _check_keys(item)
    if isinstance(value, dict):
        for name, item in value.items():
            if "\0" in name:
                raise MongoError(f"key {name} must not contain null bytes")
            _check_keys(item)


def _check_names(value: object, path: tuple[str, ...]) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            _check_names(item, (*path, str(index)))
    if isinstance(value, dict):
        for name, item in value.items():
            where = ".".join((*path, name))
            if name.startswith("$"):
                words = f"The dollar ($) prefixed field '{name}' in '{where}' is not valid for storage."
                raise MongoError(words, _DOLLAR_PREFIXED)
            if "." in name:
                raise MongoError(f"The dotted field '{name}' in '{where}' is not valid for storage.", _DOTTED)
            _check_names(item, (*path, name))
