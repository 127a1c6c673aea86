# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which message is given to which of those that are looked for."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._delivery.match import Found, Place, Wanted, assigned
from ansible_collections.mailfleet.email.plugins.module_utils._mail import headers as headers_module
from ansible_collections.mailfleet.email.plugins.module_utils._mail.headers import Headers
from ansible_collections.mailfleet.email.plugins.module_utils._mail.imap import Message
from ansible_collections.mailfleet.email.plugins.module_utils._mail.received import Hop, path

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=timezone.utc)
INBOX, JUNK = Place("INBOX", is_spam=False), Place("Junk", is_spam=True)


def wanted(**known: Any) -> Wanted:
    nothing = dict.fromkeys(("name", "sender", "recipient", "subject", "message_id", "queue_id"))
    return Wanted(**{**nothing, **known})


def message(uid: int, *lines: str, sender: str = "a@example.com", place: Place = INBOX, minutes: int = 0) -> Found:
    raw = "\r\n".join([f"From: {sender}", "To: you@example.com", *lines, "", ""]).encode()
    return Found(place, 1, Message(uid, NOON + timedelta(minutes=minutes), False, False, Headers(raw)))


def uids(entries: list[Wanted], found: list[Found]) -> list[int | None]:
    return [one.message.uid if one else None for one in assigned(entries, found)]


@pytest.mark.parametrize(
    ("known", "fits"),
    [
        ({"sender": "a@example.com"}, True),
        ({"sender": "b@example.com"}, False),
        ({"recipient": "you@example.com"}, True),
        ({"recipient": "me@example.com"}, False),
        ({"subject": "test"}, True),
        ({"subject": "rest"}, False),
        ({"message_id": "1@x"}, True),
        ({"message_id": "2@x"}, False),
        ({"queue_id": "4XyZ"}, True),
        ({"queue_id": "4xyz"}, False),
        # Services that make a Message-ID of their own make it of the number that they tell the sender.
        ({"queue_id": "1"}, True),
        ({"message_id": "2@x", "queue_id": "4XyZ"}, True),
        ({"message_id": "1@x", "queue_id": "other"}, True),
        ({"message_id": "2@x", "queue_id": "other"}, False),
        ({"message_id": "1@x", "sender": "b@example.com"}, False),
    ],
)
def test_all_that_is_known_must_be_right(known: dict[str, str], fits: bool) -> None:
    lines = ["Message-ID: <1@x>", "Subject: [SPAM] A Test", "Received: by mx.example.com (Postfix) id 4XyZ; x"]
    assert uids([wanted(**known)], [message(7, *lines)]) == [7 if fits else None]


def test_each_message_is_given_once() -> None:
    entry = wanted(sender="a@example.com")
    assert uids([entry, entry], [message(1)]) == [None, 1]
    assert uids([entry], []) == [None]


def test_those_that_look_alike_in_the_order_in_which_they_came() -> None:
    entry = wanted(sender="a@example.com")
    found = [message(1), message(2, minutes=1), message(3, minutes=2)]
    for order in permutations(found):
        assert uids([entry, entry], list(order)) == [2, 3]


def test_an_inbox_before_a_spam_folder() -> None:
    found = [message(1), message(2, place=JUNK, minutes=5)]
    assert uids([wanted(sender="a@example.com")], found) == [1]


def test_the_name_that_shows_tells_senders_of_one_address_apart() -> None:
    alarms, certificates = wanted(name="Alarms", sender="a@example.com"), wanted(name="Certs", sender="a@example.com")
    first = message(1, sender="Certs <a@example.com>")
    second = message(2, sender="Alarms <a@example.com>", minutes=1)
    assert uids([alarms, certificates], [first, second]) == [2, 1]
    # The one that did not arrive is named, and not the other one.
    assert uids([alarms, certificates], [second]) == [2, None]


def test_a_name_says_nothing_against_an_identity() -> None:
    entries = [wanted(name="Alarms", message_id="1@x"), wanted(name="Certs", message_id="2@x")]
    found = [message(1, "Message-ID: <2@x>", sender="Alarms <a@example.com>")]
    assert uids(entries, found) == [None, 1]


def test_who_is_content_with_any_makes_room() -> None:
    """The last takes the newest; then the first would get nothing, and the other one would do as well."""
    entries = [wanted(sender="a@example.com", subject="two"), wanted(sender="a@example.com")]
    found = [message(1, "Subject: one"), message(2, "Subject: two", minutes=1)]
    assert uids(entries, found) == [2, 1]


def test_many_that_look_alike() -> None:
    """That the first gets none shows when all others were asked in turn: more than Python can nest calls."""
    count = 1200
    entries = [wanted(sender="a@example.com")] * count
    found = [message(uid, minutes=uid) for uid in range(1, count)]
    assert uids(entries, found) == [None, *range(1, count)]


def test_many_that_make_room() -> None:
    """Only the last has a second message to fall back on; that the first one gets one, all others have to move."""
    count = 1200
    entries = [wanted(recipient=f"c{entry}@example.com") for entry in range(count)]
    found = [message(uid, f"Cc: c{uid - 1}@example.com, c{uid}@example.com", minutes=uid) for uid in range(1, count)]
    found.append(message(count, f"Cc: c{count - 1}@example.com"))
    assert uids(entries, found) == list(range(1, count + 1))


def test_the_way_of_a_message_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else many messages take a time by the square of their number, and the one that is given ends long before."""
    read: list[str] = []

    def counted(values: list[str]) -> list[Hop]:
        read.extend(values)
        return path(values)

    monkeypatch.setattr(headers_module, "path", counted)
    entries = [wanted(queue_id=f"q{number}") for number in range(10)]
    found = [message(number, f"Received: by mx.example.com id q{number}; x") for number in range(10)]
    assert uids(entries, found) == list(range(10))
    assert len(read) == 10


@given(st.lists(st.sets(st.integers(0, 4)), max_size=5), st.integers(0, 5))
def test_as_many_as_possible_get_one(subjects: list[set[int]], count: int) -> None:
    """Compared with the best of all ways to give them away."""
    recipients = [[uid for uid in sorted(fits) if uid < count] for fits in subjects]
    found = [
        message(uid, *(f"Cc: c{entry}@example.com" for entry, fits in enumerate(recipients) if uid in fits))
        for uid in range(count)
    ]
    entries = [wanted(recipient=f"c{entry}@example.com") for entry in range(len(recipients))]
    given_away = [uid for uid in uids(entries, found) if uid is not None]
    assert len(given_away) == len(set(given_away)) == best(recipients)


def best(recipients: list[list[int]], taken: frozenset[int] = frozenset()) -> int:
    """How many can get one at most, by trying everything."""
    if not recipients:
        return 0
    first, *others = recipients
    ways = [best(others, taken)]
    ways += [1 + best(others, taken | {uid}) for uid in first if uid not in taken]
    return max(ways)
