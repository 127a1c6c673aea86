# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another run writes a profile between a task's read and its write."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.profile import NEW
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.sync_spec import (
    EMAIL_PROFILES_SYNC,
)
from tests.unit.plugins.module_utils._products.webitel_cloud.calls import LIST
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

FLOW = {"id": "7", "name": "Tickets"}
SPEC = EMAIL_PROFILES_SYNC.argument_spec["profiles"]["options"]
PASSWORD = "planted-password-1f0c"
UNSET = {"mailbox": "", "imap_port": 0, "smtp_port": 0, "fetch_interval": 0}
GONE = {"id": "store.sql_email_profile.update.app_error", "code": 404, "detail": "no rows", "status": "Not Found"}
GET, PATCH, PUT, POST = (f"{method} /email/profile/1" for method in ("GET", "PATCH", "PUT", "POST"))


def live(**fields: Any) -> dict[str, Any]:
    """A profile as the server answers it."""
    return {"id": "1", "name": "a", "schema": FLOW, "smtp_host": "a", "auth_type": "Plain", **fields}


def whole(**fields: Any) -> dict[str, Any]:
    """The body that writes all of this profile."""
    return {**NEW, **UNSET, "name": "a", "smtp_host": "a", "schema": {"id": "7"}, **fields}


def run(cloud: Runner, many: bool, **fields: Any) -> dict[str, Any]:
    """The result about the profile, of a task about it alone or of one about many."""
    if not many:
        return cloud.run(EMAIL_PROFILE, name="a", **fields)
    result = cloud.run(EMAIL_PROFILES_SYNC, profiles=[all_options(SPEC, {"name": "a", **fields})])
    (entry,) = result["results"]
    return {**entry, "msg": result.get("msg")}


def begins(conversation: Conversation, profile: dict[str, Any]) -> None:
    """Expect what a task reads first."""
    conversation.expect(LIST).answers({"items": [{name: profile[name] for name in ("id", "name")}]})
    conversation.expect(GET).answers(profile)


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("changes", [{"description": "b"}, {"auth_type": "OAuth2"}])
@pytest.mark.parametrize("given", [{}, {"password": PASSWORD, "update_password": "on_create"}])
def test_a_profile_that_is_made_again_gets_the_password_of_the_task(
    conversation: Conversation, cloud: Runner, changes: dict[str, Any], given: dict[str, Any], many: bool
) -> None:
    """The update would have kept the stored one, which nobody knows and which is gone."""
    begins(conversation, live())
    if "description" in changes:
        conversation.expect(PATCH, {**changes, "fields": ["description"]}).answers(GONE, status=404)
    conversation.expect(GET).answers(GONE, status=404)
    password = {"password": PASSWORD} if given else {}
    conversation.expect("POST /email/profile", whole(**changes, **password)).answers({**live(**changes), "id": "2"})
    result = run(cloud, many, **changes, **given)
    assert result["action"] == "created"
    assert result["diff"]["after"].get("password") == ("<secret: set>" if given else None)
    assert ("password" in result["changed_fields"]) is bool(given)
    if not many:
        assert result["password_check"] == ("set" if given else "not_given")
    (warning,) = [text for text in cloud.warnings if "is created again: id 2" in text]
    assert ("lost, so give it: password" in warning) is not bool(given)
