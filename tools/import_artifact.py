# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run Galaxy's importer on an artifact, and fail on its first warning: ``python tools/import_artifact.py ARTIFACT``.

The importer succeeds with warnings, which a reviewer of Automation Hub reads. Its own ansible-test needs containers;
the session `sanity` has run the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# Automation Hub wants a tag that it knows by.
SETTINGS = {"CHECK_REQUIRED_TAGS": "True", "CHECK_CHANGELOG": "True", "RUN_ANSIBLE_TEST": "False"}
ENDED_WELL = "Importer processing completed successfully"


def main() -> int:
    """Pass on what the importer says; return 1 if it has anything to complain about."""
    artifact = Path(sys.argv[1])
    environment = {
        **os.environ,
        **{f"GALAXY_IMPORTER_{name}": value for name, value in SETTINGS.items()},
        # It starts ansible-doc and ansible-lint by their names.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    finished = subprocess.run(
        [sys.executable, "-m", "galaxy_importer.main", artifact.name],
        cwd=artifact.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    complaints = [line for line in finished.stdout.splitlines() if line.startswith(("WARNING", "ERROR"))]
    if finished.returncode or complaints or ENDED_WELL not in finished.stdout:
        print(finished.stdout)
        print(f"galaxy-importer: {len(complaints)} warnings", file=sys.stderr)
        return 1
    print("galaxy-importer: no warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
