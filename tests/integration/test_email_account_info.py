# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module ``email_account_info``: one, several or all accounts, and never a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import Task
from tests.integration.records import PASSWORD, account

if TYPE_CHECKING:
    from tests.integration.playbook import Playbook

LIVE = [
    account(name="One", email="one@example.com"),
    account(name="Two", email="two@example.com", smtp_crypt="none", smtp_port=25),
    account(name="Three", email="three@example.com", smtp_crypt="none"),
]
WANTED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all": ({}, ["One", "Two", "Three"]),
    "one by id": ({"id": 2}, ["Two"]),
    "several by id": ({"id": [1, 3, 99]}, ["One", "Three"]),
    "by name": ({"name": ["Three", "Nobody"]}, ["Three"]),
    "by email": ({"email": "two@EXAMPLE.com"}, ["Two"]),
    "by id or name": ({"id": [1], "name": ["Two"]}, ["One", "Two"]),
    "filter": ({"filters": {"smtp_crypt": "none"}}, ["Two", "Three"]),
    "two filters": ({"filters": {"smtp_crypt": "none", "smtp_port": "25"}}, ["Two"]),
    "name and filter": ({"name": ["One", "Two"], "filters": {"smtp_crypt": "none"}}, ["Two"]),
    "empty list": ({"name": []}, []),
}


@pytest.mark.parametrize("check", [False, True], ids=["for real", "check mode"])
def test_which_accounts_are_returned(playbook: Playbook, check: bool) -> None:
    playbook.sandbox.add_accounts(LIVE)
    run = playbook.run(
        [Task(name, "email_account_info", arguments, check=check) for name, (arguments, _names) in WANTED.items()]
    )
    for name, (_arguments, names) in WANTED.items():
        outcome = run.succeeded(name)
        assert [entry["name"] for entry in outcome.returned["email_accounts"]] == names
        assert outcome.returned["changed"] is False
        assert outcome.calls == ["GET /api/email/accounts"]


@pytest.mark.parametrize("flag", ["has_auth", "hash_auth"])
def test_accounts_without_secrets(playbook: Playbook, flag: str) -> None:
    """An account is shown as the module ``email_account`` takes it, whatever words the server uses."""
    playbook.sandbox.add_accounts(LIVE[:1])
    playbook.sandbox.traps(itflex_auth_field=flag, itflex_extra="on")
    run = playbook.run([Task("read", "email_account_info")])
    (entry,) = run.succeeded("read").returned["email_accounts"]
    shown = {name: value for name, value in LIVE[0].items() if name != "password"}
    assert entry.items() >= {**shown, "id": 1, "quota": {"used": 3}}.items()
    assert not {"password", "hash_auth"} & entry.keys()
    assert PASSWORD not in str(run["read"].returned)
