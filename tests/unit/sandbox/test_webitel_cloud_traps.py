# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What today's Webitel does to those who do not expect it, one test or more for each trap of the contract."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.client import Sandbox
from tests.unit.sandbox.vendor_client import PROFILES, VendorClient, profile_of

FIRST = f"{PROFILES}/1"
CLIENT = {"client_id": "c", "client_secret": "planted", "redirect_url": "https://example.com/"}
STORE = "store.sql_email_profile"
MAILBOX = ("imap.example.com", "support@example.com", "INBOX")


def stored(sandbox: Sandbox) -> dict[str, Any]:
    """Return the only profile there is, as it is stored."""
    (profile,) = sandbox.webitel_cloud.profiles()
    return profile


def test_1_delete_takes_the_stored_mail_along(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    first, second = sandbox.webitel_cloud.add_profiles([{"flow_id": 1}, {"flow_id": 1}])
    sandbox.webitel_cloud.add_mails(first, "a", "b")
    sandbox.webitel_cloud.add_mails(second, "c")
    assert webitel_cloud.call("DELETE", f"{PROFILES}/{first}")[0] == 200
    assert [mail["subject"] for mail in sandbox.webitel_cloud.mails()] == ["c"]


def test_1_delete_fails_where_something_refers_to_the_profile(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    sandbox.webitel_cloud.add_profiles([{"flow_id": 1}])
    sandbox.webitel_cloud.add_mails(1, "a")
    sandbox.webitel_cloud.refer(1, "A chat plan")
    status, answer = webitel_cloud.call("DELETE", FIRST)
    assert (status, answer["id"], answer["code"]) == (400, f"{STORE}.delete.app_error", 400)
    assert len(sandbox.webitel_cloud.profiles()) == len(sandbox.webitel_cloud.mails()) == 1


@pytest.mark.parametrize("params", [{}, {"params": {}}, {"params": None}])
def test_2_put_without_params_erases_the_client(
    sandbox: Sandbox, webitel_cloud: VendorClient, params: dict[str, Any]
) -> None:
    created = webitel_cloud.call("POST", PROFILES, profile_of(auth_type="OAuth2", params={"oauth2": CLIENT}))[1]
    assert (created["auth_type"], created["params"]) == ("OAuth2", {"oauth2": CLIENT}), "the secret is in clear"
    assert webitel_cloud.call("PUT", FIRST, profile_of(params={"oauth2": CLIENT}))[1]["params"] == {"oauth2": CLIENT}
    assert "params" not in webitel_cloud.call("PUT", FIRST, profile_of(**params))[1]
    assert stored(sandbox)["params"] == {}


def test_2_put_switches_off_what_it_does_not_name(webitel_cloud: VendorClient) -> None:
    webitel_cloud.call("POST", PROFILES, profile_of(enabled=True, listen=True))
    assert webitel_cloud.call("PUT", FIRST, profile_of())[1].keys().isdisjoint({"enabled", "listen"})


@pytest.mark.parametrize(
    ("method", "body"),
    [("PATCH", {"fields": ["name"], "name": "New"}), ("PATCH", {}), ("PUT", profile_of(params={"oauth2": CLIENT}))],
)
def test_3_every_write_drops_insecure(
    sandbox: Sandbox, webitel_cloud: VendorClient, method: str, body: dict[str, Any]
) -> None:
    params = {"oauth2": CLIENT, "insecure": True}
    sandbox.webitel_cloud.add_profiles([{"flow_id": 1, "name": "Support", "params": params}])
    assert webitel_cloud.call("GET", FIRST)[1]["params"] == {"oauth2": CLIENT}, "the API does not know it"
    sender = sandbox.webitel_cloud.sender("Support")
    assert sender is not None
    assert sender["params"] == params
    assert webitel_cloud.call(method, FIRST, body)[0] == 200
    assert stored(sandbox)["params"] == {"oauth2": CLIENT}


def test_4_enabled_and_listening_fetches_all_unread_mail(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    sandbox.webitel_cloud.add_unread(*MAILBOX, "a", "b")
    sandbox.webitel_cloud.add_unread(MAILBOX[0], "other@example.com", "INBOX", "not theirs")
    webitel_cloud.call("POST", PROFILES, profile_of(enabled=True))
    webitel_cloud.call("PATCH", FIRST, {"fields": ["enabled", "listen"], "listen": True})
    assert sandbox.webitel_cloud.unread() == ["a", "b", "not theirs"], "either alone fetches nothing"

    webitel_cloud.call("PATCH", FIRST, {"fields": ["enabled"], "enabled": True})
    assert sandbox.webitel_cloud.unread() == ["not theirs"]
    mails = sandbox.webitel_cloud.mails()
    assert mails == [{"profile_id": 1, "subject": subject, "flow_id": 1} for subject in "ab"]
    sandbox.webitel_cloud.add_unread(*MAILBOX, "c")
    assert sandbox.webitel_cloud.mails()[2]["subject"] == "c"


@pytest.mark.parametrize(("method", "path"), [("POST", PROFILES), ("PUT", FIRST)])
def test_4_every_write_may_be_the_one(sandbox: Sandbox, webitel_cloud: VendorClient, method: str, path: str) -> None:
    if method == "PUT":
        webitel_cloud.call("POST", PROFILES, profile_of())
    sandbox.webitel_cloud.add_unread(*MAILBOX, "a")
    webitel_cloud.call(method, path, profile_of(enabled=True, listen=True))
    assert sandbox.webitel_cloud.unread() == []


def test_5_disabled_profiles_send_and_any_of_one_name(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    webitel_cloud.call("POST", PROFILES, profile_of(enabled=False))
    sender = sandbox.webitel_cloud.sender("Support")
    assert sender is not None
    assert (sender["id"], sender["enabled"]) == (1, 0)
    webitel_cloud.call("POST", PROFILES, profile_of(enabled=True))
    found = [sandbox.webitel_cloud.sender("Support") for _time in range(64)]
    assert {sender and sender["id"] for sender in found} == {1, 2}
    assert sandbox.webitel_cloud.sender("support") is None
    assert sandbox.webitel_cloud.sender("Support", domain="other.example") is None


@pytest.mark.parametrize(
    ("method", "body"),
    [("PATCH", {"fields": ["description"], "description": "mine"}), ("PUT", profile_of(description="mine"))],
)
def test_6_a_write_of_what_a_stale_replica_said(
    sandbox: Sandbox, webitel_cloud: VendorClient, method: str, body: dict[str, Any]
) -> None:
    webitel_cloud.call("POST", PROFILES, profile_of())
    sandbox.traps(webitel_cloud_replica="behind")
    theirs = {"fields": ["name", "password"], "name": "Theirs", "password": "theirs"}
    assert webitel_cloud.call("PATCH", FIRST, theirs)[1]["name"] == "Theirs"
    assert webitel_cloud.call("GET", FIRST)[1]["name"] == "Support", "reads are behind"
    assert (
        webitel_cloud.call(method, FIRST, {name: value for name, value in body.items() if name != "password"})[0] == 200
    )
    assert (stored(sandbox)["description"], stored(sandbox)["password"]) == ("mine", "planted")
    assert stored(sandbox)["name"] == "Support", "what the other run wrote is lost"


def test_6_a_replica_that_catches_up(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    sandbox.traps(webitel_cloud_replica="behind")
    webitel_cloud.call("POST", PROFILES, profile_of(enabled=True))
    assert webitel_cloud.call("GET", FIRST)[0] == 404
    assert webitel_cloud.call("PATCH", FIRST, {"fields": ["name"]})[0] == 404
    assert webitel_cloud.call("GET", PROFILES) == (200, {})
    sandbox.webitel_cloud.catch_up()
    assert webitel_cloud.call("GET", FIRST)[1]["enabled"] is True
    webitel_cloud.call("DELETE", FIRST)
    assert webitel_cloud.call("GET", FIRST)[0] == 200
    assert webitel_cloud.call("PATCH", FIRST, {"fields": ["name"]})[1]["id"] == f"{STORE}.update.app_error"
    sandbox.traps(webitel_cloud_replica="current")
    assert webitel_cloud.call("GET", FIRST)[0] == 404


def test_7_the_licence(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    sandbox.traps(webitel_cloud_licences=1)
    webitel_cloud.call("POST", PROFILES, profile_of(enabled=True))
    webitel_cloud.call("POST", PROFILES, profile_of())
    enabled = {"fields": ["name", "enabled"], "name": "New", "enabled": True}
    for method, path, body in (
        ("POST", PROFILES, profile_of(enabled=True)),
        ("PUT", FIRST, profile_of(enabled=True)),
        ("PATCH", FIRST, enabled),
        ("PATCH", f"{PROFILES}/2", enabled),
    ):
        status, answer = webitel_cloud.call(method, path, body)
        assert (status, answer["id"]) == (500, "app.email.valid.license")
    assert [profile["enabled"] for profile in sandbox.webitel_cloud.profiles()] == [1, 0]
    unnamed = {**enabled, "fields": ["name"]}
    assert webitel_cloud.call("PATCH", FIRST, unnamed)[1]["name"] == "New"
    assert webitel_cloud.call("PATCH", FIRST, {"fields": ["enabled"]})[0] == 200
    assert webitel_cloud.call("PATCH", f"{PROFILES}/2", enabled)[0] == 200


def test_8_each_post_creates(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    ids = [webitel_cloud.call("POST", PROFILES, {**profile_of(), "id": "1"})[1]["id"] for _time in range(2)]
    assert ids == ["1", "2"]
    assert len(sandbox.webitel_cloud.profiles()) == 2


def test_9_logged_stays_true(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    token = {"access_token": "planted", "expiry": "2001-01-01T00:00:00Z"}
    sandbox.webitel_cloud.add_profiles([{"flow_id": 1, "token": token}, {"flow_id": 1, "token": {"expiry": "x"}}])
    assert webitel_cloud.call("GET", FIRST)[1]["logged"] is True
    assert webitel_cloud.call("PUT", FIRST, profile_of(params={"oauth2": CLIENT}))[1]["logged"] is True
    assert "logged" not in webitel_cloud.call("GET", f"{PROFILES}/2")[1]


def test_10_no_field_says_how_the_transport_is_secured(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    sandbox.traps(webitel_cloud_zero_values="show")
    webitel_cloud.call("POST", PROFILES, profile_of(imap_security="none", smtp_security="none"))
    server_side = {"id", "created_at", "created_by", "updated_at", "updated_by", "activity_at", "state", "fetch_error"}
    fields = {*profile_of(), *server_side, "enabled", "listen", "params", "logged"}
    assert webitel_cloud.call("GET", FIRST)[1].keys() == fields


def test_11_no_answer_has_the_password(webitel_cloud: VendorClient) -> None:
    answers = [
        webitel_cloud.call("POST", PROFILES, profile_of()),
        webitel_cloud.call("GET", FIRST),
        webitel_cloud.call("GET", f"{PROFILES}?fields=id&fields=password"),
        webitel_cloud.call("PATCH", FIRST, {"fields": ["password"], "password": "planted"}),
        webitel_cloud.call("PUT", FIRST, profile_of()),
        webitel_cloud.call("DELETE", FIRST),
    ]
    assert [answer[0] for answer in answers] == [200] * 6
    assert "planted" not in json.dumps(answers)


def test_11_put_keeps_the_password(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    webitel_cloud.call("POST", PROFILES, profile_of())
    webitel_cloud.call("PUT", FIRST, {"schema": {"id": 1}})
    assert stored(sandbox)["password"] == "planted"


def test_11_before_24_04(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    sandbox.traps(webitel_cloud_passwords="clear")
    patch = {"fields": ["name"], "name": "New"}
    for method, path, body in (("POST", PROFILES, profile_of()), ("GET", FIRST, None), ("PATCH", FIRST, patch)):
        assert webitel_cloud.call(method, path, body)[1]["password"] == "planted"
    listed = webitel_cloud.call("GET", f"{PROFILES}?fields=id&fields=password")
    assert listed == (200, {"items": [{"id": "1"}]})
    assert "password" not in webitel_cloud.call("PUT", FIRST, {"schema": {"id": 1}})[1]
    assert stored(sandbox)["password"] == ""
    webitel_cloud.call("PUT", FIRST, profile_of())
    webitel_cloud.call("PATCH", FIRST, {"fields": ["password"]})
    assert stored(sandbox)["password"] == ""
