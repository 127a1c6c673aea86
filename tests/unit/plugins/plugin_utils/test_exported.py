# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of an export: references in place of secrets, marks on what looks like a template, names that are free."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.mailfleet.email.plugins.module_utils._resource.exported import Exported
from ansible_collections.mailfleet.email.plugins.plugin_utils._described import read_description
from ansible_collections.mailfleet.email.plugins.plugin_utils._export_folder import ExportFolder
from ansible_collections.mailfleet.email.plugins.plugin_utils._exported import Files

NO_VAULT = VaultLib([])
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["yes", "0x1", "1e3", "~", "2026-01-01", "a: b", "# c", "{{ x }}", "{% y", "- z", "\x85", "\ufeff", "=", "!t"]
)
values = st.recursive(
    st.booleans() | st.integers() | texts, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=8
)


def record(key: str, **fields: Any) -> Exported:
    return Exported(key, {"name": key, **fields}, secrets=[["password"]])


def files(*records: Exported, one_file_each: bool = False) -> Files:
    made = Files()
    made.add("email_accounts", records, one_file_each=one_file_each)
    return made


@settings(max_examples=100, deadline=None, derandomize=True)
@given(values=st.dictionaries(texts, values, max_size=4))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any]) -> None:
    """Also what YAML has another meaning for."""
    path = tmp_path_factory.mktemp("export") / "a.yml"
    made = Files()
    made.add("email_accounts", [Exported("a", {"values": values})], one_file_each=False)
    path.write_text(made.contents["email_accounts.yml"], encoding="utf-8", newline="")
    [(_file, records)] = read_description(str(path), NO_VAULT).lists["email_accounts"]
    assert records == [{"values": values}]


def test_names_are_counted_on() -> None:
    made = files(record("a b"), record("a-b"), record("A_B"), one_file_each=True)
    assert list(made.variables) == ["vault_a_b_password", "vault_a_b_password_2", "vault_a_b_password_3"]
    assert [path.rpartition("/")[2] for path in made.contents] == ["a-b.yml", "a-b-2.yml", "a-b-3.yml"]


def test_a_secret_deep_inside() -> None:
    """Also where nothing else stands beside it."""
    made = Files()
    entry = {"domain": "a.example", "options": {"host": "smtp.a.example"}}
    made.add(
        "email_settings", [Exported("a.example", entry, secrets=[["options", "auth", "pass"]])], one_file_each=False
    )
    (described,) = yaml.safe_load(made.contents["email_settings.yml"])["email_settings"]
    reference = "{{ vault_a_example_auth_pass or omit }}"
    assert described["options"] == {"host": "smtp.a.example", "auth": {"pass": reference}}
    assert made.variables == {"vault_a_example_auth_pass": "email_settings, a.example: options.auth.pass"}


def test_references_and_their_stub() -> None:
    made = files(record("Ä b"), record("a-b"), record("!!!"))
    assert list(made.variables) == ["vault_a_b_password", "vault_a_b_password_2", "vault_password"]
    assert 'password: "{{ vault_a_b_password or omit }}"' in made.contents["email_accounts.yml"]
    assert yaml.safe_load(made.stub(known=())) == dict.fromkeys(made.variables)
    assert set(yaml.safe_load(made.stub(known={"vault_a_b_password"}))) == set(made.variables) - {"vault_a_b_password"}
    assert made.stub(known=made.variables) == ""


def test_a_key_cannot_break_out_of_a_comment() -> None:
    made = files(record("a\nvault_other: x\u2028y"))
    assert set(yaml.safe_load(made.stub(known=()))) == set(made.variables)


def test_templates_are_marked() -> None:
    made = files(Exported("a", {"name": "{{ x }}", "list": ["{# y"]}))
    assert '!unsafe "{{ x }}"' in made.contents["email_accounts.yml"]
    assert '!unsafe "{# y"' in made.contents["email_accounts.yml"]


def test_one_file_each() -> None:
    made = files(record("a b"), record("A-B"), record("../etc"), one_file_each=True)
    assert list(made.contents) == [
        "email_accounts/a-b.yml",
        "email_accounts/a-b-2.yml",
        "email_accounts/etc.yml",
    ]
    assert "$schema=../../document.schema.json" in made.contents["email_accounts/a-b.yml"]


def test_nothing_live_is_described_as_nothing() -> None:
    made = files()
    assert yaml.safe_load(made.contents["email_accounts.yml"]) == {"email_accounts": []}


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc"])
def test_names_that_lead_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name of a folder"):
        ExportFolder(tmp_path, name)


def test_a_folder(tmp_path: Path) -> None:
    folder = ExportFolder(tmp_path, "berlin")
    many, one = files(record("A"), one_file_each=True), files(record("A"))
    folder.apply(folder.changes(many, {}, NO_VAULT))
    assert folder.to_fill_in == ["vault_a_password"]
    assert (tmp_path / "berlin" / "vault.yml").stat().st_mode & 0o777 == 0o600
    assert folder.changes(many, {}, NO_VAULT) == []
    (tmp_path / "berlin" / "own.yml").write_text("email_accounts: []\n")
    paths = {change.path.name: change.after is None for change in folder.changes(one, {}, NO_VAULT)}
    assert paths == {"email_accounts.yml": False, "a.yml": True}
    assert folder.changes(many, {"vault_a_password": "of the host"}, NO_VAULT) == []
    assert folder.to_fill_in == []
