# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Note what a measurement found, with the commit it was made on; `make quality` puts all of it on one page."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Each measurement leaves a file of its own: some take an hour, and are run on their own.
NOTED = ROOT / ".cache" / "figures"


@dataclass(frozen=True)
class Figure:
    """What was found in one measurement, in words; whether it is as it should be; the commit, and the day (UTC)."""

    found: str
    fine: bool
    commit: str
    day: str


def note(name: str, found: str, *, fine: bool) -> None:
    """Keep what was found under the name that `tools/quality_page.py` knows it by; it replaces what stood there."""
    figure = Figure(found, fine, _commit(), datetime.now(UTC).date().isoformat())
    NOTED.mkdir(parents=True, exist_ok=True)
    (NOTED / f"{name}.json").write_text(json.dumps(asdict(figure)), encoding="utf-8")


def _commit() -> str:
    """The commit that is checked out, marked where files differ from it."""
    command = ["git", "describe", "--always", "--dirty=, changed", "--abbrev=9"]
    try:
        return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
