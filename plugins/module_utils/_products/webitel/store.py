# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The SMTP settings of Webitel domains on a server: reading and writing them, and never another domain's."""

from __future__ import annotations

import time
import typing as t

from ..._engine import secret
from ..._engine.names import spellings
from ..._engine.plan import Plan
from ..._engine.rewritten import mismatches, perhaps_rewritten
from ..._engine.secret import NOT_SHOWN, Known, Record, Secret, is_hidden
from ..._http.errors import (
    ApiError,
    InvalidResponse,
    NotAuthorized,
    NotFound,
    quote,
    quote_all,
)
from ..._http.response import Response
from ..._http.retries import Retries
from ..._resource.base import checked
from ..._resource.write import OLD_AFTER, Done, Replan, apply
from .answers import deletion_schema, response_schema, sending_schema
from .caller import Caller, other_domain
from .client import WebitelApi
from .domains import listed_domains, unknown_domains
from .nodemailer import transport_of
from .shown_fields import SHOWN

_SERVER_FIELDS = ("_id", "domain")


class SettingsStore:
    """The settings that a server holds, read and written with the owner's name checked each time.

    The server takes the domain from the token first, and from the request only where the token has none. So a record is
    used only if its own `domain` is the wanted one, and where there is no record, `whoami` must not name another.
    Of a record's texts those `known` may be shown.
    """

    def __init__(self, api: WebitelApi, known: Known = SHOWN) -> None:
        self._api = api
        self._shown = known
        self._caller = Caller(api)
        self._read_at: dict[str, float] = {}
        self._listed: list[str] | ApiError | None = None

    def close(self) -> ApiError | None:
        """End the login, if there is one, and the connections. Returns what went wrong, if anything."""
        return self._api.close()

    @property
    def retries(self) -> Retries:
        """The policy of retries, which knows what was retried."""
        return self._api.session.retries

    def forget(self) -> None:
        """Drop what was read: nothing of a record is kept from one task to the next."""
        self._read_at.clear()
        self._listed = None

    def read(self, domain: str) -> Record | None:
        """The settings of a domain, or `None` where it has none.

        Raises `CredentialError` where the credentials belong to another domain.
        """
        self._read_at[domain] = time.monotonic()
        try:
            answer = self._api.get_settings(domain)
        except NotFound:
            self._caller.check(domain)
            return None
        return self._owned(answer, domain)

    def alike(self, domain: str) -> str | None:
        """Another spelling of a domain, under which the server has its settings; `None` where there is none."""
        return next((other for other in spellings(domain) if self.read(other) is not None), None)

    def apply(self, domain: str, plan: Plan, replan: Replan) -> Done:
        """Carry out a plan for a domain.

        `replan` makes the plan for the settings as they are by then; it may raise an `InputError`.
        """
        is_old = time.monotonic() - self._read_at[domain] > OLD_AFTER
        write = _SettingsWrite(self, domain)
        # Where its store counts no modified row, the server says 404 to a PUT.
        return apply(plan, replan, write, self.retries, refresh=is_old, not_found_is_stored=True)

    def write(self, domain: str, plan: Plan) -> Record | None:
        """Send what a plan asks for. Returns the record as the server then stores it, `None` after a deletion.

        Raises `NotFound` where there is nothing to replace or delete, or where it is already exactly this.
        """
        secrets = secret.texts([plan.before, plan.after])
        if plan.after is None:
            self._delete(domain, secrets)
            return None
        body = secret.reveal(plan.after)
        send = self._api.post_settings if plan.before is None else self._api.put_settings
        answer = send(domain, body, secrets)
        if answer.size:
            record = self._as_stored(domain, plan, self._owned(answer, domain, written=True))
        else:
            record = self._read_back(answer, domain)
        # Imported late: most tasks write nothing.
        from ..._resource.written import refuse_unstored

        refuse_unstored(answer, plan, record)
        return record

    def _read_back(self, answer: Response, domain: str) -> Record:
        """The record after a write that was answered without one."""
        record = self.read(domain)
        if record is None:
            raise InvalidResponse(
                answer.request, f"the answer ({answer.status}) has no content, and no record is there"
            )
        return record

    def _as_stored(self, domain: str, plan: Plan, answered: Record) -> Record:
        """The record after a write that was answered with one.

        Where an answer repeats what was sent, and that differs from what was there only in what servers rewrite, it
        may say nothing of what is stored: that is read.
        """
        if not perhaps_rewritten(plan.after or {}, plan) or mismatches(plan.after or {}, answered):
            return answered
        try:
            return self.read(domain) or answered
        except ApiError:
            # It is written, whatever a look at it meets.
            return answered

    def _delete(self, domain: str, secrets: t.Sequence[str]) -> None:
        answer = self._api.delete_settings(domain, secrets)
        if "Removed 0" in str(checked(answer, deletion_schema()).get("Info")):
            raise NotFound(answer.request, answer.status, "the server says that it removed nothing")

    def read_all(self) -> list[Record]:
        """The domains whose settings the credentials can reach, sorted; one of them may have none."""
        bound = self._caller.domain()
        if bound is not None:
            return [{"domain": bound}]
        try:
            self._listed = listed_domains(self._api.list_domains())
        except NotAuthorized as exc:
            if exc.status == 403:
                exc.advice = "These credentials may not list the domains of the server"
            raise
        return [{"domain": domain} for domain in self._listed]

    def unknown_domains(self, domains: t.Sequence[str], warn: t.Callable[[str], None]) -> dict[str, str]:
        """Why settings of these domains must not be created, for those that the server does not have.

        Nothing on the server asks that. Credentials of one domain are of that domain, and ask no more. The listing is
        read once; where that fails, `warn` hears of it, and nothing is known.
        """
        if not domains or self._caller.domain() is not None:
            return {}
        if self._listed is None:
            try:
                self._listed = listed_domains(self._api.list_domains())
            except ApiError as exc:
                self._listed = exc
        if isinstance(self._listed, ApiError):
            names = quote(", ".join(domains))
            warn(f"nobody knows whether the server has {names}: {self._listed.request}: {self._listed.message}")
            return {}
        return unknown_domains(domains, self._listed)

    def send_test(self, settings: Record, to_email: str) -> dict[str, t.Any]:
        """Ask the server to send a test message from the settings that it stores.

        Returns what it says: `accepted`, `rejected`, `response`.
        """
        answer = self._api.test_settings(settings["domain"], to_email, secret.texts(settings))
        reported = checked(answer, sending_schema()).get("info") or {}
        said = {"response": reported} if isinstance(reported, str) else reported
        return t.cast("dict[str, t.Any]", quote_all(said, answer.secrets))

    def _owned(self, answer: Response, domain: str, *, written: bool = False) -> Record:
        record = checked(answer, response_schema())
        owner = record.get("domain")
        if not owner:
            self._caller.check(domain)
        elif owner != domain:
            raise other_domain(owner, domain, written=written)
        return _readable(record, self._shown)


