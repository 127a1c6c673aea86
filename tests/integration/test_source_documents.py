# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents of records: read on the controller, by the task itself, on both ways, as data and not as templates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from tests.integration.playbook import WAYS, Task
from tests.integration.records import account, settings

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import ModuleSpec, Playbook

MODULE = "email_accounts_sync"
JINJA = "{{ 7 * 7 }}"
VAULT_PASSWORD = "vault-password"
SECRET = "kept-in-the-vault"


def _encrypted(text: str) -> str:
    vault = VaultLib([("default", VaultSecret(VAULT_PASSWORD.encode()))])
    encrypted: bytes = vault.encrypt(text.encode())
    return encrypted.decode()


def _with_vault_value() -> str:
    """A document of which one value is encrypted, as ``ansible-vault encrypt_string`` makes it."""
    lines = "\n".join(f"          {line}" for line in _encrypted(SECRET).splitlines())
    return f"- name: Vaulted\n  email: v@example.com\n  password: !vault |\n{lines}\n"


def _write(directory: Path) -> dict[str, str]:
    """Write a document of every kind; returns where each is."""
    records = [account(name="One"), account(name=JINJA, email="jinja@example.com", password=f"pass {JINJA}")]
    files = {
        "records.yml": yaml.safe_dump(records),
        "mapping.yaml": yaml.safe_dump({"email_accounts": records, "email_settings": [], "other": 1}),
        "records.json": json.dumps(records),
        "mapping.json": json.dumps({"email_accounts": records}),
        "encrypted.yml": _encrypted(yaml.safe_dump(records)),
        "encrypted.json": _encrypted(json.dumps(records)),
        "value.yml": _with_vault_value(),
        "empty.yml": "# nothing here\n",
        "fleet/10.yml": yaml.safe_dump(records[:1]),
        "fleet/20.json": json.dumps({"email_accounts": records[1:]}),
        "fleet/.hidden.yml": "not: read",
        "fleet/notes.txt": "not read",
        "dates.yml": "- {name: 2026-01-01, email: d@example.com}\n- {name: !unsafe '{{ 1 }}', email: u@example.com}\n",
        "types.yml": "- {name: Types, email: types@example.com, smtp_port: '587', has_auth: 'no'}\n",
        "bad.yml": "- name: fine\n- name: a: b\n  password: hunter2\n",
        "bad.json": '[\n{"name": "fine"},\n{"password": "hunter2" "x"}]',
        "alias.yml": "- name: A\n  password: *hunter2\n",
        "tag.yml": "- name: A\n  password: !hunter2\n",
        "text.yml": "just a text with hunter2",
        "other.yml": "email_settings: []\n",
        "wrong_vault.yml": _encrypted("[]").replace("AES256\n", "AES256\n00"),
        "bad_records.yml": "- name: A\n  smtp_port: 0\n- hunter2\n",
        "quote.yml": "- name: A\n  password: 'hunter2\n  smtp_port: 25\n- name: B\n",
        "bad_value.yml": "- name: A\n  password: !vault |\n    $ANSIBLE_VAULT;1.1;AES256\n    0000\n",
        "objects.yml": "- !!python/object/apply:os.system ['touch ran']\n",
    }
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (directory / "no_documents").mkdir()
    (directory / "password").write_text(VAULT_PASSWORD, encoding="utf-8")
    return {name: str(directory / name) for name in (*files, "fleet", "no_documents")}


@pytest.mark.parametrize("spec", WAYS)
def test_every_kind_of_document(playbook: Playbook, tmp_path: Path, spec: ModuleSpec) -> None:
    """The first one creates; all others say the same, so they find everything done."""
    paths = _write(tmp_path)
    same = ["mapping.yaml", "records.json", "mapping.json", "encrypted.yml", "encrypted.json", "fleet"]
    run = playbook.run(
        [
            Task("records.yml", MODULE, {"src": paths["records.yml"]}),
            *(Task(name, MODULE, {"src": paths[name]}) for name in same),
            Task("value.yml", MODULE, {"src": paths["value.yml"]}),
            Task("dates.yml", MODULE, {"src": paths["dates.yml"]}),
            Task("types.yml", MODULE, {"src": paths["types.yml"], "defaults": {"service": "gmail"}}),
            Task("empty.yml", MODULE, {"src": paths["empty.yml"], "prune": True}),
        ],
        spec=spec,
        options=[f"--vault-password-file={tmp_path / 'password'}"],
    )
    created = run.succeeded("records.yml")
    assert [(entry["key"], entry["action"]) for entry in created.returned["results"]] == [
        ("One", "created"),
        (JINJA, "created"),
    ]
    for name in same:
        assert run.succeeded(name).returned["summary"]["unchanged"] == 2, name
        assert [entry["key"] for entry in run[name].returned["results"]] == ["One", JINJA], name
    for name, count in (("value.yml", 1), ("dates.yml", 2), ("types.yml", 1)):
        assert run.succeeded(name).returned["summary"]["created"] == count
    stored = {entry["name"]: entry for entry in playbook.sandbox.accounts()}
    assert set(stored) == {"One", JINJA, "Vaulted", "2026-01-01", "{{ 1 }}", "Types"}
    assert stored[JINJA]["password"] == f"pass {JINJA}"
    assert stored["Vaulted"]["password"] == SECRET
    types = stored["Types"]
    assert (types["smtp_port"], types["has_auth"], types["service"]) == (587, False, "gmail")
    assert "prune_limit" in run.failed("empty.yml").returned["msg"]
    assert SECRET not in run.output


