# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two _test modules: what is sent, what is reported, and what a refusal says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.send_test import EMAIL_ACCOUNT_TEST
from ansible_collections.mailfleet.email.plugins.module_utils._products.webitel.specs import EMAIL_SETTINGS_TEST
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, FIELDS, live, sent
from tests.unit.plugins.module_utils._products.webitel.records import DOMAIN, GET, NOT_FOUND, WHOAMI, stored
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner

TO: dict[str, Any] = {"to_email": "to@example.com"}
TEST = f"POST {ACCOUNTS}/test"
LIST = f"GET {ACCOUNTS}"
SETTINGS_TEST = f"POST /api/v2/email/settings/test/to%40example.com?domain={DOMAIN}"
VIA = {
    "service": "other",
    "smtp_server": "smtp.example.com",
    "smtp_port": 465,
    "smtp_crypt": "ssl-tls",
    "has_auth": True,
    "smtp_auth_mechanism": "plain",
}
INLINE = {name: value for name, value in {**FIELDS, "has_auth": True}.items() if name not in ("name", "default")}


def test_a_live_account(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live("hash_auth", added=1)])
    conversation.expect(TEST, {**sent("hash_auth"), **TO})
    result = itflex.run(EMAIL_ACCOUNT_TEST, name="Certificates", **TO)
    assert result == {
        "changed": False,
        "sent": True,
        "from": "certs@example.com",
        "to_email": "to@example.com",
        "via": VIA,
        "answer": {},
        "msg": "A message was sent to to@example.com.",
    }


def test_an_inline_account_needs_no_live_one(conversation: Conversation, itflex: Runner) -> None:
    body = {**sent(name="certs@example.com"), "hash_auth": True, **TO}
    conversation.expect(TEST, body)
    assert itflex.run(EMAIL_ACCOUNT_TEST, **INLINE, **TO)["sent"] is True


def test_an_inline_account_and_one_name_of_the_flag(conversation: Conversation, itflex: Runner) -> None:
    refusal = {"errors": [{"field": "has_auth", "type": "invalid"}]}
    conversation.expect(TEST, {**sent(name="certs@example.com"), "hash_auth": True, **TO}).answers(refusal, status=400)
    conversation.expect(TEST, {**sent("hash_auth", name="certs@example.com"), **TO})
    assert itflex.run(EMAIL_ACCOUNT_TEST, **INLINE, **TO)["sent"] is True


@pytest.mark.parametrize("shown", ["********", "", None, ...])
def test_a_hidden_password_has_to_be_given(conversation: Conversation, itflex: Runner, shown: Any) -> None:
    for _ in range(2):
        conversation.expect(LIST).answers([live(password=shown)])
    conversation.expect(TEST, {**sent(), **TO})
    result = itflex.run(EMAIL_ACCOUNT_TEST, id=7, **TO)
    assert result["failed"]
    assert "password: is needed, since the server does not show the stored one" in result["msg"]
    assert itflex.run(EMAIL_ACCOUNT_TEST, id=7, password="hunter2", **TO)["sent"] is True


def test_no_such_account(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    result = itflex.run(EMAIL_ACCOUNT_TEST, email="nobody@example.com", **TO)
    assert "email: no live account has 'nobody@example.com'" in result["msg"]


def test_more_than_one_account(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live(), live(id=8)])
    assert "2 live accounts fit" in itflex.run(EMAIL_ACCOUNT_TEST, email="certs@example.com", **TO)["msg"]


