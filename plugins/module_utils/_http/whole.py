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
    r"rate|quota|retry|time|duration|byte|length|cost|cache|request|(?<!partial)content|update|trace"
)
_TARGET = r"(?:link|url|uri|cursor|offset|token|href|start|id|marker|key|number|no|range|after|since)?"
_OTHER_PAGE = re.compile(
    rf"(?:next|prev|previous)(?:page|records?|results?|batch)?{_TARGET}$|(?:continuation|continue)(?:token)?$"
    r"|cursor$|scrollid$|pagetoken$|mscontinuation$|lastevaluatedkey$|(?:resumption|resume)(?:token)?$"
    r"|(?:^|x|paging|page|cursors)(?:after|marker|bookmark)$"
)
_MORE = re.compile(
    r"(?:has)?more(?:data|results?|items|records|entries|rows|pages?|available)?$|truncated$|incomplete(?:results)?$"
    r"|partial(?:content|results?|data|list)?$|overflow$|exceededtransferlimit$|(?:limit|results)(?:reached|exceeded)$"
)
_NOT_THE_LAST = re.compile(r"(?:is)?(?:last|lastpage|first|firstpage|complete|done|finished|end|eof|endofresults)$")
# Of the others a 0 may be a number: that of the first page.
_NOT_DONE = re.compile(r"is(?:last|lastpage|first|firstpage)$|(?:complete|done|finished|eof|endofresults)$")
_PAGES = re.compile(r"pages$|pagecount$|lastpage$|totalpage$|pagetotal$|maxpage$")
_PAGE = re.compile(r"(?:^|x|pagination|current|paging)page(?:number|no|index|num)?$")
_SKIPPED = re.compile(
    r"(?:^|x|pagination|paging)(?:offset|skip|skipped|startindex|startat)$|remaining(?:items)?$|omitted$"
)
_BEGIN = re.compile(r"(?:^|x|pagination|paging)(?:from|start)$")
_TOTAL = re.compile(
    r"total|count$|numfound$|recordsfiltered$|resultsize$|(?:^|x)(?:found|matches|records|results|items|rows|entries)$"
)
_HOLDERS = frozenset(
    (
        *("data", "info", "items", "results", "result", "records", "list", "rows", "entries", "content", "value"),
        *("values", "objects", "elements", "domains", "accounts", "member", "hydramember"),
    )
)
_LIKE_A_RANGE = re.compile(r"(?<!\d)(\d{1,18}) ?- ?(\d{1,18}) ?/ ?(\d{1,18}(?!\d)|\*)")
_RANGE = re.compile(r"\s*(?:[A-Za-z-]+[ =]?\s*)?(\d{1,18})\s*-\s*(\d{1,18})\s*/\s*(\d{1,18})\s*")
_RELATION = re.compile(r"""\brel\*?\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,"]+))""", re.IGNORECASE)
# A title may hold a bracket too, but no link begins within it.
_LINK_TARGET = re.compile(r"(?:^|,)\s*<[^<>]*>")
_PAIR = re.compile(r"\b([A-Za-z_-]{1,40}) ?[=:] ?\"?([^\s;,\"]*)")
_RELATIONS = frozenset(("next", "prev", "previous"))
_NOTHING = frozenset(("", "0", "false", "no", "null", "none", "nil", "undefined", "-", "-1", "[]", "{}"))
_DIGITS = re.compile(r"[0-9]+")
# Compiled here, once for the workers of all hosts.
_BETWEEN_DIGITS = re.compile(r"[\s,_.'\"]")
_DEEPEST = 8
_LONGEST_TEXT = 2000
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
    held = (value for name, value in holders if _is_holder(name))
    return max((_items(value) if _is_page(value) else len(value) for value in held if _is_many(value)), default=0)


def _is_many(value: t.Any) -> bool:
    return isinstance(value, (list, dict))


def _is_page(value: t.Any) -> bool:
    """Whether what should hold records by their names is an object around a list instead."""
    return isinstance(value, dict) and any(isinstance(held, list) and _is_holder(name) for name, held in value.items())


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
    if value.lstrip()[:1] in ("{", "[") and "pag" in plain:
        try:
            described = json.loads(value)
        except (ValueError, RecursionError):
            return "its header about pages cannot be read"
        return _of_object(described, items, 1) if isinstance(described, dict) else ""
    pairs = dict(_PAIR.findall(value[:_LONGEST_TEXT])) if plain.endswith(("pagination", "paging")) else {}
    return _of_name(plain, value, items) or _of_object(pairs, items, 1)


