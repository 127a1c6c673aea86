# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which domain the credentials belong to: the server takes it from them first, whatever a request is about."""

from __future__ import annotations

import threading

from ..._engine.names import domain_key
from ..._http.errors import ApiStatusError, CredentialError, InvalidResponse, quote
from ..._resource.base import checked
from .answers import caller_schema
from .client import UnknownRoute, WebitelApi
from .domains import spelled_otherwise


class Caller:
    """Who asks, as the server knows it. It is asked once, whichever thread wants to know."""

    def __init__(self, api: WebitelApi) -> None:
        self._api = api
        self._domain: str | None = None
        self._known = False
        self._asking = threading.Lock()

    def check(self, domain: str) -> None:
        """Raise `CredentialError` where the credentials are of another domain than this one."""
        caller = self.domain()
        if caller is not None and caller != domain:
            raise other_domain(caller, domain)

    def domain(self) -> str | None:
        """The one domain that the credentials are of, `None` where they are of none. Raises `CredentialError`."""
        with self._asking:
            if not self._known:
                self._domain = self._ask()
                self._known = True
            return self._domain

    def _ask(self) -> str | None:
        try:
            return checked(self._api.whoami(), caller_schema())["domain"] or None
        except (InvalidResponse, ApiStatusError) as exc:
            if not exc.request.url.endswith("/whoami") or isinstance(exc, UnknownRoute):
                # The login that comes before has its own words, and so has an address without this API.
                raise
            raise CredentialError(
                f"cannot tell which domain the credentials belong to, so the task ends here: {exc}"
            ) from None


def other_domain(owner: str, domain: str, *, written: bool = False) -> CredentialError:
    """The error that a record is of another domain than the one that the task is about."""
    theirs, ours = quote(owner), quote(domain)
    if domain_key(owner) == domain_key(domain):
        outcome = "it wrote those settings all the same; look at them" if written else "nothing was written"
        return CredentialError(f"{spelled_otherwise(ours, theirs)}; {outcome}")
    what = (
        f"the server wrote the settings of {theirs} instead; look at them"
        if written
        else f"the server would read and write the settings of {theirs} instead, so the task ends here"
    )
    return CredentialError(
        f"the credentials belong to the domain {theirs}, but the task is about {ours}; {what}. Give credentials of "
        f"{ours}, or of a user who is bound to no domain"
    )
