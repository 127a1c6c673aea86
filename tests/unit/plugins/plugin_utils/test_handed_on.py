# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What slices hand on: names, packed texts, and what of several parts is no whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.mailfleet.email.plugins.plugin_utils import _handed_on
from ansible_collections.mailfleet.email.plugins.plugin_utils._handed_on import (
    MERGED,
    HandedOnError,
    name_of,
    packed,
    run_of,
    unpacked,
)
from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_file import plan_text
from ansible_collections.mailfleet.email.plugins.plugin_utils._report import merging
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import as_json, make_document
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.merging import ReportError, document_in, merged
from ansible_collections.mailfleet.email.plugins.plugin_utils._report.so_far import SO_FAR
from ansible_collections.mailfleet.email.plugins.plugin_utils._slices import part_problems
from tests.unit.plugins.action.running import run

if TYPE_CHECKING:
    from ansible_collections.mailfleet.email.plugins.plugin_utils._report.document import Document

ENTRY = {"record": "{{ 7 * 7 }}", "action": "created", "changed_fields": ["name"], "fingerprint": "f" * 64}


def report(*hosts: str, second: int = 0) -> Document:
    entries: Any = [{"host": host, "status": "ok", "tasks": []} for host in hosts]
    stamps = [f"2026-01-01T00:00:{seconds:02}.500Z" for seconds in (second, second + 2)]
    return make_document(entries, started=stamps[0], ended=stamps[1], duration=2.0)


def handed_on(kind: str, *hosts: str, key: str | None = None, second: int = 0) -> dict[str, Any]:
    """The variable of a slice."""
    data = {"report": packed(as_json(report(*hosts, second=second)))}
    if kind == "plan":
        data["plan"] = packed(plan_text({host: {"email_accounts": [ENTRY]} for host in hosts}, [], key).encode())
    return {name_of(kind, hosts): data}


def merge(tmp_path: Path, variables: dict[str, Any], **options: Any) -> dict[str, Any]:
    arguments = {"handed_on": list(variables), "plan_path": str(tmp_path / "plan.json"), **options}
    return run("merge", arguments, variables)


def test_each_slice_has_a_name_of_its_own() -> None:
    assert name_of("plan", ["b", "a"]) == name_of("plan", ["a", "b"])
    names = {name_of("plan", ["a"]), name_of("plan", ["b"]), name_of("apply", ["a"]), name_of("plan", ["a", "b"])}
    assert len(names) == 4
    assert run_of(name_of("drift", ["a"])) == "drift"
    assert run_of(name_of("drift", ["\ud800"])) == "drift"
    for name in ("mailfleet_plan_key", MERGED, f"x{name_of('plan', [])}", "mailfleet_export_of_" + "0" * 12):
        assert run_of(name) is None


@pytest.mark.parametrize("content", [b"", b"{{ 7 * 7 }} {% raw %}", bytes(range(256)) * 9])
def test_what_is_packed_is_the_same_again(content: bytes) -> None:
    text = packed(content)
    assert unpacked(text) == content
    assert text.isascii()
    assert "{" not in text


@pytest.mark.parametrize("broken", ["", "?", packed(b"content")[:-8], "QUJD", None, 7])
def test_what_was_cut_off(broken: object) -> None:
    with pytest.raises(HandedOnError):
        unpacked(broken)


@pytest.mark.parametrize(
    ("parts", "hosts", "problems"),
    [
        ({"one": ["a"], "two": ["b"]}, ["b", "a"], []),
        ({"one": ["a"], "two": ["b"]}, None, []),
        ({"one": ["a", "b"], "two": ["b"]}, None, ["one and two are both about b"]),
        ({"one": ["a"]}, ["a", "c", "b"], ["none of the plans is about b, c"]),
        ({"one": ["a", "z"]}, ["a"], ["the plans are also about what is on no host of this run: z"]),
        ({}, ["a"], ["none of the plans is about a"]),
    ],
)
def test_parts(parts: dict[str, list[str]], hosts: list[str] | None, problems: list[str]) -> None:
    assert part_problems("plans", parts, hosts) == problems


def test_many_hosts_are_counted() -> None:
    [problem] = part_problems("plans", {}, [f"host{number:02}" for number in range(25)])
    assert problem.endswith("host19, and 5 more")


def test_reports_become_one() -> None:
    whole = merged([report("b", second=5), report("a", "c")])
    assert [entry["host"] for entry in whole["hosts"]] == ["a", "b", "c"]
    assert (whole["started"], whole["ended"], whole["duration"]) == (
        "2026-01-01T00:00:00.500Z",
        "2026-01-01T00:00:07.500Z",
        7.0,
    )
    assert document_in(as_json(whole)) == whole


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "no JSON"),
        (b"[]", "no report"),
        (json.dumps({**report("a"), "schema_version": 9}).encode(), "another version"),
        (json.dumps({**report("a"), "mode": "apply"}).encode(), "was changed"),
    ],
)
def test_what_is_no_report(content: bytes, words: str) -> None:
    with pytest.raises(ReportError, match=words):
        document_in(content)


