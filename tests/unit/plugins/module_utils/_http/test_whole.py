# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists in pages: what says so in headers and bodies, and what only looks like it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.whole import part_of_a_list

TWO: list[Any] = [{"id": 1}, {"id": 2}]

PARTS = [
    ("Content-Range", "items 0-1/50"),
    ("Content-Range", "items 48-49/50"),
    ("Content-Range", "bytes 0-99/*"),
    ("Content-Range", "*/50"),
    ("content-range", "0-1/3"),
    ("Content-Range", "items=0-1/3"),
    ("Content-Range", "what?"),
    ("X-Content-Range", "items 0-1/3"),
    ("X-Range", "0-1/*"),
    ("Items-Range", "accounts 2-3/4"),
    ("X-Partial-Content", "yes"),
    ("X-Partial-Results", "1"),
    ("X-Limit-Reached", "true"),
    ("X-Max-Results-Reached", "true"),
    ("X-Result-Limit-Exceeded", "1"),
    ("Link", '<https://a.example/?page=2>; rel="next"'),
    ("link", "<https://a.example/?page=2>; rel=next"),
    ("LINK", '</?page=2>; title="x"; REL="Next last"'),
    ("Link", '</?page=1>; rel="first", </?page=2>; rel="next"'),
    ("Link", '</?page=1>; rel="prev"'),
    ("Link", "</?page=1>; rel = 'previous'".replace("'", '"')),
    ("Link", '</?page=2>; rel="https://relations.example/next"'),
    ("X-Total-Count", "3"),
    ("x-total-count", "50"),
    ("X-Total", "3"),
    ("X-Total-Results", "3"),
    ("Total-Count", "3"),
    ("X-Count", "3"),
    ("X-Item-Count", "3"),
    ("X-Pagination-Total-Count", "3"),
    ("Pagination-Count", "3"),
    ("X-WP-Total", "3"),
    ("X-Records-Total", "1,000"),
    ("X-Total-Count", "9" * 5000),
    ("X-Total-Pages", "2"),
    ("X-WP-TotalPages", "2"),
    ("x-wp-totalpages", "2"),
    ("X-Page-Count", "2"),
    ("X-Last-Page", "2"),
    ("X-Page", "2"),
    ("X-Current-Page", "7"),
    ("X-Offset", "50"),
    ("X-Next-Page", "2"),
    ("X-Next-Cursor", "abc"),
    ("X-Next", "/api?page=2"),
    ("Next-Page-Token", "abc"),
    ("X-Continuation-Token", "abc"),
    ("x-ms-continuation", "abc"),
    ("X-Has-More", "true"),
    ("X-HasMore", "1"),
    ("X-Has-Next", "True"),
    ("X-More", "yes"),
    ("X-Truncated", "true"),
    ("X-Pagination", '{"TotalCount": 50, "PageSize": 2, "CurrentPage": 1, "TotalPages": 25}'),
    ("X-Pagination", '{"next_page": 2}'),
    ("X-Pagination", '{"broken'),
    ("X-Remaining", "48"),
    ("Link", "</?page=2>; rel='next'"),
    ("Link", "</?page=2>; rel='last next'"),
    ("Link", "</?page=2>;rel*=UTF-8''next"),
    ("Link", '</?page=2>; title="<"; rel="next"; x=">"'),
    ("X-Total", "3 items"),
    ("X-Total", "2/5"),
    ("X-Total", "9+"),
    ("X-Result-Size", "5"),
    ("X-Records", "9"),
    ("X-Page", "1 of 3"),
    ("X-Page", "1/3"),
    ("X-Pagination", "page=1; total=9"),
    ("X-Paging", 'next="/?page=2"'),
    ("Next-Range", "id 3.."),
]
WHOLE = [
    ("Content-Range", "items 0-1/2"),
    ("X-Content-Range", "items 0-1/2"),
    ("X-Range", "1-2/2"),
    ("Accept-Ranges", "items"),
    ("X-Partial-Content", "no"),
    ("X-Limit-Reached", "false"),
    ("X-RateLimit-Limit-Reached", "true"),
    ("Link", '</>; rel="self"'),
    ("Link", '</style.css>; rel="preload"; title="next"'),
    ("Link", '</?page=1>; rel="first", </?page=1>; rel="last"'),
    ("Link", "</?rel=next>; rel=self"),
    ("X-Total-Count", "2"),
    ("X-Total-Count", "1"),
    ("X-Total-Count", "many"),
    ("X-Total-Pages", "1"),
    ("X-Page", "1"),
    ("X-Page", "0"),
    ("X-Per-Page", "100"),
    ("X-Offset", "0"),
    ("X-Next-Page", ""),
    ("X-Next-Page", "null"),
    ("X-Next-Page", "0"),
    ("X-Has-More", "false"),
    ("X-Has-More", "0"),
    ("X-Pagination", '{"TotalCount": 2, "next": null}'),
    ("X-RateLimit-Remaining", "4999"),
    ("X-RateLimit-Limit", "5000"),
    ("RateLimit-Remaining", "4999"),
    ("X-Request-Count", "4999"),
    ("Content-Length", "4999"),
    ("Age", "4999"),
    ("Retry-Count", "3"),
    ("Date", "Mon, 30 Nov 2026 16:00:00 GMT"),
    ("Cache-Control", "no-cache"),
    ("X-Powered-By", "Next.js"),
    ("X-Runtime-Total", "4999"),
    ("Set-Cookie", "next=1"),
    ("Link", "</?page=1>; rel='self'"),
    ("Link", "</?page=1>; rel*=UTF-8''first"),
    ("X-Total", "2 items"),
    ("X-Total", "-1"),
    ("X-Total", "2/2"),
    ("X-Page", "1 of 1"),
    ("X-Pagination", "page=1; total=2; next="),
    ("X-Start", "1"),
]


