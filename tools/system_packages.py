# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests need that no requirements file brings: a browser, real mail servers, and what runs Nodemailer.

``python tools/system_packages.py`` installs what is missing. With ``--before-tests`` it does so only as root in CI or
in a container, where nobody else would, and elsewhere says what will be left out and which command brings it.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMMAND = "make system-packages"
# What tells a service that is being installed not to start. The tests start the mail servers themselves.
POLICY = Path("/usr/sbin/policy-rc.d")
LOCK_SECONDS = 600


@dataclass(frozen=True)
class Program:
    """Something that the tests start: any of `commands` will do, and these packages bring it."""

    name: str
    commands: tuple[str, ...]
    debian: str
    fedora: str

    @property
    def is_here(self) -> bool:
        """Whether this machine has it."""
        return any(map(shutil.which, self.commands))


CHROMIUM_COMMANDS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = Program("Chromium", CHROMIUM_COMMANDS, "chromium", "chromium")
FOR_MAIL = (
    Program("Postfix", ("postfix", "/usr/sbin/postfix"), "postfix", "postfix"),
    Program("Dovecot's IMAP", ("/usr/lib/dovecot/imap", "/usr/libexec/dovecot/imap"), "dovecot-imapd", "dovecot"),
    Program("Dovecot's LMTP", ("/usr/lib/dovecot/lmtp", "/usr/libexec/dovecot/lmtp"), "dovecot-lmtpd", "dovecot"),
    Program("Node.js", ("node",), "nodejs", "nodejs"),
    # Some packages of Node.js bring it along, and conflict with this one.
    Program("npm", ("npm",), "npm", "nodejs-npm"),
)
PROGRAMS = (CHROMIUM, *FOR_MAIL)


def missing() -> list[Program]:
    """Return which of the programs this machine lacks."""
    return [program for program in PROGRAMS if not program.is_here]


def packages(programs: list[Program], distribution: str) -> list[str]:
    """Return the packages that bring these programs, each once, by their names in `debian` or `fedora`."""
    return list(dict.fromkeys(getattr(program, distribution) for program in programs))


def advice(programs: list[Program]) -> str:
    """Say in two sentences which command brings these programs, and which packages those are."""
    debian, fedora = (" ".join(packages(programs, distribution)) for distribution in ("debian", "fedora"))
    return f"`{COMMAND}` installs what is missing. Debian and Ubuntu: {debian}. Fedora: {fedora}."


def is_container() -> bool:
    """Whether this is a container, which belongs to this run alone."""
    marks = any(Path(path).exists() for path in ("/.dockerenv", "/run/.containerenv"))
    return marks or any(os.environ.get(name) for name in ("container", "KUBERNETES_SERVICE_HOST"))


@contextmanager
def no_service_starts() -> Iterator[None]:
    """Let Debian's packages start no service. Where the machine has a rule of its own, that stays."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def run_apt(*arguments: str) -> None:
    """Run apt-get, and wait while another program holds one of its locks.

    Its own option waits for the lock of packages alone, not for that of the lists.

    Raises `CalledProcessError` where it fails otherwise, or the lock is held for too long.
    """
    command = ["apt-get", "--quiet", "--quiet", f"--option=DPkg::Lock::Timeout={LOCK_SECONDS}", *arguments]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    until = time.monotonic() + LOCK_SECONDS
    while True:
        done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode == 0:
            return
        if "Could not get lock" not in done.stderr or time.monotonic() > until:
            sys.stderr.write(done.stderr)
            raise subprocess.CalledProcessError(done.returncode, command)
        time.sleep(2)


def install_on_debian() -> None:
    """Install with apt what is missing; what a package brought along is not asked for a second time."""
    with no_service_starts():
        run_apt("update")
        lacking = packages(missing(), "debian")
        first = [name for name in lacking if name != "npm" or "nodejs" not in lacking]
        run_apt("install", "--yes", "--no-install-recommends", *first)
        if then := packages(missing(), "debian"):
            run_apt("install", "--yes", "--no-install-recommends", *then)


def install() -> int:
    """Install what is missing, and return an exit status: 0 where nothing is missing any longer."""
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            print(f"Only root can install packages: run `{COMMAND}` as root.", file=sys.stderr)
            return 1
        # As root, PATH may be another, and what this user has would seem to be missing.
        as_root = ["sudo", "env", f"PATH={os.environ['PATH']}", sys.executable, *sys.argv]
        return subprocess.run(as_root, check=False).returncode
    try:
        if shutil.which("apt-get"):
            install_on_debian()
        elif shutil.which("dnf"):
            subprocess.run(["dnf", "install", "--assumeyes", *packages(missing(), "fedora")], check=True)
    except subprocess.CalledProcessError as exc:
        print(f"failed: {shlex.join(exc.cmd)}", file=sys.stderr)
    if lacking := missing():
        names = ", ".join(program.name for program in lacking)
        print(f"This machine still lacks {names}. {advice(lacking)}", file=sys.stderr)
    return bool(lacking)


def main() -> int:
    """Return 0 where nothing is missing, or the tests may begin without it; else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before-tests", action="store_true", help="install only as root in CI or in a container")
    before_tests = parser.parse_args().before_tests
    if not (lacking := missing()):
        print("This machine has all programs that the tests start.")
        return 0
    names = ", ".join(program.name for program in lacking)
    if not before_tests:
        print(f"Installing {names}.", flush=True)
        return install()
    in_ci = bool(os.environ.get("CI"))
    print(f"This machine lacks {names}. {advice(lacking)}", flush=True)
    if os.geteuid() == 0 and (in_ci or is_container()):
        print("This is root in CI or in a container: they are installed now.", flush=True)
        status = install()
        # Elsewhere the tests that need them are left out, and named at the end.
        return status if in_ci else 0
    print("The tests that need them are left out, which is said again at the end.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
