# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that somebody else may have put there: a pipe would never end, a link may lead anywhere."""

from __future__ import annotations

import os
import secrets
import stat
import typing as t
from contextlib import contextmanager, suppress
from errno import EFBIG, EINVAL, ELOOP, ENOTDIR
from pathlib import Path, PurePosixPath

_READ: t.Final = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
# More than any plan or document has; without an end, the memory of the machine would be it.
_LARGEST: t.Final = 256 * 2**20
_NO_FILE: t.Final = "is no regular file"


def open_regular(path: Path) -> t.BinaryIO:
    """A regular file, or one that a link leads to, open. Raises `OSError`, also for anything else, and too much."""
    try:
        # Opening a pipe without a writer would wait for one.
        descriptor = os.open(path, _READ)
    except ValueError:
        # A NUL in the path.
        raise OSError(EINVAL, _NO_FILE, str(path)) from None
    return _regular(descriptor, path)


def content_of_regular(path: Path) -> bytes:
    """The content of a regular file, or of one that a link leads to. Raises `OSError`, also for anything else."""
    with open_regular(path) as file:
        # It may grow meanwhile.
        return file.read(_LARGEST)


def _regular(descriptor: int, path: Path) -> t.BinaryIO:
    found = os.fstat(descriptor)
    if stat.S_ISREG(found.st_mode) and found.st_size <= _LARGEST:
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISREG(found.st_mode):
        raise OSError(EFBIG, f"is larger than {_LARGEST >> 20} MiB", str(path))
    raise OSError(EINVAL, _NO_FILE, str(path))


@contextmanager
def _naming(path: Path) -> t.Iterator[None]:
    """Let an error name this file, where it names a transient one, or a part of the path only."""
    try:
        yield
    except OSError as exc:
        named = exc.filename if Path(str(exc.filename)).is_absolute() else str(path)
        raise OSError(exc.errno, exc.strerror, named) from None


def _keep_mode(name: str, directory: int, descriptor: int) -> None:
    """Give an open file the mode of the one whose place it takes: somebody may have closed that to others."""
    with suppress(FileNotFoundError):
        found = os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode
        if stat.S_ISREG(found):
            os.fchmod(descriptor, stat.S_IMODE(found))


class LinklessFolder:
    """A folder below which no link is followed. The folder itself may be one: that is for the user to say.

    `name` is always a path below it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> bytes | None:
        """The content of a regular file, `None` where nothing is. Raises `OSError` for a link, a pipe and the like."""
        try:
            with self._parent(name) as (directory, last):
                descriptor = os.open(last, _READ | os.O_NOFOLLOW, dir_fd=directory)
        except FileNotFoundError:
            return None
        except OSError as exc:
            link = exc.errno == ELOOP
            raise OSError(exc.errno, _NO_FILE if link else exc.strerror, str(self.path / name)) from None
        with _regular(descriptor, self.path / name) as file:
            return file.read(_LARGEST)

    def names(self, folder: str) -> list[str]:
        """The regular files below a folder, at any depth. Raises `OSError` where a link stands in its place."""
        found: list[str] = []
        with suppress(FileNotFoundError), self._parent(f"{folder}/-"):
            for directory, _directories, files in os.walk(self.path / folder):
                paths = [Path(directory, file) for file in files]
                found += [str(path.relative_to(self.path)) for path in paths if stat.S_ISREG(path.lstat().st_mode)]
        return sorted(found)

    def write(self, name: str, content: bytes, mode: int) -> None:
        """Write a file as a whole: who reads it finds the old content or the new one. A link there is replaced.

        Folders that are missing are made. A file that is there keeps its mode; that of a new one is `mode`, less what
        the umask takes away. Raises `OSError`.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with _naming(self.path / name), self._parent(name, make=True) as (directory, last):
            transient = f".{secrets.token_hex(12)}"
            descriptor = os.open(transient, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode, dir_fd=directory)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    _keep_mode(last, directory, descriptor)
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.rename(transient, last, src_dir_fd=directory, dst_dir_fd=directory)
            except BaseException:
                with suppress(FileNotFoundError):
                    os.unlink(transient, dir_fd=directory)
                raise

    def remove(self, name: str) -> None:
        """Remove a file, or a link in its place. Raises `OSError`."""
        with self._parent(name) as (directory, last):
            os.unlink(last, dir_fd=directory)

    @contextmanager
    def _parent(self, name: str, *, make: bool = False) -> t.Iterator[tuple[int, str]]:
        """The folder of a file, open, and the last part of the file's name."""
        *folders, last = PurePosixPath(name).parts
        descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for number, folder in enumerate(folders, 1):
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(folder, dir_fd=descriptor)
                inner = self._inner(descriptor, folder, self.path.joinpath(*folders[:number]))
                os.close(descriptor)
                descriptor = inner
            yield descriptor, last
        finally:
            os.close(descriptor)

    @staticmethod
    def _inner(directory: int, folder: str, path: Path) -> int:
        try:
            return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory)
        except FileNotFoundError:
            raise
        except OSError as exc:
            if exc.errno not in (ELOOP, ENOTDIR):
                raise OSError(exc.errno, exc.strerror, str(path)) from None
            what = "link" if path.is_symlink() else "file"
            raise NotADirectoryError(ENOTDIR, f"a {what} stands where a folder should be", str(path)) from None
