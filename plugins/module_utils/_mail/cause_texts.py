# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each cause means, and what to do about it, in sentences for people.

What to change stands in braces: each product has its own names for it, see `MailFields`.
"""

from __future__ import annotations

import typing as t

_CERTIFICATE: t.Final = "Replace the certificate at the mail server; {unverified}"
_NOT_THE_SERVER: t.Final = "the mail server knows nothing of it, and its log neither"
_MAKE_ONE: t.Final = "make a password for an application at the mail service, and put it into {credentials}"

TEXTS: t.Final[dict[str, tuple[str, str]]] = {
    "digest_unavailable": (
        "The machine that sends allows no MD5, and so no CRAM-MD5",
        f"Change {{mechanism}}, or allow MD5 there (FIPS mode switches it off); {_NOT_THE_SERVER}",
    ),
    "proxy_failed": (
        "A proxy between the machine that sends and the mail server failed",
        f"Check the proxy, and that machine's settings of it; {_NOT_THE_SERVER}",
    ),
    "software_incomplete": (
        "The software that sends lacks a part of its own",
        f"Repair its installation on the machine that sends; {_NOT_THE_SERVER}",
    ),
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
        "The mail server takes the connection and sends no greeting in time",
        "Check {port} and {encryption}: a port that expects TLS from the first byte waits like this",
    ),
    "another_protocol": (
        "Another protocol than SMTP answers at the port",
        "Check {host}, and set {port} to the port for SMTP; where that is TLS from the first byte, {with_implicit_tls}",
    ),
    "greeting_refused": (
        "The mail server does not take the connection",
        "See in its log why it refuses the product's address",
    ),
    "client_refused": (
        "The mail server refuses the product's address",
        "Let the product log in ({login}), or allow its address at the mail server or at the blocklist that it asks",
    ),
    "client_name_refused": (
        "The mail server refuses the name by which the product greets it (HELO)",
        "Greet with a full name that the DNS knows: {client_name}",
    ),
    "too_many_connections": (
        "The mail server has too many connections from the product already",
        "Try again later, or raise the limit of connections at the mail server",
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
    "certificate_too_weak": (
        "The mail server's certificate, or one above it, has a key or a signature that is too weak today",
        "Install one of RSA with 2048 bits or more, or of an elliptic curve, signed with SHA-256; {unverified}",
    ),
    "certificate_revoked": ("The mail server's certificate is revoked", _CERTIFICATE),
    "tls_too_old": (
        "The mail server's TLS is too old for the product, or the other way round",
        "Let the mail server and the product both speak TLS 1.2 or newer, with ciphers and keys of today",
    ),
    "tls_failed": (
        "TLS with the mail server failed",
        "Check the versions and ciphers of TLS that the mail server offers",
    ),
    "mechanism_not_offered": (
        "The mail server does not take this way to log in",
        "Change {mechanism} to one that the mail server offers",
    ),
    "login_prompt_unknown": (
        "The mail server asks for the login in words that the product does not take",
        "Change {mechanism} to PLAIN or CRAM-MD5, as far as the mail server offers it",
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
        f"Log in there once with a browser, or {_MAKE_ONE}",
    ),
    "login_switched_off": (
        "The mail service takes no password over SMTP for this mailbox",
        "Let its administrator allow it (in Microsoft 365: SMTP AUTH), or use another {host}",
    ),
    "login_refused": ("The mail server refuses the login", "Check {credentials}"),
    "too_many_logins": (
        "The mail server takes no more logins for now: too many have failed",
        "Check {credentials} first, then wait: each further attempt lengthens the wait",
    ),
    "account_blocked": (
        "The mail service has blocked the account that sends",
        "Ask its administrator why it is locked, suspended or not paid for; another password does not help",
    ),
    "sender_refused": (
        "The mail server refuses the sender",
        "Check {sender}, and whether the login may send from this address",
    ),
    "sender_invalid": ("The sender is no address that mail can be sent from", "Correct {sender}"),
    "domain_authentication_failed": (
        "The message fails the checks of the sender's domain: SPF, DKIM or DMARC",
        "Let the DNS of the domain in {sender} allow the mail server (SPF), and let the mail server sign (DKIM)",
    ),
    "sending_limit": (
        "A limit on how much may be sent is reached",
        "Wait until it is lifted, send less, or have it raised at the mail service",
    ),
    "relaying_refused": (
        "The mail server does not relay to the recipient's domain for this client",
        "Give {login}, or allow the product's address at the mail server",
    ),
    "recipient_unknown": ("The mail server does not know the recipient", "Check to_email"),
    "recipient_invalid": ("The recipient is no address that mail can be sent to", "Correct to_email"),
    "mailbox_full": ("The recipient's mailbox is full", "Make room there, or choose another to_email"),
    "mailbox_disabled": ("The recipient's mailbox takes no mail", "Choose another to_email"),
    "recipient_refused": ("The mail server refuses the recipient", "Check to_email, and the mail server's log"),
    "greylisted": (
        "The mail server turns away what it sees for the first time (greylisting)",
        "Try again in some minutes; nothing has to be changed",
    ),
    "message_too_large": (
        "The message is larger than the mail server takes",
        "Raise the size limit at the mail server",
    ),
    "message_refused": ("The mail server refuses the message itself", "See in its log which rule refused it"),
    "command_refused": (
        "The mail server does not take a command of the conversation",
        "See the mail server's log; a firewall or filter in between may have changed the command",
    ),
    "server_trouble": ("The mail server has trouble of its own", "See the mail server's log"),
}
"""For each of `CAUSES`: what it means, and what to do."""

WAITS: t.Final = frozenset({"too_many_connections", "greylisted", "server_trouble"})
"""The causes that pass by themselves, so that a temporary reply says all there is to say."""

MAY_PASS: t.Final = frozenset(
    {
        "greeting_refused",
        "too_many_logins",
        "sending_limit",
        "login_refused",
        "recipient_unknown",
        "mailbox_full",
        "mailbox_disabled",
        "recipient_refused",
        "message_too_large",
        "message_refused",
        "command_refused",
    }
)
"""The causes that a temporary reply can mean as it says it. All others last until something is changed."""
