# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many accounts in one task: what is refused before the first request, before the first write, and what is pruned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import Task
from tests.integration.records import account

if TYPE_CHECKING:
    from tests.integration.playbook import Outcome, Playbook

MODULE = "email_accounts_sync"


def fields(outcome: Outcome) -> list[str]:
    """The options that a refused task names, in order."""
    return [problem["field"] for problem in outcome.returned["failure"]["problems"]]


def test_all_problems_of_the_input_before_the_first_request(playbook: Playbook) -> None:
    accounts = [
        account(name="Fine"),
        {"name": "Port", "smtp_port": 70000, "email": "nobody"},
        {"email": "mechanism@example.com", "has_auth": False, "smtp_auth_mechanism": "plain"},
        {"smtp_port": 25},
        {"name": "Fine"},
        {"name": "First default", "default": True},
        {"name": "Second default", "default": True},
        {"name": "Absent default", "default": True, "state": "absent"},
        {"id": 5, "state": "absent"},
        {"id": 5},
    ]
    options = {"concurrency": 0, "rate_limit": 0, "prune_limit": "many"}
    run = playbook.run(
        [
            Task("all", MODULE, {"accounts": accounts, **options}),
            Task("neither", MODULE),
            Task("types", MODULE, {"accounts": [{"name": "A", "smtp_port": "x"}, {"name": "B", "colour": "red"}]}),
            Task("both", MODULE, {"accounts": accounts, "src": "somewhere.yml"}),
        ]
    )
    assert set(fields(run.failed("all"))) == {
        "concurrency",
        "rate_limit",
        "prune_limit",
        "accounts[1].smtp_port",
        "accounts[1].email",
        "accounts[2].smtp_auth_mechanism",
        "accounts[3]",
        "accounts[4]",
        "accounts[6].default",
        "accounts[9]",
    }
    message = run["all"].returned["msg"]
    for words in (
        "(Port) ",
        "(mechanism@example.com) ",
        "same record as accounts[0]",
        "accounts[5] is the default too",
    ):
        assert words in message
    assert fields(run.failed("neither")) == ["accounts"]
    for words in ("smtp_port", "colour"):
        assert words in run.failed("types").returned["msg"]
    assert "src" in run["both"].returned["msg"]
    assert all(run[name].failed and run[name].requests == [] for name in run.outcomes)


def test_all_problems_of_the_plan_before_the_first_write(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts(
        [account(name="One"), account(name="Two"), account(name="Three", email="3@example.com")]
    )
    accounts = [
        {"email": "certs@example.com", "smtp_port": 25},
        {"id": 77, "name": "Missing"},
        {"name": "Incomplete"},
        {"name": "Three", "smtp_port": 25},
        {"id": 3, "smtp_port": 26},
    ]
    run = playbook.run([Task("apply", MODULE, {"accounts": accounts, "prune": True, "prune_limit": 0})])
    outcome = run.failed("apply")
    assert outcome.calls == ["GET /api/email/accounts", "GET /api/openvpn/email/templates"]
    assert fields(outcome) == [
        "accounts[0].email",
        "accounts[1].id",
        "accounts[2].email",
        "accounts[4]",
        "prune_limit",
    ]
    for words in ("id 1 (One, certs@example.com)", "id 2 (Two, certs@example.com)", "accounts[3]"):
        assert words in outcome.returned["msg"]


def test_two_records_that_would_get_one_name(playbook: Playbook) -> None:
    """After it, two live records would fit one entry: the next run could not tell them apart."""
    playbook.sandbox.traps(itflex_unique_name="off")
    playbook.sandbox.add_accounts([account(name="One"), account(name="Two")])
    accounts = [{"id": 1, "name": "Same"}, {"id": 2, "name": "Same"}]
    run = playbook.run([Task("apply", MODULE, {"accounts": accounts})])
    assert run["apply"].writes == []
    assert "accounts[1]" in str(run.failed("apply").returned["msg"])


def test_hidden_passwords_stop_it_before_the_first_write(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts([account(name="One"), account(name="Two")])
    playbook.sandbox.traps(itflex_passwords="mask")
    accounts = [{"name": "One", "smtp_port": 25, "password": "given"}, {"name": "Two", "smtp_port": 25}]
    run = playbook.run([Task("apply", MODULE, {"accounts": accounts})])
    assert fields(run.failed("apply")) == ["accounts[1].password"]
    assert run["apply"].writes == []


LIVE = [account(name=name, email=f"{name.lower()}@example.com") for name in ("A", "B", "C", "System 1", "System 2")]


def test_prune(playbook: Playbook) -> None:
    """What goes, what stays, and the limit: a number, a share, and everything said out loud."""
    playbook.sandbox.add_accounts([*LIVE, account(name="D", email="system-mail@example.com")])
    keep = ["system*"]
    described = [{"name": "A"}, {"name": "B", "smtp_port": 25}]
    run = playbook.run(
        [
            Task("no prune", MODULE, {"accounts": described}, check=True),
            Task("default limit", MODULE, {"accounts": described, "prune": True}),
            Task("too many", MODULE, {"accounts": described, "prune": True, "prune_limit": 3}),
            Task("too large a share", MODULE, {"accounts": described, "prune": True, "prune_limit": "66%"}),
            Task("check", MODULE, {"accounts": described, "prune": True, "prune_keep": keep}, check=True),
            Task("do", MODULE, {"accounts": described, "prune": True, "prune_keep": keep}),
            Task("again", MODULE, {"accounts": described, "prune": True, "prune_keep": keep}),
            Task("empty", MODULE, {"accounts": [], "prune": True, "prune_limit": 100}),
            Task("empty, all kept", MODULE, {"accounts": [], "prune": True, "prune_keep": ["*"]}),
            Task("empty, said", MODULE, {"accounts": [], "prune": True, "prune_limit": "100%"}),
            Task("nothing left", MODULE, {"accounts": [], "prune": True}),
        ]
    )
    for name in ("default limit", "too many", "too large a share", "empty"):
        assert fields(run.failed(name)) == ["prune_limit"]
        assert run[name].writes == []
    assert "4 of 6 live records" in run["default limit"].returned["msg"]
    assert "100%" in run["empty"].returned["msg"]
    assert len(run.succeeded("no prune").returned["results"]) == 2
    for name in ("check", "do"):
        found = [(entry["key"], entry["action"]) for entry in run.succeeded(name).returned["results"]]
        assert found == [("A", "none"), ("B", "updated"), ("C", "deleted")]
    assert run["check"].writes == []
    assert run["do"].writes == ["PUT", "DELETE"]
    assert run.succeeded("again").returned["changed"] is False
    assert run.succeeded("empty, all kept").returned["results"] == []
    assert run.succeeded("empty, said").returned["summary"]["deleted"] == 5
    assert run.succeeded("nothing left").returned["changed"] is False
    assert playbook.sandbox.accounts() == []


@pytest.mark.parametrize("how", [{"name": "A"}, {"email": "a@EXAMPLE.COM"}, {"id": 1}])
def test_a_described_account_is_never_pruned(playbook: Playbook, how: dict[str, Any]) -> None:
    """Whichever way it is found."""
    playbook.sandbox.add_accounts(LIVE[:2])
    run = playbook.run([Task("prune", MODULE, {"accounts": [how], "prune": True, "prune_limit": "50%"})])
    assert run.succeeded("prune").writes[-1] == "DELETE"
    assert [entry["name"] for entry in playbook.sandbox.accounts()] == ["A"]
