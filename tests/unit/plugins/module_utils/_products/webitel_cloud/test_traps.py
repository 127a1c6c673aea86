# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The traps of the engine behind email profiles, where every request counts: each test fails without its guard."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.profile import NEW
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import (
    EMAIL_PROFILE,
    EMAIL_PROFILE_INFO,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.sync_spec import (
    EMAIL_PROFILES_SYNC,
)
from tests.unit.plugins.module_utils._products.webitel_cloud.calls import LIST as PAGE
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

FLOWS = "GET /routing/schema?page=1&size=20000&fields=id&fields=name"
FLOW = {"id": "7", "name": "Tickets"}
SPEC = EMAIL_PROFILES_SYNC.argument_spec["profiles"]["options"]
PASSWORD = "planted-password-1f0c"


@pytest.fixture
def cloud(conversation: Conversation) -> Runner:
    """Runs the specs of today's Webitel, one request at a time."""
    return Runner({"api_url": conversation.url, "access_token": "t", "retries": 0})


def live(number: int, name: str, **fields: Any) -> dict[str, Any]:
    """A profile as the server answers it."""
    return {"id": str(number), "name": name, "schema": FLOW, "smtp_host": "a", **fields}


def listed(conversation: Conversation, *profiles: dict[str, Any], flows: bool = False) -> None:
    """Expect the lists that a task begins with."""
    items = [{name: profile[name] for name in ("id", "name")} for profile in profiles]
    conversation.expect(PAGE).answers({"items": items})
    if flows:
        conversation.expect(FLOWS).answers({"items": [FLOW]})


def read(conversation: Conversation, *profiles: dict[str, Any]) -> None:
    """Expect each profile to be read."""
    for profile in profiles:
        conversation.expect(f"GET /email/profile/{profile['id']}").answers(profile)


def described(*names: str, **options: Any) -> list[dict[str, Any]]:
    """Entries of a task about many profiles."""
    flow = all_options(SPEC["schema"]["options"], {"name": "Tickets"})
    return [all_options(SPEC, {"name": name, "schema": flow, **options}) for name in names]


def test_nothing_more_is_written_to_a_server_that_showed_a_password(conversation: Conversation, cloud: Runner) -> None:
    """Lists do not show it, so the first creation tells: the second and the third are not sent."""
    listed(conversation, flows=True)
    body = {**NEW, "name": "a", "schema": {"id": "7"}, "password": PASSWORD}
    answer = live(1, "a", password=PASSWORD)
    conversation.expect("POST /email/profile", body).answers(answer)
    entries = described("a", "b", "c", password=PASSWORD)
    result = cloud.run(EMAIL_PROFILES_SYNC, profiles=entries, concurrency=1)
    assert [entry["action"] for entry in result["results"]] == ["created", "failed", "failed"]
    assert result["msg"].count("a server before 24.04") == 2
    assert PASSWORD not in str(result)
    assert any("a server before 24.04" in warning for warning in cloud.warnings)


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_an_update_that_shows_a_password_is_the_last_one(
    conversation: Conversation, cloud: Runner, method: str
) -> None:
    """Profiles without a password tell nothing of their server, until one of them gets its first."""
    profiles = [live(number, name, auth_type="Plain") for number, name in ((1, "a"), (2, "b"))]
    listed(conversation, *profiles, flows=True)
    read(conversation, *profiles)
    if method == "PUT":
        read(conversation, profiles[0])
        unset = {"mailbox": "", "imap_port": 0, "smtp_port": 0, "fetch_interval": 0}
        whole = {**NEW, **unset, "name": "a", "smtp_host": "a", "schema": {"id": "7"}}
        body = {**whole, "password": PASSWORD, "auth_type": "OAuth2"}
        changes = {"auth_type": "OAuth2"}
    else:
        body, changes = {"password": PASSWORD, "fields": ["password"]}, {}
    conversation.expect(f"{method} /email/profile/1", body).answers({**profiles[0], **changes, "password": PASSWORD})
    if method == "PUT":
        read(conversation, profiles[1])
    entries = described("a", "b", password=PASSWORD, **changes)
    result = cloud.run(EMAIL_PROFILES_SYNC, profiles=entries, concurrency=1)
    assert [entry["action"] for entry in result["results"]] == [
        "updated" if method == "PUT" else "unknown",
        "failed",
    ]
    assert "a server before 24.04" in result["msg"]
    assert any("a server before 24.04" in warning for warning in cloud.warnings)
    assert PASSWORD not in str(result)


def test_texts_that_an_answer_leaves_out_are_empty_and_no_null(conversation: Conversation, cloud: Runner) -> None:
    """The plan takes both for the same. What reads profiles tells them, and a PUT sends them to an API of texts."""
    shown = {"id": "1", "schema": FLOW}
    empty = dict.fromkeys(("name", "description", "imap_host", "smtp_host", "login", "mailbox", "auth_type"), "")
    conversation.expect(PAGE).answers({"items": [{"id": "1"}]})
    conversation.expect("GET /email/profile/1").answers(shown)
    (profile,) = cloud.run(EMAIL_PROFILE_INFO, id=[1])["email_profiles"]
    assert {name: profile[name] for name in empty} == empty
    numbers = dict.fromkeys(("imap_port", "smtp_port", "fetch_interval"), 0)
    assert {name: profile[name] for name in numbers} == numbers
    assert (profile["enabled"], profile["listen"]) == (False, False)


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize(
    "changes", [{"smtp_host": "b"}, {"auth_type": "OAuth2"}, {"state": "absent", "erase_stored_mail": True}]
)
def test_an_old_server_is_not_written_to(
    conversation: Conversation, cloud: Runner, changes: dict[str, Any], check_mode: bool
) -> None:
    old = live(1, "a", password=PASSWORD)
    listed(conversation, old)
    read(conversation, old)
    result = cloud.run(EMAIL_PROFILE, check_mode=check_mode, name="a", **changes)
    assert result["failed"]
    assert "a server before 24.04" in result["msg"]
    assert PASSWORD not in str(result)


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (404, {"id": "store.sql_email_profile.get.app_error", "code": 404, "detail": "no rows", "status": "x"}),
        (500, {"id": "store.sql_email_profile.get.app_error", "code": 404, "detail": "no rows", "status": "x"}),
        (500, {"code": 404, "message": "gone"}),
        (500, {"code": 404, "message": "gone", "details": []}),
        (404, {"code": 404, "message": "sql: no rows in result set", "details": []}),
    ],
)
def test_a_profile_that_went_meanwhile_is_absent(
    conversation: Conversation, cloud: Runner, status: int, answer: dict[str, Any]
) -> None:
    gone = live(1, "a")
    listed(conversation, gone)
    conversation.expect("GET /email/profile/1").answers(answer, status=status)
    result = cloud.run(EMAIL_PROFILE, name="a", state="absent", erase_stored_mail=True)
    assert not result.get("failed"), result
    assert result["changed"] is False


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (404, {"code": 5, "message": "Not Found", "details": []}),
        (500, {"id": "store.sql_flow_schema.get.app_error", "code": 404, "detail": "x"}),
        (500, {"code": 13, "message": "gone"}),
    ],
)
def test_what_is_no_word_about_the_profile_is_no_absence(
    conversation: Conversation, cloud: Runner, status: int, answer: dict[str, Any]
) -> None:
    """A wrong address must not look as if all profiles were gone."""
    listed(conversation, live(1, "a"))
    conversation.expect("GET /email/profile/1").answers(answer, status=status)
    result = cloud.run(EMAIL_PROFILE, name="a", state="absent", erase_stored_mail=True)
    assert result["failed"]


