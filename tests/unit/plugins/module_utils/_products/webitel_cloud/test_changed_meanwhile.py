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


def patched(conversation: Conversation, answer: dict[str, Any], **changes: Any) -> None:
    """Expect a PATCH of these fields alone."""
    body = {**changes, "fields": ["schema.id" if name == "schema" else name for name in sorted(changes)]}
    conversation.expect(PATCH, body).answers(answer)


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("password", [{}, {"password": PASSWORD}])
def test_what_another_run_changed_of_the_description_is_sent_too(
    conversation: Conversation, cloud: Runner, many: bool, password: dict[str, str]
) -> None:
    """A PATCH leaves it as it is, and its answer shows it."""
    begins(conversation, live(description="Mail"))
    patched(conversation, live(description="Theirs", smtp_host="b"), smtp_host="b", **password)
    patched(conversation, live(description="Mail", smtp_host="b"), description="Mail", **password)
    result = run(cloud, many, description="Mail", smtp_host="b", **password)
    assert result["changed_fields"] == [*password, "smtp_host"]
    before, after = result["diff"]["before"], result["diff"]["after"]
    assert (before["description"], before["smtp_host"]) == ("Mail", "a")
    assert (after["description"], after["smtp_host"]) == ("Mail", "b")
    assert cloud.warnings == []


@pytest.mark.parametrize("many", [False, True])
def test_what_another_run_changed_besides_the_description_stays(
    conversation: Conversation, cloud: Runner, many: bool
) -> None:
    begins(conversation, live(description="Mail"))
    patched(conversation, live(description="Mail", mailbox="Theirs", smtp_host="b"), smtp_host="b")
    assert run(cloud, many, description="Mail", smtp_host="b")["action"] == "updated"
    assert cloud.warnings == []


def test_what_only_put_writes_is_sent_with_all_that_is_there_by_now(conversation: Conversation, cloud: Runner) -> None:
    begins(conversation, live())
    theirs = live(auth_type="OAuth2", smtp_host="b", mailbox="Theirs")
    patched(conversation, theirs, smtp_host="b")
    conversation.expect(GET).answers(theirs)
    answer = live(smtp_host="b", mailbox="Theirs")
    conversation.expect(PUT, whole(smtp_host="b", mailbox="Theirs")).answers(answer)
    result = run(cloud, False, auth_type="Plain", smtp_host="b")
    assert result["changed_fields"] == ["mailbox", "smtp_host"]
    assert result["email_profile"]["auth_type"] == "Plain"


def test_what_the_server_writes_in_its_own_way_is_sent_once(conversation: Conversation, cloud: Runner) -> None:
    """Whether it or another run wrote it so, the second answer tells."""
    begins(conversation, live(description="Mail"))
    patched(conversation, live(description="mail", smtp_host="b"), smtp_host="b")
    patched(conversation, live(description="mail", smtp_host="b"), description="Mail")
    run(cloud, False, description="Mail", smtp_host="b")
    (warning,) = cloud.warnings
    assert "description: sent 'Mail', but the server stores 'mail'" in warning


def test_what_was_sent_and_is_stored_otherwise_is_not_retried(conversation: Conversation, cloud: Runner) -> None:
    begins(conversation, live())
    patched(conversation, live(smtp_host="B"), smtp_host="b")
    run(cloud, False, smtp_host="b")
    (warning,) = cloud.warnings
    assert "smtp_host: sent 'b', but the server stores 'B'" in warning


@pytest.mark.parametrize("many", [False, True])
def test_a_failure_to_send_the_rest_tells_what_is_written(
    conversation: Conversation, cloud: Runner, many: bool
) -> None:
    begins(conversation, live(description="Mail"))
    patched(conversation, live(description="Theirs", smtp_host="b"), smtp_host="b")
    body = {"description": "Mail", "fields": ["description"]}
    conversation.expect(PATCH, body).answers({"code": 403, "message": "no"}, status=403)
    result = run(cloud, many, description="Mail", smtp_host="b")
    assert "What this task changed before that stays: smtp_host" in result["msg"]


