# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records whose names only look alike, or were folded into one another: never taken for one record, nor swapped."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.looks import distinct
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.sync_spec import EMAIL_SETTINGS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.specs import EMAIL_PROFILE
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel_cloud.sync_spec import (
    EMAIL_PROFILES_SYNC,
)
from tests.integration.records import account, settings
from tests.unit.plugins.module_utils.running import Runner

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox

NAME = "Zo\u00eb"
ALIKE = [f"{NAME} ", f"{NAME}.", f" {NAME}", unicodedata.normalize("NFD", NAME), f"{NAME}\u200b", f"{NAME}\u00a0"]
by_pair = pytest.mark.parametrize(
    ("wanted", "live"), [*((one, NAME) for one in ALIKE if one[-1] != "\u200b"), *((NAME, one) for one in ALIKE)]
)


def _itflex(sandbox: Sandbox) -> Runner:
    ready = sandbox.ready["itflex"]
    return Runner({"api_url": ready["api_url"], "access_token": ready["access_token"]})


def _webitel(sandbox: Sandbox) -> Runner:
    ready = sandbox.ready["webitel"]
    return Runner({name: ready[name] for name in ("api_url", "access_token", "key")})


@by_pair
@pytest.mark.parametrize("check_mode", [False, True])
def test_an_account_that_looks_like_a_live_one(sandbox: Sandbox, wanted: str, live: str, *, check_mode: bool) -> None:
    sandbox.add_accounts([account(name=live)])
    before = sandbox.accounts()
    runner = _itflex(sandbox)
    new: dict[str, Any] = account(name=wanted, email="new@example.com")
    for result in (
        runner.run(EMAIL_ACCOUNT, **new, check_mode=check_mode),
        runner.run(EMAIL_ACCOUNTS_SYNC, accounts=[new], prune=True, prune_limit="100%", check_mode=check_mode),
    ):
        assert result["failure"]["kind"] == "input", result["msg"]
        assert distinct(wanted) in result["msg"]
        assert distinct(live) in result["msg"]
    assert sandbox.accounts() == before


def _cloud(sandbox: Sandbox) -> Runner:
    ready = sandbox.ready["webitel_cloud"]
    return Runner({"api_url": ready["api_url"], "access_token": ready["access_token"]})


@by_pair
@pytest.mark.parametrize("check_mode", [False, True])
def test_a_profile_that_looks_like_a_live_one(sandbox: Sandbox, wanted: str, live: str, *, check_mode: bool) -> None:
    flow = sandbox.webitel_cloud.add_schema("Tickets")
    sandbox.webitel_cloud.add_profiles([{"name": live, "flow_id": flow}])
    before = sandbox.webitel_cloud.profiles()
    runner = _cloud(sandbox)
    new: dict[str, Any] = {"name": wanted, "schema": {"name": "Tickets"}}
    whole = {"prune": True, "prune_limit": "100%", "erase_stored_mail": True}
    for result in (
        runner.run(EMAIL_PROFILE, **new, check_mode=check_mode),
        runner.run(EMAIL_PROFILES_SYNC, profiles=[new], **whole, check_mode=check_mode),
    ):
        assert result["failure"]["kind"] == "input", result["msg"]
        assert distinct(wanted) in result["msg"]
        assert distinct(live) in result["msg"]
    assert sandbox.webitel_cloud.profiles() == before


def test_a_profile_that_looks_like_one_to_remove(sandbox: Sandbox) -> None:
    flow = sandbox.webitel_cloud.add_schema("Tickets")
    sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow}])
    runner = _cloud(sandbox)
    result = runner.run(EMAIL_PROFILE, name="Support ", state="absent", erase_stored_mail=True)
    assert result["action"] == "none"
    assert any('"Support " is not live, and "Support" is' in warning for warning in runner.warnings)


def test_profiles_of_one_name_and_one_that_looks_so(sandbox: Sandbox) -> None:
    """Names are not unique there: which of two is meant, nobody guesses, nor takes one that only looks so."""
    flow = sandbox.webitel_cloud.add_schema("Tickets")
    names = ["Support", "Support", "Support "]
    ids = sandbox.webitel_cloud.add_profiles([{"name": name, "flow_id": flow} for name in names])
    runner = _cloud(sandbox)
    result = runner.run(EMAIL_PROFILE, name="Support", description="new")
    assert f"2 live profiles fit 'Support': id {ids[0]}, id {ids[1]}" in result["msg"]
    result = runner.run(EMAIL_PROFILE, name="Support ", description="new")
    assert result["email_profile"]["id"] == ids[2]


