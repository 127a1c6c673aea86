# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An interpreter for modules: it hands them to a process that has imported their libraries, and compiled their code.

What a task costs that is done as a module, in a process of its own, is for the most part that Python starts, imports
requests and voluptuous, and compiles what Ansible has packed, since it keeps no compiled code of archives. Here that
is done once. All else is as ever: Ansible packs a module and starts an interpreter with it; and a process that has the
directory, environment, input and output of that one runs what is in the archive. Neither the collection nor parts of
ansible-core are imported before, so a module that needs what was not packed fails.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import importlib
import importlib.util
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipimport
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, NoReturn

from tests.warm_start import python_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = Path(__file__).resolve().parent.parent
# What modules import of other projects.
_LIBRARIES = ("requests", "voluptuous")
_MOST_BYTES = 200_000
# Input, output and errors.
_FILES = 3
# It starts for each task: it imports only what a Python has at hand, and is another one where that is not the same.
_INTERPRETER = """#!{python} -IS
import _socket, os, sys
settings = {{name: value for name, value in os.environ.items() if name.startswith(("PYTHON", "LD_"))}}
if len(sys.argv) > 1 or settings != {settings}:
    os.execv("{python}", ["{python}", *sys.argv[1:]])
request = b"\\0".join([os.getcwdb(), *(b"=".join(variable) for variable in os.environb.items())])
files = b"".join(number.to_bytes(4, sys.byteorder) for number in range({files}))
server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
server.connect("{address}")
server.sendmsg([request], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, files)])
os._exit(int(server.recv(16) or 137))
"""


@functools.cache
def warm_interpreter() -> str:
    """The path of the interpreter. It works as long as this process lives."""
    directory = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, directory)
    address = directory / "socket"
    ours, theirs = socket.socketpair()
    with theirs, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(str(address))
        listener.listen()
        numbers = [listener.fileno(), theirs.fileno()]
        command = [sys.executable, "-m", "tests.warm_module", *map(str, numbers)]
        # The encoding of files is settled when Python starts, and is the same for all.
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        server = subprocess.Popen(command, cwd=_ROOT, env=environment, pass_fds=numbers, stdin=subprocess.DEVNULL)
    atexit.register(server.wait)
    # What is registered last is called first.
    atexit.register(ours.close)
    interpreter = directory / "python"
    interpreter.write_text(
        _INTERPRETER.format(python=sys.executable, settings=python_settings(os.environ), address=address, files=_FILES),
        encoding="utf-8",
    )
    interpreter.chmod(0o755)
    return str(interpreter)


def serve(listener: socket.socket, parent: socket.socket) -> None:
    """Fork for each interpreter that connects, until the process that writes it is gone."""
    for name in _LIBRARIES:
        importlib.import_module(name)
    _compile_once()
    # What is never collected is not copied either.
    gc.freeze()
    while parent not in select.select([listener, parent], [], [])[0]:
        connection, _address = listener.accept()
        request, files, _flags, _address = socket.recv_fds(connection, _MOST_BYTES, _FILES)
        if os.fork() == 0:
            listener.close()
            parent.close()
            _become(request, files, connection)
        connection.close()
        for file in files:
            os.close(file)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _compile_once() -> None:
    """Let Python find the compiled code of what comes in archives, where the very same text is in a file here."""
    known = dict(_compiled_files())
    compile_anew = zipimport._compile_source  # type: ignore[attr-defined]

    def find_or_compile(path: str, source: bytes) -> CodeType:
        return known.get(source) or compile_anew(path, source)

    zipimport._compile_source = find_or_compile  # type: ignore[attr-defined]


def _compiled_files() -> Iterator[tuple[bytes, CodeType]]:
    """The files that Ansible may pack, and what they are compiled."""
    ansible = importlib.util.find_spec("ansible")
    assert ansible
    assert ansible.origin
    plugins = _ROOT / "plugins"
    for folder in (Path(ansible.origin).with_name("module_utils"), plugins / "module_utils", plugins / "modules"):
        for file in folder.rglob("*.py"):
            if code := SourceFileLoader(file.stem, str(file)).get_code(file.stem):
                yield file.read_bytes(), code


def _become(request: bytes, files: list[int], connection: socket.socket) -> NoReturn:
    """Be the program that is read from the first of the files, with nothing of this process but its imports."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    directory, *variables = request.split(b"\0")
    os.environb.clear()
    for variable in variables:
        name, _equals, value = variable.partition(b"=")
        os.environb[name] = value
    os.chdir(directory)
    time.tzset()
    tempfile.tempdir = None
    # This package was found there; a module does not look there.
    sys.path.pop(0)
    for module in [module for module in sys.modules if module.partition(".")[0] == "tests"]:
        del sys.modules[module]
    sys.argv = [""]
    program = sys.modules["__main__"] = ModuleType("__main__")
    ended = [1]
    # By then, other threads have ended, and what the module registered is done.
    atexit.register(_end, connection, ended)
    try:
        exec(compile(sys.stdin.buffer.read(), "<stdin>", "exec"), program.__dict__)  # noqa: S102  That is what it is for.
    except SystemExit as error:
        ended[0] = error.code if isinstance(error.code, int) else int(error.code is not None)
        raise
    ended[0] = 0
    sys.exit()


def _end(connection: socket.socket, status: list[int]) -> NoReturn:
    """Tell the interpreter how to end."""
    sys.stdout.flush()
    sys.stderr.flush()
    connection.send(str(*status).encode())
    os._exit(*status)


if __name__ == "__main__":
    serve(*(socket.socket(fileno=int(number)) for number in sys.argv[1:]))
