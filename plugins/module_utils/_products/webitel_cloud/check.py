# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`email_profile_check`: whether the SMTP and the IMAP side of a profile fit their servers.

What the product does with a profile was read in the vendor's public `webitel/flow_manager`: flows send with the Go
library `gomail.v2`, which begins with TLS on port 465 alone and else uses STARTTLS where it is offered, and mail is
fetched with `go-imap`, over TLS from the first byte. Both verify certificates.
"""

from __future__ import annotations

import typing as t

from ..._engine.schema import Problem
from ..._engine.shown import shown
from ..._http.errors import quote
from ..._mail.smtp_session import Encryption, LoginWays
from ..._resource.base import Context
from ..._resource.interface import Params
from ..._smtp_check.check import check_problems, concluded, looked_at
from ..._smtp_check.facts import Configuration, Finding, Part, Words
from ..._smtp_check.mailbox import MailboxSettings, mailbox_looked_at
from .mail_words import FIELDS
from .profile import NEW, input_problems

_TLS_PORT: t.Final = 465
# Go greets so where nobody gave it a name.
_GREETS_AS: t.Final = "localhost"
_COLONS_OF_IPV6: t.Final = 2
_WITH_TOKEN: t.Final = "OAuth2"
_NOT_LOOKED_AT: t.Final = Part((), (), {"server": None, "sender_domain": None, "imap_server": None})


def _mechanism(wanted: str | None, offered: t.Sequence[str]) -> str | None:
    """What gomail logs in with: CRAM-MD5 where it is offered, LOGIN where PLAIN is not, PLAIN at whatever else.

    Where a server offers nothing at all, it does not log in.
    """
    if wanted or not offered:
        return None
    if "CRAM-MD5" in offered:
        return "CRAM-MD5"
    return "LOGIN" if "LOGIN" in offered and "PLAIN" not in offered else "PLAIN"


def _change(_now: Encryption, wanted: Encryption) -> str:
    """What to do so that the product encrypts otherwise, for which the port is all that a profile has."""
    if wanted is Encryption.TLS:
        return "set smtp_port to 465, the only port on which the product begins with TLS"
    return "set smtp_port to one where the server demands STARTTLS, such as 587, since a profile has no field for it"


_WORDS: t.Final = Words(
    server="smtp_host",
    port="smtp_port",
    mode="smtp_port",
    mechanism="auth_type",
    user="login",
    password="password",  # noqa: S106  The name of an option.
    sender="login",
    verification="",
    says={
        Encryption.TLS: "smtp_port 465 means TLS from the first byte",
        Encryption.STARTTLS_IF_OFFERED: "the product begins with TLS on port 465 alone",
    },
    change=_change,
    mechanism_name=lambda name: _WITH_TOKEN if name == "XOAUTH2" else f"Plain ({name})" if name else "",
    mail=FIELDS,
    # `Username:` and `Password:`; gomail compares them as they are.
    login_prompts=("VXNlcm5hbWU6", "UGFzc3dvcmQ6"),
)
_NAMES: t.Final = {
    "host": "imap_host",
    "port": "imap_port",
    "user": "login",
    "password": "password",
    "mechanism": "auth_type",
    "folder": "mailbox",
}


def subject(params: Params) -> str:
    """What `email_profile_check` is about."""
    return f"check of the email profile {quote(shown(params['name'] or ''))}".rstrip()


def problems(params: Params) -> list[Problem]:
    """What is wrong with the options of `email_profile_check`."""
    found = input_problems(params) + check_problems(params)
    if not (params["smtp_host"] or params["imap_host"]):
        found.append(Problem("smtp_host", "or imap_host is needed: there is no server to look at"))
    return found


def run(params: Params, context: Context) -> dict[str, t.Any]:
    """`email_profile_check`: look at both servers, as far as they are given, and compare. Returns the result."""
    seen = _NOT_LOOKED_AT
    if params["smtp_host"]:
        seen = seen.and_also(looked_at(_sending(params), params))
    if params["imap_host"]:
        seen = seen.and_also(mailbox_looked_at(_fetching(params), params))
    return concluded(subject(params), seen, params, context)


def _sending(params: Params) -> Configuration:
    noted: list[Finding] = []
    port = _given(params, "smtp_port", noted)
    user = params["login"] or ""
    noted += _without_brackets(params, "smtp_host")
    if port == _TLS_PORT:
        noted.append(_ANSWERS)
    return Configuration(
        subject=subject(params),
        words=_WORDS,
        host=params["smtp_host"].strip("[]"),
        port=port,
        encryption=Encryption.TLS if port == _TLS_PORT else Encryption.STARTTLS_IF_OFFERED,
        sender_domain=user.rpartition("@")[2] if "@" in user else None,
        wants_login=bool(user),
        user=user,
        password=params["password"] or "" if user else "",
        mechanism="XOAUTH2" if params["auth_type"] == _WITH_TOKEN else None,
        ways=LoginWays(_mechanism),
        # Go sends PLAIN over TLS alone.
        plain_in_tls=True,
        client_name=_GREETS_AS,
        noted=tuple(noted),
    )


_ANSWERS: t.Final = Finding(
    "not_read_by_all",
    "info",
    "smtp_port",
    "answers of a flow to a fetched message are sent by other code than its new messages, which never begins with TLS, "
    "so they fail on port 465",
    "set smtp_port to 587 where flows answer, and the server takes it",
)


def _without_brackets(params: Params, name: str) -> list[Finding]:
    """A finding where an address of IPv6 runs into the port, which Go puts behind it with one more colon."""
    if params[name].count(":") < _COLONS_OF_IPV6 or params[name].startswith("["):
        return []
    message = f"{name} is an address of IPv6 without brackets, to which the product adds the port with a colon"
    return [Finding("read_otherwise", "error", name, message, f"set {name} to [{params[name]}]")]


def _fetching(params: Params) -> MailboxSettings:
    noted = _without_brackets(params, "imap_host")
    return MailboxSettings(
        host=params["imap_host"].strip("[]"),
        port=_given(params, "imap_port", noted),
        folder=_given(params, "mailbox", noted),
        user=params["login"] or "",
        password=params["password"] or "",
        with_token=params["auth_type"] == _WITH_TOKEN,
        names=_NAMES,
        noted=tuple(noted),
    )


def _given(params: Params, name: str, noted: list[Finding]) -> t.Any:
    """An option, or what a new profile has without it."""
    if params[name]:
        return params[name]
    message = f"{name} is not given, and the check takes {NEW[name]}, which a new profile has"
    noted.append(Finding("assumed", "info", name, message))
    return NEW[name]
