# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`email_settings_check`: what a Webitel domain's transport options mean, and whether they fit their server.

The server hands the options to the Node library Nodemailer, so they mean what they mean there.
"""

from __future__ import annotations

import typing as t

from ..._engine import schema
from ..._engine.schema import Problem
from ..._engine.secret import Secret
from ..._engine.shown import shown
from ..._http.errors import quote
from ..._mail.smtp_session import Encryption, LoginWays
from ..._mail.tls import can_have_certificate
from ..._resource.base import Context
from ..._resource.interface import Params
from ..._smtp_check.check import check, check_problems
from ..._smtp_check.facts import Configuration, Finding, Words
from .known_types import typed_extra
from .mail_words import FIELDS
from .nodemailer import login_mechanism, login_problems, reading_problems
from .settings import desired_record, input_problems, secrets_of

_TLS_PORT, _CLEAR_PORT = 465, 25


def _change(now: Encryption, wanted: Encryption) -> str:
    """What to do so that Nodemailer does something else."""
    if wanted is Encryption.TLS:
        return "set options.secure to true"
    if now is Encryption.NONE:
        return "remove options.extra.ignoreTLS, and set options.extra.requireTLS to true"
    if now is Encryption.TLS:
        return "set options.secure to false, and options.extra.requireTLS to true"
    return "set options.extra.requireTLS to true"


_WORDS: t.Final = Words(
    server="options.host",
    port="options.port",
    mode="options.secure",
    mechanism="options.extra.authMethod",
    user="options.auth.user",
    password="options.auth.pass",  # noqa: S106  The name of an option.
    sender="from",
    verification="options.tls.reject_unauthorized",
    says={
        Encryption.TLS: "options.secure is true",
        Encryption.STARTTLS: "options.extra.requireTLS is true",
        Encryption.STARTTLS_IF_OFFERED: "options.secure is not true",
        Encryption.NONE: "options.extra.ignoreTLS is true",
    },
    change=_change,
    mechanism_name=str.upper,
    mail=FIELDS,
    # `Username:` and `Password:`; Nodemailer 1 compares them as they are, and any other case or blank ends the login.
    login_prompts=("VXNlcm5hbWU6", "UGFzc3dvcmQ6"),
)


def subject(params: Params) -> str:
    """What `email_settings_check` is about."""
    return f"check of the email settings of {quote(shown(params['domain'] or 'a domain'))}"


def problems(params: Params) -> list[Problem]:
    """What is wrong with the options of `email_settings_check`."""
    options = params["options"] or {}
    # What Nodemailer reads otherwise is what a check is for: a finding, and no refusal.
    noted = reading_problems(params)
    found = [problem for problem in input_problems(params) if problem not in noted] + check_problems(params)
    if params["options"] is not None and not options.get("host"):
        found.append(Problem("options.host", "is needed: there is no server to look at"))
    extra = typed_extra(params).data
    found += [
        Problem(f"options.extra.{name}", "must be a text of printable ASCII characters without spaces")
        for name in ("name", "authMethod")
        if isinstance(extra.get(name), str) and not _is_word(extra[name])
    ]
    server_name = _server_name(extra)
    if server_name is not None and not (_is_word(server_name) and can_have_certificate(server_name)):
        found.append(Problem("options.extra.tls.servername", "must be the name of a server, in ASCII"))
    return found


def _is_word(value: t.Any) -> bool:
    return isinstance(value, str) and schema.is_header_value(value)


def _server_name(extra: t.Mapping[str, t.Any]) -> t.Any:
    tls = extra.get("tls")
    return tls.get("servername") if isinstance(tls, dict) else None


def run(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_settings_check`: look at the domain's SMTP server, and compare. Returns the result."""
    return check(_configuration(params), params, context)


