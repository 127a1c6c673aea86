# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stages of a play: what Ansible would break off at, or would take for all hosts at once, is refused."""

from __future__ import annotations

import pytest
from ansible.utils.helpers import pct_to_int

from ansible_collections.mailfleet.email.plugins.plugin_utils._stages import problems_of_stages

RIGHT = [1, "1", 30, "010", "10%", "1%", "100%"]
WRONG = [
    "x",
    "",
    " ",
    0,
    "0",
    "0%",
    "00%",
    -1,
    "-1",
    "101%",
    "1.5%",
    1.5,
    "10 %",
    "1,2",
    "[1]",
    True,
    False,
    {},
    "\u0661",
]


@pytest.mark.parametrize("stage", RIGHT)
def test_a_stage(stage: object) -> None:
    assert problems_of_stages(stage, None) == problems_of_stages([stage, stage], None) == []
    assert pct_to_int(stage, 50) > 0


@pytest.mark.parametrize("stage", WRONG)
def test_no_stage(stage: object) -> None:
    [problem] = problems_of_stages(stage, None)
    assert problem.field == "serial"
    assert problem.message.startswith("must be a number of hosts from 1, or a part of them")
    fields = [problem.field for problem in problems_of_stages([1, stage, "100%", stage], None)]
    assert fields == ["serial[1]", "serial[3]"]


@pytest.mark.parametrize("junk", [None, [], [1]])
def test_no_stage_in_a_list(junk: object) -> None:
    assert [problem.field for problem in problems_of_stages([junk], None)] == ["serial[0]"]


def test_no_stages() -> None:
    [problem] = problems_of_stages([], None)
    assert problem.message == "must name a stage at least, and is an empty list"
    assert problems_of_stages(None, None) == []


@pytest.mark.parametrize("percentage", [0, "0", 49, 100, "100", "30%", 12.5, "12.5", "100.0"])
def test_how_many_may_fail(percentage: object) -> None:
    assert problems_of_stages(None, percentage) == []
    assert 0 <= float(str(percentage).rstrip("%")) <= 100


@pytest.mark.parametrize("percentage", ["x", "", -1, "-1", 101, "100.5", True, [], [1], {}, "nan", "inf", "1e1", "%"])
def test_no_percentage(percentage: object) -> None:
    [problem] = problems_of_stages(None, percentage)
    assert (problem.field, problem.message) == ("max_fail_percentage", "must be a number from 0 to 100")
