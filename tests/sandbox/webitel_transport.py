# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads stored transport options as Nodemailer 1.x does, the line of that Node library which Webitel's server uses."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from .nodemailer_services import service_options
from .smtp_connection import LONGEST_WAIT_SECONDS, Encryption, Login, MailServer, SendError, own_name

_IMPLICIT_TLS_PORT, _PLAIN_PORT, _HIGHEST_PORT = 465, 25, 65535


def mail_server(options: object) -> MailServer:
    """Return the server that ``options`` describe: a mapping, or a text that is a URL.

    Raises ``SendError`` where they make no sense at all.
    """
    options = _as_mapping(options)
    if options.get("service"):
        options = {**service_options(options["service"]), **options}
    if options.get("url"):
        options = {**options, **_read_url(str(options["url"]), options)}
    secure = bool(options.get("secure"))
    tls = options.get("tls")
    return MailServer(
        host=str(options.get("host") or "localhost"),
        port=_port(options.get("port")) or (_IMPLICIT_TLS_PORT if secure else _PLAIN_PORT),
        encryption=_encryption(options),
        verify=not isinstance(tls, dict) or tls.get("rejectUnauthorized", True) is not False,
        login=_login(options),
        client_name=str(options.get("name") or own_name()),
        server_name=str(tls["servername"]) if isinstance(tls, dict) and tls.get("servername") else None,
        connect_seconds=_seconds(options.get("connectionTimeout")),
        greeting_seconds=_seconds(options.get("greetingTimeout")),
        answer_seconds=_seconds(options.get("socketTimeout")),
    )


def _as_mapping(options: object) -> dict[str, Any]:
    if isinstance(options, str):
        return {"url": options}
    if isinstance(options, dict | list):
        return options if isinstance(options, dict) else {}
    kind = "boolean" if isinstance(options, bool) else "number"
    text = str(options).lower() if isinstance(options, bool) else options
    raise SendError("connection", f"Cannot create property 'maxConnections' on {kind} '{text}'")


def _read_url(text: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return what a URL says: it wins over the options beside it, except with its query."""
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        # Node reads the rest all the same; there is no server to be reached by that.
        return {"host": text}
    found: dict[str, Any] = {"secure": url.scheme == "smtps"}
    found |= {"port": port} if port else {}
    found |= {"host": url.hostname} if url.hostname else {}
    if url.username is not None:
        beside = given.get("auth")
        auth = beside if isinstance(beside, dict) else {}
        found["auth"] = {**auth, "user": unquote(url.username), "pass": _password(url.password)}
    return {**{key: value for key, value in parse_qsl(url.query, keep_blank_values=True) if key not in given}, **found}


def _password(text: str | None) -> str:
    """Return the part up to a colon, as Node splits it."""
    return "undefined" if text is None else unquote(text).partition(":")[0]


def _port(value: object) -> int | None:
    number = _number(value)
    if number is not None and not 0 <= number <= _HIGHEST_PORT:
        kind = "string" if isinstance(value, str) else "number"
        words = f"Port should be >= 0 and < 65536. Received type {kind} ({value!r})."
        raise SendError("connection", words, "ERR_SOCKET_BAD_PORT")
    return number


def _encryption(options: dict[str, Any]) -> Encryption:
    if options.get("secure"):
        return "implicit"
    if options.get("ignoreTLS"):
        return "none"
    return "starttls" if options.get("requireTLS") else "starttls_if_offered"


def _login(options: dict[str, Any]) -> Login | None:
    auth = options.get("auth")
    if not isinstance(auth, dict):
        return None
    method = options.get("authMethod")
    return Login(
        username=_as_text(auth.get("user", "undefined")),
        password=_as_text(auth.get("pass", "undefined")),
        mechanism=str(method).upper().strip() if method else None,
    )


def _as_text(value: object) -> str:
    """Return what JavaScript makes of a value that it joins to a text."""
    return "null" if value is None else str(value)


def _seconds(milliseconds: object) -> float:
    """Return a time that is stored in milliseconds, bounded so that no test hangs."""
    return min(LONGEST_WAIT_SECONDS, (_number(milliseconds) or LONGEST_WAIT_SECONDS * 1000) / 1000)


def _number(value: object) -> int | None:
    """Return a number that may have been stored as a string, ``None`` where it is none."""
    try:
        return int(str(value))
    except ValueError:
        return None
