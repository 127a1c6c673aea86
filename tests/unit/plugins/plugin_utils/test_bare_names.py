# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Extra variables without the beginning of ours are distinguished from those that somebody reads."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils._bare_names import bare_names
from tests.unit.collection import COLLECTION

NAMES = ("mailfleet_prune", "mailfleet_hosts", "mailfleet_plan", "plan")
OURS = {"playbook_dir": str(COLLECTION / "playbooks")}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prune", "mailfleet_prune"),
        ("hosts", "mailfleet_hosts"),
        ("check", "--check"),
        ("dry_run", "--check"),
        ("limit", "--limit"),
        ("plan", None),
        ("stage", None),
    ],
)
def test_what_is_meant(name: str, expected: str | None) -> None:
    given = {**OURS, name: True, "gitops_own": f"{{{{ {name} }}}}"}
    assert bare_names(NAMES, given, [name]).get(name) == expected
    assert bare_names(NAMES, given, []) == {}


@pytest.mark.parametrize(
    "more",
    [
        {"playbook_dir": "/somewhere/else"},
        {"mailfleet_prune": "{{ prune | bool }}"},
        {"email_accounts": [{"name": "A", "state": "{{ 'absent' if prune else 'present' }}"}]},
    ],
)
def test_what_may_be_read(more: dict[str, Any]) -> None:
    assert bare_names(NAMES, {**OURS, "prune": True, **more}, ["prune"]) == {}


def test_a_name_that_only_looks_alike_is_not_read() -> None:
    given = {**OURS, "prune": True, "own": "{{ mailfleet_prune }}", "text": "prune"}
    assert bare_names(NAMES, given, ["prune"]) == {"prune": "mailfleet_prune"}
