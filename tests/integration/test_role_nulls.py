# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In variables of the roles null means not given, also where there are choices: inventories are full of such."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.integration.records import account, settings
from tests.integration.repository import Ended, Repository

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox

PRODUCTS = ("itflex", "webitel", "webitel_cloud")
TO = "me@example.com"
CHOSEN = ("service", "smtp_crypt", "smtp_auth_mechanism")
HANDED_ON = ("prune", "prune_keep", "prune_limit", "undescribed", "write_passwords", "on_error", "concurrency")
MAILBOX = (*("encryption", "afterwards", "port", "validate_certs", "timeout", "wait", "interval"), "folders")


# What each host of the repository has, and what the playbooks set themselves.
GIVEN = {"itflex_api_url", "itflex_refresh_token", "itflex_retries", "mailfleet_document"}
GIVEN |= {"gitops_undescribed", "gitops_verifies_plan", "gitops_matched_hosts"}
# A key that is null is a secret that is missing: a plan without a signature must not come of it.
GIVEN |= {"mailfleet_plan_key"}


def options_of(role: str, entry: str) -> set[str]:
    """All variables of a role."""
    specs = (Path(__file__).parents[2] / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    return set(yaml.safe_load(specs)["argument_specs"][entry]["options"])


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """A PBX, an appliance and a Webitel of today that have a record each."""
    smtp = sandbox.ready["smtp"]
    login = {"user": smtp["username"], "pass": smtp["password"]}
    sandbox.put_settings("a.example", settings(host=smtp["host"], port=smtp["ssl_tls"], auth=login))
    live = {"smtp_server": smtp["host"], "smtp_port": smtp["ssl_tls"], "password": smtp["password"]}
    sandbox.add_accounts([account(email=smtp["username"], **live)])
    flow = sandbox.webitel_cloud.add_schema("Tickets")
    sandbox.webitel_cloud.add_profiles([{"name": "Support", "flow_id": flow}])
    return Repository(tmp_path_factory.mktemp("roles"), sandbox)


def run(repository: Repository, role: str, variables: dict[str, Any], *options: str) -> Ended:
    """Run a role for all products at once."""
    address = {product: repository.sandbox.ready[product]["api_url"] for product in PRODUCTS}
    credentials = {
        "itflex": {"refresh_token": repository.sandbox.ready["itflex"]["refresh_token"]},
        "webitel_cloud": {"access_token": repository.sandbox.ready["webitel_cloud"]["access_token"]},
        "webitel": {name: repository.sandbox.ready["webitel"][name] for name in ("access_token", "key")},
    }
    play = {
        "name": "A play of the user's own",
        "hosts": "berlin",
        "connection": "local",
        "gather_facts": False,
        "module_defaults": {
            f"group/mailfleet.email.{product}": {"api_url": address[product], **credentials[product]}
            for product in address
        },
        "roles": [{"role": f"mailfleet.email.{role}", "vars": variables}],
    }
    repository.write("own.yml", [play])
    return repository.run("own.yml", *options)


def test_test_send(repository: Repository) -> None:
    variables = {
        "test_send_to": TO,
        "test_send_accounts": [{"name": "Certificates", **dict.fromkeys(CHOSEN)}],
        "test_send_domains": ["a.example"],
    }
    ended = run(repository, "test_send", variables)
    assert ended.status == 0, ended.output
    assert len(repository.sandbox.messages()) == 2
    # In check mode nobody looks into the mailbox.
    mailbox = dict.fromkeys((*MAILBOX, "subaddress", "accept_spam"))
    looked = run(repository, "test_send", {**variables, "test_send_confirm_delivery": mailbox}, "--check")
    assert looked.status == 0, looked.output


def test_a_choice_that_there_is_not_is_still_refused(repository: Repository) -> None:
    variables = {"test_send_to": TO, "test_send_accounts": [{"name": "Certificates", "smtp_crypt": "tls"}]}
    ended = run(repository, "test_send", variables)
    assert ended.status == 2
    assert "smtp_crypt: must be one of" in ended.output
    assert repository.writes() == []


def test_provision(repository: Repository) -> None:
    described = {"name": "Certificates", "state": None, "update_password": None, **dict.fromkeys(CHOSEN)}
    domain = {"domain": "a.example", "state": None, "provider": None}
    variables = {
        "provision_email_accounts": [described],
        "provision_email_profiles": [{"name": "Support", "state": None, "auth_type": None, "schema": None}],
        "provision_document": {"email_settings": [domain], "email_accounts": None, "defaults": None},
        **{f"provision_{name}": None for name in (*HANDED_ON, "erase_stored_mail", "remove_in_use", "rate_limit")},
    }
    ended = run(repository, "provision", {**variables, "provision_test_send_to": None})
    assert ended.status == 0, ended.output
    assert repository.writes() == []
    sent = run(repository, "provision", {**variables, "provision_test_send_to": TO})
    assert sent.status == 0, sent.output
    assert len(repository.sandbox.messages()) == 2


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"provision_test_send_to": "nobody"}, "provision_test_send_to: must be an e-mail address"),
        ({"provision_test_send_to": [TO]}, "provision_test_send_to: must be a text, not a list"),
        ({"provision_test_send_to": ""}, "provision_test_send_to: must be an e-mail address"),
        ({"test_send_confirm_delivery": {"prot": 993}}, "test_send_confirm_delivery.prot: is no option"),
        ({"test_send_fail": "maybe"}, "test_send_fail: must be true or false"),
        ({"test_send_fial": False}, "did you mean test_send_fail?"),
    ],
)
def test_what_is_wrong_with_a_test_message_stops_before_the_first_write(
    repository: Repository, variables: dict[str, Any], words: str
) -> None:
    described = {"provision_email_accounts": [account(name="New", email="new@example.com")]}
    ended = run(repository, "provision", {**described, "provision_test_send_to": TO, **variables})
    assert ended.status == 2
    assert words in " ".join(ended.output.split()), ended.output
    assert repository.writes() == []


