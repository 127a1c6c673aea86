# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All problems of an input are reported in one message, and before anything is asked of a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, account

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook


@dataclass(frozen=True)
class Case:
    """Bad arguments; ``words`` must all stand in the message, each for another problem."""

    module: str
    arguments: dict[str, Any]
    words: tuple[str, ...]


_NEW = {"name": "New", "email": "new@example.com"}
_BAD_ACCOUNT = {"email": "no address", "has_auth": True, "smtp_port": 70000, "smtp_server": "https://x"}
_UNKEPT = {"a.b": 1, "tls": {"$c": 1}, "access_token": "x", "list": [{"x_key": "x"}], "big": 2**53 + 1}
_BAD_SETTINGS = {"from": "nobody", "options": {"port": 0, "host": "a b", "extra": {"port": 25}}}

WITHOUT_A_SERVER = {
    "account": Case(
        "email_account",
        {"name": " ", **_BAD_ACCOUNT, "timeout": 0, "retries": -1},
        ("name: ", "email: ", "smtp_port: ", "smtp_server: ", "timeout: ", "retries: "),
    ),
    "account with a bad choice": Case(
        "email_account",
        {"name": "New", **_BAD_ACCOUNT, "smtp_crypt": "tls", "service": "yahoo", "nonsense": 1},
        ("smtp_crypt", "service", "nonsense", "email: ", "smtp_port: ", "smtp_server: "),
    ),
    "account of a bad type": Case(
        "email_account",
        {**_NEW, "smtp_port": "many", "default": "perhaps", "password": "********"},
        ("smtp_port", "default", "password: "),
    ),
    "mechanism against has_auth": Case(
        "email_account",
        {**_NEW, "has_auth": False, "smtp_auth_mechanism": "plain", "smtp_port": 0},
        ("smtp_auth_mechanism: ", "smtp_port: "),
    ),
    "no identity": Case("email_account", {"smtp_port": 0}, ("id, name, email", "smtp_port: ")),
    "settings": Case(
        "email_settings",
        {"domain": "a/b", **_BAD_SETTINGS, "api_url": "https://me:pw@pbx.example.com", "key": "a\nb"},
        ("domain: ", "from: ", "options.port: ", "options.host: ", "options.extra.port: ", "api_url: ", "key: "),
    ),
    "settings that the server cannot keep": Case(
        "email_settings",
        {"domain": DOMAIN, "provider": "sendgrid", "options": {"extra": _UNKEPT}},
        (
            *("provider: must be smtp", "options.extra.a.b: ", "options.extra.tls.$c: "),
            *("options.extra.access_token: ", "options.extra.list.0.x_key: ", "options.extra.big: is above 2^53"),
        ),
    ),
    "settings of many domains that the server cannot keep": Case(
        "email_settings_sync",
        {
            "settings": [{"domain": "a.example", "options": {"extra": _UNKEPT}}, {"domain": DOMAIN}],
            "defaults": {"provider": "SMTP"},
        },
        (
            *("settings[0].provider: ", "settings[1].provider: ", "settings[0].options.extra.a.b: "),
            *("settings[0].options.extra.tls.$c: ", "settings[0].options.extra.list.0.x_key: "),
        ),
    ),
    "settings with a bad choice": Case(
        "email_settings",
        {**_BAD_SETTINGS, "state": "gone", "update_password": "never"},
        ("domain", "state", "update_password", "from: ", "options.port: ", "options.host: "),
    ),
    "account test": Case(
        "email_account_test",
        {"email": "x", "to_email": "y", "smtp_port": 0, "id": 1},
        ("email: ", "to_email: ", "smtp_port: ", "id: "),
    ),
    "settings test": Case("email_settings_test", {"domain": "a b", "to_email": "y"}, ("domain: ", "to_email: ")),
    "account filters": Case(
        "email_account_info",
        {"filters": {"password": "x", "colour": "red"}},
        ("filters.password: ", "filters.colour: "),
    ),
    "settings filters": Case(
        "email_settings_info",
        {"domains": ["a b", DOMAIN, "c/d"], "filters": {"options.auth.pass": "x"}},
        ("domains[0]: ", "domains[2]: ", "filters.options.auth.pass: "),
    ),
}
AFTER_READING = {
    "nothing to log in with": Case(
        "email_account",
        {"name": "New", "has_auth": True, "smtp_auth_mechanism": "plain"},
        ("email: is needed", "password: is needed"),
    ),
    "mechanism alone": Case("email_account", {**_NEW, "smtp_auth_mechanism": "plain"}, ("smtp_auth_mechanism: ",)),
    "no name": Case("email_account", {"email": "new@example.com"}, ("name: is needed",)),
    "login switched on": Case("email_account", {"name": "Live", "has_auth": True}, ("password: is needed",)),
    "no options": Case("email_settings", {"domain": DOMAIN, "from": "x@example.com"}, ("options: are needed",)),
}


@pytest.mark.parametrize("spec", WAYS)
def test_all_problems_at_once(playbook: Playbook, spec: ModuleSpec) -> None:
    playbook.sandbox.add_accounts([account(name="Live", has_auth=False, password=None, smtp_auth_mechanism=None)])
    cases = WITHOUT_A_SERVER | AFTER_READING
    run = playbook.run([Task(name, case.module, case.arguments) for name, case in cases.items()], spec=spec)
    for name, case in cases.items():
        outcome = run.failed(name)
        assert outcome.returned["failure"]["kind"] == "input"
        assert [word for word in case.words if word not in outcome.returned["msg"]] == []
        assert len(outcome.returned["failure"]["problems"]) >= len(case.words)
        assert outcome.writes == []
    assert not any(run[name].requests for name in WITHOUT_A_SERVER)


def test_missing_credentials(playbook: Playbook) -> None:
    run = playbook.run(
        [
            Task("webitel", "email_settings_info", {"api_url": "http://127.0.0.1:1"}),
            Task("itflex", "email_account_info", {"api_url": "http://127.0.0.1:1"}),
            Task("no address", "email_account_info", {"access_token": "x"}),
            Task("no password", "email_settings_info", {"api_url": "http://127.0.0.1:1", "username": "me"}),
            Task(
                "two ways",
                "email_settings_info",
                {"api_url": "http://127.0.0.1:1", "username": "me", "password": "x", "access_token": "y"},
            ),
        ],
        defaults={},
    )
    fields = {name: outcome.returned["failure"]["problems"][0]["field"] for name, outcome in run.outcomes.items()}
    assert fields == {
        "webitel": "access_token",
        "itflex": "access_token",
        "no address": "api_url",
        "no password": "password",
        "two ways": "access_token",
    }
    assert "WEBITEL_ACCESS_TOKEN" in run.failed("webitel").returned["msg"]
    assert "ITFLEX_REFRESH_TOKEN" in run.failed("itflex").returned["msg"]
    assert "ITFLEX_API_URL" in run.failed("no address").returned["msg"]
