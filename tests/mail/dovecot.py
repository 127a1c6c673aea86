# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dovecot: the mailboxes over IMAP, the delivery into them over LMTP, and the passwords that Postfix asks for."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.mail.daemon import LOOPBACK, daemon, free_ports, own_directory, program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.mail.certificates import Certificates

_KNOWN_SYNTAX = "2.3"
WITHOUT_TLS = "127.0.0.2"

_CONFIGURATION = """
base_dir = {run}
state_dir = {run}
log_path = {directory}/dovecot.log
protocols = imap lmtp
listen = {loopback}, {without_tls}

# Everybody has a mailbox; who is in the file can log in as well.
auth_mechanisms = plain login cram-md5
disable_plaintext_auth = no
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {directory}/users
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={directory}/mail/%n allow_all_users=yes
}}
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
    def log(self) -> str:
        """All that the server has logged so far."""
        return (self.directory / "dovecot.log").read_text(encoding="utf-8", errors="replace")

    def add_user(self, address: str, password: str) -> None:
        """Let someone log in, to read mail and to send it. The password has no colon, which ends it in the file."""
        with (self.directory / "users").open("a", encoding="utf-8") as file:
            file.write(f"{address}:{{PLAIN}}{password}::::::\n")


@contextmanager
def run_dovecot(certificates: Certificates) -> Iterator[Dovecot]:
    """Run Dovecot until the end of the block. Raises ``RuntimeError`` where it is missing or does not start."""
    command = program("/usr/sbin/dovecot", "dovecot-imapd, and dovecot-lmtpd")
    version = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith(f"{_KNOWN_SYNTAX}."):
        raise RuntimeError(f"The tests write the configuration of Dovecot {_KNOWN_SYNTAX}; this is {version.strip()}.")
    with own_directory("dovecot") as directory:
        server = Dovecot(directory, *free_ports(2))
        (directory / "users").touch()
        (directory / "mail").mkdir()
        (directory / "mail").chmod(0o777)
        configuration = directory / "dovecot.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                directory=directory,
                run=directory / "run",
                loopback=LOOPBACK,
                without_tls=WITHOUT_TLS,
                chain=certificates.chains["good"],
                imap=server.imap,
                imaps=server.imaps,
            )
        )
        with daemon([command, "-F", "-c", str(configuration)], server.imap, directory / "dovecot.log"):
            yield server
