# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module email_accounts_sync: one read, one plan, all problems first, each record's fate reported."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.sync_spec import EMAIL_ACCOUNTS_SYNC
from tests.unit.plugins.module_utils._products.itflex.accounts import ACCOUNTS, FIELDS, live, no_templates, sent
from tests.unit.plugins.module_utils.conversation import Conversation
from tests.unit.plugins.module_utils.running import Runner, all_options

LIST = f"GET {ACCOUNTS}"
LIVE = [live(id=1, name="One"), live(id=2, name="Two"), live(id=3, name="Three")]
RECORD_SPEC = EMAIL_ACCOUNTS_SYNC.argument_spec["accounts"]["options"]


def entry(**fields: Any) -> dict[str, Any]:
    return all_options(RECORD_SPEC, fields)


def sync(runner: Runner, *entries: dict[str, Any], **options: Any) -> dict[str, Any]:
    accounts = [entry(**fields) for fields in entries]
    return runner.run(EMAIL_ACCOUNTS_SYNC, accounts=accounts, concurrency=1, **options)


def actions(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(entry["key"], entry["action"]) for entry in result["results"]]


def test_all_kinds_of_work_with_one_read(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers(LIVE)
    no_templates(conversation)
    conversation.expect(f"PUT {ACCOUNTS}/2", sent(name="Two", smtp_port=25)).answers(
        live(id=2, name="Two", smtp_port=25)
    )
    conversation.expect(f"POST {ACCOUNTS}", sent(name="Four")).answers(live(id=4, name="Four"))
    conversation.expect(f"DELETE {ACCOUNTS}/3")
    result = sync(
        itflex,
        {"name": "Four", **{name: value for name, value in FIELDS.items() if name != "name"}, "has_auth": True},
        {"name": "Three", "state": "absent"},
        {"name": "One", "smtp_port": 465},
        {"name": "Two", "smtp_port": 25},
    )
    assert actions(result) == [("Four", "created"), ("Three", "deleted"), ("One", "none"), ("Two", "updated")]
    assert result["summary"]["unchanged"] == 1
    assert len(result["diff"]) == 3
    assert "hunter2" not in json.dumps(result)


def test_check_mode_writes_nothing(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers(LIVE)
    no_templates(conversation)
    result = sync(itflex, {"name": "One", "smtp_port": 1}, prune=True, prune_limit="2", check_mode=True)
    assert actions(result) == [("One", "updated"), ("Two", "deleted"), ("Three", "deleted")]
    assert result["changed"]


def test_defaults_lie_under_each_record(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers(LIVE)
    defaults = entry(smtp_port=25, smtp_server="smtp.example.com")
    result = sync(itflex, {"name": "One"}, {"name": "Two", "smtp_port": 465}, defaults=defaults, check_mode=True)
    assert [found.get("changed_fields") for found in result["results"]] == [["smtp_port"], None]


@pytest.mark.parametrize(
    ("limit", "keep", "deleted"), [("100%", [], [1, 2, 3]), ("67%", ["three"], [1, 2]), ("0", ["*@EXAMPLE.com"], [])]
)
def test_prune(conversation: Conversation, itflex: Runner, limit: str, keep: list[str], deleted: list[int]) -> None:
    described = live(id=9, name="Nine", email="nine@example.net")
    conversation.expect(LIST).answers([*LIVE, described])
    if deleted:
        no_templates(conversation)
    for account_id in deleted:
        conversation.expect(f"DELETE {ACCOUNTS}/{account_id}")
    result = sync(itflex, {"name": "Nine"}, prune=True, prune_limit=limit, prune_keep=keep)
    assert result["summary"]["deleted"] == len(deleted)


@pytest.mark.parametrize(("entries", "limit"), [([{"name": "One"}], "25%"), ([{"name": "One"}], "1"), ([], "99%")])
def test_prune_that_goes_too_far_writes_nothing(
    conversation: Conversation, itflex: Runner, entries: list[dict[str, Any]], limit: str
) -> None:
    conversation.expect(LIST).answers(LIVE)
    no_templates(conversation)
    result = sync(itflex, *entries, prune=True, prune_limit=limit)
    assert (result["failed"], result["failure"]["problems"][0]["field"]) == (True, "prune_limit")


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf"), 1e-20])
def test_a_rate_that_is_none(itflex: Runner, rate: float) -> None:
    result = sync(itflex, {"name": "One"}, rate_limit=rate)
    [problem] = result["failure"]["problems"]
    assert problem["field"] == "rate_limit"


def test_all_problems_of_all_records_before_any_request(itflex: Runner) -> None:
    result = sync(
        itflex,
        {"name": "One", "smtp_port": 0, "email": "a@b"},
        {"smtp_port": 1},
        {"name": "One"},
        {"name": "Two", "default": True},
        {"name": "Three", "default": True},
        prune_limit="some",
    )
    assert [problem["field"] for problem in result["failure"]["problems"]] == [
        "prune_limit",
        "accounts[0].smtp_port",
        "accounts[1]",
        "accounts[2]",
        "accounts[4].default",
    ]
    assert "accounts[0].smtp_port: (One) must be a port" in result["msg"]


def test_all_problems_with_the_live_accounts_before_any_write(conversation: Conversation, itflex: Runner) -> None:
    hidden = live(id=4, name="Four", password="********")
    conversation.expect(LIST).answers([*LIVE, live(id=5, name="Two"), hidden])
    result = sync(
        itflex,
        {"name": "One", "smtp_port": 1},
        {"name": "Two"},
        {"id": 9},
        {"id": 1, "smtp_port": 2},
        {"name": "Four", "smtp_port": 1},
        {"name": "New"},
    )
    assert [problem["field"] for problem in result["failure"]["problems"]] == [
        "accounts[1].name",
        "accounts[2].id",
        "accounts[3]",
        "accounts[4].password",
        "accounts[5].email",
    ]


@pytest.mark.parametrize("on_error", ["continue", "stop"])
def test_one_failure(conversation: Conversation, itflex: Runner, on_error: str) -> None:
    conversation.expect(LIST).answers(LIVE)
    refusal = {"errors": [{"field": "smtp_port", "type": "rule", "msg": "não"}]}
    conversation.expect(f"PUT {ACCOUNTS}/1", sent(name="One", smtp_port=1)).answers(refusal, status=409)
    if on_error == "continue":
        conversation.expect(f"PUT {ACCOUNTS}/2", sent(name="Two", smtp_port=1)).answers(
            live(id=2, name="Two", smtp_port=1)
        )
    result = sync(
        itflex,
        {"name": "One", "smtp_port": 1},
        {"name": "Two", "smtp_port": 1},
        {"name": "Three"},
        on_error=on_error,
    )
    other = "updated" if on_error == "continue" else "failed"
    assert actions(result) == [("One", "failed"), ("Two", other), ("Three", "none")]
    assert result["failed"]
    assert "One: PUT " in result["msg"]
    assert result["results"][0]["failure"]["status"] == 409
    assert ("not done, since One failed and on_error is stop" in result["msg"]) is (on_error == "stop")


def test_what_was_written_tells_how_long_it_took(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers(LIVE)
    conversation.expect(f"PUT {ACCOUNTS}/1", sent(name="One", smtp_port=1)).answers(live(id=1, name="One", smtp_port=1))
    result = sync(itflex, {"name": "One", "smtp_port": 1}, {"name": "Two"})
    assert 0 < result["durations"][0] < 60
    assert result["durations"][1] is None


def test_names_are_swapped(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers(LIVE)
    conversation.expect(f"PUT {ACCOUNTS}/1", sent(name="One (account 1, moving)")).answers(
        live(id=1, name="One (account 1, moving)")
    )
    conversation.expect(f"PUT {ACCOUNTS}/2", sent(name="One")).answers(live(id=2, name="One"))
    conversation.expect(f"PUT {ACCOUNTS}/1", sent(name="Two")).answers(live(id=1, name="Two"))
    result = sync(itflex, {"id": 1, "name": "Two"}, {"id": 2, "name": "One"})
    assert actions(result) == [("id 1", "updated"), ("id 2", "updated")]


MOVING = "One (account 1, moving)"
SWAP = ({"id": 1, "name": "Two"}, {"id": 2, "name": "One"})


def test_a_swap_that_is_refused_is_taken_back(conversation: Conversation, itflex: Runner) -> None:
    refusal = {"errors": [{"field": "name", "type": "rule", "msg": "não"}]}
    conversation.expect(LIST).answers(LIVE)
    conversation.expect(f"PUT {ACCOUNTS}/1", sent(name=MOVING)).answers(live(id=1, name=MOVING))
    conversation.expect(f"PUT {ACCOUNTS}/2", sent(name="One")).answers(refusal, status=400)
    conversation.expect(f"PUT {ACCOUNTS}/1", sent(name="One")).answers(live(id=1, name="One"))
    result = sync(itflex, *SWAP)
    assert actions(result) == [("id 1", "failed"), ("id 2", "failed")]
    assert "moving" not in result["msg"]


def test_a_swap_is_not_taken_back_where_the_name_may_be_taken(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers(LIVE)
    conversation.expect(f"PUT {ACCOUNTS}/1", sent(name=MOVING)).answers(live(id=1, name=MOVING))
    conversation.expect(f"PUT {ACCOUNTS}/2", sent(name="One")).answers(body=b"<html>")
    conversation.expect(LIST).answers(body=b"<html>")
    result = sync(itflex, *SWAP)
    assert result["results"][1]["failure"]["outcome"] == "unknown"
    assert f"it is called {MOVING} now" in result["results"][0]["error"]


def test_a_step_aside_whose_answer_is_lost(conversation: Conversation, itflex: Runner) -> None:
    """Where passwords are not shown, the new name tells that it was done."""
    hidden = [{**account, "password": None} for account in LIVE]
    moved = live(id=1, name=MOVING, password=None)
    conversation.expect(LIST).answers(hidden)
    conversation.expect(f"PUT {ACCOUNTS}/1", sent(name=MOVING, password="new")).answers(body=b"<html>")
    conversation.expect(LIST).answers([moved, *hidden[1:]])
    conversation.expect(f"PUT {ACCOUNTS}/2", sent(name="One", password="new")).answers(
        live(id=2, name="One", password=None)
    )
    conversation.expect(f"PUT {ACCOUNTS}/1", sent(name="Two", password="new")).answers(
        live(id=1, name="Two", password=None)
    )
    result = sync(itflex, *({**entry, "password": "new"} for entry in SWAP))
    assert actions(result) == [("id 1", "updated"), ("id 2", "updated")]


def test_a_step_aside_that_nobody_knows_of(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers(LIVE)
    conversation.expect(f"PUT {ACCOUNTS}/1", sent(name=MOVING)).answers(body=b"<html>")
    conversation.expect(LIST).answers(body=b"<html>")
    result = sync(itflex, *SWAP)
    assert f"It may be called {MOVING} now" in result["results"][0]["error"]
    assert actions(result) == [("id 1", "failed"), ("id 2", "failed")]


def test_warnings_name_the_record(conversation: Conversation, itflex: Runner) -> None:
    conversation.expect(LIST).answers(LIVE)
    conversation.expect(f"PUT {ACCOUNTS}/1", sent(name="One", smtp_port=1)).answers(live(id=1, name="One", smtp_port=2))
    result = sync(itflex, {"name": "One", "smtp_port": 1})
    [warning] = itflex.warnings
    assert warning.startswith("email_account One: smtp_port: sent 1, but the server stores 2")
    assert result["results"][0]["warnings"] == [warning]


@pytest.mark.parametrize(
    ("options", "field"),
    [({"concurrency": 0}, "concurrency"), ({"concurrency": 65}, "concurrency"), ({"rate_limit": 0.0}, "rate_limit")],
)
def test_problems_of_the_way_it_is_done(itflex: Runner, options: dict[str, Any], field: str) -> None:
    result = itflex.run(EMAIL_ACCOUNTS_SYNC, accounts=[], **options)
    assert [problem["field"] for problem in result["failure"]["problems"]] == [field]


def test_no_records_at_all_are_a_slip(itflex: Runner) -> None:
    result = itflex.run(EMAIL_ACCOUNTS_SYNC)
    assert [problem["field"] for problem in result["failure"]["problems"]] == ["accounts"]