def test_check_mode_sends_nothing(conversation: Conversation, itflex: Runner, webitel: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(GET).answers(stored())
    results = [
        itflex.run(EMAIL_ACCOUNT_TEST, check_mode=True, id=7, **TO),
        itflex.run(EMAIL_ACCOUNT_TEST, check_mode=True, **INLINE, **TO),
        webitel.run(EMAIL_SETTINGS_TEST, check_mode=True, domain=DOMAIN, **TO),
    ]
    for result in results:
        assert (result["changed"], result["sent"]) == (False, False)
        assert result["msg"] == "Check mode: no message was sent to to@example.com."


def test_a_refusal_tells_why_and_through_which_server(conversation: Conversation, itflex: Runner) -> None:
    errors = [{"field": "smtp_server", "type": "invalid", "msg": "Servidor recusou hunter2"}]
    conversation.expect(LIST).answers([live()])
    conversation.expect(TEST, {**sent(), **TO}).answers({"errors": errors}, status=409)
    result = itflex.run(EMAIL_ACCOUNT_TEST, id=7, **TO)
    assert (result["failed"], result["sent"], result["via"]) == (True, False, VIA)
    assert (
        "test message from the email_account with id 7 to to@example.com was not sent through smtp.example.com, "
        "port 465: the server answers 409: smtp_server: (the server's words are left out" in result["msg"]
    )
    assert (result["failure"]["kind"], result["failure"]["status"]) == ("sending", 409)
    assert "hunter2" not in json.dumps(result)


def test_a_broken_connection_leaves_it_open(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(TEST, {**sent(), **TO}).breaks()
    result = itflex.run(EMAIL_ACCOUNT_TEST, id=7, **TO, retries=3)
    assert result["failed"]
    assert "may or may not have been sent" in result["msg"]


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"email": "a@b", "to_email": "nobody"}, ["to_email"]),
        ({"email": "nobody", "service": "gmail", "to_email": "x"}, ["to_email", "email"]),
        ({"id": 7, "email": "a@b", "smtp_port": 0}, ["id", "smtp_port"]),
        ({"name": "n", "service": "other"}, ["email"]),
        ({"email": "a@b", "has_auth": True}, ["password"]),
        ({"email": "a@b", "smtp_auth_mechanism": "plain"}, ["smtp_auth_mechanism"]),
        ({"id": 7, "password": "********"}, ["password"]),
    ],
)
def test_problems_of_an_account(itflex: Runner, options: dict[str, Any], fields: list[str]) -> None:
    result = itflex.run(EMAIL_ACCOUNT_TEST, **{**TO, **options})
    assert [problem["field"] for problem in result["failure"]["problems"]] == fields


def test_settings(conversation: Conversation, webitel: Runner) -> None:
    info = {"accepted": ["to@example.com"], "rejected": [], "response": "250 OK", "envelope": {}}
    conversation.expect(GET).answers(stored())
    conversation.expect(SETTINGS_TEST, {}).answers({"status": "OK", "info": info})
    result = webitel.run(EMAIL_SETTINGS_TEST, domain=DOMAIN, **TO)
    assert (result["sent"], result["from"]) == (True, "mail@a.example")
    assert result["via"] == {"host": "smtp.a.example", "port": 465, "secure": True}
    assert result["answer"] == {"accepted": ["to@example.com"], "rejected": [], "response": "250 OK"}


def test_a_recipient_that_the_smtp_server_rejects(conversation: Conversation, webitel: Runner) -> None:
    info = {"accepted": [], "rejected": ["to@example.com"], "response": "250 OK"}
    conversation.expect(GET).answers(stored())
    conversation.expect(SETTINGS_TEST, {}).answers({"status": "OK", "info": info})
    result = webitel.run(EMAIL_SETTINGS_TEST, domain=DOMAIN, **TO)
    assert (result["failed"], result["sent"]) == (True, False)
    assert "through smtp.a.example, port 465: the SMTP server rejects to@example.com" in result["msg"]
    assert result["failure"] == {"kind": "sending", "answer": info}


