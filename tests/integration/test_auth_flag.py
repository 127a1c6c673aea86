# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The authentication flag of an account: ``has_auth`` on one appliance, ``hash_auth`` on another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import Task
from tests.integration.records import account
from tests.integration.ritual import assert_unchanged

if TYPE_CHECKING:
    from tests.integration.playbook import Playbook


@pytest.mark.parametrize("required", ["on", "off"], ids=["required", "not required"])
@pytest.mark.parametrize("unknown", ["ignore", "reject"])
@pytest.mark.parametrize("name", ["has_auth", "hash_auth"])
def test_either_name_from_an_empty_list_on(playbook: Playbook, name: str, unknown: str, required: str) -> None:
    """Where the flag is not required, a server that does not know the name that was sent stores ``false`` silently."""
    playbook.sandbox.traps(itflex_auth_field=name, itflex_unknown_fields=unknown, itflex_auth_required=required)
    second = account(name="Second", email="second@example.com")
    run = playbook.run(
        [
            Task("create", "email_account", account()),
            Task("repeat", "email_account", account()),
            Task("create another", "email_account", second),
            Task("switch off", "email_account", {"name": "Second", "has_auth": False}),
        ]
    )
    assert run.succeeded("create").returned["email_account"]["has_auth"] is True
    assert_unchanged(run.succeeded("repeat"))
    assert run.succeeded("create another").returned["action"] == "created"
    assert run.succeeded("switch off").returned["changed_fields"] == ["has_auth"]
    assert not any(outcome.warnings for outcome in run.outcomes.values())
    other_name = {"has_auth": "hash_auth", "hash_auth": "has_auth"}[name]
    for known in (*run["create another"].bodies("POST"), *run["switch off"].bodies("PUT")):
        assert name in known
        assert other_name not in known
    stored = {entry["name"]: entry["has_auth"] for entry in playbook.sandbox.accounts()}
    assert stored == {"Certificates": True, "Second": False}


@pytest.mark.parametrize("name", ["has_auth", "hash_auth"])
def test_test_message_to_a_server_whose_name_is_not_known_yet(playbook: Playbook, name: str) -> None:
    playbook.sandbox.traps(itflex_auth_field=name, itflex_unknown_fields="reject")
    smtp = playbook.sandbox.ready["smtp"]
    server = {"smtp_server": smtp["host"], "smtp_port": smtp["ssl_tls"], "smtp_crypt": "ssl-tls"}
    login = {"email": smtp["username"], "password": smtp["password"], "to_email": "someone@example.com"}
    run = playbook.run([Task("send", "email_account_test", {**server, **login})])
    assert run.succeeded("send").returned["sent"] is True
    (message,) = playbook.sandbox.messages()
    assert message["auth_user"] == smtp["username"]
