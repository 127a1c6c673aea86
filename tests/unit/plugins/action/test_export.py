# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task that writes what is live as documents: what it says, and what it does when it cannot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.unit.plugins.action.running import run

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNT = {"id": 7, "name": "Alarms", "email": "alarms@example.com", "default": True, "service": "other"}
ACCOUNTS = {"email_accounts": [ACCOUNT], "secret_fields": [[{"path": ["password"], "readable": True}]]}
DOCUMENT = "email_accounts.yml"


def exported(folder: Path, **keywords: Any) -> dict[str, Any]:
    """The result of an export of one account."""
    arguments = {"path": str(folder), "name": "berlin", "email_accounts": ACCOUNTS}
    return run("export", arguments, keywords.pop("variables", None), **keywords)


def test_documents_and_the_file_for_the_secrets(tmp_path: Path) -> None:
    result = exported(tmp_path)
    assert (result["changed"], result["files"], result["path"]) == (True, [DOCUMENT], str(tmp_path / "berlin"))
    [name] = result["to_fill_in"]
    assert re.fullmatch("vault_berlin_email_accounts_alarms_[0-9a-f]{16}_password", name)
    assert (tmp_path / "berlin" / "vault.yml").stat().st_mode & 0o777 == 0o600
    (record,) = yaml.safe_load((tmp_path / "berlin" / DOCUMENT).read_text())["email_accounts"]
    assert record["password"] == f"{{{{ {name} or omit }}}}"
    again = exported(tmp_path)
    assert (again["changed"], again["to_fill_in"]) == (False, [name])
    assert "diff" not in again


def test_a_variable_of_somebody_else_is_not_referred_to(tmp_path: Path) -> None:
    [name] = exported(tmp_path / "another", check_mode=True)["to_fill_in"]
    result = exported(tmp_path, variables={name: "hunter2"})
    assert result["failed"] is True
    assert f"are also defined outside {tmp_path}/berlin/vault*.yml: {name}" in result["msg"]
    assert "hunter2" not in str(result)
    assert list(tmp_path.iterdir()) == []


def test_what_was_read_of_all_kinds(tmp_path: Path) -> None:
    skipped = {"changed": False, "skipped": True}
    kinds = {"email_accounts": ACCOUNTS, "email_settings": skipped, "email_profiles": skipped}
    result = run("export", {"path": str(tmp_path), "name": "berlin", "kinds": kinds})
    assert (result["changed"], result["files"]) == (True, [DOCUMENT])
    assert "Alarms" in (tmp_path / "berlin" / DOCUMENT).read_text()
    own: dict[str, Any] = {"email_accounts": {"email_accounts": [], "secret_fields": []}}
    run("export", {"path": str(tmp_path), "name": "berlin", "kinds": kinds, **own})
    assert "Alarms" not in (tmp_path / "berlin" / DOCUMENT).read_text()


@pytest.mark.parametrize("kinds", [{"email_acounts": ACCOUNTS}, {"email_accounts": "none"}, {"email_accounts": None}])
def test_what_is_no_result_of_a_task_that_read(tmp_path: Path, kinds: dict[str, Any]) -> None:
    result = run("export", {"path": str(tmp_path), "name": "berlin", "kinds": kinds})
    assert result["failure"] == {"kind": "export"}
    assert f"kinds holds {next(iter(kinds))}, which is nothing that host_info returns" in result["msg"]
    assert list(tmp_path.iterdir()) == []


def test_what_somebody_else_wrote(tmp_path: Path) -> None:
    (tmp_path / "berlin").mkdir()
    path = tmp_path / "berlin" / DOCUMENT
    path.write_text("email_accounts: []  # None yet.\n")
    for check_mode in (True, False):
        result = exported(tmp_path, check_mode=check_mode)
        assert result["failure"] == {"kind": "export", "files": [str(path)]}
        assert result["msg"].startswith("export: would overwrite what no export wrote, or what was changed since: ")
        assert path.read_text() == "email_accounts: []  # None yet.\n"
    forced = run("export", {"path": str(tmp_path), "name": "berlin", "email_accounts": ACCOUNTS, "force": True})
    assert forced["changed"] is True
    assert "Alarms" in path.read_text()


