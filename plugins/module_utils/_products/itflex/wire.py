# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An iTFLEX email account on its way to and from an appliance, in whichever words this appliance uses.

The vendor's page names the authentication flag `has_auth` in its table and `hash_auth` in its examples. What is sent
has the name that the server's answers use, and both as long as none was seen.
"""

from __future__ import annotations

import re
import typing as t
from functools import cache, partial

from ..._engine import schema, secret
from ..._engine.plan import update
from ..._engine.secret import NOT_SHOWN, Known, Record, Secret
from ..._http.errors import ApiStatusError, InvalidResponse, NotFound, quote
from ..._http.response import Response
from ..._resource.base import checked, checked_list, refuse_large
from .account import FIELDS, SERVER_FIELDS
from .client import ItflexApi

if t.TYPE_CHECKING:
    import voluptuous

_AUTH_NAMES = ("has_auth", "hash_auth")
_AUTH_NAME_SET = frozenset(_AUTH_NAMES)
_TEXTS = ("email", "service", "password", "smtp_server", "smtp_crypt", "smtp_auth_mechanism")
_FLAGS = ("default", *_AUTH_NAMES)


class AccountWire:
    """The calls of one appliance, with accounts as the collection knows them: secrets wrapped, the flag `has_auth`."""

    def __init__(self, api: ItflexApi, known: Known) -> None:
        self._api = api
        self._shown = known
        self._auth_names: tuple[str, ...] = _AUTH_NAMES
        self._not_accepted: frozenset[str] = frozenset()

    def read_all(self) -> list[Record]:
        """All accounts, each with its `id`."""
        answer = self._api.list_accounts()
        refuse_large(answer, answer.json())
        accounts = answer.data if _are_accounts(answer.data) else checked_list(answer, _account_schema())
        self._learn_auth_name(accounts)
        for index, account in enumerate(accounts):
            # In place: two forms of a large list take twice the memory.
            accounts[index] = _readable(account, self._shown)
        return t.cast("list[Record]", accounts)

    def read(self, account_id: int) -> Record | None:
        """One account, `None` where it is not there."""
        try:
            return self._stored(self._api.get_account(account_id))
        except NotFound:
            return None

    def create(self, account: Record) -> Record:
        """Create an account. Returns it as the server stores it."""
        return self._stored(self._accepted_creation(account))

    def update(self, account_id: int, account: Record, before: Record) -> Record:
        """Replace an account, `before` being what it was. Returns it as the server stores it. Raises `NotFound`."""
        send = partial(self._api.update_account, account_id, secrets=secret.texts(before))
        answer = self._accepted(send, account)
        stored = self._stored(answer) if answer.size else self.read(account_id)
        if stored is None:
            raise InvalidResponse(
                answer.request, f"the answer ({answer.status}) has no content, and the account is not there"
            )
        # Imported late: most tasks write nothing.
        from ..._resource.written import refuse_unstored

        refuse_unstored(answer, update(before, account), stored)
        return stored

    def delete(self, account_id: int, before: Record) -> None:
        """Delete an account, `before` being what it was. Raises `NotFound`."""
        self._api.delete_account(account_id, secret.texts(before))

    def read_templates(self) -> list[Record]:
        """The templates of messages: each the text of its `email_account_id`, and a `label` that may be shown.

        None are known where the appliance has no such list, or the credentials may not see it.
        """
        try:
            answer = self._api.list_templates()
        except ApiStatusError as exc:
            if exc.status in (403, 404):
                return []
            raise
        templates = checked(answer, _templates_schema(), many=True)["email_templates"]
        return [
            {
                "email_account_id": str(template.get("email_account_id")).strip(),
                "label": _label(template, answer.secrets),
            }
            for template in templates
        ]

    def send_test(self, account: Record, to_email: str) -> None:
        """Ask the appliance to send a test message through the given account."""
        fields = {name: account[name] for name in FIELDS if name in account}
        self._accepted(lambda body: self._api.test_account(body, to_email), fields)

    def _stored(self, answer: Response) -> Record:
        refuse_large(answer, [answer.json()])
        account = answer.data if _are_accounts([answer.data]) else checked(answer, _account_schema())
        self._learn_auth_name([account])
        return _readable(account, self._shown)

    def _learn_auth_name(self, accounts: t.Iterable[Record]) -> None:
        seen = tuple(name for name in _AUTH_NAMES if any(name in account for account in accounts))
        if seen:
            self._auth_names = seen

    def _accepted(self, send: t.Callable[[Record], Response], account: Record) -> Response:
        """Send an account; once more without the fields that the server does not know, where it names such fields.

        Only fields that the user did not describe are left out: the other name of the authentication flag, and what the
        server itself shows beside the documented fields.
        """
        body = self._wire(account)
        try:
            return send(body)
        except ApiStatusError as exc:
            unknown = _mentioned(exc) & self._may_leave_out(body)
            if exc.indeterminate or not unknown or unknown >= _AUTH_NAME_SET:
                raise
        self._not_accepted |= unknown
        return send(self._wire(account))

    def _accepted_creation(self, account: Record) -> Response:
        """Create an account, with either name of the authentication flag where a server that knows one says no.

        A creation that is refused made nothing, so each name may be tried.
        """
        try:
            return self._accepted(self._api.create_account, account)
        except ApiStatusError as exc:
            if not self._wire(account).keys() >= _AUTH_NAME_SET or not _may_be_about_names(exc):
                raise
            refusal = exc
        for name in _AUTH_NAMES:
            self._auth_names = (name,)
            try:
                return self._accepted(self._api.create_account, account)
            except ApiStatusError as exc:
                if exc.indeterminate:
                    raise
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


def _mentioned(refusal: ApiStatusError) -> set[str]:
    """The words of a refusal that may be names of fields the server does not take; not of such that it misses.

    The vendor gives a `field` that is a path, such as `data_list[1].value`, and a `msg` in words.
    """
    complaints = [error for error in refusal.errors if error.get("type") not in ("required", "duplicated")]
    return {word for error in complaints for text in error.values() for word in re.findall(r"\w+", text)}


def _may_be_about_names(refusal: ApiStatusError) -> bool:
    """Whether a client's error may mean a field that the server does not know: not where it names one that it does."""
    fields = {re.sub(r"\[\d+\]", "", error.get("field", "")).rpartition(".")[2] for error in refusal.errors}
    return refusal.status in (400, 409, 422) and fields.isdisjoint(FIELDS)