def test_a_list_that_is_not_there_is_a_failure(conversation: Conversation, cloud: Runner) -> None:
    conversation.expect(PAGE).answers({"code": 404, "message": "gone"}, status=500)
    assert cloud.run(EMAIL_PROFILE, name="a", state="absent", erase_stored_mail=True)["failed"]


def test_a_second_profile_of_one_name_is_reported(conversation: Conversation, cloud: Runner) -> None:
    """The server takes it, and sends with any of the two."""
    mine, other = live(1, "a"), live(2, "b")
    listed(conversation, mine, other)
    read(conversation, mine)
    conversation.expect("PATCH /email/profile/1", {"name": "b", "fields": ["name"]}).answers({**mine, "name": "b"})
    result = cloud.run(EMAIL_PROFILE, id=1, name="b")
    assert result["changed"]
    assert any("another profile has this name (id 2)" in warning for warning in cloud.warnings)


@pytest.mark.parametrize(
    ("before", "changes", "method", "reported"),
    [
        ({"auth_type": "Plain"}, {"auth_type": "OAuth2"}, "PUT", True),
        ({"auth_type": "OAuth2"}, {"login": "other"}, "PATCH", True),
        ({"auth_type": "OAuth2"}, {"description": "other"}, "PATCH", False),
        ({"auth_type": "Plain"}, {"login": "other"}, "PATCH", False),
    ],
)
def test_a_login_in_a_browser_is_asked_for_where_the_old_one_counts_no_more(
    conversation: Conversation,
    cloud: Runner,
    before: dict[str, Any],
    changes: dict[str, Any],
    method: str,
    reported: bool,
) -> None:
    """`logged` stays true all the same."""
    profile = live(1, "a", logged=True, **before)
    listed(conversation, profile)
    read(conversation, profile, *([profile] if method == "PUT" else []))
    kept = {**NEW, "mailbox": "", "imap_port": 0, "smtp_port": 0, "fetch_interval": 0, "smtp_host": "a"}
    body = (
        {**kept, "name": "a", "schema": {"id": "7"}, **before, **changes}
        if method == "PUT"
        else {**changes, "fields": sorted(changes)}
    )
    conversation.expect(f"{method} /email/profile/1", body).answers({**profile, **changes})
    assert cloud.run(EMAIL_PROFILE, name="a", **changes)["changed"]
    assert any("log in again in a browser" in warning for warning in cloud.warnings) is reported


