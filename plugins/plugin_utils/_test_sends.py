# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Test messages of one run: who they go to, what became of each, and the table that tells it. Pure."""

from __future__ import annotations

import re
import secrets
import string
import typing as t
from dataclasses import dataclass

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import Problem, address, field_problems
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import KINDS

Answer = t.Mapping[str, t.Any]

_QUEUED_AS = re.compile(r"queued as (\w+)")
_BARE_ADDRESS = re.compile(r"(?<![^\s<>@])[^\s<>@]+@[^\s<>@]+")
_TOKEN_LENGTH = 10
_NOT_SENT_IN_CHECK_MODE = "not sent (check mode)"


def new_token() -> str:
    """What tells the messages of this run from those of others, as part of an address."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _place in range(_TOKEN_LENGTH))


def problems_of_recipient(to_email: str) -> list[Problem]:
    """What is wrong with the address that messages go to."""
    return field_problems({"recipient": to_email}, {"recipient": address})


def recipients(to_email: str, number: int, token: str | None) -> list[str]:
    """Where each of so many messages goes: with a token, each to a sub-address of its own."""
    if token is None:
        return [to_email] * number
    local, at, domain = to_email.rpartition("@")
    return [f"{local}+{token}-{place}{at}{domain}" for place in range(1, number + 1)]


@dataclass
class TestSend:
    """One test message: what was asked for, what the product answered, and where the message was found."""

    product: str
    name: str
    to_email: str
    answer: Answer
    check_mode: bool
    delivery: Answer | None = None

    @property
    def sent(self) -> bool:
        """Whether the product says that it handed the message over."""
        return bool(self.answer.get("sent"))

    @property
    def label(self) -> str:
        """The record in words."""
        return f"{self.product} {self.name}"

    @property
    def reason(self) -> str:
        """Why the message was not sent; empty where it was."""
        if self.sent:
            return ""
        return _NOT_SENT_IN_CHECK_MODE if self.check_mode else str(self.answer.get("msg", "not known"))

    @property
    def through(self) -> str:
        """The server that the message goes through, with its port; the service where the product names no server."""
        via = self.answer.get("via") or {}
        server = next((via[name] for kind in KINDS for name in kind.mail_server if via.get(name)), "-")
        port = next((via[kind.port] for kind in KINDS if via.get(kind.port)), None)
        return f"{server}:{port}" if port else str(server)

    def result(self) -> dict[str, t.Any]:
        """The entry in `test_send_results`."""
        entry = {
            "product": self.product,
            "name": self.name,
            "to_email": self.to_email,
            "sent": self.sent,
            "via": self.answer.get("via") or {},
            "reason": self.reason,
        }
        return entry if self.delivery is None else {**entry, "delivery": self.delivery}

    def message(self) -> dict[str, str]:
        """How the message is known again: by what the mail server says that it took, else by its sender."""
        answer = self.answer.get("answer") or {}
        wanted = {"name": self.name, "to": self.to_email}
        queued = _QUEUED_AS.search(str(answer.get("response") or ""))
        if answer.get("messageId"):
            wanted["message_id"] = answer["messageId"]
        if queued:
            wanted["queue_id"] = queued.group(1)
        sender = _BARE_ADDRESS.search(str(self.answer.get("from") or ""))
        if sender and not wanted.keys() & {"message_id", "queue_id"}:
            wanted["from"] = sender.group()
        return wanted


def add_deliveries(sends: t.Iterable[TestSend], deliveries: t.Sequence[Answer]) -> None:
    """Note what became of each message that was sent; `deliveries` are in the order of those."""
    found = iter(deliveries)
    for send in sends:
        send.delivery = next(found, {}) if send.sent else {}


@dataclass(frozen=True)
class Confirmation:
    """How messages were looked for: `failure` says why nobody could, empty where somebody did."""

    wait: float
    accept_spam: bool
    failure: str = ""


def problems(sends: t.Sequence[TestSend], confirmation: Confirmation | None) -> list[str]:
    """Why the run is no success, one sentence for each kind of failure."""
    kinds = [
        ([send for send in sends if not send.sent and not send.check_mode], "were not sent"),
        (_with_status(sends, "not_found"), "were sent and did not arrive in time"),
    ]
    if confirmation is not None and not confirmation.accept_spam:
        kinds.append((_with_status(sends, "found_in_spam"), "arrived in a spam folder"))
    sentences = [
        f"{len(found)} of {len(sends)} test messages {what}: {', '.join(send.label for send in found)}."
        for found, what in kinds
        if found
    ]
    if confirmation is not None and confirmation.failure:
        sentences.append("Whether what was sent arrived is not known.")
    return [*sentences, "The task above and test_send_results tell why."] if sentences else []


def _with_status(sends: t.Iterable[TestSend], status: str) -> list[TestSend]:
    return [send for send in sends if send.delivery and send.delivery.get("status") == status]


def report(sends: t.Sequence[TestSend], confirmation: Confirmation | None) -> list[str]:
    """The lines that tell it: a table with a row for each message, and below it what went wrong."""
    lines = _table([_head(confirmation), *(_row(send, confirmation) for send in sends)])
    lines += [f"{send.label}: {send.reason}" for send in sends if not send.sent and not send.check_mode]
    if confirmation is None:
        return lines
    if confirmation.failure:
        lines.append(f"Whether what was sent arrived is not known: {confirmation.failure}")
    lines += [
        f"{send.label}: was sent, and is in no folder after {confirmation.wait:g} s. The mail server's log tells where "
        "it is; a later message may be one that says that it cannot be delivered"
        for send in _with_status(sends, "not_found")
    ]
    return lines + [
        f"{send.label}: is in the folder {(send.delivery or {}).get('folder')}. {_authentication(send.delivery or {})}"
        for send in _with_status(sends, "found_in_spam")
    ]


def _head(confirmation: Confirmation | None) -> list[str]:
    head = ["PRODUCT", "NAME", "THROUGH", "TO", "RESULT"]
    return head if confirmation is None else [*head, "DELIVERED"]


def _row(send: TestSend, confirmation: Confirmation | None) -> list[str]:
    outcome = "sent" if send.sent else _NOT_SENT_IN_CHECK_MODE if send.check_mode else "NOT SENT"
    row = [send.product, send.name, send.through, send.to_email, outcome]
    return row if confirmation is None else [*row, _delivered(send)]


def _delivered(send: TestSend) -> str:
    if not send.delivery:
        return "?" if send.sent else "-"
    words = {"found": "yes", "found_in_spam": "SPAM", "not_found": "NO"}
    word, seconds = words[send.delivery["status"]], send.delivery.get("seconds")
    return word if seconds is None or word == "NO" else f"{word}, {seconds} s"


def _table(rows: t.Sequence[t.Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def _authentication(delivery: Answer) -> str:
    verdicts = [f"{name.upper()} {delivery[name]['result']}" for name in ("spf", "dkim", "dmarc") if delivery.get(name)]
    return ", ".join(verdicts) or "The server tells no verdicts of SPF, DKIM and DMARC"
