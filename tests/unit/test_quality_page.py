# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of what the measurements found: made of what is kept and of what was noted since."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from tools import figures
from tools.quality_page import MEASUREMENTS, PAGE, as_page, gathered, read

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

OLD = figures.Figure("1 lost", fine=False, commit="a1", day="2026-01-01")


def test_the_page_is_current() -> None:
    assert as_page(read()) == PAGE.read_text(encoding="utf-8"), "run make quality"


def test_what_fell_short_and_what_was_not_measured_stand_there() -> None:
    rows = as_page({"faults": OLD}).splitlines()
    assert f"| {MEASUREMENTS['faults'].what} | 1 lost | **no** | a1 | 2026-01-01 | `make faults` |" in rows
    assert f"| {MEASUREMENTS['soak'].what} | not measured |  |  |  | `make soak` |" in rows
    assert len([row for row in rows if row.endswith("` |")]) == len(MEASUREMENTS)


def test_what_was_noted_replaces_what_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "NOTED", tmp_path)
    figures.note("faults", "0 lost", fine=True)
    found = gathered({"faults": OLD, "soak": OLD}, tmp_path)
    assert (found["faults"].found, found["faults"].fine, found["soak"]) == ("0 lost", True, OLD)


def test_a_measurement_that_is_gone_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "gone.json").write_text(json.dumps(asdict(OLD)), encoding="utf-8")
    assert gathered({"gone": OLD}, tmp_path) == {}