@pytest.mark.parametrize("many", [False, True])
def test_a_profile_that_another_run_switched_off_begins_to_fetch_by_consent_alone(
    conversation: Conversation, cloud: Runner, many: bool
) -> None:
    begins(conversation, live(enabled=True, listen=True))
    patched(conversation, live(listen=True, smtp_host="b"), smtp_host="b")
    result = run(cloud, many, enabled=True, smtp_host="b")
    assert "fetch_existing_mail=true" in result["msg"]
    assert "What this task changed before that stays: smtp_host" in result["msg"]
    assert "failed" in (result.get("action"), "failed" if result.get("failed") else "")


def test_a_profile_that_goes_before_the_rest_is_sent_is_made_again(conversation: Conversation, cloud: Runner) -> None:
    begins(conversation, live(description="Mail"))
    patched(conversation, live(description="Theirs", smtp_host="b"), smtp_host="b")
    conversation.expect(PATCH, {"description": "Mail", "fields": ["description"]}).answers(GONE, status=404)
    conversation.expect(GET).answers(GONE, status=404)
    made = whole(description="Mail", smtp_host="b")
    conversation.expect("POST /email/profile", made).answers(live(id="2", description="Mail", smtp_host="b"))
    result = run(cloud, False, description="Mail", smtp_host="b")
    assert (result["action"], result["email_profile"]["id"]) == ("created", 2)
    assert any("is created again: id 2" in warning for warning in cloud.warnings)


def test_under_a_plan_a_change_of_the_description_meanwhile_stops_its_record(
    conversation: Conversation, cloud: Runner
) -> None:
    fields = {"description": "Mail", "smtp_host": "b"}
    entries = [all_options(SPEC, {"name": "a", **fields})]
    begins(conversation, live(description="Mail"))
    seen = cloud.run(EMAIL_PROFILES_SYNC, check_mode=True, profiles=entries, plan={})
    (item,) = seen["results"]
    entry = {"record": "a", "action": "updated", "changed_fields": item["changed_fields"]}
    reviewed = {"reviewed": [{**entry, "fingerprint": seen["fingerprints"][0]}]}
    begins(conversation, live(description="Mail"))
    patched(conversation, live(description="Theirs", smtp_host="b"), smtp_host="b")
    (item,) = cloud.run(EMAIL_PROFILES_SYNC, profiles=entries, plan=reviewed)["results"]
    assert (item["action"], item["failure"]["kind"]) == ("failed", "plan")
    assert "What this task changed before that stays: smtp_host" in item["error"]


@pytest.mark.parametrize("many", [False, True])
def test_a_creation_whose_answer_is_lost_beside_another_of_the_name(
    conversation: Conversation, cloud: Runner, many: bool
) -> None:
    """One of the two may be the task's own: it says so, and creates no third one."""
    conversation.expect(LIST).answers({"items": []})
    conversation.expect("GET /routing/schema?page=1&size=20000&fields=id&fields=name").answers({"items": [FLOW]})
    conversation.expect("POST /email/profile", {**NEW, "name": "a", "smtp_host": "a", "schema": {"id": "7"}}).answers(
        status=504
    )
    conversation.expect(LIST).answers({"items": [{"id": "2", "name": "a"}, {"id": "3", "name": "a"}]})
    result = run(cloud, many, schema={"id": 7}, smtp_host="a")
    assert "was created more than once meanwhile (id 2, id 3), by this task or others is not known: leave one" in (
        result["msg"] or result["error"]
    )


@pytest.mark.parametrize("many", [False, True])
def test_a_profile_that_is_made_again_and_whose_answer_is_lost_is_made_once(
    conversation: Conversation, cloud: Runner, many: bool
) -> None:
    """It has another id than the one that is gone, so it is looked for by its name."""
    begins(conversation, live())
    conversation.expect(PATCH, {"description": "b", "fields": ["description"]}).answers(GONE, status=404)
    conversation.expect(GET).answers(GONE, status=404)
    conversation.expect("POST /email/profile", whole(description="b")).answers(status=502)
    conversation.expect(LIST).answers({"items": [{"id": "2", "name": "a"}]})
    conversation.expect("GET /email/profile/2").answers({**live(description="b"), "id": "2"})
    result = run(cloud, many, description="b")
    assert result["action"] == "created"
