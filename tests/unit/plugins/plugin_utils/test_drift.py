# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The record result about a host: everything is reported, names and fields only, and nothing a terminal obeys."""

from __future__ import annotations

from typing import Any

from ansible_collections.mailfleet.email.plugins.plugin_utils._drift import Drift, drift_of

SAME: dict[str, Any] = {"key": "Same", "action": "none", "changed_fields": [], "error": None}
CHANGED = {"key": "Changed", "action": "updated", "changed_fields": ["smtp_port", "email"], "error": None}
FAILED = {"key": "b.example", "action": "failed", "changed_fields": [], "error": "no connection"}


def reported(*results: dict[str, object] | None) -> Drift:
    drift = Drift()
    for result in results:
        drift.add("email_accounts", result)
    return drift


UNKNOWN = {"key": "Hidden", "action": "unknown", "changed_fields": ["password"], "unknown_fields": ["password"]}
BOTH = {"key": "Both", "action": "updated", "changed_fields": ["email", "password"], "unknown_fields": ["password"]}


def test_what_the_server_does_not_show_is_no_difference() -> None:
    drift = drift_of({"email_accounts": {"results": [UNKNOWN]}})
    assert (drift.different, drift.unknown) == ([], ["email_accounts Hidden password"])
    assert "1 not known, since the server does not show them: email_accounts Hidden password" in drift.reported()
    drift = drift_of({"email_accounts": {"results": [BOTH]}})
    assert drift.different == ["email_accounts Both differs in email"]
    assert drift.unknown == ["email_accounts Both password"]


def test_equal() -> None:
    drift = reported({"results": [SAME], "undescribed": []}, {"skipped": True})
    assert (drift.equal, drift.different, drift.undescribed, drift.unread) == (1, [], [], [])
    assert drift.reported() == "1 record is as described"


def test_differences() -> None:
    entries = [SAME, CHANGED, {**SAME, "action": "created", "key": "New"}, {**SAME, "action": "deleted", "key": "Old"}]
    drift = reported({"results": entries})
    assert drift.different == [
        "email_accounts Changed differs in smtp_port, email",
        "email_accounts New is missing",
        "email_accounts Old is there and should not be",
    ]
    assert "3 differ: email_accounts Changed" in drift.reported()


def test_what_is_not_described() -> None:
    drift = reported({"results": [], "undescribed": [{"id": 8, "name": "Alarms"}, {"domain": "a.example"}]})
    assert drift.undescribed == ["email_accounts Alarms (id 8)", "email_accounts a.example"]
    assert (drift.different, drift.unread) == ([], [])


def test_what_could_not_be_read() -> None:
    assert reported({"failed": True, "msg": "no connection"}).unread == ["no connection"]
    assert reported(None).unread == ["email_accounts: not compared"]
    some = reported({"failed": True, "msg": "1 of 2 records failed", "results": [CHANGED, FAILED]})
    assert some.unread == ["email_accounts b.example: no connection"]
    assert some.different == ["email_accounts Changed differs in smtp_port, email"]


def test_nothing_is_described() -> None:
    skipped = {"skipped": True}
    assert drift_of({"email_accounts": skipped, "email_settings": skipped}).unread == ["nothing is described"]
    assert drift_of({"email_accounts": skipped, "email_settings": {"results": []}}).unread == []


def test_a_long_list_is_cut() -> None:
    drift = reported({"results": [{**CHANGED, "key": str(number)} for number in range(50)]})
    assert len(drift.different) == 50
    assert drift.reported().endswith("and 30 more")


def test_nothing_that_a_terminal_obeys() -> None:
    drift = reported({"results": [], "undescribed": [{"name": "a\x1b[31mb\x9bc"}], "failed": True, "msg": "x\x1by"})
    assert drift.reported().isprintable()
