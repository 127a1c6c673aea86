# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A judgement in sentences: who refused what, and which field of the product to change."""

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass

from .cause_texts import MAY_PASS, TEXTS, WAITS
from .causes import CAUSES
from .judge import Judgement
from .reply_codes import is_of_command_alone

if t.TYPE_CHECKING:
    from .reply_text import Reply


@dataclass(frozen=True)
class MailFields:
    """The names that a product has for what can be changed. The sentences of `TEXTS` name them in braces."""

    host: str
    port: str
    encryption: str
    without_implicit_tls: str
    with_implicit_tls: str
    with_starttls: str
    unverified: str
    mechanism: str
    login: str
    credentials: str
    sender: str
    client_name: str


def explained(judgement: Judgement, fields: MailFields) -> dict[str, t.Any]:
    """A judgement as data, with `advice`: sentences in the names of a product.

    Nothing of a product's or a server's text is in them, apart from codes.
    """
    reply, cause = judgement.reply, judgement.cause
    return {
        "stage": CAUSES[cause].stage if cause else None,
        "cause": cause,
        "decided_by": judgement.decided_by,
        "command": judgement.command,
        "code": reply.code,
        "enhanced_code": reply.enhanced_code,
        "temporary": judgement.temporary,
        "protocol": judgement.protocol,
        "advice": " ".join(f"{sentence}." for sentence in _sentences(judgement, fields)),
    }


def meaning_of(cause: str) -> str:
    """What a cause means, in one sentence without its full stop."""
    return TEXTS[cause][0]


def change_for(cause: str, fields: MailFields) -> str:
    """What to do about a cause, in the names of a product: a sentence without its full stop."""
    return TEXTS[cause][1].format(**asdict(fields))


def _sentences(judgement: Judgement, fields: MailFields) -> t.Iterator[str]:
    reply, cause = judgement.reply, judgement.cause
    if cause is None:
        yield f"The mail server's reply{_in_brackets(reply)} is not recognised, and no cause is guessed"
        yield "See the mail server's log"
    else:
        name = f": {judgement.protocol}" if judgement.protocol else ""
        yield f"{meaning_of(cause)}{name}{_in_brackets(reply)}"
    if cause is not None and judgement.decided_by == "codes" and is_of_command_alone(reply, judgement.command):
        yield "Its words are not recognised, so this follows from the refused command and the code alone"
    yield from _what_to_do(judgement, fields)


def _what_to_do(judgement: Judgement, fields: MailFields) -> t.Iterator[str]:
    cause = judgement.cause
    change = change_for(cause, fields) if cause else ""
    if not judgement.temporary:
        if change:
            yield change
    elif cause is None or cause in WAITS or cause in MAY_PASS:
        yield "The refusal is temporary: try again later"
        if cause is not None and cause not in WAITS:
            yield f"If it stays: {lowered(change)}"
    else:
        yield change
        yield "The mail server calls this temporary, but it stays until that is changed"


def lowered(sentence: str) -> str:
    """A sentence as it goes on after a colon."""
    return sentence[:1].lower() + sentence[1:]


def _in_brackets(reply: Reply) -> str:
    codes = str(reply)
    return f" ({codes})" if codes else ""
