# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A test send: what was asked of the product, and how it ended."""

from __future__ import annotations

import typing as t
from contextlib import contextmanager
from dataclasses import dataclass

from .._api.errors import ApiError, Refused
from .._engine import schema
from .._engine.schema import Problem
from .._engine.secret import Record
from .base import Params, TaskFailed, given


def recipient_problems(params: Params) -> list[Problem]:
    """What is wrong with the address that a test message is to go to."""
    from voluptuous import Schema

    return schema.problems_of(given(params, ["to_email"]), Schema({"to_email": schema.address}))


@dataclass(frozen=True)
class Sending:
    """One test message: C(via) tells the server it goes through, in the vendor's field names."""

    subject: str
    sender: str | None
    to_email: str
    via: Record

    def not_sent(self) -> dict[str, t.Any]:
        """The result in check mode."""
        return {**self.result(False), "msg": f"Check mode: no message was sent to {self.to_email}."}

    def sent(self, answer: Record) -> dict[str, t.Any]:
        """The result of success; C(answer) is what the product says about it, empty where it says nothing."""
        return {**self.result(True), "answer": answer, "msg": f"A message was sent to {self.to_email}."}

    def result(self, sent: bool) -> dict[str, t.Any]:
        """What every result of a test send holds."""
        return {"changed": False, "sent": sent, "from": self.sender, "to_email": self.to_email, "via": self.via}

    @property
    def through(self) -> str:
        """The SMTP server in words, empty where it is the service's own."""
        host = self.via.get("host") or self.via.get("smtp_server")
        port = self.via.get("port") or self.via.get("smtp_port")
        return f" through {host}, port {port or 'not given'}" if host else ""

    @contextmanager
    def failures(self) -> t.Iterator[None]:
        """Turn a failed request into a L(SendingFailed) that tells what was to be sent, and through which server."""
        try:
            yield
        except ApiError as exc:
            reason = f"{exc.message} ({exc.request})" + (f". {exc.advice}" if exc.advice else "")
            raise SendingFailed(
                self, reason, exc.details(), unknown=exc.outcome_unknown and not _is_final(exc)
            ) from None


def _is_final(error: ApiError) -> bool:
    """Whether the product itself says what went wrong: Webitel tells an SMTP error with the status 500."""
    return isinstance(error, Refused) and bool(error.errors)


class SendingFailed(TaskFailed):
    """A test message that the product, or the SMTP server behind it, did not take."""

    def __init__(self, sending: Sending, reason: str, details: dict[str, t.Any], *, unknown: bool = False) -> None:
        outcome = "may or may not have been sent" if unknown else "was not sent"
        message = f"{sending.subject} to {sending.to_email} {outcome}{sending.through}: {reason}"
        super().__init__(message, sending.result(False), {**details, "kind": "sending"})
