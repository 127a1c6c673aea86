# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Today's Webitel as a product: who asks, and how a server is reached.

There is no `/email/settings` any more: what sends and fetches mail is an email profile. Supported are 24.04 and newer.
"""

from __future__ import annotations

import typing as t

from ..._engine.harmless import with_opened
from ..._engine.schema import Problem
from ..._resource.interface import Product

if t.TYPE_CHECKING:
    from ..._http.session import Limits
    from ..._resource.interface import Params, Uninterrupted
    from .store import ProfileStore


def _credential_problems(params: Params) -> list[Problem]:
    if params["access_token"]:
        return []
    return [Problem("access_token", "credentials are missing: give access_token (or WEBITEL_CLOUD_ACCESS_TOKEN)")]


# Imported where it is needed: checking the options does without.
def _connect(params: Params, limits: Limits, _uninterrupted: Uninterrupted) -> ProfileStore:
    from .client import WebitelCloudApi
    from .shown_fields import SHOWN
    from .store import ProfileStore

    known = with_opened(SHOWN, params.get("shown_fields") or ())
    return ProfileStore(WebitelCloudApi(params["api_url"], limits, params["access_token"]), known)


WEBITEL_CLOUD: t.Final = Product("webitel_cloud", "WEBITEL_CLOUD", _credential_problems, _connect)
