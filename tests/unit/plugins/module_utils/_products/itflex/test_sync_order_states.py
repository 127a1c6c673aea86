# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each state between the first write and the last, on a model of a server that takes a name once and keeps defaults."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Optional

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import Plan, plan_absent, plan_present
from ansible_collections.mailfleet.email.plugins.module_utils._engine.record_result import RecordResult
from ansible_collections.mailfleet.email.plugins.module_utils._engine.secret import NOT_SHOWN, Secret
from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import Request
from ansible_collections.mailfleet.email.plugins.module_utils._http.response import Response
from ansible_collections.mailfleet.email.plugins.module_utils._http.retries import RateLimiter, Retries
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.store import AccountStore
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.writes import AccountWrites

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from ansible_collections.mailfleet.email.plugins.module_utils._resource.phases import Phase

Account = dict[str, Any]
Pairs = list[tuple[Optional[Account], Optional[Account]]]

# Few fresh names, so that most accounts want a name that another one has.
NAMES = "abcdef"
FRESH_NAMES = "xy"


class Server:
    """An appliance in a few words. A write that it would refuse, or after which it has two defaults, fails the test.

    ``leaving`` are the accounts that are to be deleted: one of them may be a default account until it goes.
    """

    def __init__(self, accounts: list[Account], leaving: set[int]) -> None:
        self.accounts = {account["id"]: account for account in accounts}
        self.writes: list[str] = []
        self.session = SimpleNamespace(retries=Retries(0, 60.0, RateLimiter()))
        self._leaving = leaving

    def list_accounts(self) -> Response:
        """Say that a read has just been done, which is all that the order of writes needs to know."""
        return Response(Request("GET", "/"), 200, "application/json", 2, [])

    def create_account(self, body: Account) -> Response:
        """Take a new account."""
        return self._save("POST", max([100, *self.accounts]) + 1, body)

    def update_account(self, account_id: int, body: Account, secrets: object = ()) -> Response:
        """Replace an account."""
        assert secrets is not None
        assert account_id in self.accounts, f"{account_id} is gone"
        return self._save("PUT", account_id, body)

    def delete_account(self, account_id: int, secrets: object = ()) -> None:
        """Delete an account."""
        assert secrets is not None
        del self.accounts[account_id]
        self.writes.append(f"DELETE {account_id}")

    def _save(self, method: str, account_id: int, body: Account) -> Response:
        self.accounts[account_id] = {**body, "id": account_id}
        self.writes.append(f"{method} {account_id}")
        names = [account["name"] for account in self.accounts.values()]
        assert len(names) == len(set(names)), f"a name is taken twice: {names} after {self.writes}"
        defaults = {number for number, account in self.accounts.items() if account["default"]}
        assert len(defaults - self._leaving) < 2, f"two default accounts: {defaults} after {self.writes}"
        return Response(Request(method, "/"), 200, "application/json", 1, self.accounts[account_id])


def server_with(pairs: Pairs) -> Server:
    """A server as it is before the first of the pairs is carried out."""
    live = [one for one, _wanted in pairs if one is not None]
    return Server(live, {one["id"] for one, wanted in pairs if one is not None and wanted is None})


def account(number: int, name: str, *, default: bool = False, shown: bool = True) -> Account:
    """A live account as the store reads it; ``shown`` tells whether the server shows its password."""
    password = Secret("secret") if shown else NOT_SHOWN
    return {"id": number, "name": name, "default": default, "has_auth": True, "password": password}


def result_of(live: Account | None, wanted: Account | None) -> RecordResult:
    """A result by which a live account becomes the wanted one; the password is given where anything is written."""
    before = live and {name: value for name, value in live.items() if name != "id"}
    if wanted is None:
        plan = plan_absent(before)
    else:
        plan = plan_present(before, {"has_auth": True, "default": False, "password": Secret("secret"), **wanted})
        if before is not None and plan.changed_fields == ("password",):
            plan = Plan("none", before, before, ())
    item = RecordResult(None, "key", "header", plan, live["id"] if live else None)
    item.replan = never
    return item


def never(_live: Account | None) -> Plan:
    """Fail: nobody else writes here."""
    raise AssertionError("a plan was made anew")


@dataclass(frozen=True)
class Workers:
    """Carries out phases as a fleet does, what may happen at the same time in any order."""

    shuffle: random.Random | None

    def apply(self, phases: Iterable[Phase]) -> None:
        """Carry out all phases."""
        for phase in phases:
            todo = list(phase.items)
            if self.shuffle is not None and not phase.in_order:
                self.shuffle.shuffle(todo)
            for item in todo:
                phase.carry(item)


def apply(pairs: Pairs, server: Server, shuffle: random.Random | None = None) -> list[RecordResult]:
    """Bring the live account of each pair to its other side. Returns the record results."""
    items = [result_of(one, wanted) for one, wanted in pairs]
    # The model has the calls that the store makes here, and the workers what is asked of a fleet.
    store = AccountStore(server)  # type: ignore[arg-type]
    store.read_all()
    AccountWrites(store, items).apply(Workers(shuffle), live=[])  # type: ignore[arg-type]
    return items


