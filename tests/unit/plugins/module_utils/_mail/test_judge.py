# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The judge follows the command and the codes; what it does not know it leaves alone."""

from __future__ import annotations

import re

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.causes import CAUSES
from ansible_collections.mailfleet.email.plugins.module_utils._mail.judge import judge
from ansible_collections.mailfleet.email.plugins.module_utils._mail.library_words import CONNECTION, LIBRARY
from ansible_collections.mailfleet.email.plugins.module_utils._mail.phrases import Rule
from ansible_collections.mailfleet.email.plugins.module_utils._mail.reply_text import (
    COMMANDS,
    LONGEST,
    NO_REPLY,
    Reply,
    reply_in,
)
from ansible_collections.mailfleet.email.plugins.module_utils._mail.reply_words import LOOSE, PLAIN

UNKNOWN = "qwx zzyk"


@pytest.mark.parametrize(
    ("command", "codes", "cause"),
    [
        ("connect", "554", "greeting_refused"),
        ("connect", "421", "server_trouble"),
        ("EHLO", "504 5.5.2", "client_name_refused"),
        ("EHLO", "501", "client_name_refused"),
        ("EHLO", "502", "command_refused"),
        ("EHLO", "550 5.7.1", "client_refused"),
        ("STARTTLS", "454 4.7.0", "starttls_not_offered"),
        ("STARTTLS", "502 5.5.1", "starttls_not_offered"),
        ("AUTH", "432 4.7.12", "mechanism_not_offered"),
        ("AUTH", "454 4.7.0", "server_trouble"),
        ("AUTH", "502 5.5.1", "login_not_offered"),
        ("AUTH", "504 5.5.4", "mechanism_not_offered"),
        ("AUTH", "525 5.7.13", "account_blocked"),
        ("AUTH", "530 5.7.0", "encryption_required"),
        ("AUTH", "534 5.7.9", "mechanism_not_offered"),
        ("AUTH", "535 5.7.8", "login_refused"),
        ("AUTH", "538 5.7.11", "encryption_required"),
        ("AUTH", "550 5.7.30", "login_switched_off"),
        ("MAIL", "530 5.7.0", "login_required"),
        ("MAIL", "535 5.7.8", "login_required"),
        ("MAIL", "550 5.1.1", "sender_refused"),
        ("MAIL", "450 4.1.8", "sender_refused"),
        ("MAIL", "550 5.4.5", "sending_limit"),
        ("MAIL", "452 4.4.5", "server_trouble"),
        ("MAIL", "552", "message_too_large"),
        ("RCPT", "550 5.1.1", "recipient_unknown"),
        ("RCPT", "550 5.1.8", "sender_refused"),
        ("RCPT", "552", "mailbox_full"),
        ("RCPT", "550 5.7.1", "recipient_refused"),
        ("RCPT", "550 5.7.25", "client_refused"),
        ("RCPT", "550 5.7.708", "client_refused"),
        ("RCPT", "550 5.7.705", "account_blocked"),
        ("DATA", "554", "message_refused"),
        ("end of data", "550 5.7.8", "domain_authentication_failed"),
        ("end of data", "554 5.7.9", "domain_authentication_failed"),
        ("end of data", "550 5.7.23", "domain_authentication_failed"),
        ("end of data", "550 5.7.26", "domain_authentication_failed"),
        ("end of data", "550 5.7.30", "domain_authentication_failed"),
        ("end of data", "552", "message_too_large"),
        ("end of data", "550", "message_refused"),
        (None, "535 5.7.8", "login_refused"),
        (None, "530", "login_required"),
        (None, "550 5.1.1", "recipient_unknown"),
    ],
)
def test_codes_alone(command: str | None, codes: str, cause: str) -> None:
    """Where the words are not known, the codes decide, with the command that they answer."""
    judgement = judge(f"{codes} {UNKNOWN}", command)
    assert (judgement.cause, judgement.decided_by) == (cause, "codes")
    assert judgement.temporary == codes.startswith("4")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("code", [421, 450, 451, 452, 454, 500, 501, 502, 503, 504, 530, 535, 550, 553, 554])
