# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts of an appliance that its email templates use: they stay, unless the task says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import account

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

TEMPLATES = "GET /api/openvpn/email/templates"
USED: dict[str, Any] = {"name": "Used", "state": "absent"}
PRUNE: dict[str, Any] = {"accounts": [{"name": "Kept"}], "prune": True, "prune_limit": "100%"}


def add(playbook: Playbook, *names: str) -> dict[str, int]:
    """Accounts of these names on the appliance. Returns their ids."""
    ids = playbook.sandbox.add_accounts([account(name=name, email=f"{name}@example.com") for name in names])
    return dict(zip(names, ids, strict=True))


def live(playbook: Playbook) -> set[str]:
    return {account["name"] for account in playbook.sandbox.accounts()}


@pytest.mark.parametrize("spec", WAYS)
def test_they_stay(playbook: Playbook, spec: ModuleSpec) -> None:
    ids = add(playbook, "Used", "Free", "Kept")
    playbook.sandbox.add_template("VPN certificate", ids["Used"])
    playbook.sandbox.add_template("Of nobody", None)
    many = {"accounts": [USED, {"name": "Free", "state": "absent"}]}
    run = playbook.run(
        [
            Task("one in check mode", "email_account", USED, check=True),
            Task("one", "email_account", USED),
            Task("many in check mode", "email_accounts_sync", many, check=True),
            Task("many", "email_accounts_sync", many),
            Task("planned", "email_accounts_sync", {**many, "plan": {}}, check=True),
            Task("prune in check mode", "email_accounts_sync", PRUNE, check=True),
            Task("prune", "email_accounts_sync", PRUNE),
            Task("unchanged", "email_accounts_sync", {"accounts": [{"name": "Used", "service": "other"}]}),
        ],
        spec=spec,
    )
    assert TEMPLATES not in run.succeeded("unchanged").calls
    for name in set(run.outcomes) - {"unchanged"}:
        outcome = run.failed(name)
        assert "is used by the email template VPN certificate (id 1), so it is not deleted" in outcome.returned["msg"]
        assert "remove_in_use=true" in outcome.returned["msg"]
        assert outcome.calls.count(TEMPLATES) == 1
        assert outcome.writes == []
    for name in ("one", "many", "prune"):
        assert run[name].returned["msg"] == run[f"{name} in check mode"].returned["msg"]
    assert live(playbook) == {"Used", "Free", "Kept"}


@pytest.mark.parametrize("spec", WAYS)
def test_what_is_used_goes_where_the_task_says_so(playbook: Playbook, spec: ModuleSpec) -> None:
    ids = add(playbook, "Used", "Other", "Kept")
    for name in ("Used", "Other"):
        playbook.sandbox.add_template(name, ids[name])
    run = playbook.run(
        [
            Task("one", "email_account", {**USED, "remove_in_use": True}),
            Task("many", "email_accounts_sync", {**PRUNE, "remove_in_use": True}),
        ],
        spec=spec,
    )
    for name in run.outcomes:
        assert TEMPLATES not in run.succeeded(name).calls
        assert run[name].writes == ["DELETE"]
    assert live(playbook) == {"Kept"}


@pytest.mark.parametrize("answer", ["missing", "forbidden"])
@pytest.mark.parametrize("spec", WAYS)
def test_where_nothing_is_known_they_go(playbook: Playbook, spec: ModuleSpec, answer: str) -> None:
    ids = add(playbook, "Used", "Other", "Kept")
    for name in ("Used", "Other"):
        playbook.sandbox.add_template(name, ids[name])
    playbook.sandbox.traps(itflex_templates=answer)
    run = playbook.run(
        [Task("one", "email_account", USED), Task("many", "email_accounts_sync", PRUNE)],
        spec=spec,
    )
    for name in run.outcomes:
        assert run.succeeded(name).calls.count(TEMPLATES) == 1
        assert run[name].warnings == []
    assert live(playbook) == {"Kept"}


@pytest.mark.parametrize("spec", WAYS)
def test_a_duplicate_that_is_used_stays(playbook: Playbook, spec: ModuleSpec) -> None:
    twins = playbook.sandbox.add_accounts([account(name="Twin")] * 2)
    playbook.sandbox.add_template("VPN certificate", twins[1])
    options = {"accounts": [{"name": "Twin"}], "deduplicate": True}
    run = playbook.run(
        [
            Task("refused", "email_accounts_sync", options),
            Task("done", "email_accounts_sync", {**options, "remove_in_use": True}),
        ],
        spec=spec,
    )
    message = f"email_account Twin (id {twins[1]}) is used by the email template VPN certificate (id 1)"
    assert message in run.failed("refused").returned["msg"]
    assert run["refused"].writes == []
    assert run.succeeded("done").writes == ["DELETE"]


def test_a_loop_asks_once(playbook: Playbook) -> None:
    add(playbook, "a", "b", "c")
    loop = Task("loop", "email_account", {"name": "{{ item }}", "state": "absent"}, keywords={"loop": ["a", "b", "c"]})
    assert playbook.run([loop])["loop"].calls.count(TEMPLATES) == 1
    assert live(playbook) == set()
