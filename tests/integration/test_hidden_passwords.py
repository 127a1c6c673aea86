# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers that do not show passwords: what they show is no value, and a PUT must not destroy what they store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import Outcome, Task
from tests.integration.records import DOMAIN, PASSWORD, account, settings
from tests.integration.ritual import assert_unchanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.playbook import Playbook
    from tests.sandbox.client import Sandbox

NEW_PASSWORD = "second-password"


@dataclass(frozen=True)
class Product:
    """What the same story is called on each product. ``wanted`` makes arguments with a port and a password."""

    module: str
    trap: str
    field: str
    store: Callable[[Sandbox], object]
    wanted: Callable[..., dict[str, Any]]
    stored_password: Callable[[Sandbox], str]
    sent_password: Callable[[dict[str, Any]], str]


def _wanted_account(port: int, password: str | None = None) -> dict[str, Any]:
    return {"name": "Certificates", "smtp_port": port} | ({"password": password} if password else {})


def _wanted_settings(port: int, password: str | None = None) -> dict[str, Any]:
    return {"domain": DOMAIN, "options": {"port": port} | ({"auth": {"pass": password}} if password else {})}


PRODUCTS = [
    Product(
        module="email_account",
        trap="itflex_passwords",
        field="password",
        store=lambda sandbox: sandbox.add_accounts([account()]),
        wanted=_wanted_account,
        stored_password=lambda sandbox: str(sandbox.accounts()[0]["password"]),
        sent_password=lambda body: str(body["password"]),
    ),
    Product(
        module="email_settings",
        trap="webitel_passwords",
        field="options.auth.pass",
        store=lambda sandbox: sandbox.put_settings(DOMAIN, settings()),
        wanted=_wanted_settings,
        stored_password=lambda sandbox: str(sandbox.settings()[DOMAIN]["options"]["auth"]["pass"]),
        sent_password=lambda body: str(body["options"]["auth"]["pass"]),
    ),
]


@pytest.mark.parametrize("shown", ["mask", "blank", "omit"])
@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.module)
def test_stored_password_survives(playbook: Playbook, product: Product, shown: str) -> None:
    product.store(playbook.sandbox)
    playbook.sandbox.traps(**{product.trap: shown})
    on_create = {"update_password": "on_create"}
    run = playbook.run(
        [
            Task("unchanged", product.module, product.wanted(465)),
            Task("change", product.module, product.wanted(587)),
            Task("change in check mode", product.module, product.wanted(587), check=True),
            Task("mask as a password", product.module, product.wanted(465, "********")),
            Task("unchanged on_create", product.module, product.wanted(465, NEW_PASSWORD) | on_create),
            Task("change on_create", product.module, product.wanted(587, NEW_PASSWORD) | on_create),
        ]
    )
    assert_unchanged(run.succeeded("unchanged"))
    assert_unchanged(run.succeeded("unchanged on_create"))
    assert run["unchanged on_create"].returned["password_check"] == "skipped"
    for name in ("change", "change in check mode", "change on_create", "mask as a password"):
        _assert_reported_before_writing(run.failed(name), product.field)
    assert product.stored_password(playbook.sandbox) == PASSWORD


def _assert_reported_before_writing(outcome: Outcome, field: str) -> None:
    assert outcome.writes == []
    assert outcome.returned["failure"]["problems"][0]["field"] == field


@pytest.mark.parametrize("shown", ["mask", "blank", "omit"])
@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.module)
def test_given_password_is_written_every_time(playbook: Playbook, product: Product, shown: str) -> None:
    product.store(playbook.sandbox)
    playbook.sandbox.traps(**{product.trap: shown})
    run = playbook.run(
        [
            Task("change", product.module, product.wanted(2465, NEW_PASSWORD)),
            Task("repeat", product.module, product.wanted(2465, NEW_PASSWORD)),
            Task("repeat in check mode", product.module, product.wanted(2465, NEW_PASSWORD), check=True),
        ]
    )
    assert len(run.succeeded("change").returned["changed_fields"]) == 2
    for name in ("repeat", "repeat in check mode"):
        assert run.succeeded(name).returned["changed_fields"] == [product.field]
        assert "<secret: written, whether it differs is not known>" in str(run[name].returned["diff"]["after"])
    assert [outcome.returned["password_check"] for outcome in run.outcomes.values()] == ["written"] * 3
    assert [outcome.writes for outcome in run.outcomes.values()] == [["PUT"], ["PUT"], []]
    assert not any(outcome.warnings for outcome in run.outcomes.values())
    sent = [product.sent_password(body) for outcome in run.outcomes.values() for body in outcome.bodies("PUT")]
    assert sent == [NEW_PASSWORD, NEW_PASSWORD]
    assert product.stored_password(playbook.sandbox) == NEW_PASSWORD


def test_secret_in_another_place(playbook: Playbook) -> None:
    """A mask is no value wherever a secret stands; without a login there is no password to lose."""
    playbook.sandbox.put_settings(DOMAIN, settings(dkim={"privateKey": "********"}))
    playbook.sandbox.add_accounts([account(has_auth=False, password=None)])
    playbook.sandbox.traps(itflex_passwords="omit")
    run = playbook.run(
        [
            Task("masked key", "email_settings", _wanted_settings(587)),
            Task(
                "key given", "email_settings", {"domain": DOMAIN, "options": {"extra": {"dkim": {"privateKey": "k"}}}}
            ),
            Task("no login", "email_account", _wanted_account(587)),
        ]
    )
    _assert_reported_before_writing(run.failed("masked key"), "options.dkim.privateKey")
    assert run.succeeded("key given").returned["changed_fields"] == ["options.dkim.privateKey"]
    assert run.succeeded("no login").returned["changed_fields"] == ["smtp_port"]
    assert playbook.sandbox.settings()[DOMAIN]["options"]["dkim"] == {"privateKey": "k"}
