# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a message was not sent, read from the words that a product has for it.

The vendors document none of these words. They are those of the libraries that send mail (Nodemailer on Webitel, and
what Python and Go say of the same events), of OpenSSL, and of the mail servers themselves. A text that fits none of
them is left as it is: nothing is guessed.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from .smtp_reply import NO_REPLY, Reply, reply_in

STAGE_OF: dict[str, str] = {
    "host_unknown": "connection",
    "connection_refused": "connection",
    "unreachable": "connection",
    "no_answer": "connection",
    "no_greeting": "connection",
    "greeting_refused": "connection",
    "client_refused": "connection",
    "connection_lost": "connection",
    "no_tls_at_port": "encryption",
    "starttls_not_offered": "encryption",
    "encryption_required": "encryption",
    "certificate_expired": "encryption",
    "certificate_not_yet_valid": "encryption",
    "certificate_of_another_name": "encryption",
    "certificate_self_signed": "encryption",
    "certificate_of_unknown_authority": "encryption",
    "tls_failed": "encryption",
    "mechanism_not_offered": "login",
    "login_not_offered": "login",
    "login_required": "login",
    "credentials_missing": "login",
    "application_password_wanted": "login",
    "browser_wanted": "login",
    "login_switched_off": "login",
    "login_refused": "login",
    "sender_refused": "sender",
    "relaying_refused": "recipient",
    "recipient_unknown": "recipient",
    "mailbox_full": "recipient",
    "mailbox_disabled": "recipient",
    "recipient_refused": "recipient",
    "message_too_large": "message",
    "message_refused": "message",
    "server_trouble": "server",
}
"""What can go wrong, and which part of the conversation with the mail server it ended."""


def _rules(*rules: tuple[str, str]) -> list[tuple[str, t.Pattern[str]]]:
    return [(cause, re.compile(pattern, re.IGNORECASE)) for cause, pattern in rules]


# The first that fits counts. What a server says of its refusal comes before the names of errors.
_PHRASES = _rules(
    ("encryption_required", r"must issue a STARTTLS|STARTTLS (?:is )?required|encryption required"),
    ("application_password_wanted", r"application-specific password|\bapp password"),
    # Google repeats its codes in the middle of the sentence.
    ("browser_wanted", r"please log in (?:via|with)[\s\d.-]+your web browser"),
    ("login_switched_off", r"(?:SmtpClientAuthentication|basic authentication) is disabled"),
    (
        "login_not_offered",
        r"authentication not enabled|AUTH extension not supported|doesn't support AUTH|invalid login: 50[0-3]\b",
    ),
    (
        "mechanism_not_offered",
        (
            r"invalid authentication mechanism|unknown authentication method|unrecognized authentication type"
            r"|no suitable authentication method|mechanism (?:is )?not (?:supported|available)"
            r"|does not offer the authentication mechanism|offers no authentication mechanism"
        ),
    ),
    ("credentials_missing", r"missing credentials"),
    ("relaying_refused", r"relay access denied|relaying (?:is )?denied|unable to relay|not permitted to relay"),
    ("client_refused", r"client host (?:\[[^\]]*\] )?(?:rejected|blocked)"),
    ("login_required", r"sender address rejected: not logged in"),
    ("sender_refused", r"sender address rejected|send as this sender"),
    ("recipient_unknown", r"\b550\b.*(?:user unknown|unknown user|no such user|does not exist)"),
    ("message_too_large", r"message (?:file )?too (?:big|large)|message size exceeds"),
    ("starttls_not_offered", r"upgrading connection with STARTTLS|STARTTLS extension not supported|no STARTTLS"),
    ("certificate_not_yet_valid", r"\bCERT_NOT_YET_VALID\b|certificate is not yet valid"),
    ("certificate_expired", r"\bCERT_HAS_EXPIRED\b|certificate has expired"),
    (
        "certificate_of_another_name",
        (
            r"\bERR_TLS_CERT_ALTNAME_INVALID\b|does not match certificate's altnames|hostname mismatch"
            r"|IP address mismatch|certificate is valid for .+, not "
        ),
    ),
    (
        "certificate_of_unknown_authority",
        (
            r"\bSELF_SIGNED_CERT_IN_CHAIN\b|\bUNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(?:_LOCALLY)?)\b"
            r"|self[- ]signed certificate in (?:the )?(?:certificate )?chain|unable to verify the first certificate"
            r"|unable to get (?:local )?issuer certificate|signed by unknown authority"
        ),
    ),
    ("certificate_self_signed", r"\bDEPTH_ZERO_SELF_SIGNED_CERT\b|self[- ]signed certificate"),
    ("no_tls_at_port", r"wrong[ _]version[ _]number|packet length too long|does not look like a TLS handshake"),
    ("tls_failed", r"initiating TLS|handshake[ _]failure|unsupported[ _]protocol|alert protocol version"),
)
# These name an address now and then: one with another port is of something else, such as the product's database.
_CONNECTION = _rules(
    ("host_unknown", r"\bENOTFOUND\b|\bEAI_(?:AGAIN|NONAME)\b|name or service not known|no such host|name resolution"),
    ("connection_refused", r"\bECONNREFUSED\b|connection refused"),
    ("unreachable", r"\bE(?:HOST|NET)UNREACH\b|no route to host|network is unreachable"),
    ("no_greeting", r"greeting never received"),
    ("no_answer", r"\bETIMEDOUT\b|connection timeout|timed out|i/o timeout|^timeout$|: timeout$"),
    ("connection_lost", r"\bECONNRESET\b|\bEPIPE\b|socket hang up|closed unexpectedly|unexpectedly closed"),
)
_CAUSE_OF_DETAIL = {
    **dict.fromkeys(("1.1", "1.2", "1.3", "1.6", "1.10"), "recipient_unknown"),
    **dict.fromkeys(("1.7", "1.8"), "sender_refused"),
    "2.1": "mailbox_disabled",
    "2.2": "mailbox_full",
    **dict.fromkeys(("2.3", "3.4"), "message_too_large"),
    **dict.fromkeys(("3.0", "3.1", "3.2", "3.5"), "server_trouble"),
    "7.8": "login_refused",
    "7.9": "mechanism_not_offered",
    "7.11": "encryption_required",
}
_CAUSE_OF_CODE = {
    421: "server_trouble",
    504: "mechanism_not_offered",
    530: "login_required",
    534: "mechanism_not_offered",
    535: "login_refused",
    538: "encryption_required",
}
# What the client was doing, which says who refused where the server's own answer does not.
_COMMANDS = _rules(
    ("login_refused", r"invalid login"),
    ("sender_refused", r"mail command failed"),
    ("recipient_refused", r"all recipients were rejected|recipient command failed"),
    ("message_refused", r"data command failed|message failed"),
    ("greeting_refused", r"invalid greeting"),
)
# The appliance tells which field of an account is to blame. Its `email` is both the user name and the sender.
_STAGE_OF_FIELD = {
    "smtp_server": "connection",
    "smtp_port": "connection",
    "smtp_crypt": "encryption",
    "smtp_auth_mechanism": "login",
    "has_auth": "login",
    "hash_auth": "login",
    "password": "login",
    "to_email": "recipient",
}
_PORT = re.compile(r"[\w.\]]:(\d{1,5})\b")