def _readable(account: Record, known: Known) -> Record:
    """A server's account with its secrets wrapped, one name for the flag, a password it may hide marked."""
    record = t.cast(Record, secret.wrap(account, known, shown=True))
    flags = [record.pop(name, None) for name in _AUTH_NAMES]
    record["has_auth"] = any(flags)
    record["default"] = bool(account.get("default"))
    if record["has_auth"] and not isinstance(record.get("password"), Secret):
        record["password"] = NOT_SHOWN
    return record


def _label(template: Record, secrets: t.Sequence[str]) -> str:
    """What a template is called; of which type its name and its id are is the appliance's own."""
    number = f"id {quote(template.get('id'), secrets)}"
    return f"{quote(template['name'], secrets)} ({number})" if template.get("name") else number


def _are_accounts(data: t.Any) -> bool:
    """Whether an answer is a list of well-formed accounts.

    Says the same as the schema about all that servers usually send, at a tenth of the time. Only where this says no,
    the schema is asked, which knows the rarer forms and finds the words for what is wrong.
    """
    if not isinstance(data, list) or not {dict}.issuperset(map(type, data)):
        return False
    # Thousands of accounts have a handful of shapes, and each shape is looked at once.
    shapes = {tuple(map(type, map(account.get, _USUAL_TYPES))) for account in data}
    return all(kind in types for shape in shapes for kind, types in zip(shape, _USUAL_TYPES.values()))


_TEXT, _FLAG = (str, type(None)), (bool, type(None))
_USUAL_TYPES: t.Final[dict[str, tuple[t.Any, ...]]] = {
    "id": (int,),
    "name": (str,),
    **dict.fromkeys(_TEXTS, _TEXT),
    **dict.fromkeys(_FLAGS, _FLAG),
    "smtp_port": (int, type(None)),
}


@cache
def _account_schema() -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Required, Schema

    fields: dict[t.Any, t.Any] = {**dict.fromkeys(_TEXTS, schema.text), **dict.fromkeys(_FLAGS, schema.flag)}
    fields[Required("id", msg="is missing")] = schema.integer
    fields[Required("name", msg="is missing")] = schema.text
    return Schema({**fields, "smtp_port": schema.digits}, extra=ALLOW_EXTRA)


@cache
def _templates_schema() -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Any, Match, Required, Schema

    # A number that is too long for an account is that of none.
    number = Any(schema.digits, Match(r"[0-9]+\Z", msg="must be a number"))
    template = Schema({"email_account_id": number}, extra=ALLOW_EXTRA)
    # The vendor's other lists are pages, and what stands on the next one may use an account as well.
    last = Any(None, "", msg="is another page, and a part of the list is not enough")
    cursor = Schema({"next": last}, extra=ALLOW_EXTRA)
    listed = {Required("email_templates", msg="is missing"): [template], "cursor": Any(None, cursor)}
    return Schema(listed, extra=ALLOW_EXTRA)
