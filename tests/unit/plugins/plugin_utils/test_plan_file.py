# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file of a plan: read as it was written, and not otherwise."""

from __future__ import annotations

import json
import os
import re
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.digests import canonical, digest
from ansible_collections.mailfleet.email.plugins.plugin_utils import _plan_file
from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_file import (
    PlanError,
    Plans,
    check_hosts,
    entries_of,
    plan_of_host,
    plan_text,
    plans_in,
    read_plans,
    write_plan,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ENTRY = {
    "record": "A",
    "action": "created",
    "changed_fields": ["name"],
    "fingerprint": "f" * 64,
    "outcomes": ["d" * 64],
}
# What stays as it is has no outcomes to foretell.
SAME = {"record": "B", "action": "none", "changed_fields": [], "fingerprint": "c" * 64}
PLANS: Plans = {"berlin": {"email_accounts": [ENTRY, SAME, {**SAME, "record": "C"}]}, "pbx": {"email_settings": []}}


def _edited(**changes: Any) -> Callable[[str], str]:
    return lambda text: json.dumps({**json.loads(text), **changes})


BAD: dict[str, tuple[Callable[[str], str], str]] = {
    "a byte order mark": (lambda text: f"\ufeff{text}", "no JSON"),
    "cut off": (lambda text: text[:-3], "no JSON"),
    "cut in half": (lambda text: text[: len(text) // 2], "no JSON"),
    "empty": (lambda _text: "", "no JSON"),
    "a list": (lambda _text: "[]", "no plan"),
    "a report": (lambda _text: '{"schema_version": 1}', "no plan"),
    "another version": (_edited(schema_version=2), "another version"),
    "an action": (lambda text: text.replace("created", "none"), "changed"),
    "a fingerprint": (lambda text: text.replace("f" * 64, "e" * 64), "changed"),
    "a host more": (_edited(hosts={**PLANS, "other": {}}), "changed"),
    "a host less": (_edited(hosts={}), "changed"),
    "a key more": (_edited(note="harmless"), "changed"),
    "no digest": (_edited(digest=None), "changed"),
    "signed": (_edited(signed=True), "is signed"),
}


@pytest.mark.parametrize("key", [None, "key"])
def test_round_trip(key: str | None) -> None:
    text = plan_text(PLANS, ["lisbon"], key)
    assert plans_in(text, key) == (PLANS, ["lisbon"])
    assert plans_in(json.dumps(json.loads(text)), key) == (PLANS, ["lisbon"])
    assert json.loads(text)["totals"] == {"created": 1, "updated": 0, "unknown": 0, "deleted": 0, "none": 2}
    assert "key" not in json.loads(text)


def test_the_text_depends_on_the_content_only() -> None:
    assert plan_text(dict(reversed(PLANS.items())), ["b", "a"], None) == plan_text(PLANS, ["a", "b"], None)
    entries = PLANS["berlin"]["email_accounts"]
    turned = {**PLANS, "berlin": {"email_accounts": [dict(reversed(entry.items())) for entry in entries]}}
    assert plan_text(turned, [], None) == plan_text(PLANS, [], None)


def test_a_host_that_could_not_be_planned_has_no_line() -> None:
    assert json.loads(plan_text(PLANS, ["lisbon"], None))["index"]["lisbon"][:2] == [0, 0]


@pytest.mark.parametrize("bad", BAD)
def test_what_is_refused(bad: str) -> None:
    change, words = BAD[bad]
    with pytest.raises(PlanError, match=words):
        plans_in(change(plan_text(PLANS, [], None)), None)


def test_every_character_counts() -> None:
    """But for the layout: whatever is cut off the end is missed."""
    text = plan_text(PLANS, [], None).rstrip()
    for length in range(len(text)):
        with pytest.raises(PlanError):
            plans_in(text[:length], None)


@pytest.mark.parametrize(("made_with", "read_with"), [("key", None), ("key", "other"), (None, "key")])
def test_keys(made_with: str | None, read_with: str | None) -> None:
    with pytest.raises(PlanError, match="key"):
        plans_in(plan_text(PLANS, [], made_with), read_with)


def test_a_signature_cannot_be_made_without_the_key() -> None:
    """Taking the signature for a digest does not help either."""
    unsigned = json.loads(plan_text(PLANS, [], None))
    with pytest.raises(PlanError, match="changed"):
        plans_in(json.dumps({**unsigned, "signed": True}), "key")


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        {"berlin": 5},
        {"berlin": {"email_accounts": {}}},
        {"berlin": {"email_accounts": ["A"]}},
        {"berlin": {"email_accounts": [{"record": "A"}]}},
        {"berlin": {"email_accounts": [{**ENTRY, "record": ["A"]}]}},
        {"berlin": {"email_accounts": [{**ENTRY, "changed_fields": "name"}]}},
        {"berlin": {"email_accounts": [{**ENTRY, "changed_fields": [1]}]}},
        {"berlin": {"email_accounts": [{**ENTRY, "outcomes": "d"}]}},
        {"berlin": {"email_accounts": [{**ENTRY, "outcomes": [1]}]}},
    ],
)
def test_another_shape_with_a_digest_that_fits(hosts: Any) -> None:
    """Who can write the file can make any digest that needs no key."""
    document = {**json.loads(plan_text(PLANS, [], None)), "hosts": hosts}
    del document["digest"]
    document["digest"] = digest(canonical(document), None)
    with pytest.raises(PlanError, match="another shape"):
        plans_in(json.dumps(document), None)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"kind": 1e999}'])
