# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Webitel token that is bound to another domain: the server would read and write that other domain's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import Task
from tests.integration.records import DOMAIN, settings

if TYPE_CHECKING:
    from tests.integration.playbook import Playbook

OTHER = "other.example.com"


@pytest.mark.parametrize(
    ("with_settings", "kind"),
    [([OTHER], "domain"), ([], "domain"), ([DOMAIN], "user"), ([DOMAIN, OTHER], "user")],
    ids=["other has settings", "neither has settings", "wanted has settings", "both have settings"],
)
def test_nothing_is_read_or_written_elsewhere(playbook: Playbook, with_settings: list[str], kind: str) -> None:
    for domain in with_settings:
        playbook.sandbox.put_settings(domain, settings(host=f"smtp.{domain}"))
    before = playbook.sandbox.settings()
    token = playbook.sandbox.tokens(OTHER, kind)
    access = {"domain": DOMAIN, "access_token": token["access_token"], "key": token["key"]}
    run = playbook.run(
        [
            Task("check", "email_settings", {**access, **settings()}, check=True),
            Task("present", "email_settings", {**access, **settings()}),
            Task("replace", "email_settings", {**access, **settings(), "replace": True}),
            Task("absent", "email_settings", {**access, "state": "absent"}),
            Task("info", "email_settings_info", access),
            Task("test", "email_settings_test", {**access, "to_email": "someone@example.com"}),
        ]
    )
    for name in ("check", "present", "replace", "absent", "info", "test"):
        outcome = run.failed(name)
        assert outcome.writes == []
        assert outcome.returned["failure"]["kind"] == "credentials"
        assert OTHER in outcome.returned["msg"]
        assert DOMAIN in outcome.returned["msg"]
        assert f"smtp.{OTHER}" not in str(outcome.returned)
    assert playbook.sandbox.settings() == before
    assert playbook.sandbox.messages() == []


def test_token_of_the_domain_itself(playbook: Playbook) -> None:
    """The guard lets the right token through, which needs no look into the list of domains."""
    access = {"access_token": playbook.sandbox.tokens(DOMAIN)["access_token"], "key": None}
    run = playbook.run(
        [
            Task("create", "email_settings", {**access, "domain": DOMAIN, **settings()}),
            Task("change", "email_settings", {**access, "domain": DOMAIN, "options": {"port": 587}}),
            Task("all", "email_settings_info", access),
            Task("delete", "email_settings", {**access, "domain": DOMAIN, "state": "absent"}),
        ]
    )
    actions = [run.succeeded(name).returned["action"] for name in ("create", "change", "delete")]
    assert actions == ["created", "updated", "deleted"]
    assert [record["domain"] for record in run.succeeded("all").returned["email_settings"]] == [DOMAIN]
    assert not any(call.endswith("/domains") for outcome in run.outcomes.values() for call in outcome.calls)


@pytest.mark.parametrize("with_settings", [True, False])
def test_another_spelling_is_another_domain(playbook: Playbook, with_settings: bool) -> None:
    """Webitel tells domains apart by case, and so do all modules, with a token that is bound to the domain as well."""
    if with_settings:
        playbook.sandbox.put_settings(DOMAIN, settings())
    before = playbook.sandbox.settings()
    other = DOMAIN.upper()
    access = {"access_token": playbook.sandbox.tokens(DOMAIN)["access_token"], "key": None}
    run = playbook.run(
        [
            Task("present", "email_settings", {**access, "domain": other, **settings()}),
            Task("absent", "email_settings", {**access, "domain": other, "state": "absent"}),
            Task("info", "email_settings_info", {**access, "domain": other}),
            Task("test", "email_settings_test", {**access, "domain": other, "to_email": "someone@example.com"}),
            Task("sync", "email_settings_sync", {**access, "settings": [{"domain": other, **settings()}]}),
        ],
        domains_known=False,
    )
    for name in run.outcomes:
        outcome = run.failed(name)
        assert f"the server spells the domain {DOMAIN}, not {other}" in outcome.returned["msg"]
        assert outcome.writes == []
    assert playbook.sandbox.settings() == before
