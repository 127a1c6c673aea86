# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SMTP settings of Webitel domains on a server: reading and writing them, and never another domain's."""

from __future__ import annotations

import threading
import typing as t
from functools import cache

from .._api.errors import CredentialError, NotFound, Refused, quote
from .._api.session import Answer
from .._api.webitel import WebitelApi
from .._engine import report, schema, secret
from .._engine.plan import Plan
from .._engine.secret import NOT_SHOWN, Record, Secret
from .base import checked

if t.TYPE_CHECKING:
    import voluptuous

_SERVER_FIELDS = ("_id", "domain")


class SettingsStore:
    """The settings that a server holds, read and written with the owner's name checked each time.

    The server takes the domain from the token first, and from the request only where the token has none. So a record is
    used only if its own C(domain) is the wanted one, and where there is no record, C(whoami) must not name another.
    """

    def __init__(self, api: WebitelApi) -> None:
        self._api = api
        self._caller_domain: str | None = None
        self._caller_known = False
        self._asking = threading.Lock()

    @property
    def retried(self) -> int:
        """How many requests were sent again."""
        return self._api.retried

    def read(self, domain: str) -> Record | None:
        """The settings of a domain, or C(None) where it has none.

        Raises L(CredentialError) where the credentials belong to another domain.
        """
        try:
            answer = self._api.get_settings(domain)
        except NotFound:
            self._check_caller(domain)
            return None
        return self._owned(answer, domain)

    def make_so(self, domain: str, plan: Plan) -> Record | None:
        """Carry out a plan. Returns the record as the server then stores it, C(None) after a deletion."""
        if plan.after is None:
            self._api.delete_settings(domain)
            return None
        if plan.before is None:
            return self._create(domain, plan.after)
        body, secrets = secret.reveal(plan.after), secret.texts(plan.after)
        try:
            return self._owned(self._api.put_settings(domain, body, secrets), domain)
        except NotFound as exc:
            return self._after_missed_put(domain, plan.after, exc)

    def _create(self, domain: str, settings: Record) -> Record:
        answer = self._api.post_settings(domain, secret.reveal(settings), secret.texts(settings))
        return self._owned(answer, domain)

    def _after_missed_put(self, domain: str, wanted: Record, missed: NotFound) -> Record:
        """Look into a PUT's 404: it means that the record is gone, or that it is already as wanted."""
        live = self.read(domain)
        if live is None:
            return self._create(domain, wanted)
        if report.mismatches(wanted, live):
            advice = "Another run changed the settings in the meantime: run again"
            raise Refused(missed.request, missed.status, missed.message, advice, missed.errors)
        return live

    def domain_names(self) -> list[str]:
        """The domains whose settings the credentials can reach, sorted."""
        bound = self._domain_of_caller()
        if bound is not None:
            return [bound]
        answer = self._api.list_domains()
        data = checked(answer, _domains_schema())["data"]
        return sorted(str(entry.get("domain") or key) for key, entry in data.items())

    def send_test(self, domain: str, to_email: str) -> dict[str, t.Any]:
        """Ask the server to send a test message. Returns what it says: C(accepted), C(rejected), C(response)."""
        return t.cast("dict[str, t.Any]", checked(self._api.test_settings(domain, to_email), _sending_schema())["info"])

    def _owned(self, answer: Answer, domain: str) -> Record:
        record = checked(answer, _answer_schema())
        owner = record.get("domain")
        if not owner:
            self._check_caller(domain)
        elif not _same_domain(owner, domain):
            raise _other_domain(owner, domain)
        return _readable(record)

    def _check_caller(self, domain: str) -> None:
        caller = self._domain_of_caller()
        if caller is not None and not _same_domain(caller, domain):
            raise _other_domain(caller, domain)

    def _domain_of_caller(self) -> str | None:
        with self._asking:
            if not self._caller_known:
                self._caller_domain = checked(self._api.whoami(), _caller_schema())["domain"] or None
                self._caller_known = True
            return self._caller_domain


@cache
def _answer_schema() -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Required, Schema

    fields: dict[t.Any, t.Any] = dict.fromkeys(("provider", "description", "from", "domain"), schema.text)
    fields[Required("options", msg="is missing")] = schema.mapping
    return Schema(fields, extra=ALLOW_EXTRA)


@cache
def _caller_schema() -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Required, Schema

    return Schema({Required("domain", msg="is missing"): schema.text}, extra=ALLOW_EXTRA)


@cache
def _sending_schema() -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Required, Schema

    info = Schema({"accepted": [str], "rejected": [str], "response": schema.text}, extra=ALLOW_EXTRA)
    return Schema({Required("info", msg="is missing"): info}, extra=ALLOW_EXTRA)


@cache
def _domains_schema() -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Required, Schema

    domains: dict[t.Any, t.Any] = {str: Schema({"domain": schema.text}, extra=ALLOW_EXTRA)}
    return Schema({Required("data", msg="is missing"): Schema(domains)}, extra=ALLOW_EXTRA)


def _same_domain(left: str, right: str) -> bool:
    return left.rstrip(".").casefold() == right.rstrip(".").casefold()


def _other_domain(owner: str, domain: str) -> CredentialError:
    return CredentialError(
        f"the credentials belong to the domain {quote(owner)}, but the task is about {domain}; the server would "
        f"read and write the settings of {quote(owner)} instead, so nothing was written. Give credentials of "
        f"{domain}, or of a user who is bound to no domain"
    )


def _readable(record: Record) -> Record:
    """A server's record without the server's fields, its secrets wrapped, a password it may hide marked."""
    settings = t.cast(Record, secret.wrap({name: record[name] for name in record if name not in _SERVER_FIELDS}))
    options = settings.get("options")
    auth = options.get("auth") if isinstance(options, dict) else None
    if isinstance(auth, dict) and _may_hide_password(auth):
        auth["pass"] = NOT_SHOWN
    return settings


def _may_hide_password(auth: Record) -> bool:
    """Whether a login shows a user and nothing to log in with: then the server probably keeps the password back."""
    return bool(auth.get("user")) and not auth.get("pass") and not any(isinstance(auth[name], Secret) for name in auth)
