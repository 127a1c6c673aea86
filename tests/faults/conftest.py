# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every test under faults has: a sandbox behind a proxy, no pauses, an environment without settings of its own."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from tests.faults.proxy import FaultProxy
from tools import figures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.client import Sandbox

_PREFIXES = ("ITFLEX_", "WEBITEL_")
_NAMES = ("NETRC", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the grid be run without gaps."""
    parser.addoption("--full-grid", action="store_true", help="put every fault at every place, not at a selection")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    """Note what became of the full grid."""
    if config.getoption("--full-grid"):
        counts = {word: len(terminalreporter.stats.get(word, ())) for word in ("passed", "failed", "error")}
        found = ", ".join(f"{count:,} {word}" for word, count in counts.items())
        figures.note("grid", found, fine=exitstatus == pytest.ExitCode.OK)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the machine's environment would tell the collection or requests."""
    for name in list(os.environ):
        if name.startswith(_PREFIXES) or name.upper() in _NAMES:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the random pauses before retries take no time."""
    monkeypatch.setattr(random, "uniform", lambda low, _high: low)


@pytest.fixture(scope="session")
def proxy(running: Sandbox) -> Iterator[FaultProxy]:
    """A proxy before the sandbox, with whatever plan the last test left."""
    with FaultProxy(running.url) as proxy:
        yield proxy
