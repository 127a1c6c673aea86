# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The published schema of documents, as editors apply it: what it lets through, and what it marks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.markdown import ROOT
from tools.document_schema import document_schema

EXAMPLES = sorted((ROOT / "docs" / "gitops" / "repository" / "mail").rglob("*.yml"))
GOOD: list[Any] = [
    None,
    {},
    {"email_accounts": None, "email_settings": []},
    {"email_accounts": [{"name": "A", "smtp_port": "{{ port }}", "has_auth": "yes", "hash_auth": True}]},
    {"email_accounts": [{"id": 7, "smtp_port": "587", "smtp_crypt": None}, "{{ shared }}"]},
    {"email_accounts": "{{ accounts_of_all }}"},
    {"email_settings": [{"domain": "a", "options": {"tls": {"rejectUnauthorized": False}, "extra": {"x": [1]}}}]},
]
BAD: list[Any] = [
    [],
    {"email_acounts": []},
    {"email_accounts": {}},
    {"email_accounts": [{"smtp_port": 25}]},
    {"email_accounts": [{"name": "A", "smtp_prt": 25}]},
    {"email_accounts": [{"name": "A", "smtp_port": "many"}]},
    {"email_accounts": [{"name": "A", "smtp_crypt": "tls"}]},
    {"email_accounts": [{"name": "A", "password": 12345}]},
    {"email_accounts": [{"name": "A", "api_url": "https://server.example.com"}]},
    {"email_settings": [{"from": "a@example.com"}]},
    {"email_settings": [{"domain": "a", "options": {"auth": {"passwd": "x"}}}]},
]


def errors(document: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(document_schema()).iter_errors(document)]


def test_it_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(document_schema())


@pytest.mark.parametrize("document", GOOD)
def test_good_documents(document: Any) -> None:
    assert errors(document) == []


@pytest.mark.parametrize("document", BAD)
def test_bad_documents(document: Any) -> None:
    assert errors(document) != []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_examples(path: Path) -> None:
    assert errors(yaml.safe_load(path.read_text(encoding="utf-8"))) == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3
