# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The published schema of documents is the one that the argument specs make."""

from __future__ import annotations

from ansible_collections.mailfleet.email.plugins.plugin_utils._export_seal import is_unchanged
from tests.unit.collection import spec
from tools.document_schema import EXAMPLE, FILE, document_schema, schema_text, sealed_schema

LISTS = {
    "email_settings": "email_settings_sync",
    "email_accounts": "email_accounts_sync",
    "email_profiles": "email_profiles_sync",
}


def test_the_schema_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == schema_text(), "run `make record`"


def test_the_example_repository_has_it_as_an_export_writes_it() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert text == sealed_schema(), "run `make record`"
    assert is_unchanged(text), "an export of another release would take it for somebody else's"


def test_it_knows_every_option_of_a_record() -> None:
    for kind, name in LISTS.items():
        records = document_schema()["properties"][kind]["anyOf"][0]["items"]["anyOf"][0]["properties"]
        found = spec(name)
        options = found.argument_spec[str(found.records)]["options"]
        aliases = {alias for option in options.values() for alias in option.get("aliases", ())}
        assert set(records) == set(options) | aliases
        assert all(described["description"] for described in records.values())
