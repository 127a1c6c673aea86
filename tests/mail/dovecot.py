# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dovecot: the mailboxes over IMAP, the delivery into them over LMTP, and the passwords that Postfix asks for."""

from __future__ import annotations

import functools
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.mail.daemon import answers, daemon, free_ports, loopbacks, own_directory, program
from tests.mail.dovecot_config import logins_only, mailboxes, syntax_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.mail.certificates import Certificates

WITHOUT_TLS = "127.0.0.2"


@dataclass(frozen=True)
class Dovecot:
    """A running Dovecot.

    ``imap`` is the port that begins in clear and offers STARTTLS (but not on the address ``WITHOUT_TLS``), ``imaps``
    the one with TLS from the first byte. ``lmtp`` and ``auth`` are the sockets for Postfix.
    """

    directory: Path
    imap: int
    imaps: int

    @property
    def lmtp(self) -> Path:
        """The socket that takes mail for the mailboxes."""
        return self.directory / "lmtp"

    @property
    def auth(self) -> Path:
        """The socket that judges logins."""
        return self.directory / "auth"

    @property
    def users(self) -> Path:
        """The file of those who can log in."""
        return self.directory / "users"

    @property
    def log(self) -> str:
        """All that the server has logged so far."""
        return (self.directory / "dovecot.log").read_text(encoding="utf-8", errors="replace")

    def add_user(self, address: str, password: str) -> None:
        """Let someone log in, to read mail and to send it. The password has no colon, which ends it in the file."""
        with self.users.open("a", encoding="utf-8") as file:
            file.write(f"{address}:{{PLAIN}}{password}::::::\n")


@contextmanager
def run_dovecot(certificates: Certificates) -> Iterator[Dovecot]:
    """Run Dovecot until the end of the block. Raises ``RuntimeError`` where it is missing or does not start."""
    with own_directory("dovecot") as directory:
        server = Dovecot(directory, *free_ports(2))
        server.users.touch()
        (directory / "mail").mkdir()
        (directory / "mail").chmod(0o777)
        configuration = mailboxes(
            _syntax(),
            directory,
            server.users,
            ports=(server.imap, server.imaps),
            chain=certificates.chains["good"],
            addresses=[*loopbacks(), WITHOUT_TLS],
        )
        with _running(directory, configuration, lambda: answers(server.imap)):
            yield server


@contextmanager
def run_logins(dovecot: Dovecot, mechanisms: str) -> Iterator[Path]:
    """Judge logins of the users of ``dovecot`` with these mechanisms and no other; yield the socket for Postfix."""
    with own_directory("logins") as directory:
        socket = directory / "auth"
        configuration = logins_only(_syntax(), directory, dovecot.users, mechanisms)
        with _running(directory, configuration, socket.exists):
            yield socket


def _dovecot() -> str:
    return program("/usr/sbin/dovecot", "dovecot-imapd, and dovecot-lmtpd")


@functools.cache
def _syntax() -> str:
    version = subprocess.run([_dovecot(), "--version"], capture_output=True, text=True, check=True).stdout
    return syntax_of(version.strip())


@contextmanager
def _running(directory: Path, configuration: str, is_up: Callable[[], bool]) -> Iterator[None]:
    file = directory / "dovecot.conf"
    file.write_text(configuration)
    with daemon([_dovecot(), "-F", "-c", str(file)], is_up, directory / "dovecot.log"):
        yield
