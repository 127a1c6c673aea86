# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts that email templates of the appliance use are not deleted, unless the task says so."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.schema import InputError
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.specs import EMAIL_ACCOUNT
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from ansible_collections.mailfleet.email.plugins.module_utils._resource.base import Context
from ansible_collections.mailfleet.email.plugins.module_utils._resource.pool import Connections
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, FIELDS, TEMPLATES, live
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

LIST = f"GET {ACCOUNTS}"
RECORD = EMAIL_ACCOUNTS_SYNC.argument_spec["accounts"]["options"]
LIVE = [live(id=1, name="One"), live(id=2, name="Two"), live(id=3, name="Three")]
CHECK = pytest.mark.parametrize("check_mode", [False, True])
UNKNOWN: dict[str, dict[str, Any]] = {
    "no such route": {"body": b"404: Not Found", "status": 404},
    "not for these credentials": {"json": {"errors": []}, "status": 403},
}
BROKEN: dict[str, dict[str, Any]] = {
    "no JSON": {"body": b"<html>"},
    "another shape": {"json": {"templates": []}},
    "a bare list": {"json": []},
    "null": {"json": {"email_templates": None}},
    "an account that is no number": {"json": {"email_templates": [{"email_account_id": "x"}]}},
    "a page": {"json": {"cursor": {"current": "a", "next": "b"}, "email_templates": []}},
    "refused": {"json": {"errors": []}, "status": 400},
    "failed": {"status": 500},
}


def template(number: int, account_id: Any, name: Any = "Welcome") -> dict[str, Any]:
    return {"id": number, "name": name, "title": "t", "body": "b", "email_account_id": account_id}


def listed(conversation: Conversation, *templates: dict[str, Any]) -> None:
    """Expect that the templates are asked for."""
    conversation.expect(TEMPLATES).answers({"email_templates": templates})


