# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox for every test that wants one: one process for each test process, emptied before each test."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.client import Sandbox

# The tests name one another from the collection's root; `ansible-test` does not read that from pyproject.toml.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A running sandbox, with whatever the last test left in it."""
    # The tests of module code need none, and run on Pythons that are too old for it.
    from tests.sandbox.client import Sandbox

    with Sandbox.start(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    """An empty sandbox with all traps at their defaults."""
    running.reset()
    return running
