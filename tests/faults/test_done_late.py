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
from tests.faults.fault import Fault, FaultKind
from tests.integration.records import DOMAIN, account, settings
from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from tests.faults.proxy import FaultProxy
    from tests.sandbox.client import Sandbox

LATE = [kind for kind in FaultKind if kind.is_late]
NEVER = [FaultKind.STALL_BEFORE, FaultKind.STATUS_504_BEFORE]
ACCOUNTS, SETTINGS = "/api/email/accounts", "/api/v2/email/settings"


def _runner(sandbox: Sandbox, proxy: FaultProxy, product: str, deadline: float) -> Runner:
    sandbox.add_domains(DOMAIN)
    suffix = "/engine" if product == "webitel" else ""
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
@pytest.mark.parametrize("product", ["itflex", "webitel"])
def test_what_never_appears_is_not_known(sandbox: Sandbox, proxy: FaultProxy, kind: FaultKind, product: str) -> None:
    proxy.plan([Fault(kind, method="POST", times=100)])
    runner = _runner(sandbox, proxy, product, 1.5)
    result = (
        runner.run(EMAIL_ACCOUNT, **account(name="New"))
        if product == "itflex"
        else runner.run(EMAIL_SETTINGS, domain=DOMAIN, **settings())
    )
    assert result["failure"]["outcome"] == "unknown"
    assert "did not appear until the deadline" in result["msg"]
    assert "Whether the server did it is not known" in result["msg"]
    assert _posts(proxy) == 1
    # It was looked for, and more than once.
    assert sum(passed.method == "GET" for passed in proxy.log) > 3
