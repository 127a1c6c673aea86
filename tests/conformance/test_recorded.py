# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox answers as a real server was seen to answer: every recorded request is sent to it, in its order."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.conformance.comparison import differences
from tests.conformance.recording import Answer, Exchange, exchanges
from tests.conformance.replay import replayed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.client import Sandbox

EXCHANGES = exchanges()
LISTED: list[dict[str, str]] = yaml.safe_load(Path(__file__).with_name("differences.yml").read_text(encoding="utf-8"))
MOST_LISTED = 4
JSON = "application/json; charset=utf-8"


@pytest.fixture(scope="module")
def found(running: Sandbox) -> dict[str, dict[str, str]]:
    """What differs in each exchange, by its name."""
    return replayed(running)


@pytest.mark.parametrize("exchange", EXCHANGES, ids=[exchange.name for exchange in EXCHANGES])
def test_the_sandbox_answers_as_recorded(
    exchange: Exchange, found: dict[str, dict[str, str]], record_property: Callable[[str, object], None]
) -> None:
    listed = {entry["part"]: entry["reason"] for entry in LISTED if entry["exchange"] == exchange.name}
    of_this = found[exchange.name]
    unlisted = {part: words for part, words in of_this.items() if part not in listed}
    outcome = "; ".join(f"{part}: {listed.get(part, words)}" for part, words in of_this.items())
    record_property("conformance", [exchange.number, exchange.name, exchange.answer.status, outcome, not unlisted])
    assert not unlisted, f"{exchange.method} {exchange.path}: {unlisted}"
    gone = listed.keys() - of_this.keys()
    assert not gone, f"listed in differences.yml, and there is no such difference any longer: {sorted(gone)}"


def test_the_list_is_short_and_gives_reasons() -> None:
    assert len(LISTED) <= MOST_LISTED
    names = {exchange.name for exchange in EXCHANGES}
    for entry in LISTED:
        assert entry.keys() == {"exchange", "part", "reason"}
        assert entry["exchange"] in names
        assert entry["part"] == "body", "a status or a content type has to be mended"
        assert len(entry["reason"].split()) > 3


def test_names_tell_the_exchanges_apart() -> None:
    assert [name for name, count in Counter(exchange.name for exchange in EXCHANGES).items() if count > 1] == []


@pytest.mark.parametrize(
    ("recorded", "given", "parts"),
    [
        (Answer(200, JSON, {"a": 1}), Answer(201, JSON, {"a": 1}), {"status"}),
        (Answer(200, JSON, {"a": 1}), Answer(200, "application/json", {"a": 1}), {"content_type"}),
        (Answer(200, JSON, {"a": 1}), Answer(200, JSON, {"a": 1.0}), {"body"}),
        (Answer(200, JSON, {"a": 1}), Answer(200, JSON, {"a": True}), {"body"}),
        (Answer(200, JSON, {"a": 1, "b": 2}), Answer(200, JSON, {"b": 2, "a": 1}), {"body"}),
        (Answer(200, JSON, {"a": 1}), Answer(200, JSON, {"a": 1, "b": 2}), {"body"}),
        (Answer(200, JSON, {"a": [1, 2]}), Answer(200, JSON, {"a": [1]}), {"body"}),
        (Answer(200, JSON, {"_id": "<made by the server>"}), Answer(200, JSON, {"_id": "5"}), {"body"}),
        (Answer(200, JSON, {"acl": "<left out>"}), Answer(200, JSON, {"acl": None}), {"body"}),
        (Answer(404, JSON, {"info": "Not found!"}), Answer(404, JSON, {"info": "Not found."}), {"body"}),
        (Answer(200, JSON, {"_id": "<made by the server>"}), Answer(200, JSON, {"_id": "0" * 24}), set()),
    ],
)
def test_differences_are_seen(recorded: Answer, given: Answer, parts: set[str]) -> None:
    assert differences(recorded, given).keys() == parts