NOT_ALL = "it says that it is not all"
OTHER_PAGE = "it names another page"
LEFT_OUT = "it says that entries are left out"
REASONS: list[tuple[dict[str, str], Any, str]] = [
    ({"Content-Range": "items 0-1/50"}, TWO, "its Content-Range is not all of it"),
    ({"Link": "</?page=2>; rel=next"}, TWO, "its Link header names another page"),
    ({"X-Pagination": '{"broken'}, TWO, "its header about pages cannot be read"),
    ({"X-Pagination": '["broken'}, TWO, "its header about pages cannot be read"),
    ({"X-Pagination": ' {"total": 9}'}, TWO, "it has 2 of 9 entries"),
    ({"X-Pagination": '["next"]'}, TWO, ""),
    ({"X-Next": "X"}, TWO, OTHER_PAGE),
    ({"X-Next": '""'}, TWO, ""),
    ({"X-Next": "'null'"}, TWO, ""),
    ({"X-Last": "False"}, TWO, NOT_ALL),
    ({"X-Last": "no"}, TWO, NOT_ALL),
    ({"X-Offset": "1"}, TWO, LEFT_OUT),
    ({"X-Range": "items 2-3/2"}, TWO, "its range is not all of it"),
    ({"X-Start": "2"}, TWO, LEFT_OUT),
    ({"X-Total": "-5"}, TWO, ""),
    ({"X-Total": "-5"}, [], ""),
    ({"X-Total": "many"}, [], ""),
    ({"X-Total": "é5"}, TWO, ""),
    ({"X-Total-Count": "1"}, {}, "it has 0 of 1 entries"),
    ({"X-Total-Count": "1"}, "no list", "it has 0 of 1 entries"),
    ({}, {"items": [], "total": -5}, ""),
    ({}, {"items": TWO, "total": 10**20}, f"it has 2 of {10**18} entries"),
    ({}, {"data": {"items": TWO}, "total": 2}, ""),
    ({}, {"data": {"items": TWO}, "total": 3}, "it has 2 of 3 entries"),
    ({}, {"info": {"a.example": [], "b.example": {}}, "total": 2}, ""),
    ({}, {"items": TWO, "links": [{"rel": "next"}]}, OTHER_PAGE),
    ({}, {"items": TWO, "paging": [{"next": "/"}]}, OTHER_PAGE),
    ({}, {"items": TWO, "pages": [{"next": "/"}]}, OTHER_PAGE),
    ({}, {"items": TWO, "meta": [{"total": 3}]}, "it has 2 of 3 entries"),
    ({}, {"items": TWO, "meta": [{"total": 2}]}, ""),
    ({}, {"items": TWO, "tags": [{"next": "/"}]}, ""),
    ({}, {"items": TWO, "next": {"url": "/?page=2"}}, OTHER_PAGE),
    ({}, {"items": TWO, "next": {"url": None}}, ""),
    ({}, {"items": TWO, "next": {"href": None}}, ""),
]


@pytest.mark.parametrize(("headers", "data", "reason"), REASONS)
def test_why_it_is_a_part(headers: dict[str, str], data: Any, reason: str) -> None:
    assert part_of_a_list(headers, data) == reason