FETCHES = {"auth_type": "Plain", "enabled": True, "listen": True}
GONE = {"id": "store.sql_email_profile.update.app_error", "code": 404, "detail": "no rows", "status": "Not Found"}


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("changes", [{"description": "b"}, {"auth_type": "OAuth2"}])
@pytest.mark.parametrize("agreed", [False, True])
def test_a_profile_that_is_made_again_fetches_by_consent_alone(
    conversation: Conversation, cloud: Runner, changes: dict[str, Any], agreed: bool, many: bool
) -> None:
    """Another run deleted it meanwhile. A new one that is enabled and listens takes the whole unread mailbox."""
    profile = live(1, "a", **FETCHES)
    listed(conversation, profile, flows=many)
    read(conversation, profile)
    if "description" in changes:
        body = {**changes, "fields": ["description"]}
        conversation.expect("PATCH /email/profile/1", body).answers(GONE, status=404)
    conversation.expect("GET /email/profile/1").answers(GONE, status=404)
    if agreed:
        unset = {"mailbox": "", "imap_port": 0, "smtp_port": 0, "fetch_interval": 0}
        whole = {**NEW, **unset, "name": "a", "smtp_host": "a", "schema": {"id": "7"}, **FETCHES, **changes}
        conversation.expect("POST /email/profile", whole).answers({**profile, **changes, "id": "2"})
    options = {**changes, "fetch_existing_mail": agreed}
    result = (
        cloud.run(EMAIL_PROFILES_SYNC, profiles=described("a", **options))
        if many
        else cloud.run(EMAIL_PROFILE, name="a", **options)
    )
    assert bool(result.get("failed")) is not agreed
    assert agreed or "fetch_existing_mail=true" in result["msg"]


def test_a_plan_shows_no_password_of_an_old_server(conversation: Conversation, cloud: Runner) -> None:
    """Many at once refuse it as well, before the first of them is written."""
    old, other = live(1, "a", password=PASSWORD), live(2, "b")
    listed(conversation, old, other, flows=True)
    read(conversation, old, other)
    result = cloud.run(EMAIL_PROFILES_SYNC, profiles=described("a", "b", smtp_host="c"), concurrency=1)
    assert [entry["action"] for entry in result["results"]] == ["failed", "failed"]
    assert result["msg"].count("a server before 24.04") == 2
    assert PASSWORD not in str(result)


def test_a_lost_creation_is_looked_for_by_its_exact_name(conversation: Conversation, cloud: Runner) -> None:
    """Another run made profiles of like names meanwhile: none of them is taken for the one that was lost."""
    listed(conversation, flows=True)
    body = {**NEW, "name": "Desk", "schema": {"id": "7"}}
    conversation.expect("POST /email/profile", body).breaks()
    meanwhile = [live(1, "desk"), live(2, "D*sk"), live(3, "Desk", **{key: NEW[key] for key in NEW})]
    listed(conversation, *meanwhile)
    read(conversation, meanwhile[2])
    flow = {"name": "Tickets"}
    result = cloud.run(EMAIL_PROFILE, name="Desk", schema=flow)
    assert (result["action"], result["email_profile"]["id"]) == ("created", 3)


def test_a_profile_that_is_shown_without_its_flow_is_changed_without_it(
    conversation: Conversation, cloud: Runner
) -> None:
    shown = {"id": "1", "name": "a", "smtp_host": "a", "auth_type": "Plain"}
    listed(conversation, shown)
    # Once to compare, and once a moment before the PUT that carries all over.
    read(conversation, shown, shown)
    unset = {"mailbox": "", "imap_port": 0, "smtp_port": 0, "fetch_interval": 0}
    body = {**NEW, **unset, "name": "a", "smtp_host": "a", "auth_type": "OAuth2"}
    conversation.expect("PUT /email/profile/1", body).answers({**shown, "auth_type": "OAuth2"})
    result = cloud.run(EMAIL_PROFILE, name="a", auth_type="OAuth2")
    assert not result.get("failed"), result["msg"]
    assert result["changed"]
