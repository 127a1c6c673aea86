# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""export, by name: what it writes is read by plan, which then finds nothing to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.integration.records import account, settings
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from tests.sandbox.client import Sandbox

NOTHING_TO_DO = {"created": 0, "updated": 0, "deleted": 0, "unknown": 0}
SECRETS = ("first-password", "token-in-extra", "key-of-dkim", "token-in-list", "proxy-password", "in-a-list")


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """A PBX and an appliance with whatever servers may hold."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    made.variables["mailfleet_shown_fields"] = ["options.note"]
    sandbox.add_accounts(
        [
            account(name="Zeta", default=True),
            account(name="alpha {{ x }}", smtp_port="587", tenant="kept by the server"),
            account(name="Shared"),
            account(name="Shared", email="other@example.com"),
            account(name="No login", has_auth=False, password="", smtp_auth_mechanism="plain"),
            account(name="yes", smtp_server="", smtp_port=None, email="No Address"),
            account(name='Ünï: "quoted" \U0001f600', smtp_crypt="odd"),
        ]
    )
    extra = {
        "requireTLS": True,
        "name": "on",
        "note": "{% raw %}",
        "tls": {"rejectUnauthorized": False, "minVersion": "TLSv1.2"},
        "auth": {"user": "u", "pass": "first-password", "accessToken": "token-in-extra"},
        "dkim": {"domainName": "a.example", "privateKey": "key-of-dkim"},
        "servers": [{"host": "h", "token": "token-in-list", "none": None}, "smtp://u:in-a-list@h"],
        "plain": [1, "2", {"b": None, "a": {}}],
        "proxy": "socks5://me:proxy-password@h:1080",
        "nothing": None,
        "pool": {},
    }
    for number in range(12):
        sandbox.put_settings(f"d{number}.example", settings(**extra, port=str(465 + number)))
    sandbox.put_settings("odd.example", {"provider": "smtp", "options": {"port": "none", "secure": "yes", "auth": 1}})
    return made


def _files(repository: Repository) -> dict[str, str]:
    """Everything below the directory of exports."""
    root = repository.path / "mail"
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}


def test_it_ends_with_what_it_wrote_and_what_there_is_to_fill_in(repository: Repository) -> None:
    previewed = repository.run("export", "--check")
    folder = repository.path / "mail" / "berlin"
    assert f"Would write {folder}: email_accounts.yml." in previewed.output
    exported = repository.run("export")
    assert exported.status == 0, exported.output
    for host, document in (("berlin", "email_accounts.yml"), ("pbx", "email_settings.yml")):
        folder = repository.path / "mail" / host
        assert f"Wrote {folder}: {document}." in exported.output
        assert f"Fill in {folder}/vault.yml, and encrypt it with ansible-vault encrypt: " in exported.output
        empty = [name for name, value in _variables(repository, host).items() if not value]
        assert empty
        assert all(name in exported.output for name in empty)
    assert exported.output.rindex("Fill in ") > exported.output.rindex("TASK [")
    again = repository.run("export")
    assert f"Nothing changed in {repository.path / 'mail' / 'berlin'}: " in again.output


def _totals(repository: Repository) -> dict[str, Any]:
    planned = repository.run("plan")
    assert planned.status == 0, planned.output
    totals: dict[str, Any] = repository.plan()["totals"]
    return totals


def _variables(repository: Repository, host: str) -> dict[str, Any]:
    held: dict[str, Any] = yaml.safe_load((repository.path / "mail" / host / "vault.yml").read_text("utf-8"))
    return held


def test_a_plan_of_what_was_exported_is_empty(repository: Repository) -> None:
    exported = repository.run("export", "-v")
    assert exported.status == 0, exported.output
    assert repository.writes() == []
    files = _files(repository)
    assert sorted(files) == [
        "berlin/email_accounts.yml",
        "berlin/vault.yml",
        "document.schema.json",
        "pbx/email_settings.yml",
        "pbx/vault.yml",
    ]
    texts = [*files.values(), exported.output]
    assert [secret for secret in SECRETS for text in texts if secret in text] == []
    assert _totals(repository) == {**NOTHING_TO_DO, "none": 7 + 13}
    assert repository.run("drift").status == 0
    again = repository.run("export")
    assert (again.changed("pbx"), again.changed("berlin")) == (0, 0)
    assert _files(repository) == files


def test_with_the_secrets_filled_in_and_encrypted(repository: Repository) -> None:
    """Right secrets are no change, and a wrong one is."""
    assert repository.run("export").status == 0
    accounts = dict.fromkeys(_variables(repository, "berlin"), "first-password")
    repository.write("mail/berlin/vault.yml", accounts)
    known = {
        "auth_pass": "first-password",
        "auth_accesstoken": "token-in-extra",
        "dkim_privatekey": "key-of-dkim",
        "servers": [{"host": "h", "token": "token-in-list", "none": None}, "smtp://u:in-a-list@h"],
        "proxy": "socks5://me:proxy-password@h:1080",
        # No password, but nobody knows that.
        "plain": [1, "2", {"b": None, "a": {}}],
    }
    names = _variables(repository, "pbx")
    assert len(names) == 12 * len(known)
    filled = {name: next(value for end, value in known.items() if name.endswith(end)) for name in names}
    repository.write("mail/pbx/vault.yml", filled)
    repository.write("password", "of the vault")
    encrypt = ("ansible-vault", "encrypt", "--vault-password-file=password", "mail/pbx/vault.yml")
    assert repository.command(*encrypt).status == 0
    environment = {"ANSIBLE_VAULT_PASSWORD_FILE": "password"}
    planned = repository.run("plan", environment=environment)
    assert planned.status == 0, planned.output
    assert repository.plan()["totals"] == {**NOTHING_TO_DO, "none": 7 + 13}
    again = repository.run("export", environment=environment)
    assert (again.status, again.changed("pbx"), again.changed("berlin")) == (0, 0, 0)
    [zeta] = [name for name in accounts if "_zeta_" in name]
    repository.write("mail/berlin/vault.yml", {**accounts, zeta: "another"})
    assert repository.run("plan", environment=environment).status == 0
    assert repository.plan()["totals"] == {**NOTHING_TO_DO, "updated": 1, "none": 6 + 13}


@pytest.mark.parametrize("shown", ["mask", "omit"])
def test_servers_that_hide_passwords(repository: Repository, shown: str) -> None:
    repository.sandbox.traps(webitel_passwords=shown, itflex_passwords=shown)
    assert repository.run("export").status == 0
    assert _totals(repository) == {**NOTHING_TO_DO, "none": 7 + 13}
    for host in ("berlin", "pbx"):
        hidden = {name: "filled in" if name.endswith("password") else None for name in _variables(repository, host)}
        hidden |= {name: "filled in" for name in hidden if name.endswith("auth_pass")}
        repository.write(f"mail/{host}/vault.yml", hidden)
    assert _totals(repository) == {**NOTHING_TO_DO, "none": 7 + 13}


def test_one_file_for_each_record(repository: Repository) -> None:
    """Also one after the other: files that are not needed any more go, others stay."""
    assert repository.run("export").status == 0
    repository.write("mail/berlin/README.md", "Ours.")
    repository.write("mail/berlin/own.yml", {"email_accounts": []})
    assert repository.run("export", "-e", "mailfleet_one_file_each=true").status == 0
    names = sorted(name for name in _files(repository) if name.startswith("berlin"))
    assert names == [
        "berlin/README.md",
        "berlin/email_accounts/alpha-x.yml",
        "berlin/email_accounts/no-login.yml",
        "berlin/email_accounts/shared-2.yml",
        "berlin/email_accounts/shared.yml",
        "berlin/email_accounts/uni-quoted.yml",
        "berlin/email_accounts/yes.yml",
        "berlin/email_accounts/zeta.yml",
        "berlin/own.yml",
        "berlin/vault.yml",
    ]
    assert _totals(repository) == {**NOTHING_TO_DO, "none": 7 + 13}


def test_check_mode_and_another_place(repository: Repository) -> None:
    checked = repository.run("export", "--check", "--diff", "-e", "mailfleet_export_to=elsewhere")
    assert (checked.status, checked.changed("berlin")) == (0, 1)
    assert "+  - default: true" in checked.output.replace("+    default: true", "+  - default: true")
    assert not (repository.path / "elsewhere").exists()


def test_new_secrets_go_beside_the_encrypted_ones(repository: Repository) -> None:
    assert repository.run("export").status == 0
    before = _files(repository)["berlin/vault.yml"]
    repository.sandbox.add_accounts([account(name="New")])
    assert repository.run("export").status == 0
    files = _files(repository)
    assert files["berlin/vault.yml"] == before
    [name] = yaml.safe_load(files["berlin/vault-2.yml"])
    assert name.startswith("vault_berlin_email_accounts_new_")
    assert _totals(repository) == {**NOTHING_TO_DO, "none": 8 + 13}


def test_as_host_vars(repository: Repository) -> None:
    """The files serve as variables of the hosts too."""
    del repository.variables["mailfleet_document"]
    assert repository.run("export", "-e", "mailfleet_export_to=host_vars").status == 0
    (repository.path / "host_vars" / "document.schema.json").unlink()
    assert _totals(repository) == {**NOTHING_TO_DO, "none": 7 + 13}


def test_what_cannot_be_exported_is_reported(repository: Repository) -> None:
    output = repository.run("export").output.replace("\n", " ")
    for words in ("odd.example: options.auth", "odd.example: options.secure", "smtp_crypt ('odd' is none"):
        assert words in output
    repository.hosts = {"nowhere": {}}
    nowhere = repository.run("export")
    assert nowhere.status == 2
    assert "No server is known for nowhere" in nowhere.output
    assert not Path(repository.path, "mail", "nowhere").exists()


def test_a_server_chooses_no_variable_of_the_user(repository: Repository) -> None:
    """An account named like a secret of the repository does not get it, and its password stays as it is."""
    repository.variables["vault_db_root_password"] = "of-the-database"
    repository.sandbox.reset()
    repository.sandbox.add_accounts([account(name="db root")])
    assert repository.run("export").status == 0
    assert "vault_db_root_password" not in "".join(_files(repository).values())
    assert repository.run("apply").status == 0
    assert [stored["password"] for stored in repository.sandbox.accounts()] == [account()["password"]]


def test_each_account_keeps_its_password(repository: Repository) -> None:
    """Names that look alike, of which one goes and another one comes."""
    repository.sandbox.reset()
    repository.sandbox.add_accounts([account(name=name, password=f"of {name}") for name in ("Certs-1", "certs 1")])
    repository.hosts.pop("pbx")
    assert repository.run("export").status == 0
    document = yaml.safe_load(_files(repository)["berlin/email_accounts.yml"])["email_accounts"]
    filled = {re.sub(r"\W|or omit", "", entry["password"]): f"of {entry['name']}" for entry in document}
    assert set(filled) == set(_variables(repository, "berlin"))
    repository.write("mail/berlin/vault.yml", filled)
    [second] = [stored for stored in repository.sandbox.accounts() if stored["name"] == "certs 1"]
    repository.sandbox.reset()
    repository.sandbox.add_accounts([second, account(name="CERTS 1", password="of CERTS 1")])
    assert repository.run("export").status == 0
    assert _totals(repository) == {**NOTHING_TO_DO, "none": 2}


def test_what_people_wrote_is_not_overwritten(repository: Repository) -> None:
    assert repository.run("export").status == 0
    text = _files(repository)["berlin/email_accounts.yml"] + "# Ask Ana before you change Zeta.\n"
    repository.write("mail/berlin/email_accounts.yml", text)
    repository.sandbox.add_accounts([account(name="New")])
    refused = repository.run("export")
    assert (refused.status, refused.failed("berlin"), refused.failed("pbx")) == (2, 1, 0)
    assert "mail/berlin/email_accounts.yml" in refused.output
    assert _files(repository)["berlin/email_accounts.yml"] == text
    assert repository.run("export", "-e", "mailfleet_force=true").status == 0
    assert "Ask Ana" not in _files(repository)["berlin/email_accounts.yml"]
