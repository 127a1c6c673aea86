# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the programs of ansible-core from a process that has already imported what ansible-core imports of others.

A half of what a short playbook costs is the import of libraries that are the same in every run. They are imported
once, and the process forks for each start. What is forked has the directory, environment and output that it is given,
and imports ansible-core itself, which reads its settings meanwhile, and the collection. A test that takes a library
away has settings of its own for Python, or a Python of its own, and starts no program here.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tests.ansible_start import MOST_STARTS, ansible_command, run_program
from tests.warm_kept import keep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# The heaviest of what ansible-core imports of other projects and of Python.
_LIBRARIES = (
    *("argcomplete", "cryptography.hazmat.primitives.serialization", "curses", "getpass", "importlib.metadata"),
    *("jinja2.nativetypes", "jinja2.sandbox", "logging.config", "multiprocessing.managers", "packaging.specifiers"),
    *("packaging.utils", "typing_extensions", "uuid", "yaml"),
    # Those of the collection.
    *("requests", "voluptuous"),
    # These parts of ansible-core itself read no settings.
    *("ansible._internal._ssh._ssh_agent", "ansible.module_utils.distro"),
)
_MOST_BYTES = 200_000
_NUMBER_BYTES = 16


class WarmStart:
    """The process that has imported the libraries, with the Python and the environment of this one."""

    def __init__(self) -> None:
        """Start it. It ends when this object is closed, or this process ends."""
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.packed = tempfile.TemporaryDirectory()
        with theirs:
            command = [sys.executable, "-m", "tests.warm_start", str(theirs.fileno()), self.packed.name]
            # The encoding of files is settled when Python starts, and is the same for all.
            environment = {**os.environ, "LC_ALL": "C.UTF-8"}
            self._process = subprocess.Popen(
                command, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )

    def close(self) -> None:
        """Let it end."""
        self._requests.close()
        self._process.wait()
        self.packed.cleanup()

    def run(
        self, words: Sequence[str], environment: Mapping[str, str], directory: Path, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Do what `run_ansible` does."""
        request = json.dumps([list(words), dict(environment), str(directory)]).encode()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, tempfile.TemporaryFile() as output:
            with theirs:
                socket.send_fds(self._requests, [request], [output.fileno(), theirs.fileno()])
            started = int(ours.recv(_NUMBER_BYTES))
            ours.settimeout(timeout)
            try:
                status = int(ours.recv(_NUMBER_BYTES))
            except TimeoutError:
                os.kill(started, signal.SIGKILL)
                raise subprocess.TimeoutExpired(list(words), timeout) from None
            output.seek(0)
            return subprocess.CompletedProcess(list(words), status, output.read().decode())


def run_ansible(
    words: Sequence[str], environment: Mapping[str, str], directory: Path, timeout: float, *, warm: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a program of ansible-core, named by the first of the words, in a directory, and wait for it.

    Returns its exit status, and as `stdout` all that it printed. Raises `subprocess.TimeoutExpired` where it takes more
    than `timeout` seconds; by then it is killed. What is seen from outside, with its own command and environment,
    is not to start `warm`.
    """
    if warm and python_settings(environment) == python_settings(os.environ):
        return _warm_start().run(words, environment, directory, timeout)
    return subprocess.run(
        ansible_command(*words),
        env=dict(environment),
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )


def python_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that tell Python itself how to start: what differs in them needs a start of its own."""
    return {name: value for name, value in environment.items() if name.startswith(("PYTHON", "LD_"))}


@functools.cache
def _warm_start() -> WarmStart:
    """What starts the programs of this process."""
    warm = WarmStart()
    atexit.register(warm.close)
    return warm


def import_libraries() -> None:
    """Import what is the same in every run."""
    for name in _LIBRARIES:
        # Some are there with some releases of ansible-core only.
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(name)


def serve(requests: socket.socket, packed: str) -> None:
    """Fork for each request, until nobody is left to send one. In one directory lies what the programs keep."""
    import_libraries()
    # What is never collected is not copied either.
    gc.freeze()
    while True:
        request, files, _flags, _address = socket.recv_fds(requests, _MOST_BYTES, 2)
        if not request:
            return
        if os.fork() == 0:
            requests.close()
            _watch(request, packed, *files)
        for file in files:
            os.close(file)
        _reap()


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _watch(request: bytes, packed: str, output: int, channel: int) -> None:
    """Fork what runs the program, and tell its process id, and then its exit status."""
    started = os.fork()
    if started == 0:
        os.close(channel)
        _become(request, packed, output)
    with socket.socket(fileno=channel) as teller:
        teller.send(str(started).encode())
        _id, status = os.waitpid(started, 0)
        teller.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(request: bytes, packed: str, output: int) -> NoReturn:
    """Be the program, with nothing of this process but its imports."""
    words, environment, directory = json.loads(request)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(directory)
    time.tzset()
    tempfile.tempdir = None
    # This package was found there; ansible-core does not look there.
    sys.path.pop(0)
    run_program(MOST_STARTS, words, prepare=lambda: keep(Path(packed)))
    raise AssertionError("it never returns")


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as given:
        serve(given, sys.argv[2])
