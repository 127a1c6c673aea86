# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`email_settings_test`: a test message from the settings that a server stores for a domain."""

from __future__ import annotations

import typing as t

from ..._resource.base import given
from ..._resource.sending import Message
from .nodemailer import transport_of
from .settings import input_problems

if t.TYPE_CHECKING:
    from ..._mail.send_failure import ProductWords


def _words() -> ProductWords:
    from .mail_words import PRODUCT_WORDS

    return PRODUCT_WORDS


MESSAGE: t.Final = Message(
    problems=input_problems,
    missing=lambda _params: "has no email settings",
    advice="create them with email_settings",
    via=lambda settings: given(transport_of(settings), ("host", "port", "secure")),
    host="host",
    port="port",
    sender="from",
    words=_words,
    answer=("accepted", "rejected", "response", "messageId"),
    unanswered=(
        "This server gives no answer where the SMTP server drops the connection: it tries again for ever, and the "
        "message may have been handed over several times. Look into the mailbox, and at the SMTP server with "
        "email_settings_check, before another try; to wait longer changes nothing"
    ),
)