@pytest.mark.parametrize("odd", [{"name": None}, {"name": ""}, {"name": "x" * 300}, {"id": None}, {"default": True}])
@pytest.mark.parametrize("one_file_each", [False, True])
def test_one_odd_record_costs_itself_alone(tmp_path: Path, odd: dict[str, Any], one_file_each: bool) -> None:
    accounts = {"email_accounts": [{**ACCOUNT, "id": 8, **odd}, ACCOUNT], "secret_fields": [[], []]}
    arguments = {"path": str(tmp_path), "name": "berlin", "email_accounts": accounts, "one_file_each": one_file_each}
    result = run("export", arguments)
    assert "failed" not in result, result["msg"]
    documents = [yaml.safe_load((tmp_path / "berlin" / name).read_text())["email_accounts"] for name in result["files"]]
    assert any(entry.get("name") == "Alarms" or entry.get("id") == 7 for entries in documents for entry in entries)


def test_check_mode_shows_and_writes_nothing(tmp_path: Path) -> None:
    result = exported(tmp_path, check_mode=True, diff=True)
    assert result["changed"] is True
    assert {change["after_header"].rpartition("/")[2] for change in result["diff"]} == {
        DOCUMENT,
        "vault.yml",
        "document.schema.json",
    }
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_an_earlier_export_goes(tmp_path: Path) -> None:
    arguments = {"path": str(tmp_path), "name": "berlin", "email_accounts": ACCOUNTS, "one_file_each": True}
    run("export", arguments)
    [old] = (tmp_path / "berlin" / "email_accounts").iterdir()
    own = tmp_path / "berlin" / "own.yml"
    own.write_text("email_accounts: []\n")
    copy = old.with_name("copy.yml")
    copy.write_text(old.read_text())
    result = exported(tmp_path, diff=True)
    gone = [change["before_header"] for change in result["diff"] if not change["after"]]
    assert (gone, old.exists(), own.exists(), copy.exists()) == ([str(old)], False, True, True)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc"])
def test_a_name_that_leads_elsewhere(tmp_path: Path, name: str) -> None:
    result = run("export", {"path": str(tmp_path), "name": name, "email_accounts": ACCOUNTS})
    assert result["failed"] is True
    assert result["failure"] == {"kind": "export"}
    assert result["msg"] == f"export: {name!r} cannot be the name of a folder"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "berlin").write_text("")
    result = exported(tmp_path)
    assert result["failed"] is True
    assert result["msg"] == f"export: {tmp_path / 'berlin'}: a file stands where a folder should be"


def test_secrets_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "berlin").mkdir()
    (tmp_path / "berlin" / "vault.yml").write_text("hunter2")
    result = exported(tmp_path)
    assert result["failed"] is True
    assert "vault.yml: must be a mapping of variables to secrets" in result["msg"]
    assert "hunter2" not in str(result)


def test_what_no_option_describes_is_warned_of(tmp_path: Path) -> None:
    unknown = {"email_accounts": [{**ACCOUNT, "colour": "red"}], "secret_fields": [[]]}
    result = run("export", {"path": str(tmp_path), "name": "berlin", "email_accounts": unknown})
    assert len(result["warnings"]) == 1
    assert "colour" in result["warnings"][0]
    assert "red" not in result["warnings"][0]


def test_what_was_not_read(tmp_path: Path) -> None:
    """A task that was skipped read nothing; one that failed leaves nothing to be written down."""
    both = {"path": str(tmp_path), "name": "berlin", "email_accounts": ACCOUNTS}
    assert run("export", {**both, "email_settings": {"skipped": True}})["files"] == [DOCUMENT]
    result = run("export", {**both, "email_settings": {"failed": True, "msg": "no connection"}})
    assert result["msg"] == "export: email_settings is no result of a task that read them: no connection"


def test_nothing_to_export(tmp_path: Path) -> None:
    assert run("export", {"path": str(tmp_path), "name": "berlin"})["failure"]["kind"] == "input"


def test_everything_that_is_wrong_with_the_options_is_reported_at_once() -> None:
    result = run("export", {"one_file_each": "perhaps", "colour": "red"})
    assert (result["failed"], result["changed"], result["failure"]["kind"]) == (True, False, "input")
    assert all(word in result["msg"] for word in ("one_file_each", "colour", "path", "name")), result["msg"]
