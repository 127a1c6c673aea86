# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module ``email_account``: what it does to the accounts of an appliance that behaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration import ritual
from tests.integration.playbook import WAYS, Task
from tests.integration.records import PASSWORD, account
from tests.integration.ritual import Step, assert_unchanged

if TYPE_CHECKING:
    from tests.integration.playbook import ModuleSpec, Playbook

ALL_FIELDS = sorted(account())


@pytest.mark.parametrize("spec", WAYS)
def test_ritual(playbook: Playbook, spec: ModuleSpec) -> None:
    changed = {"name": "Certificates", "smtp_port": 587, "smtp_crypt": "starttls", "password": "second-password"}
    run = ritual.perform(
        playbook,
        spec,
        "email_account",
        {
            "create": Step(account(), "created", "POST", ALL_FIELDS),
            "change": Step(changed, "updated", "PUT", ["password", "smtp_crypt", "smtp_port"]),
            "delete": Step({"name": "Certificates", "state": "absent"}, "deleted", "DELETE", ALL_FIELDS),
        },
    )
    checks = [run[f"create ({what})"].returned["password_check"] for what in ("check", "do", "repeat")]
    assert checks == ["set", "set", "compared"]
    record = run["create (do)"].returned["email_account"]
    assert record.items() >= {name: value for name, value in account().items() if name != "password"}.items()
    assert "password" not in record
    assert run["create (check)"].returned["email_account"].items() <= record.items()
    diff = run["change (do)"].returned["diff"]
    assert (diff["before"]["password"], diff["after"]["password"]) == ("<secret: current>", "<secret: new>")
    assert (diff["before"]["smtp_port"], diff["after"]["smtp_port"]) == (465, 587)
    assert run["delete (do)"].returned["diff"]["after"] == {}
    assert playbook.sandbox.accounts() == []


def test_diff_is_printed(playbook: Playbook) -> None:
    playbook.sandbox.add_accounts([account()])
    run = playbook.run(
        [Task("change", "email_account", {"name": "Certificates", "smtp_port": 587, "password": "other"}, check=True)],
        options=["--diff"],
    )
    for line in ('-    "smtp_port": 465', '+    "smtp_port": 587', '-    "password": "<secret: current>"'):
        assert line in run.output
    assert "--- before: email_account Certificates" in run.output


def test_what_is_not_given_stays(playbook: Playbook) -> None:
    (account_id,) = playbook.sandbox.add_accounts([account()])
    run = playbook.run(
        [Task("change", "email_account", {"email": "certs@example.com", "smtp_server": "new.example.com"})]
    )
    assert run.succeeded("change").returned["changed_fields"] == ["smtp_server"]
    (stored,) = playbook.sandbox.accounts()
    assert stored.items() >= account(id=account_id, smtp_server="new.example.com").items()


def test_least_account(playbook: Playbook) -> None:
    least = {"name": "Alarms", "email": "alarms@example.com"}
    run = playbook.run([Task("create", "email_account", least), Task("repeat", "email_account", least)])
    assert run.succeeded("create").returned["action"] == "created"
    assert_unchanged(run.succeeded("repeat"))
    (stored,) = playbook.sandbox.accounts()
    assert stored.items() >= {**least, "default": False, "service": "other", "has_auth": False}.items()


def test_found_by_id_then_name_then_email(playbook: Playbook) -> None:
    first, second = account(name="First", email="one@example.com"), account(name="Second", email="two@example.com")
    first_id, second_id = playbook.sandbox.add_accounts([first, second])
    run = playbook.run(
        [
            Task("rename by id", "email_account", {"id": first_id, "name": "Renamed"}),
            Task("new address by name", "email_account", {"name": "Second", "email": "new@example.com"}),
            Task(
                "new name with an address", "email_account", {"name": "Third", "email": "new@example.com"}, check=True
            ),
            Task("unknown id", "email_account", {"id": 4711, "name": "First"}),
            Task("delete an unknown id", "email_account", {"id": 4711, "state": "absent"}),
        ]
    )
    assert run.succeeded("rename by id").returned["changed_fields"] == ["name"]
    assert run.succeeded("new address by name").returned["changed_fields"] == ["email"]
    assert run.succeeded("new name with an address").returned["action"] == "created"
    assert run.failed("unknown id").returned["failure"]["problems"][0]["field"] == "id"
    assert_unchanged(run.succeeded("delete an unknown id"))
    stored = {entry["id"]: (entry["name"], entry["email"]) for entry in playbook.sandbox.accounts()}
    assert stored == {first_id: ("Renamed", "one@example.com"), second_id: ("Second", "new@example.com")}


