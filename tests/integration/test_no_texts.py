# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is no text is refused where a text is meant, in every kind of record, and not stored as Python writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, account

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

NO_TEXTS = {"yes": True, "octal": 0o777, "fraction": 1.5, "mapping": {"a": "b"}, "list": ["a"]}


def _tasks(name: str, value: Any) -> dict[str, Task]:
    """A task for each place where a text may stand, by the field that its problem names."""
    login = {"domain": DOMAIN, "options": {"host": "h", "auth": {"user": value, "pass": "p"}}}
    profile = {"name": "A", "schema": {"name": "Tickets"}}
    many: dict[str, Any] = {"accounts": [{"name": "A"}], "defaults": {"smtp_server": value}}
    places: dict[str, tuple[str, dict[str, Any]]] = {
        "name": ("email_account", {"name": value, "email": "a@example.com"}),
        "email": ("email_account", account(email=value)),
        "smtp_server": ("email_account", account(smtp_server=value)),
        "accounts[0].name": ("email_accounts_sync", {"accounts": [account(name=value)]}),
        "defaults.smtp_server": ("email_accounts_sync", many),
        "accounts[0].former_names[0]": ("email_accounts_sync", {"accounts": [{"name": "A", "former_names": [value]}]}),
        "options.auth.user": ("email_settings", login),
        "options.host": ("email_settings", {"domain": DOMAIN, "options": {"host": value}}),
        "from": ("email_settings", {"domain": DOMAIN, "from": value}),
        "options.extra.name": ("email_settings", {"domain": DOMAIN, "options": {"extra": {"name": value}}}),
        "settings[0].options.auth.user": ("email_settings_sync", {"settings": [login]}),
        "login": ("email_profile", {**profile, "login": value}),
        "schema.name": ("email_profile", {"name": "A", "schema": {"name": value}}),
        "profiles[0].imap_host": ("email_profiles_sync", {"profiles": [{**profile, "imap_host": value}]}),
        "params.oauth2.client_id": ("email_profile", {**profile, "params": {"oauth2": {"client_id": value}}}),
        "to_email": ("email_account_test", {"name": "A", "to_email": value}),
        "domains[0]": ("email_settings_info", {"domains": [value]}),
    }
    return {field: Task(f"{name} {field}", module, options) for field, (module, options) in places.items()}


@pytest.mark.parametrize("spec", WAYS)
def test_no_text_that_is_none(playbook: Playbook, spec: ModuleSpec) -> None:
    # A process each: of one value, every third place.
    values = list(NO_TEXTS.items()) if spec == "action" else [("yes", True)]
    tasks = [
        (field, task)
        for name, value in values
        for index, (field, task) in enumerate(_tasks(name, value).items())
        if spec == "action" or index % 3 == 0
    ]
    run = playbook.run([task for _field, task in tasks], spec=spec)
    for field, task in tasks:
        outcome = run.failed(task.name)
        problems = {entry["field"]: entry["message"] for entry in outcome.returned["failure"]["problems"]}
        assert field in problems, (task.name, problems)
        assert "must be a text, not " in problems[field], (task.name, problems)
        assert "in quotes" in problems[field] or field == "options.extra.name", task.name
        assert outcome.requests == []
    assert playbook.sandbox.accounts() == []


def test_what_says_the_same_as_its_text(playbook: Playbook) -> None:
    """A number of records, all passwords, and a date, which has one way to be written."""
    run = playbook.run(
        [
            Task("limit", "email_accounts_sync", {"accounts": [account()], "prune_limit": 25, "write_passwords": True}),
            Task("name", "email_account", account(name="2026-01-02")),
        ]
    )
    run.succeeded("limit")
    run.succeeded("name")
