# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exactly as many requests and connections as the work needs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import account, settings

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Outcome, Playbook

ACCOUNTS = "/api/email/accounts"
SETTINGS = "/engine/api/v2/email/settings"


def _counts(outcome: Outcome) -> dict[str, int]:
    """How often each kind of request was made; accounts by number count as one kind."""
    return dict(Counter(call.rpartition("/")[0] + "/ID" if call[-1].isdigit() else call for call in outcome.calls))


def _connections(outcome: Outcome) -> int:
    return len({request["connection"] for request in outcome.requests})


@pytest.mark.parametrize("spec", WAYS)
def test_accounts(playbook: Playbook, spec: ModuleSpec) -> None:
    """One list, and one request for each needed write."""
    fleet = [account(name=f"Account {number}", email=f"{number}@example.com") for number in range(30)]
    changed = [*({**entry, "smtp_port": 25} for entry in fleet[:10]), *fleet[10:20]]
    gone = [{"name": entry["name"], "state": "absent"} for entry in fleet[20:]]
    run = playbook.run(
        [
            Task("check", "email_accounts_sync", {"accounts": fleet}, check=True),
            Task("create", "email_accounts_sync", {"accounts": fleet}),
            Task("unchanged", "email_accounts_sync", {"accounts": fleet}),
            Task("change", "email_accounts_sync", {"accounts": [*changed, *gone]}),
            Task("prune", "email_accounts_sync", {"accounts": changed[:15], "prune": True}),
        ],
        spec=spec,
    )
    read = {f"GET {ACCOUNTS}": 1}
    assert _counts(run.succeeded("check")) == read
    assert _counts(run.succeeded("create")) == {**read, f"POST {ACCOUNTS}": 30}
    assert _counts(run.succeeded("unchanged")) == read
    # What templates use must not go: they are asked for where anything would.
    removal = {**read, "GET /api/openvpn/email/templates": 1}
    assert _counts(run.succeeded("change")) == {**removal, f"PUT {ACCOUNTS}/ID": 10, f"DELETE {ACCOUNTS}/ID": 10}
    assert _counts(run.succeeded("prune")) == {**removal, f"DELETE {ACCOUNTS}/ID": 5}


@pytest.mark.parametrize("spec", WAYS)
def test_domains(playbook: Playbook, spec: ModuleSpec) -> None:
    """For each domain one read, and one write if needed; one look at the caller where some have no settings."""
    fleet = [{"domain": f"d{number}.example", **settings()} for number in range(20)]
    changed: list[dict[str, Any]] = [{"domain": entry["domain"], "options": {"port": 25}} for entry in fleet[:5]]
    gone: list[dict[str, Any]] = [{"domain": entry["domain"], "state": "absent"} for entry in fleet[15:]]
    run = playbook.run(
        [
            Task("create", "email_settings_sync", {"settings": fleet}),
            Task("unchanged", "email_settings_sync", {"settings": fleet}),
            Task("change", "email_settings_sync", {"settings": [*changed, *fleet[5:15], *gone]}),
            Task("prune", "email_settings_sync", {"settings": changed, "prune": True, "prune_limit": 10}),
        ],
        spec=spec,
    )
    read, caller = {f"GET {SETTINGS}": 20}, {"GET /engine/api/v2/whoami": 1}
    listing = {"GET /engine/api/v2/domains": 1}
    assert _counts(run.succeeded("create")) == {**read, **caller, **listing, f"POST {SETTINGS}": 20}
    assert _counts(run.succeeded("unchanged")) == read
    assert _counts(run.succeeded("change")) == {**read, f"PUT {SETTINGS}": 5, f"DELETE {SETTINGS}": 5}
    # Five domains are known to the server although their settings are gone: it has to be asked about those as well.
    assert _counts(run.succeeded("prune")) == {
        **read,
        **caller,
        **listing,
        f"DELETE {SETTINGS}": 10,
    }


@pytest.mark.parametrize("concurrency", [1, 3, 8])
def test_connections(playbook: Playbook, concurrency: int) -> None:
    """As many as the option says at most, and really that many; for reads of domains as for writes."""
    playbook.sandbox.traps(delay_ms=30)
    accounts = [account(name=f"Account {number}", email=f"{number}@example.com") for number in range(32)]
    domains = [{"domain": f"d{number}.example", **settings()} for number in range(32)]
    run = playbook.run(
        [
            Task("accounts", "email_accounts_sync", {"accounts": accounts, "concurrency": concurrency}),
            Task("domains", "email_settings_sync", {"settings": domains, "concurrency": concurrency}),
        ]
    )
    for name in ("accounts", "domains"):
        assert _connections(run.succeeded(name)) == concurrency


def test_default_concurrency(playbook: Playbook) -> None:
    playbook.sandbox.traps(delay_ms=30)
    accounts = [account(name=f"Account {number}", email=f"{number}@example.com") for number in range(40)]
    run = playbook.run([Task("accounts", "email_accounts_sync", {"accounts": accounts})])
    assert _connections(run.succeeded("accounts")) == 8
