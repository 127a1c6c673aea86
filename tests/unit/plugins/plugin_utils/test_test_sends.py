# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role test_send prints and returns."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils import _test_sends as test_sends
from ansible_collections.mailfleet.email.plugins.plugin_utils._test_sends import Confirmation

SENT = {"sent": True, "from": "Alarms <a@example.com>", "via": {"smtp_server": "smtp.example.com", "smtp_port": 465}}
REFUSED = {"sent": False, "msg": "535 no", "via": {"host": "smtp.example.com"}}
WAITED = Confirmation(wait=60.0, accept_spam=False)


def one(answer: dict[str, Any], name: str = "Alarms", *, check_mode: bool = False) -> test_sends.TestSend:
    return test_sends.TestSend("itflex", name, "me@example.com", answer, check_mode)


def test_each_message_has_an_address_of_its_own_where_wanted() -> None:
    assert test_sends.recipients("me@example.com", 2, None) == ["me@example.com"] * 2
    assert test_sends.recipients('"a@b"@example.com', 2, "t0") == ['"a@b"+t0-1@example.com', '"a@b"+t0-2@example.com']
    tokens = {test_sends.new_token() for _ in range(20)}
    assert len(tokens) == 20
    assert all(re.fullmatch("[a-z0-9]{10}", token) for token in tokens)


@pytest.mark.parametrize(
    ("answer", "identity"),
    [
        (
            {"messageId": "<1@a>", "response": "250 2.0.0 Ok: queued as ABC12"},
            {"message_id": "<1@a>", "queue_id": "ABC12"},
        ),
        ({"response": "250 queued as ABC12"}, {"queue_id": "ABC12"}),
        ({"messageId": "<1@a>"}, {"message_id": "<1@a>"}),
        ({"response": None}, {"from": "a@example.com"}),
        (None, {"from": "a@example.com"}),
    ],
)
def test_how_a_message_is_known_again(answer: dict[str, Any] | None, identity: dict[str, str]) -> None:
    send = one({**SENT, "answer": answer})
    assert send.message() == {"name": "Alarms", "to": "me@example.com", **identity}


def test_a_message_without_sender_is_looked_for_by_its_recipient() -> None:
    assert one({"sent": True, "from": None}).message() == {"name": "Alarms", "to": "me@example.com"}


def test_the_results_and_the_table() -> None:
    sends = [one(SENT), one(REFUSED, "Certificates")]
    assert [send.result() for send in sends] == [
        {
            "product": "itflex",
            "name": "Alarms",
            "to_email": "me@example.com",
            "sent": True,
            "via": SENT["via"],
            "reason": "",
        },
        {
            "product": "itflex",
            "name": "Certificates",
            "to_email": "me@example.com",
            "sent": False,
            "via": REFUSED["via"],
            "reason": "535 no",
        },
    ]
    assert test_sends.report(sends, None) == [
        "PRODUCT  NAME          THROUGH               TO              RESULT",
        "itflex   Alarms        smtp.example.com:465  me@example.com  sent",
        "itflex   Certificates  smtp.example.com      me@example.com  NOT SENT",
        "itflex Certificates: 535 no",
    ]
    assert test_sends.problems(sends, None) == [
        "1 of 2 test messages were not sent: itflex Certificates.",
        "The task above and test_send_results tell why.",
    ]


def test_check_mode_is_no_failure() -> None:
    sends = [one({"sent": False, "msg": "Check mode: …"}, check_mode=True)]
    assert sends[0].result()["reason"] == "not sent (check mode)"
    assert "not sent (check mode)" in test_sends.report(sends, None)[1]
    assert test_sends.problems(sends, None) == []


def test_an_answer_without_words_is_reported_as_such() -> None:
    assert one({}).reason == "not known"
    assert one({}).through == "-"


def test_what_became_of_each_in_the_mailbox() -> None:
    sends = [one(SENT, "a"), one(REFUSED, "b"), one(SENT, "c"), one(SENT, "d")]
    spam = {"status": "found_in_spam", "seconds": 2, "folder": "Junk", "spf": {"result": "fail"}, "dkim": None}
    test_sends.add_deliveries(sends, [{"status": "found", "seconds": 1}, spam, {"status": "not_found"}])
    assert [send.delivery and send.delivery["status"] for send in sends] == ["found", {}, "found_in_spam", "not_found"]
    lines = test_sends.report(sends, WAITED)
    assert [line.split("  ")[-1] for line in lines[:5]] == ["DELIVERED", "yes, 1 s", "-", "SPAM, 2 s", "NO"]
    assert lines[-2].startswith("itflex d: was sent, and is in no folder after 60 s. ")
    assert lines[-1] == "itflex c: is in the folder Junk. SPF fail"
    assert test_sends.problems(sends, WAITED)[:3] == [
        "1 of 4 test messages were not sent: itflex b.",
        "1 of 4 test messages were sent and did not arrive in time: itflex d.",
        "1 of 4 test messages arrived in a spam folder: itflex c.",
    ]


def test_spam_may_be_good_enough() -> None:
    send = one(SENT)
    test_sends.add_deliveries([send], [{"status": "found_in_spam", "seconds": None, "folder": "Junk"}])
    assert test_sends.problems([send], Confirmation(60.0, accept_spam=True)) == []
    assert "tells no verdicts" in test_sends.report([send], WAITED)[-1]


def test_a_mailbox_that_closes_is_reported() -> None:
    sends = [one(SENT), one(REFUSED)]
    test_sends.add_deliveries(sends, [])
    closed = Confirmation(60.0, accept_spam=False, failure="mailbox of me: closed")
    assert [send.result()["delivery"] for send in sends] == [{}, {}]
    assert "Whether what was sent arrived is not known: mailbox of me: closed" in test_sends.report(sends, closed)
    assert "Whether what was sent arrived is not known." in test_sends.problems(sends, closed)
    assert [line[-1] for line in test_sends.report(sends, closed)[1:3]] == ["?", "-"]