def test_gitops(repository: Repository) -> None:
    del repository.hosts["pbx"]
    described = {"name": "Certificates", "smtp_crypt": None, "state": None}
    repository.write("mail/berlin/accounts.yml", {"email_accounts": [described]})
    null = options_of("gitops", "main") - GIVEN
    assert {"itflex_timeout", "mailfleet_expect_hosts", "webitel_api_url", "email_accounts", "plan"} <= null
    repository.variables.update(dict.fromkeys(sorted(null | {"email_accounts_berlin"})))
    for playbook in ("validate", "plan", "apply", "drift", "export"):
        ended = repository.run(playbook, *(["-e", "mailfleet_export_to=exported"] if playbook == "export" else []))
        assert ended.status == 0, ended.output
        assert repository.writes() == []
    sent = repository.run("test_send", "-e", f"test_send_to={TO}")
    assert sent.status == 0, sent.output
    assert len(repository.sandbox.messages()) == 1


@pytest.mark.parametrize("described", [{"email_accounts": None}, {"email_accounts": None, "email_accounts_all": None}])
def test_null_in_the_place_of_a_list_prunes_nothing(repository: Repository, described: dict[str, Any]) -> None:
    del repository.hosts["pbx"], repository.variables["mailfleet_document"]
    repository.variables.update({**described, "mailfleet_prune": True, "mailfleet_prune_limit": "100%"})
    ended = repository.run("apply")
    assert ended.status == 2
    assert "Nothing is described for berlin" in ended.output
    assert repository.writes() == []
    repository.variables["email_accounts_here"] = [{"name": "Certificates"}]
    joined = repository.run("apply")
    assert joined.status == 0, joined.output
    assert repository.writes() == []


def test_null_in_a_document_prunes_nothing(repository: Repository) -> None:
    del repository.hosts["pbx"]
    repository.write("mail/berlin/accounts.yml", "email_accounts:\n#  - name: Certificates\n")
    repository.variables.update({"mailfleet_prune": True, "mailfleet_prune_limit": "100%"})
    ended = repository.run("apply")
    assert ended.status == 2
    assert "Nothing is described for berlin" in ended.output
    assert repository.writes() == []


def test_null_for_what_has_a_default(repository: Repository) -> None:
    """Each variable of the other roles, null where it is not what the role is asked for."""
    null = dict.fromkeys(sorted(options_of("test_send", "main")))
    failing = {"test_send_to": TO, "test_send_accounts": [{"name": "Certificates", "smtp_server": "nowhere.invalid"}]}
    ended = run(repository, "test_send", {**null, **failing})
    assert ended.status == 2, ended.output
    assert "Fail where a message was not sent" in ended.output
    sent = run(repository, "test_send", {**null, "test_send_to": TO, "test_send_domains": ["a.example"]})
    assert sent.status == 0, sent.output
    assert len(repository.sandbox.messages()) == 1
    null = dict.fromkeys(sorted(options_of("provision", "main")))
    ended = run(repository, "provision", null)
    assert ended.status == 0, ended.output
    assert repository.writes() == []
    ended = run(repository, "provision", {**null, "provision_email_accounts": [{"name": "Certificates"}]})
    assert ended.status == 0, ended.output
    assert repository.writes() == []


