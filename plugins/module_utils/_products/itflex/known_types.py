# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which fields of an account do not go together."""

from __future__ import annotations

from ..._engine.plan import Plan
from ..._resource.interface import Params

_TLS_PORT = "465"
_STARTTLS_PORTS = ("25", "587", "2525")


def plan_warnings(params: Params, plan: Plan) -> list[str]:
    """What a user should look at before a plan is carried out: TLS from the beginning has a port of its own."""
    account = params if plan.changed and plan.after is not None else {}
    port, crypt = str(account.get("smtp_port")), account.get("smtp_crypt")
    if crypt == "ssl-tls" and port in _STARTTLS_PORTS:
        advice = "servers begin in clear there, and mostly no connection comes about: give starttls, or port 465"
    elif crypt in ("starttls", "none") and port == _TLS_PORT:
        advice = "servers begin with TLS there, and mostly say nothing in clear: give ssl-tls, or port 587"
    else:
        return []
    return [f"smtp_crypt is {crypt} with port {port}: {advice}"]
