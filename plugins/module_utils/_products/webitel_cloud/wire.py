# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An email profile on its way to and from a server.

Answers leave out what is empty, zero or false, and write 64-bit numbers as texts; a record has all its fields, and its
ids as numbers.
"""

from __future__ import annotations

import typing as t
from dataclasses import replace
from functools import cache

from ..._engine import schema, secret
from ..._engine.secret import NOT_SHOWN, Known, Record
from ..._http.errors import ApiError
from ..._http.response import Response
from ..._resource.base import checked, checked_list

if t.TYPE_CHECKING:
    import voluptuous

TEXTS: t.Final = ("name", "description", "imap_host", "smtp_host", "login", "mailbox")
NUMBERS: t.Final = ("imap_port", "smtp_port", "fetch_interval")
FLAGS: t.Final = ("enabled", "listen")
LISTED: t.Final = ("id", "name", "login", "imap_host", "imap_port", "smtp_host", "smtp_port")
"""What of a profile is needed to know which one is meant: a list shows no login unless it is asked for it."""
SERVER_FIELDS: t.Final = (
    "id",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "activity_at",
    "state",
    "fetch_error",
    "logged",
)
_IN_PATCH: t.Final = {*TEXTS, *NUMBERS, *FLAGS, "password", "schema"}


class OldServer(ApiError):
    """A server before 24.04: it shows passwords, and an update without one erases it."""

    kind = "answer"


def listed(answer: Response, items: list[t.Any]) -> list[Record]:
    """The profiles of a page of a list, as far as it shows them."""
    records = checked_list(replace(answer, data=items), _profile_schema())
    return [{**record, "id": int(record["id"]), "name": record.get("name") or ""} for record in records]


OLD_SERVER: t.Final = (
    "the answer shows the profile's password: this is a server before 24.04, where an update without it erases it"
)

UPDATE_SERVER: t.Final = "Update the server to 24.04 or newer"


def shows_password(answer: Response) -> bool:
    """Whether an answer about one profile shows its password, as servers before 24.04 do."""
    return isinstance(answer.data, dict) and bool(answer.data.get("password"))


def supported(answer: Response) -> Response:
    """The answer itself. Raises `OldServer` where it shows a password."""
    if shows_password(answer):
        raise OldServer(answer.request, OLD_SERVER, UPDATE_SERVER)
    return answer


def whole(answer: Response, known: Known) -> Record:
    """A whole profile, as an answer about one shows it; `known` are the paths whose texts may be shown."""
    record = secret.wrap(checked(answer, _profile_schema()), known, shown=True)
    oauth2 = (record.get("params") or {}).get("oauth2") or {}
    shown_flow = {name: value for name, value in (record.get("schema") or {}).items() if str(value or "").strip()}
    return {
        **{name: record.get(name) for name in SERVER_FIELDS if name in record},
        "id": int(record["id"]),
        **{name: record.get(name) or "" for name in (*TEXTS, "auth_type")},
        **{name: int(str(record.get(name) or "").strip() or 0) for name in NUMBERS},
        **{name: bool(record.get(name)) for name in FLAGS},
        "schema": {name: str(value) for name, value in shown_flow.items() if name in ("id", "name")},
        "password": NOT_SHOWN,
        **({"params": {"oauth2": oauth2}} if oauth2 else {}),
    }


def flows(answer: Response, items: list[t.Any]) -> list[Record]:
    """The flows of a page of a list: `id` as text, and `name`."""
    checked_items = checked_list(replace(answer, data=items), _flow_schema())
    return [{"id": str(flow["id"]), "name": flow.get("name") or ""} for flow in checked_items]


def complete(record: Record) -> Record:
    """The body of a POST or a PUT: every field, since what is left out becomes empty, zero or false.

    A password that is not known is left out: PUT keeps it then.
    """
    return _body(record, without=("password",) if secret.is_hidden(record.get("password")) else ())


def needs_replacement(changed: t.Iterable[str]) -> bool:
    """Whether a change goes by PUT alone: PATCH knows neither `params` nor `auth_type`."""
    return any(path.split(".", maxsplit=1)[0] not in _IN_PATCH for path in changed)


def changes(record: Record, changed: t.Iterable[str]) -> Record:
    """The body of a PATCH: what of the record changes, named in `fields`; anything else is not touched."""
    names = sorted({path.split(".", maxsplit=1)[0] for path in changed})
    body = _body({name: record[name] for name in names if name in record}, without=())
    return {**body, "fields": ["schema.id" if name == "schema" else name for name in names]}


def _body(record: Record, without: t.Collection[str]) -> Record:
    body = {name: value for name, value in record.items() if name not in (*SERVER_FIELDS, *without)}
    if "schema" in body:
        # A server may show a profile without the flow that it has to have: what is not known cannot be sent.
        shown = body.pop("schema")
        body.update({"schema": {"id": shown["id"]}} if shown.get("id") else {})
    return t.cast(Record, secret.reveal(body))


@cache
def _profile_schema() -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Any, Required, Schema

    optional: dict[t.Any, t.Any] = {
        **dict.fromkeys((*TEXTS, "auth_type", "password"), schema.text),
        **dict.fromkeys(NUMBERS, schema.digits),
        **dict.fromkeys(FLAGS, schema.flag),
        "schema": Any(None, {"id": schema.digits, "name": schema.text}),
        "params": Any(None, {"oauth2": Any(None, dict)}),
    }
    return Schema({Required("id", msg="is missing"): _identifier, **optional}, extra=ALLOW_EXTRA)


@cache
def _flow_schema() -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Required, Schema

    return Schema({Required("id", msg="is missing"): _identifier, "name": schema.text}, extra=ALLOW_EXTRA)


def _identifier(value: object) -> object:
    """Validator: what a record is known by, a number or its digits."""
    from voluptuous import Invalid

    if not str(value or "").strip():
        raise Invalid("is missing")
    return schema.digits(value)