WRONG_TO_SEND: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "nobody": ({"test_send_to": None}, ("test_send_to: is missing",)),
    "recipient": ({"test_send_to": ["a@example.com"]}, ("test_send_to: must be a text",)),
    "no list": ({"test_send_accounts": "Certificates"}, ("test_send_accounts[0]: must be a mapping, not a text",)),
    "fields": (
        {"test_send_accounts": [{"name": "A"}, {"name": "B", "smtp_prot": 25, "smtp_port": "many"}, {"smtp_port": 25}]},
        (
            "test_send_accounts[1].smtp_prot: is no option here",
            "Is smtp_port meant?",
            "test_send_accounts[1].smtp_port: must be a whole number",
            "test_send_accounts[2].id: is missing: give one of id, name, email",
        ),
    ),
    "mailbox": (
        {"test_send_confirm_delivery": {"hots": "a", "encryption": "ssl", "wait": "long", "password": 5}},
        (
            "test_send_confirm_delivery.hots: is no option of confirm_delivery",
            "test_send_confirm_delivery.encryption: must be one of tls, starttls, none",
            "test_send_confirm_delivery.wait: must be a number",
            "test_send_confirm_delivery.password: must be a text, not a number: put it in quotes",
        ),
    ),
    "no mailbox": ({"test_send_confirm_delivery": "imap"}, ("test_send_confirm_delivery: must be a mapping",)),
    "fail": ({"test_send_fail": "perhaps"}, ("test_send_fail: must be true or false, not a text",)),
}


@pytest.mark.parametrize("case", WRONG_TO_SEND)
def test_what_is_wrong_with_a_test_send(repository: Repository, case: str) -> None:
    """In the words of the modules, with the variable: ansible-core would show the role's whole specification."""
    changes, words = WRONG_TO_SEND[case]
    variables = {"test_send_to": TO, "test_send_accounts": [{"name": "Certificates"}], **changes}
    ended = run(repository, "test_send", variables)
    assert ended.status == 2
    plain = " ".join(ended.output.split())
    assert [text for text in words if text not in plain] == [], ended.output
    assert "argument_spec_data" not in ended.output
    assert len(ended.output) < 4000
    assert repository.writes() == []


WRONG_TO_PROVISION: dict[str, tuple[dict[str, Any], str]] = {
    "no document": ({"provision_document": "mail.yml"}, "provision_document: must be a mapping, not a text"),
    "a list": ({"provision_document": [{"name": "A"}]}, "provision_document: must be a mapping, not a list"),
    "a key": (
        {"provision_document": {"email_acounts": []}},
        "provision_document.email_acounts: is no option of provision_document",
    ),
    "defaults": (
        {"provision_document": {"defaults": {"email_setings": {}}}},
        "provision_document.defaults.email_setings: is no option of defaults",
    ),
    "no defaults": ({"provision_defaults": "smtp"}, "provision_defaults: must be a mapping, not a text"),
    "accounts": ({"provision_email_accounts": 5}, "provision_email_accounts: must be a list of mappings, not a number"),
    "a field": (
        {"provision_email_accounts": [{"name": "A"}, {"name": "B", "smtp_port": "many"}]},
        "provision_email_accounts[1].smtp_port: (B) must be a whole number, not a text",
    ),
    "a default": (
        {"provision_defaults": {"email_accounts": {"smtp_port": "many"}}},
        "provision_defaults.email_accounts.smtp_port: must be a whole number, not a text",
    ),
    "of both": (
        {"provision_document": {"email_accounts": [{"name": "B", "smtp_port": "many"}]}},
        " accounts[1].smtp_port: (B) must be a whole number, not a text",
    ),
    "shown": ({"provision_shown_fields": [True]}, "provision_shown_fields[0]: must be a text, not a boolean"),
    "prune": ({"provision_prune": "perhaps"}, "provision_prune: must be true or false, not a text"),
    "pace": ({"provision_concurrency": 0}, "provision_concurrency: must be from 1 to 64"),
}


@pytest.mark.parametrize("case", WRONG_TO_PROVISION)
def test_what_is_wrong_with_what_is_provisioned(repository: Repository, case: str) -> None:
    changes, words = WRONG_TO_PROVISION[case]
    ended = run(repository, "provision", {"provision_email_accounts": [{"name": "Certificates"}], **changes})
    assert ended.status == 2
    assert words in " ".join(ended.output.split()), ended.output
    assert "argument_spec_data" not in ended.output
    assert len(ended.output) < 4000
    assert repository.writes() == []


