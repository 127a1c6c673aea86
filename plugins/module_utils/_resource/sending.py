# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A test message, whatever the kind of record: what was asked of the product, and how it ended."""

from __future__ import annotations

import typing as t
from contextlib import contextmanager
from dataclasses import dataclass

from .._engine import schema, secret
from .._engine.schema import InputError, Problem
from .._engine.secret import Record
from .._http.errors import ApiError, ApiStatusError, ConnectionFailed
from .base import Context, TaskFailed, connection_problems, given
from .index import meant, whole
from .interface import Params, Resource
from .planning import named, said
from .planning import subject as record_subject

if t.TYPE_CHECKING:
    from .._mail.send_failure import ProductWords


@dataclass(frozen=True)
class Message:
    """How a kind of record sends a test message.

    `problems` says what is wrong with the options beside those of each task and the recipient. `described` is the
    record that the options themselves describe, `None` where they mean a live one, and `completed` makes of a live one
    what is sent; it may raise an `InputError` about what the task is about. `missing` says that there is none, and
    `advice` what to do then.

    `via` gives of a record without its secrets what tells the mail server it goes through, in the vendor's field names;
    `host` and `port` are the names of those two, and `sender` is that of the sender. `answer` are the fields of what
    the product says that a result shows. `words` loads the product's words for what can be wrong, which only a failure
    needs, and `unanswered` is the advice where the product gives no answer.
    """

    problems: t.Callable[[Params], list[Problem]]
    missing: t.Callable[[Params], str]
    advice: str
    via: t.Callable[[Record], Record]
    host: str
    port: str
    sender: str
    words: t.Callable[[], ProductWords]
    described: t.Callable[[Params], Record | None] = lambda _params: None
    completed: t.Callable[[Params, Record, str], Record] = lambda _params, live, _about: live
    answer: tuple[str, ...] = ()
    unanswered: str = ""


def subject(resource: Resource[t.Any], params: Params) -> str:
    """What a test message is about."""
    return f"test message from the {record_subject(resource, params)}"


def problems(resource: Resource[t.Any], message: Message, params: Params) -> list[Problem]:
    """What is wrong with the options of a test message."""
    recipient = schema.field_problems(given(params, ["to_email"]), {"to_email": schema.address})
    return connection_problems(resource.product, params) + recipient + message.problems(params)


def send_test(resource: Resource[t.Any], message: Message, params: Params, context: Context) -> dict[str, t.Any]:
    """Ask the product to send a test message. Returns the result; in check mode nothing is sent."""
    about, to_email = subject(resource, params), params["to_email"]
    with context.store(resource.product, params, about) as store:
        record = message.described(params)
        if record is None:
            live = _live(resource, store, params, about)
            record = message.completed(params, live, about) if live is not None else None
        if record is None and not context.check_mode:
            text = f"{message.missing(params)}; {message.advice}"
            raise InputError(about, [Problem(resource.identity(params)[0], text)])
        sending = Sending(about, message, to_email, secret.omit(record or {}))
        if record is None:
            return sending.not_sent(_in_words(resource, params, message.missing(params)))
        if context.check_mode:
            return sending.not_sent()
        with sending.failures():
            said_of_it = store.send_test(record, to_email)
    answer = {name: said_of_it[name] for name in message.answer if name in said_of_it}
    if answer.get("rejected"):
        raise SendingFailed(sending, f"the SMTP server rejects {', '.join(answer['rejected'])}", {"answer": answer})
    return sending.sent(answer)


def _live(resource: Resource[t.Any], store: t.Any, params: Params, about: str) -> Record | None:
    store.forget()
    listed = [] if resource.is_read_by_name else store.read_all()
    target, _alike = meant(resource, params, about, listed)
    live = whole(resource, store, listed, target)
    return live and named(resource, live, target)


def _in_words(resource: Resource[t.Any], params: Params, missing: str) -> str:
    """What is not there, with its name where that says nothing of it."""
    return f"{said(resource, *resource.identity(params))} {missing}" if resource.is_read_by_name else missing


@dataclass(frozen=True)
class Sending:
    """One test message from a `record` without its secrets."""

    subject: str
    message: Message
    to_email: str
    record: Record

    @property
    def via(self) -> Record:
        """The server it goes through, in the vendor's field names."""
        return self.message.via(self.record)

    def not_sent(self, missing: str = "") -> dict[str, t.Any]:
        """The result in check mode; `missing` tells what is not live, since this run would create it before."""
        reason = f": {missing}, and a task before this one may create it" if missing else ""
        return {**self.result(False), "msg": f"Check mode: no message was sent to {self.to_email}{reason}."}

    def sent(self, answer: Record) -> dict[str, t.Any]:
        """The result of success; `answer` is what the product says about it, empty where it says nothing."""
        return {**self.result(True), "answer": answer, "msg": f"A message was sent to {self.to_email}."}

    def result(self, sent: bool) -> dict[str, t.Any]:
        """What every result of a test send holds."""
        sender = self.record.get(self.message.sender)
        return {"changed": False, "sent": sent, "from": sender, "to_email": self.to_email, "via": self.via}

    @property
    def through(self) -> str:
        """The SMTP server in words, empty where it is the service's own."""
        host, port = self.via.get(self.message.host), self.via.get(self.message.port)
        return f" through {host}, port {port or 'not given'}" if host else ""

    @contextmanager
    def failures(self) -> t.Iterator[None]:
        """Turn a failed request into a `SendingFailed` that tells what was to be sent, and through which server."""
        try:
            yield
        except ApiError as exc:
            if self.message.unanswered and _has_no_answer(exc):
                exc.advice = self.message.unanswered
            if isinstance(exc, ApiStatusError):
                raise self._refused(exc) from None
            raise SendingFailed(self, _reason(exc), exc.details(), unknown=exc.indeterminate) from None

    def _refused(self, refusal: ApiStatusError) -> SendingFailed:
        """The error for a refusal, which may be the mail server's: then it says what to change in the record."""
        # Where the product itself says what went wrong, the outcome is known: one does so with the status 500.
        unknown = refusal.indeterminate and not refusal.errors
        # Imported late: these tables take as long as a module does.
        from .._mail.send_failure import send_failure

        smtp = send_failure(refusal.errors, self.via.get(self.message.port), self.message.words())
        if smtp is None:
            return SendingFailed(self, _reason(refusal), refusal.details(), unknown=unknown)
        # The advice of the refusal knows of the product only.
        reason = _reason(refusal, smtp["advice"] or refusal.advice)
        return SendingFailed(self, reason, {**refusal.details(), "smtp": smtp}, unknown=unknown)


def _has_no_answer(error: ApiError) -> bool:
    """Whether the product said nothing: a gateway that gave up waiting has no words of it."""
    gave_up = isinstance(error, ApiStatusError) and error.status == 504 and not error.errors
    return gave_up or (isinstance(error, ConnectionFailed) and error.sent)


def _reason(error: ApiError, advice: str | None = None) -> str:
    advice = error.advice if advice is None else advice
    return f"{error.message} ({error.request})" + (f". {advice}" if advice else "")


class SendingFailed(TaskFailed):
    """A test message that the product, or the SMTP server behind it, did not take."""

    def __init__(self, sending: Sending, reason: str, details: dict[str, t.Any], *, unknown: bool = False) -> None:
        outcome = "may or may not have been sent" if unknown else "was not sent"
        message = f"{sending.subject} to {sending.to_email} {outcome}{sending.through}: {reason}"
        super().__init__(message, sending.result(False), {**details, "kind": "sending"})
