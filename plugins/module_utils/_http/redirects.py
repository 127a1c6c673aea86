# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses: which may be configured, and where a server may send a request on."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from .errors import InvalidResponse, RedirectRefused, Request, quote


@dataclass(frozen=True)
class Redirect:
    """An answer that sends a request on: its status, and its header `Location`. No error repeats `secrets`."""

    status: int
    location: str | None
    secrets: t.Sequence[str] = ()

    def followed(self, request: Request, url: str) -> str:
        """The address that a request to `url` goes on to.

        Raises `RedirectRefused` where it does not, `InvalidResponse` where there is no such address.
        """
        if not self.location:
            raise InvalidResponse(request, f"a redirect ({self.status}) that does not say where to", "Check api_url")
        try:
            target = urljoin(url, self.location)
            origin = _origin(target)
        except ValueError:
            raise InvalidResponse(request, f"a redirect ({self.status}) to no valid address", "Check api_url") from None
        own = _origin(url)
        if origin != own:
            raise RedirectRefused(
                request,
                f"the server redirects to another address, {self._quoted(origin)}; credentials go to {own} only",
                "If the other address is right, set api_url to it",
            )
        if request.method != "GET":
            raise RedirectRefused(
                request,
                f"the server redirects ({self.status}) to {own}{self._quoted(urlsplit(target).path)}",
                "A write does not follow a redirect: set api_url so that none is needed",
            )
        return target

    def _quoted(self, words: str) -> str:
        return quote(words, self.secrets)


def _origin(url: str) -> str:
    """Scheme, host and port of an address, without user and password. Raises `ValueError` where one is not valid."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}"


def api_url_problem(api_url: str) -> str | None:
    """What is wrong with the configured address, or `None`. The text never holds the address's password."""
    try:
        parts = urlsplit(api_url)
        _port = parts.port
    except ValueError:
        return "is not a valid address"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "must be an address such as https://server.example.com"
    if parts.username or parts.password:
        return "must not hold a user name or password: use the options for credentials"
    if parts.query or parts.fragment:
        return "must not hold a query or fragment: it is the base address of the server"
    return None
