# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which message of a mailbox is which of those that are looked for. Each message is given to one of them at most."""

from __future__ import annotations

import typing as t
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from .._mail.headers import Headers
from .._mail.imap import Message


@dataclass(frozen=True)
class Place:
    """A folder that is looked into."""

    name: str
    is_spam: bool


@dataclass(frozen=True)
class Found:
    """A message with the folder that it lies in, which had this `uidvalidity`."""

    place: Place
    uidvalidity: int
    message: Message


@dataclass(frozen=True)
class Wanted:
    """A message that is looked for. `None` is what is not known.

    Addresses are as `comparable` makes them, and the subject is in small letters.

    `name` is what the result calls it. Where the name of a message's sender is the name of one that is looked for, it
    is that one and no other.
    """

    name: str | None
    sender: str | None
    recipient: str | None
    subject: str | None
    message_id: str | None
    queue_id: str | None

    def fits(self, headers: Headers) -> bool:
        """Whether a message is what is looked for, as far as that is known."""
        return (
            (self.sender is None or self.sender in {address for _name, address in headers.senders})
            and (self.recipient is None or self.recipient in headers.recipients)
            and (self.subject is None or self.subject in headers.subject.lower())
            and self._is_identified(headers)
        )

    def _is_identified(self, headers: Headers) -> bool:
        """Whether one of the identities is the message's, if any is known: servers may change either of them."""
        if self.message_id is None and self.queue_id is None:
            return True
        if self.message_id is not None and self.message_id in headers.message_ids:
            return True
        return self.queue_id is not None and self.queue_id in headers.queue_ids


def assigned(wanted: t.Sequence[Wanted], found: t.Sequence[Found]) -> list[Found | None]:
    """For each of `wanted` its message, `None` where there is none.

    As many as possible get one. Of several that fit, a message outside the spam folders comes first, then the newest;
    of several that are looked for, the last gets it, since they are listed in the order in which they were sent.
    """
    names = {entry.name for entry in wanted if entry.name}
    newest_first = sorted(range(len(found)), key=lambda index: _rank(found[index]), reverse=True)
    fitting = [
        [index for index in newest_first if _is_meant(entry, names, found[index].message.headers)] for entry in wanted
    ]
    taken: dict[int, int] = {}
    out_of_reach: set[int] = set()
    for index in reversed(range(len(wanted))):
        _give(index, fitting, taken, out_of_reach)
    given = {entry: found[index] for index, entry in taken.items()}
    return [given.get(index) for index in range(len(wanted))]


def _rank(one: Found) -> tuple[bool, float, int]:
    arrived = one.message.arrived
    return not one.place.is_spam, arrived.timestamp() if isinstance(arrived, datetime) else 0.0, one.message.uid


def _is_meant(entry: Wanted, names: t.Collection[str], headers: Headers) -> bool:
    if not entry.fits(headers):
        return False
    others = {name for name, _address in headers.senders if name in names and name != entry.name}
    return not others or entry.message_id is not None or entry.queue_id is not None


def _give(entry: int, fitting: t.Sequence[t.Sequence[int]], taken: dict[int, int], out_of_reach: set[int]) -> None:
    """Give one of `wanted` a message, if need be one that another can do without, which then gets one in this way.

    `out_of_reach` are messages of which it is known that whoever has them can do without none.
    """
    # For each message that was come to, who would get it, and which one it would give up for that.
    reached: dict[int, tuple[int, int | None]] = {}
    waiting: deque[tuple[int, int | None]] = deque([(entry, None)])
    while waiting:
        taker, given_up = waiting.popleft()
        for index in fitting[taker]:
            if index in reached or index in out_of_reach:
                continue
            reached[index] = (taker, given_up)
            if index not in taken:
                _hand_over(index, reached, taken)
                return
            waiting.append((taken[index], index))
    out_of_reach.update(reached)


def _hand_over(free: int, reached: t.Mapping[int, tuple[int, int | None]], taken: dict[int, int]) -> None:
    """Give a free message to its taker, what that gives up to the next one, and so on."""
    index: int | None = free
    while index is not None:
        taken[index], index = reached[index]
