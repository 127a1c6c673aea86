# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The headers of a message, as far as they tell which message it is."""

from __future__ import annotations

import email.utils
import re
import typing as t
from email import message_from_string
from email.errors import HeaderParseError
from email.header import decode_header
from functools import cached_property

from .mail_address import comparable
from .received import path

_RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
# Services that give a message an identity of their own keep the one that it had.
_IDENTITIES = ("message-id", "x-google-original-message-id", "x-microsoft-original-message-id")
_IDENTITY = re.compile(r"<([^<>\s]+)>")
_LONGEST_ENCODED = 10_000
# The strict way, where Python knows it, takes all addresses for none where one is odd. Here they grant nothing: they
# tell which message it is.
_LENIENTLY: t.Final[dict[str, t.Any]] = (
    {"strict": False} if getattr(email.utils, "supports_strict_parsing", False) else {}
)


class Headers:
    """The headers of one message, in their order."""

    def __init__(self, raw: bytes) -> None:
        """Take the headers as they came over the net, also with what is not ASCII (RFC 6532)."""
        message = message_from_string(raw.decode("utf-8", "replace"))
        self.fields: t.Final = [(name, str(value)) for name, value in message.items()]

    def all(self, *names: str) -> list[str]:
        """The values of all headers of one of these names, which are in small letters."""
        return [value for name, value in self.fields if name.lower() in names]

    @cached_property
    def message_ids(self) -> list[str]:
        """What identifies the message, without angle brackets; its `Message-ID` first."""
        values = [value for name in _IDENTITIES for value in self.all(name)]
        return [found for value in values for found in _IDENTITY.findall(value)[:1] or [value.strip()]]

    @cached_property
    def senders(self) -> list[tuple[str, str]]:
        """Who it is from: names that show, decoded, with addresses as they are compared."""
        return [(decoded(name), comparable(address)) for name, address in _addresses(self.all("from"))]

    @cached_property
    def recipients(self) -> set[str]:
        """Whom it is for, as addresses are compared: in its own words, and as servers on its way note it."""
        return {comparable(address) for _name, address in _addresses(self.all(*_RECIPIENTS))}

    @cached_property
    def subject(self) -> str:
        """The subject, decoded and in one line."""
        return decoded(next(iter(self.all("subject")), ""))

    @cached_property
    def queue_ids(self) -> set[str]:
        """The numbers that servers gave the message on its way; some make its `Message-ID` of their own."""
        return {
            *(hop.queue_id for hop in path(self.all("received"))),
            *(identity.partition("@")[0] for identity in self.message_ids),
        }


def _addresses(values: t.Iterable[str]) -> t.Iterator[tuple[str, str]]:
    """Names with addresses in headers, each header by itself: an odd one makes no other one unreadable."""
    for value in values:
        try:
            yield from email.utils.getaddresses([value], **_LENIENTLY)
        except RecursionError:
            # Comments or groups within one another, hundreds deep.
            continue


def decoded(value: str) -> str:
    """A header's text without its encodings (RFC 2047), in one line.

    What cannot be decoded stays as it is, and so does what no mail program writes: to decode a text of any length can
    take a time by the square of it.
    """
    try:
        parts = decode_header(value) if len(value) <= _LONGEST_ENCODED else [(value, None)]
        text = "".join(_text(part, charset) for part, charset in parts)
    except (HeaderParseError, ValueError, LookupError):
        text = value
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def _text(part: bytes | str, charset: str | None) -> str:
    return part if isinstance(part, str) else part.decode(charset or "ascii", "replace")
