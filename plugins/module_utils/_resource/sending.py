# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A test send: what was asked of the product, and how it ended."""

from __future__ import annotations

import typing as t
from contextlib import contextmanager
from dataclasses import dataclass

from .._engine import schema
from .._engine.schema import Problem
from .._engine.secret import Record
from .._http.errors import ApiError, ApiStatusError
from .base import TaskFailed, given
from .interface import Params

if t.TYPE_CHECKING:
    from .._mail.send_failure import ProductWords


def recipient_problems(params: Params) -> list[Problem]:
    """What is wrong with the address that a test message is to go to."""
    from voluptuous import Schema

    return schema.problems_of(given(params, ["to_email"]), Schema({"to_email": schema.address}))


@dataclass(frozen=True)
class Sending:
    """One test message: `via` tells the server it goes through, in the vendor's field names.

    `host` and `port` are those of the server where they are known. `product_words` loads the product's words for what
    can be wrong; only a failure needs them.
    """

    subject: str
    sender: str | None
    to_email: str
    via: Record
    host: object
    port: object
    product_words: t.Callable[[], ProductWords]

    def not_sent(self, missing: str = "") -> dict[str, t.Any]:
        """The result in check mode; `missing` tells what is not live, since this run would create it before."""
        reason = f": {missing}, and a task before this one may create it" if missing else ""
        return {**self.result(False), "msg": f"Check mode: no message was sent to {self.to_email}{reason}."}

    def sent(self, answer: Record) -> dict[str, t.Any]:
        """The result of success; `answer` is what the product says about it, empty where it says nothing."""
        return {**self.result(True), "answer": answer, "msg": f"A message was sent to {self.to_email}."}

    def result(self, sent: bool) -> dict[str, t.Any]:
        """What every result of a test send holds."""
        return {"changed": False, "sent": sent, "from": self.sender, "to_email": self.to_email, "via": self.via}

    @property
    def through(self) -> str:
        """The SMTP server in words, empty where it is the service's own."""
        return f" through {self.host}, port {self.port or 'not given'}" if self.host else ""

    @contextmanager
    def failures(self) -> t.Iterator[None]:
        """Turn a failed request into a `SendingFailed` that tells what was to be sent, and through which server."""
        try:
            yield
        except ApiStatusError as exc:
            raise self._refused(exc) from None
        except ApiError as exc:
            raise SendingFailed(self, _reason(exc), exc.details(), unknown=exc.indeterminate) from None

    def _refused(self, refusal: ApiStatusError) -> SendingFailed:
        """The error for a refusal, which may be the mail server's: then it says what to change in the record."""
        # Where the product itself says what went wrong, the outcome is known: one does so with the status 500.
        unknown = refusal.indeterminate and not refusal.errors
        # Imported late: these tables take as long as a module does.
        from .._mail.send_failure import send_failure

        smtp = send_failure(refusal.errors, self.port, self.product_words())
        if smtp is None:
            return SendingFailed(self, _reason(refusal), refusal.details(), unknown=unknown)
        # The advice of the refusal knows of the product only.
        reason = _reason(refusal, smtp["advice"] or refusal.advice)
        return SendingFailed(self, reason, {**refusal.details(), "smtp": smtp}, unknown=unknown)


def _reason(error: ApiError, advice: str | None = None) -> str:
    advice = error.advice if advice is None else advice
    return f"{error.message} ({error.request})" + (f". {advice}" if advice else "")


class SendingFailed(TaskFailed):
    """A test message that the product, or the SMTP server behind it, did not take."""

    def __init__(self, sending: Sending, reason: str, details: dict[str, t.Any], *, unknown: bool = False) -> None:
        outcome = "may or may not have been sent" if unknown else "was not sent"
        message = f"{sending.subject} to {sending.to_email} {outcome}{sending.through}: {reason}"
        super().__init__(message, sending.result(False), {**details, "kind": "sending"})
