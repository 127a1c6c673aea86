# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In which order the words of mail servers are tried.

To add a system, add its words as a line to the phrases of their cause. A cause counts only where a server can name it
at all (`Cause.said_at`), so a word about logins does not make a refused recipient one of a refused login. The first
that fits counts, so what is narrow stands before what is wide.
"""

from __future__ import annotations

import typing as t

from . import foreign_words as foreign
from . import login_words as login
from . import refusal_words as refusal
from .phrases import Rules, rule
from .reply_text import AUTH, CONNECT, EHLO

PLAIN: t.Final[Rules] = (
    rule("tls_too_old", login.TLS_TOO_OLD),
    rule("encryption_required", login.ENCRYPTION_REQUIRED, foreign.ENCRYPTION_REQUIRED),
    rule("application_password_wanted", login.APPLICATION_PASSWORD, foreign.APPLICATION_PASSWORD),
    rule("browser_wanted", login.BROWSER),
    rule("login_switched_off", login.LOGIN_SWITCHED_OFF, foreign.LOGIN_SWITCHED_OFF),
    rule("too_many_logins", login.TOO_MANY_LOGINS, foreign.TOO_MANY_LOGINS),
    rule("login_not_offered", login.LOGIN_NOT_OFFERED),
    rule("mechanism_not_offered", login.MECHANISM_NOT_OFFERED),
    rule("server_trouble", login.LOGIN_TROUBLE, commands=(AUTH,)),
    rule("account_blocked", login.ACCOUNT_BLOCKED),
    rule("account_blocked", login.ACCOUNT_BLOCKED_AT_LOGIN, foreign.ACCOUNT_BLOCKED_AT_LOGIN, commands=(AUTH,)),
    rule("mailbox_full", refusal.MAILBOX_FULL, foreign.MAILBOX_FULL),
    rule("message_too_large", refusal.MESSAGE_TOO_LARGE, foreign.MESSAGE_TOO_LARGE),
    rule("recipient_refused", refusal.RECIPIENT_BUSY),
    rule("client_name_refused", refusal.CLIENT_NAME),
    rule("greylisted", refusal.GREYLISTED),
    rule("domain_authentication_failed", refusal.DOMAIN_AUTHENTICATION),
    rule("too_many_connections", refusal.TOO_MANY_CONNECTIONS, foreign.TOO_MANY_CONNECTIONS),
    rule("message_refused", refusal.LISTED_CONTENT),
    rule("sender_refused", refusal.SENDER_NARROW),
    rule("sending_limit", refusal.SENDING_LIMIT, foreign.SENDING_LIMIT),
    rule("relaying_refused", refusal.RELAYING, foreign.RELAYING),
    rule("login_required", login.LOGIN_REQUIRED, foreign.LOGIN_REQUIRED),
    rule("client_refused", refusal.CLIENT, foreign.CLIENT),
    rule("sender_refused", refusal.SENDER),
)
"""What is said plainly: it outweighs what the codes say, apart from the narrowest of them."""

LOOSE: t.Final[Rules] = (
    rule("mailbox_disabled", refusal.MAILBOX_DISABLED, foreign.MAILBOX_DISABLED),
    rule("recipient_unknown", refusal.RECIPIENT_UNKNOWN, foreign.RECIPIENT_UNKNOWN),
    rule("mailbox_full", r"quota (?:is )?exceeded|exceeded… quota"),
    rule("sender_refused", refusal.SENDER_LOOSE, foreign.SENDER_LOOSE),
    rule("recipient_refused", refusal.RECIPIENT_LOOSE, foreign.RECIPIENT_LOOSE),
    rule("message_refused", refusal.MESSAGE_REFUSED),
    rule("client_refused", refusal.CLIENT_LOOSE, commands=(CONNECT, EHLO)),
    rule("server_trouble", refusal.TROUBLE),
)
"""What counts where the codes leave it open."""
