# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Domains that the server does not have, or has in another spelling: it would store settings that nothing uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, settings

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

TYPO = "my.examples.com"
LISTING = "GET /engine/api/v2/domains"


def entry(domain: str, **fields: Any) -> dict[str, Any]:
    return {"domain": domain, **settings(), **fields}


@pytest.mark.parametrize("spec", WAYS)
def test_nothing_is_written_for_them(playbook: Playbook, spec: ModuleSpec) -> None:
    playbook.sandbox.add_domains(DOMAIN, "Big.Example")
    many = [entry(DOMAIN), entry(TYPO), entry("BIG.example")]
    run = playbook.run(
        [
            Task("check", "email_settings", entry(TYPO), check=True),
            Task("typo", "email_settings", entry(TYPO)),
            Task("case", "email_settings", entry("BIG.example")),
            Task("many in check mode", "email_settings_sync", {"settings": many}, check=True),
            Task("many", "email_settings_sync", {"settings": many}),
            Task("prune", "email_settings_sync", {"settings": [entry("BIG.example")], "prune": True}),
            Task("known", "email_settings", entry(DOMAIN)),
            Task("accepted", "email_settings", entry(TYPO, unknown_domain="accept")),
            Task("changed", "email_settings", {"domain": TYPO, "options": {"port": 25}}),
            Task("accepted in a list", "email_settings_sync", {"settings": [entry("b.test", unknown_domain="accept")]}),
        ],
        domains_known=False,
        spec=spec,
    )
    for name in ("check", "typo", "many in check mode", "many"):
        outcome = run.failed(name)
        assert f"the server has no domain {TYPO}" in outcome.returned["msg"]
        assert f"did you mean {DOMAIN}" in outcome.returned["msg"]
    for name in ("case", "many in check mode", "many", "prune"):
        assert "the server spells the domain Big.Example, not BIG.example" in run.failed(name).returned["msg"]
    for name in ("check", "typo", "case", "many in check mode", "many", "prune"):
        assert run[name].writes == []
        assert run[name].calls.count(LISTING) == 1
    assert run.succeeded("known").calls.count(LISTING) == 1
    for name in ("accepted", "changed", "accepted in a list"):
        assert LISTING not in run.succeeded(name).calls
    assert set(playbook.sandbox.settings()) == {DOMAIN, TYPO, "b.test"}


def test_a_loop_looks_once(playbook: Playbook) -> None:
    domains = ["a.example", "b.example", "c.example"]
    loop = Task("loop", "email_settings", entry("{{ item }}"), keywords={"loop": domains})
    playbook.sandbox.add_domains(*domains)
    run = playbook.run([loop])
    assert run["loop"].calls.count(LISTING) == 1
    assert set(playbook.sandbox.settings()) == set(domains)


@pytest.mark.parametrize("fault", [{"status": 403, "body": "{}"}, {"status": 500, "body": ""}, {"body": "<html>"}])
def test_a_list_that_cannot_be_read_is_a_warning(playbook: Playbook, fault: dict[str, Any]) -> None:
    playbook.sandbox.fault("/api/v2/domains", method="GET", times=2, **{"status": 200, **fault})
    one = Task("one", "email_settings", entry(TYPO))
    many = Task("many", "email_settings_sync", {"settings": [entry("a.test"), entry("b.test")]})
    run = playbook.run([one, many], domains_known=False)
    for name, domains in (("one", TYPO), ("many", "a.test, b.test")):
        (warning,) = run.succeeded(name).warnings
        assert f"nobody knows whether the server has {domains}" in warning
    assert set(playbook.sandbox.settings()) == {TYPO, "a.test", "b.test"}


@pytest.mark.parametrize("module", ["email_settings_info", "email_settings_sync"])
def test_who_may_not_list_learns_what_to_give(playbook: Playbook, module: str) -> None:
    playbook.sandbox.put_settings(DOMAIN, settings())
    playbook.sandbox.fault(
        "/api/v2/domains", method="GET", status=403, body='{"status": "error", "info": "Permission denied!"}'
    )
    prune = {"settings": [entry(DOMAIN)], "prune": True} if module.endswith("sync") else {}
    named = {"settings": [entry(DOMAIN)]} if module.endswith("sync") else {"domain": DOMAIN}
    run = playbook.run([Task("all", module, prune), Task("named", module, named)])
    refused = run.failed("all").returned
    assert refused["failure"]["kind"] == "credentials"
    assert "may not list the domains of the server" in refused["msg"]
    assert "domain" in refused["msg"].rpartition("server: ")[2]
    assert LISTING not in run.succeeded("named").calls


def test_an_address_without_this_api_is_reported_as_one(playbook: Playbook) -> None:
    """The engine's own 404 of an unknown route is never taken for a domain without settings."""
    wrong = {"api_url": playbook.sandbox.ready["webitel"]["api_url"] + "/xx"}
    run = playbook.run(
        [
            Task("present", "email_settings", {**entry(DOMAIN), **wrong}),
            Task("absent", "email_settings", {"domain": DOMAIN, "state": "absent", **wrong}),
            Task("info", "email_settings_info", {"domain": DOMAIN, **wrong}),
            Task("all", "email_settings_info", wrong),
            Task("test", "email_settings_test", {"domain": DOMAIN, "to_email": "a@example.com", **wrong}),
            Task("sync", "email_settings_sync", {"settings": [entry(DOMAIN)], **wrong}),
        ]
    )
    for name in run.outcomes:
        assert run[name].failed
        assert "This address has no such API: check api_url (did you mean " in run[name].returned["msg"]
        assert "/engine?)" in run[name].returned["msg"]