def test_an_smtp_error_is_reported(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(SETTINGS_TEST, {}).answers({"status": "error", "info": "535 5.7.8 no"}, status=500)
    result = webitel.run(EMAIL_SETTINGS_TEST, domain=DOMAIN, **TO)
    assert "was not sent through smtp.a.example, port 465: the server answers 500: 535 5.7.8 no" in result["msg"]
    assert result["failure"]["status"] == 500


def test_a_refusal_of_the_mail_server_is_explained(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored())
    info = "Invalid login: 535 5.7.8 Error: authentication failed"
    conversation.expect(SETTINGS_TEST, {}).answers({"status": "error", "info": info}, status=500)
    result = webitel.run(EMAIL_SETTINGS_TEST, domain=DOMAIN, **TO)
    advice = "The mail server refuses the login (535 5.7.8). Check options.auth.user and options.auth.pass."
    assert result["failure"]["smtp"] == {
        "stage": "login",
        "cause": "login_refused",
        "decided_by": "codes",
        "command": "AUTH",
        "code": 535,
        "enhanced_code": "5.7.8",
        "temporary": False,
        "protocol": None,
        "advice": advice,
    }
    assert result["msg"].endswith(f". {advice}")


def test_an_explanation_in_the_words_of_the_appliance(conversation: Conversation, itflex: Runner) -> None:
    errors = [{"field": "smtp_server", "type": "rule", "msg": "Falha: connect ECONNREFUSED 192.0.2.1:465"}]
    conversation.expect(LIST).answers([live()])
    conversation.expect(TEST, {**sent(), **TO}).answers({"errors": errors}, status=400)
    result = itflex.run(EMAIL_ACCOUNT_TEST, id=7, **TO)
    assert result["failure"]["smtp"]["cause"] == "connection_refused"
    assert result["msg"].endswith("Check smtp_server and smtp_port, and whether the mail server runs.")
    # The advice of the product's own refusals would only be in the way.
    assert "Check what it names" not in result["msg"]


def test_advice_follows_the_product_and_not_the_service(conversation: Conversation, itflex: Runner) -> None:
    account = {**live(), "service": None}
    errors = [{"field": "password", "type": "rule", "msg": "(535, b'5.7.8 no')"}]
    conversation.expect(LIST).answers([account])
    conversation.expect(TEST, {**sent(), "service": None, **TO}).answers({"errors": errors}, status=400)
    result = itflex.run(EMAIL_ACCOUNT_TEST, id=7, **TO)
    assert result["failure"]["smtp"]["advice"] == (
        "The mail server refuses the login (535 5.7.8). Check email and password."
    )
    assert "through smtp.example.com, port 465" in result["msg"]


def test_a_field_to_blame_keeps_the_advice_of_the_product(conversation: Conversation, itflex: Runner) -> None:
    errors = [{"field": "password", "type": "rule", "msg": "Senha recusada."}]
    conversation.expect(LIST).answers([live()])
    conversation.expect(TEST, {**sent(), **TO}).answers({"errors": errors}, status=400)
    result = itflex.run(EMAIL_ACCOUNT_TEST, id=7, **TO)
    nothing_else = dict.fromkeys(("cause", "command", "code", "enhanced_code", "protocol", "advice"))
    said = {"decided_by": "nothing", "temporary": False}
    assert result["failure"]["smtp"] == {"stage": "login", **said, **nothing_else}
    assert result["msg"].endswith(". Check what it names")


@pytest.mark.parametrize("lost", ["broken", "silence", "504"])
def test_a_test_that_webitel_does_not_answer(conversation: Conversation, webitel: Runner, lost: str) -> None:
    """Its mailer tries again for ever where the SMTP server drops the connection."""
    conversation.expect(GET).answers(stored())
    exchange = conversation.expect(f"POST /api/v2/email/settings/test/to%40b.example?domain={DOMAIN}", {})
    if lost == "broken":
        exchange.breaks()
    elif lost == "silence":
        exchange.sends([b"HTTP/1.1 200 OK\r\n", b"Content-Length: 0\r\n\r\n"], pause=0.6)
    else:
        exchange.answers(status=504)
    limit: dict[str, Any] = {"timeout": 0.3} if lost == "silence" else {}
    result = webitel.run(EMAIL_SETTINGS_TEST, domain=DOMAIN, to_email="to@b.example", **limit)
    assert "may or may not have been sent" in result["msg"]
    assert "tries again for ever, and the message may have been handed over several times" in result["msg"]
    assert "Raise timeout" not in result["msg"]
    assert len(conversation.received) == 2


@pytest.mark.parametrize("info", ["connect ECONNREFUSED 127.0.0.1:27017", "Bad provider name."])
def test_a_failure_of_the_product_is_not_the_mail_servers(
    conversation: Conversation, webitel: Runner, info: str
) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(SETTINGS_TEST, {}).answers({"status": "error", "info": info}, status=500)
    result = webitel.run(EMAIL_SETTINGS_TEST, domain=DOMAIN, **TO)
    assert "smtp" not in result["failure"]
    assert info in result["msg"]


def test_an_smtp_error_that_repeats_the_stored_password(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(SETTINGS_TEST, {}).answers({"status": "error", "info": "535 mail/hunter2 refused"}, status=500)
    result = webitel.run(EMAIL_SETTINGS_TEST, domain=DOMAIN, **TO)
    assert result["failed"]
    assert "hunter2" not in json.dumps(result)


def test_no_settings_to_send_from(conversation: Conversation, webitel: Runner) -> None:
    conversation.expect(GET).answers(**NOT_FOUND)
    conversation.expect(WHOAMI).answers({"domain": None})
    assert "domain: has no email settings" in webitel.run(EMAIL_SETTINGS_TEST, domain=DOMAIN, **TO)["msg"]


@pytest.mark.parametrize("answer", [{}, {"info": "sent"}, {"info": {"accepted": "to@example.com"}}])
def test_an_answer_of_another_shape(conversation: Conversation, webitel: Runner, answer: Any) -> None:
    conversation.expect(GET).answers(stored())
    conversation.expect(SETTINGS_TEST, {}).answers(answer)
    result = webitel.run(EMAIL_SETTINGS_TEST, domain=DOMAIN, **TO)
    assert (result["failed"], result["sent"]) == (True, False)
    assert "the answer has another shape than expected" in result["msg"]
