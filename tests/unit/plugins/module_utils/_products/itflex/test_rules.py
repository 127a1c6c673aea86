# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may be asked of an account, and servers that say less than usual, or no to everything."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.plan import NOTHING
from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import InputError
from ansible_collections.mailfleet.email.plugins.module_utils._http.session import Limits
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.client import ItflexApi
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.send_test import EMAIL_ACCOUNT_TEST
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.store import AccountStore
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.writes import overwriting
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, FIELDS, live, sent
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

LIST = f"GET {ACCOUNTS}"
DESIRED = {**FIELDS, "has_auth": True}
BOTH = {**sent(), "hash_auth": True}
NAME = {"name": FIELDS["name"]}
GONE: dict[str, Any] = {"json": {"errors": []}, "status": 404}


def test_an_empty_password_where_the_login_stays(conversation: Conversation, itflex: Runner) -> None:
    """Mostly a look-up that found nothing."""
    conversation.expect(LIST).answers([live()])
    result = itflex.run(EMAIL_ACCOUNT, **NAME, password="")
    (problem,) = result["failure"]["problems"]
    assert problem["field"] == "password"
    assert "is empty, but has_auth is true" in problem["message"]


@pytest.mark.parametrize("field", ["smtp_server", "smtp_crypt", "service"])
def test_an_empty_text_removes_nothing(conversation: Conversation, itflex: Runner, field: str) -> None:
    options: dict[str, Any] = {**NAME, field: ""}
    conversation.expect(LIST).answers([live()])
    result = itflex.run(EMAIL_ACCOUNT, **options)
    (problem,) = result["failure"]["problems"]
    assert problem["field"] == field
    assert "is empty, and would erase what is there" in problem["message"]


def test_a_new_account_has_no_empty_server(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([])
    result = itflex.run(EMAIL_ACCOUNT, **{**DESIRED, "smtp_server": ""})
    assert [problem["field"] for problem in result["failure"]["problems"]] == ["smtp_server"]


def test_who_says_that_there_is_no_login_may_empty_the_password(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(has_auth=False, password="")).answers(
        live(has_auth=False, password="")
    )
    assert itflex.run(EMAIL_ACCOUNT, **NAME, has_auth=False, password="")["action"] == "updated"


def test_an_account_without_login_is_tested_without_a_password(conversation: Conversation, itflex: Runner) -> None:
    """Also where the server shows a mask in the place of one that it may have."""
    conversation.expect(LIST).answers([live(has_auth=False, password="********")])
    body = {**sent(has_auth=False, password=...), "to_email": "to@example.net"}
    conversation.expect(f"POST {ACCOUNTS}/test", body)
    assert itflex.run(EMAIL_ACCOUNT_TEST, **NAME, to_email="to@example.net")["sent"] is True


def test_an_answer_without_content_is_looked_up(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=25))
    conversation.expect(f"GET {ACCOUNTS}/7").answers(live(smtp_port=25))
    result = itflex.run(EMAIL_ACCOUNT, **NAME, smtp_port=25)
    assert result["email_account"]["smtp_port"] == 25


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("content", [False, True])
def test_an_answer_that_says_done_where_nothing_is_stored(
    conversation: Conversation, itflex: Runner, *, many: bool, content: bool
) -> None:
    wanted: dict[str, Any] = {"smtp_port": 587, "smtp_server": "new.example.com"}
    conversation.expect(LIST).answers([live()])
    put = conversation.expect(f"PUT {ACCOUNTS}/7", sent(**wanted))
    if content:
        put.answers(live())
    else:
        conversation.expect(f"GET {ACCOUNTS}/7").answers(live())
    # Looked at once more: it may only be late.
    conversation.expect(LIST).answers([live()])
    entry = {**NAME, **wanted}
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[entry]) if many else itflex.run(EMAIL_ACCOUNT, **entry)
    assert result["failed"] is True
    assert "the server answers 200, and has stored nothing of what was sent: smtp_port, smtp_server" in result["msg"]
    assert not any("the server stores" in warning for warning in itflex.warnings)


def test_one_field_that_is_stored_otherwise_stays_a_warning(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=587, smtp_server="new.example.com"))
    conversation.expect(f"GET {ACCOUNTS}/7").answers(live(smtp_port=587))
    result = itflex.run(EMAIL_ACCOUNT, **NAME, smtp_port=587, smtp_server="new.example.com")
    assert result["action"] == "updated"
    assert any("smtp_server: sent 'new.example.com', but the server stores" in text for text in itflex.warnings)


def test_a_field_that_is_rewritten_to_what_it_was_stays_a_warning(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_server="SMTP.example.com"))
    conversation.expect(f"GET {ACCOUNTS}/7").answers(live())
    assert itflex.run(EMAIL_ACCOUNT, **NAME, smtp_server="SMTP.example.com")["action"] == "updated"
    assert any("but the server stores 'smtp.example.com'" in text for text in itflex.warnings)


def test_an_answer_without_content_and_no_account(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=25))
    conversation.expect(f"GET {ACCOUNTS}/7").answers(**GONE)
    conversation.expect(LIST).answers([])
    result = itflex.run(EMAIL_ACCOUNT, **NAME, smtp_port=25)
    assert result["failed"] is True
    assert result["msg"].startswith("email_account Certificates: PUT ")
    assert "the answer (200) has no content, and the account is not there" in result["msg"]
    assert result["failure"]["outcome"] == "unknown"


