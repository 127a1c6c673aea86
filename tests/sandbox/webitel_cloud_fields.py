# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The messages of today's Webitel as JSON: what requests may carry, and how answers show a profile."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .traps import Traps
    from .webitel_cloud_tables import Row

Record = dict[str, Any]

_TEXTS = ("name", "description", "imap_host", "smtp_host", "login", "mailbox", "password")
_NUMBERS = ("imap_port", "smtp_port", "fetch_interval")
_FLAGS = ("enabled", "listen")
AUTH_TYPES = {"": "EmailAuthTypeUndefined", "oauth2": "OAuth2", "plain": "Plain"}
OAUTH2 = ("client_id", "client_secret", "redirect_url")
_LONG = ("id", "created_at", "updated_at", "activity_at")
LISTED = ("id", "name", "enabled", "schema", "mailbox", "state", "fetch_error", "listen")
_NEVER_LISTED = ("params", "auth_type", "password")


class BadRequest(Exception):
    """A body does not fit its message; the text is the gateway's."""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadRequest(f"invalid value for string field: {json.dumps(value)}")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise BadRequest(f"invalid value for bool field: {json.dumps(value)}")
    return value


def _integer(value: object, bits: int) -> int:
    """Read a number, or a text with one as the JSON form of Protocol Buffers allows."""
    text = value if isinstance(value, str) else json.dumps(value)
    if not re.fullmatch(r"-?[0-9]{1,19}(?:\.0+)?", text) or not -(2 ** (bits - 1)) <= int(float(text)) < 2 ** (
        bits - 1
    ):
        raise BadRequest(f"invalid value for int{bits} field: {text}")
    return int(text.partition(".")[0])


def _int32(value: object) -> int:
    return _integer(value, 32)


def _int64(value: object) -> int:
    return _integer(value, 64)


def _auth_type(value: object) -> str:
    for stored, shown in AUTH_TYPES.items():
        if value == shown:
            return stored
    raise BadRequest(f"invalid value for enum field: {json.dumps(value)}")


def _names(value: object) -> list[str]:
    if not isinstance(value, list):
        raise BadRequest(f"invalid value for repeated field: {json.dumps(value)}")
    return [_text(item) for item in value]


_COMMON: Mapping[str, Any] = {
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(_NUMBERS, _int32),
    **dict.fromkeys(_FLAGS, _flag),
    "schema": {"id": _int64, "name": _text},
}
CREATE: Mapping[str, Any] = {
    **_COMMON,
    "auth_type": _auth_type,
    "params": {"oauth2": dict.fromkeys(OAUTH2, _text)},
}
UPDATE: Mapping[str, Any] = {**CREATE, "id": _int64}
PATCH: Mapping[str, Any] = {**_COMMON, "id": _int64, "fields": _names}


def read(message: Mapping[str, Any], body: object, traps: Traps) -> Record:
    """Return the fields of a body that are set; raise ``BadRequest``. `null` sets nothing."""
    if not isinstance(body, dict):
        raise BadRequest(f"unexpected token {json.dumps(body)}")
    unknown = [name for name in body if name not in message]
    if unknown and traps.webitel_cloud_unknown_keys == "refuse":
        raise BadRequest(f'unknown field "{unknown[0]}"')
    fields = {}
    for name, reader in message.items():
        if body.get(name) is not None:
            fields[name] = reader(body[name]) if callable(reader) else read(reader, body[name], traps)
    return fields


def columns(fields: Record) -> Row:
    """Return what POST and PUT write of these fields: what is left out becomes empty, zero or false."""
    return {
        **{name: fields.get(name, "") for name in (*_TEXTS, "auth_type")},
        **{name: fields.get(name, 0) for name in _NUMBERS},
        **{name: fields.get(name, False) for name in _FLAGS},
        "flow_id": fields.get("schema", {}).get("id", 0),
        "params": _params(fields.get("params")),
    }


def patched(stored: Row, fields: Record) -> Row:
    """Return what PATCH writes over a stored row: the fields that `fields` names, and all others as they were."""
    named = [name for name in fields.get("fields", ()) if name in (*_TEXTS, *_NUMBERS, *_FLAGS)]
    complete = columns(fields)
    changes = {name: complete[name] for name in named}
    if "schema.id" in fields.get("fields", ()) and "schema" in fields:
        changes["flow_id"] = complete["flow_id"]
    return {**stored, "params": _params(json.loads(stored["params"] or "{}")), **changes}


def shown(row: Row, traps: Traps) -> Record:
    """Return a whole profile as an answer shows it."""
    fields = _fields(row)
    # The message still has the field, so it is shown empty where answers show what is empty.
    fields["password"] = row["password"] if traps.webitel_cloud_passwords == "clear" else ""
    return _as_json(fields, traps)


def listed(row: Row, names: tuple[str, ...], traps: Traps) -> Record:
    """Return a profile as a list shows it: fields that nobody asked for are as if they were empty."""
    wanted = [name for name in names or LISTED if name not in _NEVER_LISTED]
    fields = _fields(row)
    return _as_json({name: value if name in wanted else type(value)() for name, value in fields.items()}, traps)


def without_zero(document: Record) -> Record:
    """Return a document without what is empty, zero or false."""
    return {name: value for name, value in document.items() if value}


def _fields(row: Row) -> Record:
    oauth2 = json.loads(row["params"] or "{}").get("oauth2")
    return {
        "id": row["id"],
        "created_at": row["created_at"],
        "created_by": _lookup(row["created_by"], row["creator"]),
        "updated_at": row["updated_at"],
        "updated_by": _lookup(row["updated_by"], row["updater"]),
        **{name: row[name] for name in (*_TEXTS, *_NUMBERS, "state")},
        "schema": _lookup(row["flow_id"], row["flow"]),
        **{name: bool(row[name]) for name in _FLAGS},
        "fetch_error": row["fetch_err"] or "",
        "activity_at": row["last_activity_at"],
        "auth_type": row["auth_type"],
        "params": {"oauth2": {name: oauth2.get(name, "") for name in OAUTH2}} if oauth2 else {},
        "logged": {"expiry", "access_token"} <= json.loads(row["token"] or "{}").keys(),
    }


def _as_json(fields: Record, traps: Traps) -> Record:
    show_zero = traps.webitel_cloud_zero_values == "show"
    document: Record = {}
    for name, value in fields.items():
        if not value and not show_zero:
            continue
        if name in _LONG:
            document[name] = str(value)
        elif name == "auth_type":
            document[name] = AUTH_TYPES[value]
        elif isinstance(value, dict):
            document[name] = value or None
        else:
            document[name] = value
    return document


def _lookup(identifier: int | None, name: str | None) -> Record:
    return {} if identifier is None else without_zero({"id": str(identifier), "name": name})


def _params(params: Record | None) -> str:
    """Return what the engine stores of `params`: it knows the OAuth client, and nothing else."""
    oauth2 = (params or {}).get("oauth2")
    return json.dumps({"oauth2": {name: oauth2.get(name, "") for name in OAUTH2}} if oauth2 is not None else {})
