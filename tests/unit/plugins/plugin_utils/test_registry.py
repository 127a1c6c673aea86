# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The registry of products and kinds of record says of each module which one it is about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils._registry import COLLECTION, KINDS, kind_of
from tests.unit.collection import PLUGINS

SCHEMA = Path(__file__).resolve().parents[4] / "docs" / "schemas" / "report.schema.json"

# These ask no product: a check talks to the mail server itself, the others to nobody or to a mailbox.
WITHOUT_PRODUCT = {
    "control_variables",
    "drift",
    "email_account_check",
    "email_delivery_info",
    "email_profile_check",
    "email_settings_check",
    "export",
    "hand_on",
    "host_info",
    "host_sync",
    "merge",
    "plan_file",
    "test_send_summary",
}


@pytest.mark.parametrize(
    ("module", "product"),
    [
        (f"{COLLECTION}email_accounts_sync", "itflex"),
        (f"{COLLECTION}email_settings_sync", "webitel"),
        (f"{COLLECTION}email_account_check", None),
        (f"{COLLECTION}email_settings_check", None),
        (f"{COLLECTION}email_profiles_sync", "webitel_cloud"),
        (f"{COLLECTION}email_profile_check", None),
        ("ansible.builtin.debug", None),
        ("email_account", None),
    ],
)
def test_kind_of(module: str, product: str | None) -> None:
    kind = kind_of(module)
    assert (kind.product if kind else None) == product


def test_each_other_module_is_about_a_kind() -> None:
    modules = {path.stem for path in (PLUGINS / "modules").glob("*.py")}
    assert {module for module in modules if kind_of(f"{COLLECTION}{module}") is None} == WITHOUT_PRODUCT


def test_each_product_has_its_folder() -> None:
    folders = {
        path.name for path in (PLUGINS / "module_utils" / "_products").iterdir() if (path / "product.py").exists()
    }
    assert {kind.product for kind in KINDS} == folders


def test_the_published_schema_of_the_report_knows_each_of_them() -> None:
    """What it does not list, a reader that holds a report to it would refuse."""
    definitions = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    assert set(definitions["record"]["properties"]["kind"]["enum"]) == {kind.name for kind in KINDS}
    assert set(definitions["task"]["properties"]["product"]["enum"]) == {*(kind.product for kind in KINDS), None}
