# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What hosts share: lists of several variables and documents are joined, and defaults lie under all records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.records import PASSWORD, account, settings
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox

SHARED = {"service": "other", "has_auth": True, "smtp_server": "smtp.example.com", "smtp_port": 465}


def short(name: str, **fields: Any) -> dict[str, Any]:
    """An account that leaves the server to the defaults."""
    return {"name": name, "email": f"{name.lower()}@example.com", "password": PASSWORD, **fields}


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """A PBX and an appliance that have nothing."""
    return Repository(tmp_path_factory.mktemp("gitops"), sandbox)


def names(repository: Repository) -> dict[str, int]:
    """The ports of all accounts by their names."""
    return {stored["name"]: stored["smtp_port"] for stored in repository.sandbox.accounts()}


def test_a_host_adds_to_its_groups(repository: Repository) -> None:
    """Today's trap: host_vars replaced the list of the group, and with prune that deleted."""
    del repository.variables["mailfleet_document"], repository.hosts["pbx"]
    repository.variables.update(mailfleet_prune=True, mailfleet_defaults={"email_accounts": SHARED})
    repository.write("group_vars/all.yml", {"email_accounts": [short("Shared")]})
    own = {"email_accounts_berlin": [short("Own", smtp_port="{{ 500 + 87 }}")], "mailfleet_other_variables": []}
    repository.write("host_vars/berlin.yml", own)
    ended = repository.run("apply")
    assert ended.status == 0, ended.output
    assert names(repository) == {"Shared": 465, "Own": 587}
    assert repository.run("drift").status == 0
    repository.write("host_vars/berlin.yml", {"email_accounts_berlin": [short("Shared")]})
    twice = repository.run("apply")
    assert twice.status == 2
    assert "(variable email_accounts_berlin[0]; the other: variable email_accounts[0])" in twice.output
    repository.write("host_vars/berlin.yml", {"email_accounts_berlin": {"name": "no list"}})
    wrong = repository.run("apply")
    assert "email_accounts_berlin" in wrong.output
    assert "must be a list of records, not a mapping" in wrong.output


def test_a_misspelt_list_is_not_left_out(repository: Repository) -> None:
    """With prune, its records would be removed."""
    del repository.variables["mailfleet_document"], repository.hosts["pbx"]
    repository.variables.update(mailfleet_prune=True, mailfleet_defaults={"email_accounts": SHARED})
    repository.write("group_vars/all.yml", {"email_accounts": [short("Shared")]})
    repository.write("host_vars/berlin.yml", {"email_account_berlin": [short("Own")]})
    for playbook in ("validate", "plan", "apply"):
        ended = repository.run(playbook)
        assert ended.status == 2
        assert "email_account_berlin: is read by nobody; did you mean email_accounts_berlin?" in ended.output
        assert repository.sandbox.requests() == []
    repository.write("host_vars/berlin.yml", {"email_accounts_b": [short("Own")]})
    ended = repository.run("apply")
    assert ended.status == 0, ended.output
    assert set(names(repository)) == {"Shared", "Own"}


@pytest.mark.parametrize("playbook", ["validate", "plan"])
def test_defaults_that_are_no_mapping(repository: Repository, playbook: str) -> None:
    described = {"defaults": {"email_accounts": SHARED}, "email_accounts": [short("Own")]}
    repository.write("mail/berlin/accounts.yml", described)
    repository.variables["mailfleet_defaults"] = {"email_accounts": ["smtp_port"]}
    ended = repository.run(playbook, "--limit", "berlin")
    assert ended.status == 2
    assert "mailfleet_defaults" in ended.output
    assert "must be a mapping" in ended.output
    assert "not a list" in ended.output
    repository.variables["mailfleet_defaults"] = {"email_accounts": '{"smtp_port": 25}'}
    assert repository.run(playbook, "--limit", "berlin").status == 0


def test_documents_are_joined_and_have_defaults(repository: Repository) -> None:
    repository.variables["mailfleet_document"] = ["mail/all.yml", "mail/{{ inventory_hostname }}"]
    repository.variables["mailfleet_defaults"] = {"email_accounts": {**SHARED, "smtp_port": 25}}
    shared = {"defaults": {"email_accounts": {"smtp_port": "{{ 400 + 65 }}"}}, "email_accounts": [short("Shared")]}
    repository.write("mail/all.yml", shared)
    repository.write("mail/berlin/accounts.yml", {"email_accounts": [short("Own", smtp_port=587)]})
    login = {"auth": {"user": "a", "pass": PASSWORD}}
    repository.write("mail/pbx/settings.yml", {"email_settings": [{"domain": "a.example", "options": login}]})
    repository.write("mail/pbx/defaults.yml", {"defaults": {"email_settings": settings()}})
    repository.hosts["pbx"]["mailfleet_document"] = ["mail/pbx"]
    ended = repository.run("apply")
    assert ended.status == 0, ended.output
    assert names(repository) == {"Shared": 465, "Own": 587}
    assert repository.sandbox.settings()["a.example"]["options"]["host"] == "smtp.example.com"
    repository.write("mail/berlin/more.yml", {"email_accounts": [short("Shared")]})
    twice = repository.run("plan", "--limit", "berlin")
    assert (
        "mail/berlin/more.yml, line 1; the other:" in twice.output.replace("\n", " ") or "mail/all.yml" in twice.output
    )


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {
                "a.yml": {"defaults": {"email_accounts": {"smtp_port": 1}}},
                "b.yml": {"defaults": {"email_accounts": {"smtp_port": 2}}},
            },
            "b.yml, line 3: smtp_port has a default already: ",
        ),
        ({"a.yml": {"defaults": {"email_acounts": {}}}}, "a.yml, line 2: defaults must be a mapping of"),
        ({"a.yml": {"defaults": []}}, "a.yml, line 1: defaults must be a mapping of"),
    ],
)
def test_defaults_that_are_wrong(repository: Repository, files: dict[str, object], message: str) -> None:
    for name, content in files.items():
        repository.write(f"mail/berlin/{name}", content)
    repository.write("mail/berlin/accounts.yml", {"email_accounts": [short("Own")]})
    ended = repository.run("plan", "--limit", "berlin")
    assert ended.status == 2
    assert message in ended.output