class _SettingsWrite:
    """The settings of one domain that are written."""

    def __init__(self, store: SettingsStore, domain: str) -> None:
        self._store = store
        self.target = domain
        self._missed = False

    def send(self, plan: Plan) -> Record | None:
        """Send what the plan asks for."""
        try:
            return self._store.write(self.target, plan)
        except NotFound:
            self._missed = True
            raise

    def look(self, plan: Plan) -> Record | None:
        """The settings as they are now.

        A PUT's 404 means that there are none, or that they are already as sent: also what the server does not show.
        """
        live = self._store.read(self.target)
        return t.cast(Record, _shown_as(live, plan.after)) if self._missed and live is not None else live


def _shown_as(live: t.Any, sent: t.Any) -> t.Any:
    """A record with the secrets that its server does not show, as they were sent."""
    if is_hidden(live):
        return live if sent is None else sent
    if not isinstance(live, dict) or not isinstance(sent, dict):
        return live
    return {name: _shown_as(value, sent.get(name)) for name, value in live.items()}


def _readable(record: Record, known: Known) -> Record:
    """A server's record without the server's fields, its secrets wrapped, a password it may hide marked."""
    fields = {name: record[name] for name in record if name not in _SERVER_FIELDS}
    settings = t.cast(Record, secret.wrap(fields, known, shown=True))
    options = record["options"]
    if options and not isinstance(options, dict):
        settings["options"] = secret.wrap({"secret": options}, {}, shown=True)["secret"]
    auth = transport_of(settings).get("auth")
    if isinstance(auth, dict) and _may_hide_password(auth):
        auth["pass"] = NOT_SHOWN
    return settings


def _may_hide_password(auth: Record) -> bool:
    """Whether a login shows a user and nothing to log in with: then the server probably keeps the password back."""
    return bool(auth.get("user")) and not auth.get("pass") and not any(isinstance(auth[name], Secret) for name in auth)
