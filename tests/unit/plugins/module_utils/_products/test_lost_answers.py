# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes whose answer is lost: the record is read before anything is retried."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS
from ansible_collections.mailfleet.email.plugins.module_utils._resource.write import PAUSE_BEFORE_A_CREATION
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, live, no_templates, sent
from tests.unit.plugins.module_utils._products.webitel import records as settings
from tests.unit.plugins.module_utils.conversation import Conversation, Exchange
from tests.unit.plugins.module_utils.running import Runner

LIST = f"GET {ACCOUNTS}"
WANTED = settings.changed(settings.RECORD, "options.port", 587)
PORT_587: dict[str, Any] = {"domain": settings.DOMAIN, "options": {"port": 587}}
NEW: dict[str, Any] = {"name": "Certificates", "email": "certs@example.com", "has_auth": False}
# It shows the name that this server has for the flag.
OTHER = live("has_auth", id=1, name="Other", has_auth=True)
NEW_SENT = {**NEW, "default": False, "service": "other"}
# What a server answers that did what it was asked, on the way to a client that never hears of it.
LOST: dict[str, Callable[[Exchange], None]] = {
    "broken": lambda exchange: exchange.breaks(),
    "cut off": lambda exchange: exchange.sends([b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"id"'], pause=0.01),
    "502": lambda exchange: exchange.answers(status=502),
    "504": lambda exchange: exchange.answers(status=504),
    "520": lambda exchange: exchange.answers(status=520),
}
# After these, the server may be at it yet.
LATE: dict[str, Callable[[Exchange], None]] = {
    "504": lambda exchange: exchange.answers(status=504),
    "524": lambda exchange: exchange.answers(status=524),
    "silence": lambda exchange: exchange.sends([b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n\r\n"], pause=2.4),
    "half an answer": lambda exchange: exchange.sends(
        [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"{}", b"  "], pause=1.6
    ),
}
lost_in_any_way = pytest.mark.parametrize("lose", LOST.values(), ids=LOST)
late_in_any_way = pytest.mark.parametrize("lose", LATE.values(), ids=LATE)
# Of a creation that came too late, nobody knows when it will be there.
broken_in_any_way = pytest.mark.parametrize("lose", [LOST[name] for name in LOST if name not in LATE])
done_or_not = pytest.mark.parametrize("done", [True, False])


@pytest.fixture(autouse=True)
def two_retries(itflex: Runner, webitel: Runner) -> None:
    itflex.connection["retries"] = webitel.connection["retries"] = 2


@broken_in_any_way
@pytest.mark.parametrize("done", [0, 1, None])
def test_a_new_account(
    conversation: Conversation, itflex: Runner, lose: Callable[[Exchange], None], done: int | None
) -> None:
    """Looked for, after a pause once more, and only then created again: `done` says which look finds it."""
    made = {**NEW_SENT, "id": 7}
    conversation.expect(LIST).answers([OTHER])
    lose(conversation.expect(f"POST {ACCOUNTS}", NEW_SENT))
    begun = time.monotonic()
    for look in range(2 if done is None else done + 1):
        conversation.expect(LIST).answers([made] if look == done else [])
    if done is None:
        conversation.expect(f"POST {ACCOUNTS}", NEW_SENT).answers(made)
    result = itflex.run(EMAIL_ACCOUNT, **NEW)
    assert (result["action"], result["email_account"]["id"]) == ("created", 7)
    assert sum(entry["times"] for entry in result.get("retried", [])) == (1 if done is None else 0)
    assert (time.monotonic() - begun >= PAUSE_BEFORE_A_CREATION) is (done != 0)


def test_a_creation_is_sent_twice_at_most(conversation: Conversation, itflex: Runner) -> None:
    itflex.connection["retries"] = 5
    conversation.expect(LIST).answers([OTHER])
    for _try in range(2):
        conversation.expect(f"POST {ACCOUNTS}", NEW_SENT).breaks()
        conversation.expect(LIST).answers([])
        conversation.expect(LIST).answers([])
    result = itflex.run(EMAIL_ACCOUNT, **NEW)
    assert "Whether the server did it is not known" in result["msg"]
    assert result["failure"]["outcome"] == "unknown"


def test_without_retries_a_creation_is_looked_for_all_the_same(conversation: Conversation, itflex: Runner) -> None:
    itflex.connection["retries"] = 0
    conversation.expect(LIST).answers([OTHER])
    conversation.expect(f"POST {ACCOUNTS}", NEW_SENT).breaks()
    conversation.expect(LIST).answers([])
    conversation.expect(LIST).answers([])
    result = itflex.run(EMAIL_ACCOUNT, **NEW)
    assert "Whether the server did it is not known" in result["msg"]


@late_in_any_way
@pytest.mark.parametrize("appears", [0, 1, 3])
def test_a_late_creation_is_adopted_and_never_retried(
    conversation: Conversation, itflex: Runner, lose: Callable[[Exchange], None], appears: int
) -> None:
    # As long as a busy machine may take to answer a look: one that is retried would count as retried.
    itflex.connection["timeout"] = 1.5
    itflex.connection["deadline"] = 30.0
    conversation.expect(LIST).answers([OTHER])
    lose(conversation.expect(f"POST {ACCOUNTS}", NEW_SENT))
    for look in range(appears + 1):
        conversation.expect(LIST).answers([{**NEW_SENT, "id": 7}] if look == appears else [])
    result = itflex.run(EMAIL_ACCOUNT, **NEW)
    assert (result["action"], result["email_account"]["id"]) == ("created", 7)
    assert "retried" not in result


def test_a_late_creation_on_a_server_that_is_away_meanwhile(conversation: Conversation, itflex: Runner) -> None:
    itflex.connection["retries"] = 0
    itflex.connection["deadline"] = 20.0
    conversation.expect(LIST).answers([OTHER])
    conversation.expect(f"POST {ACCOUNTS}", NEW_SENT).answers(status=504)
    for status in (503, 502, 500):
        conversation.expect(LIST).answers(status=status)
    conversation.expect(LIST).answers([{**NEW_SENT, "id": 7}])
    assert itflex.run(EMAIL_ACCOUNT, **NEW)["action"] == "created"


def test_a_late_creation_that_must_not_be_looked_for(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([OTHER])
    conversation.expect(f"POST {ACCOUNTS}", NEW_SENT).answers(status=504)
    conversation.expect(LIST).answers(status=403)
    result = itflex.run(EMAIL_ACCOUNT, **NEW)
    assert "the server answers 504" in result["msg"]
    assert "Whether the server did it is not known" in result["msg"]


@lost_in_any_way
@done_or_not
def test_a_changed_account(
    conversation: Conversation, itflex: Runner, lose: Callable[[Exchange], None], done: bool
) -> None:
    conversation.expect(LIST).answers([live()])
    lose(conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=587)))
    conversation.expect(LIST).answers([live(smtp_port=587) if done else live()])
    if not done:
        conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=587)).answers(live(smtp_port=587))
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", smtp_port=587)
    assert (result["action"], result["changed_fields"]) == ("updated", ["smtp_port"])
    assert result["email_account"]["smtp_port"] == 587


@lost_in_any_way
@done_or_not
def test_a_deleted_account(
    conversation: Conversation, itflex: Runner, lose: Callable[[Exchange], None], done: bool
) -> None:
    conversation.expect(LIST).answers([live()])
    no_templates(conversation)
    lose(conversation.expect(f"DELETE {ACCOUNTS}/7"))
    conversation.expect(LIST).answers([] if done else [live()])
    if not done:
        conversation.expect(f"DELETE {ACCOUNTS}/7")
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", state="absent")
    assert (result["action"], result["changed"]) == ("deleted", True)


@broken_in_any_way
@done_or_not
def test_new_settings(
    conversation: Conversation, webitel: Runner, lose: Callable[[Exchange], None], done: bool
) -> None:
    body = {"provider": "smtp", "options": {"port": 587}}
    conversation.expect(settings.GET).answers(**settings.NOT_FOUND)
    conversation.expect(settings.WHOAMI).answers({"domain": None})
    conversation.expect(settings.DOMAINS).answers({"info": {settings.DOMAIN: {}}})
    lose(conversation.expect(settings.POST, body))
    if done:
        conversation.expect(settings.GET).answers(settings.stored(body))
    else:
        for _look in range(2):
            conversation.expect(settings.GET).answers(**settings.NOT_FOUND)
        conversation.expect(settings.POST, body).answers(settings.stored(body))
    assert webitel.run(EMAIL_SETTINGS, **PORT_587)["action"] == "created"


@lost_in_any_way
@done_or_not
def test_changed_settings(
    conversation: Conversation, webitel: Runner, lose: Callable[[Exchange], None], done: bool
) -> None:
    conversation.expect(settings.GET).answers(settings.stored())
    lose(conversation.expect(settings.PUT, WANTED))
    conversation.expect(settings.GET).answers(settings.stored(WANTED if done else None))
    if not done:
        conversation.expect(settings.PUT, WANTED).answers(settings.stored(WANTED))
    assert webitel.run(EMAIL_SETTINGS, **PORT_587)["action"] == "updated"


@lost_in_any_way
@done_or_not
def test_deleted_settings(
    conversation: Conversation, webitel: Runner, lose: Callable[[Exchange], None], done: bool
) -> None:
    conversation.expect(settings.GET).answers(settings.stored())
    lose(conversation.expect(settings.DELETE))
    if done:
        conversation.expect(settings.GET).answers(**settings.NOT_FOUND)
        conversation.expect(settings.WHOAMI).answers({"domain": None})
    else:
        conversation.expect(settings.GET).answers(settings.stored())
        conversation.expect(settings.DELETE).answers({"status": "OK", "Info": "Removed 1 record."})
    result = webitel.run(EMAIL_SETTINGS, domain=settings.DOMAIN, state="absent")
    assert (result["action"], result["changed"]) == ("deleted", True)


def test_what_another_run_wrote_meanwhile_survives(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=587)).breaks()
    conversation.expect(LIST).answers([live(smtp_server="other.example.com")])
    wanted: dict[str, Any] = {"smtp_port": 587, "smtp_server": "other.example.com"}
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(**wanted)).answers(live(**wanted))
    assert itflex.run(EMAIL_ACCOUNT, name="Certificates", smtp_port=587)["action"] == "updated"


