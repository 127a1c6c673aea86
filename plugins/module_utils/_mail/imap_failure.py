# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What kind of failure it is that an IMAP server refuses something, and what to do about it.

The codes come from RFC 3501, 5530 and 9051. A code may be a wide one (`UNAVAILABLE` for too many connections), so plain
words count before it, and all other words after it. Where neither says why, nothing is guessed.
"""

from __future__ import annotations

import re
import typing as t

from .imap_words import AT_LOGIN, AT_LOGIN_WIDE, LATER, PLAIN_LATER
from .phrases import Rules

_CODE = re.compile(r"\[([A-Z][A-Z0-9-]*)")
# Addresses are the users' own words.
_ADDRESS = re.compile(r"[\w.+=-]{1,64}@[\w.-]{1,255}")
_LONGEST_WORDS = 1000

# What another protocol's server says first.
_GREETINGS: t.Final = tuple(
    (protocol, re.compile(pattern, re.IGNORECASE))
    for protocol, pattern in (
        ("POP3", r"\+|-ERR\b"),
        ("FTP", r"220[ -].{0,200}(?:\bFTP|FileZilla)"),
        ("LMTP", r"220[ -].{0,200}\bLMTP"),
        ("SMTP", r"(?:220|421|554)[ -]"),
        ("NNTP", r"20[01] "),
        ("HTTP", r"HTTP/\d|\s*<(?:!DOCTYPE|html)"),
        ("SSH", r"SSH-\d"),
        ("XMPP", r"<(?:\?xml|stream:)"),
        ("MySQL", r".{0,8}\n.{0,80}(?:mysql_native_password|caching_sha2_password|-MariaDB)"),
        ("Redis", r"-DENIED Redis|-NOAUTH "),
        ("ManageSieve", r'"(?:IMPLEMENTATION|SIEVE|SASL)"'),
        ("TLS", r"[\x15\x16]\x03"),
    )
)
_CODES: t.Final = {
    "AUTHENTICATIONFAILED": "credentials",
    "AUTHORIZATIONFAILED": "credentials",
    "EXPIRED": "credentials",
    "PRIVACYREQUIRED": "encryption_required",
    "UNAVAILABLE": "unavailable",
    "SERVERBUG": "unavailable",
    "INUSE": "in_use",
    "CONTACTADMIN": "account_blocked",
    "NOPERM": "permission",
    "OVERQUOTA": "over_quota",
    "READ-ONLY": "read_only",
    "WEBALERT": "browser_wanted",
}
_CODES_AT_LOGIN: t.Final = {**_CODES, "LIMIT": "too_many_connections"}
_CODES_LATER: t.Final = {**_CODES, "LIMIT": "limit"}

ADVICE: t.Final = {
    "another_protocol": "Check host and port: IMAP is on 993 with TLS, and on 143 without or with STARTTLS",
    "encryption_required": "Set encryption to starttls or tls",
    "credentials": "Check username and password; some services want a password made for programs",
    "application_password_wanted": (
        "Make a password for programs (an application password) in the settings of the mailbox, and give that one"
    ),
    "browser_wanted": "Log in to this mailbox with a browser, and confirm what the service asks there",
    "login_switched_off": (
        "No password helps while this is so: have IMAP, and logins with a password, switched on for this mailbox"
    ),
    "login_not_offered": "Check encryption and port; the server's administrator knows how programs may log in",
    "mechanism_not_offered": "The server's administrator can offer the mechanism PLAIN over TLS",
    "login_refused": (
        "It does not say why. Check username and password, whether the mailbox may be used over IMAP with a password, "
        "and the server's log"
    ),
    "account_blocked": "Ask the server's administrator what is wrong with the account",
    "too_many_logins": "Wait before the next try, and look who else tries to log in so often",
    "too_many_connections": "Close other programs that have this mailbox open, or raise the server's limit",
    "unavailable": "Try again later; the server's log tells more",
    "in_use": "Try again later, when the other program has closed the mailbox",
    "client_refused": "Have the server accept this host and program, or look from another host",
    "mailbox_missing": "The login is right: check whether there is a mailbox for it, and whether IMAP may open it",
    "closed_by_server": "The server's log tells why",
    "read_only": "Check the rights of this user in this folder, or set afterwards to keep",
    "permission": "Check the rights of this user in this folder",
    "over_quota": "Make room in the mailbox, or raise its limit",
    "limit": "Look for fewer messages at once, or raise the server's limit",
    "too_many_commands": "Set interval to more seconds",
}
"""What to do about each kind; the others explain themselves, or their advice depends on the options."""


def kind_at_login(words: str) -> str | None:
    """Why nobody is let in, from the server's words in a greeting or at a login; `None` where it does not say why."""
    return _first(AT_LOGIN, words) or _by_code(_CODES_AT_LOGIN, words) or _first(AT_LOGIN_WIDE, words)


def kind_later(words: str) -> str | None:
    """Why a server refuses anything else, from its words; `None` where it does not say why."""
    return _first(PLAIN_LATER, words) or _by_code(_CODES_LATER, words) or _first(LATER, words)


def protocol_of(greeting: str) -> str | None:
    """The protocol whose server greets like this; `None` where it is none of those that are known."""
    return next((protocol for protocol, pattern in _GREETINGS if pattern.match(greeting)), None)


def _by_code(codes: t.Mapping[str, str], words: str) -> str | None:
    return next((codes[code] for code in _CODE.findall(words.upper()) if code in codes), None)


def _first(rules: Rules, words: str) -> str | None:
    text = " ".join(_ADDRESS.sub("<>", words[:_LONGEST_WORDS]).replace("\u2019", "'").split())
    return next((rule.cause for rule in rules if rule.fits(text)), None)