def test_documents_that_cannot_be_read(playbook: Playbook, tmp_path: Path) -> None:
    """Each error names the file, and the line where there is one, and shows nothing of what stands there."""
    paths = _write(tmp_path)
    expected: dict[str, list[str]] = {
        "bad.yml": ["bad.yml, line 2"],
        "bad.json": ["bad.json, line 3"],
        "alias.yml": ["alias.yml, line 2"],
        "tag.yml": ["tag.yml, line 2"],
        "text.yml": ["text.yml", "list"],
        "other.yml": ["other.yml", "email_accounts", "email_settings"],
        "wrong_vault.yml": ["wrong_vault.yml", "decrypted"],
        "bad_value.yml": ["bad_value.yml, line 2", "decrypted"],
        "objects.yml": ["objects.yml, line 1"],
        "no_documents": ["no_documents", ".json"],
        "bad_records.yml": ["accounts[0].smtp_port: (A) must be a port", "bad_records.yml, line 2)", "line 3)"],
        "quote.yml": ["quote.yml, line 2: a quote begins here that is not closed"],
        "missing.yml": ["missing.yml"],
    }
    sources = {**paths, "missing.yml": str(tmp_path / "missing.yml")}
    run = playbook.run(
        [Task(name, MODULE, {"src": sources[name]}) for name in expected],
        options=[f"--vault-password-file={tmp_path / 'password'}"],
    )
    for name, words in expected.items():
        outcome = run.failed(name)
        assert outcome.requests == []
        for word in words:
            assert word in outcome.returned["msg"], name
        if name != "bad_records.yml":
            assert [problem["field"] for problem in outcome.returned["failure"]["problems"]] == ["src"]
    assert "hunter2" not in run.output
    assert not (run.directory / "ran").exists()


def test_encrypted_without_a_password(playbook: Playbook, tmp_path: Path) -> None:
    paths = _write(tmp_path)
    run = playbook.run([Task(name, MODULE, {"src": paths[name]}) for name in ("encrypted.yml", "value.yml")])
    for name in ("encrypted.yml", "value.yml"):
        assert paths[name] in run.failed(name).returned["msg"]
        assert run[name].requests == []


def test_beside_the_playbook(playbook: Playbook) -> None:
    """A name is looked for from the playbook on; the first run is for nothing but the place."""
    relative = Task("read", MODULE, {"src": "../fleet.yml"})
    first = playbook.run([relative])
    assert "fleet.yml" in first.failed("read").returned["msg"]
    (first.directory.parent / "fleet.yml").write_text("- {name: A, email: a@example.com}\n", encoding="utf-8")
    assert playbook.run([relative]).succeeded("read").returned["summary"]["created"] == 1


@pytest.mark.parametrize("spec", WAYS)
def test_settings_and_vault_values_in_variables(playbook: Playbook, tmp_path: Path, spec: ModuleSpec) -> None:
    """A document of both kinds of record serves both tasks; vault values count in variables as well."""
    _write(tmp_path)
    playbook.sandbox.add_domains("a.example")
    document = {"email_settings": [{"domain": "a.example", **settings(extra={"note": JINJA})}], "email_accounts": []}
    (tmp_path / "both.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
    variables = "fleet:\n" + "\n".join(f"  {line}" for line in _with_vault_value().splitlines())
    (tmp_path / "variables.yml").write_text(variables, encoding="utf-8")
    run = playbook.run(
        [
            Task("settings", "email_settings_sync", {"src": str(tmp_path / "both.yml")}),
            Task("variables", MODULE, {"accounts": "{{ fleet }}"}),
        ],
        spec=spec,
        options=[f"--vault-password-file={tmp_path / 'password'}", f"--extra-vars=@{tmp_path / 'variables.yml'}"],
    )
    assert run.succeeded("settings").returned["summary"]["created"] == 1
    assert playbook.sandbox.settings()["a.example"]["options"]["note"] == JINJA
    assert run.succeeded("variables").returned["summary"]["created"] == 1
    found: list[dict[str, Any]] = playbook.sandbox.accounts()
    assert [entry["password"] for entry in found] == [SECRET]