def test_a_hidden_password_is_retried(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(password=None)])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(password="fresh")).breaks()
    conversation.expect(LIST).answers([live(password=None)])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(password="fresh")).answers(live(password=None))
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", password="fresh")
    assert result["action"] == "unknown"


@pytest.mark.parametrize("answer", [{"status": 500}, {"body": b"<html>"}, {"json": []}])
def test_a_broken_server_is_looked_at_once(conversation: Conversation, itflex: Runner, answer: dict[str, Any]) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=587)).answers(**answer)
    conversation.expect(LIST).answers([live()])
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", smtp_port=587)
    assert result["failed"]
    assert "Whether the server did it is not known: run again, which looks first" in result["msg"]


def test_without_retries_nothing_is_retried(conversation: Conversation, itflex: Runner) -> None:
    itflex.connection["retries"] = 0
    conversation.expect(LIST).answers([live()])
    no_templates(conversation)
    conversation.expect(f"DELETE {ACCOUNTS}/7").breaks()
    conversation.expect(LIST).answers([live()])
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", state="absent")
    assert result["failed"]
    assert result["failure"]["request"]["method"] == "DELETE"


def test_a_server_that_stays_away(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    no_templates(conversation)
    conversation.expect(f"DELETE {ACCOUNTS}/7").breaks()
    for _ in range(3):
        conversation.expect(LIST).answers(status=503)
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", state="absent")
    assert "DELETE" in result["msg"]
    assert "the connection broke" in result["msg"]
    assert "Whether the server did it is not known" in result["msg"]
    assert [(entry["reason"], entry["times"]) for entry in result["retried"]] == [("the server answers 503", 2)]


def test_a_later_failure_tells_of_the_lost_answer_before_it(conversation: Conversation, webitel: Runner) -> None:
    body = {"provider": "smtp", "options": {"host": "a", "auth": {"user": "u", "pass": "hunter2"}}}
    hidden = settings.changed(body, "options.auth.pass", "********")
    conversation.expect(settings.GET).answers(**settings.NOT_FOUND)
    conversation.expect(settings.WHOAMI).answers({"domain": None})
    conversation.expect(settings.DOMAINS).answers({"info": {settings.DOMAIN: {}}})
    conversation.expect(settings.POST, body).answers(status=504)
    conversation.expect(settings.GET).answers(settings.stored(hidden))
    conversation.expect(settings.PUT, body).answers({"status": "error", "info": "Bad parameters."}, status=400)
    result = webitel.run(EMAIL_SETTINGS, domain=settings.DOMAIN, options=body["options"])
    assert "PUT" in result["msg"]
    assert f"Whether POST {conversation.url}{settings.PATH} was done before is not known" in result["msg"]
    assert result["failure"]["outcome"] == "unknown"


def test_a_refusal_that_cannot_be_looked_into(conversation: Conversation, itflex: Runner) -> None:
    itflex.connection["retries"] = 0
    conversation.expect(LIST).answers([live()])
    no_templates(conversation)
    conversation.expect(f"DELETE {ACCOUNTS}/7").answers(status=404)
    conversation.expect(LIST).answers(status=503)
    result = itflex.run(EMAIL_ACCOUNT, name="Certificates", state="absent")
    assert "the server answers 503" in result["msg"]
    assert "outcome" not in result["failure"]
