# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts that get another name: found by one that they had before, and what tells that one is probably meant so."""

from __future__ import annotations

import typing as t

from ..._engine.names import address_key
from ..._engine.schema import Problem
from ..._engine.secret import Record
from ..._http.errors import quote
from ..._resource.base import given
from ..._resource.interface import Params

# Nothing that an account is called by, and nothing that a server may keep back or give to another account.
_OTHER_FIELDS = ("service", "has_auth", "smtp_server", "smtp_port", "smtp_crypt", "smtp_auth_mechanism")


def former_names(params: Params) -> list[str]:
    """The names that the account had before; none where it is found by its id or by its address alone."""
    named = params.get("id") is None and params.get("name") is not None
    return list(dict.fromkeys(params.get("former_names") or ())) if named else []


def naming_problems(params: Params) -> list[Problem]:
    """What is wrong with the names that an account had before."""
    former = params.get("former_names") or []
    if former and params.get("id") is None and params.get("name") is None:
        return [Problem("former_names", "are names that the account had before: give the name that it has now too")]
    wrong = [name for name in former if not str(name).strip() or name == params.get("name")]
    return [Problem("former_names", "must be names other than the one of now, and not empty")] if wrong else []


def shared_former_names(entries: t.Sequence[Params]) -> list[Problem]:
    """Problems for entries that name one and the same account of before."""
    first: dict[str, int] = {}
    return [
        Problem(f"accounts[{index}].former_names", f"({name}) accounts[{first[name]}] had that name too")
        for index, entry in enumerate(entries)
        for name in former_names(entry)
        if first.setdefault(name, index) != index
    ]


def both_live(params: Params, former: t.Iterable[Record]) -> Problem:
    """The problem that an account is live under its name, and others are under names that it had before."""
    return Problem(
        "former_names",
        f"there is an account {quote(params['name'])}, and {_listed(former)} is live as well: remove one of them, or "
        "take its name out of former_names",
    )


def ambiguous(former: t.Iterable[Record]) -> Problem:
    """The problem that several accounts have one of the names of before."""
    return Problem("former_names", f"several live accounts have one of these names: {_listed(former)}; leave one")


def _listed(accounts: t.Iterable[Record]) -> str:
    return ", ".join(f"{quote(account['name'])} (id {account['id']})" for account in accounts)


class Undescribed:
    """Live accounts that nobody describes, for the question whether one of them is what an entry would create."""

    def __init__(self, accounts: t.Sequence[Record]) -> None:
        self._accounts = accounts
        self._by: dict[tuple[str, ...], dict[t.Any, list[Record]]] = {}

    def hint(self, about: str, desired: Record, *, address_only: bool = False) -> list[str]:
        """A warning where exactly one of them has the address, or else all other fields, of a new account."""
        fields = tuple(given(desired, _OTHER_FIELDS))
        ways: list[tuple[tuple[str, ...], str]] = [(("email",), "its address")]
        if fields and not address_only:
            ways.append((fields, "all of its other fields"))
        for names, what in ways:
            found = self._alike(names, desired)
            if len(found) == 1:
                name, number = quote(found[0]["name"]), found[0]["id"]
                text = (
                    f"{about}: the live account {name} (id {number}), which is not described, has {what}. If it is the "
                    f"same one, under another name, describe it with former_names: [{name}] rather than create another"
                )
                return [text]
            if found:
                return []
        return []

    def _alike(self, names: tuple[str, ...], desired: Record) -> list[Record]:
        if names not in self._by:
            self._by[names] = {}
            for account in self._accounts:
                self._by[names].setdefault(_values(account, names), []).append(account)
        return self._by[names].get(_values(desired, names), [])


def _values(account: Record, names: tuple[str, ...]) -> tuple[str, ...]:
    """The values of fields as texts, since servers give a port as a number or as its digits."""
    texts = {name: str(account.get(name)) for name in names}
    return tuple((address_key(text) if name == "email" else text).lower() for name, text in texts.items())