@pytest.mark.parametrize(
    ("identity", "live"),
    [
        ({"name": "Twin"}, {"name": "Twin"}),
        ({"email": "twin@example.com"}, {"email": "twin@example.com"}),
        ({"email": "twin@EXAMPLE.com"}, {"email": "twin@example.com"}),
    ],
    ids=["name", "email", "domain in other letters"],
)
def test_ambiguous_account_is_never_picked(playbook: Playbook, identity: dict[str, str], live: dict[str, str]) -> None:
    twins = [account(**{"name": f"Account {number}", **live}) for number in (1, 2)]
    ids = playbook.sandbox.add_accounts(twins)
    before = playbook.sandbox.accounts()
    recipient = {"to_email": "someone@example.com"}
    run = playbook.run(
        [
            Task("change", "email_account", {**identity, "smtp_port": 25}),
            Task("delete", "email_account", {**identity, "state": "absent"}),
            Task("unchanged", "email_account", {**identity, "smtp_port": 465}),
            Task("send", "email_account_test", {**identity, **recipient}),
        ]
    )
    for outcome in map(run.failed, ("change", "delete", "unchanged", "send")):
        assert outcome.writes == []
        for account_id, twin in zip(ids, twins, strict=True):
            assert f"id {account_id} ({twin['name']}, {twin['email']})" in outcome.returned["msg"]
    assert playbook.sandbox.accounts() == before


def test_update_password_on_create(playbook: Playbook) -> None:
    once = {"update_password": "on_create"}
    run = playbook.run(
        [
            Task("create", "email_account", account(**once)),
            Task("other password", "email_account", account(**once, password="second-password")),
            Task("other port too", "email_account", account(**once, password="second-password", smtp_port=587)),
            Task("always", "email_account", account(password="second-password", smtp_port=587)),
        ]
    )
    assert run.succeeded("create").returned["password_check"] == "set"
    assert_unchanged(run.succeeded("other password"))
    assert run["other password"].returned["password_check"] == "skipped"
    assert run.succeeded("other port too").returned["changed_fields"] == ["smtp_port"]
    assert run["other port too"].bodies("PUT")[0]["password"] == PASSWORD
    assert run.succeeded("always").returned["changed_fields"] == ["password"]
    assert playbook.sandbox.accounts()[0]["password"] == "second-password"


@pytest.mark.parametrize(
    "aliased", [{"has_auth": True}, {"hash_auth": True}], ids=lambda argument: next(iter(argument))
)
def test_both_names_of_the_flag(playbook: Playbook, aliased: dict[str, Any]) -> None:
    wanted = {name: value for name, value in account().items() if name != "has_auth"} | aliased
    run = playbook.run([Task("create", "email_account", wanted), Task("repeat", "email_account", wanted)])
    assert run.succeeded("create").returned["email_account"]["has_auth"] is True
    assert_unchanged(run.succeeded("repeat"))


def test_deleted_by_another_run_meanwhile(playbook: Playbook) -> None:
    """An account that was read and is gone when it is written: made again where it is wanted, fine where it is not."""
    listed = '[{"id": 9, "name": "Certificates", "email": "certs@example.com", "default": false, "has_auth": false}]'
    playbook.sandbox.fault("/api/email/accounts", method="GET", status=200, body=listed)
    gone = '{"errors": [{"field": "id", "type": "not_found"}]}'
    playbook.sandbox.fault("/api/email/accounts", method="DELETE", status=404, body=gone, after=True)
    run = playbook.run(
        [
            Task("change", "email_account", account()),
            Task("delete", "email_account", {"name": "Certificates", "state": "absent"}),
        ]
    )
    assert run.succeeded("change").writes == ["PUT", "POST"]
    assert run["change"].returned["email_account"]["smtp_port"] == 465
    assert run.succeeded("delete").returned["changed"] is True
    assert playbook.sandbox.accounts() == []
