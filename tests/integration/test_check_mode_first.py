# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A whole playbook in check mode, in which later tasks are about what earlier ones would create."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import DOORS, Task
from tests.integration.records import DOMAIN, account, settings

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

RECIPIENT = {"to_email": "someone@example.com"}


@pytest.mark.parametrize("spec", DOORS)
def test_create_then_test(playbook: Playbook, spec: ModuleSpec) -> None:
    tasks = [
        Task("create settings", "email_settings", {"domain": DOMAIN, **settings()}, check=True),
        Task("test settings", "email_settings_test", {"domain": DOMAIN, **RECIPIENT}, check=True),
        Task("read settings", "email_settings_info", {"domain": DOMAIN}, check=True),
        Task("create account", "email_account", account(), check=True),
        Task("test account", "email_account_test", {"name": "Certificates", **RECIPIENT}, check=True),
        Task("test by address", "email_account_test", {"email": "certs@example.com", **RECIPIENT}, check=True),
        Task("read account", "email_account_info", {"name": "Certificates"}, check=True),
        Task("read all", "email_account_info", {}, check=True),
        Task("for real", "email_account_test", {"name": "Certificates", **RECIPIENT}),
        Task("settings for real", "email_settings_test", {"domain": DOMAIN, **RECIPIENT}),
    ]
    run = playbook.run(tasks, spec=spec)
    for name in ("test settings", "test account", "test by address"):
        returned = run.succeeded(name).returned
        assert (returned["sent"], returned["changed"]) == (False, False)
        assert "a task before this one may create it" in returned["msg"]
        assert run[name].writes == []
    assert DOMAIN in run["test settings"].returned["msg"]
    assert "'Certificates'" in run["test account"].returned["msg"]
    for name, what in (("read settings", DOMAIN), ("read account", "'Certificates'")):
        (warning,) = run.succeeded(name).warnings
        assert what in warning
        assert "what a task before this one would create is not there yet" in warning
    assert run.succeeded("read all").warnings == []
    # Outside of check mode nobody may create it any more.
    assert "no live account has 'Certificates'" in run.failed("for real").returned["msg"]
    assert "has no email settings" in run.failed("settings for real").returned["msg"]
