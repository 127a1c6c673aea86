# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as a page, as a file; what a browser makes of it is tested in one elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.html import as_html
from tests.unit.plugins.plugin_utils.report.results import (
    created,
    deleted,
    document_of,
    ended,
    hostile_document,
    synced,
    updated,
)


def _page() -> str:
    return as_html(hostile_document()).decode()


def _content(page: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", page, re.DOTALL)


def test_the_document_stands_in_the_page_as_data() -> None:
    document = hostile_document()
    scripts = _content(as_html(document).decode(), "script")
    assert len(scripts) == 3
    assert json.loads(scripts[0]) == document
    assert not set(scripts[0]) & set("<>&")


def test_the_policy_lets_only_the_page_s_own_script_and_style_work() -> None:
    page = _page()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    assert rules.pop("default-src") == rules.pop("base-uri") == rules.pop("form-action") == "'none'"
    for tag, content in (("script", _content(page, "script")[-1]), ("style", _content(page, "style")[0])):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules.pop(f"{tag}-src") == f"'sha256-{digest}'"
    assert rules == {}


def test_the_page_loads_nothing() -> None:
    page = _page()
    markup = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    tags = " ".join(re.findall(r"<[^<>]*>", markup))
    assert not re.search(r"\b(?:src|srcset|href|action|data|ping|poster)\s*=", tags)
    assert not re.search(r"url\(|@import", _content(page, "style")[0])


def test_a_script_that_does_not_run_is_not_needed_for_the_totals() -> None:
    assert "<h1>No record was looked at</h1>" in as_html(document_of()).decode()


def test_profiles_stand_in_the_page_as_the_other_kinds_do() -> None:
    """In what is read without the script, in the data that it shows, and under the product's own name."""
    moved = [
        updated(name, {"smtp_host": "old.example.com"}, {"smtp_host": "smtp.example.com"}) for name in ("Sales", "Desk")
    ]
    results = synced(created("Support", schema="Tickets"), *moved, deleted("Gone", mailbox="INBOX"))
    cloud = {"api_url": "https://cloud.example.com/api"}
    document = document_of(ended(results, "email_profiles_sync", task="Profiles", arguments=cloud))
    page = as_html(document).decode()
    without_script = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    for words in (
        "<h1>1 to create, 2 to update, 1 to delete</h1>",
        "<li>Deletions: ",
        "Gone",
        "<li>2 profiles: smtp_host ",
    ):
        assert words in without_script, without_script
    data, titles = (json.loads(script) for script in _content(page, "script")[:2])
    ((task,),) = [host["tasks"] for host in data["hosts"]]
    assert (task["product"], task["server"]) == ("webitel_cloud", cloud["api_url"])
    assert [(record["kind"], record["key"]) for record in task["records"]] == [
        ("email_profile", name) for name in ("Support", "Sales", "Desk", "Gone")
    ]
    assert titles["webitel_cloud"] == "Webitel (email profiles)"
