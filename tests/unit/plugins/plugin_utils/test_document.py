# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents of records, read as data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.mailfleet.email.plugins.plugin_utils._document import DocumentError, records_of

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = [{"name": "A", "smtp_port": 25}, {"name": "{{ B }}", "default": True}]
YAML = "- name: A\n  smtp_port: 25\n- name: '{{ B }}'\n  default: yes\n"
VAULT = VaultLib([("default", VaultSecret(b"right"))])
NO_VAULT = VaultLib()


def _read(path: Path, content: str | bytes, vault: VaultLib = NO_VAULT) -> list[Any]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return records_of(str(path), "email_accounts", vault)[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.yml", YAML),
        ("list.yaml", f"---\n{YAML}"),
        ("no_ending", YAML),
        ("mapping.yml", "email_accounts:\n" + YAML),
        ("list.json", json.dumps(RECORDS)),
        ("mapping.json", json.dumps({"email_accounts": RECORDS, "email_settings": []})),
        ("bom.json", json.dumps(RECORDS).encode("utf-16")),
    ],
)
def test_documents(tmp_path: Path, name: str, content: str | bytes) -> None:
    assert _read(tmp_path / name, content) == RECORDS


@pytest.mark.parametrize("content", ["", "# a comment\n", "---\n", "email_accounts: []\n", "[]"])
def test_empty_documents(tmp_path: Path, content: str) -> None:
    assert _read(tmp_path / "empty.yml", content) == []


@pytest.mark.parametrize(("name", "content"), [("list.yml", YAML), ("list.json", json.dumps(RECORDS))])
def test_encrypted_documents(tmp_path: Path, name: str, content: str) -> None:
    encrypted = VAULT.encrypt(content.encode())
    assert _read(tmp_path / name, encrypted, VAULT) == RECORDS
    with pytest.raises(DocumentError, match="cannot be decrypted"):
        _read(tmp_path / name, encrypted, VaultLib([("default", VaultSecret(b"wrong"))]))


def test_values_with_tags(tmp_path: Path) -> None:
    encrypted = "\n".join(f"    {line}" for line in VAULT.encrypt("s3cr3t é".encode()).decode().splitlines())
    content = f"- name: !unsafe '{{{{ x }}}}'\n  password: !vault |\n{encrypted}\n"
    records = _read(tmp_path / "tags.yml", content, VAULT)
    assert records == [{"name": "{{ x }}", "password": "s3cr3t é"}]
    assert type(records[0]["password"]) is str
    with pytest.raises(DocumentError, match=r"tags\.yml, line 2: .*decrypted"):
        _read(tmp_path / "tags.yml", content)


def test_one_document_s_vault_is_not_another_one_s(tmp_path: Path) -> None:
    """A reader that has seen one vault keeps nothing of it."""
    encrypted = "\n".join(f"    {line}" for line in VAULT.encrypt(b"first").decode().splitlines())
    content = f"- password: !vault |\n{encrypted}\n"
    assert _read(tmp_path / "one.yml", content, VAULT) == [{"password": "first"}]
    with pytest.raises(DocumentError):
        _read(tmp_path / "two.yml", content)


