# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the headers of a message tell about its delivery, as the result of `email_delivery_info` holds it."""

from __future__ import annotations

import typing as t
from dataclasses import asdict
from datetime import datetime

from .._mail.authentication import METHODS, Verdict, verdicts
from .._mail.received import Hop, path
from .match import Found

_UNKNOWN = ("folder", "uid", "message_id", "subject", "arrived", "seconds", "tls", "authserv_id", *METHODS)
_NOTHING: t.Final[dict[str, t.Any]] = {**dict.fromkeys(_UNKNOWN), "path": [], "authserv_ids_ignored": []}


def delivery(name: str | None, found: Found | None, authserv_id: str | None) -> dict[str, t.Any]:
    """One entry of `email_deliveries`: `name` as the user calls it, and the message, `None` where it is not there.

    `authserv_id` is the receiving server's name for itself, if the user gave it.
    """
    if found is None:
        return {"name": name, "status": "not_found", **_NOTHING}
    headers = found.message.headers
    hops = path(headers.all("received"))
    reported = verdicts(headers.fields, authserv_id)
    return {
        "name": name,
        "status": "found_in_spam" if found.place.is_spam else "found",
        "folder": found.place.name,
        "uid": found.message.uid,
        "message_id": next(iter(headers.message_ids), None),
        "subject": headers.subject,
        "arrived": _text(found.message.arrived),
        "seconds": _seconds(hops, found.message.arrived),
        "path": [_hop(hop, before) for hop, before in zip(hops, [None, *hops])],
        "tls": _all_encrypted(hops),
        "authserv_id": reported.authserv_id,
        "authserv_ids_ignored": list(reported.ignored),
        **{method: _verdict(reported.by_method.get(method)) for method in METHODS},
    }


def _seconds(hops: t.Sequence[Hop], arrived: datetime | None) -> int | None:
    """How long it took from the first server that tells a time into the mailbox; clocks may differ by a little."""
    begun = next((hop.time for hop in hops if hop.time is not None), None)
    if begun is None or arrived is None:
        return None
    return max(0, round((arrived - begun).total_seconds()))


def _hop(hop: Hop, before: Hop | None) -> dict[str, t.Any]:
    delay = None
    if before is not None and before.time is not None and hop.time is not None:
        delay = round((hop.time - before.time).total_seconds())
    return {
        "from": hop.from_host or None,
        "by": hop.by_host or None,
        "with": hop.protocol or None,
        "encrypted": hop.encrypted,
        "tls_version": hop.tls_version,
        "cipher": hop.cipher,
        "time": _text(hop.time),
        "delay": delay,
    }


def _all_encrypted(hops: t.Sequence[Hop]) -> bool | None:
    known = [hop.encrypted for hop in hops if hop.encrypted is not None]
    return all(known) if known else None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _verdict(verdict: Verdict | None) -> dict[str, str] | None:
    if verdict is None:
        return None
    reported = asdict(verdict)
    del reported["method"]
    return reported
