# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents: keys that stand twice, and encrypted values in JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.mailfleet.email.plugins.plugin_utils._document import DocumentError, records_of

if TYPE_CHECKING:
    from pathlib import Path

VAULT = VaultLib([("default", VaultSecret(b"right"))])


def test_an_encrypted_value_in_json(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    encrypted = VAULT.encrypt("s3cr3t é".encode()).decode()
    path.write_text(
        json.dumps([{"password": {"__ansible_vault": encrypted}, "other": {"__ansible_vault": "x", "y": 1}}])
    )
    ((record,), _origins) = records_of(str(path), "email_accounts", VAULT)
    assert record == {"password": "s3cr3t é", "other": {"__ansible_vault": "x", "y": 1}}
    with pytest.raises(DocumentError, match=r"list\.json: a value cannot be decrypted; give the vault's password"):
        records_of(str(path), "email_accounts", VaultLib([("default", VaultSecret(b"wrong"))]))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.json", '[{"name": "hunter2", "name": "b"}]', r"x\.json: the key name stands twice in one object$"),
        ("x.json", '{"email_accounts": [], "email_accounts": []}', "the key email_accounts stands twice"),
        (
            "x.yml",
            "- name: a\n- name: hunter2\n  email: b\n  name: c\n",
            r"x\.yml, line 2: the key name stands here twice",
        ),
        (
            "x.yml",
            "email_accounts: [hunter2]\nemail_accounts: []\n",
            r"line 1: the key email_accounts stands here twice",
        ),
    ],
)
def test_a_key_stands_once(tmp_path: Path, name: str, content: str, message: str) -> None:
    """Else a part of what is described would silently not count."""
    (tmp_path / name).write_text(content)
    with pytest.raises(DocumentError, match=message) as caught:
        records_of(str(tmp_path / name), "email_accounts", VAULT)
    assert "hunter2" not in str(caught.value)


def test_a_template_as_a_key_is_no_name(tmp_path: Path) -> None:
    """YAML takes a bare template for a mapping as the key of a mapping."""
    (tmp_path / "x.yml").write_text("- name: {{ a }}\n")
    with pytest.raises(DocumentError, match=r"x\.yml, line 1: "):
        records_of(str(tmp_path / "x.yml"), "email_accounts", VAULT)
