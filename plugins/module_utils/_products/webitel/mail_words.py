# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A domain's SMTP settings in the words of advice."""

from __future__ import annotations

import typing as t

from ..._mail.explanation import MailFields
from ..._mail.send_failure import ProductWords

FIELDS: t.Final = MailFields(
    host="options.host",
    port="options.port",
    encryption="options.secure",
    without_implicit_tls="options.secure to false",
    with_implicit_tls="set options.secure to true",
    with_starttls="requireTLS in options.extra to true, without ignoreTLS",
    unverified="options.tls.reject_unauthorized: false takes any certificate, and anybody's",
    mechanism="authMethod in options.extra",
    login="options.auth",
    credentials="options.auth.user and options.auth.pass",
    sender="from",
    client_name="name in options.extra, else the host name of the machine",
)
PRODUCT_WORDS: t.Final = ProductWords(FIELDS)
