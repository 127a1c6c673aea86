# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account's SMTP settings in the words of advice, and what the appliance means where it blames one of them."""

from __future__ import annotations

import typing as t

from ..._mail.explanation import MailFields
from ..._mail.reply_text import AUTH, RCPT
from ..._mail.send_failure import ProductWords

FIELDS: t.Final = MailFields(
    host="smtp_server",
    port="smtp_port",
    encryption="smtp_crypt",
    without_implicit_tls="smtp_crypt to starttls or none",
    with_implicit_tls="set smtp_crypt to ssl-tls",
    with_starttls="smtp_crypt to starttls",
    unverified="an account has no field that switches the check off",
    mechanism="smtp_auth_mechanism",
    login="has_auth and password",
    credentials="email and password",
    sender="email",
    client_name="the appliance's own host name; an account has no field for it",
)
PRODUCT_WORDS: t.Final = ProductWords(
    FIELDS,
    # `email` is both the user name and the sender, so it tells nothing.
    stages={
        "smtp_server": "connection",
        "smtp_port": "connection",
        "smtp_crypt": "encryption",
        "smtp_auth_mechanism": "login",
        "has_auth": "login",
        "hash_auth": "login",
        "password": "login",
        "to_email": "recipient",
    },
    commands={"smtp_auth_mechanism": AUTH, "password": AUTH, "to_email": RCPT},
)
