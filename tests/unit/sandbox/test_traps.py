# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every switch, in every position that is not its default."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.sandbox.client import Sandbox
from tests.sandbox.traps import Traps, parse_traps
from tests.unit.sandbox.vendor_client import ACCOUNTS, SETTINGS, VendorClient, account_of, settings_of

AT_A = f"{SETTINGS}?domain=a.example"
WITH_PASSWORD = settings_of(host="h", auth={"user": "u", "pass": "planted"})


def stored_password(sandbox: Sandbox) -> str | None:
    password: str | None = sandbox.settings()["a.example"]["options"]["auth"].get("pass")
    return password


@pytest.mark.parametrize(("trap", "auth"), [("mask", {"pass": "********"}), ("blank", {"pass": ""}), ("omit", {})])
def test_webitel_passwords(sandbox: Sandbox, webitel: VendorClient, trap: str, auth: dict[str, str]) -> None:
    sandbox.traps(webitel_passwords=trap)
    shown = [webitel.call("POST", AT_A, WITH_PASSWORD), webitel.call("GET", AT_A)]
    assert [answer[1]["options"]["auth"] for answer in shown] == [{"user": "u", **auth}] * 2
    assert stored_password(sandbox) == "planted"

    record = {**shown[0][1], "description": "changed"}
    del record["_id"]
    assert webitel.call("PUT", AT_A, record)[1]["options"]["auth"] == {"user": "u", **auth}
    assert stored_password(sandbox) == auth.get("pass"), "what is sent back is what is stored, mask or not"


