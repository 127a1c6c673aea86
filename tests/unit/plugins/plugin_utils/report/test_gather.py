# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the modules' results to entries about records."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import fingerprint_of
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.gather import (
    failure_of,
    plain_result,
    read_of,
    records_of,
    server_of,
    undescribed_of,
    warnings_of,
)
from tests.unit.plugins.plugin_utils.report.results import (
    created,
    deleted,
    diff,
    failed,
    single,
    synced,
    unchanged,
    updated,
)

SYNC = "mailfleet.email.email_accounts_sync"
ACCOUNT = "mailfleet.email.email_account"
SETTINGS = "mailfleet.email.email_settings"


def test_many_records() -> None:
    result = synced(
        updated("B", {"port": 25, "from": "b"}, {"port": 465, "from": "b"}),
        unchanged("A"),
        failed("C", "C: no", port=1),
        deleted("D", port=2),
    )
    records = records_of(SYNC, {}, result, 1.5)
    assert [(record["key"], record["action"]) for record in records] == [
        ("B", "updated"),
        ("A", "none"),
        ("C", "failed"),
        ("D", "deleted"),
    ]
    assert records[0]["changes"] == [{"field": "port", "before": 25, "after": 465}]
    assert records[0]["fingerprint"] == fingerprint_of({"port": 25, "from": "b"})
    assert (records[1]["changes"], records[1]["fingerprint"]) == ([], None)
    assert (records[2]["error"], records[2]["failure"]) == ("C: no", {"kind": "refused", "status": 409})
    assert records[2]["changes"] == [{"field": "port", "before": None, "after": 1}]
    assert records[3]["changes"] == [{"field": "port", "before": 2, "after": None}]
    assert {record["kind"] for record in records} == {"email_account"}
    assert {record["duration"] for record in records} == {None}


def test_each_record_of_many_has_its_own_duration() -> None:
    entry: dict[str, Any] = {"action": "none", "changed_fields": [], "error": None}
    result = {"results": [{**entry, "key": "A"}, {**entry, "key": "B"}], "durations": [0.25, None]}
    records = records_of("mailfleet.email.email_accounts_sync", {}, result, 3.0)
    assert [record["duration"] for record in records] == [0.25, None]


@pytest.mark.parametrize(
    ("module", "arguments", "key"),
    [
        (ACCOUNT, {"name": "Reports", "email": "r@example.com"}, "Reports"),
        (ACCOUNT, {"email": "r@example.com"}, "r@example.com"),
        (ACCOUNT, {"id": 7, "name": "New name"}, "id 7"),
        (ACCOUNT, {"name": "{{ item }}"}, None),
        (ACCOUNT, {}, None),
        (SETTINGS, {"domain": "a.example"}, "a.example"),
    ],
)
def test_one_record(module: str, arguments: dict[str, Any], key: str | None) -> None:
    (record,) = records_of(module, arguments, single(created("?", port=25), warnings=["odd"]), 0.25)
    assert (record["key"], record["action"], record["duration"]) == (key, "created", 0.25)
    assert record["changes"] == [{"field": "port", "before": None, "after": 25}]
    assert record["warnings"] == ["odd"]
    assert record["kind"] == module.rpartition(".")[2]


def test_an_unchanged_record_has_the_fingerprint_of_what_was_read() -> None:
    live = {"port": 25}
    (record,) = records_of(ACCOUNT, {"name": "A"}, {"action": "none", "changed_fields": [], "diff": diff(live, live)})
    assert (record["action"], record["changes"]) == ("none", [])
    assert record["fingerprint"] == fingerprint_of(live)


def test_one_record_that_failed() -> None:
    result = {"msg": "email_account A: port: must be a number", "failure": {"kind": "input"}, "warnings": ["odd"]}
    (record,) = records_of(ACCOUNT, {"name": "A"}, result)
    assert (record["action"], record["error"], record["failure"]) == ("failed", result["msg"], {"kind": "input"})
    assert record["fingerprint"] is None
    assert failure_of(ACCOUNT, result, [record]) == (None, None)
    assert warnings_of(result, [record]) == []


@pytest.mark.parametrize(
    ("result", "action"),
    [
        ({"sent": True}, "sent"),
        ({"sent": False}, "not_sent"),
        ({"sent": False, "failure": {"kind": "sending"}}, "failed"),
    ],
)
def test_a_test_message(result: dict[str, Any], action: str) -> None:
    result = {"from": "a@example.com", "to_email": "b@example.com", "via": {"host": "h"}, "msg": "words", **result}
    (record,) = records_of(f"{SETTINGS}_test", {"domain": "a.example"}, result, 1)
    assert (record["action"], record["key"]) == (action, "a.example")
    assert record["message"] == {"from": "a@example.com", "to_email": "b@example.com", "via": {"host": "h"}}
    assert record["error"] == ("words" if action == "failed" else None)


def test_a_test_message_whose_options_are_wrong_names_its_recipient_all_the_same() -> None:
    result = {"msg": "words", "failure": {"kind": "input"}}
    (record,) = records_of(f"{ACCOUNT}_test", {"email": "a@example.com", "to_email": "nobody"}, result)
    assert record["message"] == {"from": None, "to_email": "nobody", "via": {}}