WRONG_IN_GITOPS: tuple[tuple[str, Any, str], ...] = (
    ("mailfleet_document", {"a": 1}, "must be a list, not a mapping"),
    ("mailfleet_document", ["mail/berlin", 5], "[1]: must be a path, not a number"),
    ("mailfleet_other_variables", [5], "[0]: must be a text, not a number"),
    ("mailfleet_plan_required", "ja", "must be true or false, not a text"),
    ("mailfleet_hand_on", "perhaps", "must be true or false, not a text"),
    ("mailfleet_detailed_exitcode", [], "must be true or false, not a list"),
    ("mailfleet_prune", {"a": 1}, "must be true or false, not a mapping"),
    ("mailfleet_shown_fields", True, "must be a text, not a boolean"),
    ("itflex_api_url", 5, "must be a text, not a number"),
    ("itflex_ca_path", ["a"], "must be a path, not a list"),
    ("itflex_timeout", "soon", "must be a number, not a text"),
    ("itflex_timeout", -1, "must be more than 0 and at most"),
    ("itflex_refresh_token", 1, "must be a text, not a number: put it in quotes"),
)
WRONG_TO_SYNC: tuple[tuple[str, Any, str], ...] = (
    ("mailfleet_prune_keep", 5, "must be a text, not a number"),
    ("mailfleet_prune_limit", "half", "must be a number of records, or a share such as 25%"),
    ("mailfleet_prune_limit", "150%", "must be a number of records, or a share such as 25%, of at most 100%"),
    ("mailfleet_on_error", "go", "must be one of continue, stop, not 'go'"),
    ("mailfleet_concurrency", "many", "must be a whole number, not a text"),
    ("mailfleet_concurrency", 100, "must be from 1 to 64"),
    ("mailfleet_rate_limit", 0, "must be more than 0"),
    ("mailfleet_unplanned", "go", "must be one of fail, skip, not 'go'"),
    ("mailfleet_remove_in_use", "perhaps", "must be true or false, not a text"),
    ("mailfleet_write_passwords", {"a": 1}, "must be a list, not a mapping"),
    ("mailfleet_write_passwords", "sometimes", "must be true, false, or the names of records"),
    ("email_accounts", {"a": 1}, " must be a list of records, not a mapping"),
)
WRONG_TO_EXPORT: tuple[tuple[str, Any, str], ...] = (
    ("mailfleet_export_to", ["a"], "must be a path, not a list"),
    ("mailfleet_one_file_each", "perhaps", "must be true or false, not a text"),
    ("mailfleet_force", [1], "must be true or false, not a list"),
)


@pytest.mark.parametrize(
    ("playbook", "cases"),
    [("drift", (*WRONG_IN_GITOPS, *WRONG_TO_SYNC)), ("export", (*WRONG_IN_GITOPS, *WRONG_TO_EXPORT))],
)
def test_what_is_wrong_with_a_variable_of_a_host(
    repository: Repository, playbook: str, cases: tuple[tuple[str, Any, str], ...]
) -> None:
    """Each of another host: the variable is named, what came and what would do; nothing is written for it."""
    repository.write("mail/berlin/accounts.yml", {"email_accounts": [{"name": "Certificates"}]})
    berlin = {**repository.hosts["berlin"], "mailfleet_document": "mail/berlin", "mailfleet_export_to": "exported"}
    repository.hosts.clear()
    for index, (name, value, _words) in enumerate(cases):
        repository.hosts[f"host{index}"] = {**berlin, name: value}
        if name == "email_accounts":
            repository.hosts[f"host{index}"]["mailfleet_document"] = None
    ended = repository.run(playbook)
    for index, (name, _value, words) in enumerate(cases):
        [*lines] = [line for line in ended.output.splitlines() if f"[host{index}]" in line and '"msg"' in line]
        separator = "" if words.startswith(("[", " ")) else ": "
        assert f"{name}{separator}{words}" in lines[0], lines
    assert repository.writes() == []
    assert not (repository.path / "exported").exists()


def test_a_default_of_a_document_has_its_place(repository: Repository) -> None:
    """What the variable gives beside it has its name."""
    del repository.hosts["pbx"]
    described = "defaults:\n  email_accounts:\n    smtp_port: many\nemail_accounts:\n  - name: Certificates\n"
    path = repository.write("mail/berlin/accounts.yml", described)
    repository.variables["mailfleet_defaults"] = {"email_accounts": {"smtp_port": 25, "has_auth": "perhaps"}}
    plain = " ".join(repository.run("validate").output.split())
    assert f"defaults.smtp_port: must be a whole number, not a text ({path}, line 3)" in plain
    assert "mailfleet_defaults.email_accounts.has_auth: must be true or false, not a text" in plain
