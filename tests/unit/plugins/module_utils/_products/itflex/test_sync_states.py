# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All small states of names, defaults and deletions, on models of both kinds of server: one run does it."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._http.errors import ApiStatusError, NotFound, Request
from ansible_collections.mailfleet.email.plugins.module_utils._http.response import Response
from ansible_collections.mailfleet.email.plugins.module_utils._http.retries import RateLimiter, Retries
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.store import AccountStore
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._resource.base import Context
from tests.unit.plugins.module_utils.running import all_options

if TYPE_CHECKING:
    from collections.abc import Iterator

Account = dict[str, Any]
# By id: the name that the account gets, and its default, `None` where nobody describes it.
Wish = tuple[str, Any]
NAMES = "AB"
FIELDS = {"email": "a@example.com", "service": "other", "has_auth": True, "password": "pw"}
RECORD_SPEC = EMAIL_ACCOUNTS_SYNC.argument_spec["accounts"]["options"]


class Server:
    """An appliance whose names are unique. `unmakes` tells whether a new default account un-makes the old one."""

    def __init__(self, accounts: dict[int, tuple[str, bool]], *, unmakes: bool) -> None:
        self.accounts = {
            number: {"id": number, "name": name, "default": default, **FIELDS}
            for number, (name, default) in accounts.items()
        }
        self.session = SimpleNamespace(retries=Retries(0, 60.0, RateLimiter()))
        self.writes: list[str] = []
        self.refused = ""
        self._unmakes = unmakes

    def list_accounts(self) -> Response:
        """All accounts, as they are now."""
        return _answer("GET", [dict(account) for account in self.accounts.values()])

    def list_templates(self) -> Response:
        """No templates."""
        return _answer("GET", {"email_templates": []})

    def get_account(self, account_id: int) -> Response:
        """One account."""
        if account_id not in self.accounts:
            raise NotFound(Request("GET", "/"), 404, "gone")
        return _answer("GET", dict(self.accounts[account_id]))

    def create_account(self, body: Account) -> Response:
        """Take a new account."""
        return self._save("POST", max([9, *self.accounts]) + 1, body)

    def update_account(self, account_id: int, body: Account, secrets: object = ()) -> Response:
        """Replace an account."""
        assert secrets is not None
        assert account_id in self.accounts
        return self._save("PUT", account_id, body)

    def delete_account(self, account_id: int, secrets: object = ()) -> None:
        """Delete an account."""
        assert secrets is not None
        del self.accounts[account_id]
        self.writes.append(f"DELETE {account_id}")

    def _save(self, method: str, account_id: int, body: Account) -> Response:
        if self.refused == f"{method} {account_id} {body['name']}":
            raise ApiStatusError(Request(method, "/"), 400, "refused")
        self.accounts[account_id] = {**body, "id": account_id}
        self.writes.append(f"{method} {account_id} {body['name']} {body['default']}")
        names = [account["name"] for account in self.accounts.values()]
        assert len(names) == len(set(names)), f"a name is taken twice: {names} after {self.writes}"
        if body["default"] and self._unmakes:
            for number, account in self.accounts.items():
                account["default"] = number == account_id
        return _answer(method, dict(self.accounts[account_id]))


def _answer(method: str, data: Any) -> Response:
    return Response(Request(method, "/"), 200, "application/json", 1, data)


class ModelContext(Context):
    """A task that works on a model."""

    server: Server

    @contextmanager
    def store(self, *_arguments: object) -> Iterator[Any]:
        """The accounts of the model."""
        yield AccountStore(self.server)  # type: ignore[arg-type]


def run(server: Server, entries: list[Account]) -> tuple[dict[str, Any], list[str]]:
    """Bring the server to what the entries describe. Returns the result, and the warnings."""
    warnings: list[str] = []
    context = ModelContext(False, False, warnings.append, None)  # type: ignore[arg-type]
    object.__setattr__(context, "server", server)
    given = {
        "accounts": [all_options(RECORD_SPEC, entry) for entry in entries],
        "api_url": "https://a",
        "access_token": "t",
        "concurrency": 1,
    }
    params = all_options(EMAIL_ACCOUNTS_SYNC.argument_spec, given)
    assert EMAIL_ACCOUNTS_SYNC.problems(params) == []
    return EMAIL_ACCOUNTS_SYNC.run(params, context), warnings


