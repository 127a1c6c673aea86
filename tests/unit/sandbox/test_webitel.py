# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Webitel endpoints, with all traps off."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import requests

from tests.sandbox.client import Sandbox
from tests.unit.sandbox.vendor_client import SETTINGS, VendorClient, settings_of

AT_A, AT_B = f"{SETTINGS}?domain=a.example", f"{SETTINGS}?domain=b.example"


def client_of(sandbox: Sandbox, token: dict[str, Any], *, with_key: bool = True) -> VendorClient:
    headers = {"X-Access-Token": token["access_token"]}
    if with_key and token["key"]:
        headers["X-Key"] = token["key"]
    return VendorClient(sandbox.ready["webitel"]["api_url"], headers)


def error(info: str) -> dict[str, str]:
    return {"status": "error", "info": info}


def test_settings_are_served_with_and_without_the_prefix(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.put_settings("a.example", settings_of(host="h"))
    webitel.base = sandbox.url
    assert webitel.call("GET", AT_A)[0] == 200


def test_absent_settings(webitel: VendorClient) -> None:
    assert webitel.call("GET", AT_A) == (404, error("Not found!"))
    assert webitel.call("PUT", AT_A, settings_of(host="h")) == (404, error("Not found."))
    assert webitel.call("DELETE", AT_A) == (200, {"status": "OK", "Info": "Removed 0 record."})


def test_post_creates_then_replaces_everything(sandbox: Sandbox, webitel: VendorClient) -> None:
    status, created = webitel.call("POST", AT_A, {**settings_of(host="h", name="n", deep={"x": 1}), "colour": "red"})
    assert status == 200
    assert re.fullmatch("[0-9a-f]{24}", created["_id"])
    assert created["domain"] == "a.example"
    assert created["colour"] == "red"
    assert created["options"] == {"host": "h", "name": "n", "deep": {"x": 1}}
    assert webitel.call("GET", AT_A) == (200, created)

    _status, replaced = webitel.call("POST", AT_A, settings_of(host="i"))
    assert replaced == {**settings_of(host="i"), "_id": created["_id"], "domain": "a.example"}
    assert sandbox.settings() == {"a.example": replaced}


def test_put_replaces_everything(webitel: VendorClient) -> None:
    webitel.call("POST", AT_A, {**settings_of(host="h", name="n"), "colour": "red"})
    status, changed = webitel.call("PUT", AT_A, settings_of(host="i"))
    assert status == 200
    assert changed["options"] == {"host": "i"}
    assert "colour" not in changed


def test_put_of_what_is_stored(sandbox: Sandbox, webitel: VendorClient) -> None:
    webitel.call("POST", AT_A, settings_of(host="h", secure=True))
    assert webitel.call("PUT", AT_A, settings_of(secure=True, host="h"))[0] == 200
    sandbox.traps(webitel_unchanged="not_found")
    assert webitel.call("PUT", AT_A, settings_of(secure=True, host="h")) == (404, error("Not found."))
    assert webitel.call("PUT", AT_A, settings_of(host="h", secure=1))[0] == 200


def test_an_identifier_in_the_body_is_a_database_error(webitel: VendorClient) -> None:
    _status, created = webitel.call("POST", AT_A, settings_of(host="h"))
    for method in ("POST", "PUT"):
        status, document = webitel.call(method, AT_A, {**settings_of(host="i"), "_id": created["_id"]})
        assert status == 500
        assert "_id field cannot be changed" in document["info"]


def test_the_domain_of_the_body_does_not_count(sandbox: Sandbox, webitel: VendorClient) -> None:
    webitel.call("POST", AT_A, {**settings_of(host="h"), "domain": "b.example"})
    assert list(sandbox.settings()) == ["a.example"]


def test_delete(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.put_settings("a.example", settings_of(host="h"))
    assert webitel.call("DELETE", AT_A) == (200, {"status": "OK", "Info": "Removed 1 record."})
    assert sandbox.settings() == {}


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    "body", [{}, [], {"provider": "smtp"}, {"options": {"host": "h"}}, {"provider": "", "options": {}}]
)
def test_bad_parameters(webitel: VendorClient, method: str, body: object) -> None:
    assert webitel.call(method, AT_A, body) == (400, error("Bad parameters."))


def test_empty_options_are_options(webitel: VendorClient) -> None:
    assert webitel.call("POST", AT_A, {"provider": "smtp", "options": {}})[0] == 200


def test_a_missing_domain(webitel: VendorClient) -> None:
    assert webitel.call("GET", SETTINGS) == (400, error("Bad request (domain required)."))
    for method in ("POST", "PUT", "DELETE"):
        assert webitel.call(method, SETTINGS, settings_of(host="h")) == (400, error("Bad parameters."))


def test_no_json(webitel: VendorClient) -> None:
    status, document = webitel.call("POST", AT_A, data="{not", headers={"Content-Type": "application/json"})
    assert status == 400
    assert document == error("Unexpected token n in JSON at position 1")


@pytest.mark.parametrize("kind", ["domain", "user"])
def test_a_bound_token_overrides_the_query(sandbox: Sandbox, kind: str) -> None:
    bound = client_of(sandbox, sandbox.tokens("a.example", kind))
    sandbox.put_settings("b.example", settings_of(host="other"))
    assert bound.call("GET", AT_B) == (404, error("Not found!"))

    assert bound.call("POST", AT_B, settings_of(host="mine"))[1]["domain"] == "a.example"
    assert bound.call("GET", AT_B)[1]["options"] == {"host": "mine"}
    assert bound.call("PUT", AT_B, settings_of(host="new"))[1]["domain"] == "a.example"
    assert bound.call("GET", "/api/v2/whoami")[1]["domain"] == "a.example"
    assert sandbox.settings()["b.example"]["options"] == {"host": "other"}

    assert bound.call("DELETE", AT_B)[1]["Info"] == "Removed 1 record."
    assert list(sandbox.settings()) == ["b.example"]


def test_credentials(sandbox: Sandbox, webitel: VendorClient) -> None:
    assert webitel.call("GET", "/api/v2/whoami")[1]["domain"] is None
    nobody = VendorClient(webitel.base, {})
    wrong = VendorClient(webitel.base, {"X-Access-Token": "wrong"})
    for client in (nobody, wrong):
        assert client.call("GET", AT_A) == (401, error("Invalid token"))
        assert client.call("POST", AT_A, settings_of(host="h"))[0] == 401
        assert client.call("POST", f"{SETTINGS}/test/x@example.com?domain=a.example")[0] == 401
    user = sandbox.tokens("a.example", "user")
    assert client_of(sandbox, user, with_key=False).call("GET", AT_A) == (401, error("Invalid Token or Key"))
    assert client_of(sandbox, {**user, "key": "wrong"}).call("GET", AT_A) == (401, error("Invalid User"))


def test_login_and_logout(sandbox: Sandbox) -> None:
    ready = sandbox.ready["webitel"]
    nobody = VendorClient(ready["api_url"], {})
    credentials = {"username": ready["username"], "password": ready["password"]}
    for wrong in ({**credentials, "password": "wrong"}, {}, None):
        assert nobody.call("POST", "/login", wrong)[0] == 401
    status, session = nobody.call("POST", "/login", credentials)
    assert status == 200
    assert session["expires"] > time.time() * 1000
    assert [entry["token"] for entry in sandbox.sessions()] == [session["token"]]

    client = client_of(sandbox, {"access_token": session["token"], "key": session["key"]})
    assert client.call("GET", "/api/v2/whoami")[1]["id"] == ready["username"]
    assert client.call("POST", "/logout")[0] == 200
    assert sandbox.sessions() == []
    assert client.call("GET", "/api/v2/whoami") == (401, error("Invalid User"))


def test_logging_out_needs_token_and_key_that_go_together(sandbox: Sandbox, webitel: VendorClient) -> None:
    plain = (401, {"status": 401, "message": "Invalid credentials"})
    assert client_of(sandbox, sandbox.tokens("a.example")).call("POST", "/logout") == plain
    user = sandbox.tokens("a.example", "user")
    assert client_of(sandbox, user, with_key=False).call("POST", "/logout") == plain
    assert client_of(sandbox, {**user, "key": "wrong"}).call("POST", "/logout") == (401, error("Invalid credentials."))
    assert webitel.call("GET", "/api/v2/whoami")[0] == 200
    assert webitel.call("POST", "/logout")[0] == 200
    assert webitel.call("GET", "/api/v2/whoami") == (401, error("Invalid User"))


def test_domains(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.add_domains("full.example", "empty.example")
    sandbox.put_settings("full.example", settings_of(host="h"))
    entries = {
        name: {"id": name, "domain": name, "user": "1", "acc/dvc": "1/0"} for name in ("full.example", "empty.example")
    }
    assert webitel.call("GET", "/api/v2/domains") == (200, {"status": "OK", "info": entries})
    sandbox.traps(webitel_domains="data")
    assert webitel.call("GET", "/api/v2/domains") == (200, {"status": "OK", "data": entries})
    for kind in ("domain", "user"):
        bound = client_of(sandbox, sandbox.tokens("empty.example", kind))
        assert bound.call("GET", "/api/v2/domains") == (403, error("Permission denied!"))


def test_addresses_that_the_server_does_not_have(sandbox: Sandbox, webitel: VendorClient) -> None:
    for method, path in (("PATCH", AT_A), ("GET", "/api/v2/email/nope"), ("POST", "/xx/api/v2/email/settings?a=b")):
        assert webitel.call(method, path) == (404, error(f"/engine{path} not found."))
    nobody = VendorClient(webitel.base, {})
    assert nobody.call("GET", "/api/v2/email/nope") == (401, error("Invalid token"))
    assert nobody.call("GET", "/nope") == (404, error("/engine/nope not found."))
    nobody.base = sandbox.url
    assert nobody.call("GET", "/xx/api/v2/whoami") == (404, error("/xx/api/v2/whoami not found."))


def test_a_second_factor(sandbox: Sandbox) -> None:
    sandbox.traps(webitel_second_factor="on")
    ready = sandbox.ready["webitel"]
    nobody = VendorClient(ready["api_url"], {})
    credentials = {"username": ready["username"], "password": ready["password"]}
    answer = requests.post(f"{nobody.base}/login", json=credentials, timeout=10, allow_redirects=False)
    assert (answer.status_code, answer.json()) == (301, {"info": "Set security code"})
    assert "Location" not in answer.headers
    assert nobody.call("POST", "/login?code=wrong", credentials)[0] == 401
    assert nobody.call("POST", f"/login?code={ready['login_code']}", credentials)[0] == 200
    assert nobody.call("POST", "/login", {**credentials, "password": "wrong"}) == (401, error("secret incorrect"))
