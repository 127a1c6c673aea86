# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""iTFLEX as a product: who asks, and how an appliance is reached."""

from __future__ import annotations

import typing as t

from ..._engine.harmless import with_opened
from ..._engine.schema import Problem
from ..._http.session import Limits
from ..._resource.interface import Params, Product, Uninterrupted
from .account import SHOWN

# Imported early: the workers of all hosts inherit them.
from .client import ItflexApi
from .store import AccountStore


def _credential_problems(params: Params) -> list[Problem]:
    if params["access_token"] or params["refresh_token"]:
        return []
    ways = "access_token (or ITFLEX_ACCESS_TOKEN), or refresh_token (or ITFLEX_REFRESH_TOKEN)"
    return [Problem("access_token", f"credentials are missing: give {ways}")]


def _connect(params: Params, limits: Limits, _uninterrupted: Uninterrupted) -> AccountStore:
    access_token, refresh_token = params["access_token"] or None, params["refresh_token"] or None
    api = ItflexApi(params["api_url"], limits, access_token=access_token, refresh_token=refresh_token)
    return AccountStore(api, with_opened(SHOWN, params.get("shown_fields") or ()))


ITFLEX: t.Final = Product("itflex", "ITFLEX", _credential_problems, _connect)
