# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SMTP settings of Webitel domains on a server: reading and writing them, and never another domain's."""

from __future__ import annotations

import threading
import typing as t
from functools import cache

from .._api.errors import ApiError, BadAnswer, CredentialError, NotFound, Refused, quote
from .._api.session import Answer
from .._api.webitel import WebitelApi
from .._engine import report, schema, secret
from .._engine.plan import Plan, changed_paths
from .._engine.secret import NOT_SHOWN, Record, Secret
from .base import checked, hidden_fields, writing
from .email_settings import domain_key

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

    def close(self) -> ApiError | None:
        """End the login, if there is one, and the connections. Returns what went wrong, if anything."""
        return self._api.close()

    @property
    def retried(self) -> int:
        """How many requests were sent again."""
        return self._api.session.retried

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
        with writing():
            return self._written(domain, plan)

    def _written(self, domain: str, plan: Plan) -> Record | None:
        if plan.after is None:
            self._delete(domain)
            return None
        if plan.before is None:
            return self._create(domain, plan.after)
        body, secrets = secret.reveal(plan.after), secret.texts([plan.before, plan.after])
        try:
            answer = self._api.put_settings(domain, body, secrets)
            return self._owned(answer, domain, written=True) if answer.size else self._read_written(domain, answer)
        except NotFound as exc:
            return self._after_missed_put(domain, plan, exc)

    def _delete(self, domain: str) -> None:
        answer = self._api.delete_settings(domain)
        told = checked(answer, _deletion_schema())
        if "Removed 0" in str(told.get("Info")) and self.read(domain) is not None:
            raise BadAnswer(answer.request, "the server says that it removed nothing, and the record is still there")

    def _read_written(self, domain: str, answer: Answer) -> Record:
        """The record as it is after a write that was answered without it."""
        record = self.read(domain)
        if record is None:
            raise BadAnswer(answer.request, f"the answer ({answer.status}) has no content, and no record is there")
        return record

    def _create(self, domain: str, settings: Record) -> Record:
        """Create the record, also where the answer is lost: look whether it is there before it is sent again."""
        for attempt in range(self._api.session.retries + 1):
            try:
                answer = self._api.post_settings(domain, secret.reveal(settings), secret.texts(settings))
                return self._owned(answer, domain, written=True)
            except ApiError as exc:
                if not exc.outcome_unknown:
                    raise
                made = self._made_unseen(domain, exc)
                if made is not None and not report.mismatches(settings, made):
                    return made
                if made is not None or attempt == self._api.session.retries:
                    raise
            self._api.session.wait_for_retry(attempt)
        raise AssertionError("the last try returns or raises")

    def _made_unseen(self, domain: str, lost: ApiError) -> Record | None:
        """The record that a creation made whose answer was lost, C(None) where it made none."""
        try:
            return self.read(domain)
        except ApiError:
            raise lost from None

    def _after_missed_put(self, domain: str, plan: Plan, missed: NotFound) -> Record:
        """Look into a PUT's 404: it means that the record is gone, or that it is already as wanted."""
        live = self.read(domain)
        if live is None:
            return self._create(domain, t.cast(Record, plan.after))
        if _is_not_yet(live, plan):
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

    def send_test(self, domain: str, settings: Record, to_email: str) -> dict[str, t.Any]:
        """Ask the server to send a test message from the settings that it stores.

        Returns what it says: C(accepted), C(rejected), C(response).
        """
        answer = self._api.test_settings(domain, to_email, secret.texts(settings))
        told = checked(answer, _sending_schema()).get("info") or {}
        return {"response": told} if isinstance(told, str) else t.cast("dict[str, t.Any]", told)

    def _owned(self, answer: Answer, domain: str, *, written: bool = False) -> Record:
        record = checked(answer, _answer_schema())
        owner = record.get("domain")
        if not owner:
            self._check_caller(domain)
        elif domain_key(owner) != domain_key(domain):
            raise _other_domain(owner, domain, written=written)
        return _readable(record)

    def _check_caller(self, domain: str) -> None:
        caller = self._domain_of_caller()
        if caller is not None and domain_key(caller) != domain_key(domain):
            raise _other_domain(caller, domain)

    def _domain_of_caller(self) -> str | None:
        with self._asking:
            if not self._caller_known:
                self._caller_domain = self._ask_for_domain()
                self._caller_known = True
            return self._caller_domain

    def _ask_for_domain(self) -> str | None:
        try:
            return checked(self._api.whoami(), _caller_schema())["domain"] or None
        except (BadAnswer, Refused) as exc:
            raise CredentialError(
                f"cannot tell which domain the credentials belong to, so nothing was written: {exc}"
            ) from None


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
    from voluptuous import ALLOW_EXTRA, Any, Required, Schema

    info = Schema({"accepted": [str], "rejected": [str], "response": schema.text}, extra=ALLOW_EXTRA)
    return Schema({Required("status", msg="is missing"): schema.text, "info": Any(info, str, None)}, extra=ALLOW_EXTRA)


@cache
def _deletion_schema() -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Required, Schema

    return Schema({Required("status", msg="is missing"): schema.text}, extra=ALLOW_EXTRA)


@cache
def _domains_schema() -> voluptuous.Schema:
    from voluptuous import ALLOW_EXTRA, Required, Schema

    domains: dict[t.Any, t.Any] = {str: Schema({"domain": schema.text}, extra=ALLOW_EXTRA)}
    return Schema({Required("data", msg="is missing"): Schema(domains)}, extra=ALLOW_EXTRA)


def _is_not_yet(live: Record, plan: Plan) -> bool:
    """Whether a record is other than planned, as far as its server shows it."""
    wanted = t.cast(Record, plan.after)
    differing = {*changed_paths(live, wanted)} - {*hidden_fields(live)}
    if not plan.exact:
        # What another run added since is not for this plan to judge; what the plan removes is.
        differing &= {*plan.changed_fields}
    return bool(differing or report.mismatches(wanted, live))


def _other_domain(owner: str, domain: str, *, written: bool = False) -> CredentialError:
    theirs = quote(owner)
    what = (
        f"the server wrote the settings of {theirs} instead; look at them"
        if written
        else f"the server would read and write the settings of {theirs} instead, so nothing was written"
    )
    return CredentialError(
        f"the credentials belong to the domain {theirs}, but the task is about {domain}; {what}. Give credentials of "
        f"{domain}, or of a user who is bound to no domain"
    )


def _readable(record: Record) -> Record:
    """A server's record without the server's fields, its secrets wrapped, a password it may hide marked."""
    settings = t.cast(
        Record, secret.wrap({name: record[name] for name in record if name not in _SERVER_FIELDS}, shown=True)
    )
    options = settings.get("options")
    auth = options.get("auth") if isinstance(options, dict) else None
    if isinstance(auth, dict) and _may_hide_password(auth):
        auth["pass"] = NOT_SHOWN
    return settings


def _may_hide_password(auth: Record) -> bool:
    """Whether a login shows a user and nothing to log in with: then the server probably keeps the password back."""
    return bool(auth.get("user")) and not auth.get("pass") and not any(isinstance(auth[name], Secret) for name in auth)
