# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A PUT replaces the whole record: what nobody mentioned must survive it, and its 404 means more than one thing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Task, in_turn
from tests.integration.records import DOMAIN, account, settings
from tests.integration.ritual import assert_unchanged

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

NOT_FOUND = json.dumps({"status": "error", "info": "Not found."})
SETTINGS = "/api/v2/email/settings"
CHANGE = Task("change", "email_settings", {"domain": DOMAIN, "options": {"port": 587}})


def test_unknown_keys_survive_at_every_level(playbook: Playbook) -> None:
    transport = {
        "tls": {"rejectUnauthorized": True, "minVersion": "TLSv1.2", "ciphers": {"prefer": ["one", "two"]}},
        "dkim": {"privateKey": "a-private-key", "keys": [{"keySelector": "2026"}]},
        "auth": {"user": "pbx@my.example.com", "pass": "first-password", "method": "PLAIN", "oauth": {"scope": None}},
        "nothing": {},
    }
    live = playbook.sandbox.put_settings(DOMAIN, {**settings(**transport), "owner": {"team": "voice", "floor": 3}})
    wanted = {"tls": {"reject_unauthorized": False}, "auth": {"user": "new"}, "extra": {"dkim": {"domainName": DOMAIN}}}
    run = playbook.run(
        [Task("change", "email_settings", {"domain": DOMAIN, "from": "x@example.com", "options": wanted})]
    )
    changed = ["from", "options.auth.user", "options.dkim.domainName", "options.tls.rejectUnauthorized"]
    assert run.succeeded("change").returned["changed_fields"] == changed
    live["from"] = "x@example.com"
    live["options"]["tls"]["rejectUnauthorized"] = False
    live["options"]["auth"]["user"] = "new"
    live["options"]["dkim"]["domainName"] = DOMAIN
    assert playbook.sandbox.settings()[DOMAIN] == live


def test_no_field_of_the_server_goes_out(playbook: Playbook) -> None:
    """The Webitel server refuses a record with an ``_id``, so this one is not the sandbox's word alone."""
    playbook.sandbox.put_settings(DOMAIN, settings())
    (account_id,) = playbook.sandbox.add_accounts([account()])
    run = playbook.run(
        [
            CHANGE,
            Task("replace", "email_settings", {"domain": DOMAIN, **settings(), "replace": True}),
            Task("account", "email_account", {"id": account_id, "smtp_port": 587}),
        ]
    )
    for name in ("change", "replace"):
        (body,) = run.succeeded(name).bodies("PUT")
        assert sorted(body) == ["description", "from", "options", "provider"]
    (body,) = run.succeeded("account").bodies("PUT")
    assert sorted(body) == sorted(account())


def test_settings_deleted_meanwhile(playbook: Playbook) -> None:
    """The record that was read is gone when it is written: it is made again, whole."""
    live = {**settings(pool=True), "_id": "5f5f5f5f5f5f5f5f5f5f5f5f", "domain": DOMAIN}
    playbook.sandbox.fault(SETTINGS, method="GET", status=200, body=json.dumps(live))
    outcome = playbook.run([CHANGE]).succeeded("change")
    assert outcome.writes == ["PUT", "POST"]
    assert outcome.returned["action"] == "created"
    assert playbook.sandbox.settings()[DOMAIN]["options"] == settings(pool=True, port=587)["options"]


@pytest.mark.parametrize("executed_first", [False, True], ids=["by another run", "by the same request"])
def test_settings_are_already_as_wanted(playbook: Playbook, executed_first: bool) -> None:
    """The 404 only says that nothing was modified: the state is right, so the task succeeds."""
    playbook.sandbox.traps(webitel_unchanged="not_found")
    if executed_first:
        playbook.sandbox.put_settings(DOMAIN, settings())
        playbook.sandbox.fault(SETTINGS, method="PUT", status=404, body=NOT_FOUND, after=True)
    else:
        playbook.sandbox.put_settings(DOMAIN, settings(port=587))
        before = {**settings(), "domain": DOMAIN}
        playbook.sandbox.fault(SETTINGS, method="GET", status=200, body=json.dumps(before))
    run = playbook.run([CHANGE, Task("repeat", CHANGE.module, CHANGE.arguments)])
    outcome = run.succeeded("change")
    assert outcome.calls == [f"{method} /engine{SETTINGS}" for method in ("GET", "PUT", "GET")]
    assert outcome.returned["email_settings"]["options"]["port"] == 587
    assert_unchanged(run.succeeded("repeat"))


