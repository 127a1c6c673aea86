# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that somebody else may have put there: a pipe would never end, and a device is no text."""

from __future__ import annotations

import os
import stat
from errno import EINVAL
from pathlib import Path


def content_of_regular(path: Path) -> bytes:
    """The content of a regular file, or of one that a link leads to. Raises `OSError`, also for anything else."""
    # Opening a pipe without a writer would wait for one.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(EINVAL, "is no regular file", str(path))
        return file.read()
