# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the options of `email_delivery_info`."""

from __future__ import annotations

import re
import typing as t
from datetime import date, datetime, timedelta, timezone

from .._engine import schema
from .._engine.schema import Problem
from .._engine.secret import reveal
from .._resource.base import given
from .._resource.interface import Params
from .._resource.mail_server import ca_path_problems

_EPOCH = re.compile(r"\d+(\.\d+)?")
_IDENTIFYING = ("from", "to", "subject", "message_id", "queue_id")
_FROM_ENVIRONMENT = {"host": "IMAP_HOST", "username": "IMAP_USERNAME", "password": "IMAP_PASSWORD"}
_LONGEST_WAIT = 86400


def problems(params: Params) -> list[Problem]:
    """What is wrong with the options of `email_delivery_info`."""
    return [
        *_missing(params),
        *_malformed(params),
        *_out_of_range(params),
        *ca_path_problems(params["ca_path"]),
        *_entries(params),
    ]


def moment(value: str) -> datetime:
    """A moment as ISO 8601 or as seconds since 1970 tell it, in whole seconds. Raises `ValueError` for anything else.

    IMAP servers tell no fractions of a second: what came within the same second counts.
    """
    if _EPOCH.fullmatch(value):
        return datetime.fromtimestamp(int(float(value)), timezone.utc)
    # Python 3.9 reads neither a Z nor a fraction of any length.
    whole = re.sub(r"(:\d\d)[.,]\d+", r"\1", re.sub(r"[zZ]$", "+00:00", value.strip()))
    reported = datetime.fromisoformat(whole)
    return reported if reported.tzinfo else reported.replace(tzinfo=timezone.utc)


def day_before(since: datetime) -> date:
    """The day to ask a server from: each judges by the date alone, in its own time zone. Raises `OverflowError`."""
    return (since.astimezone(timezone.utc) - timedelta(days=1)).date()


def _missing(params: Params) -> list[Problem]:
    return [
        Problem(name, f"is missing: give it, or set {variable}")
        for name, variable in _FROM_ENVIRONMENT.items()
        if not params[name]
    ]


def _malformed(params: Params) -> list[Problem]:
    checks = {"host": schema.host, "port": schema.port, "username": schema.one_line, "authserv_id": schema.one_line}
    found = schema.field_problems(given(params, checks), checks)
    if params["password"] and _is_broken(reveal(params["password"])):
        found.append(Problem("password", "must be one line of text, without control characters"))
    found += [
        Problem(f"{option}[{index}]", "must be one line of text, without control characters")
        for option in ("folders", "spam_folders")
        for index, name in enumerate(params[option] or [])
        if _is_broken(name)
    ]
    if params["since"] is not None:
        try:
            day_before(moment(params["since"]))
        except (ValueError, OverflowError, OSError):
            text = "must be a time as ISO 8601 writes it, such as 2026-11-21T09:30:00+01:00, or seconds since 1970"
            found.append(Problem("since", f"{text}, not {params['since']!r}"))
    return found


def _is_broken(text: object) -> bool:
    return not isinstance(text, str) or any(ord(char) < 32 or ord(char) == 127 for char in text)


def _out_of_range(params: Params) -> list[Problem]:
    found = [
        Problem(name, f"must be more than 0 and at most {_LONGEST_WAIT} seconds")
        for name in ("timeout", "interval")
        if params[name] is not None and not 0 < params[name] <= _LONGEST_WAIT
    ]
    if params["wait"] is not None and not 0 <= params["wait"] <= _LONGEST_WAIT:
        found.append(Problem("wait", f"must be from 0 to {_LONGEST_WAIT} seconds"))
    return found


def _entries(params: Params) -> t.Iterator[Problem]:
    from voluptuous import Schema

    entries = Schema({"from": schema.address, "to": schema.address}, extra=True)
    narrowed = params["since"] is not None or bool(params["after"])
    for index, entry in enumerate(params["messages"] or []):
        where = f"messages[{index}]"
        known = given(entry, _IDENTIFYING)
        for problem in schema.problems_of(known, entries):
            yield Problem(f"{where}.{problem.field}", problem.message)
        for name in ("subject", "message_id", "queue_id"):
            if name in known and (_is_broken(known[name]) or not known[name].strip()):
                yield Problem(f"{where}.{name}", "must be one line of text, and not empty")
        if not known:
            yield Problem(where, f"give one of {', '.join(_IDENTIFYING)}")
        elif not narrowed and "from" not in known and "message_id" not in known:
            text = "or every message of the mailbox would have to be read"
            yield Problem(where, f"give from or message_id, or the option since or after, {text}")
