# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option document: one file or many, with templates, and errors that lead to file and line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.integration.playbook import WAYS, Task
from tests.integration.records import account

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import ModuleSpec, Playbook

MODULE = "email_accounts_sync"
FILES = {
    "one.yml": """
email_accounts:
  - name: "{{ name_in_playbook }}"
    email: one@example.com
    smtp_port: "{{ 400 + 65 }}"
    has_auth: "{{ true }}"
    password: "{{ vault_password }}"
    smtp_server: "{{ unknown_thing | default(omit) }}"
""",
    "many/10.json": json.dumps({"email_accounts": [account(name="From JSON", email="{{ 'j' }}@example.com")]}),
    "many/below/20.yml": "email_accounts:\n  - {name: !unsafe '{{ 1 }}', email: u@example.com}\n",
    "many/30.yaml": "email_settings: []\nemail_accounts: \"{{ [{'name': 'Made', 'email': 'm@example.com'}] }}\"\n",
    "many/40.yml": "# nothing\n",
    "many/.hidden.yml": "nonsense: true\n",
    "many/vault.yml": "vault_unused: '{{ nowhere }}'\n",
    "settings.yml": "email_settings: []\n",
}
BAD = {
    "fields.yml": (
        "email_accounts:\n  - name: A\n    smtp_port: 0\n  - name: B\n    email: b@example.com\n    smtp_prt: 1\n",
        ["fields.yml, line 3)", "fields.yml, line 6)", "accounts[0].smtp_port", "Is smtp_port meant?"],
    ),
    "unknown.yml": ("email_accounts: []\nemail_acounts: []\n", ["unknown.yml, line 2: unknown key email_acounts"]),
    "list.yml": ("- name: A\n", ["list.yml", "must be a mapping"]),
    "no_list.yml": ("email_accounts: {}\n", ["no_list.yml, line 1", "must be a list"]),
    "undefined.yml": (
        "email_accounts:\n  - name: A\n    password: '{{ nowhere }}'\n",
        ["undefined.yml, line 3: email_accounts[0].password: the variable nowhere is not defined"],
    ),
    "template.yml": (
        "email_accounts:\n  - name: A\n    password: 'abc{{hunter2'\n",
        ["template.yml, line 3: email_accounts[0].password: is no template"],
    ),
    "expression.yml": (
        "email_accounts:\n  - name: A\n    password: \"{{ 'hunter2' / 2 }}\"\n",
        ["expression.yml, line 3: email_accounts[0].password"],
    ),
    "syntax.yml": ("email_accounts:\n  - name: a: b\n    password: hunter2\n", ["syntax.yml, line 2"]),
    "twice.yml": ("email_accounts:\n  - {name: A}\n  - {name: A}\n", ["twice.yml, line 3", "the same record"]),
    "missing.yml": (None, ["missing.yml"]),
}


def _write(directory: Path, name: str, content: str) -> str:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("spec", WAYS)
def test_documents(playbook: Playbook, tmp_path: Path, spec: ModuleSpec) -> None:
    for name, content in FILES.items():
        _write(tmp_path, name, content)
    run = playbook.run(
        [
            Task("one", MODULE, {"document": str(tmp_path / "one.yml")}),
            Task("many", MODULE, {"document": str(tmp_path / "many")}),
            Task("other kind", MODULE, {"document": str(tmp_path / "settings.yml")}),
        ],
        variables={"name_in_playbook": "Certificates", "vault_password": "of the {{ 'vault' }}"},
        spec=spec,
    )
    assert [entry["action"] for entry in run.succeeded("one").returned["results"]] == ["created"]
    keys = [entry["key"] for entry in run.succeeded("many").returned["results"]]
    assert keys == ["From JSON", "Made", "{{ 1 }}"]
    assert "other kind" not in run.outcomes
    stored = {entry["name"]: entry for entry in playbook.sandbox.accounts()}
    certificates = stored["Certificates"]
    assert (certificates["smtp_port"], certificates["has_auth"]) == (465, True)
    assert certificates["password"] == "of the vault"
    assert not certificates.get("smtp_server")
    assert stored["From JSON"]["email"] == "j@example.com"


@pytest.mark.parametrize("spec", WAYS)
def test_errors_name_file_line_and_path(playbook: Playbook, tmp_path: Path, spec: ModuleSpec) -> None:
    tasks = []
    for name, (content, _words) in BAD.items():
        path = _write(tmp_path, name, content) if content is not None else str(tmp_path / name)
        tasks.append(Task(name, MODULE, {"document": path}))
    tasks.append(Task("both", MODULE, {"document": str(tmp_path / "list.yml"), "accounts": []}))
    run = playbook.run(tasks, spec=spec)
    for name, (_content, all_words) in BAD.items():
        outcome = run.failed(name)
        assert outcome.requests == []
        for words in all_words:
            assert words in outcome.returned["msg"], outcome.returned["msg"]
    assert "give one of them" in run.failed("both").returned["msg"]
    assert "hunter2" not in run.output


def test_variables_of_an_encrypted_file(playbook: Playbook, tmp_path: Path) -> None:
    """What is not filled in yet counts as not given, and does not hide a variable of the host."""
    entries = ("a", "b", "c")
    document = "".join(
        f"  - {{name: {name}, email: {name}@example.com, smtp_server: '{{{{ vault_{name} or omit }}}}'}}\n"
        for name in entries
    )
    _write(tmp_path, "d/accounts.yml", f"email_accounts:\n{document}")
    _write(tmp_path, "d/vault.yml", "vault_a: a.example.com\nvault_b:\nvault_c:\n")
    run = playbook.run(
        [Task("sync", MODULE, {"document": str(tmp_path / "d")})], variables={"vault_c": "c.example.com"}
    )
    run.succeeded("sync")
    stored = {entry["name"]: entry.get("smtp_server") or None for entry in playbook.sandbox.accounts()}
    assert stored == {"a": "a.example.com", "b": None, "c": "c.example.com"}
