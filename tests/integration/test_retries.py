# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run tells of requests that had to be retried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, account, settings

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

ACCOUNTS, SETTINGS = "/api/email/accounts", "/api/v2/email/settings"


@pytest.mark.parametrize("spec", WAYS)
def test_what_was_retried_is_in_the_result(playbook: Playbook, spec: ModuleSpec) -> None:
    """Each request with its reason; also where the task fails in the end, and not where all went well."""
    sandbox = playbook.sandbox
    sandbox.fault(ACCOUNTS, method="GET", status=503, headers={"Retry-After": "0"})
    sandbox.fault(ACCOUNTS, method="POST", status=504, after=True)
    sandbox.fault(SETTINGS, method="GET", status=429, headers={"Retry-After": "0"}, times=2)
    run = playbook.run(
        [
            Task("account", "email_account", {**account(), "retries": 2}),
            Task("account again", "email_account", account()),
            Task("settings", "email_settings", {"domain": DOMAIN, **settings(), "retries": 1}),
        ],
        options=["-v"],
        spec=spec,
    )
    created = run.succeeded("account")
    assert created.returned["action"] == "created"
    [retried] = created.returned["retried"]
    assert retried["url"].endswith(ACCOUNTS)
    assert (retried["method"], retried["reason"], retried["times"]) == ("GET", "the server answers 503", 1)
    # The creation was done, so it is not retried: the list shows what it made.
    assert created.writes == ["POST"]
    assert "retried" not in run.succeeded("account again").returned
    assert run.failed("settings").returned["retried"][0]["times"] == 1
    assert "try again later" in run.failed("settings").returned["msg"]
    assert "the server answers 503" in run.output
