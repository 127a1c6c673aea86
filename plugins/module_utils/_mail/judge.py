# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why mail was not taken, judged from what a server replied and from what a library says of it.

The protocol comes first: the command tells which causes there can be at all, then the codes, and the words of known
systems. Where the words are not known, the codes alone decide. Where nothing is known, nothing is guessed.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from .causes import CAUSES
from .library_words import CONNECTION, LIBRARY, protocol_in
from .phrases import Rules
from .reply_codes import firm_cause, is_narrow, loose_cause
from .reply_text import NO_REPLY, Reply, command_in, readable, reply_in
from .reply_words import LOOSE, PLAIN

# Addresses are the users' own words: `<relay@example.com>` says nothing of relaying.
_ADDRESS = re.compile(r"<[^<>\s]{0,320}@[^<>\s]{0,320}>|[\w.+=-]{1,64}@[\w.-]{1,255}")
_DNS_PORT = "53"
_PORT = re.compile(r"[\w.\]]:(\d{1,5})\b")
# Go's words for a question to a name server: from which port it was asked says nothing.
_ASKED = re.compile(r"\bread udp [^ ]{1,120}")


@dataclass(frozen=True)
class Judgement:
    """Why mail was not taken.

    `cause` is one of `CAUSES`, or `None` where it was not recognised. `decided_by` says what gave the cause: `codes`
    (of the reply, with its command), `words` (of a server or a library), or `nothing`. `command` is what the server
    refused, as far as it is known. `protocol` is what speaks at the port where it is not SMTP.
    """

    cause: str | None
    decided_by: t.Literal["codes", "words", "nothing"]
    reply: Reply
    command: str | None = None
    protocol: str | None = None

    @property
    def temporary(self) -> bool:
        """Whether the server says that the same may succeed later. The cause may last nonetheless."""
        return self.reply.temporary


def judge(text: str, command: str | None = None, port: object = None) -> Judgement:
    """Judge what a server or a library says.

    `text` is a reply, bare or in the words of a library; of a long one the beginning counts. `command` is the command
    that was answered, one of `COMMANDS`, where it is known; else it is read from the words around the reply. `port` is
    the mail server's, where it is known: a text about another port is about another server.
    """
    text = readable(text)
    command = command or command_in(text)
    protocol = protocol_in(text)
    if protocol:
        return Judgement("another_protocol", "words", NO_REPLY, command, protocol)
    reply = reply_in(text)
    if reply == NO_REPLY:
        cause = _without_reply(text, port)
        return Judgement(cause, "words" if cause else "nothing", reply, command)
    by_codes = firm_cause(reply, command)
    if by_codes and is_narrow(reply):
        return Judgement(by_codes, "codes", reply, command)
    words = _words_of(text, reply)
    by_words = _first(PLAIN, words, command) or (None if by_codes else _first(LOOSE, words, command))
    cause = by_words or by_codes or loose_cause(reply, command)
    if cause is None:
        return Judgement(None, "nothing", reply, command)
    return Judgement(cause, "words" if by_words and by_words != by_codes else "codes", reply, command)


def _without_reply(text: str, port: object) -> str | None:
    return _any(LIBRARY, text) or (None if _is_elsewhere(text, port) else _any(CONNECTION, text))


def _words_of(text: str, reply: Reply) -> str:
    """The reply without its addresses, and without the codes that each further line of it repeats."""
    first, *repeated = re.split(rf"\b(?:{reply.code})[ -]", _ADDRESS.sub("<>", text[reply.begins_at :]))
    words = " ".join([str(reply.code or ""), first, *repeated])
    enhanced = reply.enhanced_code
    if enhanced:
        head, _sep, rest = words.partition(enhanced)
        words = f"{head}{enhanced}{rest.replace(enhanced, ' ')}"
    return " ".join(words.replace("\u2019", "'").split())


def _first(rules: Rules, words: str, command: str | None) -> str | None:
    """The first cause whose words are there, of those that a server can name in answer to the command."""
    return next(
        (
            rule.cause
            for rule in rules
            if (command is None or command in (rule.commands or CAUSES[rule.cause].said_at)) and rule.fits(words)
        ),
        None,
    )


def _any(rules: Rules, text: str) -> str | None:
    return next((rule.cause for rule in rules if rule.fits(text)), None)


def _is_elsewhere(text: str, port: object) -> bool:
    """Whether a text names the port of another server than the mail server."""
    named = set(_PORT.findall(_ASKED.sub("", text))) - {_DNS_PORT}
    return bool(port) and bool(named) and str(port) not in named
