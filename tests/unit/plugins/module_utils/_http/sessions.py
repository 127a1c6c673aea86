# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session with a test's own limits and a recognisable credential."""

from __future__ import annotations

import contextlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from ansible_collections.mailfleet.email.plugins.module_utils._http.session import Limits, Session
from ansible_collections.mailfleet.email.plugins.module_utils._http.trust import Trust

if TYPE_CHECKING:
    from collections.abc import Iterator

CREDENTIAL = "Bearer t0k3n"


@contextlib.contextmanager
def session_to(url: str, **limits: Any) -> Iterator[Session]:
    """Open a session whose requests carry `CREDENTIAL`; without retries, unless `limits` say otherwise."""

    def authorize(headers: dict[str, str]) -> None:
        headers["Authorization"] = CREDENTIAL

    trust = Trust(**{field.name: limits.pop(field.name) for field in fields(Trust) if field.name in limits})
    session = Session(url, Limits(**{"trust": trust, "timeout": 5.0, "retries": 0, **limits}), authorize)
    try:
        yield session
    finally:
        session.close()
