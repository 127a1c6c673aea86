# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module ``email_settings_info``: the settings of one, several or all domains, and never a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import Task
from tests.integration.records import DOMAIN, PASSWORD, settings

if TYPE_CHECKING:
    from tests.integration.playbook import Playbook

A, B, C = "a.example.com", "b.example.com", "c.example.com"
WANTED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all": ({}, [A, B, C]),
    "one": ({"domain": B}, [B]),
    "several": ({"domains": [C, "empty.example.com", A]}, [C, A]),
    "filter": ({"filters": {"options.host": "old.example.com"}}, [B, C]),
    "two filters": ({"filters": {"options.host": "old.example.com", "options.port": "25"}}, [C]),
    "domain and filter": ({"domains": [A, B], "filters": {"options.host": "old.example.com"}}, [B]),
    "empty list": ({"domains": []}, []),
}


@pytest.mark.parametrize("check", [False, True], ids=["for real", "check mode"])
def test_which_settings_are_returned(playbook: Playbook, check: bool) -> None:
    playbook.sandbox.put_settings(A, settings())
    playbook.sandbox.put_settings(B, settings(host="old.example.com"))
    playbook.sandbox.put_settings(C, settings(host="old.example.com", port=25))
    playbook.sandbox.control("PUT", "webitel/domains/empty.example.com")
    run = playbook.run(
        [Task(name, "email_settings_info", arguments, check=check) for name, (arguments, _domains) in WANTED.items()]
    )
    for name, (_arguments, domains) in WANTED.items():
        outcome = run.succeeded(name)
        assert [record["domain"] for record in outcome.returned["email_settings"]] == domains
        assert outcome.returned["changed"] is False
        assert outcome.writes == []


def test_settings_without_secrets(playbook: Playbook) -> None:
    """Secrets are left out at every level, all else is there."""
    secrets = {"dkim": {"privateKey": "hidden", "domainName": DOMAIN}, "oauth": [{"clientSecret": "hidden", "id": 1}]}
    live = {**settings(**secrets, accessToken="hidden"), "api_key": "hidden", "owner": "voice"}
    playbook.sandbox.put_settings(DOMAIN, live)
    opened = {"domain": DOMAIN, "shown_fields": ["owner"]}
    closed = Task("closed", "email_settings_info", {"domain": DOMAIN})
    run = playbook.run([Task("read", "email_settings_info", opened), closed])
    expected = settings(auth={"user": "pbx@my.example.com"}, dkim={"domainName": DOMAIN}, oauth=[{"id": 1}])
    assert run.succeeded("closed").returned["email_settings"] == [{**expected, "domain": DOMAIN}]
    assert run.succeeded("read").returned["email_settings"] == [{**expected, "domain": DOMAIN, "owner": "voice"}]
    assert "hidden" not in str(run["read"].returned)
    assert PASSWORD not in str(run["read"].returned)
