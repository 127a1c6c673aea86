# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random iTFLEX appliances, and random tasks about their accounts.

What is drawn says nothing of ids: they are put in when a task meets the appliance, so that what is drawn never depends
on how an earlier task ended.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.info_spec import EMAIL_ACCOUNT_INFO
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC

from .model import Expectation, Others, account_goals, alike
from .scene import Deed, Task
from .wishes import SECRETS, AnyTaskWish, Wish, optional

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .model import Key, Record, State
    from .scene import Meddling, Scene

NAMES = ("Alarm", "Billing", "Certs", "Desk", "Events")
Identity = Literal["name", "id", "email", "former"]

_TRANSPORT = ("service", "smtp_server", "smtp_port", "smtp_crypt")


@dataclass(frozen=True)
class Appliance:
    """What is there at the beginning, and how this appliance behaves."""

    accounts: tuple[Record, ...]
    traps: Mapping[str, str]
    credentials: Literal["access", "refresh", "both"]


@dataclass(frozen=True, kw_only=True)
class AccountWish(Wish):
    """What a task says about one account, which is not always found by its name."""

    found_by: Identity


@dataclass(frozen=True, kw_only=True)
class AccountsWish(AnyTaskWish):
    """What a task says. ``names`` is the order in which free names go to the accounts that are found by id."""

    wishes: tuple[AccountWish, ...]
    names: tuple[str, ...]
    default: str | None
    others: Others


_transport = optional(
    service=st.sampled_from(("gmail", "outlook", "other")),
    smtp_server=st.sampled_from(("smtp.example.com", "mail.example.com")),
    smtp_port=st.sampled_from((25, 465, 587)),
    smtp_crypt=st.sampled_from(("none", "ssl-tls", "starttls")),
)
_password = st.sampled_from(SECRETS).map(lambda password: {"password": password})
_login = st.builds(
    lambda password, mechanism: {"has_auth": True, "password": password, **mechanism},
    st.sampled_from(SECRETS),
    optional(smtp_auth_mechanism=st.sampled_from(("plain", "login", "cram-md5"))),
)
_identities: st.SearchStrategy[Identity] = st.sampled_from(("name", "name", "id", "id", "email", "former"))
_rarely = st.integers(0, 3).map(lambda number: number == 0)
_without_login = st.just({"has_auth": False})


@st.composite
def _live_account(draw: st.DrawFn, name: str) -> Record:
    login = draw(st.one_of(_login, _without_login))
    basis = {"name": name, "email": f"{name.lower()}@example.com", "default": False, "service": "other"}
    return {**basis, **draw(_transport), **login}


@st.composite
def appliances(draw: st.DrawFn) -> Appliance:
    """Appliances of every kind, with up to five accounts."""
    traps = draw(
        optional(
            itflex_passwords=st.sampled_from(("clear", "clear", "mask", "blank", "omit")),
            itflex_put_without_password=st.sampled_from(("clear", "keep")),
            itflex_auth_field=st.sampled_from(("has_auth", "hash_auth")),
            itflex_unknown_fields=st.sampled_from(("ignore", "reject")),
            itflex_default=st.sampled_from(("unmade", "kept")),
            itflex_unique_name=st.sampled_from(("on", "off")),
            itflex_port=st.sampled_from(("int", "string")),
            itflex_absent=st.sampled_from(("null", "empty", "omit")),
            itflex_extra=st.sampled_from(("off", "on")),
            itflex_shuffle=st.sampled_from(("off", "on")),
        )
    )
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=len(NAMES)))
    accounts = tuple(draw(_live_account(name)) for name in names)
    default = draw(st.sampled_from((None, *names)))
    return Appliance(
        tuple({**account, "default": account["name"] == default} for account in accounts),
        traps,
        draw(st.sampled_from(("access", "refresh", "both"))),
    )