def test_a_cause_fits_the_command(command: str, code: int) -> None:
    """No refused recipient is one of a password, whatever the words and codes are."""
    for words in (UNKNOWN, "user unknown", "application password", "spam", "sender", "account locked", "5.7.8 5.1.1"):
        cause = judge(f"{code} {words}", command).cause
        assert cause is not None
        assert command in CAUSES[cause].said_at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Falha no envio do email de teste",
        "Internal Server Error",
        "502 Bad Gateway",
        "503 Service Unavailable",
        f"550 5.7.1 {UNKNOWN}",
        f"550 {UNKNOWN}",
        "connect ECONNREFUSED 127.0.0.1:27017",
        "connection 3 to 127.0.0.1:27017 timed out",
        "(the server's words are left out, since they repeat a credential)",
        "the quota of 550 MB is used up",
        "Postfix 5.1.1 is not supported",
        "250 2.0.0 Ok: queued as 550",
        "Permission denied",
        "O campo remetente é inválido",
    ],
)
def test_nothing_is_guessed(text: str) -> None:
    judgement = judge(text, None, 465)
    assert (judgement.cause, judgement.decided_by) == (None, "nothing")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("550 5.1.1 <spam@dmarc.example>: User unknown", "recipient_unknown"),
        ("550 5.1.1 <relay.access.denied@example.org>: User unknown", "recipient_unknown"),
        ("550 5.1.1 for my whatsapp password", "recipient_unknown"),
        ("554 5.7.1 <authentication-required@example.org>: Relay access denied", "relaying_refused"),
    ],
)
def test_addresses_are_no_words_of_the_server(text: str, cause: str) -> None:
    assert judge(text, "RCPT").cause == cause


def test_the_first_reply_is_the_server_s() -> None:
    text = "530 5.7.57 Client not authenticated to send mail. Error: 535 5.7.3 Authentication unsuccessful"
    assert reply_in(text) == Reply(530, "5.7.57")
    assert judge(text).cause == "login_required"


@pytest.mark.parametrize(
    ("command", "text", "cause"),
    [
        ("AUTH", "421 4.7.66 TLS 1.0 and 1.1 are not supported. Please update your client", "tls_too_old"),
        ("connect", "421 4.7.66 TLS 1.2 required", "tls_too_old"),
        ("EHLO", "421 4.7.66 of which nobody knows the words", "tls_too_old"),
        (None, "421 4.7.66 TLS 1.0 und 1.1 werden abgelehnt", "tls_too_old"),
        ("AUTH", "550 5.7.1 Minimum TLS version is 1.2", "tls_too_old"),
        ("AUTH", "530 5.7.0 Unsupported TLS version", "tls_too_old"),
        ("MAIL", "550 5.7.1 Your TLS version is too low", "tls_too_old"),
        ("MAIL", "550 5.7.1 Session encrypted with TLSv1, which is obsolete", "tls_too_old"),
        ("AUTH", "535 5.7.0 Weak cipher in use", "tls_too_old"),
        ("MAIL", "530 5.7.0 TLS is not supported yet here: issue STARTTLS first", "encryption_required"),
        ("MAIL", "550 5.7.1 TLSv1.1 is deprecated, please upgrade to TLSv1.2", "tls_too_old"),
        ("MAIL", "530 5.7.0 TLS is not optional here, issue STARTTLS first", "encryption_required"),
        ("end of data", "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", "too_many_connections"),
        ("end of data", "571 5.7.1 Message contains spam or virus or sender is blocked", "message_refused"),
        ("AUTH", "535 5.7.0 Rejected: no SMTP access allowed for free accounts", "login_switched_off"),
        ("AUTH", "535 Password login is turned off for this mailbox", "login_switched_off"),
        ("AUTH", "535 5.7.0 Password sign-in is no longer supported", "login_switched_off"),
        ("AUTH", "535 5.7.139 Échec : votre locataire a les paramètres de sécurité par défaut", "login_switched_off"),
        ("RCPT", "550 5.1.0 Sender callout verification failed: mailbox unknown", "sender_refused"),
        ("RCPT", "550 Sender address verify failed: no such user", "sender_refused"),
        ("connect", "554 mx.example.com ESMTP not accepting connections from 192.0.2.7", "client_refused"),
        ("connect", "554 We do not accept new connections from there", "client_refused"),
        ("MAIL", "451 4.7.1 Encrypt your session before mail is taken", "encryption_required"),
        ("RCPT", "550 5.4.6 Unusual sending volume: daily cap reached", "sending_limit"),
        ("RCPT", "450 4.7.1 Rate of outgoing mails surpassed, retry in an hour", "sending_limit"),
        ("EHLO", "550 EHLO inválido: nome sem domínio", "client_name_refused"),
        ("RCPT", "550 5.7.1 HELO ungültig", "client_name_refused"),
        ("EHLO", "501 HELO incorrecto", "client_name_refused"),
        (None, "Invalid response from proxy: 502", "proxy_failed"),
        (None, "Invalid response from proxy: 503", "proxy_failed"),
        (None, "ImportError: cannot import name 'md5' from 'hashlib'", "software_incomplete"),
        (None, "libcrypto.so.3: version `OPENSSL_3.3.0' not found (required by node)", "software_incomplete"),
        (None, "dlopen(libssl.3.dylib): image not found", "software_incomplete"),
        (None, "querySrv ECONNREFUSED _submission._tcp.example.com", "host_unknown"),
        (None, "queryTxt ETIMEOUT example.com", "host_unknown"),
    ],
)
def test_words_of_several_systems(command: str | None, text: str, cause: str) -> None:
    assert judge(text, command).cause == cause


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("451 5.7.3 STARTTLS is required to send mail", Reply(451, "5.7.3")),
        ("553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", Reply(553, "5.7.1")),
        ("554 mail from 192.0.2.1 refused - 5.7.1 [BL23]", Reply(554, "5.7.1")),
        ("Invalid login: 534-5.7.9 Application-specific\n534 5.7.9 password required", Reply(534, "5.7.9")),
        ("(550, b'5.1.1 unknown')", Reply(550, "5.1.1")),
        ("host 192.0.2.1 said 5.1.1.1", NO_REPLY),
    ],
)
def test_codes_are_found_where_servers_put_them(text: str, reply: Reply) -> None:
    assert reply_in(text) == reply


