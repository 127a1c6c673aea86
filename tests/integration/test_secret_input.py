# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets that cannot be meant: no texts, and texts that stand in place of one. Nothing is asked or stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.integration.playbook import WAYS, Task
from tests.integration.records import DOMAIN, account

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.playbook import ModuleSpec, Playbook

NO_TEXTS = {"yes": True, "octal": 0o777, "fraction": 1.5, "mapping": {"a": "hunter2"}, "list": ["hunter2"]}
PLACEHOLDERS = ("<secret: unchanged>", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "$encrypted$", "********", "<redacted>")


def _tasks(name: str, value: Any) -> dict[str, Task]:
    """A task for each place where a secret may stand, by the field that its problem names."""
    settings = {"domain": DOMAIN, "options": {"host": "h", "auth": {"user": "u", "pass": value}}}
    places: dict[str, tuple[str, dict[str, Any]]] = {
        "password": ("email_account", account(password=value)),
        "options.auth.pass": ("email_settings", settings),
        "accounts[0].password": ("email_accounts_sync", {"accounts": [account(password=value)]}),
        "defaults.password": ("email_accounts_sync", {"accounts": [{"name": "A"}], "defaults": {"password": value}}),
        "settings[0].options.auth.pass": ("email_settings_sync", {"settings": [settings]}),
        "access_token": ("email_account_info", {"access_token": value}),
        "refresh_token": ("email_account_info", {"refresh_token": value}),
        "key": ("email_settings_info", {"key": value}),
    }
    return {field: Task(f"{name} {field}", module, options) for field, (module, options) in places.items()}


@pytest.mark.parametrize("spec", WAYS)
def test_no_secret_that_cannot_be_meant(playbook: Playbook, spec: ModuleSpec) -> None:
    values = [*NO_TEXTS.items(), *((text, text) for text in PLACEHOLDERS)]
    if spec == "module":
        # A process each: one of each kind.
        values = [values[0], values[3], values[5]]
    tasks = [(field, value, task) for name, value in values for field, task in _tasks(name, value).items()]
    run = playbook.run([task for _field, _value, task in tasks], spec=spec)
    for field, value, task in tasks:
        outcome = run.failed(task.name)
        problems = {entry["field"]: entry["message"] for entry in outcome.returned["failure"]["problems"]}
        assert field in problems, (task.name, problems)
        assert (value if isinstance(value, str) else "put it in quotes") in problems[field], task.name
        assert outcome.requests == []
    assert "hunter2" not in run.output
    assert playbook.sandbox.accounts() == []


@pytest.mark.parametrize("spec", WAYS)
def test_secrets_of_documents(playbook: Playbook, tmp_path: Path, spec: ModuleSpec) -> None:
    """As YAML reads them: a date among them, which no text says how it was written."""
    lines = {"yes": "a boolean", "0777": "a number", "2026-01-02": "a date", "2026-01-02 03:04:05": "a date"}
    records = "".join(
        f"  - name: '{index}'\n    email: a@example.com\n    password: {text}\n" for index, text in enumerate(lines)
    )
    path = tmp_path / "records.yml"
    path.write_text(f"email_accounts:\n{records}  - name: 2026-01-02\n    email: a@example.com\n", encoding="utf-8")
    listed = yaml.safe_load(path.read_text())["email_accounts"]
    playbook_vars = tmp_path / "vars.yml"
    # Before ansible-core 2.19, a variable with a date in it becomes one text.
    without_dates = records.partition("  - name: '2'\n")[0]
    playbook_vars.write_text(f"listed:\n{without_dates}", encoding="utf-8")
    assert len(listed) == len(lines) + 1
    run = playbook.run(
        [
            Task("src", "email_accounts_sync", {"src": str(path)}),
            Task("document", "email_accounts_sync", {"document": str(path)}),
            Task("variable", "email_accounts_sync", {"accounts": "{{ listed }}"}),
        ],
        options=[f"--extra-vars=@{playbook_vars}"],
        spec=spec,
    )
    for name in ("src", "document"):
        problems = run.failed(name).returned["failure"]["problems"]
        assert [problem["field"] for problem in problems] == [f"accounts[{index}].password" for index in range(4)]
        for index, (problem, what) in enumerate(zip(problems, lines.values(), strict=True)):
            assert problem["message"].startswith(f"({index}) must be a text, not {what}: put it in quotes")
            assert problem["message"].endswith(f"records.yml, line {3 * index + 4})")
    found = [problem["field"] for problem in run.failed("variable").returned["failure"]["problems"]]
    assert found == ["accounts[0].password", "accounts[1].password"]
    assert playbook.sandbox.accounts() == []
