# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file of a plan: read as it was written, and not otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._engine.digests import canonical, digest
from ansible_collections.mailfleet.email.plugins.plugin_utils._plan_file import (
    PlanError,
    Plans,
    check_hosts,
    entries_of,
    plan_text,
    plans_in,
    read_plans,
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
PLANS: Plans = {"berlin": {"email_accounts": [ENTRY]}, "pbx": {"email_settings": []}}


def _edited(**changes: Any) -> Callable[[str], str]:
    return lambda text: json.dumps({**json.loads(text), **changes})


BAD: dict[str, tuple[Callable[[str], str], str]] = {
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
    assert json.loads(text)["totals"] == {"created": 1, "updated": 0, "unknown": 0, "deleted": 0, "none": 0}
    assert "key" not in json.loads(text)


def test_the_text_depends_on_the_content_only() -> None:
    assert plan_text(dict(reversed(PLANS.items())), ["b", "a"], None) == plan_text(PLANS, ["a", "b"], None)


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
    check_hosts(path, PLANS, [], ["pbx", "berlin"], subset=False)
    check_hosts(path, PLANS, [], ["pbx"], subset=True)
    for hosts, not_planned, subset, words in (
        (["pbx"], [], False, "berlin"),
        (["pbx", "berlin", "lisbon"], [], False, "does not know lisbon"),
        (["lisbon"], ["lisbon"], True, "could not plan lisbon"),
    ):
        with pytest.raises(PlanError, match=words):
            check_hosts(path, PLANS, not_planned, hosts, subset=subset)


def test_results() -> None:
    result = {
        "results": [{"key": 7, "action": "updated", "changed_fields": ("a",), "diff": {"after": {"a": "value"}}}],
        "fingerprints": ["f"],
        "outcomes": [[]],
    }
    assert entries_of(result) == [{"record": "7", "action": "updated", "changed_fields": ["a"], "fingerprint": "f"}]
    with pytest.raises(PlanError, match="option plan"):
        entries_of({"results": []})


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    with pytest.raises(PlanError, match=r"plan\.json: No such file"):
        read_plans(path, None)
    path.write_bytes(b"\xff")
    with pytest.raises(PlanError, match=r"plan\.json"):
        read_plans(path, None)
    path.write_text(plan_text(PLANS, [], None), encoding="utf-8")
    assert read_plans(path, None) == (PLANS, [])
