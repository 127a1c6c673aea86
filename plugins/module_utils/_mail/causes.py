# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why mail is not taken: the causes that are distinguished, what each is about, and after which commands it is said."""

from __future__ import annotations

import typing as t

from .reply_text import AUTH, CONNECT, DATA, EHLO, END_OF_DATA, MAIL, RCPT, STARTTLS

TRANSACTION: t.Final = (MAIL, RCPT, DATA, END_OF_DATA)
"""The commands that hand a message over."""

_AFTER_MAIL: t.Final = (RCPT, DATA, END_OF_DATA)


class Cause(t.NamedTuple):
    """One cause: the part of the conversation that it ended, the kind of advice, and after which commands it is said.

    `said_at` is empty where no server says it, only a library.
    """

    stage: str
    advice: str
    said_at: tuple[str, ...] = ()


CAUSES: t.Final[dict[str, Cause]] = {
    "digest_unavailable": Cause("product", "repair_product"),
    "proxy_failed": Cause("product", "repair_product"),
    "software_incomplete": Cause("product", "repair_product"),
    "host_unknown": Cause("connection", "check_server"),
    "connection_refused": Cause("connection", "check_server"),
    "unreachable": Cause("connection", "check_network"),
    "no_answer": Cause("connection", "check_network"),
    "no_greeting": Cause("connection", "change_encryption"),
    "another_protocol": Cause("connection", "check_server"),
    "greeting_refused": Cause("connection", "read_server_log", (CONNECT,)),
    "client_refused": Cause("connection", "allow_client", (CONNECT, EHLO, STARTTLS, AUTH, *TRANSACTION)),
    "client_name_refused": Cause("connection", "name_client", (CONNECT, EHLO, AUTH, *TRANSACTION)),
    "too_many_connections": Cause("connection", "wait", (CONNECT, EHLO, AUTH, *TRANSACTION)),
    "connection_lost": Cause("connection", "read_server_log"),
    "no_tls_at_port": Cause("encryption", "change_encryption"),
    "starttls_not_offered": Cause("encryption", "change_encryption", (STARTTLS,)),
    "encryption_required": Cause("encryption", "change_encryption", (EHLO, AUTH, *TRANSACTION)),
    "certificate_expired": Cause("encryption", "replace_certificate"),
    "certificate_not_yet_valid": Cause("encryption", "check_clocks"),
    "certificate_of_another_name": Cause("encryption", "replace_certificate"),
    "certificate_self_signed": Cause("encryption", "replace_certificate"),
    "certificate_of_unknown_authority": Cause("encryption", "replace_certificate"),
    "certificate_too_weak": Cause("encryption", "replace_certificate"),
    "certificate_revoked": Cause("encryption", "replace_certificate"),
    "tls_too_old": Cause("encryption", "renew_tls", (CONNECT, EHLO, AUTH, *TRANSACTION)),
    "tls_failed": Cause("encryption", "renew_tls"),
    "mechanism_not_offered": Cause("login", "change_mechanism", (AUTH,)),
    "login_prompt_unknown": Cause("login", "change_mechanism"),
    "login_not_offered": Cause("login", "change_encryption", (AUTH,)),
    "login_required": Cause("login", "give_login", (EHLO, *TRANSACTION)),
    "credentials_missing": Cause("login", "give_login"),
    "application_password_wanted": Cause("login", "make_application_password", (AUTH, MAIL)),
    "browser_wanted": Cause("login", "log_in_with_browser", (AUTH, MAIL)),
    "login_switched_off": Cause("login", "switch_login_on", (AUTH, MAIL)),
    "login_refused": Cause("login", "correct_credentials", (AUTH, MAIL)),
    "too_many_logins": Cause("login", "correct_credentials", (CONNECT, EHLO, AUTH, MAIL)),
    "account_blocked": Cause("login", "unblock_account", (AUTH, *TRANSACTION)),
    "sender_refused": Cause("sender", "change_sender", TRANSACTION),
    "sender_invalid": Cause("sender", "change_sender"),
    "domain_authentication_failed": Cause("sender", "authenticate_domain", TRANSACTION),
    "sending_limit": Cause("sender", "raise_limit", (CONNECT, AUTH, *TRANSACTION)),
    "relaying_refused": Cause("recipient", "give_login", TRANSACTION),
    "recipient_unknown": Cause("recipient", "change_recipient", _AFTER_MAIL),
    "recipient_invalid": Cause("recipient", "change_recipient"),
    "mailbox_full": Cause("recipient", "change_recipient", _AFTER_MAIL),
    "mailbox_disabled": Cause("recipient", "change_recipient", _AFTER_MAIL),
    "recipient_refused": Cause("recipient", "change_recipient", _AFTER_MAIL),
    "greylisted": Cause("recipient", "wait", (CONNECT, EHLO, *TRANSACTION)),
    "message_too_large": Cause("message", "raise_limit", TRANSACTION),
    "message_refused": Cause("message", "read_server_log", (DATA, END_OF_DATA)),
    "command_refused": Cause("server", "read_server_log", (EHLO, *TRANSACTION)),
    "server_trouble": Cause("server", "wait", (CONNECT, EHLO, AUTH, *TRANSACTION)),
}
"""All causes, in the order of a conversation."""
