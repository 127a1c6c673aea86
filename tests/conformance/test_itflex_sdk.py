# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vendor's own client of iTFLEX speaks with the sandbox: both grants, every verb, and its reading of errors.

The release cannot be imported as a whole, since a file is missing in it. What sends its requests and reads the answers
is loaded alone.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.client import Sandbox

PACKAGE = "itflex_sdk"
ACCOUNT = {
    "default": False,
    "name": "Certificates",
    "email": "certs@example.com",
    "service": "other",
    "has_auth": True,
    "password": "planted",
    "smtp_server": "localhost",
    "smtp_port": 587,
    "smtp_crypt": "starttls",
    "smtp_auth_mechanism": "plain",
}


@pytest.fixture
def sdk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The requester's module, of a package whose own first lines are not run."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None:
        pytest.skip("itflex-sdk is not installed here")
    package = ModuleType(PACKAGE)
    package.__path__ = list(found.submodule_search_locations or ())
    monkeypatch.setitem(sys.modules, PACKAGE, package)
    yield importlib.import_module(f"{PACKAGE}.requester")
    for name in [name for name in sys.modules if name.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]


@pytest.fixture(params=["password", "refresh_token"])
def requester(request: pytest.FixtureRequest, sdk: Any, sandbox: Sandbox) -> Any:
    """A client that has not asked anything yet; it logs in by itself, and goes on with the cookie it is given."""
    ready = sandbox.ready["itflex"]
    login = {name: ready[name] for name in ("username", "password")}
    credentials = login if request.param == "password" else {"apikey": ready["refresh_token"]}
    client = sdk.Requester(ready["api_url"], **credentials)
    client.session.trust_env = False
    return client


def asked(sdk: Any, requester: Any, method: str, path: str, document: object = None) -> Any:
    return requester.execute(sdk.HttpRequest(method=sdk.HttpMethods[method], uri=path, json=document))


def test_every_verb(sdk: Any, requester: Any, sandbox: Sandbox) -> None:
    created = asked(sdk, requester, "POST", "/api/email/accounts", ACCOUNT)
    assert created.success
    path = f"/api/email/accounts/{created.json['id']}"
    assert asked(sdk, requester, "GET", "/api/email/accounts").json == [created.json]
    assert asked(sdk, requester, "PUT", path, {**ACCOUNT, "name": "Alarms"}).json["name"] == "Alarms"
    assert asked(sdk, requester, "GET", path).json["name"] == "Alarms"
    templates = asked(sdk, requester, "GET", "/api/openvpn/email/templates")
    assert templates.json == {"email_templates": []}
    assert asked(sdk, requester, "DELETE", path).success
    assert sandbox.accounts() == []
    assert [entry["path"] for entry in sandbox.requests()].count("/api/oauth2/token") == 1


def test_errors(sdk: Any, requester: Any) -> None:
    errors = importlib.import_module(f"{PACKAGE}.errors")
    asked(sdk, requester, "POST", "/api/email/accounts", ACCOUNT)
    cases = {
        ("POST", "/api/email/accounts"): (ACCOUNT, "VALIDATION_ERROR", [("name", errors.ErrorTypes.duplicated)]),
        ("PUT", "/api/email/accounts/1"): (
            {**ACCOUNT, "service": "yahoo"},
            "CLIENT_ERROR",
            [("service", errors.ErrorTypes.invalid)],
        ),
        ("GET", "/api/email/accounts/7"): (None, "NOT_FOUND_ERROR", [("id", errors.ErrorTypes.not_found)]),
    }
    for (method, path), (document, status, expected) in cases.items():
        answer = asked(sdk, requester, method, path, document)
        assert answer.status.name == status
        assert [(error.field, error.type) for error in errors.decode_errors(answer.json)] == expected


@pytest.mark.parametrize("wrong", [{"username": "integrator", "password": "wrong"}, {"apikey": "wrong"}])
def test_a_login_that_is_refused(sdk: Any, sandbox: Sandbox, wrong: dict[str, str]) -> None:
    client = sdk.Requester(sandbox.ready["itflex"]["api_url"], **wrong)
    errors = importlib.import_module(f"{PACKAGE}.errors")
    with pytest.raises(errors.AuthenticationError):
        asked(sdk, client, "GET", "/api/email/accounts")
