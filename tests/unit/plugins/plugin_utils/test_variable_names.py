# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Misspelt names of variables are distinguished from those of somebody else."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest
import yaml

from ansible_collections.mailfleet.email.plugins.plugin_utils._variable_names import Known, _may_be_near, distance
from tests.unit.collection import COLLECTION
from tools.playbook_variables import Reader

PREFIXES = ("mailfleet_", "itflex_", "webitel_", "test_send_")


def options(role: str) -> set[str]:
    """The variables that a role's argument specs list."""
    file = COLLECTION / "roles" / role / "meta" / "argument_specs.yml"
    specs = yaml.safe_load(file.read_text(encoding="utf-8"))["argument_specs"]
    return {name for spec in specs.values() for name in spec["options"]}


GITOPS = Known(frozenset(options("gitops") | options("test_send")), PREFIXES, frozenset({"itflex_of_mine"}))
PROVISION = Known(frozenset(options("provision")), ("provision_",), frozenset())


def meant(known: Known, name: str, value: Any = "a value", *, on_command_line: bool = False) -> str | None:
    """The name that is said to be meant; `None` where nothing is wrong, empty where nothing is near."""
    problems = known.problems({name: value}, {name} if on_command_line else set())
    if not problems:
        return None
    found = re.search(r"did you mean (\w+)\?", problems[0].message)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mailfleet_prunne", "mailfleet_prune"),
        ("mailfleet_prune_limt", "mailfleet_prune_limit"),
        ("mailfleet_plan_requried", "mailfleet_plan_required"),
        ("Mailfleet_prune", "mailfleet_prune"),
        ("mailflet_prune", "mailfleet_prune"),
        ("mailfleet-prune", "mailfleet_prune"),
        ("itflex_validate_cert", "itflex_validate_certs"),
        ("itfelx_validate_certs", "itflex_validate_certs"),
        ("webitel_acces_token", "webitel_access_token"),
        ("test_send_too", "test_send_to"),
        ("mailfleet_plan", "plan"),
        ("mailfleet_email_accounts", "email_accounts"),
        ("itflex_tocken", "itflex_access_token"),
        ("webitel_login", "webitel_login_code"),
        ("mailfleet_max_fail_percent", "mailfleet_max_fail_percentage"),
        ("mailfleet_", ""),
        ("webitel_tenant_of_ours", ""),
        ("email_acounts", "email_accounts"),
        ("email_setings", "email_settings"),
    ],
)
@pytest.mark.parametrize("on_command_line", [False, True])
def test_misspelt_variables_of_gitops(name: str, expected: str, on_command_line: bool) -> None:
    assert meant(GITOPS, name, on_command_line=on_command_line) == expected


@pytest.mark.parametrize("name", ["plna", "pln", "Plan", "plans", "plan_file", "planfile"])
def test_a_plan_that_nobody_reads(name: str) -> None:
    """On the command line only: in an inventory it may be the plan of a customer."""
    assert meant(GITOPS, name, on_command_line=True) == "plan"
    assert meant(GITOPS, name) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("provision_email_acounts", "provision_email_accounts"),
        ("provison_email_accounts", "provision_email_accounts"),
        ("provision_test_send", "provision_test_send_to"),
        ("provision_document_", "provision_document"),
    ],
)
def test_misspelt_variables_of_provision(name: str, expected: str) -> None:
    assert meant(PROVISION, name) == expected


@pytest.mark.parametrize(
    "name", ["plan", "mailfleet_prune", "itflex_of_mine", "vault_itflex_refresh_token", "ansible_host", "smtp_relay"]
)
@pytest.mark.parametrize("on_command_line", [False, True])
def test_what_is_no_mistake(name: str, on_command_line: bool) -> None:
    assert meant(GITOPS, name, on_command_line=on_command_line) is None


@pytest.mark.parametrize(
    "name",
    [
        "email_account_berlin",
        "email_acounts_berlin",
        "email_acount_berlin",
        "emailaccounts_berlin",
        "email-accounts-berlin",
        "Email_accounts_berlin",
        "EMAIL_ACCOUNTS_BERLIN",
        "email_accountsberlin",
        "e_mail_accounts_berlin",
    ],
)
def test_a_list_that_would_not_be_joined(name: str) -> None:
    """It would be missing without a word, and with prune its records would go."""
    records = [{"name": "Own"}]
    assert meant(GITOPS, name, records) == "email_accounts_berlin"
    assert meant(GITOPS, name, "a text") is None
    assert meant(GITOPS, name, [1, 2]) is None
    assert meant(PROVISION, name, records) is None


@pytest.mark.parametrize(
    "name",
    ["email_accounts_berlin", "email_accounts_a", "email_settings_1", "email_profiles_x", "email_accounts_in_a_row"],
)
def test_a_list_that_is_joined(name: str) -> None:
    """However short what stands behind the name of the list."""
    for value in ([{"name": "Own"}], [], "{{ others }}", None):
        assert meant(GITOPS, name, value, on_command_line=True) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email_addresses_of_staff", [{"name": "A"}]),
        ("email_account_password", "hunter2"),
        ("email_account_ports", [465, 587]),
        ("dovecot_accounts", [{"name": "A"}]),
        ("email_account_registered", {"changed": False}),
    ],
)
def test_what_is_no_list_of_ours(name: str, value: Any) -> None:
    assert meant(GITOPS, name, value) is None


def test_the_result_of_a_task_is_no_control_variable() -> None:
    assert meant(GITOPS, "email_account", {"changed": False}) is None
    assert meant(GITOPS, "email_account", []) == "email_accounts"


def test_what_a_role_keeps_to_itself_is_no_mistake() -> None:
    assert meant(PROVISION, "__provision_email_accounts") is None


def test_no_value_is_shown() -> None:
    assert "hunter2" not in str(GITOPS.problems({"itflex_refresh_tokn": "hunter2"}, ()))


def test_every_variable_that_is_read_is_known() -> None:
    """One that the argument specs do not list would be refused as misspelt."""
    reader = Reader(COLLECTION, "mailfleet.email")
    playbooks = ("apply", "drift", "export", "plan", "test_send")
    read = {name for playbook in playbooks for name in reader.playbook(COLLECTION / "playbooks" / f"{playbook}.yml")}
    assert {name for name in read if not name.startswith("gitops_")} - GITOPS.names == set()
    assert {name for name in reader.role("gitops") if name.startswith(PREFIXES)} - GITOPS.names == set()


def test_the_callbacks_variables_are_known() -> None:
    """What plugins read beside the roles begins like the rest."""
    text = (COLLECTION / "plugins" / "callback" / "report.py").read_text(encoding="utf-8")
    assert set(re.findall(r"^      - name: (mailfleet_\w+)$", text, re.MULTILINE)) <= GITOPS.names


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("", "", 0), ("plan", "plan", 0), ("plna", "plan", 1), ("pln", "plan", 1), ("clan", "plan", 1), ("", "plan", 4)],
)
def test_distance(first: str, second: str, expected: int) -> None:
    assert distance(first, second) == distance(second, first) == expected


LETTERS = "ab_c"


def test_no_name_that_is_two_slips_away_is_passed_over() -> None:
    """What is not compared in full is more than two slips away."""
    names = ["".join(letters) for length in (3, 4) for letters in product(LETTERS, repeat=length)]
    for ours in ("abcd", "a_bc", "dddd", "ab"):
        assert [name for name in names if distance(name, ours) <= 2 and not _may_be_near(name, ours)] == []
    assert not _may_be_near("inventory_hostname", "mailfleet_rate_limit")
