# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The domains that a Webitel server has, and names that are none of them."""

from __future__ import annotations

import typing as t
from functools import cache

from ..._engine import schema
from ..._engine.looks import look
from ..._engine.names import domain_key
from ..._http.errors import quote
from ..._http.response import Response
from ..._resource.base import checked

if t.TYPE_CHECKING:
    import voluptuous

# A name is compared with each that the server has, which takes a while for thousands of them.
_MOST_COMPARED = 10
_NEAR = 0.75


def listed_domains(answer: Response) -> list[str]:
    """The domains that an answer to `GET /api/v2/domains` lists, sorted.

    Every public version of the engine answers with `info`, and the vendor's page says `data`. The vendor's web client
    takes the key of an entry for the domain. Raises `InvalidResponse` where there is no such list.
    """
    data = answer.json()
    has_info = isinstance(data, dict) and (isinstance(data.get("info"), dict) or "data" not in data)
    name = "info" if has_info else "data"
    entries = checked(answer, _listing_schema(name), many=True)[name]
    return sorted({(entry or {}).get("domain") or key for key, entry in entries.items()})


@cache
def _listing_schema(name: str) -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Any, Required, Schema

    entry = Any(None, Schema({"domain": schema.text}, extra=ALLOW_EXTRA))
    return Schema({Required(name, msg="is missing"): Schema({str: entry})}, extra=ALLOW_EXTRA)


def unknown_domains(domains: t.Iterable[str], known: t.Iterable[str]) -> dict[str, str]:
    """Why domains are none of the `known` ones, and what to do about it, for those that are none."""
    has = frozenset(known)
    missing = [domain for domain in domains if domain not in has]
    spellings = spelled_by_server(missing, has)
    return {
        domain: spelled_otherwise(domain, spellings[domain])
        if domain in spellings
        else _unknown(domain, has if number < _MOST_COMPARED else ())
        for number, domain in enumerate(missing)
    }


def _unknown(domain: str, known: t.Iterable[str]) -> str:
    # Imported late: only a mistake needs it.
    from difflib import get_close_matches

    near = " or ".join(map(quote, get_close_matches(domain.casefold(), sorted(known), n=3, cutoff=_NEAR)))
    meant = f" (did you mean {near}?)" if near else ""
    return (
        f"the server has no domain {domain}, and would store settings that nothing uses{meant}. Correct it, create the "
        "domain first, or give unknown_domain=accept"
    )


def spelled_by_server(domains: t.Iterable[str], known: t.Iterable[str]) -> dict[str, str]:
    """Domains that the server has in another spelling, each with it."""
    has = frozenset(known)
    spellings = {form: name for name in has for form in (look(name), domain_key(name))}
    forms = ((domain, domain_key(domain), look(domain)) for domain in domains if domain not in has)
    others = ((domain, spellings.get(key) or spellings.get(seen)) for domain, key, seen in forms)
    return {domain: spelling for domain, spelling in others if spelling}


def spelled_otherwise(domain: str, spelling: str) -> str:
    """What to say about a domain that the server has in another spelling."""
    return f"the server spells the domain {quote(spelling)}, not {domain}, and tells domains apart by case: name it so"
