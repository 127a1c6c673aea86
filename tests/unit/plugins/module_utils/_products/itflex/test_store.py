# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One flag with two names: every kind of server is spoken to in its own words."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, FIELDS, live, sent
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner

DESIRED = {**FIELDS, "has_auth": True}
LIST = f"GET {ACCOUNTS}"
BOTH = {**sent(), "hash_auth": True}


def refusal(*fields: str, kind: str = "invalid") -> dict[str, Any]:
    return {"errors": [{"field": field, "type": kind, "msg": "campo"} for field in fields]}


@pytest.mark.parametrize("name", ["has_auth", "hash_auth"])
def test_the_name_that_answers_use_is_written(conversation: Conversation, itflex: Runner, name: str) -> None:
    conversation.expect(LIST).answers([live(name)])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(name, smtp_port=25)).answers(live(name, smtp_port=25))
    result = itflex.run(EMAIL_ACCOUNT, **{**DESIRED, "smtp_port": 25})
    assert result["changed_fields"] == ["smtp_port"]
    assert result["email_account"]["has_auth"] is True
    assert "hash_auth" not in result["email_account"]


def test_a_server_that_uses_both_names_gets_both(conversation: Conversation, itflex: Runner) -> None:
    account = {**live(), "hash_auth": True}
    conversation.expect(LIST).answers([account])
    conversation.expect(f"PUT {ACCOUNTS}/7", {**BOTH, "smtp_port": 25}).answers({**account, "smtp_port": 25})
    assert itflex.run(EMAIL_ACCOUNT, **{**DESIRED, "smtp_port": 25})["action"] == "updated"


@pytest.mark.parametrize("name", ["has_auth", "hash_auth"])
def test_from_an_empty_list_on_both_names_go_out(conversation: Conversation, itflex: Runner, name: str) -> None:
    conversation.expect(LIST).answers([])
    conversation.expect(f"POST {ACCOUNTS}", BOTH).answers(live(name))
    result = itflex.run(EMAIL_ACCOUNT, **DESIRED)
    assert result["action"] == "created"
    assert itflex.warnings == []


@pytest.mark.parametrize(
    ("name", "refused", "path"),
    [("has_auth", "hash_auth", "hash_auth"), ("hash_auth", "has_auth", "data.has_auth")],
)
def test_a_server_that_refuses_the_other_name_is_asked_again_without_it(
    conversation: Conversation, itflex: Runner, name: str, refused: str, path: str
) -> None:
    conversation.expect(LIST).answers([])
    conversation.expect(f"POST {ACCOUNTS}", BOTH).answers(refusal(path), status=409)
    body = {field: value for field, value in BOTH.items() if field != refused}
    conversation.expect(f"POST {ACCOUNTS}", body).answers(live(name))
    assert itflex.run(EMAIL_ACCOUNT, **DESIRED)["action"] == "created"


def test_a_field_of_the_server_that_it_does_not_take_back_is_left_out(
    conversation: Conversation, itflex: Runner
) -> None:
    account = {**live(), "statistics": {"sent": 5}, "note": "keep"}
    body = {**sent(smtp_port=25), "note": "keep"}
    conversation.expect(LIST).answers([account])
    conversation.expect(f"PUT {ACCOUNTS}/7", {**body, "statistics": {"sent": 5}}).answers(
        refusal("data_list[0].statistics"), status=400
    )
    conversation.expect(f"PUT {ACCOUNTS}/7", body).answers({**account, "smtp_port": 25})
    assert itflex.run(EMAIL_ACCOUNT, name="Certificates", smtp_port=25)["action"] == "updated"


@pytest.mark.parametrize(
    "answer",
    [
        refusal("smtp_port"),
        refusal("has_auth", kind="required"),
    ],
)
def test_other_refusals_are_final(conversation: Conversation, itflex: Runner, answer: Any) -> None:
    conversation.expect(LIST).answers([])
    conversation.expect(f"POST {ACCOUNTS}", BOTH).answers(answer, status=409)
    result = itflex.run(EMAIL_ACCOUNT, **DESIRED)
    assert result["failed"]
    assert result["failure"]["status"] == 409


def test_a_name_that_another_account_got_meanwhile_is_looked_for_once(
    conversation: Conversation, itflex: Runner
) -> None:
    conversation.expect(LIST).answers([])
    conversation.expect(f"POST {ACCOUNTS}", BOTH).answers(refusal("name", kind="duplicated"), status=409)
    conversation.expect(LIST).answers([])
    result = itflex.run(EMAIL_ACCOUNT, **DESIRED)
    assert result["failure"]["status"] == 409
    assert "name: campo (duplicated)" in result["msg"]


@pytest.mark.parametrize("answer", [{}, refusal("other"), {"errors": [{"msg": "campo desconhecido"}]}])
def test_each_name_is_tried_where_a_refusal_names_none(conversation: Conversation, itflex: Runner, answer: Any) -> None:
    both = dict(BOTH)
    flag = both.pop("has_auth")
    del both["hash_auth"]
    conversation.expect(LIST).answers([])
    conversation.expect(f"POST {ACCOUNTS}", BOTH).answers(answer, status=400)
    conversation.expect(f"POST {ACCOUNTS}", {**both, "has_auth": flag}).answers(answer, status=400)
    conversation.expect(f"POST {ACCOUNTS}", {**both, "hash_auth": flag}).answers({**both, "id": 7, "hash_auth": flag})
    assert itflex.run(EMAIL_ACCOUNT, **DESIRED)["action"] == "created"


def test_the_only_name_of_the_flag_is_never_left_out(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(f"PUT {ACCOUNTS}/7", sent(smtp_port=25)).answers(refusal("has_auth"), status=400)
    assert itflex.run(EMAIL_ACCOUNT, name="Certificates", smtp_port=25)["failed"]


def test_a_second_refusal_is_final(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([])
    conversation.expect(f"POST {ACCOUNTS}", BOTH).answers(refusal("hash_auth"), status=400)
    conversation.expect(f"POST {ACCOUNTS}", sent()).answers(refusal("smtp_server"), status=400)
    result = itflex.run(EMAIL_ACCOUNT, **DESIRED)
    assert "smtp_server: campo (invalid)" in result["msg"]
    assert "hunter2" not in str(result)
