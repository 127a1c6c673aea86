# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about replies of an SMTP server: what the judge makes of them."""

from __future__ import annotations

import typing as t

from .._mail.causes import CAUSES
from .._mail.explanation import change_for, lowered, meaning_of
from .._mail.judge import Judgement, judge
from .facts import Configuration, Finding

if t.TYPE_CHECKING:
    from .._mail.smtp_reader import Reply

# What the messages of findings say by themselves.
_SAID_ALREADY: t.Final = ("greeting_refused", "login_refused", "starttls_not_offered")


def judged(settings: Configuration, reply: Reply, command: str) -> Judgement:
    """What a server's reply to a command means."""
    return judge(str(reply), command, settings.port)


def refusal(
    settings: Configuration, code: str, field: str, message: str, judgement: Judgement, advice: str = ""
) -> Finding:
    """The finding for a refusal, with its cause, and `advice` where there is better than that of the cause."""
    return Finding(
        code,
        "error",
        field,
        message,
        advice or _advice(settings, judgement),
        cause=judgement.cause,
        decided_by=judgement.decided_by,
        proved=True,
    )


def _advice(settings: Configuration, judgement: Judgement) -> str:
    if judgement.cause is None:
        return "the reply is not recognised, so let the server's log say why"
    advice = lowered(change_for(judgement.cause, settings.words.mail))
    if judgement.cause not in _SAID_ALREADY:
        advice = f"{lowered(meaning_of(judgement.cause))}: {advice}"
    if judgement.temporary:
        advice = f"{advice}. The server calls this temporary, so try again later too"
    about_service = CAUSES[judgement.cause].stage == "login" and settings.preset
    return f"{advice}. {settings.preset.about_passwords}" if about_service and settings.preset else advice
