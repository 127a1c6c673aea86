# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task may open of an email profile: never a password."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine import secret
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.shown_fields import SHOWN
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import (
    EMAIL_PROFILE,
    EMAIL_PROFILE_INFO,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.sync_spec import (
    EMAIL_PROFILES_SYNC,
)
from tests.unit.plugins.module_utils.running import Runner

CONNECTION = {"api_url": "http://127.0.0.1:9", "access_token": "t", "retries": 0}


@pytest.mark.parametrize("path", ["password", "params.oauth2.client_secret"])
@pytest.mark.parametrize(
    ("spec", "options"),
    [(EMAIL_PROFILE, {"name": "a"}), (EMAIL_PROFILE_INFO, {}), (EMAIL_PROFILES_SYNC, {"profiles": []})],
)
def test_nobody_opens_a_password(spec: Any, options: dict[str, Any], path: str) -> None:
    result = Runner(CONNECTION).run(spec, **options, shown_fields=[path])
    assert [problem["field"] for problem in result["failure"]["problems"]] == ["shown_fields[0]"]


def test_names_are_shown_whatever_they_are() -> None:
    """A profile is found by its name, and a flow by its own."""
    record = {"name": "u:p@host:25", "schema": {"name": "u:q@host:25"}, "description": "u:r@host:25"}
    shown = secret.omit(secret.wrap(record, SHOWN))
    assert shown == {"name": "u:p@host:25", "schema": {"name": "u:q@host:25"}}