def test_what_only_reads() -> None:
    result = {"email_accounts": [{"name": "A"}, {"name": "B"}]}
    assert records_of(f"{ACCOUNT}_info", {}, result) == []
    assert read_of(f"{ACCOUNT}_info", result) == (2, fingerprint_of(result["email_accounts"]))
    assert read_of(f"{ACCOUNT}_info", {"msg": "no"}) == (None, None)
    assert read_of(ACCOUNT, result) == (None, None)


def test_what_is_live_and_not_described() -> None:
    found = [
        {"domain": "a.example"},
        {"id": 7, "name": "A", "email": "a@example.com"},
        {"id": 8, "email": "b@example.com"},
    ]
    assert undescribed_of(SYNC, {"undescribed": found}) == ["a.example", "A (id 7)", "b@example.com (id 8)"]
    assert undescribed_of(SYNC, {}) == []
    assert undescribed_of("mailfleet.email.drift", {"undescribed": ["a text"]}) == []


def test_words_of_other_code_are_not_taken() -> None:
    secret = "the variable holds hunter2"
    records = records_of(ACCOUNT, {"name": "A"}, {"msg": secret})
    error, failure = failure_of(ACCOUNT, {"msg": secret}, records)
    assert (records, failure) == ([], None)
    assert error
    assert "hunter2" not in error
    assert "hunter2" not in str(failure_of(ACCOUNT, {"msg": secret}, [], unreachable=True))
    assert "hunter2" not in str(failure_of("other.collection.module", {"msg": secret, "failure": {"kind": secret}}, []))


def test_no_log_hides_everything() -> None:
    result = {"censored": "the output has been hidden", "changed": True}
    assert records_of(ACCOUNT, {"name": "A"}, result) == []
    assert failure_of(ACCOUNT, result, []) == ("failed, and no_log hides why", None)


def test_a_task_that_failed_as_a_whole() -> None:
    result = {"msg": "email_accounts_sync: no answer", "failure": {"kind": "connection"}}
    assert records_of(SYNC, {}, result) == []
    assert failure_of(SYNC, result, []) == (result["msg"], {"kind": "connection"})


def test_warnings_stand_once() -> None:
    reported = {**unchanged("A"), "warnings": ["of the record"]}
    result = synced(reported, warnings=["of the record", "of the task"])
    assert warnings_of(result, records_of(SYNC, {}, result)) == ["of the task"]


def test_a_task_in_the_background_says_so() -> None:
    started = {"ansible_job_id": "j1", "started": 1, "finished": 0}
    assert records_of(ACCOUNT, {"name": "A"}, started) == []
    assert len(warnings_of(started, [])) == 1
    assert warnings_of({**started, "finished": 1}, []) == []


def test_paths_lead_through_names_with_dots() -> None:
    before = {"options": {"tls.minVersion": "1", "tls": {"maxVersion": "2"}}}
    after = {"options": {"tls.minVersion": "3", "tls": {"maxVersion": "4"}}}
    fields = ["options.tls.maxVersion", "options.tls.minVersion", "options.gone.away"]
    result = {"action": "updated", "changed_fields": fields, "diff": diff(before, after)}
    (record,) = records_of(SETTINGS, {"domain": "a.example"}, result)
    assert [(change["before"], change["after"]) for change in record["changes"]] == [
        ("2", "4"),
        ("1", "3"),
        (None, None),
    ]


def test_paths_lead_nowhere_through_what_is_no_mapping() -> None:
    fields = ["options.host", "from.name"]
    result = {"action": "updated", "changed_fields": fields, "diff": diff({"options": None}, {"from": "a@b.example"})}
    (record,) = records_of(SETTINGS, {"domain": "a.example"}, result)
    assert [(change["before"], change["after"]) for change in record["changes"]] == [(None, None), (None, None)]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://pbx.example.com/engine", "https://pbx.example.com/engine"),
        ("https://pbx.example.com:8443/x", "https://pbx.example.com:8443/x"),
        ("https://user:hunter2@pbx.example.com:8443/x", None),
        ("https://user:hunter2/4711@pbx.example.com", None),
        ("https://pbx.example.com:4711/hunter2@x", None),
        ("https://pbx.example.com/?key=hunter2", None),
        ("https://pbx.example.com/#hunter2", None),
        ("https://pbx.example.com\\n", None),
        ("{{ address }}", None),
        ("hunter2", None),
        ("http://[hunter2", None),
        (None, None),
    ],
)
def test_servers(url: str | None, shown: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEBITEL_API_URL", raising=False)
    assert server_of(SETTINGS, {"api_url": url}) == shown


def test_servers_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBITEL_API_URL", "https://webitel.example.com")
    monkeypatch.setenv("ITFLEX_API_URL", "https://itflex.example.com")
    assert server_of(SETTINGS, {}) == "https://webitel.example.com"
    assert server_of(SYNC, {}) == "https://itflex.example.com"
    assert server_of(SYNC, {"api_url": "https://other.example.com"}) == "https://other.example.com"


def test_a_plain_result_is_json() -> None:
    class Text(str):
        """A text as ansible-core marks it."""

        __slots__ = ()

    result = plain_result({"text": Text("a"), "number": float("nan"), "other": {1}})
    assert result == {"text": "a", "number": "NaN", "other": "{1}"}
    assert type(result["text"]) is str
