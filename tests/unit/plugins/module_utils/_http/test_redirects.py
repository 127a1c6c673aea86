# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses: what counts as the same server, and what is said about one that is refused."""

from __future__ import annotations

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import (
    InvalidResponse,
    RedirectRefused,
    Request,
)
from ansible_collections.mailfleet.email.plugins.module_utils._http.redirects import Redirect, api_url_problem

READ = Request("GET", "http://server.example.com/a")
WRITE = Request("PUT", "http://server.example.com/a")


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("http://server.example.com/a", "http://server.example.com:80/b"),
        ("http://server.example.com:80/a", "http://server.example.com/b"),
        ("https://server.example.com/a", "https://server.example.com:443/b"),
        ("https://server.example.com:443/a", "https://server.example.com/b"),
        ("http://server.example.com/a", "http://SERVER.example.com/b"),
        ("http://[2001:db8::1]:8080/a", "http://[2001:db8::1]:8080/b"),
    ],
)
def test_the_same_server_in_other_words(url: str, location: str) -> None:
    assert Redirect(302, location).followed(READ, url) == location


@pytest.mark.parametrize(
    ("url", "location", "origin", "own"),
    [
        (
            "http://server.example.com/a",
            "http://server.example.com:81/a",
            "http://server.example.com:81",
            "http://server.example.com:80",
        ),
        (
            "https://server.example.com/a",
            "http://server.example.com/a",
            "http://server.example.com:80",
            "https://server.example.com:443",
        ),
        (
            "http://[2001:db8::1]:8080/a",
            "//user:hunter2@[2001:db8::2]/a",
            "http://[2001:db8::2]:80",
            "http://[2001:db8::1]:8080",
        ),
    ],
)
def test_another_server(url: str, location: str, origin: str, own: str) -> None:
    with pytest.raises(RedirectRefused) as caught:
        Redirect(302, location).followed(READ, url)
    assert str(caught.value) == (
        f"{READ}: the server redirects to another address, {origin}; credentials go to {own} only. "
        "If the other address is right, set api_url to it"
    )


def test_a_write_that_is_redirected() -> None:
    with pytest.raises(RedirectRefused) as caught:
        Redirect(308, "/b?c=d").followed(WRITE, WRITE.url)
    assert str(caught.value) == (
        f"{WRITE}: the server redirects (308) to http://server.example.com:80/b. "
        "A write does not follow a redirect: set api_url so that none is needed"
    )


@pytest.mark.parametrize("location", ["http://hunter2.example/a", "http://server.example.com/hunter2"])
def test_an_address_that_repeats_a_credential_is_not_shown(location: str) -> None:
    secret = "hunter2.example" if "hunter2.example" in location else "hunter2"
    with pytest.raises(RedirectRefused, match="the server's words are left out") as caught:
        Redirect(302, location, [secret]).followed(WRITE, WRITE.url)
    assert secret not in str(caught.value)


@pytest.mark.parametrize("location", [None, ""])
def test_a_redirect_that_does_not_say_where_to(location: str | None) -> None:
    with pytest.raises(InvalidResponse) as caught:
        Redirect(301, location).followed(READ, READ.url)
    assert str(caught.value) == f"{READ}: a redirect (301) that does not say where to. Check api_url"


@pytest.mark.parametrize("location", ["http://[", "http://server.example.com:port/", "http://server.example.com:99999"])
def test_a_redirect_to_no_valid_address(location: str) -> None:
    with pytest.raises(InvalidResponse) as caught:
        Redirect(301, location).followed(READ, READ.url)
    assert str(caught.value) == f"{READ}: a redirect (301) to no valid address. Check api_url"


@pytest.mark.parametrize(
    ("api_url", "problem"),
    [
        ("https://[server", "is not a valid address"),
        ("ftp://server.example.com", "must be an address such as https://server.example.com"),
        (
            "https://user@server.example.com",
            "must not hold a user name or password: use the options for credentials",
        ),
        (
            "https://server.example.com/?a=b",
            "must not hold a query or fragment: it is the base address of the server",
        ),
    ],
)
def test_what_is_said_about_a_bad_address(api_url: str, problem: str) -> None:
    assert api_url_problem(api_url) == problem
