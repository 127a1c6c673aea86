# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Webitel's older engine as a product: who asks, and how a server is reached."""

from __future__ import annotations

import typing as t

from ..._engine.harmless import with_opened
from ..._engine.schema import Problem
from ..._resource.interface import Product

if t.TYPE_CHECKING:
    from ..._http.session import Limits
    from ..._resource.interface import Params, Uninterrupted
    from .store import SettingsStore


def _credential_problems(params: Params) -> list[Problem]:
    token, username, password = params["access_token"], params["username"], params["password"]
    if token and (username or password):
        return [Problem("access_token", "is given beside username and password: give one way to log in")]
    if not token and not username:
        ways = "access_token (or WEBITEL_ACCESS_TOKEN), or username and password (or their environment variables)"
        return [Problem("access_token", f"credentials are missing: give {ways}")]
    if username and not password:
        return [Problem("password", "is needed with username (or WEBITEL_PASSWORD)")]
    return []


# Imported where it is needed: checking the options does without.
def _connect(params: Params, limits: Limits, uninterrupted: Uninterrupted) -> SettingsStore:
    from .client import WebitelApi
    from .shown_fields import SHOWN, opened
    from .store import SettingsStore

    api = WebitelApi(
        params["api_url"],
        limits,
        access_token=params["access_token"] or None,
        key=params["key"] or None,
        username=params["username"],
        password=params["password"],
    )
    api.login_code = params["login_code"]
    api.uninterrupted = uninterrupted
    return SettingsStore(api, with_opened(SHOWN, opened(params)))


def _logs_in(params: Params) -> bool:
    return bool(params["username"])


WEBITEL: t.Final = Product("webitel", "WEBITEL", _credential_problems, _connect, _logs_in)
