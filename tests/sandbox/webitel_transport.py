# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads stored transport options the way the Node library Nodemailer does."""

from __future__ import annotations

from typing import Any

from .smtp_send import LONGEST_WAIT_SECONDS, Encryption, Login, MailServer, SendError

_IMPLICIT_TLS_PORT, _SUBMISSION_PORT = 465, 587


def mail_server(options: object) -> MailServer:
    """Return the server that ``options`` describe; raise ``SendError`` where they make no sense at all."""
    if not isinstance(options, dict):
        raise SendError("connection", "Unable to read the transport options")
    secure = bool(options.get("secure"))
    tls = options.get("tls")
    return MailServer(
        host=str(options.get("host") or "localhost"),
        port=_number(options.get("port")) or (_IMPLICIT_TLS_PORT if secure else _SUBMISSION_PORT),
        encryption=_encryption(options),
        verify=not isinstance(tls, dict) or tls.get("rejectUnauthorized", True) is not False,
        login=_login(options),
        client_name=str(options.get("name") or "localhost"),
        connect_seconds=_seconds(options, "connectionTimeout", "greetingTimeout"),
        answer_seconds=_seconds(options, "socketTimeout"),
    )


def _encryption(options: dict[str, Any]) -> Encryption:
    if options.get("secure"):
        return "implicit"
    if options.get("requireTLS"):
        return "starttls"
    return "none" if options.get("ignoreTLS") else "starttls_if_offered"


def _login(options: dict[str, Any]) -> Login | None:
    auth = options.get("auth")
    if not isinstance(auth, dict):
        return None
    method = options.get("authMethod")
    return Login(
        username=str(auth.get("user") or ""),
        password=str(auth.get("pass") or ""),
        mechanism=str(method).upper() if method else None,
    )


def _seconds(options: dict[str, Any], *names: str) -> float:
    """Return the shortest of the named times (milliseconds in ``options``), bounded so that no test hangs."""
    milliseconds = [number for name in names if (number := _number(options.get(name)))]
    return min([LONGEST_WAIT_SECONDS, *(number / 1000 for number in milliseconds)])


def _number(value: object) -> int | None:
    """Return a number that may have been stored as a string, ``None`` where it is none."""
    try:
        return int(str(value))
    except ValueError:
        return None