def test_texts_that_are_hard_to_read(text: str) -> None:
    with pytest.raises(PlanError, match="is no"):
        plans_in(text, None)


def test_hosts() -> None:
    path = Path("plan.json")
    assert check_hosts(path, PLANS, [], ["pbx", "berlin"], subset=False) == []
    assert check_hosts(path, PLANS, [], ["pbx"], subset=True) == ["berlin"]
    for hosts, not_planned, subset, words in (
        (["pbx"], [], False, "it is also about what is on no host of this run: berlin"),
        (["pbx", "berlin", "lisbon"], [], False, "it does not know lisbon"),
        (["lisbon"], ["lisbon"], True, "it could not plan lisbon"),
        (
            ["rome", "lisbon", "oslo"],
            ["lisbon"],
            False,
            (
                "it could not plan lisbon; it does not know oslo, rome; "
                "it is also about what is on no host of this run: berlin, pbx"
            ),
        ),
    ):
        with pytest.raises(PlanError, match=f"^The plan plan.json does not fit: {words}; plan again$"):
            check_hosts(path, PLANS, not_planned, hosts, subset=subset)


def test_results() -> None:
    result: dict[str, Any] = {
        "results": [
            {"key": 7, "action": "updated", "changed_fields": ("a",), "diff": {"after": {"a": "value"}}},
            {"key": "B", "action": "none"},
        ],
        "fingerprints": ["f", "e"],
        "outcomes": [["d"], []],
    }
    assert entries_of(result) == [
        {"record": "7", "action": "updated", "changed_fields": ["a"], "fingerprint": "f", "outcomes": ["d"]},
        {"record": "B", "action": "none", "changed_fields": [], "fingerprint": "e"},
    ]
    for missing in result:
        less = {name: value for name, value in result.items() if name != missing}
        with pytest.raises(PlanError, match=r"^needs results of tasks with the option plan$"):
            entries_of(less)


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    with pytest.raises(PlanError, match=r"plan\.json: No such file"):
        read_plans(path, None)
    path.write_bytes(b"\xff")
    with pytest.raises(PlanError, match=r"plan\.json"):
        read_plans(path, None)
    text = plan_text(PLANS, [], None)
    path.write_text(text, encoding="utf-8")
    assert read_plans(path, None) == (PLANS, [])
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert read_plans(path, None) == (PLANS, [])
    assert plan_of_host(path, "berlin", None) == PLANS["berlin"]


@pytest.mark.parametrize("key", [None, "key"])
def test_a_plan_that_is_written(tmp_path: Path, key: str | None) -> None:
    """With all that it was given, and once."""
    path = tmp_path / "plan.json"
    planned = {"planned": ["berlin", "pbx"], "not_planned": ["lisbon", "oslo"]}
    for changed in (True, False):
        content, result = write_plan(path, PLANS, ["oslo", "lisbon"], key)
        assert result == {"changed": changed, **planned}
        assert path.read_bytes() == content
    assert read_plans(path, key) == (PLANS, ["lisbon", "oslo"])


@pytest.mark.parametrize(
    ("made_with", "read_with", "signed", "words"),
    [
        ("key", "other", False, "or the key is another one: plan again"),
        ("key", None, False, "is signed: give the key that it was made with"),
        (None, "key", False, "is not signed, but there is a key"),
        (None, "", False, "has an empty key"),
        (None, None, True, "has to be signed: give the key"),
        ("key", None, True, "has to be signed: give the key"),
    ],
)
def test_a_file_that_the_key_does_not_fit(
    tmp_path: Path, made_with: str | None, read_with: str | None, signed: bool, words: str
) -> None:
    path = _written(tmp_path, plan_text(PLANS, [], made_with))
    with pytest.raises(PlanError, match=rf"^The plan .*plan\.json .*{words}"):
        read_plans(path, read_with, signed=signed)