@pytest.mark.parametrize("spec", WAYS)
@pytest.mark.parametrize("unchanged", ["stored", "not_found"])
def test_settings_that_the_server_writes_in_its_own_way(playbook: Playbook, spec: ModuleSpec, unchanged: str) -> None:
    """A server may say 404 to a PUT of what it stores, as it would write it: that is reported with both values."""
    playbook.sandbox.traps(webitel_normalise="on", webitel_unchanged=unchanged)
    entry = {"domain": DOMAIN, **settings(host="SMTP.Example.COM")}
    arguments = {"email_settings": entry, "email_settings_sync": {"settings": [entry]}}
    run = playbook.run(in_turn(arguments, "first", "check", "second", check="check"), spec=spec)
    for module in arguments:
        check, second = run.succeeded(f"check {module}"), run.succeeded(f"second {module}")
        assert check.returned["changed"] == second.returned["changed"]
        for outcome in (check, second):
            (warning,) = outcome.warnings
            assert all(text in warning for text in ("options.host", "'SMTP.Example.COM'", "'smtp.example.com'"))


@pytest.mark.parametrize("module", ["email_settings", "email_settings_sync"])
def test_settings_that_are_there_after_a_404(playbook: Playbook, module: str) -> None:
    """Nothing was modified, says the 404 of a PUT whose record is there: the server stores it otherwise than sent."""
    playbook.sandbox.put_settings(DOMAIN, settings())
    playbook.sandbox.fault(SETTINGS, method="PUT", status=404, body=NOT_FOUND)
    arguments = CHANGE.arguments if module == "email_settings" else {"settings": [CHANGE.arguments]}
    outcome = playbook.run([Task("change", module, arguments)]).succeeded("change")
    assert outcome.writes == ["PUT"]
    assert any("options.port: sent 587, but the server stores 465" in warning for warning in outcome.warnings)


@pytest.mark.parametrize("module", ["email_settings", "email_settings_sync"])
def test_an_answer_that_repeats_what_was_sent(playbook: Playbook, module: str) -> None:
    """A server may store a value in its own way and answer with the one that came."""
    entry = {"domain": DOMAIN, **settings(), "description": "Mail of the PBX"}
    playbook.sandbox.traps(webitel_normalise="texts")
    playbook.sandbox.put_settings(DOMAIN, {**settings(), "description": "mail of the pbx"})
    echo = json.dumps({**settings(), "description": "Mail of the PBX", "domain": DOMAIN})
    playbook.sandbox.fault(SETTINGS, method="PUT", status=200, body=echo, after=True)
    arguments = entry if module == "email_settings" else {"settings": [entry]}
    outcome = playbook.run([Task("second", module, arguments)]).succeeded("second")
    assert outcome.calls == [f"{method} /engine{SETTINGS}" for method in ("GET", "PUT", "GET")]
    (warning,) = outcome.warnings
    assert "description: sent 'Mail of the PBX', but the server stores 'mail of the pbx'" in warning


@pytest.mark.parametrize("body", ["<h1>404</h1>", "{}"], ids=["HTML", "JSON"])
def test_404_that_is_not_about_a_record(playbook: Playbook, body: str) -> None:
    """A wrong ``api_url`` must not look like a domain without settings, which would be created or left alone."""
    playbook.sandbox.fault("/", status=404, body=body, times=100)
    arguments: dict[str, dict[str, Any]] = {
        "create": {"domain": DOMAIN, **settings()},
        "delete": {"domain": DOMAIN, "state": "absent"},
    }
    run = playbook.run([Task(name, "email_settings", options) for name, options in arguments.items()])
    for name in arguments:
        outcome = run.failed(name)
        assert outcome.writes == []
        assert "check api_url" in outcome.returned["msg"].lower()
