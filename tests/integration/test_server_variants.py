# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers that write the same record in other ways, or store something else than what they were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, account, settings
from tests.integration.ritual import assert_unchanged

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Outcome, Playbook

LEAST = {"name": "Alarms", "email": "alarms@example.com"}


@pytest.mark.parametrize(
    "traps",
    [
        {"itflex_port": "string"},
        {"itflex_absent": "null"},
        {"itflex_absent": "empty"},
        {"itflex_absent": "omit"},
        {"itflex_shuffle": "on", "itflex_extra": "on"},
        {"itflex_extra": "on", "itflex_unknown_fields": "reject"},
        {"itflex_extra": "on", "itflex_unknown_fields": "reject", "itflex_absent": "empty", "itflex_port": "string"},
    ],
    ids=lambda traps: ", ".join(f"{name.removeprefix('itflex_')} {value}" for name, value in traps.items()),
)
def test_no_false_change(playbook: Playbook, traps: dict[str, str]) -> None:
    playbook.sandbox.traps(**traps)
    whole = account(**LEAST)
    run = playbook.run(
        [
            Task("create", "email_account", LEAST),
            Task("repeat", "email_account", LEAST),
            Task("absent as empty", "email_account", {**LEAST, "smtp_server": "", "password": ""}),
            Task("change", "email_account", whole),
            Task("repeat the change", "email_account", whole),
        ]
    )
    assert run.succeeded("create").returned["action"] == "created"
    changed = ["has_auth", "password", "smtp_auth_mechanism", "smtp_crypt", "smtp_port", "smtp_server"]
    assert run.succeeded("change").returned["changed_fields"] == changed
    for name in ("repeat", "absent as empty", "repeat the change"):
        assert_unchanged(run.succeeded(name))
    assert not any(outcome.warnings for outcome in run.outcomes.values())
    (stored,) = playbook.sandbox.accounts()
    assert stored.items() >= whole.items()


@pytest.mark.parametrize("behaviour", ["unmade", "kept"])
def test_another_default_account(playbook: Playbook, behaviour: str) -> None:
    """Making one account the default un-makes the other on some servers; where not, that is said."""
    playbook.sandbox.traps(itflex_default=behaviour)
    playbook.sandbox.add_accounts([account(name="Old", default=True), account(name="New", email="new@example.com")])
    run = playbook.run(
        [
            Task("new default", "email_account", {"name": "New", "default": True}),
            Task("repeat", "email_account", {"name": "New", "default": True}),
            Task("old", "email_account", {"name": "Old", "default": False}),
        ]
    )
    assert run.succeeded("new default").returned["changed_fields"] == ["default"]
    assert_unchanged(run.succeeded("repeat"))
    if behaviour == "unmade":
        assert run["new default"].warnings == []
        assert_unchanged(run.succeeded("old"))
    else:
        (warning,) = run["new default"].warnings
        assert "Old (id 1)" in warning
        assert run.succeeded("old").returned["changed_fields"] == ["default"]
    assert {entry["name"]: entry["default"] for entry in playbook.sandbox.accounts()} == {"Old": False, "New": True}


def test_another_value_is_stored(playbook: Playbook) -> None:
    """A server that makes a value its own is warned about, since the next run would change it again."""
    playbook.sandbox.traps(webitel_normalise="on", itflex_normalise="on")
    playbook.sandbox.put_settings("live.example.com", settings())
    host = {"host": "SMTP.Example.COM"}
    run = playbook.run(
        [
            Task("create settings", "email_settings", {"domain": DOMAIN, **settings(**host)}),
            Task("change settings", "email_settings", {"domain": "live.example.com", "options": host}),
            Task("create an account", "email_account", account(email="Certs@Example.COM")),
            Task("as stored", "email_settings", {"domain": DOMAIN, **settings()}),
        ]
    )
    for name in ("create settings", "change settings"):
        (warning,) = run.succeeded(name).warnings
        assert all(word in warning for word in ("options.host", "'SMTP.Example.COM'", "'smtp.example.com'"))
        assert run[name].returned["email_settings"]["options"]["host"] == "smtp.example.com"
    (warning,) = run.succeeded("create an account").warnings
    assert all(word in warning for word in ("email", "'Certs@Example.COM'", "'certs@example.com'"))
    assert_unchanged(run.succeeded("as stored"))
    assert run["as stored"].warnings == []


