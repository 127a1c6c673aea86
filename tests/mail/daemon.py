# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a system's mail server as an ordinary process: a directory and ports of its own, gone with the tests."""

from __future__ import annotations

import functools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LOOPBACK = "127.0.0.1"
LOOPBACK_IPV6 = "::1"
_START_SECONDS = 30
_STOP_SECONDS = 10


def program(path: str, package: str) -> str:
    """Return ``path`` if it can be run here; raise ``RuntimeError`` with what to install where it cannot."""
    if os.geteuid() != 0:
        raise RuntimeError("The mail servers need root: they switch to users of their own.")
    found = shutil.which(path)
    if found is None:
        raise RuntimeError(f"{path} is missing: install the Debian package {package}.")
    return found


def loopbacks() -> list[str]:
    """Return the loopback addresses that this machine has; that of IPv4 comes first."""
    return [LOOPBACK, LOOPBACK_IPV6] if has_ipv6() else [LOOPBACK]


@functools.cache
def has_ipv6() -> bool:
    """Return whether this machine has the loopback address of IPv6: not every kernel or container does."""
    try:
        with socket.create_server((LOOPBACK_IPV6, 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def free_ports(count: int) -> list[int]:
    """Return as many ports of the loopback addresses as wanted, on which nobody listens."""
    with ExitStack() as stack:
        # All are open at once, so that none comes up twice.
        return [_listening(stack) for _ in range(count)]


def _listening(stack: ExitStack) -> int:
    """Listen on a port that is free on all loopback addresses, until the stack is closed. Return it."""
    while True:
        port: int = stack.enter_context(closing(socket.create_server((LOOPBACK, 0)))).getsockname()[1]
        if not has_ipv6():
            return port
        try:
            stack.enter_context(closing(socket.create_server((LOOPBACK_IPV6, port), family=socket.AF_INET6)))
        except OSError:
            continue
        return port


def answers(port: int) -> bool:
    """Return whether somebody listens on a port of the loopback address."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


@contextmanager
def own_directory(name: str) -> Iterator[Path]:
    """Make a directory that the servers' own users can enter, which pytest's are not; remove it at the end."""
    directory = Path(tempfile.mkdtemp(prefix=f"mailfleet-{name}-"))
    try:
        directory.chmod(0o755)
        yield directory
    finally:
        # A server's helpers may live a moment longer than it does, and still write.
        shutil.rmtree(directory, ignore_errors=True)


# Postfix changes its user at the start, after which the kernel no longer tells it of a parent's death. So a shell
# waits for the end of its input, which comes when this process closes it or dies, and then ends the daemon.
_UNTIL_INPUT_ENDS = '"$@" & read -r _; kill "$!"; wait "$!"'


@contextmanager
def daemon(command: Sequence[str], is_up: Callable[[], bool], log: Path) -> Iterator[None]:
    """Run a daemon that stays in the foreground until the end of the block, or of this process.

    The block begins when ``is_up`` says so. Raises ``RuntimeError`` with the daemon's ``log`` where it does not come
    up.
    """
    output = log.with_suffix(".output")
    with output.open("wb") as file:
        process = subprocess.Popen(
            ["sh", "-c", _UNTIL_INPUT_ENDS, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    with process:
        if not _comes_up(is_up):
            process.communicate(timeout=_STOP_SECONDS)
            words = "\n".join(part.read_text(errors="replace") for part in (output, log) if part.exists())
            raise RuntimeError(f"{command[0]} did not start:\n{words}")
        try:
            yield
        finally:
            process.communicate(timeout=_STOP_SECONDS)


def _comes_up(is_up: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if is_up():
            return True
        time.sleep(0.02)
    return False
