# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the integration tests hold every result to: a result that is not as documented is reported."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.returned import differences

FAILED = {"failed": True, "msg": "no"}
VERDICT = {"key": "Alarms", "action": "none"}
SYNC = {"changed": False, "results": [VERDICT], "summary": {"created": 0}}
DIFF = {"before": {}, "after": {"name": "Alarms"}, "before_header": "", "after_header": ""}
CREATED = {"changed": True, "action": "created", "changed_fields": ["name"], "diff": DIFF}


@pytest.mark.parametrize(
    ("module", "returned"),
    [
        ("email_accounts_sync", SYNC),
        ("email_accounts_sync", {**SYNC, "durations": [None, 0.5, 1]}),
        ("email_accounts_sync", {**FAILED, "changed": False, "_ansible_no_log": False, "attempts": 2, "item": "x"}),
        ("email_account", CREATED),
        ("email_account", {"censored": "the output has been hidden", "anything": 1}),
        ("email_accounts_sync", {"changed": False, "skipped": True, "skip_reason": "nothing is described"}),
        ("email_account", {**FAILED, "failure": {"kind": "defect"}}),
        ("email_accounts_sync", {**FAILED, "exception": "of a template"}),
        ("email_account", {"ansible_job_id": "1.2", "started": 1, "finished": 0, "changed": True}),
    ],
)
def test_what_is_documented(module: str, returned: dict[str, Any]) -> None:
    assert differences(module, returned, failed="failed" in returned) == []


@pytest.mark.parametrize(
    ("module", "returned", "reported"),
    [
        ("email_accounts_sync", {**SYNC, "more": 1}, "more is not documented"),
        ("email_accounts_sync", {"results": []}, "changed is missing"),
        ("email_account", {**CREATED, "diff": None, "action": "made"}, "action is none of its choices: 'made'"),
        ("email_account", {**CREATED, "action": 1}, "action is documented as str, and is 1"),
        ("email_account", {**CREATED, "changed_fields": [1]}, "changed_fields[] is documented as str, and is 1"),
        ("email_account", {**CREATED, "changed": 1}, "changed is documented as bool, and is 1"),
        ("email_account", {**CREATED, "diff": {**DIFF, "prepared": ""}}, "diff.prepared is not documented"),
        (
            "email_account",
            {name: value for name, value in CREATED.items() if name != "action"},
            "action is missing",
        ),
        (
            "email_accounts_sync",
            {**SYNC, "results": [{**VERDICT, "diff": {**DIFF, "by": "me"}}]},
            "results[].diff.by is not documented",
        ),
        ("email_accounts_sync", {**SYNC, "results": [{"key": "Alarms"}]}, "results[].action is missing"),
        ("email_account", {**FAILED, "failure": {"problems": []}}, "failure.kind is missing"),
        ("email_account", {"ansible_job_id": "1.2", "finished": 1, "more": 1, **CREATED}, "more is not documented"),
    ],
)
def test_what_is_not_documented(module: str, returned: dict[str, Any], reported: str) -> None:
    assert differences(module, returned, failed="failed" in returned) == [reported]
