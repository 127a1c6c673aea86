# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the answer to a request for a list is all of it, or a page.

Neither product pages its lists. But a newer release may, and so may a gateway; and what stands on the second page would
be created again, or pruned. There is no one word for a page, so all that are in use are known: those of RFC 8288
(`Link`), RFC 9110 (`Content-Range`), GitHub, GitLab, Django, Rails, Spring, Laravel, OData, JSON:API, HAL, Hydra, AWS,
Google and Azure.
"""

from __future__ import annotations

import json
import re
import typing as t

# A name in one word of small letters, so that X-Has-More, has_more and hasMore are one.
_OTHER_LETTERS = re.compile(r"[^a-z]+")
_ABOUT_SOMETHING_ELSE = re.compile(
    r"rate|quota|retry|time|duration|byte|length|cost|cache|request|content|update|trace"
)
_TARGET = r"(?:link|url|uri|cursor|offset|token|href|start|id|marker|key|number|no)?"
_OTHER_PAGE = re.compile(
    rf"(?:next|prev|previous)(?:page|records?|results?|batch)?{_TARGET}$|(?:continuation|continue)(?:token)?$"
    r"|cursor$|scrollid$|pagetoken$|mscontinuation$"
)
_MORE = re.compile(r"(?:has)?more(?:data|results?|items|records|pages?)?$|truncated$|incomplete(?:results)?$|partial$")
_NOT_THE_LAST = re.compile(r"(?:is)?(?:last|lastpage|first|firstpage|complete|done|finished)$")
_PAGES = re.compile(r"pages$|pagecount$|lastpage$|totalpage$|pagetotal$|maxpage$")
_PAGE = re.compile(r"(?:^|x|pagination|current|paging)page(?:number|no|index|num)?$")
_SKIPPED = re.compile(r"(?:^|x|pagination|paging)(?:offset|skip|skipped|startindex|startat)$|remaining(?:items)?$")
_TOTAL = re.compile(r"total|count$|numfound$")
_HOLDERS = frozenset(
    (
        *("data", "info", "items", "results", "result", "records", "list", "rows", "entries", "content", "value"),
        *("values", "objects", "elements", "domains", "accounts", "member", "hydramember"),
    )
)
_RANGE = re.compile(r"\s*(?:[A-Za-z-]+[ =]?\s*)?(\d{1,18})\s*-\s*(\d{1,18})\s*/\s*(\d{1,18})\s*")
_RELATION = re.compile(r'\brel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)
_LINK_TARGET = re.compile(r"<[^<>]*>")
_RELATIONS = frozenset(("next", "prev", "previous"))
_NOTHING = frozenset(("", "0", "false", "no", "null", "none", "nil", "undefined", "-", "-1", "[]", "{}"))
_DEEPEST = 4
_LONGEST_NUMBER = 18


def part_of_a_list(headers: t.Mapping[str, str], data: t.Any) -> str:
    """Why an answer may be a part of the list that was asked for; empty where nothing says so.

    The texts hold no words of the server.
    """
    items = _items(data)
    for name, value in headers.items():
        reason = _of_header(name, value, items)
        if reason:
            return reason
    return _of_object(data, items) if isinstance(data, dict) else ""


def _items(data: t.Any) -> int:
    """How many entries a list or a page has."""
    if isinstance(data, list):
        return len(data)
    holders = data.items() if isinstance(data, dict) else ()
    return max((len(held) for name, held in holders if _is_holder(name) and isinstance(held, (list, dict))), default=0)


def _is_holder(name: str) -> bool:
    return _plain(name) in _HOLDERS


def _plain(name: str) -> str:
    return _OTHER_LETTERS.sub("", name[:100].lower())


def _of_header(name: str, value: str, items: int) -> str:
    plain = _plain(name)
    if plain == "contentrange":
        return "" if _is_whole_range(value) else "its Content-Range is not all of it"
    if plain == "link":
        return "its Link header names another page" if _RELATIONS & _relations(value) else ""
    if value.lstrip()[:1] in ("{", "[") and re.search("pag", plain):
        try:
            described = json.loads(value)
        except (ValueError, RecursionError):
            return "its header about pages cannot be read"
        return _of_object(described, items) if isinstance(described, dict) else ""
    return _of_name(plain, value, items)


def _is_whole_range(value: str) -> bool:
    found = _RANGE.fullmatch(value)
    return found is not None and int(found[1]) == 0 and int(found[2]) + 1 == int(found[3])


def _relations(value: str) -> set[str]:
    found = _RELATION.findall(_LINK_TARGET.sub("", value))
    words = [word for quoted, bare in found for word in (quoted or bare).lower().split()]
    # A relation may be the address of its definition.
    return {re.split(r"[/#:]", word)[-1] for word in words}


def _of_object(page: dict[str, t.Any], items: int, depth: int = 0) -> str:
    """Why an object that holds a list, or what stands in it about its pages, says that there is more."""
    for name, value in page.items():
        if depth == 0 and _is_holder(name) and isinstance(value, (list, dict)):
            continue
        reason = _of_name(_plain(name), value, items)
        if not reason and isinstance(value, dict) and depth < _DEEPEST:
            reason = _of_object(value, items, depth + 1)
        if not reason and isinstance(value, list) and _plain(name).endswith("links"):
            reason = _of_links(value)
        if reason:
            return reason
    return ""


def _of_links(links: list[t.Any]) -> str:
    relations = {str(link.get("rel")).lower() for link in links if isinstance(link, dict)}
    return "it names another page" if _RELATIONS & relations else ""


def _of_name(plain: str, value: t.Any, items: int) -> str:
    """What one header or field says, by its name in one word."""
    if _ABOUT_SOMETHING_ELSE.search(plain):
        return ""
    number = _number(value)
    if _NOT_THE_LAST.search(plain) and (value is False or str(value).lower() == "false"):
        return "it says that it is not all"
    if (_OTHER_PAGE.search(plain) or _MORE.search(plain)) and _says_something(value):
        return "it names another page"
    if _PAGES.search(plain) and number > 1:
        return f"it is one of {number} pages"
    if _PAGE.search(plain) and number > 1:
        return f"it is page {number}"
    if _SKIPPED.search(plain) and number > 0:
        return "it says that entries are left out"
    if _TOTAL.search(plain) and not _PAGES.search(plain) and number > items:
        return f"it has {items} of {number} entries"
    return ""


def _says_something(value: t.Any) -> bool:
    if isinstance(value, str):
        return value.strip().strip("\"'").lower() not in _NOTHING
    if isinstance(value, dict) and value.keys() & {"href", "url"}:
        return bool(value.get("href") or value.get("url"))
    return bool(value)


def _number(value: t.Any) -> int:
    """A whole number, -1 for anything else; more digits than anybody counts to are a large one."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # In a header, even what is no number may stand for one.
        return int(min(value, 10**_LONGEST_NUMBER)) if value >= 0 else -1
    digits = re.sub(r"[\s,_.'\"]", "", value[:200]) if isinstance(value, str) else ""
    if not (digits.isascii() and digits.isdecimal()):
        return -1
    return int(digits[:_LONGEST_NUMBER])
