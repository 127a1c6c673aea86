# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the benchmarks make of their measurements."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.cases import Case, Goal
from tests.bench.page import as_page
from tests.bench.results import Measured, Measurements, Results, Spread, measured_before
from tests.bench.workspace import Command, Live

AT_MOST = Goal("Task over its floor", "at most", 1.5, ("task",), ("play", "script"))
AT_LEAST = Goal("Script over play", "at least", 3, ("script",), ("play",))


def results(*rounds: tuple[float, float, float]) -> Results:
    """Results of one case, from the times of its task, play and script in each round."""
    names = ("task", "play", "script")
    command = Command(("true",), Path(), Live())
    case = Case("tried", "Something tried", dict.fromkeys(names, command), (AT_MOST, AT_LEAST))
    taken = [{name: Measured(value, value / 2) for name, value in zip(names, values, strict=True)} for values in rounds]
    machine = {"processor": "A processor", "cores": 2, "system": "A system", "versions": {"python": "3.13.0"}}
    return Results([Measurements(case, taken)], 12.3, machine)


@pytest.mark.parametrize(
    ("goal", "ratio", "reached"),
    [(AT_MOST, 1.5, True), (AT_MOST, 1.51, False), (AT_LEAST, 3.0, True), (AT_LEAST, 2.99, False)],
)
def test_a_goal_is_reached_up_to_its_bound(goal: Goal, ratio: float, reached: bool) -> None:
    assert goal.is_reached(ratio) is reached


def test_a_goal_may_be_a_value_by_itself() -> None:
    goal = Goal("Memory", "at most", 500, ("task",), ())
    assert goal.ratio({"task": 501.0, "play": 2.0}) == 501


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    # The medians of the times would make 4 / (2 + 2).
    measurements = results((3, 1, 1), (4, 2, 6), (20, 8, 2)).cases[0]

    assert measurements.ratio(AT_MOST) == Spread(median=1.5, least=0.5, most=2.0)


def test_a_goal_says_by_what_it_is_judged() -> None:
    busy = replace(AT_MOST, by="processor time")
    taken = [{"task": Measured(9, 2), "play": Measured(1, 1), "script": Measured(1, 1)}] * 3
    measurements = replace(results((1, 1, 1)).cases[0], rounds=taken)

    assert measurements.is_reached(busy)
    assert not measurements.is_reached(AT_MOST)
    # What was not measured is not reached.
    assert not replace(measurements, rounds=[dict.fromkeys(taken[0], Measured(1))]).is_reached(busy)


def test_what_was_measured_before_is_kept() -> None:
    before = results((3, 1, 2), (5, 1, 2))
    case, document = before.cases[0].case, before.as_document()

    kept = measured_before(document, case)
    assert kept is not None
    assert kept.ratio(AT_MOST) == before.cases[0].ratio(AT_MOST)
    assert kept.processor_ratio(AT_MOST) == before.cases[0].processor_ratio(AT_MOST)
    assert measured_before(document, replace(case, name="another")) is None
    assert measured_before(document, replace(case, commands={**case.commands, "more": case.commands["task"]})) is None


def test_the_page_says_what_was_reached() -> None:
    page = as_page(results((3, 1, 2), (3, 1, 2), (6, 1, 2)), "What stands in the way.\n")

    assert "| Task over its floor | at most 1.5 | time | 1.00 (1.00 to 2.00) | 1.00 (1.00 to 2.00) | yes |" in page
    assert "| Script over play | at least 3 | time | 2.00 (2.00 to 2.00) | 2.00 (2.00 to 2.00) | **no** |" in page
    assert "(`tried`, 3 rounds)" in page
    assert "What stands in the way.\n\n## All" in page
    assert "| task | 3.00 (3.00 to 6.00) | 1.50 |" in page
    assert "took 12 minutes" in page


def test_the_document_holds_every_measurement() -> None:
    document = results((3, 1, 2), (5, 1, 2)).as_document()

    assert [taken["task"]["value"] for taken in document["cases"]["tried"]["rounds"]] == [3, 5]
    assert document["goals"][0]["reached"] is True
    assert document["goals"][1]["reached"] is False
