# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Nodemailer, which Webitel hands its settings to, reads otherwise than it looks.

Tried with Nodemailer 1.11 and nodemailer-smtp-pool 1.2, the versions that Webitel's public server asks for.
"""

from __future__ import annotations

import re
import typing as t

from ..._engine.schema import Problem
from ..._engine.secret import Record
from ..._mail.smtp_link import MECHANISMS
from ..._resource.interface import Params

# A name in double quotes is taken as it is. Outside of them a comma, a semicolon and a colon begin another address or a
# group, what stands in parentheses is dropped, quotes and backslashes are too, and an @ makes a second address.
_NAME = r'\s*"(?:[^"\\]|\\.)*"\s*|[^"(),:;<>@\\]*'
# Others are encoded as words of a header, which makes them another address.
_LOCAL_PART = r"[!#-'*+./0-9=?A-Z^-~-]+"
_NAMED = re.compile(rf"(?:{_NAME})<[^<>]*>\s*")
_LOCAL = re.compile(rf"(?:.*<)?\s*{_LOCAL_PART}@[^@<>]+>?\s*", re.DOTALL)
_TLS_PORT = "465"
_STARTTLS_PORTS = ("25", "587", "2525")
# Each has a host of its own, and more besides.
_OTHER_SERVERS: t.Final = {
    "service": "port, secure and authMethod are then the service's where they are not given",
    "url": "it outweighs host, port, secure and auth",
}

_IN_BRACKETS: t.Final = "is in brackets, which Node takes for a name that the DNS does not know: leave them out"


def reading_problems(params: Params) -> list[Problem]:
    """What of a task's `from` and `options` would be read otherwise; what has another fault is left to others."""
    return _sender_problems(params.get("from")) + _server_problems(params.get("options") or {})


def login_mechanism(wanted: str | None, offered: t.Sequence[str]) -> str | None:
    """What Nodemailer 1 logs in with: what it is set to, else the first of its own that is offered, else PLAIN.

    Nothing where that takes a token, or is none that it knows. Source: `login` in `smtp-connection` 1.3.
    """
    chosen = wanted or next((name for name in (*MECHANISMS, "XOAUTH2") if name in offered), "PLAIN")
    return chosen if chosen in MECHANISMS else None


def _sender_problems(sender: t.Any) -> list[Problem]:
    if not isinstance(sender, str) or "@" not in sender:
        return []
    problems = []
    if "<" in sender and not _NAMED.fullmatch(sender):
        problems.append("has a name that Nodemailer takes apart: put it in double quotes, as in '\"Doe, John\" <a@b>'")
    if not _LOCAL.fullmatch(sender):
        problems.append("must have letters of ASCII before the @: Nodemailer makes another address of others")
    return [Problem("from", problem) for problem in problems]


def _server_problems(options: t.Mapping[str, t.Any]) -> list[Problem]:
    extra = options.get("extra") or {}
    host = options.get("host")
    if not host:
        return []
    bracketed = [Problem("options.host", _IN_BRACKETS)] if str(host).startswith("[") else []
    return bracketed + [
        Problem(f"options.extra.{name}", f"names a server beside options.host, and {effect}: give one of the two")
        for name, effect in _OTHER_SERVERS.items()
        if extra.get(name)
    ]


def transport_of(record: Record | None) -> Record:
    """The transport options of a record; none where there are none, or where they are a text instead: one URL."""
    options = (record or {}).get("options")
    return options if isinstance(options, dict) else {}


def login_problems(record: Record) -> list[Problem]:
    """What is wrong with the login of a whole record: without a user, Nodemailer logs in as `undefined`."""
    auth = transport_of(record).get("auth")
    if isinstance(auth, dict) and auth.get("pass") and "user" not in auth:
        return [Problem("options.auth.user", "is needed with a password: Nodemailer logs in as 'undefined' without it")]
    return []


def port_warnings(transport: Params) -> list[str]:
    """What is odd about the port that a transport has: TLS from the beginning has one of its own."""
    port, secure = str(transport.get("port")).strip(), transport.get("secure")
    if secure is True and port in _STARTTLS_PORTS:
        advice = "servers begin in clear there, and mostly no connection comes about: give false, or port 465"
    elif secure is False and port == _TLS_PORT:
        advice = "servers begin with TLS there, and mostly say nothing in clear: give true, or port 587"
    else:
        return []
    return [f"options.secure is {str(secure).lower()} with port {port}: {advice}"]
