# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports on disk."""

from __future__ import annotations

import os
import secrets
from errno import ENOTDIR
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that whoever reads it finds the old content or the new one, never a part. Raises `OSError`.

    Folders that are missing are made. Who may read the file is said by the umask, as for any other: a report holds no
    secret, and is often fetched by somebody else, such as the runner of a pipeline.
    """
    if path.exists() and not path.is_file():
        # A device or a pipe, such as /dev/stdout, is written to and not replaced.
        path.write_bytes(content)
        return
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(ENOTDIR, "a file stands where a folder should be", str(path.parent)) from None
    transient = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(transient, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        transient.replace(target)
    except BaseException:
        transient.unlink(missing_ok=True)
        raise


def write_changed(path: Path, content: bytes) -> bool:
    """Write a file that does not have this content yet. Returns whether that was so. Raises `OSError`."""
    try:
        has_it = path.is_file() and path.read_bytes() == content
    except OSError:
        # What cannot be read may be replaced all the same.
        has_it = False
    if not has_it:
        write_whole(path, content)
    return not has_it
