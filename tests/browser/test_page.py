# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report's page, as people use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ansible_collections.mailfleet.email.plugins.module_utils._text import visible
from tests.unit.plugins.plugin_utils.report.results import (
    HOSTILE,
    created,
    deleted,
    document_of,
    ended,
    failed,
    hostile_document,
    single,
    synced,
    unchanged,
    updated,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import Document
    from tests.browser.conftest import Opener

PHONE = {"width": 360, "height": 740}
MANY = 10_000
# How often the end of a list is scrolled to, with a tenth of a second between: far more often than it takes.
TRIES = 600

RESULT = synced(
    created("New", email="n@example.com", password="<secret: set>"),
    updated("Old", {"port": 25, "text": "a\nb"}, {"port": 465, "text": "a\nc"}),
    deleted("Gone", port=25),
    failed("Broken", "Broken: refused", port=25),
    {**unchanged("Same"), "warnings": ["odd"]},
)


def report() -> Document:
    """A report with something of everything, on two hosts and a third that failed elsewhere."""
    return document_of(
        ended({**RESULT, "undescribed": [{"id": 7, "name": "Stray"}]}),
        ended(synced(created("a.example", port=1)), "email_settings_sync", host="two", uuid="2", task="Settings"),
        ended(
            single(unchanged("b.example")), "email_settings", host="two", uuid="3", arguments={"domain": "b.example"}
        ),
        ended({"sent": True, "to_email": "x@example.com"}, "email_account_test", uuid="4", arguments={"name": "New"}),
        ended({"msg": "?"}, module="?", host="three", uuid="5", status="unreachable", task="Gathering Facts"),
        statuses={"one": "ok", "two": "ok", "three": "unreachable"},
    )


def shown_keys(page: Page) -> list[str]:
    """The records that are shown."""
    return page.locator(".record:visible > summary strong").all_text_contents()


def test_totals_hosts_and_problems(opened: Opener) -> None:
    page = opened(report())
    expect(page.locator("h1")).to_have_text("2 to create, 1 to update, 1 to delete, 1 failed")
    expect(page).to_have_title("2 to create, 1 to update, 1 to delete, 1 failed")
    expect(page.locator("header")).to_contain_text("1 host unreachable: three.")
    rows = page.locator("#hosts tbody tr").all_inner_texts()
    assert [row.split("\t")[:8] for row in rows] == [
        ["one", "ok", "1", "1", "1", "0", "1", "1"],
        ["three", "unreachable", "0", "0", "0", "0", "0", "0"],
        ["two", "ok", "1", "0", "0", "0", "1", "0"],
    ]
    assert page.locator("#problems li").all_inner_texts() == [
        "one, Broken: Broken: refused",
        "one, Same: warning: odd",
        "three, Gathering Facts: the host is unreachable; see Ansible's own output",
    ]


def test_what_is_live_and_not_described(opened: Opener) -> None:
    page = opened(report())
    expect(page.locator("#undescribed li")).to_have_text("one, iTFLEX https://appliance.example.com: Stray (id 7)")
    page = opened(document_of(ended(RESULT)))
    expect(page.locator("#undescribed")).to_be_hidden()


def test_each_change_is_a_diff_side_by_side(opened: Opener) -> None:
    page = opened(report())
    record = page.locator(".record", has=page.get_by_text("Old", exact=True))
    assert [row.split("\t") for row in record.locator("tbody tr").all_inner_texts()] == [
        ["port", "25", "465"],
        ["text", '"a\\nb"', '"a\\nc"'],
    ]
    before, after = (record.locator(f"tbody tr >> nth=0 >> .{side}").bounding_box() for side in ("before", "after"))
    assert before
    assert after
    assert before["y"] == after["y"]
    assert before["x"] + before["width"] <= after["x"] + 1
    secret = page.locator(".record", has=page.get_by_text("New", exact=True)).first.locator("tbody tr").nth(1)
    assert secret.inner_text().split("\t") == ["password", "not set", "<secret: set>"]


def test_filter_and_search(opened: Opener) -> None:
    page = opened(report())
    assert shown_keys(page) == ["New", "Old", "Gone", "Broken", "New", "a.example"]
    expect(page.get_by_role("status")).to_have_text("6 of 8 records shown")
    page.get_by_label("unchanged (2)").check()
    page.get_by_label("created (2)").uncheck()
    assert shown_keys(page) == ["Old", "Gone", "Broken", "Same", "New", "b.example"]
    page.get_by_label("Host", exact=True).select_option("two")
    assert shown_keys(page) == ["b.example"]
    page.get_by_role("button", name="one", exact=True).click()
    page.get_by_label("Search").fill("port REFUSED")
    expect(page.get_by_role("status")).to_have_text("1 of 8 records shown")
    assert shown_keys(page) == ["Broken"]
    page.get_by_label("Search").fill("no such thing")
    expect(page.get_by_role("status")).to_have_text("0 of 8 records shown")


def test_a_run_of_both_kinds_tells_them_apart(opened: Opener) -> None:
    elsewhere = {"api_url": "https://other.example.com"}
    page = opened(document_of(ended(RESULT), ended(RESULT, uuid="2", check_mode=False, arguments=elsewhere)))
    assert page.locator("h1").inner_text().splitlines() == [
        "1 to create, 1 to update, 1 to delete, 1 failed",
        "1 created, 1 updated, 1 deleted, 1 failed",
    ]
    assert page.locator("#hosts tbody td").nth(1).inner_text() == "1 planned, 1 done"


def test_timeline(opened: Opener) -> None:
    document = report()
    page = opened(document)
    assert page.locator("#timeline li").count() == 5
    expect(page.locator("#timeline li").first).to_contain_text("Accounts")
    outside = page.evaluate(
        """() => [...document.querySelectorAll(".bar")].filter((bar) => {
            const [one, other] = [bar.getBoundingClientRect(), bar.parentElement.getBoundingClientRect()];
            return one.left < other.left - 1 || one.left > other.right + 1 || one.width < 1;
        }).length"""
    )
    assert outside == 0


def test_what_a_server_sends_is_text(opened: Opener) -> None:
    page = opened(hostile_document())
    page.get_by_role("button", name="Unfold all").click()
    # Only what the page's own markup and script make is there, with no more attributes than they set.
    assert (
        page.locator("body").evaluate(
            """(body) => {
            const names = new Set(["script", "img", "a", "iframe", "object", "b", "svg"]);
            return [...body.querySelectorAll("*")].filter((element) => names.has(element.localName) ||
                [...element.attributes].some((attribute) => attribute.name.startsWith("on"))).length;
        }"""
        )
        == 3
    )
    assert page.title() == visible(page.title())
    assert "hacked" not in page.title()
    text = page.locator("main").inner_text()
    for hostile in HOSTILE[:3]:
        assert hostile in text
    assert "\u202e" not in text
    assert "\\u{202e}evil" in text


def test_keyboard(opened: Opener) -> None:
    page = opened(report())
    page.get_by_role("button", name="Fold all", exact=True).click()
    page.get_by_label("Search").focus()
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.localName"))
        assert page.evaluate("document.activeElement.matches(':focus-visible')")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached[:10] == ["host", *["input"] * 6, "open", "close", "summary"]
    assert page.locator(".record[open]").count() == 0
    page.locator(".record summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".record").first.locator("table.diff")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".record").first.locator("table.diff")).to_be_hidden()


def _scroll_down(page: Page, selector: str, until: int) -> None:
    """Look at the end of a list again and again, as a reader does, until it has that many items.

    The page makes its list anew when it is searched, so that what was the last item can be gone when it is scrolled to.
    """
    for _ in range(TRIES):
        if page.locator(selector).count() >= until:
            return
        page.locator(selector).last.evaluate("(item) => item.scrollIntoView()")
        page.wait_for_timeout(100)
    pytest.fail(f"{page.locator(selector).count()} of {until} items are there")


def test_thousands_of_records(opened: Opener) -> None:
    fields = {f"field{index}": f"value {index}" for index in range(8)}
    records = [updated(f"Account {index}", fields, {**fields, "field3": index}) for index in range(MANY)]
    ends = [ended(synced(*records[start : start + 10]), host=f"host {start}") for start in range(0, MANY, 10)]
    page = opened(document_of(*ends))
    expect(page.get_by_role("status")).to_have_text(f"{MANY:,} of {MANY:,} records shown")
    # What is not looked at is not made.
    assert page.locator("table.diff").count() == 0
    assert page.locator(".record").count() < 500
    assert page.locator("#hosts tbody tr").count() < 500
    assert page.locator("#timeline li").count() < 500
    page.get_by_label("Search").fill("account 4321")
    expect(page.get_by_role("status")).to_have_text(f"1 of {MANY:,} records shown")
    page.get_by_label("Search").fill("")
    expect(page.get_by_role("status")).to_have_text(f"{MANY:,} of {MANY:,} records shown")
    _scroll_down(page, ".record", until=400)
    page.locator(".record summary").nth(350).click()
    expect(page.locator(".record").nth(350).locator("table.diff")).to_be_visible()


def test_all_of_a_list_can_be_reached(opened: Opener) -> None:
    records = [created(f"Account {index}", port=index) for index in range(350)]
    page = opened(
        document_of(ended(synced(*records, undescribed=[{"name": f"Stray {index}"} for index in range(250)])))
    )
    for selector, count in ((".record", 350), ("#undescribed li:not(.end)", 250)):
        _scroll_down(page, selector, until=count)
        assert page.locator(selector).count() == count
    assert page.locator(".record strong").last.text_content() == "Account 349"
    assert page.locator(".end").count() == 0


def test_equal_changes_are_reported_once(opened: Opener) -> None:
    port = [updated(f"Account {index}", {"port": 465}, {"port": 587}) for index in range(25)]
    page = opened(document_of(ended(synced(*port, created("New", port=1))), ended(synced(*port), host="two")))
    expect(page.locator("header")).to_contain_text("50 accounts on 2 hosts: port 465 → 587")
    groups = page.locator(".record > summary")
    assert groups.count() == 2
    assert " ".join(groups.first.inner_text().split()) == "~ 50 accounts to update: port 465 → 587 on 2 hosts"
    # What is created has all its fields, which nobody wants to be listed.
    assert "port" not in groups.last.inner_text()
    group = page.locator(".record").first
    assert [row.split("\t") for row in group.locator("tbody tr").all_inner_texts()] == [["port", "465", "587"]]
    expect(group).to_contain_text("two: Account 0, Account 1, ")
    page.get_by_label("Search").fill('"account 17"')
    expect(page.get_by_role("status")).to_have_text("2 of 51 records shown")
    expect(groups).to_have_count(1)
    page.get_by_label("Host", exact=True).select_option("two")
    assert shown_keys(page) == ["Account 17"]


def test_hosts_by_state(opened: Opener) -> None:
    page = opened(report())
    chart = page.get_by_role("img", name="Hosts by state: 1 not reached, 2 differ")
    expect(chart).to_be_visible()
    widths = [part.bounding_box() for part in chart.locator("div").all()]
    assert [bool(box) for box in widths] == [True, True]
    assert round(widths[1]["width"] / widths[0]["width"]) == 2  # type: ignore[index]
    assert " ".join(page.locator("#states figcaption").inner_text().split()) == "1 not reached 2 differ"
    expect(opened(document_of()).locator("#states")).to_be_hidden()


def test_a_reviewer_reads_first_what_is_risky(opened: Opener) -> None:
    page = opened(report(), java_script_enabled=False)
    assert page.locator("header ul").first.locator("li").all_inner_texts() == [
        "Changes on 2 of 3 hosts.",
        "Deletions: 1 (one: Gone).",
    ]


def test_print(opened: Opener) -> None:
    """All changes are on the paper, which is white whatever the screen is like."""
    page = opened(report(), color_scheme="dark")
    dark, white = "rgb(13, 17, 23)", "rgb(255, 255, 255)"
    expect(page.locator("body")).to_have_css("background-color", dark)
    page.get_by_role("button", name="Fold all", exact=True).click()
    assert page.pdf().startswith(b"%PDF")
    assert page.locator(".record:visible:not([open])").count() == 0
    page.emulate_media(media="print")
    expect(page.locator("form")).to_be_hidden()
    expect(page.locator("body")).to_have_css("background-color", white)


@pytest.mark.parametrize("make", [report, hostile_document])
def test_a_phone_shows_it_without_scrolling_sideways(opened: Opener, make: object) -> None:
    assert callable(make)
    page = opened(make(), viewport=PHONE, is_mobile=True, has_touch=True)
    page.get_by_role("button", name="Unfold all").tap()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    # Nor is anything hidden in a part of the page that scrolls, and what is tapped is as large as a finger.
    assert page.locator("#hosts .scroll").evaluate("(region) => region.scrollWidth <= region.clientWidth")
    for selector in ("#hosts button", "#records button", "#search", "#host", ".record > summary"):
        box = page.locator(selector).first.bounding_box()
        assert box
        assert box["height"] >= 44, selector


def test_a_phone_shows_the_hosts_as_blocks(opened: Opener) -> None:
    page = opened(report(), viewport=PHONE, is_mobile=True)
    host = page.locator("#hosts tbody tr").first
    boxes = [cell.bounding_box() for cell in host.locator("td").all()]
    assert len({box["x"] for box in boxes if box}) == 1
    names = host.locator("td").evaluate_all(
        "(cells) => cells.map((cell) => getComputedStyle(cell, '::before').content)"
    )
    assert names == [
        '"Status"',
        '"Create"',
        '"Update"',
        '"Delete"',
        '"Unknown"',
        '"Unchanged"',
        '"Failed"',
        '"Seconds"',
    ]


def test_without_scripts_the_totals_are_there(opened: Opener) -> None:
    page = opened(report(), java_script_enabled=False)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("noscript")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1200, "height": 900}, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("make", [report, hostile_document, document_of])
def test_accessibility(opened: Opener, make: object, size: dict[str, int], scheme: str) -> None:
    assert callable(make)
    page = opened(make(), viewport=size, color_scheme=scheme)
    page.get_by_role("button", name="Unfold all").click()
    found = Axe().run(page)
    assert found.response["passes"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found.response["violations"]] == []
