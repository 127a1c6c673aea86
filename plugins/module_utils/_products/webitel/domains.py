# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The domains that a Webitel server has."""

from __future__ import annotations

import typing as t
from functools import cache

from ..._engine import schema
from ..._http.response import Response
from ..._resource.base import checked

if t.TYPE_CHECKING:
    import voluptuous


def listed_domains(answer: Response) -> list[str]:
    """The domains that an answer to `GET /api/v2/domains` lists, sorted.

    Every public version of the engine answers with `info`, and the vendor's page says `data`. The vendor's web client
    takes the key of an entry for the domain. Raises `InvalidResponse` where there is no such list.
    """
    data = answer.json()
    has_info = isinstance(data, dict) and (isinstance(data.get("info"), dict) or "data" not in data)
    name = "info" if has_info else "data"
    entries = checked(answer, _listing_schema(name))[name]
    return sorted({(entry or {}).get("domain") or key for key, entry in entries.items()})


@cache
def _listing_schema(name: str) -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Any, Required, Schema

    entry = Any(None, Schema({"domain": schema.text}, extra=ALLOW_EXTRA))
    return Schema({Required(name, msg="is missing"): Schema({str: entry})}, extra=ALLOW_EXTRA)
