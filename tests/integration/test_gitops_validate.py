# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""validate, by name: what describes all hosts is checked without a server, without credentials and without secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.records import account, settings
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """Two hosts without credentials, whose documents need secrets that nobody has here."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    made.hosts = {"pbx": {}, "berlin": {}}
    login = {"user": "a", "pass": "{{ vault_pbx }}"}
    made.write("mail/pbx/settings.yml", {"email_settings": [{"domain": "a.example", **settings(auth=login)}]})
    made.write("mail/berlin/accounts.yml", {"email_accounts": [account(password="{{ vault_certificates }}")]})
    made.write("mail/berlin/vault.yml", "$ANSIBLE_VAULT;1.1;AES256\n6162\n")
    return made


def test_what_is_right(repository: Repository) -> None:
    ended = repository.run("validate")
    assert ended.status == 0, ended.output
    assert repository.sandbox.requests() == []


def test_what_is_wrong_on_all_hosts_at_once(repository: Repository) -> None:
    repository.write("mail/pbx/settings.yml", {"email_settings": [{"domain": "a.example", "options": {"port": 0}}]})
    repository.write("mail/pbx/accounts.yml", {"email_accounts": [{"name": "A", "smtp_prt": 1}]})
    repository.write("mail/berlin/more.yml", {"email_accounts": [account(smtp_server="{{ smtp_rely }}")]})
    report = {"ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report", "MAILFLEET_REPORT_JUNIT": "report.xml"}
    ended = repository.run("validate", environment=report)
    assert ended.status == 2
    for words in ("options.port", "smtp_prt", "the variable smtp_rely is not defined"):
        assert words in ended.output, ended.output
    written = (repository.path / "report.xml").read_text(encoding="utf-8")
    assert all(words in written for words in ("options.port", "smtp_prt", "smtp_rely"))
    assert repository.sandbox.requests() == []


def test_variables_that_say_how_a_host_is_worked_with(repository: Repository) -> None:
    repository.variables |= {"mailfleet_on_error": "sometimes", "mailfleet_plan_required": True}
    repository.variables["mailfleet_prune"] = True
    ended = repository.run("validate")
    assert ended.status == 2
    assert "on_error must be one of continue, stop" in " ".join(ended.output.replace(":", "").split()), ended.output
    repository.variables |= {"mailfleet_on_error": "stop", "mailfleet_done": "perhaps"}
    ended = repository.run("validate")
    assert ended.status == 2
    assert "mailfleet_done: must be one of accept, refuse, not 'perhaps'" in " ".join(ended.output.split())
    repository.variables["mailfleet_done"] = "accept"
    assert repository.run("validate").status == 0


def test_variables(repository: Repository) -> None:
    del repository.variables["mailfleet_document"], repository.hosts["pbx"]
    listed = [account(password="{{ vault_certificates }}"), account(smtp_port=0)]
    repository.write("host_vars/berlin.yml", {"email_accounts": listed})
    ended = repository.run("validate")
    assert ended.status == 2
    assert "accounts[1].smtp_port" in ended.output
    assert "the other: variable email_accounts[0]" in ended.output
    repository.write("host_vars/berlin.yml", {"email_accounts": listed[:1]})
    assert repository.run("validate").status == 0
    assert "did you mean mailfleet_prune?" in repository.run("validate", "-e", "mailfleet_prunne=1").output


def test_a_run_about_no_host_is_no_good_news(repository: Repository) -> None:
    for options in (("-e", "mailfleet_hosts=nobody"), ("-e", "mailfleet_expect_hosts=3")):
        ended = repository.run("validate", *options)
        assert ended.status == 2, ended.output


def test_hosts_by_a_list_and_hosts_that_are_none(repository: Repository) -> None:
    ended = repository.run("validate", "-e", '{"mailfleet_hosts": ["berlin", "nob*"]}')
    assert ended.status == 0, ended.output
    assert "berlin" in ended.output
    assert "pbx" not in ended.output
    for hosts in ('{"berlin": 1}', "[]"):
        ended = repository.run("validate", "-e", f'{{"mailfleet_hosts": {hosts}}}')
        assert ended.status not in (0, 2), ended.output
        assert "must be a pattern of hosts or groups such as 'mail:!test'" in " ".join(ended.output.split())
        assert "Traceback" not in ended.output


def test_all_undefined_variables_at_once(repository: Repository) -> None:
    described = [account(name="{{ nobody }}"), account(smtp_server="{{ smtp_rely }}", smtp_port="{{ smtp_prt }}")]
    repository.write("mail/berlin/accounts.yml", {"email_accounts": described})
    in_document = repository.run("validate", "--limit", "berlin")
    del repository.variables["mailfleet_document"]
    repository.write("host_vars/berlin.yml", {"email_accounts": described})
    in_variables = repository.run("validate", "--limit", "berlin")
    for ended in (in_document, in_variables):
        assert ended.status == 2
        for name in ("nobody", "smtp_rely", "smtp_prt"):
            assert f"the variable {name} is not defined" in ended.output


def test_encrypted_values_of_variables_need_no_password(repository: Repository) -> None:
    del repository.variables["mailfleet_document"], repository.hosts["pbx"]
    encrypted = "!vault |\n      $ANSIBLE_VAULT;1.1;AES256\n      6162\n"
    text = f"email_accounts:\n  - name: A\n    email: a@example.com\n    smtp_port: 0\n    password: {encrypted}"
    repository.write("host_vars/berlin.yml", text)
    wrong = repository.run("validate")
    assert wrong.status == 2
    assert "accounts[0].smtp_port: (A) must be a port" in wrong.output
    repository.write("host_vars/berlin.yml", text.replace("smtp_port: 0", "smtp_port: 465"))
    ended = repository.run("validate")
    assert ended.status == 0, ended.output


def test_a_place_is_reported_once(repository: Repository) -> None:
    """The other one is reported where a problem is about two records."""
    unknown = [{"domain": "a.example", "options": {"requireTLS": True}}]
    repository.write("mail/pbx/settings.yml", {"email_settings": unknown})
    ended = repository.run("validate", "--limit", "pbx")
    assert "requireTLS" in ended.output
    assert "the other:" not in ended.output


@pytest.mark.parametrize(
    ("kind", "variables", "words"),
    [
        ("email_accounts", {"itflex_timeout": "soon"}, "itflex_timeout: must be a number, not a text"),
        ("email_accounts", {"itflex_api_url": "berlin"}, "itflex_api_url: must be an address such as https://"),
        ("email_settings", {"webitel_validate_certs": "maybe"}, "webitel_validate_certs: must be true or false"),
        ("email_settings", {"webitel_deadline": 0}, "webitel_deadline: must be more than 0"),
        ("email_profiles", {"webitel_cloud_retries": -1}, "webitel_cloud_retries: must be 0 or more"),
        ("email_profiles", {"webitel_cloud_client_key": "key.pem"}, "is of no use without client_cert"),
    ],
)
def test_how_a_server_is_reached(repository: Repository, kind: str, variables: dict[str, object], words: str) -> None:
    del repository.variables["mailfleet_document"], repository.hosts["pbx"]
    repository.hosts["berlin"].update({kind: [], **variables})
    ended = repository.run("validate")
    assert ended.status == 2, ended.output
    assert words in ended.output
    repository.hosts["berlin"].update(dict.fromkeys(variables))
    assert repository.run("validate").status == 0


def test_names_whose_passwords_are_to_be_written(repository: Repository) -> None:
    """One of another kind on the same host is no slip, and neither is a secret that is not here."""
    repository.write("mail/berlin/settings.yml", {"email_settings": [{"domain": "a.example", **settings()}]})
    name = account()["name"]
    ended = repository.run("validate", "--limit", "berlin", "-e", f"mailfleet_write_passwords={name},a.example,Nobody")
    assert ended.status == 0, ended.output
    words = " ".join(ended.output.split())
    assert "write_passwords: no record of this task is called Nobody" in words
    assert words.count("write_passwords: ") == 1