def _configuration(params: Params) -> Configuration:
    options = params["options"]
    extra = typed_extra(params).data
    auth, tls = (options[name] or {} for name in ("auth", "tls"))
    noted = list(_read_otherwise(params))
    encryption = _encryption(options, extra, noted)
    if tls.get("reject_unauthorized") is None and encryption is not Encryption.NONE:
        noted.append(_UNSAID)
    method = str(extra.get("authMethod") or "").upper()
    return Configuration(
        subject=subject(params),
        words=_WORDS,
        host=options["host"].strip("[]"),
        port=options["port"] or _assumed_port(encryption, noted),
        encryption=encryption,
        # Nodemailer 1 looks for the offer only where it may do without; source: `_actionEHLO` in `smtp-connection` 1.3.
        asks_unoffered=encryption is Encryption.STARTTLS and not extra.get("ignoreTLS"),
        # The input is one address, or a name with one, and nothing after it.
        sender_domain=(params["from"] or "").rpartition("@")[2].rstrip().rstrip(">") or None,
        wants_login=bool(auth.get("user")),
        user=auth.get("user") or "",
        password=(auth.get("pass") or "") if auth.get("user") else "",
        mechanism=method or None,
        ways=LoginWays(login_mechanism, any_success=True),
        verify=tls.get("reject_unauthorized") is not False,
        server_name=_server_name(extra) or "",
        client_name=extra.get("name") or "",
        # Node says no name by itself, and Nodemailer 1 gives it none.
        sni_option="" if _server_name(extra) else "options.extra.tls.servername",
        noted=(*noted, *_call_flows(options, extra)),
        secrets=tuple(map(Secret, secrets_of(params))),
    )


_UNSAID: t.Final = Finding(
    "assumed",
    "warning",
    "options.tls.reject_unauthorized",
    "options.tls.reject_unauthorized is not given, so it depends on the server's environment whether certificates are "
    "verified, and the vendor's own image verifies none; the check takes true",
    "set options.tls.reject_unauthorized to true",
)


def _call_flows(options: Params, extra: t.Mapping[str, t.Any]) -> t.Iterator[Finding]:
    """What does not count for the mail of call flows, which another program sends.

    Source: the code of the vendor's `webitel/acr`, which verifies no certificate where `secure` is false.
    """
    unread = [f"options.extra.{quote(name)}" for name, value in extra.items() if value is not None]
    verify = (options["tls"] or {}).get("reject_unauthorized")
    if verify is not None and verify is not bool(options["secure"]):
        unread.insert(0, "options.tls.reject_unauthorized")
    if unread:
        yield Finding("not_read_by_all", "info", unread[0], f"{_READ_BY_CALL_FLOWS}: without {', '.join(unread)}")


_READ_BY_CALL_FLOWS: t.Final = (
    "call flows send with from, options.host, port, secure, auth.user and auth.pass alone, and verify certificates "
    "only where options.secure is true"
)


def _read_otherwise(params: Params) -> t.Iterator[Finding]:
    for problem in reading_problems(params):
        yield Finding("read_otherwise", "warning", problem.field, f"{problem.field} {problem.message}")
    for problem in login_problems(desired_record(params)):
        yield Finding("read_otherwise", "error", problem.field, f"{problem.field} {problem.message}")


def _encryption(options: Params, extra: t.Mapping[str, t.Any], noted: list[Finding]) -> Encryption:
    """What Nodemailer makes of the options."""
    if options["secure"]:
        return Encryption.TLS
    if extra.get("requireTLS") and extra.get("ignoreTLS"):
        message = "options.extra has requireTLS and ignoreTLS, and releases of Nodemailer differ in which one counts"
        noted.append(Finding("contradiction", "warning", "options.extra.ignoreTLS", message, "remove one of them"))
    if extra.get("requireTLS"):
        return Encryption.STARTTLS
    return Encryption.NONE if extra.get("ignoreTLS") else Encryption.STARTTLS_IF_OFFERED


def _assumed_port(encryption: Encryption, noted: list[Finding]) -> int:
    if encryption is Encryption.TLS:
        return _TLS_PORT
    message = f"options.port is not given; releases of Nodemailer take 25 or 587, and the check takes {_CLEAR_PORT}"
    noted.append(Finding("assumed", "info", "options.port", message, "give options.port"))
    return _CLEAR_PORT
