# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creations that a server does after its client gave up: once, and never a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.sync_spec import (
    EMAIL_PROFILES_SYNC,
)
from tests.faults.fault import Fault, FaultKind
from tests.integration.records import DOMAIN, account, settings
from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.module_utils._resource.spec import ModuleSpec
    from tests.faults.proxy import FaultProxy
    from tests.sandbox.client import Sandbox

LATE = [kind for kind in FaultKind if kind.is_late]
NEVER = [FaultKind.STALL_BEFORE, FaultKind.STATUS_504_BEFORE]
ACCOUNTS, SETTINGS = "/api/email/accounts", "/api/v2/email/settings"


def _runner(sandbox: Sandbox, proxy: FaultProxy, product: str, deadline: float) -> Runner:
    sandbox.add_domains(DOMAIN)
    suffix = {"webitel": "/engine", "webitel_cloud": "/api"}.get(product, "")
    names = ("access_token", "key") if product == "webitel" else ("access_token",)
    return Runner(
        {
            "api_url": proxy.url + suffix,
            **{name: sandbox.ready[product][name] for name in names},
            "timeout": 0.5,
            "deadline": deadline,
        }
    )


def _posts(proxy: FaultProxy) -> int:
    return sum(passed.method == "POST" for passed in proxy.log)


@pytest.mark.parametrize("kind", LATE, ids=str)
@pytest.mark.parametrize("times", [1, 100])
def test_a_late_account_is_adopted(sandbox: Sandbox, proxy: FaultProxy, kind: FaultKind, times: int) -> None:
    proxy.plan([Fault(kind, method="POST", times=times)])
    result = _runner(sandbox, proxy, "itflex", 10.0).run(EMAIL_ACCOUNT, **account(name="New"))
    assert result.get("action") == "created", result
    assert _posts(proxy) == 1
    proxy.plan([])
    assert len(sandbox.accounts()) == 1


@pytest.mark.parametrize("kind", LATE, ids=str)
def test_late_settings_are_adopted(sandbox: Sandbox, proxy: FaultProxy, kind: FaultKind) -> None:
    proxy.plan([Fault(kind, method="POST", times=100)])
    result = _runner(sandbox, proxy, "webitel", 10.0).run(EMAIL_SETTINGS, domain=DOMAIN, **settings())
    assert result.get("action") == "created", result
    assert _posts(proxy) == 1


@pytest.mark.parametrize("kind", LATE, ids=str)
@pytest.mark.parametrize("times", [1, 100])
def test_a_late_profile_is_adopted(sandbox: Sandbox, proxy: FaultProxy, kind: FaultKind, times: int) -> None:
    flow = sandbox.webitel_cloud.add_schema("Tickets")
    # Names are not unique: the one that was there is not taken for the new one.
    sandbox.webitel_cloud.add_profiles([{"name": "Other", "flow_id": flow}])
    proxy.plan([Fault(kind, method="POST", times=times)])
    runner = _runner(sandbox, proxy, "webitel_cloud", 10.0)
    result = runner.run(EMAIL_PROFILE, name="New", schema={"name": "Tickets"})
    assert result.get("action") == "created", result
    assert _posts(proxy) == 1
    proxy.plan([])
    assert sorted(profile["name"] for profile in sandbox.webitel_cloud.profiles()) == ["New", "Other"]


@pytest.mark.parametrize("kind", [*LATE, *NEVER], ids=str)
def test_many_late_profiles(sandbox: Sandbox, proxy: FaultProxy, kind: FaultKind) -> None:
    sandbox.webitel_cloud.add_schema("Tickets")
    wanted: list[dict[str, Any]] = [{"name": f"New {number}", "schema": {"name": "Tickets"}} for number in range(4)]
    proxy.plan([Fault(kind, method="POST", times=100)])
    result = _runner(sandbox, proxy, "webitel_cloud", 3.0).run(EMAIL_PROFILES_SYNC, profiles=wanted)
    assert _posts(proxy) == len(wanted)
    never = kind in NEVER
    assert bool(result.get("failed")) is never
    if never:
        assert {entry["failure"]["outcome"] for entry in result["results"]} == {"unknown"}
    proxy.plan([])
    names = sorted(profile["name"] for profile in sandbox.webitel_cloud.profiles())
    assert names == ([] if never else [one["name"] for one in wanted])


@pytest.mark.parametrize("kind", [*LATE, *NEVER], ids=str)
def test_many_late_accounts(sandbox: Sandbox, proxy: FaultProxy, kind: FaultKind) -> None:
    wanted: list[dict[str, Any]] = [account(name=f"New {number}", default=False) for number in range(4)]
    proxy.plan([Fault(kind, method="POST", times=100)])
    result = _runner(sandbox, proxy, "itflex", 3.0).run(EMAIL_ACCOUNTS_SYNC, accounts=wanted)
    assert _posts(proxy) == len(wanted)
    never = kind in NEVER
    assert bool(result.get("failed")) is never
    if never:
        assert {entry["failure"]["outcome"] for entry in result["results"]} == {"unknown"}
    proxy.plan([])
    assert sorted(entry["name"] for entry in sandbox.accounts()) == ([] if never else [one["name"] for one in wanted])


@pytest.mark.parametrize("kind", NEVER, ids=str)
@pytest.mark.parametrize("product", ["itflex", "webitel", "webitel_cloud"])
def test_what_never_appears_is_not_known(sandbox: Sandbox, proxy: FaultProxy, kind: FaultKind, product: str) -> None:
    proxy.plan([Fault(kind, method="POST", times=100)])
    runner = _runner(sandbox, proxy, product, 1.5)
    if product == "webitel_cloud":
        sandbox.webitel_cloud.add_schema("Tickets")
    new: dict[str, tuple[ModuleSpec, dict[str, Any]]] = {
        "itflex": (EMAIL_ACCOUNT, account(name="New")),
        "webitel": (EMAIL_SETTINGS, {"domain": DOMAIN, **settings()}),
        "webitel_cloud": (EMAIL_PROFILE, {"name": "New", "schema": {"name": "Tickets"}}),
    }
    spec, options = new[product]
    result = runner.run(spec, **options)
    assert result["failure"]["outcome"] == "unknown"
    assert "did not appear until the deadline" in result["msg"]
    assert "Whether the server did it is not known" in result["msg"]
    assert _posts(proxy) == 1
    # It was looked for, and more than once.
    assert sum(passed.method == "GET" for passed in proxy.log) > 3