def test_bytes_that_python_shows_are_read() -> None:
    """QQ's words for an authorization code, in the encoding that it uses."""
    escaped = "".join(f"\\x{byte:02x}" for byte in "请使用授权码登录".encode("gb18030"))
    assert judge(f"(535, b'Error: {escaped}')", "AUTH").cause == "application_password_wanted"


@pytest.mark.parametrize(
    ("text", "protocol"),
    [
        ("Invalid greeting from server:\n* OK [CAPABILITY IMAP4rev1] ready.", "IMAP"),
        ("Invalid greeting from server:\n+OK Dovecot ready.", "POP3"),
        ("Invalid greeting. response=SSH-2.0-OpenSSH_9.2", "SSH"),
        ("invalid response code: HTTP/1.1 400 Bad Request", "HTTP"),
        ("short response: \\x15\\x03\\x01", "TLS"),
    ],
)
def test_another_protocol_is_named(text: str, protocol: str) -> None:
    judgement = judge(text, None, 465)
    assert (judgement.cause, judgement.protocol) == ("another_protocol", protocol)


def test_what_is_read_of_a_text_is_bounded() -> None:
    """A server can say as much as it likes."""
    assert judge("550 5.1.1 User unknown".rjust(LONGEST)).cause == "recipient_unknown"
    assert judge("550 5.1.1 User unknown".rjust(LONGEST + 100)).cause is None
    for seed in ("a", "5", "550 ", "sender ", "<a@", "mailbox ", "{'", "(550, b'", "account user "):
        assert judge(f"550 5.1.1 {seed * 20000}", "RCPT", 465).cause is not None


@pytest.mark.parametrize("rule", [*PLAIN, *LOOSE, *LIBRARY, *CONNECTION], ids=lambda rule: rule.cause)
def test_gaps_are_bounded(rule: Rule) -> None:
    assert rule.cause in CAUSES
    assert not re.search(r"\.[*+]|\][*+]|\)[*+]|\\S[*+]", "".join(rule.phrases))