@dataclass(frozen=True)
class SmtpFailure:
    """How far the conversation with the mail server came, why it ended, and what the server answered.

    `cause` is one of `STAGE_OF`, or `None` where the product tells no more than the stage.
    """

    stage: str
    cause: str | None
    reply: Reply


def smtp_failure(errors: t.Iterable[t.Mapping[str, str]], port: object) -> SmtpFailure | None:
    """What the reasons of a product say about the mail server, `None` where they say nothing of it.

    `errors` are `msg` and, from an appliance, `field` and `type`; `port` is the mail server's, if it is known.
    """
    failures = (_failure(error, port) for error in errors)
    return next((failure for failure in failures if failure), None)


def _failure(error: t.Mapping[str, str], port: object) -> SmtpFailure | None:
    text = error.get("msg", "")
    reply = reply_in(text)
    cause = _cause(text, reply, port)
    if cause:
        return SmtpFailure(STAGE_OF[cause], cause, reply)
    # Of the types of a reason, this is the one that is not about the record itself.
    stage = _STAGE_OF_FIELD.get(error.get("field", "")) if text and error.get("type") == "rule" else None
    return SmtpFailure(stage, None, reply) if stage else None


def _cause(text: str, reply: Reply, port: object) -> str | None:
    return (
        _first(_PHRASES, text)
        or _CAUSE_OF_DETAIL.get(reply.detail)
        or _CAUSE_OF_CODE.get(reply.code or 0)
        or _first(_COMMANDS, text)
        or (None if reply != NO_REPLY or _is_elsewhere(text, port) else _first(_CONNECTION, text))
    )


def _first(rules: t.Iterable[tuple[str, t.Pattern[str]]], text: str) -> str | None:
    return next((cause for cause, pattern in rules if pattern.search(text)), None)


def _is_elsewhere(text: str, port: object) -> bool:
    """Whether a text names the port of another server than the mail server."""
    named = set(_PORT.findall(text))
    return bool(port) and bool(named) and str(port) not in named
