# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Slices of a job, each with a part of the hosts: what they hand on becomes one plan and one report, or is refused."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.records import account
from tests.integration.repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.repository import Document, Ended
    from tests.sandbox.client import Sandbox

HOSTS = ["athens", "berlin", "cairo", "dakar", "essen"]
# AWX orders hosts by their names, and gives every second one to each of two slices.
SLICES = [HOSTS[number::2] for number in range(2)]
REPORT = {"ANSIBLE_CALLBACKS_ENABLED": "mailfleet.email.report", "ANSIBLE_SHOW_CUSTOM_STATS": "true"}
HAND_ON = ("-e", "mailfleet_hand_on=true")


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Repository:
    """Five hosts, each with an account of its own to create, and one appliance that plays them all."""
    made = Repository(tmp_path_factory.mktemp("gitops"), sandbox)
    made.hosts = dict.fromkeys(HOSTS, made.hosts["berlin"])
    made.variables["email_accounts"] = [account(name="{{ inventory_hostname }}")]
    del made.variables["mailfleet_document"]
    return made


def _run(repository: Repository, hosts: list[str], playbook: str, *options: str) -> Ended:
    """A run of a slice, which knows its own hosts and no other."""
    every = repository.hosts
    repository.hosts = {host: every[host] for host in hosts}
    try:
        return repository.run(playbook, *options, environment=REPORT)
    finally:
        repository.hosts = every


def _handed_on(ended: Ended) -> Document:
    """The variables that a run set for those after it, as Ansible shows them at its end."""
    found = re.search(r"^\s*RUN: (\{.*?\})\s*$", ended.output, re.MULTILINE | re.DOTALL)
    variables: Document = json.loads(found[1]) if found else {}
    return variables


def _sliced(repository: Repository, playbook: str, *options: str) -> Document:
    """All that the slices hand on."""
    variables: Document = {}
    for hosts in SLICES:
        ended = _run(repository, hosts, playbook, *HAND_ON, *options)
        assert ended.status == 0, ended.output
        variables |= _handed_on(ended)
    return variables


def _given(repository: Repository, variables: Document) -> tuple[str, str]:
    path = repository.write("handed_on.json", json.dumps(variables))
    return "-e", f"@{path}"


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    path.unlink()
    return content


def test_sliced_from_the_plan_to_the_report(repository: Repository) -> None:
    key = ("-e", "mailfleet_plan_key=a-key")
    plan = repository.run("plan", *key)
    assert plan.status == 0, plan.output
    whole = _content(repository.path / "plan.json")
    planned = _sliced(repository, "plan", *key)
    assert len(planned) == len(SLICES)
    assert all(re.fullmatch("mailfleet_plan_of_[0-9a-f]{12}", name) for name in planned)
    merged = repository.run("merge", *key, *HAND_ON, *_given(repository, planned), environment=REPORT)
    assert merged.status == 0, merged.output
    assert _content(repository.path / "plan.json") == whole
    assert "5 to create" in merged.output
    # With the plan of all, as with those of all slices.
    handed_on = {**planned, **_handed_on(merged)}
    assert "mailfleet_merged_plan" in handed_on
    applied = _run(repository, SLICES[0], "apply", *key, *HAND_ON, *_given(repository, handed_on))
    assert (applied.status, len(repository.writes())) == (0, len(SLICES[0])), applied.output
    assert "is also about what is on no host of this run: berlin, dakar" in " ".join(applied.output.split())
    reports = {**planned, **_handed_on(applied)}
    applied = _run(repository, SLICES[1], "apply", *key, *HAND_ON, *_given(repository, planned))
    assert (applied.status, len(repository.writes())) == (0, len(SLICES[1])), applied.output
    reports |= _handed_on(applied)
    forms = {f"mailfleet_report_{form}": f"out/{form}" for form in ("json", "markdown", "html", "junit", "openmetrics")}
    reported = repository.run("merge", *key, *_given(repository, {**reports, **forms}), environment=REPORT)
    assert reported.status == 0, reported.output
    report = json.loads((repository.path / "out/json").read_text(encoding="utf-8"))
    assert [host["host"] for host in report["hosts"]] == HOSTS
    totals = report["totals"]
    assert (totals["applied"]["created"], totals["planned"]["created"], totals["hosts"]["ok"]) == (5, 0, 5)
    assert sorted(path.name for path in (repository.path / "out").iterdir()) == sorted(
        name.rpartition("_")[2] for name in forms
    )
    assert "5 created" in reported.output


def test_a_slice_is_held_to_what_was_handed_on(repository: Repository) -> None:
    planned = _sliced(repository, "plan")
    repository.variables["email_accounts"] = [account(name="{{ inventory_hostname }}", smtp_port=2525)]
    refused = _run(repository, SLICES[0], "apply", *_given(repository, planned))
    assert (refused.status, repository.writes()) == (2, [])
    assert "athens: was planned (created), and what is live or described is something else now" in refused.output
    [first, *_others] = planned
    broken = {**planned, first: {"plan": planned[first]["plan"][:-8]}}
    for variables, words in (
        (broken, f"{first} was cut off, or is not what a slice hands on"),
        ({first: planned[first]}, "does not know berlin, dakar"),
    ):
        refused = _run(repository, SLICES[1], "apply", *_given(repository, variables))
        assert (refused.status, repository.writes()) == (2, [])
        assert words in " ".join(refused.output.split())