@st.composite
def _wish(draw: st.DrawFn, name: str) -> AccountWish:
    found_by = draw(_identities)
    if draw(st.integers(0, 4)) == 0:
        return AccountWish(name=name, found_by=found_by, absent=True)
    login = draw(st.one_of(st.just({}), _password, _login, _without_login))
    if "password" in login and "has_auth" not in login and draw(st.booleans()):
        login = {**login, "update_password": "on_create"}
    address = f"{name.lower()}{draw(st.sampled_from(('', '-2')))}@example.com"
    return AccountWish(
        name=name, found_by=found_by, fields={**draw(optional(email=st.just(address))), **draw(_transport), **login}
    )


@st.composite
def account_tasks(draw: st.DrawFn) -> AccountsWish:
    """Tasks about one account or about many."""
    many = draw(st.booleans())
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=len(NAMES) if many else 1))
    return AccountsWish(
        wishes=tuple(draw(_wish(name)) for name in names),
        many=many,
        names=tuple(draw(st.one_of(st.just(NAMES), st.permutations(NAMES)))),
        default=draw(st.sampled_from((None, *names))),
        others=draw(st.builds(Others, _rarely, st.sampled_from(((), ("Desk",))), st.booleans())) if many else Others(),
        on_error=draw(st.sampled_from(("continue", "stop"))),
        concurrency=draw(st.sampled_from((1, 4))),
        retries=draw(st.integers(0, 3)),
    )


