# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order in which many accounts are written: names that swap, one default account, nothing deleted too early."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import Task
from tests.integration.records import account

if TYPE_CHECKING:
    from tests.integration.playbook import Outcome, Playbook
    from tests.sandbox.client import Sandbox

MODULE = "email_accounts_sync"
ACCOUNTS = "/api/email/accounts"


def _named(*names: str) -> list[dict[str, Any]]:
    """One account for each name; their ids count from 1."""
    return [account(name=name, email=f"{name.lower()}@example.com") for name in names]


def _names(sandbox: Sandbox) -> dict[int, str]:
    return {entry["id"]: entry["name"] for entry in sandbox.accounts()}


def _refused(outcome: Outcome) -> list[Any]:
    """The requests that the server did not accept."""
    return [request for request in outcome.requests if request["status"] != 200]


def test_names_change_hands(playbook: Playbook) -> None:
    """Swaps, circles and chains, and the name of an account that goes, on a server that takes each name once."""
    playbook.sandbox.add_accounts(_named("A", "B", "C", "D"))

    def renamed(names: dict[int, str], **options: Any) -> dict[str, Any]:
        return {"accounts": [{"id": number, "name": name} for number, name in names.items()], **options}

    tasks = {
        "swap": renamed({1: "B", 2: "A"}),
        "circle": renamed({1: "A", 2: "C", 3: "B"}),
        "chain": renamed({1: "C", 2: "E", 3: "F"}),
        "pruned": renamed({1: "D", 2: "E", 3: "F"}, prune=True),
        "deleted": {"accounts": [{"id": 3, "state": "absent"}, {"id": 2, "name": "F"}]},
    }
    after = {
        "swap": {1: "B", 2: "A", 3: "C", 4: "D"},
        "circle": {1: "A", 2: "C", 3: "B", 4: "D"},
        "chain": {1: "C", 2: "E", 3: "F", 4: "D"},
        "pruned": {1: "D", 2: "E", 3: "F"},
        "deleted": {1: "D", 2: "F"},
    }
    everything = [
        task
        for name, arguments in tasks.items()
        for task in (Task(name, MODULE, arguments), Task(f"after {name}", "email_account_info"))
    ]
    run = playbook.run(everything)
    for name in tasks:
        assert _refused(run.succeeded(name)) == []
        found = run.succeeded(f"after {name}").returned["email_accounts"]
        assert {entry["id"]: entry["name"] for entry in found} == after[name], name
    # One of a circle steps aside, and nobody in a chain; a deleted holder steps aside, and goes at the very end.
    assert {name: run[name].writes for name in tasks} == {
        "swap": ["PUT"] * 3,
        "circle": ["PUT"] * 4,
        "chain": ["PUT"] * 3,
        "pruned": ["PUT", "PUT", "DELETE"],
        "deleted": ["PUT", "PUT", "DELETE"],
    }


def test_nothing_is_deleted_whose_replacement_failed(playbook: Playbook) -> None:
    """The account that should get the name cannot get it, so the one that has it stays, under its own name."""
    playbook.sandbox.add_accounts(_named("A", "B"))
    playbook.sandbox.fault(f"{ACCOUNTS}/1", method="PUT", status=400)
    accounts = [{"id": 1, "name": "B"}]
    run = playbook.run([Task("shift", MODULE, {"accounts": accounts, "prune": True, "prune_limit": "50%"})])
    assert run["shift"].failed
    assert "DELETE" not in run["shift"].writes
    assert _names(playbook.sandbox) == {1: "A", 2: "B"}


def _default_states(before: list[bool], outcome: Outcome) -> list[set[int]]:
    """The default accounts after each write, on a server that un-makes none by itself."""
    defaults = {number for number, is_default in enumerate(before, start=1) if is_default}
    newest = len(before)
    states = []
    for request in outcome.requests:
        if request["method"] not in ("POST", "PUT", "DELETE"):
            continue
        if request["method"] == "POST":
            newest += 1
        number = newest if request["method"] == "POST" else int(request["path"].rpartition("/")[2])
        body = request["body"] or {}
        defaults = defaults | {number} if body.get("default") else defaults - {number}
        states.append(defaults)
    return states


@pytest.mark.parametrize("kind", ["unmade", "kept"])
def test_never_two_default_accounts(playbook: Playbook, kind: str) -> None:
    """Whatever the server does about the old default account, and whichever is listed first."""
    playbook.sandbox.traps(itflex_default=kind)
    playbook.sandbox.add_accounts([account(name="Old", default=True), account(name="New", email="new@example.com")])
    forth = [{"name": "New", "default": True}, {"name": "Old", "default": False}]
    back = [{"name": "Old", "default": True}, {"name": "New", "default": False}]
    created = [
        account(name="Third", email="third@example.com", smtp_port=2465, default=True),
        {"name": "Old", "default": False},
    ]
    swapped = [{"id": 1, "name": "New", "default": True}, {"id": 2, "name": "Old"}, {"id": 3, "default": False}]
    tasks = {"forth": forth, "back": back, "created": created, "names too": swapped}
    run = playbook.run([Task(name, MODULE, {"accounts": accounts}) for name, accounts in tasks.items()])
    live_defaults = [[True, False], [False, True], [True, False], [False, False, True]]
    for (name, _accounts), before in zip(tasks.items(), live_defaults, strict=True):
        assert run.succeeded(name).warnings == []
        assert all(len(defaults) < 2 for defaults in _default_states(before, run[name])), name
    assert [entry["default"] for entry in playbook.sandbox.accounts()] == [True, False, False]


def test_the_default_moves_while_names_swap(playbook: Playbook) -> None:
    playbook.sandbox.traps(itflex_default="kept")
    playbook.sandbox.add_accounts([account(name="A", default=True), account(name="B", email="b@example.com")])
    accounts = [{"id": 2, "name": "A", "default": True}, {"id": 1, "name": "B", "default": False}]
    run = playbook.run([Task("swap", MODULE, {"accounts": accounts})])
    assert _refused(run.succeeded("swap")) == []
    assert all(len(defaults) < 2 for defaults in _default_states([True, False], run["swap"]))
    assert [(entry["name"], entry["default"]) for entry in playbook.sandbox.accounts()] == [("B", False), ("A", True)]


def test_a_default_account_that_nobody_described(playbook: Playbook) -> None:
    """A server that keeps it leaves two, which the task cannot avoid: so it says which."""
    accounts = {"accounts": [account(name="New", email="new@example.com", smtp_port=2465, default=True)]}
    for kind, warned in (("kept", True), ("unmade", False)):
        playbook.sandbox.reset()
        playbook.sandbox.traps(itflex_default=kind)
        playbook.sandbox.add_accounts([account(name="Old", default=True)])
        run = playbook.run([Task("create", MODULE, accounts)])
        warnings = run.succeeded("create").warnings
        assert bool(warnings) is warned
        assert all("Old (id 1)" in warning for warning in warnings)
        assert run["create"].returned["results"][0].get("warnings", []) == warnings
