# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The email accounts of an iTFLEX appliance: reading and writing them, in whichever words this appliance uses."""

from __future__ import annotations

import re
import sys
import typing as t
from contextlib import suppress
from functools import cache, partial

from .._api.errors import ApiError, BadAnswer, NotFound, Refused
from .._api.itflex import ItflexApi
from .._api.session import Answer
from .._engine import schema, secret
from .._engine.plan import Plan
from .._engine.secret import NOT_SHOWN, Record, Secret
from .base import checked, checked_list, writing
from .email_account import FIELDS, SERVER_FIELDS, is_default

if t.TYPE_CHECKING:
    import voluptuous

_AUTH_NAMES = ("has_auth", "hash_auth")
_AUTH_NAME_SET = frozenset(_AUTH_NAMES)
_REPEATED = ("service", "smtp_server", "smtp_crypt", "smtp_auth_mechanism")
_TEXTS = ("email", "service", "password", "smtp_server", "smtp_crypt", "smtp_auth_mechanism")
_FLAGS = ("default", *_AUTH_NAMES)


class AccountStore:
    """The accounts that an appliance holds.

    The vendor's page names the authentication flag C(has_auth) in its table and C(hash_auth) in its examples. This
    writes the name that the server's answers use, and both as long as none was seen.
    """

    def __init__(self, api: ItflexApi) -> None:
        self._api = api
        self._auth_names: tuple[str, ...] = _AUTH_NAMES
        self._not_accepted: frozenset[str] = frozenset()
        self._known: dict[int, Record] | None = None
        self._ids_before: frozenset[int] = frozenset()

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    @property
    def retried(self) -> int:
        """How many requests were sent again."""
        return self._api.session.retried

    def read_all(self) -> list[Record]:
        """All accounts, each with its C(id), its secrets wrapped, its flag named C(has_auth)."""
        accounts = self._list()
        self._known = {account["id"]: account for account in accounts}
        self._ids_before = frozenset(self._known)
        return accounts

    def _list(self) -> list[Record]:
        answer = self._api.list_accounts()
        accounts = answer.data if _are_accounts(answer.data) else checked_list(answer, _account_schema())
        self._learn_auth_name(accounts)
        for index, account in enumerate(accounts):
            # In place: two forms of a large list take twice the memory.
            accounts[index] = _readable(account)
        return t.cast("list[Record]", accounts)

    def known(self) -> list[Record]:
        """All accounts as last read and since then written by this store; read now if they were not."""
        return self.read_all() if self._known is None else list(self._known.values())

    def make_so(self, account_id: int | None, plan: Plan) -> Record | None:
        """Carry out a plan. Returns the account as the server then stores it, C(None) after a deletion."""
        known, self._known = self._known, None
        with writing():
            stored = self._written(account_id, plan)
        if known is not None and not (is_default(plan.before) or is_default(plan.after)):
            # A write to the default account may change another one too, so after that all are read again.
            if account_id is not None:
                known.pop(account_id, None)
            if stored is not None:
                known[stored["id"]] = stored
            self._known = known
        return stored

    def _written(self, account_id: int | None, plan: Plan) -> Record | None:
        if plan.after is None:
            self._delete(t.cast(int, account_id))
            return None
        if account_id is None or plan.before is None:
            return self._create(plan.after)
        try:
            secrets = secret.texts(plan.before)
            send = partial(self._api.update_account, account_id, secrets=secrets)
            answer = self._accepted(send, plan.after)
            return self._stored(answer) if answer.size else self._read(account_id, answer)
        except NotFound as exc:
            self._make_sure_it_is_gone(account_id, exc)
        # Another run deleted it between our read and our write; what it should be is known, so it is made again.
        return self._create(plan.after)

    def _read(self, account_id: int, answer: Answer) -> Record:
        """The account as it is after a write that was answered without it."""
        found = [account for account in self._list() if account["id"] == account_id]
        if not found:
            raise BadAnswer(
                answer.request, f"the answer ({answer.status}) has no content, and the account is not there"
            )
        return found[0]

    def overwrite(self, account_id: int, account: Record) -> None:
        """Write an account as it is given."""
        self._known = None
        with writing():
            self._accepted(partial(self._api.update_account, account_id), account)

    def forget(self) -> None:
        """Read again before the next use what was read before: another connection wrote."""
        self._known = None

    def send_test(self, account: Record, to_email: str) -> None:
        """Ask the appliance to send a test message through the given account."""
        fields = {name: account[name] for name in FIELDS if name in account}
        self._accepted(lambda body: self._api.test_account(body, to_email), fields)

    def _create(self, account: Record) -> Record:
        """Create an account once, also where the answer is lost: look whether it is there before it is sent again."""
        for attempt in range(self._api.session.retries + 1):
            try:
                return self._stored(self._accepted_creation(account))
            except ApiError as exc:
                if not exc.outcome_unknown:
                    raise
                made = self._made_unseen(account, exc)
                if made is not None:
                    return made
                if attempt == self._api.session.retries:
                    raise
            self._api.session.wait_for_retry(attempt)
        raise AssertionError("the last try returns or raises")

    def _made_unseen(self, account: Record, lost: ApiError) -> Record | None:
        """The account that a creation made whose answer was lost, C(None) where it made none."""
        try:
            accounts = self._list()
        except ApiError:
            raise lost from None
        same = [
            other
            for other in accounts
            if other["id"] not in self._ids_before
            and other["name"] == account["name"]
            and other.get("email") == account.get("email")
        ]
        return same[0] if same else None

    def _delete(self, account_id: int) -> None:
        try:
            self._api.delete_account(account_id)
        except NotFound as exc:
            # Where it is gone already, that is what was wanted.
            self._make_sure_it_is_gone(account_id, exc)

    def _make_sure_it_is_gone(self, account_id: int, missed: NotFound) -> None:
        """Look into a 404: a proxy, or another product at this address, says that as well. Raises it if it is wrong."""
        if any(account["id"] == account_id for account in self._list()):
            missed.advice = f"The account {account_id} is there all the same: check api_url, and what stands before it"
            raise missed

    def _stored(self, answer: Answer) -> Record:
        account = checked(answer, _account_schema())
        self._learn_auth_name([account])
        return _readable(account)

    def _learn_auth_name(self, accounts: t.Iterable[Record]) -> None:
        seen = tuple(name for name in _AUTH_NAMES if any(name in account for account in accounts))
        if seen:
            self._auth_names = seen

    def _accepted(self, send: t.Callable[[Record], Answer], account: Record) -> Answer:
        """Send an account; once more without the fields that the server does not know, where it names such fields.

        Only fields that the user did not describe are left out: the other name of the authentication flag, and what the
        server itself shows beside the documented fields.
        """
        body = self._wire(account)
        try:
            return send(body)
        except Refused as exc:
            unknown = _mentioned(exc) & self._may_leave_out(body)
            if not unknown or unknown >= _AUTH_NAME_SET:
                raise
        self._not_accepted |= unknown
        return send(self._wire(account))

    def _accepted_creation(self, account: Record) -> Answer:
        """Create an account, with either name of the authentication flag where a server that knows one says no.

        A creation that is refused made nothing, so each name may be tried.
        """
        try:
            return self._accepted(self._api.create_account, account)
        except Refused as exc:
            if not self._wire(account).keys() >= _AUTH_NAME_SET or not _may_be_about_names(exc):
                raise
            refusal = exc
        for name in _AUTH_NAMES:
            self._auth_names = (name,)
            with suppress(Refused):
                return self._accepted(self._api.create_account, account)
        self._auth_names = _AUTH_NAMES
        raise refusal

    def _may_leave_out(self, body: Record) -> set[str]:
        names = {name for name in body if name not in FIELDS and name not in _AUTH_NAMES}
        return names | (_AUTH_NAME_SET if body.keys() >= _AUTH_NAME_SET else set())

    def _wire(self, account: Record) -> Record:
        body = {name: value for name, value in account.items() if name not in (*SERVER_FIELDS, "has_auth")}
        if "has_auth" in account:
            body.update((name, account["has_auth"]) for name in self._auth_names)
        return t.cast(Record, secret.reveal({name: body[name] for name in body if name not in self._not_accepted}))


