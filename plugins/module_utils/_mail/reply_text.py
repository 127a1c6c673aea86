# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a text says of an SMTP conversation: which command the server answered, and its reply."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

CONNECT, EHLO, STARTTLS, AUTH = "connect", "EHLO", "STARTTLS", "AUTH"
MAIL, RCPT, DATA, END_OF_DATA = "MAIL", "RCPT", "DATA", "end of data"
COMMANDS: t.Final = (CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, END_OF_DATA)
"""What a server answers, in the order of a conversation; its greeting answers the connection."""

LONGEST: t.Final = 4000
"""How many characters of a text are read, so that no text takes long."""

# The words around a reply: of Nodemailer, of mail servers that pass a reply on, of Python, Go and PHP clients.
_WRAPPERS: t.Final = tuple(
    (command, re.compile(pattern, re.IGNORECASE))
    for command, pattern in (
        (STARTTLS, r"upgrading connection with STARTTLS|STARTTLS command failed|reply to STARTTLS|after STARTTLS"),
        (AUTH, r"invalid login\b|SMTPAuthenticationError|(?:AUTH|username|password) command failed|SMTP AUTH failed"),
        (AUTH, r"authentication failed; server \S{1,255} said"),
        (EHLO, r"invalid (?:response for )?[EL]?HE?L[HL]?O\b|server terminates connection|HELO does not support"),
        (EHLO, r"SMTPHeloError|[EH]E?[HL]LO command failed|reply to [EH]E?[HL]LO|after [EH]E?[HL]LO"),
        (CONNECT, r"invalid greeting|SMTPConnectError|after initial connection|refused to talk to me"),
        (END_OF_DATA, r"message failed|SMTPDataError|reply to end of DATA|after end of data|DATA END command failed"),
        (MAIL, r"mail command failed|SMTPSenderRefused|MAIL FROM command|after MAIL FROM|SMTP MAIL FROM"),
        (RCPT, r"recipients were rejected|recipient command failed|SMTPRecipientsRefused"),
        (RCPT, r"RCPT TO command|after RCPT TO|SMTP RCPT TO|\{'[^']{1,320}': \([45]\d\d, b?['\"]"),
        (DATA, r"data command failed|reply to DATA command|after DATA\b|SMTP DATA command"),
        (MAIL, r"\([45]\d\d, b?(?:'[^']{0,1000}'|\"[^\"]{0,1000}\"), '[^']{0,320}'\)"),
    )
)
# What can stand between the two codes: `535 5.7.8 Error`, `535-5.7.8 Error`, and Python's `(535, b'5.7.8 Error')`.
_BETWEEN = r"(?:[ -]{1,3}#?|, b?['\"]#?|: ?)"
_ENHANCED = r"([45]\.\d{1,3}\.\d{1,3})(?![\d.]\d|\d)"
_BOTH = re.compile(rf"(?<![\w.])([45]\d\d){_BETWEEN}{_ENHANCED}")
# A number alone can be anything, so these count only where a reply begins.
# A proxy's number is none of a mail server.
_BEGINNING = r"(?:^|(?<=: )(?<!from proxy: )|(?<=[(\"\n]))"
_HTTP = (
    r"(?! (?:Bad Gateway|Service Unavailable|Internal Server Error|Not Implemented|Gateway Time-?out"
    r"|HTTP Version|Network Authentication))"
)
_CODE = re.compile(rf"{_BEGINNING}(42[1-4]|43[0-5]|45\d|50[0-5]|5[1-57]\d){_HTTP}(?:[ -]|, b?['\"]|$)")
_ENHANCED_ALONE = re.compile(rf"{_BEGINNING}{_ENHANCED}(?=[ :;)]|$)")
# Where qmail, Yahoo and others put the enhanced code: `(#5.7.1)`, `- 5.7.1 [BL21]`, `[5.7.1]`.
_ENHANCED_WITHIN = re.compile(rf"(?:#|[(\[]#?|- ){_ENHANCED}")
_ESCAPED = re.compile(r"(?:\\x[0-9a-f]{2})+")


@dataclass(frozen=True)
class Reply:
    """What a mail server answered; `enhanced_code` says more than `code` where the server gives it.

    `begins_at` is where in the text it begins.
    """

    code: int | None
    enhanced_code: str | None
    begins_at: int = field(default=0, compare=False)

    @property
    def temporary(self) -> bool:
        """Whether the server says that the same may succeed later."""
        return (str(self.code) if self.code else self.enhanced_code or "").startswith("4")

    @property
    def detail(self) -> str:
        """The enhanced code without its class, such as `1.1` for an unknown mailbox; empty where there is none."""
        return self.enhanced_code.partition(".")[2] if self.enhanced_code else ""

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.code, self.enhanced_code) if part)


NO_REPLY = Reply(None, None)


def command_in(text: str) -> str | None:
    """The command that a text says was answered, one of `COMMANDS`, `None` where it does not say."""
    return next((command for command, pattern in _WRAPPERS if pattern.search(text)), None)


def reply_in(text: str) -> Reply:
    """The refusal that a text repeats; `NO_REPLY` where it repeats none.

    Where a server quotes the reply of another in its own, the first counts: it is the one that the client got.
    """
    both, alone = _BOTH.search(text), _CODE.search(text)
    if both and not (alone and alone.start() < both.start()):
        return Reply(int(both[1]), both[2], both.start())
    if alone:
        within = _ENHANCED_WITHIN.search(text, alone.end())
        return Reply(int(alone[1]), within[1] if within else None, alone.start())
    enhanced = _ENHANCED_ALONE.search(text)
    return Reply(None, enhanced[1], enhanced.start()) if enhanced else NO_REPLY


def readable(text: str) -> str:
    """A text with Python's escapes undone, bytes as UTF-8 or else as the Chinese services write, and cut short."""
    return _ESCAPED.sub(_unescaped, text[:LONGEST]).replace("\\r", "").replace("\\n", "\n")


def _unescaped(match: re.Match[str]) -> str:
    data = bytes.fromhex(match[0].replace("\\x", ""))
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except ValueError:
            continue
    return match[0]
