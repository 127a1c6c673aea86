# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""iTFLEX accounts as a server gives them, and as the collection sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.unit.plugins.module_utils.conversation import Conversation

ACCOUNTS = "/api/email/accounts"
TEMPLATES = "GET /api/openvpn/email/templates"
TIMES = {"created_at": "2026-01-02T03:04:05.678901-03:00", "updated_at": "2026-01-02T03:04:05.678901-03:00"}
FIELDS: dict[str, Any] = {
    "default": False,
    "name": "Certificates",
    "email": "certs@example.com",
    "service": "other",
    "password": "hunter2",
    "smtp_server": "smtp.example.com",
    "smtp_port": 465,
    "smtp_crypt": "ssl-tls",
    "smtp_auth_mechanism": "plain",
}


def live(auth_name: str = "has_auth", **fields: Any) -> dict[str, Any]:
    """An account as a server shows it, with its own name for the authentication flag; `...` leaves a field out."""
    account = {"id": 7, **TIMES, **FIELDS, auth_name: True, **fields}
    return {name: value for name, value in account.items() if value is not ...}


def sent(auth_name: str = "has_auth", **fields: Any) -> dict[str, Any]:
    """The body of a write that makes an account what `live` shows."""
    account = live(auth_name, **fields)
    return {name: value for name, value in account.items() if name not in ("id", *TIMES)}


def no_templates(conversation: Conversation) -> None:
    """Expect that the templates are asked for, before an account is deleted, and answer that there are none."""
    conversation.expect(TEMPLATES).answers({"email_templates": []})