def test_another_secret_is_stored(playbook: Playbook) -> None:
    """The warning names the field and shows neither of the two secrets."""
    stored = (
        '{"provider": "smtp", "options": {"auth": {"user": "u", "pass": "stored-instead"}}, "domain": "my.example.com"}'
    )
    playbook.sandbox.fault("/api/v2/email/settings", method="POST", status=200, body=stored)
    wanted = {"domain": DOMAIN, "options": {"auth": {"user": "u", "pass": "sent-secret"}}}
    run = playbook.run([Task("create", "email_settings", wanted)], options=["-vvv"])
    (warning,) = run.succeeded("create").warnings
    assert "options.auth.pass" in warning
    assert "stored-instead" not in run.output
    assert "sent-secret" not in run.output


LOUD_ACCOUNT = account(email="LOUD@Example.com")
LOUD_SETTINGS = {
    **settings(auth={"user": "PBX@My.Example.com", "pass": "Some-Password"}, extra={"name": "Client.Example.com."}),
    "domain": DOMAIN,
    "description": " Mail of the PBX ",
    "from": "PBX <Pbx@my.example.com>",
}
REWRITTEN = {
    "email": ("'LOUD@Example.com'", "'loud@example.com'"),
    "options.auth.user": ("'PBX@My.Example.com'", "'pbx@my.example.com'"),
    "options.name": ("'Client.Example.com.'", "'client.example.com'"),
    "description": ("' Mail of the PBX '", "'mail of the pbx'"),
    "from": ("'PBX <Pbx@my.example.com>'", "'pbx <pbx@my.example.com>'"),
}
CALLS: dict[str, dict[str, Any]] = {
    "email_settings": LOUD_SETTINGS,
    "email_settings_sync": {"settings": [LOUD_SETTINGS]},
    "email_account": LOUD_ACCOUNT,
    "email_accounts_sync": {"accounts": [LOUD_ACCOUNT]},
}


def assert_reported_of_rewriting(outcome: Outcome, fields: list[str]) -> None:
    """Each field that changes is warned of, with the value that is described and the one that is stored."""
    assert sorted(outcome.returned.get("changed_fields") or outcome.returned["results"][0]["changed_fields"]) == fields
    assert len(outcome.warnings) == len(fields)
    for field in fields:
        (warning,) = (text for text in outcome.warnings if f" {field}: " in text)
        assert all(value in warning for value in REWRITTEN[field])


@pytest.mark.parametrize("spec", WAYS)
@pytest.mark.parametrize("module", CALLS)
@pytest.mark.parametrize("unchanged", ["stored", "not_found"])
def test_what_a_server_rewrites_is_reported_in_each_run(
    playbook: Playbook, spec: ModuleSpec, module: str, unchanged: str
) -> None:
    """A run that would send it once more says what is described and what is stored, in check mode too."""
    playbook.sandbox.traps(webitel_normalise="texts", webitel_unchanged=unchanged, itflex_normalise="on")
    run = playbook.run(
        [
            Task("first", module, CALLS[module]),
            Task("check", module, CALLS[module], check=True),
            Task("second", module, CALLS[module]),
        ],
        spec=spec,
    )
    fields = ["email"] if "account" in module else sorted(set(REWRITTEN) - {"email"})
    assert len(run.succeeded("first").warnings) == len(fields)
    for name in ("check", "second"):
        assert_reported_of_rewriting(run.succeeded(name), fields)
    assert run["check"].writes == []
    assert run["check"].returned["changed"] is run["second"].returned["changed"] is True


def test_what_a_server_may_have_rewritten_of_a_profile(playbook: Playbook) -> None:
    playbook.sandbox.webitel_cloud.add_schema("Tickets")
    wanted = {"name": "Support", "smtp_host": "smtp.example.com", "schema": {"name": "Tickets"}, "password": "a"}
    loud = {**wanted, "smtp_host": "SMTP.example.com", "update_password": "on_create"}
    run = playbook.run(
        [
            Task("first", "email_profile", {**wanted, "login": "support", "imap_host": "imap.example.com"}),
            Task("one", "email_profile", loud, check=True),
            Task("many", "email_profiles_sync", {"profiles": [loud]}, check=True),
        ]
    )
    assert run.succeeded("first").warnings == []
    for name in ("one", "many"):
        (warning,) = run.succeeded(name).warnings
        assert "'SMTP.example.com' is described, and the server stores 'smtp.example.com'" in warning
