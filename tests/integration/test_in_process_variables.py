# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Records from variables: what is a template there is rendered, what is text stays text, on both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.integration.playbook import WAYS, Task
from tests.integration.records import account

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import ModuleSpec, Playbook

MODULE = "email_accounts_sync"
VAULT_PASSWORD = "vault-password"
VARIABLES = """
who: World
plain_fleet:
  - {name: Plain, email: plain@example.com, smtp_port: 25}
  - {name: Second, email: second@example.com, smtp_port: 26}
chained: "{{ plain_fleet }}"
templated:
  - {name: "Hello {{ who }}", email: "{{ who | lower }}@example.com", smtp_port: "{{ 20 + 5 }}"}
statement:
  - {name: "{% if who %}If{% endif %}", email: if@example.com}
unsafe:
  - {name: !unsafe "{{ 7 * 7 }}", email: unsafe@example.com}
vaulted:
  - name: Vaulted
    email: vaulted@example.com
    password: !vault |
VAULT
"""


def _write_variables(directory: Path) -> list[str]:
    """Write the variables and the vault's password. Returns the options that make Ansible read them."""
    vault = VaultLib([("default", VaultSecret(VAULT_PASSWORD.encode()))])
    encrypted = vault.encrypt(b"kept-in-the-vault").decode()
    indented = "\n".join(f"      {line}" for line in encrypted.splitlines())
    (directory / "variables.yml").write_text(VARIABLES.replace("VAULT\n", f"{indented}\n"), encoding="utf-8")
    (directory / "password").write_text(VAULT_PASSWORD, encoding="utf-8")
    return [f"--extra-vars=@{directory / 'variables.yml'}", f"--vault-password-file={directory / 'password'}"]


@pytest.mark.parametrize("spec", WAYS)
def test_records_from_variables(playbook: Playbook, tmp_path: Path, spec: ModuleSpec) -> None:
    playbook.sandbox.add_accounts([account(name="{{ who }}", email="live@example.com")])
    accounts = {
        "plain": ("{{ plain_fleet }}", ["Plain", "Second"]),
        "without blanks": ("{{plain_fleet}}", ["Plain", "Second"]),
        "chained": ("{{ chained }}", ["Plain", "Second"]),
        "part": ("{{ plain_fleet[1:] }}", ["Second"]),
        "templated": ("{{ templated }}", ["Hello World"]),
        "statement": ("{{ statement }}", ["If"]),
        "unsafe": ("{{ unsafe }}", ["{{ 7 * 7 }}"]),
        "vaulted": ("{{ vaulted }}", ["Vaulted"]),
        "from the server": ("{{ [{'name': live.email_accounts[0].name, 'smtp_port': 27}] }}", ["{{ who }}"]),
    }
    run = playbook.run(
        [
            Task("read", "email_account_info", keywords={"register": "live"}),
            *(Task(name, MODULE, {"accounts": value}) for name, (value, _keys) in accounts.items()),
            Task("undefined", MODULE, {"accounts": "{{ no_such_variable }}"}),
        ],
        spec=spec,
        options=_write_variables(tmp_path),
    )
    for name, (_value, keys) in accounts.items():
        assert [entry["key"] for entry in run.succeeded(name).returned["results"]] == keys, name
    for name in ("without blanks", "chained", "part"):
        assert run[name].returned["changed"] is False
    assert run["undefined"].failed
    assert run["undefined"].requests == []
    stored = {entry["name"]: entry for entry in playbook.sandbox.accounts()}
    assert stored["Vaulted"]["password"] == "kept-in-the-vault"
    assert stored["Hello World"]["email"] == "world@example.com"
    assert (stored["Hello World"]["smtp_port"], stored["{{ who }}"]["smtp_port"]) == (25, 27)
    assert "kept-in-the-vault" not in run.output