def states(count: int, *, one_default: bool) -> Iterator[dict[int, tuple[str, bool]]]:
    """All live states of so many accounts."""
    numbers = range(1, count + 1)
    for defaults in itertools.product([False, True], repeat=count):
        if not (one_default and sum(defaults) > 1):
            yield {number: ("ABCD"[number - 1], defaults[number - 1]) for number in numbers}


def wishes(count: int, names: str) -> Iterator[dict[int, Wish | None]]:
    """All that may be described of so many accounts; `None` is for one that goes, and others may be left alone."""
    each = [..., None, *itertools.product(names, [None, False, True])]
    for chosen in itertools.product(each, repeat=count):
        yield {number: wish for number, wish in enumerate(chosen, start=1) if wish is not ...}


def expected(
    live: dict[int, tuple[str, bool]], wish: dict[int, Wish | None], *, unmakes: bool
) -> dict[int, tuple[str, bool]] | None:
    """What is live afterwards, `None` where the wish cannot be had: two accounts of one name, or two defaults."""
    after = {}
    for number, (name, default) in live.items():
        wanted = wish.get(number, (name, None))
        if wanted is not None:
            after[number] = (wanted[0], default if wanted[1] is None else wanted[1])
    taker = [number for number, wanted in wish.items() if wanted is not None and wanted[1]]
    if len({name for name, _default in after.values()}) < len(after) or len(taker) > 1:
        return None
    if taker and unmakes and not live[taker[0]][1]:
        after = {number: (name, default and number == taker[0]) for number, (name, default) in after.items()}
    return after


def check(live: dict[int, tuple[str, bool]], wish: dict[int, Wish | None], *, unmakes: bool) -> bool:
    """Hold one run to what is expected, and a second one to doing nothing. Says whether the wish can be had."""
    wanted = expected(live, wish, unmakes=unmakes)
    if wanted is None:
        return False
    server = Server(live, unmakes=unmakes)
    entries: list[Account] = []
    for number, described in wish.items():
        if described is None:
            entries.append({"id": number, "state": "absent"})
        else:
            entries.append({"id": number, "name": described[0], "default": described[1]})
    for order in (entries, entries[::-1]):
        server = Server(live, unmakes=unmakes)
        result, warnings = run(server, order)
        case = f"{live} {order} {server.writes}"
        assert not result.get("failed"), case
        after = {number: (account["name"], account["default"]) for number, account in server.accounts.items()}
        assert after == wanted, case
        if unmakes:
            assert warnings == [], case
        writes = list(server.writes)
        again, _warnings = run(server, [entry for entry in order if entry["id"] in server.accounts])
        assert not again["changed"], case
        assert server.writes == writes, case
    return True


@pytest.mark.parametrize("unmakes", [True, False], ids=["one default", "several defaults"])
@pytest.mark.parametrize(("count", "names"), [(2, "ABX"), (3, "ABC")])
def test_one_run_does_it(count: int, names: str, unmakes: bool) -> None:
    tried = sum(
        check(live, wish, unmakes=unmakes)
        for live in states(count, one_default=unmakes)
        for wish in wishes(count, names)
    )
    assert tried > (200 if count == 2 else 1000)


@pytest.mark.parametrize("unmakes", [True, False], ids=["one default", "several defaults"])
def test_rings_of_four(unmakes: bool) -> None:
    """Nobody keeps a name, the default goes from any account to any other one, and the old one says so or not."""
    rings = [names for names in itertools.permutations("ABCD") if all(map(str.__ne__, names, "ABCD"))]
    tried = 0
    for names, old, new in itertools.product(rings, range(5), range(5)):
        live = {number: ("ABCD"[number - 1], number == old) for number in range(1, 5)}
        for given_up in (None, old == new):
            described = {old: given_up, new: True}
            wish: dict[int, Wish | None] = {
                number: (names[number - 1], described.get(number)) for number in range(1, 5)
            }
            tried += check(live, wish, unmakes=unmakes)
    assert tried == 9 * 5 * 5 * 2


