# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run two commands beside one another, and print what the second one says when the first one has ended.

``python -m tools.run_beside FIRST SECOND``, each of them one argument. Neither ends because the other one failed.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools import figures

# What it may take on two cores that nothing else keeps busy.
MINUTES = 15


def main() -> int:
    """Return 0 where both commands succeeded, else 1."""
    began = time.monotonic()
    first, second = map(shlex.split, sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="beside-") as folder:
        output = Path(folder) / "output"
        with output.open("wb") as file:
            beside = subprocess.Popen(second, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
        print(f"Running beside, with the output at the end: {sys.argv[2]}", flush=True)
        try:
            failed = subprocess.run(first, check=False).returncode != 0
            failed |= beside.wait() != 0
        finally:
            # Ctrl-C reaches both commands by itself; what they had to say up to then is worth reading.
            beside.wait()
            sys.stdout.buffer.write(output.read_bytes())
            sys.stdout.flush()
    outcome = "FAILED" if failed else "passed"
    minutes = (time.monotonic() - began) / 60
    found = f"{outcome} in {minutes:.0f} minutes (less than {MINUTES})"
    figures.note("tests", found, fine=not failed and minutes < MINUTES)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