def delete(runner: Runner, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    return runner.run(EMAIL_ACCOUNT, check_mode=check_mode, id=7, state="absent", **options)


def sync(runner: Runner, *entries: dict[str, Any], check_mode: bool = False, **options: Any) -> dict[str, Any]:
    accounts = [all_options(RECORD, entry) for entry in entries]
    given = {"accounts": accounts, "concurrency": 1, "prune_limit": "100%", **options}
    return runner.run(EMAIL_ACCOUNTS_SYNC, check_mode=check_mode, **given)


@CHECK
@pytest.mark.parametrize("number", [7, "7", " 7 "])
def test_an_account_in_use_stays(conversation: Conversation, itflex: Runner, check_mode: bool, number: Any) -> None:
    conversation.expect(LIST).answers([live()])
    listed(conversation, template(3, number), template(4, 8, "Other"), template(5, number, None))
    result = delete(itflex, check_mode)
    assert result["failure"]["kind"] == "input"
    assert result["msg"].startswith("email_account with id 7: is used by the email templates Welcome (id 3), id 5, ")
    assert "Other" not in result["msg"]
    assert "remove_in_use=true" in result["msg"]


def test_one_template(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    listed(conversation, template(3, 7))
    assert "is used by the email template Welcome (id 3), so it is not deleted" in delete(itflex)["msg"]


def test_a_template_may_be_called_anything(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    listed(conversation, {"id": "c0ffee", "name": 5, "email_account_id": 7})
    assert "is used by the email template 5 (id c0ffee), so it is not deleted" in delete(itflex)["msg"]


def test_of_many_templates_some_are_named(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    listed(conversation, *(template(number, 7) for number in range(12)))
    message = delete(itflex)["msg"]
    assert "Welcome (id 9) and 2 more, so" in message
    assert "(id 10)" not in message


@CHECK
@pytest.mark.parametrize("others", [[], [(1, 8), (2, 77), (3, None), (4, ""), (5, "1" * 5000)]])
def test_an_account_that_is_not_in_use_goes(
    conversation: Conversation, itflex: Runner, check_mode: bool, others: list[tuple[int, Any]]
) -> None:
    conversation.expect(LIST).answers([live()])
    listed(conversation, *(template(*other) for other in others), {})
    if not check_mode:
        conversation.expect(f"DELETE {ACCOUNTS}/7")
    assert delete(itflex, check_mode)["action"] == "deleted"


@CHECK
@pytest.mark.parametrize("answer", UNKNOWN.values(), ids=UNKNOWN)
def test_where_nothing_is_known_it_goes(
    conversation: Conversation, itflex: Runner, check_mode: bool, answer: dict[str, Any]
) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(TEMPLATES).answers(**answer)
    if not check_mode:
        conversation.expect(f"DELETE {ACCOUNTS}/7")
    assert delete(itflex, check_mode)["action"] == "deleted"
    assert itflex.warnings == []


@CHECK
@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_where_the_answer_says_nothing_it_stays(
    conversation: Conversation, itflex: Runner, check_mode: bool, answer: dict[str, Any]
) -> None:
    conversation.expect(LIST).answers([live()])
    conversation.expect(TEMPLATES).answers(**answer)
    result = delete(itflex, check_mode)
    assert result["failed"]
    assert f"GET {conversation.url}/api/openvpn/email/templates: " in result["msg"]
    assert "none goes but with remove_in_use=true" in result["msg"]


def test_a_cursor_that_names_no_other_page(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    cursor = {"current": "a", "next": None, "previous": None}
    conversation.expect(TEMPLATES).answers({"cursor": cursor, "email_templates": []})
    conversation.expect(f"DELETE {ACCOUNTS}/7")
    assert delete(itflex)["action"] == "deleted"


@CHECK
def test_it_goes_unasked_where_the_task_says_so(conversation: Conversation, itflex: Runner, check_mode: bool) -> None:
    conversation.expect(LIST).answers([live()])
    if not check_mode:
        conversation.expect(f"DELETE {ACCOUNTS}/7")
    assert delete(itflex, check_mode, remove_in_use=True)["action"] == "deleted"


def test_nobody_asks_where_nothing_goes(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([])
    assert delete(itflex)["action"] == "none"
    conversation.expect(LIST).answers([live(id=1, name="One")])
    described = {"name": "One", **{name: value for name, value in FIELDS.items() if name != "name"}}
    result = sync(itflex, described, {"name": "Gone", "state": "absent"}, prune=True, deduplicate=True)
    assert not result["changed"]


@CHECK
def test_all_of_many_are_reported_at_once(conversation: Conversation, itflex: Runner, check_mode: bool) -> None:
    conversation.expect(LIST).answers([*LIVE, live(id=4, name="Four"), live(id=5, name="Two")])
    listed(conversation, template(1, 1), template(2, 5, "Twin"), template(3, 3, "Pruned"), template(4, 2, "Stays"))
    entries = [{"name": "Two"}, {"name": "One", "state": "absent"}]
    result = sync(itflex, *entries, check_mode=check_mode, prune=True, deduplicate=True)
    assert result["msg"].startswith("email_accounts_sync: 3 problems: ")
    found = {problem["message"].partition(", so")[0]: problem["field"] for problem in result["failure"]["problems"]}
    assert found == {
        "(One) is used by the email template Welcome (id 1)": "accounts[1]",
        "email_account Two (id 5) is used by the email template Twin (id 2)": "",
        "email_account Three is used by the email template Pruned (id 3)": "",
    }


def test_they_are_reported_beside_what_else_is_wrong(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers(LIVE)
    listed(conversation, template(1, 3))
    result = sync(itflex, {"name": "One"}, prune=True, prune_limit="0")
    assert [problem["field"] for problem in result["failure"]["problems"]] == ["prune_limit", ""]


@CHECK
def test_many_go_where_the_task_says_so(conversation: Conversation, itflex: Runner, check_mode: bool) -> None:
    conversation.expect(LIST).answers(LIVE)
    for number in () if check_mode else (1, 2, 3):
        conversation.expect(f"DELETE {ACCOUNTS}/{number}")
    result = sync(itflex, {"name": "One", "state": "absent"}, check_mode=check_mode, prune=True, remove_in_use=True)
    assert result["summary"]["deleted"] == 3


def test_one_that_is_kept_is_no_problem(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers(LIVE)
    listed(conversation, template(1, 3))
    conversation.expect(f"DELETE {ACCOUNTS}/2")
    result = sync(itflex, {"name": "One"}, prune=True, prune_keep=["Three"])
    assert result["summary"]["deleted"] == 1


def test_one_that_gives_way_stays_where_it_is_in_use(conversation: Conversation, itflex: Runner) -> None:
    """Another run created it at the same moment, and somebody uses the one that would go."""
    twins = [{"id": number, "default": False, "name": "n", "email": "a@b", "service": "other"} for number in (8, 9)]
    body = {"default": False, "name": "n", "email": "a@b", "service": "other", "has_auth": False, "hash_auth": False}
    conversation.expect(LIST).answers([])
    conversation.expect(f"POST {ACCOUNTS}", body).answers(twins[1])
    conversation.expect(LIST).answers(twins)
    listed(conversation, template(1, 9))
    result = sync(itflex, {"name": "n", "email": "a@b"}, deduplicate=True)
    assert "another run created it at the same moment (id 8): " in result["msg"]
    assert "is used by the email template Welcome (id 1)" in result["msg"]


def test_a_plan_that_was_reviewed_does_not_override(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers([live()])
    listed(conversation)
    planned = sync(itflex, {"id": 7, "state": "absent"}, check_mode=True, plan={})
    (entry,), (found,) = planned["results"], planned["fingerprints"]
    reviewed = {"record": entry["key"], "action": "deleted", "fingerprint": found}
    conversation.expect(LIST).answers([live()])
    listed(conversation, template(1, 7))
    result = sync(itflex, {"id": 7, "state": "absent"}, plan={"reviewed": [reviewed]})
    assert "is used by the email template Welcome (id 1)" in result["msg"]


def test_a_loop_asks_once(conversation: Conversation) -> None:
    conversation.expect(LIST).answers([live(id=1, name="One"), live(id=2, name="Two")])
    listed(conversation, template(1, 2))
    conversation.expect(f"DELETE {ACCOUNTS}/1")
    context = Context(False, False, print, Connections(keep=True))
    first, second = (
        all_options(
            EMAIL_ACCOUNT.argument_spec,
            {"api_url": conversation.url, "access_token": "a1", "id": number, "state": "absent"},
        )
        for number in (1, 2)
    )
    assert EMAIL_ACCOUNT.run(first, context)["action"] == "deleted"
    with pytest.raises(InputError, match=r"is used by the email template Welcome \(id 1\)"):
        EMAIL_ACCOUNT.run(second, context)