def renamings(count: int) -> Iterator[dict[int, str | None]]:
    """What accounts called A, B and so on may be called afterwards, no name twice; `None` is for one that goes."""
    for chosen in itertools.product([*"ABCD"[:count], "X", None], repeat=count):
        names = [name for name in chosen if name is not None]
        if len(names) == len(set(names)):
            yield dict(enumerate(chosen, start=1))


def is_circle(wish: dict[int, str | None]) -> bool:
    """Whether accounts exchange their names, so that the same ones are live before and afterwards."""
    becomes = {"ABCD"[number - 1]: name for number, name in wish.items()}
    for first, second in becomes.items():
        name = second
        while name in becomes and name != first and becomes[name] != name:
            name = becomes[name]
        if name == first != second:
            return True
    return False


@pytest.mark.parametrize("removed_by", ["id", "email"])
@pytest.mark.parametrize("unmakes", [True, False], ids=["one default", "several defaults"])
def test_names_of_before(unmakes: bool, removed_by: str) -> None:
    """Every account is described by its name, and by the one that it had where it gets another."""
    for wish, old, new in itertools.product(renamings(3), (0, 1), range(4)):
        if is_circle(wish) or (new and wish[new] is None):
            continue
        live = {number: ("ABC"[number - 1], number == old) for number in wish}
        server = Server(live, unmakes=unmakes)
        entries: list[Account] = []
        for number, name in wish.items():
            server.accounts[number]["email"] = f"{number}@example.com"
            entry: Account = {"name": name, "default": True if number == new else None}
            if name is None:
                entry = {"state": "absent", removed_by: server.accounts[number][removed_by]}
            elif name != live[number][0]:
                entry["former_names"] = [live[number][0]]
            entries.append(entry)
        result, _warnings = run(server, entries)
        case = f"{live} {entries} {server.writes}"
        assert not result.get("failed"), case
        after = {number: (account["name"], account["default"]) for number, account in server.accounts.items()}
        kept = {number: (name, bool(new) and number == new) for number, name in wish.items() if name is not None}
        if old in kept and (not new or not unmakes):
            kept[old] = (kept[old][0], True)
        assert after == kept, case
        again, _warnings = run(server, entries)
        assert not again["changed"], case


def test_names_exchanged_while_the_default_goes_over() -> None:
    """As it was reported: 15 is A and the default, 14 is B, and the description says the reverse."""
    server = Server({14: ("B", False), 15: ("A", True)}, unmakes=True)
    _result, warnings = run(server, [{"id": 15, "name": "B"}, {"id": 14, "name": "A", "default": True}])
    assert {number: (one["name"], one["default"]) for number, one in server.accounts.items()} == {
        14: ("A", True),
        15: ("B", False),
    }
    assert warnings == []


@pytest.mark.parametrize("fails", ["name", "deletion"])
def test_the_way_back_leaves_the_default_where_it_went(fails: str) -> None:
    """An account that stepped aside gets its name back, and not the default that another one took by then."""
    server = Server({1: ("A", False), 2: ("B", True), 3: ("C", False)}, unmakes=True)
    server.refused = "PUT 2 A" if fails == "name" else "PUT 3 B"
    if fails == "name":
        entries = [{"id": 2, "name": "A"}, {"id": 1, "name": "B", "default": True}]
    else:
        entries = [{"id": 2, "state": "absent"}, {"id": 3, "name": "B"}, {"id": 1, "default": True}]
    result, _warnings = run(server, entries)
    assert result["failed"]
    assert [one["name"] for one in server.accounts.values() if one["default"]] == ["B" if fails == "name" else "A"]
