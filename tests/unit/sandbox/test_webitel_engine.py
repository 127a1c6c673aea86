# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the Webitel sandbox answers beyond the recorded exchanges: their relatives, by the rules behind them."""

from __future__ import annotations

import gzip
import time
from typing import Any

import pytest

from tests.sandbox.client import Sandbox
from tests.unit.sandbox.vendor_client import SETTINGS, VendorClient, settings_of

AT_A = f"{SETTINGS}?domain=a.example"
JSON = {"Content-Type": "application/json"}
TEXT = '{"provider": "smtp", "options": {"host": "h"}}'


def error(info: str, **more: object) -> dict[str, object]:
    return {"status": "error", "info": info, **more}


def client_of(sandbox: Sandbox, token: dict[str, Any], **headers: str) -> VendorClient:
    key = {"X-Key": token["key"]} if token["key"] else {}
    return VendorClient(
        sandbox.ready["webitel"]["api_url"], {"X-Access-Token": token["access_token"], **key, **headers}
    )


def put(webitel: VendorClient, body: str | bytes, **headers: str) -> tuple[int, Any]:
    return webitel.call("PUT", AT_A, data=body, headers={**JSON, **headers})


@pytest.mark.parametrize(
    ("changes", "info", "code"),
    [
        ({"a.b": 1}, "The dotted field 'a.b' in 'a.b' is not valid for storage.", 57),
        ({"x": {"y": [{"z": 1}, {"a.b": 1}]}}, "The dotted field 'a.b' in 'x.y.1.a.b' is not valid for storage.", 57),
        ({"x": [{"$y": 1}]}, "The dollar ($) prefixed field '$y' in 'x.0.$y' is not valid for storage.", 52),
        ({"x": {"a.b": 1, "$y": 1}}, "The dotted field 'a.b' in 'x.a.b' is not valid for storage.", 57),
        ({"_id": 5}, "The _id field cannot be changed from {_id: ObjectId('ID')} to {_id: 5}.", 66),
        ({"_id": None, "a.b": 1}, "The _id field cannot be changed from {_id: ObjectId('ID')} to {_id: null}.", 66),
        (
            {"_id": {"a": [1.5]}},
            "The _id field cannot be changed from {_id: ObjectId('ID')} to {_id: { a: [ 1.5 ] }}.",
            66,
        ),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_what_the_database_refuses(
    sandbox: Sandbox, webitel: VendorClient, method: str, changes: dict[str, Any], info: str, code: int
) -> None:
    stored = sandbox.put_settings("a.example", settings_of(host="h"))
    answer = webitel.call(method, AT_A, {**settings_of(host="i"), **changes})
    assert answer == (500, error(info.replace("ID", stored["_id"]), code=code))
    assert sandbox.settings()["a.example"] == stored


@pytest.mark.parametrize(
    ("first", "info"),
    [
        ({"$x": 1}, "Unknown modifier: $x"),
        ({"$set": {"from": "z"}}, "Unknown modifier: provider"),
        ({"$set": {}}, "'$set' is empty. You must specify a field like so: {$set: {<field>: ...}}"),
    ],
)
def test_a_first_key_with_a_dollar_makes_modifiers_of_all(
    webitel: VendorClient, first: dict[str, Any], info: str
) -> None:
    for method in ("PUT", "POST"):
        assert webitel.call(method, AT_A, {**first, **settings_of(host="h")}) == (500, error(info, code=9))


def test_a_text_as_the_id_of_a_new_record_is_kept(sandbox: Sandbox, webitel: VendorClient) -> None:
    own = {**settings_of(host="h"), "_id": "mine"}
    assert webitel.call("PUT", AT_A, own) == (404, error("Not found."))
    assert webitel.call("POST", AT_A, own)[1]["_id"] == "mine"
    assert webitel.call("PUT", AT_A, own)[0] == 200
    assert webitel.call("PUT", AT_A, settings_of(host="i"))[1]["_id"] == "mine"
    info = 'The _id field cannot be changed from {_id: "mine"} to {_id: "other"}.'
    assert webitel.call("PUT", AT_A, {**own, "_id": "other"}) == (500, error(info, code=66))
    assert sandbox.settings()["a.example"]["options"] == {"host": "i"}
    webitel.call("DELETE", AT_A)
    listed = webitel.call("POST", AT_A, {**own, "_id": []})
    assert listed == (500, error("The '_id' value cannot be of type array", code=53))


def test_keys_come_as_they_are_kept(webitel: VendorClient) -> None:
    webitel.call("POST", AT_A, {"domain": "b.example", **settings_of(host="h"), "7": 1, "_id": "x"})
    answer = webitel.call("GET", AT_A)[1]
    assert list(answer) == ["7", "_id", "domain", "provider", "description", "from", "options"]
    assert answer["domain"] == "a.example"


@pytest.mark.parametrize("text", ["", " ", '{"a": ', "[1,]", "5"])
def test_no_json_is_reported_before_anything_else(webitel: VendorClient, text: str) -> None:
    nobody = VendorClient(webitel.base, {})
    expected = 401 if not text else 400
    for method, path in (("GET", AT_A), ("DELETE", "/api/v2/nope"), ("POST", f"{SETTINGS}/test/x@example.com")):
        assert nobody.call(method, path, data=text, headers=JSON)[0] == expected
    assert nobody.call("POST", "/login", data='{"a": ', headers=JSON) == (400, error("Unexpected end of JSON input"))


def test_bodies_that_are_too_large(webitel: VendorClient) -> None:
    fitting = TEXT[:-1] + f', "x": "{"x" * (5 * 1024 * 1024 - len(TEXT) - 9)}"}}'
    assert len(fitting) == 5 * 1024 * 1024
    assert put(webitel, fitting)[0] == 404, "it is read, and nothing is stored"
    too_large = (413, error("request entity too large"))
    assert put(webitel, fitting + " ") == too_large
    assert put(VendorClient(webitel.base, {}), fitting + " ") == too_large
    assert put(webitel, gzip.compress(fitting.encode() + b" "), **{"Content-Encoding": "gzip"}) == too_large
    plain = {"Content-Type": "text/plain"}
    assert put(webitel, fitting + " ", **plain) == (400, error("Bad parameters.")), "it is not read at all"


def test_encodings(webitel: VendorClient) -> None:
    webitel.call("POST", AT_A, settings_of(host="h"))
    assert put(webitel, gzip.compress(TEXT.encode()), **{"Content-Encoding": "gzip"})[0] == 200
    assert put(webitel, ("\ufeff" + TEXT).encode())[0] == 200
    latin = {"Content-Type": "application/json; charset=ISO-8859-1"}
    assert put(webitel, TEXT, **latin) == (415, error('unsupported charset "ISO-8859-1"'))
    assert put(webitel, TEXT, **{"Content-Encoding": "br"}) == (415, error('unsupported content encoding "br"'))
    assert put(webitel, TEXT, **{"Content-Type": "APPLICATION/JSON"})[0] == 200
    assert put(webitel, TEXT, **{"Content-Type": "application/vnd.api+json"}) == (400, error("Bad parameters."))


def test_addresses(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.put_settings("a.example", settings_of(host="h"))
    for path in (SETTINGS.upper(), f"{SETTINGS}/", "/API/v2/Email/settings/"):
        assert webitel.call("GET", f"{path}?domain=a.example")[0] == 200
    for path in (f"{SETTINGS}//", f"/{SETTINGS}", f"{SETTINGS}/x", "/api/v2/", "/api/v2", "/login"):
        assert webitel.call("GET", path) == (404, error(f"/engine{path} not found."))
    assert webitel.call("POST", f"{SETTINGS}/test/a/b") == (404, error(f"/engine{SETTINGS}/test/a/b not found."))
    undecoded = (400, error("Failed to decode param 'email/settings/test/%FF'"))
    assert VendorClient(webitel.base, {}).call("POST", f"{SETTINGS}/test/%FF") == undecoded
    assert webitel.raw("HEAD", AT_A).status_code == 200
    assert webitel.raw("HEAD", f"{SETTINGS}?domain=none").status_code == 404


def test_domains_in_the_query(webitel: VendorClient) -> None:
    twice = f"{AT_A}&domain=b.example"
    assert webitel.call("DELETE", twice) == (200, {"status": "OK", "Info": "Removed 0 record."})
    info = "Not settings EMail provider from domain a.example,b.example"
    assert webitel.call("POST", f"{SETTINGS}/test/x@example.com?domain=a.example&domain=b.example") == (
        404,
        error(info),
    )
    assert webitel.call("POST", twice, settings_of(host="h"))[1]["domain"] == ["a.example", "b.example"]
    assert webitel.call("GET", twice)[0] == 200
    assert webitel.call("GET", f"{SETTINGS}?domain[x]=a.example") == (404, error("Not found!"))
    webitel.call("POST", AT_A, settings_of(host="h"))
    assert webitel.call("GET", f"{SETTINGS}?domain=%61.example")[0] == 200
    assert webitel.call("GET", f"{SETTINGS}?domain=A.example")[0] == 404
    for method, info in (("PUT", "Bad parameters."), ("POST", "Bad parameters."), ("DELETE", "Bad parameters.")):
        assert webitel.call(method, f"{SETTINGS}?domain=", settings_of(host="h")) == (400, error(info))
    assert webitel.call("POST", f"{SETTINGS}/test?domain=", {}) == (400, error("Domain is required."))


def test_what_wins_over_the_headers(sandbox: Sandbox, webitel: VendorClient) -> None:
    root, nobody = sandbox.root, VendorClient(webitel.base, {})
    query = f"access_token={root['access_token']}&x_key={root['key']}"
    assert nobody.call("GET", f"/api/v2/whoami?{query}")[1]["id"] == "root"
    assert (
        nobody.call(
            "POST", AT_A, {**settings_of(host="h"), "access_token": root["access_token"], "x_key": root["key"]}
        )[0]
        == 200
    )
    assert webitel.call("GET", f"{AT_A}&x_key=zzz") == (401, error("Invalid User"))
    assert webitel.call("GET", f"{AT_A}&access_token=&x_key=")[0] == 200, "an empty one does not count"
    assert webitel.call("PUT", f"{AT_A}&access_token={root['access_token']}", {"access_token": 5}) == (
        401,
        error("Invalid token"),
    )


def test_tokens_that_have_ended(sandbox: Sandbox) -> None:
    expired = sandbox.control(
        "POST", "webitel/tokens", {"domain": "a.example", "expires_ms": int(time.time() * 1000) - 1}
    )
    assert client_of(sandbox, expired).call("GET", AT_A) == (401, error("Token Expired"))
    disabled = sandbox.tokens("a.example", "disabled")
    assert client_of(sandbox, disabled).call("GET", AT_A) == (401, error("Not found token"))
    bound = sandbox.tokens("a.example")
    assert client_of(sandbox, bound, **{"X-Key": "whatever"}).call("GET", "/api/v2/whoami")[0] == 200


def test_a_user_of_a_domain_logs_in(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.add_domains("a.example")
    nobody, password = VendorClient(webitel.base, {}), sandbox.ready["webitel"]["password"]
    login = {"username": "100@a.example", "password": password}
    status, session = nobody.call("POST", "/login", login)
    assert status == 200
    assert list(session)[:3] == ["key", "domain", "username"]
    assert (session["domain"], session["role"], session["roleName"]) == ("a.example", 1, "admin")
    own = VendorClient(webitel.base, {"X-Access-Token": session["token"], "X-Key": session["key"]})
    assert own.call("GET", "/api/v2/whoami")[1]["domain"] == "a.example"
    assert nobody.call("POST", "/login", {**login, "password": "x"}) == (401, error("secret incorrect"))
    unknown = (401, error("-ERR user not found\n"))
    assert nobody.call("POST", "/login", {**login, "username": "100@b.example"}) == unknown
    plain = (401, {"status": 401, "message": "Invalid credentials"})
    without_a_name: tuple[object, ...] = ({"password": password}, {"username": ""}, [], None)
    for nothing in without_a_name:
        assert nobody.call("POST", "/login", nothing) == plain


def test_every_answer_says_its_encoding(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.put_settings("a.example", settings_of(host="h"))
    for method, path in (("GET", AT_A), ("GET", "/api/v2/domains"), ("PATCH", "/nope"), ("POST", "/login")):
        assert webitel.raw(method, path).headers["Content-Type"] == "application/json; charset=utf-8"
