# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the reasons of a product say about the mail server, where it did not send a message."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .explanation import MailFields, explained
from .judge import judge
from .reply_text import NO_REPLY, command_in


@dataclass(frozen=True)
class ProductWords:
    """How a product speaks of a message that it did not send.

    `fields` are its names for what can be changed. Where it blames a field of the record, `stages` says which part of
    the conversation that is, and `commands` which command the mail server refused, where that is sure.
    """

    fields: MailFields
    stages: t.Mapping[str, str] = field(default_factory=dict)
    commands: t.Mapping[str, str] = field(default_factory=dict)


def send_failure(errors: t.Iterable[t.Mapping[str, str]], port: object, words: ProductWords) -> dict[str, t.Any] | None:
    """The first of a product's reasons that tells of the mail server, explained; `None` where none does.

    `errors` are `msg`, and where the product blames a field, `field` and `type`; `port` is the mail server's, if known.
    """
    failures = (_failure(error, port, words) for error in errors)
    return next((failure for failure in failures if failure), None)


def _failure(error: t.Mapping[str, str], port: object, words: ProductWords) -> dict[str, t.Any] | None:
    text = error.get("msg", "")
    # Of the types of a reason, this is the one that is not about the record itself.
    blamed = error.get("field", "") if text and error.get("type") == "rule" else ""
    judgement = judge(text, command_in(text) or words.commands.get(blamed), port)
    stage = words.stages.get(blamed)
    if judgement.cause is None and judgement.reply == NO_REPLY:
        silent = {"advice": None, "command": None}
        return {**explained(judgement, words.fields), **silent, "stage": stage} if stage else None
    failure = explained(judgement, words.fields)
    return {**failure, "stage": failure["stage"] or stage}