def test_an_account_that_looks_like_one_to_remove(sandbox: Sandbox) -> None:
    sandbox.add_accounts([account(name="Certificates")])
    runner = _itflex(sandbox)
    result = runner.run(EMAIL_ACCOUNT, name="Certificates ", state="absent")
    assert result["action"] == "none"
    assert any('"Certificates " is not live, and "Certificates" is' in warning for warning in runner.warnings)


def test_two_that_are_live_are_two(sandbox: Sandbox) -> None:
    sandbox.add_accounts([account(name="Certificates"), account(name="Certificates ", email="b@example.com")])
    result = _itflex(sandbox).run(EMAIL_ACCOUNT, name="Certificates ", state="absent")
    assert result["action"] == "deleted"
    assert [entry["name"] for entry in sandbox.accounts()] == ["Certificates"]


@pytest.mark.parametrize("state", ["absent", "present"])
def test_an_address_that_is_folded_by_some(sandbox: Sandbox, state: str) -> None:
    sandbox.add_accounts([account(name="Other", email="strau\u00df@example.com")])
    before = sandbox.accounts()
    runner = _itflex(sandbox)
    result = runner.run(EMAIL_ACCOUNT, email="strauss@example.com", state=state, smtp_port=1)
    assert result.get("failed") or result["action"] == "none"
    runner.run(EMAIL_ACCOUNTS_SYNC, accounts=[{"email": "Strauss@example.com", "state": state, "smtp_port": 1}])
    assert sandbox.accounts() == before


def test_the_domain_of_an_address_is_a_domain(sandbox: Sandbox) -> None:
    sandbox.add_accounts([account(name="Other", email="a@b\u00fccher.example", smtp_port=25)])
    result = _itflex(sandbox).run(EMAIL_ACCOUNT, email="a@XN--bcher-kva.example", smtp_port=26, check_mode=True)
    assert result["action"] == "updated"


def test_duplicates_have_one_address(sandbox: Sandbox) -> None:
    twins = [account(name="Twin", email=email) for email in ("strauss@example.com", "strau\u00df@example.com")]
    sandbox.add_accounts(twins)
    result = _itflex(sandbox).run(EMAIL_ACCOUNTS_SYNC, accounts=[{"name": "Twin"}], deduplicate=True)
    assert result["failed"]
    assert len(sandbox.accounts()) == 2


def test_credentials_of_a_domain_that_is_folded_by_some(sandbox: Sandbox) -> None:
    sandbox.put_settings("strasse.example", settings())
    token = sandbox.tokens("strasse.example", "domain")
    runner = Runner({"api_url": sandbox.ready["webitel"]["api_url"], "access_token": token["access_token"]})
    result = runner.run(EMAIL_SETTINGS, domain="stra\u00dfe.example", **settings(port=1))
    assert result["failure"]["kind"] == "credentials", result["msg"]
    assert sandbox.settings()["strasse.example"] == {**sandbox.settings()["strasse.example"], **settings()}


@pytest.mark.parametrize("domain", ["*", ".", "x..", "x.", "my\u200b.example", "ku\u0308che.example", "a b", "-"])
def test_what_is_no_domain(sandbox: Sandbox, domain: str) -> None:
    runner = _webitel(sandbox)
    for result in (
        runner.run(EMAIL_SETTINGS, domain=domain, **settings()),
        runner.run(EMAIL_SETTINGS_SYNC, settings=[{"domain": domain, **settings()}]),
    ):
        assert result["failure"]["kind"] == "input"
        assert "must be a domain name" in result["msg"]
        assert result["msg"].isprintable()
    assert sandbox.settings() == {}


def test_a_dot_at_the_end_of_a_domain_names_both(sandbox: Sandbox) -> None:
    result = _webitel(sandbox).run(EMAIL_SETTINGS, domain="my.example.com.", **settings())
    assert "'my.example.com.'. Is my.example.com meant?" in result["msg"]


@pytest.mark.parametrize(
    ("wanted", "live"),
    [
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "b\u00fccher.example"),
    ],
)
def test_a_domain_in_another_spelling(sandbox: Sandbox, wanted: str, live: str) -> None:
    sandbox.put_settings(live, settings())
    runner = _webitel(sandbox)
    entry = {"domain": wanted, **settings()}
    for result in (
        runner.run(EMAIL_SETTINGS, **entry),
        runner.run(EMAIL_SETTINGS_SYNC, settings=[entry]),
        runner.run(EMAIL_SETTINGS_SYNC, settings=[entry], prune=True, prune_limit="100%"),
    ):
        assert result["failure"]["kind"] == "input", result["msg"]
        assert wanted in result["msg"]
        assert live in result["msg"]
    assert list(sandbox.settings()) == [live]
