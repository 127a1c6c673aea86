# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as metrics, as Prometheus' own parsers read them, and the rules and the dashboard that use them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from prometheus_client import parser as prometheus
from prometheus_client.openmetrics import parser as openmetrics

from ansible_collections.mailfleet.email.plugins.plugin_utils._report.openmetrics import as_openmetrics
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.run import Run
from tests.unit.plugins.plugin_utils.report.results import (
    HOSTILE,
    created,
    deleted,
    document_of,
    ended,
    failed,
    hostile_document,
    synced,
    unchanged,
    updated,
)

if TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import Document

GITOPS = Path(__file__).resolve().parents[5] / "docs" / "gitops"
PREFIX = "mailfleet_"

RESULT = synced(
    created("New", port=25),
    updated("Old", {"port": 25}, {"port": 465}),
    deleted("Gone", port=25),
    failed("Broken", "Broken: refused"),
    unchanged("Same"),
    undescribed=[{"id": 7, "name": "Stray"}],
)


def samples(document: Document) -> dict[tuple[str, ...], float]:
    """All samples by the name without its prefix and the values of their labels; both formats say the same."""
    text = as_openmetrics(document).decode()
    found: list[dict[tuple[str, ...], float]] = []
    for parse in (prometheus.text_string_to_metric_families, openmetrics.text_string_to_metric_families):
        families = list(parse(text))
        assert all(family.type == "gauge" and family.documentation for family in families)
        read = [sample for family in families for sample in family.samples]
        # The textfile collector refuses a whole file for one of them.
        assert all(sample.timestamp is None for sample in read)
        found.append({(sample.name.removeprefix(PREFIX), *sample.labels.values()): sample.value for sample in read})
        assert len(found[-1]) == len(read), "a series is there twice"
    assert found[0] == found[1]
    return found[0]


def test_records_of_a_plan() -> None:
    read = samples(document_of(ended(RESULT), ended(synced(unchanged("Same")), host="two"), statuses={"one": "failed"}))
    reported = {labels[3]: value for labels, value in read.items() if labels[:3] == ("records", "one", "planned")}
    assert reported == {
        "created": 1,
        "updated": 1,
        "deleted": 1,
        "unknown": 0,
        "failed": 1,
        "unchanged": 1,
        "undescribed": 1,
    }
    applied = [value for labels, value in read.items() if labels[:3] == ("records", "one", "applied")]
    assert applied == [0] * 7
    assert (read["up", "one"], read["unknown", "one"]) == (0, 1)


def test_hosts() -> None:
    document = document_of(
        ended(RESULT, check_mode=False),
        ended({"censored": "…"}, host="hidden"),
        ended({"msg": "?"}, module="?", host="gone", status="unreachable"),
        statuses={"one": "ok", "hidden": "ok", "gone": "unreachable", "silent": "failed", "idle": "ok"},
    )
    read = samples(document)
    assert {labels[1]: value for labels, value in read.items() if labels[0] == "up"} == {
        "one": 1,
        "hidden": 1,
        "gone": 0,
        "silent": 0,
        "idle": 1,
    }
    assert {labels[1]: value for labels, value in read.items() if labels[0] == "unknown"} == {
        "one": 1,
        "hidden": 1,
        "gone": 1,
        "silent": 1,
        "idle": 0,
    }
    assert read["records", "one", "applied", "created"] == 1
    assert read["records", "one", "planned", "created"] == 0


def test_test_sends_are_no_records() -> None:
    sends = [
        ended({"sent": True}, "email_account_test", uuid="1", check_mode=False),
        ended({"sent": False}, "email_account_test", uuid="2", arguments={"name": "Other"}),
        ended({"msg": "no", "failure": {"kind": "smtp"}}, "email_account_test", uuid="3", check_mode=False),
    ]
    read = samples(document_of(*sends))
    assert {labels[2]: value for labels, value in read.items() if labels[0] == "test_sends"} == {
        "sent": 1,
        "not_sent": 1,
        "failed": 1,
    }
    assert not any(value for labels, value in read.items() if labels[0] == "records")


def test_when_it_ended_and_how_long_it_took() -> None:
    document = document_of(ended(RESULT))
    document["ended"], document["duration"] = "2026-11-30T03:04:05.678Z", 12.5
    document["hosts"][0]["tasks"][0]["duration"] = 1.25
    read = samples(document)
    assert read["run_end_timestamp_seconds",] == datetime.fromisoformat("2026-11-30T03:04:05.678+00:00").timestamp()
    assert read["run_duration_seconds",] == 12.5
    assert read["duration_seconds", "one"] == 1.25


def test_what_a_server_or_an_inventory_says_is_a_label_and_nothing_else() -> None:
    read = samples(hostile_document())
    assert len([labels for labels in read if labels[0] == "up"]) == len(HOSTILE)
    quoted = document_of(ended(RESULT, host='a"b\\c\nd'))
    assert ("up", 'a"b\\c\\nd') in samples(quoted)


def test_a_run_without_anything() -> None:
    assert set(samples(document_of())) == {("run_end_timestamp_seconds",), ("run_duration_seconds",)}


def test_rules_and_dashboard_ask_for_metrics_and_labels_that_there_are() -> None:
    read = samples(document_of(ended(RESULT), ended({"sent": True}, "email_account_test", uuid="2")))
    names = {f"{PREFIX}{labels[0]}" for labels in read}
    rules = yaml.safe_load((GITOPS / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    dashboard = json.loads((GITOPS / "grafana" / "dashboard.json").read_text(encoding="utf-8"))
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    used = {name for expression in asked for name in re.findall(rf"{PREFIX}\w+", expression)}
    assert used <= names
    assert used >= {f"{PREFIX}{name}" for name in ("records", "up", "unknown", "test_sends")}
    actions = {
        word
        for expression in asked
        for words in re.findall(r'action=~?"([\w|]+)"', expression)
        for word in words.split("|")
    }
    assert actions <= {labels[3] for labels in read if labels[0] == "records"}


def test_a_kind_of_record_is_as_good_as_another() -> None:
    """Profiles are counted with the rest; a host that the run did not come to is not up, and nobody knows it."""
    run = Run()
    run.begin_play("Apply", "p", ["one", "two"], in_stages=True)
    run.end(ended(RESULT, "email_profiles_sync", status="failed", check_mode=False))
    read = samples(run.document({"one": "failed"}))
    assert (read["records", "one", "applied", "created"], read["records", "one", "applied", "failed"]) == (1, 1)
    assert [(read["up", host], read["unknown", host]) for host in ("one", "two")] == [(0, 1), (0, 1)]
