# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`email_account_check`: what an iTFLEX account's SMTP settings mean, and whether they fit their server."""

from __future__ import annotations

import typing as t

from ..._engine.schema import Problem
from ..._engine.shown import shown
from ..._http.errors import quote
from ..._mail.presets import PRESETS, Preset
from ..._mail.smtp_session import Encryption
from ..._resource.base import Context
from ..._resource.interface import Params
from ..._smtp_check.check import check, check_problems
from ..._smtp_check.facts import Configuration, Finding, Words
from .account import field_problems
from .mail_words import FIELDS

_MODES: t.Final = {
    "none": Encryption.NONE,
    "starttls": Encryption.STARTTLS,
    "ssl-tls": Encryption.TLS,
}
_VALUES: t.Final = {encryption: value for value, encryption in _MODES.items()}
_USUAL_PORTS: t.Final = {"none": 25, "starttls": 587, "ssl-tls": 465}
_WORDS: t.Final = Words(
    server="smtp_server",
    port="smtp_port",
    mode="smtp_crypt",
    mechanism="smtp_auth_mechanism",
    user="email",
    password="password",  # noqa: S106  The name of an option.
    sender="email",
    verification="",
    says={encryption: f"smtp_crypt is {value}" for encryption, value in _VALUES.items()},
    change=lambda _now, wanted: f"set smtp_crypt to {_VALUES[wanted]}",
    mechanism_name=str.lower,
    mail=FIELDS,
)


def subject(params: Params) -> str:
    """What `email_account_check` is about."""
    return f"check of the email account {quote(shown(params['email'] or '', mailbox=True))}".rstrip()


def problems(params: Params) -> list[Problem]:
    """What is wrong with the options of `email_account_check`."""
    found = field_problems(params) + check_problems(params)
    if not params["smtp_server"] and params["service"] not in PRESETS:
        found.append(Problem("smtp_server", "is needed, unless service is one whose server is known"))
    return found


def run(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_account_check`: look at the account's server, and compare. Returns the result."""
    return check(_configuration(params), params, context)


def _configuration(params: Params) -> Configuration:
    preset = PRESETS.get(params["service"] or "")
    noted: list[Finding] = []
    host = params["smtp_server"] or _assumed_server(preset, noted)
    crypt = params["smtp_crypt"] or _assumed_crypt(params, noted)
    port = params["smtp_port"] or _assumed_port(crypt, noted)
    wants_login = params["has_auth"] if params["has_auth"] is not None else bool(params["password"])
    mechanism = params["smtp_auth_mechanism"]
    return Configuration(
        subject=subject(params),
        words=_WORDS,
        host=host.strip("[]"),
        port=port,
        encryption=_MODES[crypt],
        sender_domain=params["email"].rpartition("@")[2],
        wants_login=wants_login,
        user=params["email"],
        password=(params["password"] or "") if wants_login else "",
        mechanism=mechanism.upper() if mechanism else None,
        preset=preset,
        noted=tuple(noted),
    )


def _assumed_server(preset: Preset | None, noted: list[Finding]) -> str:
    """The server of the account's service, where the account names none."""
    server = preset.usual_server if preset else ""
    noted.append(_assumption("smtp_server", server))
    return server


def _assumed_crypt(params: Params, noted: list[Finding]) -> str:
    crypt = "ssl-tls" if params["smtp_port"] == _USUAL_PORTS["ssl-tls"] else "starttls"
    noted.append(_assumption("smtp_crypt", crypt))
    return crypt


def _assumed_port(crypt: str, noted: list[Finding]) -> int:
    port = _USUAL_PORTS[crypt]
    noted.append(_assumption("smtp_port", port))
    return port


def _assumption(field: str, value: object) -> Finding:
    message = f"{field} is not given, and the check takes {value}"
    return Finding("assumed", "info", field, message, f"give {field} to be sure of what the product does")
