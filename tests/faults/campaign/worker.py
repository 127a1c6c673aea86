# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A process of the campaign: ``python -m tests.faults.campaign.worker`` reads seeds and answers each with its result.

It ends with its input. So it also ends, and its sandbox with it, when the campaign is killed.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from .case import play
from .scene import Scene

_LONGEST_CASE_SECONDS = 300


def main() -> None:
    """Play the case of each seed that comes in as a line, and print its result as a line of JSON."""
    # Whatever else prints must not come between the results.
    results = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with TemporaryDirectory(prefix="faults-") as directory, Scene.open(Path(directory)) as scene:
        for line in sys.stdin:
            # A case that hangs ends the process, which the campaign counts as a broken case.
            faulthandler.dump_traceback_later(_LONGEST_CASE_SECONDS, exit=True)
            result = play(scene, int(line))
            faulthandler.cancel_dump_traceback_later()
            print(json.dumps(asdict(result)), file=results, flush=True)


if __name__ == "__main__":
    main()
