# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An email profile in the words of advice."""

from __future__ import annotations

import typing as t

from ..._mail.explanation import MailFields

FIELDS: t.Final = MailFields(
    host="smtp_host",
    port="smtp_port",
    encryption="smtp_port",
    without_implicit_tls="smtp_port to one that begins in clear, such as 587",
    with_implicit_tls="set smtp_port to 465",
    with_starttls="smtp_port to 587, where STARTTLS is used as soon as it is offered",
    unverified="a profile has no field that switches the check off",
    mechanism="auth_type",
    login="login and password",
    credentials="login and password",
    sender="the sender, which the flow names",
    client_name="the host name of the machine; a profile has no field for it",
)
