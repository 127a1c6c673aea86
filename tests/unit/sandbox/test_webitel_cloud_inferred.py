# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is inferred about today's Webitel: a switch for each, in every position that is not its default."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.client import Sandbox
from tests.unit.sandbox.vendor_client import PROFILES, VendorClient, profile_of

FIRST = f"{PROFILES}/1"
CLIENT = {"client_id": "c", "client_secret": "planted", "redirect_url": "https://example.com/"}
STORE = "store.sql_email_profile"


@pytest.mark.parametrize(
    ("trap", "statuses"),
    [("code", [400, 401, 404, 500]), ("grpc", [400, 401, 500, 500]), ("500", [500, 500, 500, 500])],
)
def test_the_status_of_errors(sandbox: Sandbox, webitel_cloud: VendorClient, trap: str, statuses: list[int]) -> None:
    sandbox.traps(webitel_cloud_error_status=trap)
    answers = [
        webitel_cloud.call("POST", PROFILES, {"name": 5}),
        VendorClient(webitel_cloud.base, {}).call("GET", PROFILES),
        webitel_cloud.call("GET", FIRST),
        webitel_cloud.call("POST", PROFILES, profile_of(schema=None)),
    ]
    assert [answer[0] for answer in answers] == statuses
    assert [answer[1]["code"] for answer in answers] == [400, 401, 404, 500]


def test_the_body_of_errors(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    engine = webitel_cloud.call("GET", FIRST)[1]
    assert engine == {
        "id": f"{STORE}.get.app_error",
        "status": "Not Found",
        "detail": "Id = 1, error: sql: no rows in result set",
        "code": 404,
    }
    sandbox.traps(webitel_cloud_error_body="message")
    assert webitel_cloud.call("GET", FIRST) == (404, {"code": 404, "message": engine["detail"], "details": []})
    sandbox.traps(webitel_cloud_error_body="grpc", webitel_cloud_error_status="grpc")
    status, answer = webitel_cloud.call("GET", FIRST)
    assert (status, answer["code"], answer["details"]) == (500, 13, [])
    assert json.loads(answer["message"]) == engine
    nobody = VendorClient(webitel_cloud.base, {}).call("GET", FIRST)
    assert (nobody[0], nobody[1]["code"]) == (401, 16)


def test_zero_values(sandbox: Sandbox, webitel_cloud: VendorClient) -> None:
    sandbox.traps(webitel_cloud_zero_values="show")
    assert webitel_cloud.call("GET", PROFILES) == (200, {"items": [], "next": False})
    created = webitel_cloud.call("POST", PROFILES, {"schema": {"id": 1}, "password": "planted"})[1]
    empty = {"name": "", "smtp_port": 0, "enabled": False, "listen": False, "logged": False, "params": None}
    assert {**created, **empty, "password": "", "auth_type": "EmailAuthTypeUndefined"} == created

    webitel_cloud.call("PUT", FIRST, profile_of(auth_type="EmailAuthTypeUndefined"))
    (item,) = webitel_cloud.call("GET", PROFILES)[1]["items"]
    assert item.keys() == created.keys(), "what is not listed is shown as if it were empty"
    assert (item["name"], item["smtp_host"], item["created_at"], item["created_by"]) == ("Support", "", "0", None)
    sandbox.traps(webitel_cloud_passwords="clear")
    assert webitel_cloud.call("GET", FIRST)[1]["password"] == "planted"


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("POST", profile_of(id="1")),
        ("POST", profile_of(fields=["name"])),
        ("PUT", profile_of(state="active")),
        ("PUT", profile_of(schema={"id": 1, "colour": "red"})),
        ("PUT", profile_of(params={"oauth2": CLIENT, "insecure": True})),
        ("PATCH", {"fields": ["name"], "auth_type": "Plain"}),
        ("PATCH", {"fields": ["name"], "params": {"oauth2": CLIENT}}),
    ],
)
def test_unknown_keys(sandbox: Sandbox, webitel_cloud: VendorClient, method: str, body: dict[str, Any]) -> None:
    webitel_cloud.call("POST", PROFILES, profile_of())
    path = PROFILES if method == "POST" else FIRST
    assert webitel_cloud.call(method, path, body)[0] == 200
    before = sandbox.webitel_cloud.profiles()
    sandbox.traps(webitel_cloud_unknown_keys="refuse")
    status, answer = webitel_cloud.call(method, path, body)
    assert (status, answer["code"]) == (400, 400)
    assert "unknown field" in answer["detail"]
    assert sandbox.webitel_cloud.profiles() == before
    known = {"PATCH": {"id": "1", "fields": ["name"], "name": "New"}, "PUT": profile_of(id="1")}
    assert webitel_cloud.call(method, path, known.get(method, profile_of()))[0] == 200
