# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The iTFLEX endpoints, with all traps off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.sandbox.client import Sandbox
from tests.unit.sandbox.vendor_client import ACCOUNTS, VendorClient, account_of


def problems(answer: tuple[int, Any], status: int) -> list[tuple[str, str]]:
    """Return field and type of each error, once the status is as expected."""
    assert answer[0] == status, answer
    assert all(error["msg"] for error in answer[1]["errors"])
    return [(error["field"], error["type"]) for error in answer[1]["errors"]]


def test_create_list_show_replace_delete(sandbox: Sandbox, itflex: VendorClient) -> None:
    assert itflex.call("GET", ACCOUNTS) == (200, [])
    status, created = itflex.call("POST", ACCOUNTS, account_of())
    assert status == 200
    assert {**created, **account_of()} == created
    assert created["id"] == 1
    assert datetime.fromisoformat(created["created_at"]).utcoffset() is not None
    assert itflex.call("GET", f"{ACCOUNTS}/1") == (200, created)
    assert itflex.call("GET", ACCOUNTS) == (200, [created])

    status, changed = itflex.call("PUT", f"{ACCOUNTS}/1", account_of(name="New", smtp_port=25))
    assert status == 200
    assert (changed["id"], changed["name"], changed["smtp_port"]) == (1, "New", 25)
    assert changed["created_at"] == created["created_at"]
    assert changed["updated_at"] > created["updated_at"]

    assert itflex.call("DELETE", f"{ACCOUNTS}/1") == (200, None)
    assert sandbox.accounts() == []


def test_put_replaces_everything(itflex: VendorClient) -> None:
    itflex.call("POST", ACCOUNTS, account_of())
    required = {"default": False, "name": "n", "email": "e@example.com", "service": "gmail", "has_auth": False}
    _status, changed = itflex.call("PUT", f"{ACCOUNTS}/1", required)
    assert {**changed, **required} == changed
    for field in ("password", "smtp_server", "smtp_port", "smtp_crypt", "smtp_auth_mechanism"):
        assert changed[field] is None
    for field in required:
        partial = {name: value for name, value in required.items() if name != field}
        assert problems(itflex.call("PUT", f"{ACCOUNTS}/1", partial), 400) == [(field, "required")]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("account_id", ["7", "seven"])
def test_unknown_accounts(itflex: VendorClient, method: str, account_id: str) -> None:
    answer = itflex.call(method, f"{ACCOUNTS}/{account_id}", account_of())
    assert problems(answer, 404) == [("id", "not_found")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("default", "yes"),
        ("default", 1),
        ("name", ""),
        ("name", 5),
        ("email", "nobody"),
        ("email", "a b@example.com"),
        ("service", "yahoo"),
        ("has_auth", "true"),
        ("password", 5),
        ("smtp_server", 5),
        ("smtp_port", 0),
        ("smtp_port", 65536),
        ("smtp_port", "587"),
        ("smtp_port", True),
        ("smtp_crypt", "tls"),
        ("smtp_crypt", ""),
        ("smtp_auth_mechanism", "PLAIN"),
    ],
)
def test_invalid_values(sandbox: Sandbox, itflex: VendorClient, field: str, value: object) -> None:
    assert problems(itflex.call("POST", ACCOUNTS, account_of(**{field: value})), 400) == [(field, "invalid")]
    assert sandbox.accounts() == []


def test_all_problems_come_at_once(itflex: VendorClient) -> None:
    answer = itflex.call("POST", ACCOUNTS, {"name": "n", "email": "nobody", "smtp_port": 0})
    assert problems(answer, 400) == [
        ("default", "required"),
        ("service", "required"),
        ("has_auth", "required"),
        ("email", "invalid"),
        ("smtp_port", "invalid"),
    ]


@pytest.mark.parametrize("body", ["{not", "[]", "5"])
def test_a_body_that_is_no_object(itflex: VendorClient, body: str) -> None:
    answer = itflex.call("POST", ACCOUNTS, data=body, headers={"Content-Type": "application/json"})
    assert problems(answer, 400) == [("data", "invalid")]


