# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints the exchanges with what became of each, after the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for each exchange, and how many are the same, listed, or neither."""
    rows = sorted(_rows(terminalreporter))
    if not rows:
        return
    words = {True: "listed", False: "DIFFERS"}
    results = ["same" if not outcome else words[listed] for _number, _name, _status, outcome, listed in rows]
    width = max(len(name) for _number, name, *_rest in rows)
    terminalreporter.section("exchanges with Webitel's server, as recorded")
    for (number, name, status, outcome, _listed), result in zip(rows, results, strict=True):
        terminalreporter.write_line(f"{number:3}  {name:{width}}  {status}  {result:7}  {outcome}".rstrip())
    counts = ", ".join(f"{results.count(word)} {word}" for word in ("same", "listed", "DIFFERS"))
    found = f"{len(rows)} exchanges: {counts}"
    terminalreporter.write_line(found)
    figures.note("conformance", found, fine="DIFFERS" not in results)


def _rows(reporter: pytest.TerminalReporter) -> Iterator[list[Any]]:
    for reports in reporter.stats.values():
        for report in (report for report in reports if getattr(report, "when", "") == "call"):
            yield from (value for name, value in getattr(report, "user_properties", ()) if name == "conformance")
