# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where something stands in a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.parsing.vault import VaultLib

from ansible_collections.mailfleet.email.plugins.plugin_utils._places import Places, steps_of

DOCUMENT = """
email_accounts:
  - name: A
    options:
      auth: {user: u,
             pass: p}
  - name: B
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("email_accounts", 2),
        ("email_accounts[0].name", 3),
        ("email_accounts[0].options.auth.pass", 6),
        ("email_accounts[1]", 7),
        ("email_accounts[1].missing", 7),
        ("email_accounts[9].name", 2),
        ("other", 2),
    ],
)
def test_places(tmp_path: Path, path: str, line: int) -> None:
    file = tmp_path / "a.yml"
    file.write_text(DOCUMENT, encoding="utf-8")
    assert Places(VaultLib([])).place(file, steps_of(path)) == f"{file}, line {line}"


@pytest.mark.parametrize("content", [None, "", "a: [", "\x00"])
def test_files_without_places(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "a.yml"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    assert Places(VaultLib([])).place(file, ["a"]) == str(file)


def test_json_has_lines_too(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"email_accounts": [\n  {"name": "A",\n   "smtp_port": 0}]}', encoding="utf-8")
    assert Places(VaultLib([])).place(file, steps_of("email_accounts[0].smtp_port")).endswith("line 3")
