# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Redirects: none is followed, and what is said about one.

A request carries credentials, and two readers of one address may see two hosts in it. So a server cannot send a request
on; it can only make the user set another address.
"""

from __future__ import annotations

import re
import typing as t

from .address import api_url_problem
from .errors import LEFT_OUT, RedirectRefused, Request, quote

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_ORIGIN = re.compile(r"([^:/]+:)(//[^/]+)")
# What a server does before it says where the outcome can be seen; the others say that it did nothing.
_MAY_BE_DONE = frozenset((300, 302, 303))


def refusal(
    request: Request, base: str, status: int, location: str | None, secrets: t.Sequence[str] = ()
) -> RedirectRefused:
    """The error for an answer that sends a request on; `base` is the configured address, `location` the header.

    It names the address that would have to be configured instead, as far as there is one that is read in one way only
    and repeats none of `secrets`.
    """
    message, advice = _in_words(request, base, status, location, secrets)
    error = RedirectRefused(request, message, advice)
    error.has_target = bool(location)
    error.indeterminate = request.method != "GET" and status in _MAY_BE_DONE
    return error


def _in_words(
    request: Request, base: str, status: int, location: str | None, secrets: t.Sequence[str]
) -> tuple[str, str]:
    """What happened, and what to do about it."""
    if not location:
        return f"a redirect ({status}) that does not say where to", "Check api_url"
    target = re.split(r"[?#]", _absolute(base, location), maxsplit=1)[0]
    path = re.split(r"[?#]", request.url[len(base) :], maxsplit=1)[0]
    new_base = target[: -len(path)] if path and target.endswith(path) else ""
    if new_base == base:
        message = f"the server redirects ({status}) to the very same address"
        return message, "Check what stands before the server, such as a login page or a load balancer"
    if _is_shown(new_base, secrets):
        advice = f"{_NOT_FOLLOWED}: if that is right, set api_url to {new_base}"
        return f"the server redirects ({status}) to {new_base}", advice
    if _is_shown(target, secrets):
        return f"the server redirects ({status}) to {target}", f"{_NOT_FOLLOWED}: set api_url so that none is needed"
    unshown = LEFT_OUT if quote(location, secrets) == LEFT_OUT else "(which is not repeated, since it is no plain one)"
    message = f"the server redirects ({status}) to another address {unshown}"
    return message, f"{_NOT_FOLLOWED}: set api_url so that none is needed"


_NOT_FOLLOWED = "No redirect is followed, since the credentials would go with it"


def _absolute(base: str, location: str) -> str:
    """A location in full, as far as it is of a usual form."""
    scheme, origin = t.cast("re.Match[str]", _ORIGIN.match(base)).groups()
    if _ABSOLUTE.match(location):
        return location
    if location.startswith("//"):
        return f"{scheme}{location}"
    return f"{scheme}{origin}{location}" if location.startswith("/") else location


def _is_shown(address: str, secrets: t.Sequence[str]) -> bool:
    return api_url_problem(address) is None and quote(address, secrets) == address
