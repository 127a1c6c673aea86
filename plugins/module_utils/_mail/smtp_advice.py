# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to tell a mail administrator of a failed test send: who refused what, and which field to change."""

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass

from .smtp_diagnosis import SmtpFailure


@dataclass(frozen=True)
class Fields:
    """The names that a product's modules have for what can be changed. The sentences below name them in braces."""

    host: str
    port: str
    encryption: str
    without_implicit_tls: str
    with_starttls: str
    unverified: str
    mechanism: str
    login: str
    credentials: str
    sender: str


ITFLEX_FIELDS = Fields(
    host="smtp_server",
    port="smtp_port",
    encryption="smtp_crypt",
    without_implicit_tls="smtp_crypt to starttls or none",
    with_starttls="smtp_crypt to starttls",
    unverified="an account has no field that switches the check off",
    mechanism="smtp_auth_mechanism",
    login="has_auth and password",
    credentials="email and password",
    sender="email",
)
WEBITEL_FIELDS = Fields(
    host="options.host",
    port="options.port",
    encryption="options.secure",
    without_implicit_tls="options.secure to false",
    with_starttls="requireTLS in options.extra to true, without ignoreTLS",
    unverified="options.tls.reject_unauthorized: false takes any certificate, and anybody's",
    mechanism="authMethod in options.extra",
    login="options.auth",
    credentials="options.auth.user and options.auth.pass",
    sender="from",
)

_CERTIFICATE = "Replace the certificate at the mail server; {unverified}"
_WORDS: dict[str, tuple[str, str]] = {
    "host_unknown": (
        "The mail server's name cannot be resolved",
        "Check {host}, and the name servers that the product asks",
    ),
    "connection_refused": (
        "The connection to the mail server is refused",
        "Check {host} and {port}, and whether the mail server runs",
    ),
    "unreachable": (
        "The mail server cannot be reached",
        "Check {host}, and the network between the product and the mail server",
    ),
    "no_answer": (
        "The mail server does not answer in time",
        "Check {host} and {port}, and whether a firewall drops the connection",
    ),
    "no_greeting": (
        "The mail server takes the connection and sends no greeting",
        "Check {port} and {encryption}: a port that expects TLS from the first byte waits like this",
    ),
    "greeting_refused": (
        "The mail server does not take the connection",
        "See in its log why it refuses the product's address",
    ),
    "client_refused": (
        "The mail server refuses the product's address",
        "Let the product log in ({login}), or allow its address at the mail server",
    ),
    "connection_lost": ("The connection to the mail server broke", "See the mail server's log"),
    "no_tls_at_port": (
        "The port does not speak TLS from the first byte",
        "Set {without_implicit_tls}, or {port} to the mail server's port for TLS",
    ),
    "starttls_not_offered": (
        "The mail server does not begin TLS with STARTTLS",
        "Check {port} and {encryption}, and the mail server's own TLS settings",
    ),
    "encryption_required": (
        "The mail server wants TLS before anything else",
        "Set {with_starttls}, or use the mail server's port for TLS ({port}, {encryption})",
    ),
    "certificate_expired": ("The mail server's certificate has expired", _CERTIFICATE),
    "certificate_not_yet_valid": (
        "The mail server's certificate is not valid yet",
        "Check the clocks of the product and of the mail server, and the certificate",
    ),
    "certificate_of_another_name": (
        "The mail server's certificate is for another name",
        "Set {host} to a name that the certificate has, or replace the certificate; {unverified}",
    ),
    "certificate_self_signed": (
        "The mail server's certificate is signed by itself alone",
        "Install one from an authority that the product trusts; {unverified}",
    ),
    "certificate_of_unknown_authority": (
        "The mail server's certificate is from an authority that the product does not trust",
        "Install the whole chain at the mail server, from an authority that the product trusts; {unverified}",
    ),
    "tls_failed": (
        "TLS with the mail server failed",
        "Check the versions and ciphers of TLS that the mail server offers",
    ),
    "mechanism_not_offered": (
        "The mail server does not take this way to log in",
        "Change {mechanism} to one that the mail server offers",
    ),
    "login_not_offered": (
        "The mail server takes no login on this connection",
        "Check {port} and {encryption}, since many take it over TLS only; else leave out {login}",
    ),
    "login_required": ("The mail server takes no mail without a login", "Give {login}"),
    "credentials_missing": ("The login lacks its user name or its password", "Give {credentials}"),
    "application_password_wanted": (
        "The mail server refuses the login: it wants a password made for an application",
        "Make one at the mail service, and put it into {credentials}",
    ),
    "browser_wanted": (
        "The mail server refuses the login: the mail service wants one with a web browser first",
        "Log in there once with a browser, or make a password for an application, and put it into {credentials}",
    ),
    "login_switched_off": (
        "The mail service takes no password over SMTP for this mailbox",
        "Let its administrator allow it (in Microsoft 365: SMTP AUTH), or use another {host}",
    ),
    "login_refused": ("The mail server refuses the login", "Check {credentials}"),
    "sender_refused": (
        "The mail server refuses the sender",
        "Check {sender}, and whether the login may send from this address",
    ),
    "relaying_refused": (
        "The mail server does not relay to the recipient's domain for this client",
        "Give {login}, or allow the product's address at the mail server",
    ),
    "recipient_unknown": ("The mail server does not know the recipient", "Check to_email"),
    "mailbox_full": ("The recipient's mailbox is full", "Make room there, or choose another to_email"),
    "mailbox_disabled": ("The recipient's mailbox takes no mail", "Choose another to_email"),
    "recipient_refused": ("The mail server refuses the recipient", "Check to_email, and the mail server's log"),
    "message_too_large": (
        "The message is larger than the mail server takes",
        "Raise the size limit at the mail server",
    ),
    "message_refused": ("The mail server refuses the message itself", "See in its log which rule refused it"),
    "server_trouble": ("The mail server has trouble of its own", "See the mail server's log"),
}
_LATER = "The refusal is temporary: try again later"


def explained(failure: SmtpFailure, fields: Fields) -> dict[str, t.Any]:
    """The failure as data, with `advice`: sentences for people, `None` where the product's words tell too little.

    Nothing of the product's or the server's text is in them.
    """
    return {
        "stage": failure.stage,
        "cause": failure.cause,
        "code": failure.reply.code,
        "enhanced_code": failure.reply.enhanced_code,
        "advice": _advice(failure, fields),
    }


def _advice(failure: SmtpFailure, fields: Fields) -> str | None:
    if failure.cause is None:
        return None
    explanation, change = _WORDS[failure.cause]
    answer = str(failure.reply)
    change = _LATER if failure.reply.temporary else change.format(**asdict(fields))
    return f"{explanation}{f' ({answer})' if answer else ''}. {change}."
