# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends the requests of a vendor's API, as plainly as possible."""

from __future__ import annotations

from typing import Any

import requests

SETTINGS = "/api/v2/email/settings"
PROFILES = "/email/profile"
ACCOUNTS = "/api/email/accounts"


class VendorClient:
    """One connection to one API with one set of credentials."""

    def __init__(self, base: str, headers: dict[str, str]) -> None:
        """Send ``headers`` with every request below ``base``."""
        self.base = base
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update(headers)

    def call(self, method: str, path: str, document: object = None, **more: Any) -> tuple[int, Any]:
        """Return the status and the parsed body, ``None`` where that is empty."""
        response = self.raw(method, path, json=document, **more)
        return response.status_code, response.json() if response.content else None

    def raw(self, method: str, path: str, *, timeout: float = 30, **more: Any) -> requests.Response:
        """Return the answer as it came; no redirect is followed."""
        url = self.base + path
        return self._session.request(method, url, timeout=timeout, allow_redirects=False, **more)


def settings_of(**options: object) -> dict[str, Any]:
    """Return a Webitel record to send."""
    return {"provider": "smtp", "description": "d", "from": "certs@example.com", "options": options}


def profile_of(**changes: object) -> dict[str, Any]:
    """Return an email profile of today's Webitel to send."""
    profile = {
        "name": "Support",
        "description": "d",
        "schema": {"id": "1"},
        "smtp_host": "smtp.example.com",
        "smtp_port": 587,
        "imap_host": "imap.example.com",
        "imap_port": 993,
        "login": "support@example.com",
        "password": "planted",
        "mailbox": "INBOX",
        "fetch_interval": 60,
        "auth_type": "Plain",
    }
    return {**profile, **changes}


def account_of(**changes: object) -> dict[str, Any]:
    """Return an iTFLEX account to send."""
    account = {
        "default": False,
        "name": "Certificates",
        "email": "certs@example.com",
        "service": "other",
        "has_auth": True,
        "password": "planted",
        "smtp_server": "localhost",
        "smtp_port": 587,
        "smtp_crypt": "starttls",
        "smtp_auth_mechanism": "plain",
    }
    return {**account, **changes}
