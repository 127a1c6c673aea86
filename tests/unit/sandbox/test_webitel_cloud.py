# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints of today's Webitel, with all traps off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.client import Sandbox
from tests.sandbox.webitel_cloud_directory import RIGHTS
from tests.unit.sandbox.vendor_client import PROFILES, VendorClient, profile_of

FIRST = f"{PROFILES}/1"
PASSWORDLESS = {name: value for name, value in profile_of().items() if name != "password"}
STORE = "store.sql_email_profile"


def problem(answer: tuple[int, Any]) -> tuple[int, str]:
    """Return status and name of an error, whose form must be the engine's."""
    status, document = answer
    assert document.keys() == {"id", "status", "detail", "code"}
    assert document["code"] == status
    return status, document["id"]


def client_of(sandbox: Sandbox, **token: Any) -> VendorClient:
    """Speak with a token made for this test."""
    headers = {"X-Webitel-Access": sandbox.webitel_cloud.token(**token)}
    return VendorClient(sandbox.ready["webitel_cloud"]["api_url"], headers)


def test_create_show_replace_delete(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    status, created = webitel_cloud.call("POST", PROFILES, profile_of())
    assert status == 200
    assert {**created, **PASSWORDLESS, "schema": {"id": "1", "name": "Inbound"}} == created
    assert (created["id"], created["state"]) == ("1", "idle")
    assert created["created_by"] == created["updated_by"] == {"id": "1", "name": "admin"}
    assert created["created_at"].isdecimal()
    assert created["created_at"] == created["updated_at"] == created["activity_at"]
    assert created.keys().isdisjoint({"password", "enabled", "listen", "params", "logged", "fetch_error"})
    assert webitel_cloud.call("GET", FIRST) == (200, created)

    status, changed = webitel_cloud.call("PUT", FIRST, profile_of(name="New", enabled=True, listen=True))
    assert status == 200
    assert (changed["id"], changed["name"], changed["enabled"], changed["listen"]) == ("1", "New", True, True)
    assert changed["created_at"] == created["created_at"]
    assert webitel_cloud.call("GET", FIRST) == (200, changed)

    assert webitel_cloud.call("DELETE", FIRST) == (200, changed)
    assert problem(webitel_cloud.call("GET", FIRST)) == (404, f"{STORE}.get.app_error")
    assert sandbox.webitel_cloud.profiles() == []


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_what_is_not_there(sandbox: Sandbox, webitel_cloud: VendorClient, method: str) -> None:
    schema = sandbox.webitel_cloud.add_schema("Theirs", domain="other.example")
    (theirs,) = sandbox.webitel_cloud.add_profiles([{"flow_id": schema}], domain="other.example")
    before = sandbox.webitel_cloud.profiles()
    for profile_id in (theirs, 7):
        answer = webitel_cloud.call(method, f"{PROFILES}/{profile_id}", profile_of())
        assert problem(answer) == (404, f"{STORE}.get.app_error")
    for nonsense in ("seven", "9" * 30):
        assert webitel_cloud.call(method, f"{PROFILES}/{nonsense}", profile_of())[0] == 400
    assert sandbox.webitel_cloud.profiles() == before


def test_what_is_left_out_becomes_zero(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    for method, path in (("POST", PROFILES), ("PUT", FIRST)):
        status, answer = webitel_cloud.call(method, path, {"schema": {"id": 1}})
        assert status == 200
        server_side = {"created_at", "created_by", "updated_at", "updated_by", "activity_at", "state"}
        assert answer.keys() == {"id", "schema", *server_side}
    (stored,) = sandbox.webitel_cloud.profiles()
    assert (stored["name"], stored["fetch_interval"], stored["auth_type"]) == ("", 0, "")


@pytest.mark.parametrize("schema", [None, {}, {"id": 0}, {"id": "7"}, {"name": "Inbound"}])
def test_a_flow_is_required(sandbox: Sandbox, webitel_cloud: VendorClient, schema: object) -> None:
    answer = webitel_cloud.call("POST", PROFILES, profile_of(schema=schema))
    assert problem(answer) == (500, f"{STORE}.create.app_error")
    assert sandbox.webitel_cloud.profiles() == []
    webitel_cloud.call("POST", PROFILES, profile_of())
    answer = webitel_cloud.call("PUT", FIRST, profile_of(schema=schema))
    assert problem(answer) == (400, f"{STORE}.update.app_error")
    if schema is not None:
        answer = webitel_cloud.call("PATCH", FIRST, {"fields": ["schema.id"], "schema": schema})
        assert problem(answer) == (400, f"{STORE}.update.app_error")


def test_another_domains_flow_is_accepted(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    theirs = sandbox.webitel_cloud.add_schema("Theirs", domain="other.example")
    answer = webitel_cloud.call("POST", PROFILES, profile_of(schema={"id": theirs}))
    assert answer[1]["schema"] == {"id": str(theirs), "name": "Theirs"}


def test_names_are_neither_unique_nor_required(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    for name in ("Support", "Support", "", ""):
        assert webitel_cloud.call("POST", PROFILES, profile_of(name=name))[0] == 200
    assert [profile["name"] for profile in sandbox.webitel_cloud.profiles()] == ["Support", "Support", "", ""]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 5),
        ("enabled", "true"),
        ("listen", 1),
        ("smtp_port", "no number"),
        ("smtp_port", 587.5),
        ("smtp_port", True),
        ("imap_port", 2**31),
        ("fetch_interval", [60]),
        ("schema", "Inbound"),
        ("schema", {"id": 2**63}),
        ("auth_type", "plain"),
        ("params", {"oauth2": {"client_id": 5}}),
    ],
)
def test_values_of_another_type(sandbox: Sandbox, webitel_cloud: VendorClient, field: str, value: object) -> None:
    assert problem(webitel_cloud.call("POST", PROFILES, profile_of(**{field: value})))[0] == 400
    assert sandbox.webitel_cloud.profiles() == []


@pytest.mark.parametrize("body", ["{not", "[]", "5"])
def test_a_body_that_is_no_object(webitel_cloud: VendorClient, body: str) -> None:
    answer = webitel_cloud.call("POST", PROFILES, data=body, headers={"Content-Type": "application/json"})
    assert problem(answer)[0] == 400


def test_a_number_may_be_a_text_and_null_is_nothing(webitel_cloud: VendorClient) -> None:
    profile = profile_of(smtp_port="25", imap_port=143.0, name=None, params=None)
    _status, created = webitel_cloud.call("POST", PROFILES, profile)
    assert (created["smtp_port"], created["imap_port"]) == (25, 143)
    assert "name" not in created


def test_patch_changes_what_fields_name(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    _status, created = webitel_cloud.call("POST", PROFILES, profile_of(enabled=True))
    body = {"name": "New", "smtp_port": 25, "enabled": False, "password": "other", "description": "not named"}
    _status, changed = webitel_cloud.call("PATCH", FIRST, {**body, "fields": ["name", "smtp_port", "password"]})
    assert {**created, "name": "New", "smtp_port": 25, "updated_at": changed["updated_at"]} == changed
    assert sandbox.webitel_cloud.profiles()[0]["password"] == "other"

    _status, emptied = webitel_cloud.call("PATCH", FIRST, {"fields": ["name", "smtp_port", "enabled", "password"]})
    assert emptied.keys() == changed.keys() - {"name", "smtp_port", "enabled"}
    assert sandbox.webitel_cloud.profiles()[0]["password"] == "other", "an empty password is ignored"


@pytest.mark.parametrize("fields", [None, [], ["schema"], ["auth_type", "params", "params.oauth2"], ["state", "id"]])
def test_patch_ignores_what_it_does_not_know(webitel_cloud: VendorClient, fields: object) -> None:
    _status, created = webitel_cloud.call("POST", PROFILES, profile_of(params={"oauth2": {"client_id": "c"}}))
    body = profile_of(name="New", schema={"id": 7}, auth_type="OAuth2", params={}, id=7, fields=fields)
    _status, changed = webitel_cloud.call("PATCH", FIRST, body)
    assert {**created, "updated_at": changed["updated_at"]} == changed


def test_whose_token_it_is(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    scope = [{"class": "email_profile", "access": "xrwd"}]
    whole = {"dc": "1", "domain": "cloud.example", "user_id": "1", "name": "admin", "scope": scope}
    assert webitel_cloud.call("GET", "/userinfo") == (200, whole)
    reader = client_of(sandbox, domain="other.example", rights=["read"]).call("GET", "/userinfo")[1]
    assert reader["domain"] == "other.example"
    assert reader["scope"][0]["access"] == "r"


def test_bad_tokens(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    for headers in ({}, {"X-Webitel-Access": "wrong"}, {"X-Access-Token": sandbox.ready["webitel"]["access_token"]}):
        nobody = VendorClient(webitel_cloud.base, headers)
        for method, path in (("GET", "/userinfo"), ("GET", "/routing/schema"), ("GET", PROFILES), ("POST", PROFILES)):
            assert problem(nobody.call(method, path, profile_of())) == (401, "session.valid")


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", PROFILES, {"read"}),
        ("GET", FIRST, {"read"}),
        ("POST", PROFILES, {"create"}),
        ("PUT", FIRST, {"read", "update"}),
        ("PATCH", FIRST, {"read", "update"}),
        ("DELETE", FIRST, {"read", "delete"}),
    ],
)
def test_rights(sandbox: Sandbox, webitel_cloud: VendorClient, method: str, path: str, needed: set[str]) -> None:
    webitel_cloud.call("POST", PROFILES, profile_of())
    for right in needed:
        lacking = client_of(sandbox, rights=[other for other in RIGHTS if other != right])
        assert problem(lacking.call(method, path, profile_of())) == (403, "api.context.permissions.app_error")
    assert client_of(sandbox, rights=sorted(needed)).call(method, path, profile_of())[0] == 200


def test_there_is_no_test(webitel_cloud: VendorClient) -> None:
    assert webitel_cloud.call("GET", f"{FIRST}/test") == (200, {"error": "TODO"})


def test_the_log_tells_the_apis_apart(sandbox: Sandbox, webitel_cloud: VendorClient, itflex: VendorClient) -> None:
    for path in ("/userinfo", "/routing/schema", PROFILES, FIRST):
        webitel_cloud.call("GET", path)
    itflex.call("GET", "/api/email/accounts")
    assert [entry["api"] for entry in sandbox.requests()] == ["webitel_cloud"] * 4 + ["itflex"]


def test_reset(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    token = client_of(sandbox)
    webitel_cloud.call("POST", PROFILES, profile_of())
    sandbox.webitel_cloud.add_mails(1, "stored")
    sandbox.webitel_cloud.add_unread("h", "l", "INBOX", "unread")
    sandbox.webitel_cloud.refer(1, "A")
    sandbox.reset()
    left = (sandbox.webitel_cloud.profiles(), sandbox.webitel_cloud.mails(), sandbox.webitel_cloud.unread())
    assert left == ([], [], [])
    assert webitel_cloud.call("GET", "/routing/schema") == (200, {})
    assert sandbox.webitel_cloud.add_schema("Inbound") == 1
    assert token.call("POST", PROFILES, profile_of())[1]["id"] == "1"


def test_nothing_is_lost_by_a_restart(tmp_path: Path) -> None:
    with Sandbox.start(tmp_path) as first:
        first.webitel_cloud.add_schema("Inbound")
        first.webitel_cloud.add_profiles([{"name": "Support", "flow_id": 1, "params": {"insecure": True}}])
        first.webitel_cloud.add_mails(1, "stored")
        profiles, mails, ready = first.webitel_cloud.profiles(), first.webitel_cloud.mails(), first.ready
    with Sandbox.start(tmp_path) as second:
        assert (second.webitel_cloud.profiles(), second.webitel_cloud.mails()) == (profiles, mails)
        assert second.ready["webitel_cloud"]["access_token"] == ready["webitel_cloud"]["access_token"]