@st.composite
def fleets(draw: st.DrawFn) -> Pairs:
    """Live accounts and what should become of them: kept, changed, renamed among each other, deleted, created."""
    live_names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=6))
    old_default = draw(st.sampled_from([None, *live_names]))
    live = [
        account(number, name, default=name == old_default, shown=draw(st.booleans()))
        for number, name in enumerate(live_names, start=1)
    ]
    # One in four is deleted.
    stay = [one for one in live if draw(st.integers(0, 3))]
    count = len(stay) + draw(st.integers(0, 2))
    new_names = list(draw(st.permutations([*live_names, *FRESH_NAMES])))[:count]
    if draw(st.booleans()):
        kept = [one["name"] for one in stay]
        new_names = [*kept, *(name for name in [*FRESH_NAMES, *live_names] if name not in kept)][:count]
    new_default = draw(st.sampled_from([None, *new_names]))
    wanted = [{"name": name, "default": name == new_default} for name in new_names]
    pairs: Pairs = [
        *zip(stay, wanted),
        *((None, entry) for entry in wanted[len(stay) :]),
        *((one, None) for one in live if one not in stay),
    ]
    return list(draw(st.permutations(pairs)))


@settings(max_examples=300)
@given(fleets(), st.randoms(use_true_random=False))
def test_every_state_on_the_way_is_valid(pairs: Pairs, shuffle: random.Random) -> None:
    server = server_with(pairs)
    apply(pairs, server, shuffle)
    left = sorted((one["name"], one["default"]) for one in server.accounts.values())
    assert left == sorted((wanted["name"], wanted["default"]) for _one, wanted in pairs if wanted is not None)
    for one, wanted in pairs:
        if one is not None and wanted is not None:
            assert server.accounts[one["id"]]["name"] == wanted["name"]


@settings(max_examples=300)
@given(fleets(), st.randoms(use_true_random=False))
def test_deletions_come_last_and_no_write_is_made_in_vain(pairs: Pairs, shuffle: random.Random) -> None:
    server = server_with(pairs)
    changes = sum(item.plan.changed for item in apply(pairs, server, shuffle))
    # An account whose password is not shown cannot step aside, so it may have to go early.
    hidden = {f"DELETE {one['id']}" for one, _wanted in pairs if one is not None and one["password"] is NOT_SHOWN}
    methods = [write.partition(" ")[0] for write in server.writes if write not in hidden]
    assert methods == sorted(methods, key=lambda method: method == "DELETE")
    # One of each circle steps aside, each holder of a name that is to be deleted, and at most one who is the default.
    held = {one["name"] for one, wanted in pairs if one and (wanted is None or wanted["name"] != one["name"])}
    wished = {wanted["name"] for one, wanted in pairs if wanted and (one is None or wanted["name"] != one["name"])}
    assert len(server.writes) <= changes + len(held & wished) + 1
    if not held & wished:
        assert len(server.writes) == changes


@pytest.mark.parametrize(
    ("names", "writes"),
    [
        pytest.param({"a": "b", "b": "a"}, ["PUT 1", "PUT 2", "PUT 1"], id="circle of two"),
        pytest.param({"a": "b", "b": "c", "c": "a"}, ["PUT 1", "PUT 3", "PUT 2", "PUT 1"], id="circle of three"),
        pytest.param({"a": "b", "b": "c", "c": "x"}, ["PUT 3", "PUT 2", "PUT 1"], id="chain"),
        pytest.param({"c": "x", "b": "c", "a": "b"}, ["PUT 1", "PUT 2", "PUT 3"], id="chain in its order"),
        pytest.param({"a": "b", "b": None}, ["PUT 2", "PUT 1", "DELETE 2"], id="onto a deleted one's name"),
        pytest.param({"a": "b", "b": "c", "c": None}, ["PUT 3", "PUT 2", "PUT 1", "DELETE 3"], id="chain onto one"),
    ],
)
def test_renames(names: dict[str, str | None], writes: list[str]) -> None:
    pairs: Pairs = [
        (account(number, old), None if new is None else {"name": new})
        for number, (old, new) in enumerate(names.items(), start=1)
    ]
    server = server_with(pairs)
    apply(pairs, server)
    assert server.writes == writes
    assert {one["name"] for one in server.accounts.values()} == {name for name in names.values() if name is not None}


def test_hidden_password_of_a_deleted_holder() -> None:
    """It cannot be written again as it is, so it goes before its name is taken."""
    pairs: Pairs = [(account(1, "a"), {"name": "b"}), (account(2, "b", shown=False), None)]
    server = server_with(pairs)
    apply(pairs, server)
    assert server.writes == ["DELETE 2", "PUT 1"]


@pytest.mark.parametrize("swaps", [False, True])
@pytest.mark.parametrize("turned", [False, True])
def test_a_default_is_given_up_before_it_is_taken(swaps: bool, turned: bool) -> None:
    """Whichever is listed first, and also where the two swap their names."""
    pairs: Pairs = [
        (account(1, "a", default=True), {"name": "b" if swaps else "a", "default": False}),
        (account(2, "b"), {"name": "a" if swaps else "b", "default": True}),
    ]
    server = server_with(pairs)
    apply(pairs[::-1] if turned else pairs, server)
    assert [one["default"] for one in server.accounts.values()] == [False, True]