@pytest.mark.parametrize(("name", "value"), PARTS)
def test_headers_of_a_page(name: str, value: str) -> None:
    reason = part_of_a_list({"Content-Type": "application/json", name: value}, TWO)
    assert reason
    assert reason.isprintable()
    assert len(reason) < 100


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "-1e999", "-5", "null", '"' + "9" * 5000 + '"'])
def test_numbers_that_are_none_make_no_error(number: str) -> None:
    part_of_a_list({"X-Pagination": f'{{"total": {number}, "pages": {number}}}'}, TWO)


@pytest.mark.parametrize("number", ["Infinity", "1e999", "9" * 300])
def test_numbers_without_end(number: str) -> None:
    assert part_of_a_list({"X-Pagination": f'{{"total": {number}}}'}, TWO)


@pytest.mark.parametrize(("name", "value"), WHOLE)
def test_headers_of_a_whole_list(name: str, value: str) -> None:
    assert part_of_a_list({"Content-Type": "application/json", name: value}, TWO) == ""


@pytest.mark.parametrize(
    "page",
    [
        {"next": "https://a.example/?page=2"},
        {"next": 2},
        {"previous": "/?page=1"},
        {"nextPage": 2},
        {"next_page_url": "/?page=2"},
        {"nextPageToken": "abc"},
        {"next_cursor": "abc"},
        {"nextLink": "/?page=2"},
        {"@odata.nextLink": "/?page=2"},
        {"nextRecordsUrl": "/?page=2"},
        {"cursor": "abc"},
        {"_scroll_id": "abc"},
        {"ContinuationToken": "abc"},
        {"has_more": True},
        {"hasMore": "true"},
        {"has_next": True},
        {"pageInfo": {"hasNextPage": True}},
        {"IsTruncated": True},
        {"incomplete_results": True},
        {"last": False},
        {"done": False},
        {"complete": False},
        {"total": 3},
        {"totalCount": 3},
        {"total_count": "3"},
        {"totalElements": 3},
        {"total_items": 3},
        {"recordsTotal": 3},
        {"count": 3},
        {"numFound": 3},
        {"@odata.count": 3},
        {"hydra:totalItems": 3},
        {"total_pages": 2},
        {"totalPages": 2},
        {"pages": 2},
        {"page_count": 2},
        {"last_page": 2},
        {"page": 2},
        {"current_page": 2},
        {"offset": 50},
        {"skip": 50},
        {"remaining": 48},
        {"meta": {"total": 3}},
        {"meta": {"pagination": {"total_pages": 2}}},
        {"pagination": {"next": "/?page=2"}},
        {"paging": {"cursors": {"after": "x"}, "next": "/?x"}},
        {"links": {"next": "/?page=2"}},
        {"_links": {"next": {"href": "/?page=2"}}},
        {"hydra:view": {"hydra:next": "/?page=2"}},
        {"links": [{"rel": "self", "href": "/"}, {"rel": "next", "href": "/?page=2"}]},
        {"response_metadata": {"next_cursor": "abc"}},
        {"info": {"x.example": {}, "y.example": {}}, "total": 3},
        {"total": {"value": 9, "relation": "gte"}},
        {"total": "9+"},
        {"hits": {"total": {"value": 9}}},
        {"records": 5},
        {"found": 5},
        {"recordsFiltered": 5},
        {"omitted": 5},
        {"from": 3},
        {"page": "1 of 3"},
        {"range": "1-2/3"},
        {"item_range": "0-1/5"},
        {"partialContent": True},
        {"limitReached": True},
        {"after": "abc"},
        {"marker": "abc"},
        {"bookmark": "abc"},
        {"LastEvaluatedKey": {"id": 2}},
        {"resumptionToken": "abc"},
        {"next_after": 2},
        {"nextSince": 2},
        {"more_available": True},
        {"exceededTransferLimit": True},
        {"is_last": 0},
        {"complete": 0},
        {"eof": False},
        {"endOfResults": "no"},
        {"links": [{"rel": ["next"], "href": "/?page=2"}]},
        {"pagination": [{"next": "/?page=2"}]},
        {"meta": {"a": {"pagination": {"page": {"x": {"next": 1}}}}}},
    ],
)
def test_objects_around_a_page(page: dict[str, Any]) -> None:
    assert part_of_a_list({}, {"data": TWO, **page})