def test_provision_brings_profiles_about(repository: Repository) -> None:
    """As the other kinds: both ways to describe, defaults, prune with its consent, and a preview that does nothing."""
    cloud = repository.sandbox.webitel_cloud
    del repository.hosts["pbx"]
    flow = cloud.add_schema("Tickets")
    (nobodys,) = cloud.add_profiles([{"name": "Nobody's", "flow_id": flow}])
    cloud.add_mails(nobodys, "kept so far")
    product = repository.sandbox.ready["webitel_cloud"]
    variables: dict[str, Any] = {
        "provision_email_profiles": [{"name": "Sales", "smtp_port": 465}],
        "provision_defaults": {"email_profiles": {"smtp_port": 25}},
        "provision_document": {
            "defaults": {"email_profiles": {"schema": {"name": "Tickets"}, "update_password": "on_create"}},
            "email_profiles": [{"name": "Support", "password": PASSWORD}],
        },
        "provision_prune": True,
        "provision_prune_limit": "100%",
    }
    server = {name: product[name] for name in ("api_url", "access_token")}

    def provisioned(*options: str) -> Any:
        play = {
            "hosts": "all",
            "connection": "local",
            "gather_facts": False,
            "module_defaults": {"group/mailfleet.email.webitel_cloud": server},
            "roles": [{"role": "mailfleet.email.provision", "vars": variables}],
        }
        repository.write("own.yml", [play])
        return repository.run("own.yml", *options)

    refused = provisioned()
    assert refused.status == 2
    assert "erase_stored_mail=true" in refused.output
    assert [profile["name"] for profile in cloud.profiles()] == ["Nobody's"]
    variables["provision_erase_stored_mail"] = True
    preview = provisioned("--check", "--diff")
    assert (preview.status, preview.changed("berlin")) == (0, 1), preview.output
    assert repository.writes() == []
    assert PASSWORD not in preview.output
    ended = provisioned()
    assert ended.status == 0, ended.output
    assert {profile["name"]: profile["smtp_port"] for profile in cloud.profiles()} == {"Sales": 465, "Support": 25}
    assert cloud.mails() == []
    again = provisioned()
    assert (again.status, again.changed("berlin")) == (0, 0), again.output
    variables["provision_email_profiles"] = [{"name": "Sales", "smtp_prt": 1}]
    wrong = provisioned()
    assert wrong.status == 2
    assert "profiles[0].smtp_prt" in wrong.output


def test_provision(repository: Repository) -> None:
    """The role hands on defaults and prune, and the module says what is wrong, with the index and no more."""
    del repository.hosts["pbx"]
    repository.sandbox.add_accounts([account(name="Nobody's", email="nobody@example.com")])
    variables: dict[str, Any] = {
        "provision_defaults": {"email_accounts": {"smtp_port": 25}},
        "provision_document": {
            "defaults": {"email_accounts": SHARED},
            "email_accounts": [short("One"), short("Two", smtp_port=587)],
        },
        "provision_prune": True,
        "provision_prune_limit": "100%",
    }
    server = {"api_url": "{{ itflex_api_url }}", "refresh_token": "{{ itflex_refresh_token }}"}

    def provisioned() -> Any:
        play = {
            "hosts": "all",
            "connection": "local",
            "gather_facts": False,
            "module_defaults": {"group/mailfleet.email.itflex": server},
            "roles": [{"role": "mailfleet.email.provision", "vars": variables}],
        }
        repository.write("own.yml", [play])
        return repository.run("own.yml")

    ended = provisioned()
    assert ended.status == 0, ended.output
    assert names(repository) == {"One": 465, "Two": 587}
    variables["provision_document"]["email_accounts"][1]["smtp_prt"] = 1
    wrong = provisioned()
    assert wrong.status == 2
    assert "accounts[1].smtp_prt" in wrong.output
    assert "argument_spec_data" not in wrong.output
    variables["provision_document"]["email_acounts"] = []
    assert "email_acounts" in provisioned().output


def test_provision_gives_each_product_its_turn(repository: Repository) -> None:
    """A product without a server, or with a list that is none, does not keep another one from its turn."""
    del repository.hosts["pbx"]
    server = {"api_url": "{{ itflex_api_url }}", "refresh_token": "{{ itflex_refresh_token }}"}
    variables = {
        "provision_email_settings": [{"domain": "a.example"}],
        "provision_email_accounts": [{**SHARED, **short("One")}],
        "provision_email_profiles": {"name": "no list"},
    }
    play = {
        "hosts": "all",
        "connection": "local",
        "gather_facts": False,
        "module_defaults": {"group/mailfleet.email.itflex": server},
        "roles": [{"role": "mailfleet.email.provision", "vars": variables}],
    }
    repository.write("own.yml", [play])
    ended = repository.run("own.yml")
    assert ended.status == 2, ended.output
    assert set(names(repository)) == {"One"}
    for words in ("WEBITEL_API_URL", "profiles"):
        assert words in ended.output
