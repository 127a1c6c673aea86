# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the programs of ansible-core, anew where ansible-core gives up a start because the machine is busy.

Before the first play, ansible-core 2.21 waits five seconds for a thread of its own, and ends with "Local RPC server
did not start." where the thread takes longer (``ansible/_internal/_rpc_host.py``). Nothing has been run then. No test
depends on how fast a machine is, so the same process begins again, with all that it was given.

It ends with the same words where the thread fails: its socket lies below ``TMPDIR``, and paths of sockets are short.
What is too long for one is said here instead.

``python tests/ansible_start.py STARTS PROGRAM ARGUMENTS...`` is what the words of ``ansible_command`` run.
"""

from __future__ import annotations

import atexit
import os
import shlex
import sys
import tempfile
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_STARTS = 5
# Those that run tasks.
PROGRAMS = ("ansible", "ansible-playbook", "ansible-pull")
# What Linux takes as the path of a socket, less the names that Python gives it and its directory.
LONGEST_TMPDIR = 107 - len("/pymp-12345678/listener-12345678")


def ansible_command(
    program: str, *arguments: str, starts: int = MOST_STARTS, python: str = sys.executable
) -> list[str]:
    """The words that run a program of the ansible-core that belongs to a Python, in at most so many starts."""
    # Without -P, what lies beside this file would be found before the libraries of the same names.
    return [python, "-P", str(Path(__file__).resolve()), str(starts), program, *arguments]


def write_programs(directory: Path, python: str = sys.executable) -> None:
    """Write programs into a directory that run ansible-core so for all who have it first in their ``PATH``."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in PROGRAMS:
        program = directory / name
        # By its own path, ansible-pull finds the other programs.
        words = shlex.join(ansible_command(str(program), python=python))
        program.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        program.chmod(0o755)


def run_program(starts: int, words: list[str], prepare: Callable[[], object] = lambda: None) -> None:
    """Be the program that the first of the words names, by name or path; never returns.

    By the time of ``prepare``, ansible-core has read its settings, and nothing has been run.
    """
    if len(os.fsencode(tempfile.gettempdir())) > LONGEST_TMPDIR:
        sys.exit(f"TMPDIR has more than {LONGEST_TMPDIR} bytes: no socket can lie below {tempfile.gettempdir()}")
    given_up: list[TimeoutError] = []

    def begin_again() -> None:
        if given_up:
            command = ansible_command(*words, starts=starts - 1)
            os.execv(command[0], command)  # noqa: S606  The words came from whoever started this process.

    # What is registered first is called last: by then, ansible-core has removed its temporary files.
    atexit.register(begin_again)
    [program] = entry_points(group="console_scripts", name=Path(words[0]).name)
    main = program.load()
    prepare()
    if starts > 1:
        _end_where_ansible_gives_up(given_up.append)
    sys.argv = words
    sys.exit(main())


def _end_where_ansible_gives_up(tell: Callable[[TimeoutError], Any]) -> None:
    """Let the process end without a word where ansible-core gives up waiting for its thread, but tell of that first."""
    try:
        from ansible._internal._rpc_host import LocalManager
    except ImportError:
        # Releases before 2.21 have no such thread.
        return
    start = LocalManager.shared_instance

    def start_or_end() -> Any:
        try:
            return start()
        except TimeoutError as error:
            tell(error)
            sys.exit()

    LocalManager.shared_instance = start_or_end


if __name__ == "__main__":
    run_program(int(sys.argv[1]), sys.argv[2:])
