# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Webitel's email settings as a server gives them, and as the collection sends them."""

from __future__ import annotations

import copy
from typing import Any

DOMAIN = "a.example"
WHOAMI = "GET /api/v2/whoami"
DOMAINS = "GET /api/v2/domains"
PATH = f"/api/v2/email/settings?domain={DOMAIN}"
GET, POST, PUT, DELETE = (f"{method} {PATH}" for method in ("GET", "POST", "PUT", "DELETE"))
NOT_FOUND: dict[str, Any] = {"json": {"status": "error", "info": "Not found!"}, "status": 404}
RECORD: dict[str, Any] = {
    "provider": "smtp",
    "description": "Mail of A",
    "from": "mail@a.example",
    "options": {
        "host": "smtp.a.example",
        "port": 465,
        "secure": True,
        "tls": {"rejectUnauthorized": True, "minVersion": "TLSv1.2"},
        "auth": {"user": "mail", "pass": "hunter2", "type": "login"},
        "socketTimeout": 9000,
    },
    "plan": {"unknown": True},
}
# What the options of the module say for this record, as far as it has options for it.
DESIRED: dict[str, Any] = {
    "domain": DOMAIN,
    "description": "Mail of A",
    "from": "mail@a.example",
    "options": {
        "host": "smtp.a.example",
        "port": 465,
        "secure": True,
        "tls": {"reject_unauthorized": True},
        "auth": {"user": "mail", "pass": "hunter2"},
    },
}


def changed(record: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of a record with another value at a dotted path; `...` takes the field out."""
    copied = copy.deepcopy(record)
    *parents, name = path.split(".")
    inner = copied
    for parent in parents:
        inner = inner[parent]
    inner[name] = value
    if value is ...:
        del inner[name]
    return copied


def stored(record: dict[str, Any] | None = None, domain: Any = DOMAIN) -> dict[str, Any]:
    """A record as the server answers it, with its own fields."""
    return {"_id": "5f1e", "domain": domain, **(RECORD if record is None else record)}
