# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation's site in a browser: pages load without a fault, links lead somewhere, everybody can read it.

DOCS_SITE in the environment names the folder that `tools/docs_site.py` wrote.
"""

from __future__ import annotations

import os
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, unquote, urldefrag

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, ViewportSize

SITE = Path(os.environ["DOCS_SITE"])
PAGES = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))
# What antsibull-docs makes is large and alike: its faults would be in all pages, so a module, a role and others serve.
CHECKED_BY_AXE = [
    page
    for page in PAGES
    if not page.startswith("reference/")
    or page.removeprefix("reference/") in ("index.html", "email_account_module.html", "gitops_role.html")
]
# The colours of both schemes come from one style sheet: a few pages have everything that it can colour.
IN_THE_DARK = [
    page for page in CHECKED_BY_AXE if page.startswith("reference/") or page in ("index.html", "faults.html")
]
PHONE: ViewportSize = {"width": 390, "height": 844}


class Handler(SimpleHTTPRequestHandler):
    """Serves files, and says nothing about it."""

    def log_message(self, *_words: object) -> None:
        """Write no log."""


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the site is served: browsers do not let pages in files read each other, which the search has to."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=SITE)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose complaints, and whose requests to anything but the site, fail the test."""
    faults: list[str] = []
    opened = browser.new_page(base_url=address)
    opened.on("console", lambda message: faults.append(f"console: {message.text}"))
    opened.on("pageerror", lambda error: faults.append(f"error: {error}"))
    opened.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
    opened.on(
        "request",
        lambda request: None if request.url.startswith((address, "data:")) else faults.append(f"to {request.url}"),
    )
    yield opened
    opened.close()
    assert faults == []


def test_there_is_a_page_for_each_guide_and_module() -> None:
    assert {"index.html", "first_steps.html", "migrating.html", "reference/email_account_module.html"} <= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(page: Page, address: str, name: str) -> None:
    page.goto(name)
    found = page.eval_on_selector_all("a[href], img[src]", "all => all.map(one => one.href || one.src)")
    inside = {link.removeprefix(address) for link in found if link.startswith(address)}
    assert inside
    assert [link for link in inside if not leads_somewhere(link)] == []


def leads_somewhere(link: str) -> bool:
    """Whether a link within the site leads to a file, and to a place in it where it names one."""
    target, anchor = urldefrag(unquote(link))
    path = SITE / target
    return path.is_file() and (not anchor or f'id="{anchor}"' in path.read_text(encoding="utf-8"))


def test_a_dead_link_would_be_found() -> None:
    assert leads_somewhere("first_steps.html#start-the-sandbox")
    assert not leads_somewhere("first_steps.html#start-the-engine")
    assert not leads_somewhere("last_steps.html")


@pytest.mark.parametrize(
    ("scheme", "name"),
    [*(("light", name) for name in CHECKED_BY_AXE), *(("dark", name) for name in IN_THE_DARK)],
)
def test_axe_finds_nothing_serious(page: Page, scheme: Literal["light", "dark"], name: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(name)
    serious = [
        (violation["id"], [node["html"] for node in violation["nodes"]][:3])
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.parametrize("name", CHECKED_BY_AXE)
def test_a_phone_shows_it_without_scrolling_sideways(page: Page, name: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(name)
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("email_settings_check", "reference/email_settings_check_module.html"),
        ("rotate password", "everyday.html"),
        ("rename", "everyday.html"),
        ("duplicate", "everyday.html"),
        ("self-signed", "everyday.html"),
        ("certificate", "everyday.html"),
        ("465 587", "recipes.html"),
        ("decommission", "recipes.html"),
        ("proxy", "everyday.html"),
        ("port 8080", "first_steps.html"),
        ("idempotent", "first_steps.html"),
        ("dry run", "everyday.html"),
        ("backup", "everyday.html"),
        ("quota", "everyday.html"),
        ("timeout", "everyday.html"),
        ("secret", "secrets.html"),
        ("AWX", "gitops.html"),
    ],
)
def test_the_search_leads_to_the_right_page(page: Page, words: str, name: str) -> None:
    page.goto(f"search.html?q={quote(words)}")
    page.wait_for_selector("#search-results li")
    found = page.eval_on_selector_all("#search-results li > a", "all => all.map(one => one.getAttribute('href'))")
    assert name in [link.partition("#")[0] for link in found[:2]]


def test_the_demo_can_be_seen(page: Page) -> None:
    page.goto("index.html")
    assert page.eval_on_selector("img[src$='demo.svg']", "image => image.naturalWidth") > 0
