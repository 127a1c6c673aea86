# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real Chromium for the tests of the report's page."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.html import as_html
from tools.system_packages import CHROMIUM, advice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page

    from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import Document

    Opener = Callable[..., Page]

# As root Chromium has no sandbox of its own, and nothing that it does by itself should be taken for the page's doing.
_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# Far more than anything takes, so that a busy machine passes.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    executable = next(filter(None, map(shutil.which, CHROMIUM.commands)), None)
    assert executable, f"these tests need Chromium. {advice([CHROMIUM])}"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=_OPTIONS)
        yield running
        running.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Opens the page of a document. Whatever the page complains of, or asks the network for, fails the test."""
    faults: list[str] = []
    pages: list[Page] = []

    def dismiss(dialog: Dialog) -> None:
        faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def listen(page: Page, url: str) -> None:
        page.on("console", lambda message: faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", dismiss)
        page.on("request", lambda request: faults.append(f"request: {request.url}") if request.url != url else None)

    def open_page(document: Document, **options: Any) -> Page:
        path = tmp_path / f"report{len(pages)}.html"
        path.write_bytes(as_html(document))
        page = browser.new_page(**options)
        pages.append(page)
        listen(page, path.as_uri())
        page.goto(path.as_uri())
        return page

    yield open_page
    for page in pages:
        page.close()
    assert faults == []