def test_a_name_is_unique_and_an_address_is_not(itflex: VendorClient) -> None:
    itflex.call("POST", ACCOUNTS, account_of())
    assert problems(itflex.call("POST", ACCOUNTS, account_of()), 409) == [("name", "duplicated")]
    assert itflex.call("POST", ACCOUNTS, account_of(name="Other"))[0] == 200
    assert problems(itflex.call("PUT", f"{ACCOUNTS}/2", account_of()), 409) == [("name", "duplicated")]
    assert itflex.call("PUT", f"{ACCOUNTS}/1", account_of())[0] == 200


@pytest.mark.parametrize("path", ["/api/v1/oauth2/token", "/api/oauth2/token"])
def test_tokens(sandbox: Sandbox, path: str) -> None:
    ready = sandbox.ready["itflex"]
    refresh = {"grant_type": "refresh_token", "refresh_token": ready["refresh_token"]}
    nobody = VendorClient(sandbox.url, {})
    assert problems(nobody.call("GET", ACCOUNTS), 401) == [("access_token", "invalid")]
    wrong = nobody.call("POST", path, {**refresh, "refresh_token": "wrong"})
    assert problems(wrong, 401) == [("refresh_token", "invalid")]
    assert problems(nobody.call("POST", path, {"grant_type": "none"}), 400) == [("grant_type", "invalid")]

    status, fetched = nobody.call("POST", path, refresh)
    assert status == 200
    assert fetched["expires_in"] == 900
    assert fetched["refresh_token"] == ready["refresh_token"]
    # The refresh left its cookies with the client, and they serve instead of the header.
    assert nobody.call("GET", ACCOUNTS) == (200, [])
    header = VendorClient(sandbox.url, {"Authorization": f"Bearer {fetched['access_token']}"})
    assert header.call("GET", ACCOUNTS) == (200, [])


def test_expired_tokens(sandbox: Sandbox, itflex: VendorClient) -> None:
    sandbox.expire_tokens()
    for method, path in (("GET", ACCOUNTS), ("POST", ACCOUNTS), ("PUT", f"{ACCOUNTS}/1"), ("DELETE", f"{ACCOUNTS}/1")):
        assert itflex.call(method, path, account_of())[0] == 401
    sandbox.reset()
    assert itflex.call("GET", ACCOUNTS)[0] == 200


def test_a_password_grant(sandbox: Sandbox, itflex: VendorClient) -> None:
    ready = sandbox.ready["itflex"]
    grant = {"grant_type": "password", "username": ready["username"], "password": ready["password"]}
    status, tokens = itflex.call("POST", "/api/oauth2/token", grant)
    assert (status, tokens["refresh_token"], tokens["expires_in"]) == (200, ready["refresh_token"], 900)
    fetched = VendorClient(itflex.base, {"Authorization": f"Bearer {tokens['access_token']}"})
    assert fetched.call("GET", ACCOUNTS)[0] == 200
    for wrong in ({**grant, "password": "wrong"}, {"grant_type": "password"}):
        status, document = itflex.call("POST", "/api/v1/oauth2/token", wrong)
        assert (status, document["errors"][0]["field"]) == (401, "password")


def test_templates(sandbox: Sandbox, itflex: VendorClient) -> None:
    path = "/api/openvpn/email/templates"
    assert itflex.call("GET", path) == (200, {"email_templates": []})
    (account_id,) = sandbox.add_accounts([account_of()])
    template = sandbox.add_template("Certificates", account_id)
    status, document = itflex.call("GET", path)
    assert (status, document) == (200, {"email_templates": [template]})
    fields = {"id", "name", "title", "body", "email_account_id", "created_at", "updated_at"}
    assert template.keys() == fields
    assert itflex.call("DELETE", f"{ACCOUNTS}/{account_id}")[0] == 200
    assert itflex.call("GET", path) == (200, {"email_templates": [template]}), "it goes on naming what is gone"
    assert VendorClient(itflex.base, {}).call("GET", path)[0] == 401
    sandbox.traps(itflex_templates="forbidden")
    assert itflex.call("GET", path)[0] == 403
    sandbox.traps(itflex_templates="missing")
    assert itflex.raw("GET", path).status_code == 404