def test_webitel_passwords_where_there_is_none(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.traps(webitel_passwords="mask")
    for options in ({"host": "h"}, {"auth": {"user": "u"}}, {"auth": None}):
        assert webitel.call("POST", AT_A, settings_of(**options))[1]["options"] == options


def test_webitel_normalise(sandbox: Sandbox, webitel: VendorClient) -> None:
    sandbox.traps(webitel_normalise="on", webitel_unchanged="not_found")
    sent = settings_of(host="Mail.Example.COM", port=465)
    for answer in (webitel.call("POST", AT_A, sent), webitel.call("GET", AT_A)):
        assert answer[1]["options"] == {"host": "mail.example.com", "port": "465"}
    assert webitel.call("PUT", AT_A, sent)[0] == 404, "nothing is modified by what would be stored the same"


@pytest.mark.parametrize(("trap", "shown"), [("mask", "********"), ("blank", "")])
def test_itflex_passwords(sandbox: Sandbox, itflex: VendorClient, trap: str, shown: str) -> None:
    sandbox.traps(itflex_passwords=trap)
    _status, account = itflex.call("POST", ACCOUNTS, account_of())
    assert account["password"] == shown
    assert itflex.call("GET", ACCOUNTS)[1][0]["password"] == shown
    assert sandbox.accounts()[0]["password"] == "planted"

    itflex.call("PUT", f"{ACCOUNTS}/1", account_of(password=shown))
    assert sandbox.accounts()[0]["password"] == shown


def test_itflex_passwords_left_out(sandbox: Sandbox, itflex: VendorClient) -> None:
    sandbox.traps(itflex_passwords="omit")
    assert "password" not in itflex.call("POST", ACCOUNTS, account_of())[1]
    assert sandbox.accounts()[0]["password"] == "planted"


def test_itflex_mask_shows_where_there_is_a_password(sandbox: Sandbox, itflex: VendorClient) -> None:
    sandbox.traps(itflex_passwords="mask")
    assert itflex.call("POST", ACCOUNTS, account_of(password=None))[1]["password"] is None


@pytest.mark.parametrize(("trap", "left"), [("clear", None), ("keep", "planted")])
def test_itflex_put_without_password(sandbox: Sandbox, itflex: VendorClient, trap: str, left: str | None) -> None:
    sandbox.traps(itflex_put_without_password=trap)
    itflex.call("POST", ACCOUNTS, account_of())
    itflex.call("PUT", f"{ACCOUNTS}/1", account_of(password=None))
    assert sandbox.accounts()[0].get("password") == left


@pytest.mark.parametrize(("name", "other"), [("has_auth", "hash_auth"), ("hash_auth", "has_auth")])
def test_itflex_auth_field(sandbox: Sandbox, itflex: VendorClient, name: str, other: str) -> None:
    sandbox.traps(itflex_auth_field=name)
    account = account_of()
    del account["has_auth"]
    status, refusal = itflex.call("POST", ACCOUNTS, {**account, other: True})
    assert status == 400
    assert [(error["field"], error["type"]) for error in refusal["errors"]] == [(name, "required")]
    status, created = itflex.call("POST", ACCOUNTS, {**account, name: True, other: False})
    assert status == 200
    assert created[name] is True
    assert other not in created


def test_itflex_unknown_fields(sandbox: Sandbox, itflex: VendorClient) -> None:
    assert itflex.call("POST", ACCOUNTS, account_of(hash_auth=False, colour="red"))[0] == 200
    assert "colour" not in sandbox.accounts()[0]
    sandbox.traps(itflex_unknown_fields="reject")
    status, refusal = itflex.call("PUT", f"{ACCOUNTS}/1", account_of(hash_auth=False, colour="red"))
    assert status == 400
    assert [(error["field"], error["type"]) for error in refusal["errors"]] == [
        ("hash_auth", "invalid"),
        ("colour", "invalid"),
    ]


def test_itflex_auth_not_required(sandbox: Sandbox, itflex: VendorClient) -> None:
    sandbox.traps(itflex_auth_required="off", itflex_auth_field="hash_auth")
    status, created = itflex.call("POST", ACCOUNTS, account_of(has_auth=True))
    assert status == 200
    assert created["hash_auth"] is False, "the flag under the other name went unheard"
    assert itflex.call("PUT", f"{ACCOUNTS}/1", account_of())[0] == 400


@pytest.mark.parametrize(("trap", "first_stays"), [("unmade", False), ("kept", True)])
def test_itflex_default(sandbox: Sandbox, itflex: VendorClient, trap: str, first_stays: bool) -> None:
    sandbox.traps(itflex_default=trap)
    itflex.call("POST", ACCOUNTS, account_of(name="1", default=True))
    itflex.call("POST", ACCOUNTS, account_of(name="2", default=True))
    assert [account["default"] for account in sandbox.accounts()] == [first_stays, True]
    itflex.call("PUT", f"{ACCOUNTS}/1", account_of(name="1", default=True))
    assert [account["default"] for account in sandbox.accounts()] == [True, first_stays]


def refresh(sandbox: Sandbox, refresh_token: str) -> tuple[int, Any]:
    body = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return VendorClient(sandbox.url, {}).call("POST", "/api/v1/oauth2/token", body)


def test_itflex_token_seconds(sandbox: Sandbox) -> None:
    sandbox.traps(itflex_token_seconds=1)
    _status, fetched = refresh(sandbox, sandbox.ready["itflex"]["refresh_token"])
    assert fetched["expires_in"] == 1
    client = VendorClient(sandbox.url, {"Authorization": f"Bearer {fetched['access_token']}"})
    assert client.call("GET", ACCOUNTS)[0] == 200
    time.sleep(1.05)
    assert client.call("GET", ACCOUNTS)[0] == 401


def test_itflex_rotate_refresh(sandbox: Sandbox) -> None:
    sandbox.traps(itflex_rotate_refresh="on")
    first = sandbox.ready["itflex"]["refresh_token"]
    _status, fetched = refresh(sandbox, first)
    assert fetched["refresh_token"] != first
    assert refresh(sandbox, first)[0] == 401
    assert refresh(sandbox, fetched["refresh_token"])[0] == 200
    sandbox.reset()
    assert refresh(sandbox, first)[0] == 200


def test_itflex_names_need_not_be_unique(sandbox: Sandbox, itflex: VendorClient) -> None:
    sandbox.traps(itflex_unique_name="off")
    assert [itflex.call("POST", ACCOUNTS, account_of())[0] for _ in range(2)] == [200, 200]


def test_itflex_port(sandbox: Sandbox, itflex: VendorClient) -> None:
    sandbox.traps(itflex_port="string")
    for sent in (587, "587"):
        sandbox.control("POST", "reset")
        sandbox.traps(itflex_port="string")
        assert itflex.call("POST", ACCOUNTS, account_of(smtp_port=sent))[1]["smtp_port"] == "587"
        assert sandbox.accounts()[0]["smtp_port"] == 587
    for wrong in ("0", "many", "-1"):
        assert itflex.call("PUT", f"{ACCOUNTS}/1", account_of(smtp_port=wrong))[0] == 400


@pytest.mark.parametrize(
    ("trap", "shown"), [("null", {"smtp_crypt": None}), ("empty", {"smtp_crypt": ""}), ("omit", {})]
)
def test_itflex_absent(sandbox: Sandbox, itflex: VendorClient, trap: str, shown: dict[str, object]) -> None:
    sandbox.traps(itflex_absent=trap)
    _status, account = itflex.call("POST", ACCOUNTS, account_of(smtp_crypt=None))
    assert {name: value for name, value in account.items() if name == "smtp_crypt"} == shown
    assert itflex.call("PUT", f"{ACCOUNTS}/1", account)[0] == 200, "a server takes back what it shows"
    assert "smtp_crypt" not in sandbox.accounts()[0]


def test_itflex_extra(sandbox: Sandbox, itflex: VendorClient) -> None:
    sandbox.traps(itflex_extra="on")
    _status, account = itflex.call("POST", ACCOUNTS, account_of())
    assert (account["last_error"], account["quota"]) == (None, {"used": 3})


def test_itflex_normalise(sandbox: Sandbox, itflex: VendorClient) -> None:
    sandbox.traps(itflex_normalise="on")
    assert itflex.call("POST", ACCOUNTS, account_of(email="Certs@Example.com"))[1]["email"] == "certs@example.com"
    assert sandbox.accounts()[0]["email"] == "certs@example.com"


def test_itflex_shuffle(sandbox: Sandbox, itflex: VendorClient) -> None:
    sandbox.add_accounts([account_of(name=str(number)) for number in range(20)])
    sandbox.traps(itflex_shuffle="on")
    lists = [itflex.call("GET", ACCOUNTS)[1] for _ in range(2)]
    assert [account["id"] for account in lists[0]] != [account["id"] for account in lists[1]]
    assert len({tuple(account) for account in lists[0]}) > 1
    assert sorted(account["id"] for account in lists[0]) == list(range(1, 21))


def test_delay_overlaps(sandbox: Sandbox, webitel: VendorClient, itflex: VendorClient) -> None:
    sandbox.traps(delay_ms=1000)
    start = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        pool.submit(webitel.call, "GET", AT_A)
        pool.submit(itflex.call, "GET", ACCOUNTS)
    assert 1 <= time.monotonic() - start < 1.9


def test_traps_are_shown_checked_and_reset(sandbox: Sandbox) -> None:
    assert sandbox.control("GET", "traps") == Traps().model_dump()
    assert sandbox.traps(itflex_extra="on")["itflex_extra"] == "on"
    for wrong in ({"itflex_extra": "maybe"}, {"no_such_trap": "on"}, {"delay_ms": -1}):
        with pytest.raises(requests.HTTPError, match="422"):
            sandbox.traps(**wrong)
    sandbox.reset()
    assert sandbox.control("GET", "traps") == Traps().model_dump()


def test_traps_of_the_command_line() -> None:
    traps = parse_traps(["itflex_token_seconds=2", "webitel_passwords=mask"])
    assert (traps.itflex_token_seconds, traps.webitel_passwords) == (2, "mask")
    with pytest.raises(ValueError, match="NAME=VALUE"):
        parse_traps(["itflex_extra"])
    with pytest.raises(ValueError, match="webitel_passwords: Input should be 'clear', 'mask', 'blank' or 'omit'"):
        parse_traps(["webitel_passwords=none"])