@pytest.mark.parametrize(
    "page",
    [
        {"status": "OK"},
        {"next": None, "previous": None, "count": 2},
        {"next": ""},
        {"has_more": False},
        {"total": 2, "per_page": 100, "page": 1, "pages": 1, "offset": 0},
        {"meta": {"total": 2, "limit": 100}},
        {"links": {"self": "/", "next": None}},
        {"_links": {"next": {"href": None}}},
        {"links": [{"rel": "self", "href": "/"}]},
        {"last": True, "first": True},
        {"took_time": 500},
        {"total": True},
        {"total": None},
        {"total": {"value": 2, "relation": "eq"}},
        {"last": 0, "first": 0},
        {"from": 1, "start": 1},
        {"records": 2, "found": True},
        {"after": None, "marker": "", "bookmark": "nil"},
        {"is_last": 1, "complete": True, "eof": True},
        {"links": [{"rel": ["self", "canonical"], "href": "/"}]},
        {"page": "1 of 1"},
        {"range": "1-2/2"},
        {"range": "all"},
        {"partial_content": False, "limit_reached": False},
        {"pages": [{"number": 1}]},
    ],
)
def test_objects_around_a_whole_list(page: dict[str, Any]) -> None:
    assert part_of_a_list({}, {"data": TWO, **page}) == ""


def test_what_a_list_holds_is_no_word_about_it() -> None:
    domains = {"next": {"total": 500}, "has_more": {"domain": "has_more"}}
    assert part_of_a_list({}, {"info": domains}) == ""
    assert part_of_a_list({}, [{"next": 1, "total": 500}]) == ""


@pytest.mark.parametrize("about", [{"next": "/?page=2"}, {"total": 3}, {"has_more": True}])
@pytest.mark.parametrize("holder", ["items", "accounts", "list"])
def test_a_page_in_the_place_of_the_list(holder: str, about: dict[str, Any]) -> None:
    assert part_of_a_list({}, {"data": {holder: TWO, **about}})


@pytest.mark.parametrize("about", [{"next": None}, {"total": 2}, {"has_more": False}])
def test_a_whole_page_in_the_place_of_the_list(about: dict[str, Any]) -> None:
    assert part_of_a_list({}, {"data": {"items": TWO, **about}}) == ""


def test_a_header_nested_as_deep_as_can_be_read_makes_no_error() -> None:
    for depth in (50, 300, 900, 20_000):
        part_of_a_list({"X-Pagination": '{"data": ' * depth + '{"items": []}' + ', "items": []}' * depth}, TWO)


def test_an_empty_list_that_should_have_entries() -> None:
    assert part_of_a_list({"X-Total-Count": "1"}, []) == "it has 0 of 1 entries"


def test_hostile_headers_take_no_time() -> None:
    begun = time.monotonic()
    for value in (
        "rel=" * 20_000,
        "<" * 60_000,
        '"' * 60_000,
        "0-" * 30_000,
        "{" * 60_000,
        "1," * 30_000,
        ", <" * 20_000,
    ):
        for name in ("Link", "X-Paging", "Content-Range", "X-Total-Count", "X-Pagination", "X-Next", "next" * 9_000):
            part_of_a_list({name: value}, TWO)
    assert time.monotonic() - begun < 2


def _within(levels: int, inner: dict[str, Any]) -> dict[str, Any]:
    for _level in range(levels):
        inner = {"a": inner}
    return inner


@pytest.mark.parametrize(
    ("levels", "inner", "reason"),
    [
        (8, {"next": 1}, OTHER_PAGE),
        (9, {"next": 1}, ""),
        (7, {"meta": [{"next": 1}]}, OTHER_PAGE),
        (8, {"meta": [{"next": 1}]}, ""),
        (6, {"meta": [{"x": {"next": 1}}]}, OTHER_PAGE),
        (7, {"meta": [{"x": {"next": 1}}]}, ""),
    ],
)
def test_how_deep_is_looked(levels: int, inner: dict[str, Any], reason: str) -> None:
    assert part_of_a_list({}, {"items": TWO, **_within(levels, inner)}) == reason


@pytest.mark.parametrize(("levels", "reason"), [(7, OTHER_PAGE), (8, "")])
def test_how_deep_a_header_is_looked_into(levels: int, reason: str) -> None:
    assert part_of_a_list({"X-Pagination": json.dumps(_within(levels, {"next": 1}))}, TWO) == reason


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("x" * 96 + "next", "1", OTHER_PAGE),
        ("x" * 97 + "next", "1", ""),
        ("X-Total", "," * 199 + "9", "it has 2 of 9 entries"),
        ("X-Total", "," * 200 + "9", ""),
    ],
)
def test_how_much_of_a_header_is_looked_at(name: str, value: str, reason: str) -> None:
    assert part_of_a_list({name: value}, TWO) == reason