def test_a_server_that_refuses_every_name_of_the_flag(conversation: Conversation, itflex: Runner) -> None:
    """Its first word counts: what is wrong is something else."""
    conversation.expect(LIST).answers([])
    refusals = [(BOTH, "first"), (sent("has_auth"), "second"), (sent("hash_auth"), "third")]
    for body, words in refusals:
        error = {"errors": [{"field": "data.body", "type": "invalid", "msg": words}]}
        conversation.expect(f"POST {ACCOUNTS}", body).answers(error, status=400)
    result = itflex.run(EMAIL_ACCOUNT, **DESIRED)
    assert result["failure"]["errors"] == [{"field": "data.body", "type": "invalid", "msg": "first"}]


def test_a_creation_whose_outcome_is_not_known_is_not_tried_with_another_name(
    conversation: Conversation, itflex: Runner
) -> None:
    """The account may be there by now, so it is looked for instead."""
    conversation.expect(LIST).answers([])
    error = {"errors": [{"field": "data.body", "type": "invalid", "msg": "x"}]}
    conversation.expect(f"POST {ACCOUNTS}", BOTH).answers(error, status=400)
    conversation.expect(f"POST {ACCOUNTS}", sent("has_auth")).answers({"errors": []}, status=500)
    conversation.expect(LIST).answers([live()])
    result = itflex.run(EMAIL_ACCOUNT, **DESIRED)
    assert (result["action"], result["email_account"]["id"]) == ("created", 7)


@pytest.mark.parametrize("fields", [{"name": "Other"}, {"default": True}])
def test_an_account_that_is_gone_is_not_written_over(fields: dict[str, Any]) -> None:
    assert overwriting(fields, None) is NOTHING


def _store(conversation: Conversation) -> AccountStore:
    return AccountStore(ItflexApi(conversation.url, Limits(timeout=5.0, retries=0), access_token="a1"))


def test_threads_share_one_look_at_all_accounts(conversation: Conversation) -> None:
    """Many creations whose answers are lost look for their accounts at the same time."""
    conversation.expect(LIST).answers([live(id=7, name="One"), live(id=8, name="Two")])
    store = _store(conversation)
    first, second = (store.find(None, name, at_most_old=60.0) for name in ("One", "Two"))
    assert first is not None
    assert second is not None
    assert (first["id"], second["id"]) == (7, 8)
    assert store.find(None, "Three", at_most_old=60.0) is None
    store.close()


def test_a_name_that_several_accounts_have_means_none_of_them(conversation: Conversation) -> None:
    conversation.expect(LIST).answers([live(id=7, name="One"), live(id=8, name="One")])
    store = _store(conversation)
    with pytest.raises(InputError, match="email_account One: name: "):
        store.find(None, "One")
    found = store.find(8, "One", at_most_old=60.0)
    assert found is not None
    assert found["id"] == 8
    store.close()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"smtp_crypt": "ssl-tls", "smtp_port": 587}, "smtp_crypt is ssl-tls with port 587"),
        ({"smtp_crypt": "starttls", "smtp_port": 465}, "smtp_crypt is starttls with port 465"),
        ({"smtp_crypt": "none", "smtp_port": 465}, "smtp_crypt is none with port 465"),
        ({"smtp_crypt": "starttls", "smtp_port": 587}, None),
        # The live account has ssl-tls and port 465.
        ({"smtp_port": 587}, "smtp_crypt is ssl-tls with port 587: servers begin in clear there"),
        ({"smtp_port": 25}, "smtp_crypt is ssl-tls with port 25"),
        ({"smtp_crypt": "starttls"}, "smtp_crypt is starttls with port 465: servers begin with TLS there"),
        ({"smtp_crypt": "none"}, "smtp_crypt is none with port 465"),
        ({"smtp_port": 2465}, None),
        ({"smtp_server": "other.example.com"}, None),
    ],
)
@pytest.mark.parametrize("many", [False, True])
def test_a_port_that_does_not_go_with_the_encryption(
    conversation: Conversation, itflex: Runner, fields: dict[str, Any], words: str | None, many: bool
) -> None:
    conversation.expect(LIST).answers([live()])
    _previewed(itflex, fields, many=many)
    assert len(itflex.warnings) == (1 if words else 0)
    assert all(words in warning for warning in itflex.warnings if words)


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(
    ("before", "fields"),
    [
        ({"smtp_port": 587}, {"smtp_server": "other.example.com"}),
        ({"smtp_port": 587}, {"smtp_port": 587}),
        ({"smtp_port": 587, "smtp_crypt": "starttls"}, {"smtp_port": 25}),
    ],
)
def test_a_port_that_nobody_moves_is_not_warned_of(
    conversation: Conversation, itflex: Runner, before: dict[str, Any], fields: dict[str, Any], many: bool
) -> None:
    conversation.expect(LIST).answers([live(**before)])
    _previewed(itflex, fields, many=many)
    assert itflex.warnings == []


def _previewed(itflex: Runner, fields: dict[str, Any], *, many: bool) -> None:
    if many:
        entry = all_options(EMAIL_ACCOUNTS_SYNC.argument_spec["accounts"]["options"], {**NAME, **fields})
        itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[entry], check_mode=True)
    else:
        itflex.run(EMAIL_ACCOUNT, **NAME, **fields, check_mode=True)