def test_a_file_that_must_be_signed(tmp_path: Path) -> None:
    path = _written(tmp_path, plan_text(PLANS, [], "key"))
    assert read_plans(path, "key", signed=True) == (PLANS, [])


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    return path


HOSTILE: Plans = {
    'a"b': {"email_accounts": []},
    "a\nb: [": {"email_accounts": [ENTRY]},
    "ä": {"email_settings": [ENTRY]},
}


@pytest.mark.parametrize("key", [None, "key"])
def test_one_host(tmp_path: Path, key: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is found by the index, without a look at the others."""
    plans = {**PLANS, **HOSTILE}
    text = plan_text(plans, ["lisbon"], key)
    path = _written(tmp_path, text)
    monkeypatch.setattr(_plan_file, "plans_in", None)
    assert {host: plan_of_host(path, host, key) for host in plans} == plans
    assert plan_of_host(path, "lisbon", key) is None
    assert all(f"\n{json.dumps(host)}: " in text for host in plans)


def test_one_host_of_a_plan_that_was_laid_out_otherwise(tmp_path: Path) -> None:
    document = json.loads(plan_text(PLANS, ["lisbon"], "key"))
    for text in (json.dumps(document), json.dumps(document, indent=4), json.dumps(document, sort_keys=True)):
        assert plan_of_host(_written(tmp_path, text), "berlin", "key") == PLANS["berlin"]


@pytest.mark.parametrize("key", [None, "key"])
@pytest.mark.parametrize("host", ["Berlin", "berli", "erlin", "index", "", "berlin\n"])
def test_a_host_that_the_plan_does_not_know(tmp_path: Path, key: str | None, host: str) -> None:
    with pytest.raises(PlanError, match=r"plan\.json does not know .*: plan again"):
        plan_of_host(_written(tmp_path, plan_text(PLANS, [], key)), host, key)


@pytest.mark.parametrize(("made_with", "read_with"), [("key", None), ("key", "other"), (None, "key"), (None, "")])
def test_one_host_without_the_key(tmp_path: Path, made_with: str | None, read_with: str | None) -> None:
    for host in ("berlin", "lisbon"):
        with pytest.raises(PlanError, match=r"plan\.json .*key"):
            plan_of_host(_written(tmp_path, plan_text(PLANS, ["lisbon"], made_with)), host, read_with)


@pytest.mark.parametrize("bad", BAD)
def test_one_host_of_a_bad_plan(tmp_path: Path, bad: str) -> None:
    """Only what is said of the host counts; laid out otherwise, the whole file does."""
    change, words = BAD[bad]
    path = _written(tmp_path, change(plan_text(PLANS, [], None)))
    with pytest.raises(PlanError, match=words):
        plan_of_host(path, "berlin", None)


@pytest.mark.parametrize("key", [None, "key"])
def test_each_byte_of_a_hosts_line_counts(tmp_path: Path, key: str | None) -> None:
    text = plan_text(PLANS, [], key)
    begin = text.index('"berlin": ') + len('"berlin": ')
    for at in range(begin, text.index("\n", begin) - 1):
        other = "1" if text[at] != "1" else "2"
        with pytest.raises(PlanError):
            plan_of_host(_written(tmp_path, text[:at] + other + text[at + 1 :]), "berlin", key)


@pytest.mark.parametrize("key", [None, "key"])
@pytest.mark.parametrize("first", [True, False])
def test_a_host_that_stands_twice(tmp_path: Path, key: str | None, first: bool) -> None:
    """What people read of it must be what counts, whichever of the two comes first."""
    text = plan_text(PLANS, [], key)
    line = _line(text, "berlin", 0)
    harmless = '"berlin": {"email_accounts": []}'
    both = [harmless, line] if first else [line, harmless]
    forged = _written(tmp_path, text.replace(f"{line},", "".join(f"{one},\n" for one in both).rstrip("\n")))
    assert forged.read_text() != text
    with pytest.raises(PlanError, match="is no JSON"):
        read_plans(forged, key)


@pytest.mark.parametrize("change", [{"digest": "ä"}, {"digest": "\ud800"}, {"digest": ["a"]}, {"note": "\ud800"}])
def test_a_digest_that_is_none(tmp_path: Path, change: dict[str, Any]) -> None:
    forged = _edited(**change)(plan_text(PLANS, [], None))
    for read in (lambda path: read_plans(path, None), lambda path: plan_of_host(path, "nobody", None)):
        with pytest.raises(PlanError, match="was changed"):
            read(_written(tmp_path, forged))


@pytest.mark.parametrize("key", [None, "key"])
@pytest.mark.parametrize("said", ["", None, "None", "XX"])
def test_no_digest_fits_what_none_can_be_made_of(
    tmp_path: Path, key: str | None, said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something that is read, and is nested too deeply to be written; how deep that is depends on Python."""

    def too_deep(_data: Any) -> bytes:
        raise RecursionError

    path = _written(tmp_path, _edited(digest=said)(plan_text(PLANS, [], key)))
    monkeypatch.setattr(_plan_file, "canonical", too_deep)
    for read in (lambda: read_plans(path, key), lambda: plan_of_host(path, "nobody", key)):
        with pytest.raises(PlanError, match="was changed since it was written"):
            read()


@pytest.mark.parametrize("nested", [("[", "]"), ('{"a":', "1}")])
def test_whatever_is_nested_in_it_no_empty_digest_fits(nested: tuple[str, str]) -> None:
    """Of some depths Python makes no text, though it has read them."""
    begins = json.dumps({**json.loads(plan_text(PLANS, [], "key")), "digest": ""})[:-1]
    for depth in range(700, 1_000):
        ends = nested[1][0] + nested[1][1:] * depth if len(nested[1]) > 1 else nested[1] * depth
        with pytest.raises(PlanError):
            plans_in(f'{begins}, "note": {nested[0] * depth}{ends}}}', "key")


@pytest.mark.parametrize("depth", [300, 900, 990, 3_000])
def test_a_line_that_is_nested_deeply(tmp_path: Path, depth: int) -> None:
    text = plan_text(PLANS, [], None)
    line = _line(text, "berlin", 0)
    forged = text.replace(line, f'"berlin": {"[" * depth}{"]" * depth}')
    with pytest.raises(PlanError):
        plan_of_host(_written(tmp_path, forged), "berlin", None)


@pytest.mark.parametrize("entry", ["[5, 999999999999999, ", "[999999999999999, 5, ", "[0, 20000000000, "])
def test_an_index_that_leads_beyond_the_file(tmp_path: Path, entry: str) -> None:
    """No room is made for what it asks for."""
    text = plan_text(PLANS, [], None)
    named = _line(text, "berlin", 1)
    forged = text.replace(named, f'"berlin": {entry}{named.rpartition(", ")[2]}')
    with pytest.raises(PlanError, match="was changed"):
        plan_of_host(_written(tmp_path, forged), "berlin", None)


@pytest.mark.parametrize("more", ["{}", "\n", ' {"hosts": {}}', "\x00"])
def test_what_is_appended(tmp_path: Path, more: str) -> None:
    path = _written(tmp_path, plan_text(PLANS, [], "key") + more)
    if more.strip():
        with pytest.raises(PlanError, match="is no JSON"):
            plan_of_host(path, "berlin", "key")
    else:
        assert plan_of_host(path, "berlin", "key") == PLANS["berlin"]


@pytest.mark.parametrize("key", [None, "key"])
def test_two_plans_in_a_file(tmp_path: Path, key: str | None) -> None:
    """The index of the last one leads to no line of another one before it."""
    text = plan_text(PLANS, [], key)
    other = plan_text({**PLANS, "berlin": {"email_accounts": [{**ENTRY, "action": "deleted"}]}}, [], key)
    for both in (other + text, text + other, plan_text(PLANS, [], "other") + text):
        path = _written(tmp_path, both)
        for read in (lambda path: read_plans(path, key), lambda path: plan_of_host(path, "berlin", key)):
            with pytest.raises(PlanError, match="is no JSON"):
                read(path)


def test_an_unsigned_line_in_a_signed_plan(tmp_path: Path) -> None:
    """With the line, its entry in the index, or both; and under a first line that says that nothing is signed."""
    signed = plan_text(PLANS, [], "key")
    other: Plans = {**PLANS, "berlin": {"email_accounts": [{**ENTRY, "action": "deleted"}]}}
    unsigned = plan_text(other, [], None)
    for numbers in ((0,), (1,), (0, 1)):
        forged = signed
        for number in numbers:
            forged = forged.replace(_line(forged, "berlin", number), _line(unsigned, "berlin", number))
        for text in (forged, forged.replace('"signed": true', '"signed": false')):
            with pytest.raises(PlanError):
                plan_of_host(_written(tmp_path, text), "berlin", "key")


@pytest.mark.parametrize("key", [" ", "\t", "\n", "\u00a0", "\u2003", "\ufeff", "\u200b", "\0", " \u2060\n"])
def test_a_key_of_blanks(tmp_path: Path, key: str) -> None:
    with pytest.raises(PlanError, match="empty key"):
        plan_of_host(_written(tmp_path, plan_text(PLANS, [], key)), "berlin", key)


@pytest.mark.parametrize("key", [None, "key"])
def test_a_plan_without_end(tmp_path: Path, key: str | None) -> None:
    path = _written(tmp_path, plan_text(PLANS, [], key))
    os.truncate(path, 300 * 2**20)
    for read in (lambda: read_plans(path, key), lambda: plan_of_host(path, "berlin", key)):
        with pytest.raises(PlanError, match="is larger than 256 MiB"):
            read()


def test_an_index_without_end(tmp_path: Path) -> None:
    """What looks like an index leads to the beginning of a file that would fill the memory."""
    text = plan_text(PLANS, [], None)
    path = _written(tmp_path, "")
    with path.open("r+b") as file:
        file.seek(300 * 2**20)
        file.write(re.sub('"index_at": [0-9]+', '"index_at": 0', text[text.rindex("\n}") :]).encode())
    tracemalloc.start()
    try:
        with pytest.raises(PlanError, match="is larger than 256 MiB"):
            plan_of_host(path, "berlin", None)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("index_at", [10**14, 10**6])
def test_an_index_behind_the_end(tmp_path: Path, index_at: int) -> None:
    forged = re.sub('"index_at": [0-9]+', f'"index_at": {index_at}', plan_text(PLANS, [], None))
    with pytest.raises(PlanError, match="was changed"):
        plan_of_host(_written(tmp_path, forged), "berlin", None)


def _line(text: str, host: str, number: int) -> str:
    """The line of a host: the first one is its plan, the second one its entry in the index."""
    return [line for line in text.splitlines() if line.startswith(f'"{host}": ')][number].rstrip(",")


@pytest.mark.parametrize("parts", [(0,), (1,), (0, 1)])
def test_a_line_of_another_plan(tmp_path: Path, parts: tuple[int, ...]) -> None:
    """It was signed with the same key, and for the same host; with its digest too it is still not of this plan."""
    mine = plan_text({"berlin": {"email_accounts": [ENTRY]}, "pbx": {}}, [], "key")
    other = plan_text({"berlin": {"email_accounts": [{**ENTRY, "action": "deleted"}]}, "pbx": {}}, [], "key")
    for number in parts:
        mine = mine.replace(_line(mine, "berlin", number), _line(other, "berlin", number))
    with pytest.raises(PlanError, match="was changed since it was written"):
        plan_of_host(_written(tmp_path, mine), "berlin", "key")


def test_a_line_of_another_host(tmp_path: Path) -> None:
    """An index that leads to another host's line leads nowhere, and so does one of a host that could not be planned."""
    text = plan_text({"aaa": {"email_accounts": [ENTRY]}, "bbb": {"email_settings": []}}, ["ccc"], "key")
    for mine, others in (("aaa", "bbb"), ("aaa", "ccc"), ("ccc", "aaa")):
        entry = _line(text, others, 1 if others != "ccc" else 0).replace(others, mine)
        forged = text.replace(_line(text, mine, 1 if mine != "ccc" else 0), entry)
        assert forged != text
        with pytest.raises(PlanError, match="was changed since it was written"):
            plan_of_host(_written(tmp_path, forged), mine, "key")


@pytest.mark.parametrize(
    "entry",
    [
        *("[-1, 5, 0]", "[0, 0]", "{}", "[[], 1, 2]", '[1e9, 1, "a"]', '[0, 0, "ä"]', "[" * 100_000, "[true, 1, 1]"),
        *("[0, 0, 5]", '[1.5, 5, "a"]', '[5, 1.5, "a"]', '[0, null, "a"]'),
    ],
)
def test_an_index_that_leads_nowhere(tmp_path: Path, entry: str) -> None:
    text = plan_text(PLANS, [], None)
    bad = text.replace(_line(text, "berlin", 1), f'"berlin": {entry}')
    with pytest.raises(PlanError, match=r"was changed|is no JSON"):
        plan_of_host(_written(tmp_path, bad), "berlin", None)


def test_another_shape_of_one_host_with_a_digest_that_fits(tmp_path: Path) -> None:
    path = _written(tmp_path, plan_text({"berlin": {"email_accounts": [{**ENTRY, "record": ["A"]}]}}, [], None))
    with pytest.raises(PlanError, match="another shape"):
        plan_of_host(path, "berlin", None)