def _is_whole_range(value: str) -> bool:
    found = _RANGE.fullmatch(value)
    return found is not None and int(found[1]) == 0 and int(found[2]) + 1 == int(found[3])


def _leaves_something_out(value: str) -> bool:
    """Whether a text such as `items 0-24/319`, which may count from 0 or 1, is about a part."""
    found = _LIKE_A_RANGE.search(value[:_LONGEST_TEXT])
    if found is None:
        return False
    first, last, total = found.groups()
    return total == "*" or int(first) > 1 or int(last) + 1 - int(first) < int(total)


def _relations(value: str) -> set[str]:
    found = _RELATION.findall(_LINK_TARGET.sub("", value))
    words = [word for forms in found for word in "".join(forms).lower().split()]
    # A relation may be the address of its definition, or say its letters first (`rel*=UTF-8''next`).
    return {re.split(r"[/#:']", word)[-1] for word in words}


def _of_object(page: dict[str, t.Any], items: int, depth: int = 0) -> str:
    """Why an object that holds a list, or what stands in it about its pages, says that there is more."""
    for name, value in page.items():
        if depth == 0 and _is_holder(name) and _is_many(value):
            reason = _of_object(value, items) if _is_page(value) else ""
            if reason:
                return reason
            continue
        reason = _of_name(_plain(name), value, items)
        if not reason and isinstance(value, dict) and depth < _DEEPEST:
            reason = _of_object(value, items, depth + 1)
        if not reason and isinstance(value, list):
            reason = _of_parts(_plain(name), value, items, depth)
        if reason:
            return reason
    return ""


def _of_parts(plain: str, parts: list[t.Any], items: int, depth: int) -> str:
    """What a list beside the records says, if it is one of links or about pages."""
    objects = [part for part in parts[:_LONGEST_TEXT] if isinstance(part, dict)]
    if plain.endswith("links"):
        reported = [str(link.get("rel"))[:_LONGEST_TEXT].lower() for link in objects]
        relations = {word for rel in reported for word in re.findall("[a-z]+", rel)}
        return "it names another page" if _RELATIONS & relations else ""
    if plain not in ("pagination", "paging", "pages", "meta") or depth >= _DEEPEST:
        return ""
    return next(filter(None, (_of_object(part, items, depth + 1) for part in objects)), "")


def _of_name(plain: str, value: t.Any, items: int) -> str:
    """What one header or field says, by its name in one word."""
    if plain.endswith("range") and isinstance(value, str) and _leaves_something_out(value):
        return "its range is not all of it"
    if _ABOUT_SOMETHING_ELSE.search(plain):
        return ""
    number = _number(value)
    is_not = value is False or (isinstance(value, str) and value.strip().lower() in ("false", "no"))
    if (_NOT_THE_LAST.search(plain) and is_not) or (_NOT_DONE.match(plain) and number == 0):
        return "it says that it is not all"
    if (_OTHER_PAGE.search(plain) or _MORE.search(plain)) and _says_something(value):
        return "it names another page"
    if _PAGES.search(plain) and number > 1:
        return f"it is one of {number} pages"
    if _PAGE.search(plain) and number > 1:
        return f"it is page {number}"
    if (_SKIPPED.search(plain) and number > 0) or (_BEGIN.search(plain) and number > 1):
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
    """A whole number, -1 where there is none; more digits than anybody counts to are a large one.

    Of several, as in `1 of 3` and `2/5`, it is the largest.
    """
    if isinstance(value, dict):
        value = value.get("value")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # In a header, even what is no number may stand for one.
        return int(min(value, 10**_LONGEST_NUMBER)) if value >= 0 else -1
    plain = _BETWEEN_DIGITS.sub("", value[:200]) if isinstance(value, str) else ""
    if not plain.isascii() or plain.startswith("-"):
        return -1
    return max((int(digits[:_LONGEST_NUMBER]) for digits in _DIGITS.findall(plain)), default=-1)