class Accounts:
    """The accounts of the sandbox's appliance."""

    api_url_suffix = ""

    def __init__(self, scene: Scene, appliance: Appliance) -> None:
        """Bring the sandbox's appliance to its beginning."""
        self._scene = scene
        self._credentials = appliance.credentials
        scene.sandbox.reset()
        self._traps = scene.sandbox.traps(**appliance.traps)
        scene.sandbox.add_accounts(list(appliance.accounts))

    @property
    def shows_passwords(self) -> bool:
        """Whether answers show passwords as they are."""
        return bool(self._traps["itflex_passwords"] == "clear")

    @property
    def names_are_unique(self) -> bool:
        """Whether the server itself keeps a name from being there twice."""
        return bool(self._traps["itflex_unique_name"] == "on")

    def state(self) -> State:
        """All accounts by their ids."""
        return {account["id"]: account for account in self._scene.sandbox.accounts()}

    def task(self, wish: AccountsWish, *, at_once: bool = True) -> Task:
        """The task that a wish means now; ``at_once`` tells whether it may do several things at the same time."""
        entries = self._entries(wish)
        options: Record = {"retries": wish.retries, **self._login()}
        others = wish.others
        if wish.many:
            options |= {"accounts": entries, "prune": others.prune, "prune_keep": [*others.keep]}
            options |= {"prune_limit": "100%", "deduplicate": others.deduplicate}
            options |= {"on_error": wish.on_error, "concurrency": wish.concurrency if at_once else 1}
        else:
            options |= entries[0]

        def expect(state: State) -> Expectation:
            unmakes = self._traps["itflex_default"] == "unmade"
            return account_goals(entries, state, others, unmakes=unmakes)

        return Task(EMAIL_ACCOUNTS_SYNC if wish.many else EMAIL_ACCOUNT, options, expect)

    def look(self) -> Task:
        """The task that reads all accounts."""
        return Task(EMAIL_ACCOUNT_INFO, self._login(), lambda _state: Expectation())

    def _login(self) -> Record:
        ready = self._scene.sandbox.ready["itflex"]
        tokens = {"access": ("access_token",), "refresh": ("refresh_token",)}.get(
            self._credentials, ("access_token", "refresh_token")
        )
        return {token: ready[token] for token in tokens}

    def _entries(self, wish: AccountsWish) -> list[Record]:
        live = {account["name"]: account for account in self.state().values()}
        by_id = [one for one in wish.wishes if one.found_by == "id" and one.name in live]
        # Names are given up and taken among those that are found by id; one that nobody has may be taken as well.
        named = {one.name for one in wish.wishes}
        # A name that is there twice, one account would keep: nobody takes it.
        twice = {name for name, times in Counter(one["name"] for one in self.state().values()).items() if times > 1}
        given_up = {one.name for one in by_id} - twice
        free = given_up | {name for name in NAMES if name not in live and name not in named}
        staying = [one for one in by_id if not one.absent and one.name not in twice]
        new_names = dict(
            zip((one.name for one in staying), (name for name in wish.names if name in free), strict=False)
        )
        return [self._entry(one, wish, live, new_names) for one in wish.wishes]

    def _entry(
        self, one: AccountWish, wish: AccountsWish, live: Mapping[str, Record], new_names: Mapping[str, str]
    ) -> Record:
        account = live.get(one.name)
        entry: Record = dict(one.fields)
        later = f"{one.name} II"
        if one.found_by == "id" and account is not None:
            entry["id"] = account["id"]
            if not one.absent:
                entry["name"] = new_names.get(one.name, one.name)
        elif one.found_by == "email" and account is not None and self._is_only_one(account, one, wish, live):
            entry["email"] = account["email"]
        elif one.found_by == "former" and (later in live or account is not None):
            entry |= {"name": later, "former_names": [one.name]}
            account = live.get(later, account)
        else:
            entry["name"] = one.name
        if one.absent:
            return {**entry, "state": "absent"}
        if account is None:
            entry.setdefault("email", f"{one.name.lower()}@example.com")
        if not self.shows_passwords:
            # What is not shown can neither be compared nor kept, so it has to be given.
            entry |= {"has_auth": True, "password": entry.get("password", SECRETS[0])}
            entry.pop("update_password", None)
        if wish.default is not None:
            entry["default"] = wish.default == one.name
        return entry

    @staticmethod
    def _is_only_one(account: Record, one: AccountWish, wish: AccountsWish, live: Mapping[str, Record]) -> bool:
        """Whether no other account has this address, nor gets it from this task."""
        others = [other["email"] for name, other in live.items() if name != one.name]
        given = [
            f"{other.name.lower()}{end}@example.com" for other in wish.wishes if other is not one for end in ("", "-2")
        ]
        return account["email"] not in (*others, *given)

    def meddle(self, meddling: Meddling, task: Task, state: State) -> Key | None:
        """Do the deed by the vendor's own requests, past the proxy."""
        found = next((key for key, account in state.items() if account["name"] == meddling.name), None)
        if meddling.deed is Deed.CREATE:
            goal = task.expect(state).goal_named(meddling.name)
            # A name that another account is to get by its id would then belong to two, which no run could mend.
            free = found is None and (goal is None or goal.key is None)
            return self._write("POST", "", self._newcomer(meddling.name)) if free else None
        if found is None:
            return None
        if meddling.deed is Deed.DELETE:
            return self._write("DELETE", f"/{found}", None) or found
        goal = task.expect(state).goal_of.get(found)
        managed = {path[0] for path in goal.managed} if goal is not None else set()
        fields = [name for name in _TRANSPORT if (name in managed) == (meddling.deed is Deed.CHANGE_MANAGED)]
        if not fields:
            return None
        return self._write("PUT", f"/{found}", {**state[found], fields[0]: _other_value(fields[0], state[found])})

    @staticmethod
    def _newcomer(name: str) -> Record:
        return {"name": name, "email": f"{name.lower()}@example.com", "default": False, "service": "gmail"}

    def _write(self, method: str, path: str, account: Record | None) -> Key | None:
        ready = self._scene.sandbox.ready["itflex"]
        body = None
        if account is not None:
            flag = {self._traps["itflex_auth_field"]: account.get("has_auth", False)}
            left_out = ("id", "created_at", "updated_at", "has_auth")
            body = {**{name: value for name, value in account.items() if name not in left_out}, **flag}
        answer = self._scene.writer.request(
            method,
            f"{ready['api_url']}/api/email/accounts{path}",
            json=body,
            headers={"Authorization": f"Bearer {ready['access_token']}"},
            timeout=60,
        )
        answer.raise_for_status()
        return int(answer.json()["id"]) if answer.content else None


def _other_value(name: str, account: Record) -> Any:
    values: dict[str, Sequence[Any]] = {
        "service": ("gmail", "other"),
        "smtp_server": ("theirs.example.com", "others.example.com"),
        "smtp_port": (2525, 2526),
        "smtp_crypt": ("none", "starttls"),
    }
    first, second = values[name]
    return second if alike(account.get(name), first) else first