def test_a_directory(tmp_path: Path) -> None:
    """Its files in the order of their names; others, hidden ones and those deeper inside do not count."""
    (tmp_path / "b.json").write_text('[{"name": "2"}]')
    (tmp_path / "a.yml").write_text("- name: '1'\n")
    (tmp_path / "c.yaml").write_text("email_accounts:\n- name: '3'\n")
    for name in ("notes.txt", ".hidden.yml", "d.yml~"):
        (tmp_path / name).write_text("not read: [")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "e.yml").write_text("- name: '4'\n")
    records, origins = records_of(str(tmp_path), "email_accounts", NO_VAULT)
    assert records == [{"name": "1"}, {"name": "2"}, {"name": "3"}]
    assert [(file.name, steps) for file, steps in origins] == [
        ("a.yml", (0,)),
        ("b.json", (0,)),
        ("c.yaml", ("email_accounts", 0)),
    ]
    (tmp_path / "b.json").write_text("{}")
    with pytest.raises(DocumentError, match=r"b\.json"):
        records_of(str(tmp_path), "email_accounts", NO_VAULT)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.yml", "a: b: c", r"x\.yml, line 1: "),
        ("x.yml", "- a\n- [b\n", r"x\.yml, line 3: "),
        ("x.yml", "hunter2", r"x\.yml: the records must be a list$"),
        ("x.yml", "email_accounts: hunter2", r"x\.yml: the records must be a list$"),
        ("x.yml", "email_settings: []\nz: 1", r"must stand under email_accounts, but the file has email_settings, z$"),
        ("x.yml", "{}", "but the file has nothing$"),
        ("x.yml", "- !!python/name:os.system {}", r"x\.yml, line 1: "),
        ("x.yml", "- password: *hunter2", r"x\.yml, line 1: "),
        ("x.yml", "- password: !hunter2 a", r"x\.yml, line 1: "),
        ("x.yml", "- a\n---\n- b\n", r"x\.yml"),
        (
            "x.yml",
            "- name: a\n- password: 'hunter2\n  smtp_port: 25\n",
            r"line 2: a quote begins here that is not closed$",
        ),
        (
            "x.yml",
            '- a: 1\n- b: "hunter2\n  c: "d"\n',
            r"line 2: a quote begins here that is not closed before line 3$",
        ),
        ("x.yml", '- a: 1\n  b: "hunter2\n  c: d\n  e: "f"\n', r"line 2: .* not closed before line 4$"),
        ("x.yml", "- a: 'it's'\n", r"x\.yml, line 1: "),
        ("x.yml", '- a: "two\n    lines"\n- b: c: d\n', r"x\.yml, line 3: "),
        ("x.json", '[\n{"a": "hunter2,\n "b": "c"}]', r"x\.json, line 2: "),
        ("x.yml", b"- \xff\xfe\xfa", r"x\.yml: no readable YAML"),
        ("x.json", '[\n{"a": 1,}]', r"x\.json, line 2: "),
        ("x.json", "", r"x\.json, line 1: "),
        ("x.json", b'["\xff"]', r"x\.json: no readable JSON"),
        ("x.json", "[" * 100_000, r"x\.json"),
    ],
)
def test_errors_name_the_file_and_show_nothing_of_it(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        _read(tmp_path / name, content)
    assert "hunter2" not in str(caught.value)


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"missing\.yml: No such file"):
        records_of(str(tmp_path / "missing.yml"), "email_accounts", NO_VAULT)
    with pytest.raises(DocumentError, match="holds no file that ends in"):
        records_of(str(tmp_path), "email_accounts", NO_VAULT)


def _laughs(item: str) -> str:
    """A list whose items are lists of ten, and so on: small, and larger than any memory when written out."""
    levels = [f"l0: &a0 {item}"]
    levels += [f"l{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 30)]
    return "\n".join([*levels, "email_accounts: *a29"])


@pytest.mark.parametrize(
    "content",
    [
        _laughs("[x]"),
        _laughs("{x: 1}"),
        "email_accounts: &a [*a]",
        "email_accounts: [&a {b: {c: *a}}]",
        "\n".join(
            ["l0: &a0 {x: 1}", *(f"l{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 30))]
        ),
    ],
    ids=["lists", "mappings", "itself", "itself, deep", "merged"],
)
def test_aliases_without_end(tmp_path: Path, content: str) -> None:
    with pytest.raises(DocumentError, match=r"or no end|too much is merged"):
        _read(tmp_path / "a.yml", content)


@pytest.mark.parametrize(("merge", "host"), [("[*a, *b]", "first"), ("[*b, *a]", "second"), ("*b", "second")])
def test_the_first_of_several_merged_mappings_counts(tmp_path: Path, merge: str, host: str) -> None:
    """As YAML has it; PyYAML 6.0.4 takes the last one."""
    content = (
        f"a: &a {{host: first}}\nb: &b {{host: second}}\nemail_accounts: [{{<<: {merge}}}, {{<<: {merge}, host: own}}]"
    )
    assert _read(tmp_path / "a.yml", content) == [{"host": host}, {"host": "own"}]


@pytest.mark.parametrize("merge", ["a", "[a]", "[{host: a}, a]", "[[{host: a}]]"])
def test_what_is_no_mapping_cannot_be_merged(tmp_path: Path, merge: str) -> None:
    with pytest.raises(DocumentError, match="line 1: << takes in a mapping or a list of such"):
        _read(tmp_path / "a.yml", f"email_accounts: [{{<<: {merge}}}]")


def test_aliases_that_save_writing(tmp_path: Path) -> None:
    content = "x: &x {host: a}\nemail_accounts: [{options: *x}, {options: {<<: *x, port: 1}}]"
    assert _read(tmp_path / "a.yml", content) == [{"options": {"host": "a"}}, {"options": {"host": "a", "port": 1}}]