def _mentioned(refusal: Refused) -> set[str]:
    """The words of a refusal that may be names of fields the server does not take; not of such that it misses.

    The vendor gives a C(field) that is a path, such as C(data_list[1].value), and a C(msg) in words.
    """
    complaints = [error for error in refusal.errors if error.get("type") not in ("required", "duplicated")]
    return {word for error in complaints for text in error.values() for word in re.findall(r"\w+", text)}


def _may_be_about_names(refusal: Refused) -> bool:
    """Whether a client's error may mean a field that the server does not know: not where it names one that it does."""
    fields = {re.sub(r"\[\d+\]", "", error.get("field", "")).rpartition(".")[2] for error in refusal.errors}
    return refusal.status in (400, 409, 422) and fields.isdisjoint(FIELDS)


def _readable(account: Record) -> Record:
    """A server's account with its secrets wrapped, one name for the flag, a password it may hide marked."""
    record = t.cast(
        Record, secret.wrap({name: account[name] for name in account if name not in _AUTH_NAMES}, shown=True)
    )
    record["has_auth"] = any(account.get(name) for name in _AUTH_NAMES)
    record["default"] = bool(account.get("default"))
    for name in _REPEATED:
        if isinstance(record.get(name), str):
            # One text for all accounts that have the same: a fleet's list is full of them.
            record[name] = sys.intern(record[name])
    if record["has_auth"] and not isinstance(record.get("password"), Secret):
        record["password"] = NOT_SHOWN
    return record


def _are_accounts(data: t.Any) -> bool:
    """Whether an answer is a list of well-formed accounts.

    Says the same as the schema about all that servers usually send, at a tenth of the time. Only where this says no,
    the schema is asked, which knows the rarer forms and finds the words for what is wrong.
    """
    return isinstance(data, list) and all(
        isinstance(account, dict) and all(type(account.get(name)) in types for name, types in _USUAL_TYPES)
        for account in data
    )


_TEXT, _FLAG = (str, type(None)), (bool, type(None))
_USUAL_TYPES: t.Final = (
    ("id", (int,)),
    ("name", (str,)),
    *((name, _TEXT) for name in _TEXTS),
    *((name, _FLAG) for name in _FLAGS),
    ("smtp_port", (int, type(None))),
)


@cache
def _account_schema() -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Required, Schema

    fields: dict[t.Any, t.Any] = {**dict.fromkeys(_TEXTS, schema.text), **dict.fromkeys(_FLAGS, schema.flag)}
    fields[Required("id", msg="is missing")] = schema.integer
    fields[Required("name", msg="is missing")] = schema.text
    return Schema({**fields, "smtp_port": schema.digits}, extra=ALLOW_EXTRA)
