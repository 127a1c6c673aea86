# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The document of a host: which of its files say what, and what is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.mailfleet.email.plugins.plugin_utils._described import Description, Literal, read_description
from ansible_collections.mailfleet.email.plugins.plugin_utils._document import DocumentError
from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import DOCUMENT_KEYS

if TYPE_CHECKING:
    from pathlib import Path

VAULT = VaultLib([("default", VaultSecret(b"right"))])


def described(folder: Path, files: dict[str, str]) -> Description:
    """What a folder with these files says."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    return read_description(str(folder), VAULT)


def test_files_at_any_depth_in_the_order_of_their_names(tmp_path: Path) -> None:
    found = described(
        tmp_path,
        {
            "b.yml": "email_accounts: [{name: B}]\nemail_settings: []\n",
            "a/deep/er.json": '{"email_accounts": [{"name": "A"}]}',
            "c.yaml": "email_accounts:\n",
            "empty.yml": "# nothing\n",
            "notes.txt": "not read: [",
            ".git/x.yml": "not read: [",
            "a/.hidden.yml": "not read: [",
        },
    )
    assert list(found.lists) == ["email_accounts", "email_settings"]
    assert found.lists["email_accounts"] == [
        (tmp_path / "a" / "deep" / "er.json", [{"name": "A"}]),
        (tmp_path / "b.yml", [{"name": "B"}]),
    ]
    # Null, as in c.yaml, is not given.
    assert found.lists["email_settings"] == [(tmp_path / "b.yml", [])]
    assert found.variables == {}


def test_files_of_secrets_stand_at_the_top_only(tmp_path: Path) -> None:
    found = described(
        tmp_path,
        {
            "vault.yml": "first: one\nsecond:\n",
            "vault-2.yml": "# to fill in\n",
            "below/vault.yml": "email_settings: [{domain: a.example}]\n",
        },
    )
    assert found.variables == {"first": "one", "second": None}
    assert found.lists == {"email_settings": [(tmp_path / "below" / "vault.yml", [{"domain": "a.example"}])]}


def test_an_encrypted_file_of_secrets(tmp_path: Path) -> None:
    encrypted = VAULT.encrypt(b"password: hunter2\n").decode()
    assert described(tmp_path, {"vault.yml": encrypted}).variables == {"password": "hunter2"}


def test_what_is_no_template_is_marked(tmp_path: Path) -> None:
    found = described(tmp_path, {"a.yml": "email_accounts: [{name: '{{ x }}', email: !unsafe '{{ y }}'}]\n"})
    ((_file, [record]),) = found.lists["email_accounts"]
    assert (type(record["name"]), type(record["email"])) == (str, Literal)
    assert record["email"] == "{{ y }}"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.yml",
            "- hunter2\n",
            rf"a\.yml: must be a mapping of {', '.join(DOCUMENT_KEYS)} to lists of records$",
        ),
        ("a.yml", "hunter2", r"a\.yml: must be a mapping"),
        (
            "a.yml",
            "email_accounts: []\nemail_acounts: [hunter2]\n",
            r"a\.yml, line 2: unknown key email_acounts; a document has these: email_settings, .*$",
        ),
        ("a.json", '{"z": 1, "b": "hunter2"}', r"unknown key b, z; "),
        ("vault.yml", "- hunter2\n", r"vault\.yml: must be a mapping of variables to secrets$"),
        ("notes.txt", "hunter2", r"the directory holds no file that ends in \.json, \.yaml, \.yml$"),
    ],
)
def test_errors_name_the_file_and_show_nothing_of_it(tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        described(tmp_path, {name: content})
    assert "hunter2" not in str(caught.value)


def test_one_file(tmp_path: Path) -> None:
    """A file that is named itself is read whatever it is called; only folders have files of secrets."""
    path = tmp_path / "vault.conf"
    path.write_text("email_settings: []\n")
    assert read_description(str(path), VAULT).lists == {"email_settings": [(path, [])]}
    with pytest.raises(DocumentError, match=r"missing\.yml: No such file"):
        read_description(str(tmp_path / "missing.yml"), VAULT)
