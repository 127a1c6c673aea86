# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lists of today's Webitel: pages, patterns, orders."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.client import Sandbox
from tests.unit.sandbox.vendor_client import PROFILES, VendorClient, profile_of


def names(answer: tuple[int, Any]) -> list[str]:
    """Return the names in a list that was answered."""
    assert answer[0] == 200, answer
    return [item.get("name", "") for item in answer[1].get("items", [])]


def test_lists_come_in_pages(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    assert webitel_cloud.call("GET", PROFILES) == (200, {})
    sandbox.webitel_cloud.add_profiles([{"name": f"{number:03}", "flow_id": 1} for number in range(100)])
    for size in ("", "size=40", "size=0", "size=-1", "size=20001"):
        first = webitel_cloud.call("GET", f"{PROFILES}?{size}")
        assert (len(first[1]["items"]), first[1]["next"]) == (40, True)
        assert webitel_cloud.call("GET", f"{PROFILES}?{size}&page=1") == first
    second = webitel_cloud.call("GET", f"{PROFILES}?page=2&size=50")
    assert names(second) == [f"{number:03}" for number in range(50, 100)]
    assert "next" not in second[1]
    assert webitel_cloud.call("GET", f"{PROFILES}?page=3&size=50") == (200, {})
    assert len(webitel_cloud.call("GET", f"{PROFILES}?size=20000")[1]["items"]) == 100
    assert webitel_cloud.call("GET", f"{PROFILES}?size=all")[0] == 400


def test_lists_show_some_fields(webitel_cloud: VendorClient) -> None:
    webitel_cloud.call("POST", PROFILES, profile_of(enabled=True, params={"oauth2": {"client_id": "c"}}))
    (item,) = webitel_cloud.call("GET", PROFILES)[1]["items"]
    assert item.keys() == {"id", "name", "enabled", "schema", "mailbox", "state"}
    query = "&".join(f"fields={name}" for name in ("id", "smtp_host", "params", "auth_type", "password", "colour"))
    (item,) = webitel_cloud.call("GET", f"{PROFILES}?{query}")[1]["items"]
    assert item == {"id": "1", "smtp_host": "smtp.example.com"}


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("support", ["Support"]),
        ("SUPPORT", ["Support"]),
        ("supp*", ["Support", "supportX2", "support_2"]),
        ("support_2", ["supportX2", "support_2"]),
        ("support%", ["Support", "supportX2", "support_2"]),
        ("ÜBER", ["Über"]),
        ("needle", ["supportX2"]),
        ("a*b", ["a*b"]),
        (r"back\slash", []),
        (r"back\\slash", [r"back\slash"]),
        ("Supp", []),
        ("", ["Support", "supportX2", "support_2", "Über", r"back\slash", "a*b"]),
    ],
)
def test_the_search_is_a_pattern(sandbox: Sandbox, webitel_cloud: VendorClient, q: str, found: list[str]) -> None:
    planted = ["Support", "supportX2", "support_2", "Über", r"back\slash", "a*b"]
    sandbox.webitel_cloud.add_profiles(
        [{"name": name, "description": "Needle" if name == "supportX2" else "", "flow_id": 1} for name in planted]
    )
    assert names(webitel_cloud.call("GET", PROFILES, params={"q": q})) == found


def test_a_pattern_that_ends_with_its_escape(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    sandbox.webitel_cloud.add_profiles([{"name": "a\\", "flow_id": 1}])
    answer = webitel_cloud.call("GET", PROFILES, params={"q": "a\\"})
    assert (answer[0], answer[1]["id"]) == (500, "store.sql_email_profile.get_all.app_error")
    assert names(webitel_cloud.call("GET", PROFILES, params={"q": "a_"})) == ["a\\"]


def test_lists_are_sorted(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    sandbox.webitel_cloud.add_profiles([{"name": name, "flow_id": 1} for name in ("b", "c", "a")])
    for sort, found in (("", "bca"), ("name", "abc"), ("+name", "abc"), ("-name", "cba")):
        assert "".join(names(webitel_cloud.call("GET", PROFILES, params={"sort": sort}))) == found
    assert names(webitel_cloud.call("GET", f"{PROFILES}?sort=+name")) == ["a", "b", "c"]
    assert webitel_cloud.call("GET", f"{PROFILES}?sort=colour")[0] == 500


def test_flows(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    sandbox.webitel_cloud.add_schema("inbound")
    sandbox.webitel_cloud.add_schema("Other")
    sandbox.webitel_cloud.add_schema("Inbound", domain="other.example")
    query = {"q": "INBOUND", "fields": ["id", "name"], "sort": "-name"}
    found = webitel_cloud.call("GET", "/routing/schema", params=query)
    assert found == (200, {"items": [{"id": "2", "name": "inbound"}, {"id": "1", "name": "Inbound"}]})
    first = webitel_cloud.call("GET", "/routing/schema?size=2")
    assert (names(first), first[1]["next"]) == (["Inbound", "inbound"], True)
    assert names(webitel_cloud.call("GET", "/routing/schema?size=2&page=2")) == ["Other"]
