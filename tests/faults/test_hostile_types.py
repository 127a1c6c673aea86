# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any JSON value at any place of any answer: every task ends with a result or with words, and no secret in either.

With ``--full-grid`` there are many more of them, others in each run.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.info_spec import EMAIL_ACCOUNT_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.send_test import EMAIL_ACCOUNT_TEST
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import (
    EMAIL_SETTINGS,
    EMAIL_SETTINGS_INFO,
    EMAIL_SETTINGS_TEST,
)
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec
from tests.faults.hostile import HostileServer, document
from tests.faults.reads import PATIENCE
from tests.unit.plugins.module_utils.running import Runner

SECRETS = {
    name: f"planted-{name}-0f3e9a" for name in ("token", "key", "login", "refresh", "fetched", "live", "desired")
}
DOMAIN = "a.example"
ACCOUNT = {
    "id": 1,
    "default": True,
    "name": "Certificates",
    "email": "certs@example.com",
    "service": "other",
    "has_auth": True,
    "password": SECRETS["live"],
    "smtp_server": "smtp.example.com",
    "smtp_port": 465,
    "smtp_crypt": "ssl-tls",
    "smtp_auth_mechanism": "plain",
    "created_at": "2026-01-02T03:04:05.678901-03:00",
}
OPTIONS: dict[str, Any] = {
    "host": "smtp.a.example",
    "port": 465,
    "secure": True,
    "tls": {"rejectUnauthorized": True},
    "auth": {"user": "mail", "pass": SECRETS["live"]},
    "dkim": {"privateKey": SECRETS["live"], "keySelector": "one"},
}
SETTINGS = {
    "_id": "5f1e",
    "domain": DOMAIN,
    "provider": "smtp",
    "description": "Mail of A",
    "from": "mail@a.example",
    "options": OPTIONS,
}
REFUSAL = {
    "status": "error",
    "info": "Bad parameters.",
    "errors": [{"field": "data_list[0].name", "type": "duplicated", "msg": "já existe"}],
}
# The good answers: of each kind of request the first whose beginning fits.
GOOD: dict[str, Any] = {
    "GET /api/email/accounts": [ACCOUNT, {**ACCOUNT, "id": 2, "name": "Other", "default": False}],
    "POST /api/email/accounts/test": {},
    "POST /api/email/accounts": {**ACCOUNT, "id": 3, "name": "New"},
    "PUT /api/email/accounts": ACCOUNT,
    "DELETE /api/email/accounts": {},
    "GET /api/openvpn/email/templates": {"email_templates": [{"id": 1, "name": "Welcome", "email_account_id": 3}]},
    "POST /api/v1/oauth2/token": {"access_token": SECRETS["fetched"], "refresh_token": SECRETS["refresh"]},
    "POST /login": {"token": SECRETS["token"], "key": SECRETS["key"], "username": "100@a.example", "acl": {}},
    "POST /logout": {"status": "OK"},
    "GET /api/v2/whoami": {"id": "100", "domain": None, "roleName": "root", "acl": {"account": ["*"]}},
    "GET /api/v2/domains": {"status": "OK", "data": {DOMAIN: {"id": DOMAIN, "domain": DOMAIN, "user": 1}}},
    "POST /api/v2/email/settings/test": {"status": "OK", "info": {"accepted": ["x@a.example"], "rejected": []}},
    "GET /api/v2/email/settings": SETTINGS,
    "POST /api/v2/email/settings": SETTINGS,
    "PUT /api/v2/email/settings": SETTINGS | {"options": OPTIONS | {"port": 587}},
    "DELETE /api/v2/email/settings": {"status": "OK", "Info": "Removed 1 record."},
}
ITFLEX = {"access_token": SECRETS["token"]}
REFRESHING = {"refresh_token": SECRETS["refresh"]}
WEBITEL = {"access_token": SECRETS["token"], "key": SECRETS["key"]}
LOGIN = {"username": "100@a.example", "password": SECRETS["login"]}
CHANGED = {"options": {"port": 587, "auth": {"user": "mail", "pass": SECRETS["desired"]}}}
NEW_ACCOUNT = {"name": "New", "email": "new@example.com", "has_auth": True, "password": SECRETS["desired"]}
FLEET = {"prune": True, "prune_limit": "100%", "concurrency": 1}
TASKS: dict[str, tuple[ModuleSpec, dict[str, Any]]] = {
    "read accounts": (EMAIL_ACCOUNT_INFO, REFRESHING),
    "create account": (EMAIL_ACCOUNT, {**ITFLEX, **NEW_ACCOUNT}),
    "change account": (EMAIL_ACCOUNT, {**ITFLEX, "name": "Other", "smtp_port": 25, "default": True}),
    "delete account": (EMAIL_ACCOUNT, {**REFRESHING, "id": 1, "state": "absent"}),
    "test account": (EMAIL_ACCOUNT_TEST, {**ITFLEX, "id": 1, "to_email": "x@example.com"}),
    "sync accounts": (
        EMAIL_ACCOUNTS_SYNC,
        {**ITFLEX, **FLEET, "accounts": [NEW_ACCOUNT, {"id": 1, "name": "B"}]},
    ),
    "read settings": (EMAIL_SETTINGS_INFO, LOGIN),
    "change settings": (EMAIL_SETTINGS, {**WEBITEL, "domain": DOMAIN, **CHANGED}),
    "replace settings": (EMAIL_SETTINGS, {**LOGIN, "domain": DOMAIN, **CHANGED, "replace": True}),
    "delete settings": (EMAIL_SETTINGS, {**WEBITEL, "domain": DOMAIN, "state": "absent"}),
    "test settings": (EMAIL_SETTINGS_TEST, {**LOGIN, "domain": DOMAIN, "to_email": "x@a.example"}),
    "sync settings": (EMAIL_SETTINGS_SYNC, {**WEBITEL, **FLEET, "settings": [{"domain": DOMAIN, **CHANGED}]}),
}
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**62, max_value=2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(["", "0", "********", "error", "\x1b[31m", "{{ x }}", "a\r\nb"]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


@dataclass(frozen=True)
class Twist:
    """A change to the answer of the request with this number: another value, or none, at the place with this number."""

    request: int
    place: int
    value: Any
    status: int

    def of(self, good: Any) -> Any:
        """Return the answer with the change."""
        answer = copy.deepcopy([good])
        places = list(_places(answer))
        container, key = places[self.place % len(places)]
        if self.value is ... and container is not answer:
            del container[key]
        else:
            container[key] = None if self.value is ... else self.value
        return answer[0]


TWISTS = st.builds(
    Twist,
    st.integers(0, 5),
    st.integers(0, 60),
    VALUES | st.just(...),
    st.sampled_from([200, 200, 200, 200, 400, 404, 409, 418, 500]),
)


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON document, as the list or dictionary and the index or key in it."""
    for key in range(len(data)) if isinstance(data, list) else list(data) if isinstance(data, dict) else ():
        yield data, key
        yield from _places(data[key])


def _good_answer(line: str) -> Any:
    return next(answer for beginning, answer in GOOD.items() if line.startswith(beginning))


@dataclass
class TwistingServer:
    """Answers as a real server would, but for some of its answers."""

    twists: tuple[Twist, ...] = ()
    answered: int = 0

    def __call__(self, line: str) -> list[bytes]:
        """Return the answer to a request."""
        good = _good_answer(line)
        due = [twist for twist in self.twists if twist.request == self.answered]
        self.answered += 1
        if not due:
            return document(good)
        return document(due[0].of(REFUSAL if due[0].status >= 400 else good), status=due[0].status)


@pytest.mark.parametrize("name", TASKS)
def test_good_answers(name: str) -> None:
    """What the next test changes is what these tasks are used to; some meet a server that does not."""
    spec, options = TASKS[name]
    with HostileServer.start(TwistingServer()) as server:
        result = Runner({"api_url": server.url, "retries": 0, "timeout": PATIENCE}).run(spec, **options)
        assert len(server.received) >= 1
    assert not result.get("failed"), result


@pytest.mark.parametrize("check_mode", [False, True], ids=["for real", "check mode"])
def test_any_value_at_any_place(request: pytest.FixtureRequest, check_mode: bool) -> None:
    many = request.config.getoption("--full-grid")
    with HostileServer.start(TwistingServer()) as server:
        runner = Runner({"api_url": server.url, "retries": 0, "timeout": PATIENCE})

        @settings(max_examples=10_000 if many else 400, derandomize=not many, deadline=None, database=None)
        @given(st.sampled_from(sorted(TASKS)), st.lists(TWISTS, min_size=1, max_size=2))
        @example("read settings", [Twist(2, 2, {"\x1f": None}, 200)])
        @example("read settings", [Twist(2, 30, {"\x1f": {}}, 200)])
        def check(name: str, twists: list[Twist]) -> None:
            server.answer = TwistingServer(tuple(twists))
            runner.warnings.clear()
            spec, options = TASKS[name]
            result = runner.run(spec, check_mode=check_mode, **options)
            reported = json.dumps([result, runner.warnings], ensure_ascii=False, allow_nan=False)
            assert reported.encode()
            assert '"kind": "defect"' not in reported
            assert str(result.get("msg", "")).isprintable()
            assert all(warning.isprintable() for warning in runner.warnings)
            assert [secret for secret in SECRETS.values() if secret in reported] == []

        check()