def test_a_report_of_which_no_digest_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something in it is read, and is nested too deeply to be written; how deep that is depends on Python."""

    def too_deep(_document: Any) -> str:
        raise RecursionError

    content = as_json(report("a"))
    monkeypatch.setattr(merging, "digest_of", too_deep)
    with pytest.raises(ReportError, match="was changed"):
        document_in(content)


def test_a_report_of_another_shape() -> None:
    broken: Any = {**report("a"), "hosts": [{"host": "a"}]}
    with pytest.raises(ReportError, match="another shape"):
        merged([broken])


@pytest.mark.parametrize("key", [None, "k"])
def test_a_merged_plan_is_the_whole_one(tmp_path: Path, key: str | None) -> None:
    variables = {**handed_on("plan", "b", key=key), **handed_on("plan", "c", "a", key=key)}
    options = {"key": key} if key else {}
    result = merge(tmp_path, variables, hosts=["a", "b", "c"], hand_on=True, **options)
    assert (result["merged"], result["planned"], result["changed"]) == (["plan", "report"], ["a", "b", "c"], True)
    whole = plan_text({host: {"email_accounts": [ENTRY]} for host in "abc"}, [], key).encode()
    assert (tmp_path / "plan.json").read_bytes() == whole
    assert unpacked(result["ansible_stats"]["data"]["mailfleet_merged_plan"]["plan"]) == whole
    assert [host["host"] for host in document_in(Path(result["report"]).read_bytes())["hosts"]] == ["a", "b", "c"]
    assert merge(tmp_path, variables, **options)["changed"] is False


def test_the_last_run_s_reports_count(tmp_path: Path) -> None:
    variables = {**handed_on("plan", "a"), **handed_on("apply", "a", second=9), **handed_on("drift", "a", second=5)}
    result = merge(tmp_path, variables)
    assert document_in(Path(result["report"]).read_bytes())["started"] == "2026-01-01T00:00:09.500Z"
    assert merge(tmp_path, variables, parts=["plan"])["merged"] == ["plan"]


def test_everything_that_is_wrong_is_reported_and_nothing_is_written(tmp_path: Path) -> None:
    variables = {
        **handed_on("plan", "a"),
        **handed_on("plan", "a", "b", key="k"),
        MERGED: {"plan": "?"},
    }
    result = merge(tmp_path, variables, plans=[str(tmp_path / "none-*.json")], reports=[str(tmp_path)])
    assert (result["failed"], result["failure"]) == (True, {"kind": "parts"})
    for words in ("none-*.json: No such file", "was cut off", "is signed: give the key", "are both about a"):
        assert words in result["msg"]
    assert not (tmp_path / "plan.json").exists()
    for options, words in (({"signed": True}, "has to be signed"), ({"key": " "}, "has an empty key")):
        assert words in merge(tmp_path, handed_on("plan", "a"), **options)["msg"]
    assert "neither a plan nor a report" in merge(tmp_path, {})["msg"]


def test_a_report_that_is_none_is_all_that_is_reported_of_reports(tmp_path: Path) -> None:
    """Of what cannot be read nobody knows which hosts it is about, nor that the others are no whole."""
    broken = tmp_path / "broken.json"
    broken.write_text("{}")
    result = merge(tmp_path, {}, reports=[str(broken)], hosts=["a"])
    assert result["msg"] == f"Nothing was merged: the report {broken} is no report of this collection"
    result = merge(tmp_path, {**handed_on("plan", "a"), "mailfleet_plan_of_000000000000": "a text"})
    assert merge(tmp_path, {**handed_on("plan", "a"), **handed_on("plan", "a", "b")})["msg"].count("both about a") == 1
    [problem] = result["msg"].split("Nothing was merged: ")[1:]
    assert problem == "mailfleet_plan_of_000000000000 was cut off, or is not what a slice hands on"


def test_what_is_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = {"run": "plan", "hosts": ["a"], "plan_path": str(tmp_path / "plan.json")}
    alone = run("hand_on", arguments)
    assert (alone["handed_on"], alone["name"]) == ([], name_of("plan", ["a"]))
    assert "mailfleet.email.report is not enabled" in alone["warnings"][0]
    (tmp_path / "plan.json").write_bytes(b"{}")
    monkeypatch.setattr(SO_FAR, "document", lambda: report("a"))
    both = run("hand_on", arguments)
    assert (both["handed_on"], "warnings" in both) == (["plan", "report"], False)
    stats = both["ansible_stats"]
    assert (stats["per_host"], stats["aggregate"]) == (False, False)
    assert unpacked(stats["data"][both["name"]]["plan"]) == b"{}"
    assert run("hand_on", {"run": "export", "hosts": ["a"]})["failure"]["kind"] == "input"


def test_what_is_packed_much_smaller_than_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more room is made for it than a plan could need."""
    monkeypatch.setattr(_handed_on, "_LARGEST", 1_000)
    assert unpacked(packed(b"a" * 1_000)) == b"a" * 1_000
    for text, words in (
        (packed(b"a" * 1_001), "is larger"),
        (packed(b"a" * 10_000_000), "is larger"),
        (packed(b"abc")[:8], "was cut off"),
    ):
        with pytest.raises(HandedOnError, match=words):
            unpacked(text)