@pytest.mark.parametrize(
    "reason", ["what moved", "a plan of others", "every host", "a stage", "a stage without a plan"]
)
def test_an_apply_that_breaks_off_hands_on_too(repository: Repository, reason: str) -> None:
    """What became of each host, and which were not begun, so that the report of all slices is whole."""
    planned = {} if reason == "a stage without a plan" else _sliced(repository, "plan")
    options = [*HAND_ON, *_given(repository, planned)]
    states = ["failed", "not_begun", "not_begun"]
    if reason == "a plan of others":
        options = [*HAND_ON, *_given(repository, dict([list(planned.items())[1]]))]
    elif reason == "what moved":
        repository.variables["email_accounts"] = [account(name="{{ inventory_hostname }}", smtp_port=2525)]
        states = ["failed"] * 3
    elif reason == "every host":
        repository.sandbox.fault("/api/email/accounts", method="POST", status=403, times=3)
        states = ["failed"] * 3
    else:
        repository.sandbox.fault("/api/email/accounts", method="POST", status=403, times=1)
        options += ["-e", '{"mailfleet_serial": [1, "100%"]}']
        states = ["failed", "ok", "ok"] if planned else states
    broken = _run(repository, SLICES[0], "apply", *options)
    assert broken.status == 2, broken.output
    handed_on = _handed_on(broken)
    assert [name[:18] for name in handed_on] == ["mailfleet_apply_of"]
    repository.variables["email_accounts"] = [account(name="{{ inventory_hostname }}")]
    whole = _run(repository, SLICES[1], "apply", *HAND_ON, *_given(repository, planned))
    reports = {**planned, **handed_on, **_handed_on(whole)}
    reported = repository.run(
        "merge", *_given(repository, reports), "-e", "mailfleet_report_json=out", environment=REPORT
    )
    assert reported.status == 0, reported.output
    report = json.loads((repository.path / "out").read_text(encoding="utf-8"))
    expected = {**dict.fromkeys(SLICES[1], "ok"), **dict(zip(SLICES[0], states, strict=True))}
    assert {host["host"]: host["status"] for host in report["hosts"]} == expected
    assert report["totals"]["applied"]["created"] == 2


@pytest.mark.parametrize("reason", ["no key", "no folder", "an earlier plan stays", "no plan can be removed"])
def test_a_plan_that_is_not_written_hands_on_too(repository: Repository, reason: str) -> None:
    """What was found on each host, and no plan: one of an earlier run is not that of this one."""
    options = list(HAND_ON)
    if reason == "no key":
        options += ["-e", "mailfleet_plan_signed=true"]
    elif reason == "no folder":
        repository.write("file", "is no folder")
        options += ["-e", "plan=file/plan.json"]
    elif reason == "an earlier plan stays":
        repository.write("plan.json", "{}")
        options += ["-e", "plan=/proc/version"]
    else:
        (repository.path / "plan.json").mkdir()
    ended = _run(repository, SLICES[0], "plan", *options)
    assert ended.status == 2, ended.output
    [(name, handed_on)] = _handed_on(ended).items()
    assert name.startswith("mailfleet_plan_of_")
    assert list(handed_on) == ["report"]
    given = _given(repository, {name: handed_on})
    (repository.path / "plan.json").rmdir() if reason == "no plan can be removed" else None
    merged = _run(repository, SLICES[0], "merge", *given, "-e", "mailfleet_report_json=out")
    assert merged.status == 0, merged.output
    report = json.loads((repository.path / "out").read_text(encoding="utf-8"))
    assert report["totals"]["planned"]["created"] == (len(SLICES[0]) if "key" in reason else 0)


def test_drift_of_slices(repository: Repository) -> None:
    """What differs is handed on, although the run ends with a failure."""
    variables: Document = {}
    for hosts in SLICES:
        drift = _run(repository, hosts, "drift", *HAND_ON)
        assert drift.status == 2
        variables |= _handed_on(drift)
    merged = repository.run("merge", *_given(repository, variables), environment=REPORT)
    assert merged.status == 0, merged.output
    assert "5 to create" in merged.output
    assert not (repository.path / "plan.json").exists()


def test_gaps_and_overlaps_are_refused(repository: Repository) -> None:
    planned = _sliced(repository, "plan")
    [first, second] = planned
    again = _handed_on(_run(repository, ["dakar", "essen"], "plan", *HAND_ON))
    for variables, words in (
        (
            {first: planned[first]},
            "none of the plans is about berlin, dakar; none of the reports is about berlin, dakar",
        ),
        ({**planned, **again}, "are both about dakar"),
        ({}, "there is neither a plan nor a report to merge"),
    ):
        (repository.path / "plan.json").unlink(missing_ok=True)
        refused = repository.run("merge", *_given(repository, variables), environment=REPORT)
        assert (refused.status, (repository.path / "plan.json").exists()) == (2, False)
        assert words in " ".join(refused.output.split())
    del repository.hosts["essen"]
    refused = repository.run("merge", *_given(repository, planned), environment=REPORT)
    assert refused.status == 2
    assert "the plans are also about what is on no host of this run: essen" in " ".join(refused.output.split())
    assert second in planned


def test_slices_that_share_a_folder(repository: Repository) -> None:
    """As the pods of a Kubernetes Job do, with a limit in place of an inventory of their own."""
    for number, limit in enumerate(("all[0:2]", "all[3:4]")):
        options = ("-e", f"plan=slices/plan-{number}.json", "-e", f"mailfleet_report_json=slices/report-{number}.json")
        assert repository.run("plan", "--limit", limit, *options, environment=REPORT).status == 0
    options = ("-e", "mailfleet_merge_plans=slices/plan-*.json", "-e", "mailfleet_merge_reports=slices/report-*.json")
    merged = repository.run("merge", *options, environment=REPORT)
    assert merged.status == 0, merged.output
    assert "5 to create" in merged.output
    assert sorted(repository.plan()["hosts"]) == HOSTS
