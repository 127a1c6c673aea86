# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the codes of a reply say of its cause.

A code means something only together with the command that it answers: 504 is about a mechanism after AUTH and about the
client's name after EHLO, X.7.8 is about a password after AUTH and about the sender's domain after the message.
Sources: RFC 5321 (replies), RFC 4954 (AUTH), RFC 3207 (STARTTLS), RFC 1870 (SIZE), RFC 3463, 5248, 7372 and the IANA
registry of enhanced status codes, and the numbers of Microsoft and Google that go beyond it.
"""

from __future__ import annotations

import typing as t

from .causes import TRANSACTION
from .reply_text import AUTH, CONNECT, DATA, EHLO, END_OF_DATA, MAIL, RCPT, STARTTLS, Reply

Causes = dict[t.Optional[str], str]
"""What a code says after each command; `None` stands for a command that is not known."""

_AFTER_MAIL: t.Final = (RCPT, DATA, END_OF_DATA)
_MESSAGE: t.Final = (DATA, END_OF_DATA)
_SENDER: Causes = {MAIL: "sender_refused"}
_UNKNOWN: Causes = {**dict.fromkeys((None, *_AFTER_MAIL), "recipient_unknown"), **_SENDER}
_DOMAIN: Causes = dict.fromkeys((None, *TRANSACTION), "domain_authentication_failed")
_CLIENT: Causes = dict.fromkeys((None, CONNECT, EHLO, AUTH, *TRANSACTION), "client_refused")
_LIMIT: Causes = dict.fromkeys((None, CONNECT, AUTH, *TRANSACTION), "sending_limit")
_BLOCKED: Causes = dict.fromkeys((None, AUTH, *TRANSACTION), "account_blocked")
_TROUBLE: Causes = dict.fromkeys((None, CONNECT, EHLO, AUTH, *TRANSACTION), "server_trouble")
_TLS_WANTED: Causes = dict.fromkeys((None, EHLO, AUTH, *TRANSACTION), "encryption_required")
_TLS_TOO_OLD: Causes = dict.fromkeys((None, CONNECT, EHLO, AUTH, *TRANSACTION), "tls_too_old")
_REFUSED_SENDER: Causes = dict.fromkeys((None, *TRANSACTION), "sender_refused")
_REFUSED_RECIPIENT: Causes = {**dict.fromkeys(_AFTER_MAIL, "recipient_refused"), **_SENDER}
_MECHANISM: Causes = {AUTH: "mechanism_not_offered", STARTTLS: "starttls_not_offered"}
_MESSAGE_REFUSED: Causes = dict.fromkeys((None, *_MESSAGE), "message_refused")
_COMMAND_REFUSED: Causes = dict.fromkeys((EHLO, *TRANSACTION), "command_refused")
_NO_LOGIN: Causes = {AUTH: "login_not_offered"}
_CLIENT_NAME: Causes = {EHLO: "client_name_refused"}
_TOO_LARGE: Causes = dict.fromkeys((None, *TRANSACTION), "message_too_large")
_ACCOUNT: Causes = {**_REFUSED_RECIPIENT, MAIL: "account_blocked", AUTH: "account_blocked"}

# What an enhanced code says, by the command. X.0.0, X.1.0, X.2.0, X.5.0, X.7.0 and X.7.1 say too little to be here.
_BY_DETAIL: dict[str, Causes] = {
    **dict.fromkeys(("1.1", "1.2", "1.3", "1.4", "1.6", "1.10"), _UNKNOWN),
    **dict.fromkeys(("1.7", "1.8"), _REFUSED_SENDER),
    "1.90": _LIMIT,
    "2.1": {None: "mailbox_disabled", **dict.fromkeys(_AFTER_MAIL, "mailbox_disabled"), **_SENDER},
    "2.2": {None: "mailbox_full", **dict.fromkeys(_AFTER_MAIL, "mailbox_full")},
    **dict.fromkeys(("2.3", "3.4"), _TOO_LARGE),
    **dict.fromkeys(("2.4", "7.2", "2.122"), _REFUSED_RECIPIENT),
    **dict.fromkeys(("2.121", "7.232", "7.233", "7.236"), _LIMIT),
    "2.252": _REFUSED_SENDER,
    **dict.fromkeys(("3.1", "3.2", "3.5", "4.3", "4.5"), _TROUBLE),
    "3.3": _MECHANISM,
    "4.4": _UNKNOWN,
    "5.1": {AUTH: "login_not_offered", **dict.fromkeys((EHLO, *TRANSACTION), "command_refused")},
    "5.2": {EHLO: "client_name_refused"},
    "5.3": _LIMIT,
    "5.4": {EHLO: "client_name_refused", AUTH: "mechanism_not_offered"},
    "5.6": {AUTH: "mechanism_not_offered"},
    "6.7": _REFUSED_RECIPIENT,
    **dict.fromkeys(("6.0", "6.1", "6.2", "6.3", "6.6", "7.7"), _MESSAGE_REFUSED),
    "7.4": _MECHANISM,
    "7.8": {
        **dict.fromkeys((None, AUTH), "login_refused"),
        **dict.fromkeys((MAIL, RCPT), "login_required"),
        **dict.fromkeys(_MESSAGE, "domain_authentication_failed"),
    },
    "7.9": {
        **dict.fromkeys((None, AUTH), "mechanism_not_offered"),
        **dict.fromkeys(TRANSACTION, "domain_authentication_failed"),
    },
    **dict.fromkeys(("7.10", "7.11"), _TLS_WANTED),
    **dict.fromkeys(("7.12", "7.13"), _ACCOUNT),
    **dict.fromkeys(("7.17", "7.18"), _UNKNOWN),
    **dict.fromkeys(("7.20", "7.21", "7.22", "7.23", "7.24", "7.26", "7.29", "7.31", "7.32", "7.40"), _DOMAIN),
    **dict.fromkeys(("7.509", "7.515"), _DOMAIN),
    "7.27": {**_DOMAIN, MAIL: "sender_refused"},
    "7.28": _LIMIT,
    "7.30": {**_DOMAIN, AUTH: "login_switched_off"},
    **dict.fromkeys(("7.25", "7.507", "7.510", "7.511", "7.513", "7.708"), _CLIENT),
    "7.57": dict.fromkeys((None, *TRANSACTION), "login_required"),
    "7.60": _REFUSED_SENDER,
    "7.64": dict.fromkeys((None, *TRANSACTION), "relaying_refused"),
    "7.66": _TLS_TOO_OLD,
    **dict.fromkeys(("7.124", "7.133", "7.134", "7.135", "7.136", "7.504", "7.505"), _REFUSED_RECIPIENT),
    "7.506": dict.fromkeys((None, EHLO, *TRANSACTION), "client_name_refused"),
    "7.508": _LIMIT,
    "7.512": _MESSAGE_REFUSED,
    "7.703": _REFUSED_RECIPIENT,
    "7.750": _REFUSED_SENDER,
}
# Ranges of the last number of X.7 that Microsoft gives: from, to.
_BY_RANGE: tuple[tuple[int, int, Causes], ...] = (
    (501, 503, _BLOCKED),
    (606, 649, _CLIENT),
    (650, 659, _CLIENT),
    (700, 749, _BLOCKED),
    (850, 899, _CLIENT),
    (900, 999, _MESSAGE_REFUSED),
)
# Only as a temporary refusal these say something else.
_BY_TEMPORARY_DETAIL: dict[str, Causes] = {
    "7.12": {AUTH: "mechanism_not_offered"},
    "7.500": _TROUBLE,
    "7.700": _TROUBLE,
}
# And these only as a permanent one: what is congestion at first is a quota in the end, at Google.
_BY_PERMANENT_DETAIL: dict[str, Causes] = {"4.5": _LIMIT}

# Reply codes that mean the same whatever the enhanced code is.
_FIRM: dict[int, Causes] = {
    432: {AUTH: "mechanism_not_offered"},
    **dict.fromkeys((500, 502), _NO_LOGIN),
    503: {**_COMMAND_REFUSED, **_NO_LOGIN},
    **dict.fromkeys((501, 504), _CLIENT_NAME),
    523: dict.fromkeys((AUTH, MAIL), "encryption_required"),
    530: {AUTH: "encryption_required", **dict.fromkeys((None, EHLO, *TRANSACTION), "login_required")},
    538: _TLS_WANTED,
}
_BY_CODE: dict[int, Causes] = {
    421: _TROUBLE,
    450: {**dict.fromkeys(_AFTER_MAIL, "recipient_refused"), **_SENDER, END_OF_DATA: "message_refused"},
    **dict.fromkeys((451, 452), _TROUBLE),
    454: {AUTH: "server_trouble"},
    **dict.fromkeys((500, 502), _COMMAND_REFUSED),
    504: {AUTH: "mechanism_not_offered"},
    521: {None: "greeting_refused", CONNECT: "greeting_refused"},
    524: {AUTH: "mechanism_not_offered"},
    525: {AUTH: "account_blocked"},
    534: dict.fromkeys((None, AUTH), "mechanism_not_offered"),
    535: {
        **dict.fromkeys((None, AUTH), "login_refused"),
        **dict.fromkeys((MAIL, RCPT), "login_required"),
        **dict.fromkeys(_MESSAGE, "message_refused"),
    },
    551: dict.fromkeys((None, RCPT), "relaying_refused"),
    552: {**dict.fromkeys((MAIL, *_MESSAGE), "message_too_large"), RCPT: "mailbox_full"},
    555: dict.fromkeys((MAIL, RCPT), "command_refused"),
    556: {None: "recipient_unknown", RCPT: "recipient_unknown", END_OF_DATA: "recipient_unknown", **_SENDER},
}
# Whoever refuses a command refuses what it is about.
_BY_COMMAND: dict[str, str] = {
    CONNECT: "greeting_refused",
    EHLO: "client_refused",
    STARTTLS: "starttls_not_offered",
    AUTH: "login_refused",
    MAIL: "sender_refused",
    RCPT: "recipient_refused",
    DATA: "message_refused",
    END_OF_DATA: "message_refused",
}


def is_narrow(reply: Reply) -> bool:
    """Whether the enhanced code means one thing only: the numbers above those of RFC 3463 do, with three exceptions.

    X.7.23 is about SPF in the registry and about the PTR record at Google, X.7.29 about ARC and about TLS; X.7.57
    comes with the reply that refused the login.
    """
    number = reply.detail.rpartition(".")[2]
    return bool(number) and int(number) >= 20 and reply.detail not in ("7.23", "7.29", "7.57")


def firm_cause(reply: Reply, command: str | None) -> str | None:
    """The cause that the codes name without doubt, so that only plain words of the server outweigh it."""
    tables = (
        _FIRM.get(reply.code or 0),
        (_BY_TEMPORARY_DETAIL if reply.temporary else _BY_PERMANENT_DETAIL).get(reply.detail),
        _BY_DETAIL.get(reply.detail),
        _range_of(reply.detail),
    )
    return next((table[command] for table in tables if table and command in table), None)


def loose_cause(reply: Reply, command: str | None) -> str | None:
    """The cause that remains where nothing else is known: of the reply code, and else of the command."""
    by_code = _BY_CODE.get(reply.code or 0, {}).get(command)
    if by_code or command is None or reply == Reply(None, None):
        return by_code
    return "server_trouble" if reply.temporary and command == AUTH else _BY_COMMAND[command]


def is_of_command_alone(reply: Reply, command: str | None) -> bool:
    """Whether no code says the cause, so that only the refused command is left to tell it."""
    return firm_cause(reply, command) is None and command not in _BY_CODE.get(reply.code or 0, {})


def _range_of(detail: str) -> Causes | None:
    subject, _dot, number = detail.partition(".")
    if subject != "7":
        return None
    return next((causes for first, last, causes in _BY_RANGE if first <= int(number) <= last), None)
