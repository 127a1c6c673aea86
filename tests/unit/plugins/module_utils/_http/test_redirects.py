# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Redirects: what is said about one that is refused, and what of its address is named."""

from __future__ import annotations

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import Request
from ansible_collections.mailfleet.email.plugins.module_utils._http.redirects import refusal

BASE = "http://server.example.com:8080/engine"
READ = Request("GET", f"{BASE}/api/a?domain=b")


def reported(location: str | None, *secrets: str, request: Request = READ, status: int = 302) -> str:
    return str(refusal(request, BASE, status, location, secrets))


@pytest.mark.parametrize(
    ("location", "api_url"),
    [
        ("https://server.example.com/engine/api/a?domain=b", "https://server.example.com/engine"),
        ("https://server.example.com/api/a#top", "https://server.example.com"),
        ("//[2001:db8::2]/x/api/a", "http://[2001:db8::2]/x"),
        ("/api/a", "http://server.example.com:8080"),
        ("HTTPS://Other.example/api/a", "HTTPS://Other.example"),
    ],
)
def test_the_address_to_configure_is_named(location: str, api_url: str) -> None:
    assert reported(location) == (
        f"{READ}: the server redirects (302) to {api_url}. No redirect is followed, since the credentials would go "
        f"with it: if that is right, set api_url to {api_url}"
    )


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("https://login.example.com/start?token=hunter2", "https://login.example.com/start"),
        ("/login#hunter2", "http://server.example.com:8080/login"),
        ("http://server.example.com:8080/engine/api/a/", "http://server.example.com:8080/engine/api/a/"),
    ],
)
def test_another_address_is_shown_without_its_query(location: str, target: str) -> None:
    assert reported(location) == (
        f"{READ}: the server redirects (302) to {target}. No redirect is followed, since the credentials would go with "
        "it: set api_url so that none is needed"
    )


@pytest.mark.parametrize(
    "location",
    [
        r"http://other.example\@server.example.com:8080/engine/api/a",
        "http:\\\\other.example\\engine\\api\\a",
        "http://user:hunter2@server.example.com:8080/engine/api/a",
        "http://server.example.com:hunter2/engine/api/a",
        "http://[",
        "http://server.example.com:99999/engine/api/a",
        "http://127.1:8080/engine/api/a",
        "ftp://server.example.com/engine/api/a",
        "data:hunter2",
        "hunter2",
        "/b\x1b[31mc",
        " http://server.example.com:8080/engine/api/a",
    ],
)
def test_an_address_that_is_not_plain_is_not_repeated(location: str) -> None:
    text = reported(location)
    assert text == (
        f"{READ}: the server redirects (302) to another address (which is not repeated, since it is no plain one). "
        "No redirect is followed, since the credentials would go with it: set api_url so that none is needed"
    )


@pytest.mark.parametrize("location", ["http://hunter2.example/a", "/hunter2/api/a", "/hunter2"])
def test_an_address_that_repeats_a_credential_is_not_shown(location: str) -> None:
    secret = "hunter2.example" if "hunter2.example" in location else "hunter2"
    text = reported(location, secret)
    assert "another address (the server's words are left out" in text
    assert secret not in text


@pytest.mark.parametrize("location", [None, ""])
def test_a_redirect_that_does_not_say_where_to(location: str | None) -> None:
    assert reported(location, status=301) == f"{READ}: a redirect (301) that does not say where to. Check api_url"


@pytest.mark.parametrize("location", [f"{BASE}/api/a?domain=b&cookie=1", "/engine/api/a", "/engine/api/a#x"])
def test_a_redirect_to_itself(location: str) -> None:
    assert reported(location) == (
        f"{READ}: the server redirects (302) to the very same address. Check what stands before the server, such as a "
        "login page or a load balancer"
    )


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
def test_whether_a_write_may_be_done_all_the_same(status: int) -> None:
    """A server that answers 302 or 303 to a POST has usually done it; 307 and 308 ask for it to be sent elsewhere."""
    write = refusal(Request("POST", READ.url), BASE, status, "/x")
    assert write.indeterminate is (status in (300, 302, 303))
    assert not write.transient
    assert not refusal(READ, BASE, status, "/x").indeterminate


def test_whether_a_redirect_says_where_to() -> None:
    assert refusal(READ, BASE, 302, "/x").has_target is True
    assert refusal(READ, BASE, 302, "").has_target is False


@pytest.mark.parametrize("location", [".other.example/api/a", "x/api/a"])
def test_a_relative_location_makes_no_other_host(location: str) -> None:
    base = "http://server.example.com"
    text = str(refusal(Request("GET", f"{base}/api/a"), base, 302, location))
    assert "to another address (which is not repeated, since it is no plain one)" in text
