# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests of a task by what they do, which of them meet faults, and which faults a task must survive."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from tests.faults.fault import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.faults.proxy import Passed

WEBITEL_VERBS = frozenset(
    {
        "POST /login",
        "POST /logout",
        "GET /api/v2/whoami",
        "GET /api/v2/domains",
        "GET /api/v2/email/settings",
        "POST /api/v2/email/settings",
        "PUT /api/v2/email/settings",
        "DELETE /api/v2/email/settings",
        "POST /api/v2/email/settings/test/ADDRESS",
    }
)
ITFLEX_VERBS = frozenset(
    {
        "POST /api/v1/oauth2/token",
        "GET /api/email/accounts",
        "GET /api/email/accounts/ID",
        "POST /api/email/accounts",
        "PUT /api/email/accounts/ID",
        "DELETE /api/email/accounts/ID",
        "POST /api/email/accounts/test",
        "GET /api/openvpn/email/templates",
    }
)
WEBITEL_CLOUD_VERBS = frozenset(
    {
        "GET /api/email/profile",
        "GET /api/email/profile/ID",
        "POST /api/email/profile",
        "PUT /api/email/profile/ID",
        "PATCH /api/email/profile/ID",
        "DELETE /api/email/profile/ID",
        "GET /api/routing/schema",
    }
)
VERBS = WEBITEL_VERBS | ITFLEX_VERBS | WEBITEL_CLOUD_VERBS
_CREDENTIAL_VERBS = frozenset({"POST /login", "POST /logout", "POST /api/v1/oauth2/token"})
_SENDING_VERBS = frozenset({"POST /api/v2/email/settings/test/ADDRESS", "POST /api/email/accounts/test"})

_RECORD_WRITES = {name for name in VERBS if not name.startswith("GET")} - _CREDENTIAL_VERBS - _SENDING_VERBS
_CREATIONS = frozenset({"POST /api/v2/email/settings", "POST /api/email/accounts", "POST /api/email/profile"})
_FOR_EVER = 1_000_000

# What says that the request was not done, and may come again.
_TRANSIENT = frozenset(
    {
        FaultKind.STATUS_429_BEFORE,
        FaultKind.STATUS_503_BEFORE,
        FaultKind.RETRY_AFTER,
        FaultKind.RETRY_AFTER_DATE,
        FaultKind.DELAY,
    }
)
_LOST_AFTER_IT_WAS_DONE = frozenset(
    {
        FaultKind.RESET_AFTER,
        FaultKind.TRUNCATE,
        FaultKind.STATUS_502_AFTER,
        FaultKind.STATUS_504_AFTER,
    }
)
# After these nobody knows whether it was done, so a write is looked into before it comes again. What is about
# credentials may just come again: at worst, the server keeps a login that nobody knows.
_LOOKED_INTO = _LOST_AFTER_IT_WAS_DONE | {
    FaultKind.REFUSE,
    FaultKind.RESET_BEFORE,
    FaultKind.STALL_BEFORE,
    FaultKind.STALL_AFTER,
    FaultKind.STATUS_502_BEFORE,
    FaultKind.STATUS_504_BEFORE,
    FaultKind.STALL_LATE,
    FaultKind.RESET_LATE,
    FaultKind.STATUS_502_LATE,
    FaultKind.STATUS_504_LATE,
}
# After these a server may do it yet, so a creation that does not appear never comes again.
_MAY_COME = {FaultKind.STALL_BEFORE, FaultKind.STATUS_504_BEFORE}
_READ_AGAIN = frozenset({FaultKind.STATUS_500_BEFORE, FaultKind.STATUS_500_AFTER})


class Extent(StrEnum):
    """How many requests a fault happens to."""

    ONCE = "once"
    VERB = "all of its verb from then on"
    ALL = "all from then on"


def verb(request: Passed) -> str:
    """What a request does, whichever record it is about."""
    path = request.path.partition("?")[0].removeprefix("/engine")
    path = re.sub(r"/test/.+", "/test/ADDRESS", path)
    return f"{request.method} {re.sub(r'/[0-9]+$', '/ID', path)}"


def is_write(request: Passed) -> bool:
    """Whether a request changes records or sends a message."""
    return request.method != "GET" and verb(request) not in _CREDENTIAL_VERBS


def places(requests: Sequence[Passed]) -> list[int]:
    """Which of a task's requests meet faults: of all of them, and of each verb, the first, the middle and the last."""
    numbers: dict[str, list[int]] = {"": list(range(len(requests)))}
    for number, request in enumerate(requests):
        numbers.setdefault(verb(request), []).append(number)
    return sorted({found[at] for found in numbers.values() for at in (0, len(found) // 2, -1)})


def fault_at(kind: FaultKind, requests: Sequence[Passed], nth: int, extent: Extent) -> Fault:
    """The fault that happens to the request of this number; ``requests`` are those of the task without faults."""
    if extent is not Extent.VERB:
        return Fault(kind, nth=nth, times=_FOR_EVER if extent is Extent.ALL else 1)
    wanted = verb(requests[nth])
    method, path = wanted.split()
    before = sum(verb(request) == wanted for request in requests[:nth])
    return Fault(kind, before, method, re.sub("/(ID|ADDRESS)$", "", path), _FOR_EVER)


def is_survived(request: Passed, kind: FaultKind, extent: Extent, *, hides_passwords: bool) -> bool:
    """Whether a task must succeed although this one of its requests meets this fault.

    ``hides_passwords`` tells whether the server shows no passwords: then no look tells whether a write was done.
    """
    what = verb(request)
    if extent is Extent.ALL or kind is FaultKind.DELAY:
        return kind is FaultKind.DELAY
    if extent is Extent.VERB:
        # Nothing but the look at the record succeeds.
        return kind in _LOST_AFTER_IT_WAS_DONE and what in _RECORD_WRITES and not hides_passwords
    if kind is FaultKind.UNAUTHORIZED:
        # The other product's credentials are what the task was given; these fetch a new token.
        return what in ITFLEX_VERBS - _CREDENTIAL_VERBS
    if request.method == "GET":
        return kind in _TRANSIENT | _LOOKED_INTO | _READ_AGAIN
    if what in _CREATIONS and kind in _MAY_COME:
        return False
    # A message is never sent twice, so there is no second try where the first may have done it.
    return kind in _TRANSIENT or (kind in _LOOKED_INTO and what not in _SENDING_VERBS)
