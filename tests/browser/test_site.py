# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation's site in a browser: pages load without a fault, links lead somewhere, everybody can read it.

DOCS_SITE in the environment names the folder that `tools/docs_site.py` wrote.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

SITE = Path(os.environ["DOCS_SITE"])
PAGES = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))
# What antsibull-docs makes is large and alike: its faults would be in all pages, so a module, a role and others serve.
CHECKED_BY_AXE = [
    page
    for page in PAGES
    if not page.startswith("reference/")
    or page.removeprefix("reference/") in ("index.html", "email_account_module.html", "gitops_role.html")
]
NARROW = {"width": 390, "height": 844}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose complaints, and whose requests to the network, fail the test."""
    faults: list[str] = []
    opened = browser.new_page()
    opened.on("console", lambda message: faults.append(f"console: {message.text}"))
    opened.on("pageerror", lambda error: faults.append(f"error: {error}"))
    opened.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
    opened.on("request", lambda request: None if is_here(request.url) else faults.append(f"request: {request.url}"))
    yield opened
    opened.close()
    assert faults == []


def is_here(url: str) -> bool:
    """Whether an address needs no network."""
    return urlsplit(url).scheme in ("file", "data", "blob")


def address(name: str) -> str:
    """The address of a page of the site."""
    return (SITE / name).as_uri()


def test_there_is_a_page_for_each_guide_and_module() -> None:
    assert {"index.html", "first_steps.html", "migrating.html", "reference/email_account_module.html"} <= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(page: Page, name: str) -> None:
    page.goto(address(name))
    found = page.eval_on_selector_all("a[href], img[src]", "all => all.map(one => one.href || one.src)")
    wrong = [link for link in set(found) if is_here(link) and not leads_somewhere(link)]
    assert wrong == []


def leads_somewhere(link: str) -> bool:
    """Whether a link of the site leads to a file, and to a place in it where it names one."""
    target, anchor = urldefrag(link)
    path = Path(unquote(urlsplit(target).path))
    if not path.is_file():
        return False
    return not anchor or f'id="{unquote(anchor)}"' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CHECKED_BY_AXE)
def test_axe_finds_nothing_serious(page: Page, name: str) -> None:
    page.goto(address(name))
    serious = [
        (violation["id"], [node["html"] for node in violation["nodes"]][:3])
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    assert serious == []


@pytest.mark.parametrize("name", CHECKED_BY_AXE)
def test_a_phone_shows_it_without_scrolling_sideways(page: Page, name: str) -> None:
    page.set_viewport_size(dimensions())
    page.goto(address(name))
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0


def dimensions() -> Any:
    """The size of a phone."""
    return NARROW


def test_the_search_finds_a_module(page: Page) -> None:
    page.goto(address("search.html") + "?q=email_settings")
    page.wait_for_selector("#search-results li")
    assert any("email_settings" in text for text in page.locator("#search-results li").all_inner_texts())


def test_the_demo_can_be_seen(page: Page) -> None:
    page.goto(address("index.html"))
    assert page.eval_on_selector("img[src$='demo.svg']", "image => image.naturalWidth") > 0
