# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dovecot: the mailboxes over IMAP, the delivery into them over LMTP, and the passwords that Postfix asks for."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.mail.daemon import LOOPBACK, answers, daemon, free_ports, own_directory, program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.mail.certificates import Certificates

_KNOWN_SYNTAX = "2.3"
WITHOUT_TLS = "127.0.0.2"

# Everybody has a mailbox; who is in the file can log in as well.
_LOGINS = """
base_dir = {directory}/run
state_dir = {directory}/run
log_path = {directory}/dovecot.log
auth_mechanisms = {mechanisms}
disable_plaintext_auth = no
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {users}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={directory}/mail/%n allow_all_users=yes
}}
service auth {{
  unix_listener {directory}/auth {{
    mode = 0666
  }}
}}
service anvil {{
  # Without it, every wrong password makes the next try slower.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""
_MAILBOXES = """
protocols = imap lmtp
listen = {loopback}, {without_tls}

first_valid_uid = 8
mail_location = maildir:~/Maildir
namespace inbox {{
  inbox = yes
  mailbox Junk {{
    special_use = \\Junk
    auto = create
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = create
  }}
}}

ssl = yes
ssl_cert = <{chain}
ssl_key = <{chain}
local {without_tls} {{
  ssl = no
}}

# Mail to user+Junk is what a spam filter has put aside.
recipient_delimiter = +
lmtp_save_to_detail_mailbox = yes
lda_mailbox_autocreate = no
protocol lmtp {{
  postmaster_address = postmaster@example.com
  hostname = mailboxes.example.com
}}

service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  process_min_avail = 2
  unix_listener {directory}/lmtp {{
    mode = 0666
  }}
}}
"""


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
        logins = _LOGINS.format(directory=directory, mechanisms="plain login cram-md5", users=server.users)
        mailboxes = _MAILBOXES.format(
            directory=directory,
            loopback=LOOPBACK,
            without_tls=WITHOUT_TLS,
            chain=certificates.chains["good"],
            imap=server.imap,
            imaps=server.imaps,
        )
        with _running(directory, logins + mailboxes, lambda: answers(server.imap)):
            yield server


@contextmanager
def run_logins(dovecot: Dovecot, mechanisms: str) -> Iterator[Path]:
    """Judge logins of the users of ``dovecot`` with these mechanisms and no other; yield the socket for Postfix."""
    with own_directory("logins") as directory:
        logins = _LOGINS.format(directory=directory, mechanisms=mechanisms, users=dovecot.users)
        socket = directory / "auth"
        with _running(directory, f"protocols =\nssl = no\n{logins}", socket.exists):
            yield socket


@contextmanager
def _running(directory: Path, configuration: str, is_up: Callable[[], bool]) -> Iterator[None]:
    command = program("/usr/sbin/dovecot", "dovecot-imapd, and dovecot-lmtpd")
    version = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith(f"{_KNOWN_SYNTAX}."):
        raise RuntimeError(f"The tests write the configuration of Dovecot {_KNOWN_SYNTAX}; this is {version.strip()}.")
    file = directory / "dovecot.conf"
    file.write_text(configuration)
    with daemon([command, "-F", "-c", str(file)], is_up, directory / "dovecot.log"):
        yield
