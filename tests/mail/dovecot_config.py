# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of Dovecot that the tests write, in the syntax of 2.3 and in that of 2.4.

Dovecot 2.4 reads no configuration of 2.3. What changed stands in its documentation, "Upgrading Dovecot CE from 2.3 to
2.4".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SYNTAXES = ("2.3", "2.4")

# What has to come first: 2.4 says by it how the rest is meant.
_HEAD = {
    "2.3": "",
    "2.4": """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
""",
}
_LOGINS_HERE = """
base_dir = {directory}/run
state_dir = {directory}/run
log_path = {directory}/dovecot.log
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
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
# Everybody has a mailbox; who is in the file can log in as well.
_LOGINS = {
    "2.3": """
disable_plaintext_auth = no
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {users}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={directory}/mail/%n allow_all_users=yes
}}
""",
    "2.4": """
auth_allow_cleartext = yes
passdb passwd-file {{
  passwd_file_path = {users}
  default_password_scheme = PLAIN
}}
userdb static {{
  userdb_static_allow_all_users = yes
  fields {{
    uid = mail
    gid = mail
    home = {directory}/mail/%{{user | username}}
  }}
}}
""",
}
_MAILBOXES_HERE = """
protocols = imap lmtp
listen = {addresses}

first_valid_uid = 8
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
_MAILBOXES = {
    "2.3": """
mail_location = maildir:~/Maildir
ssl_cert = <{chain}
ssl_key = <{chain}
""",
    "2.4": """
mail_driver = maildir
mail_path = ~/Maildir
ssl_server_cert_file = {chain}
ssl_server_key_file = {chain}
""",
}


def syntax_of(version: str) -> str:
    """Return the syntax of a Dovecot, from what ``dovecot --version`` prints.

    Raises ``RuntimeError`` where the tests do not know it.
    """
    syntax = ".".join(version.split(".")[:2])
    if syntax not in SYNTAXES:
        raise RuntimeError(f"The tests write the configuration of Dovecot {' and '.join(SYNTAXES)}; this is {version}.")
    return syntax


def logins_only(syntax: str, directory: Path, users: Path, mechanisms: str) -> str:
    """Return a configuration that judges logins at the socket ``auth`` in ``directory``, and does nothing else."""
    return f"{_HEAD[syntax]}protocols =\nssl = no\n{_logins(syntax, directory, users, mechanisms)}"


def mailboxes(
    syntax: str, directory: Path, users: Path, *, ports: tuple[int, int], chain: Path, addresses: list[str]
) -> str:
    """Return a configuration with mailboxes.

    ``ports`` are those of IMAP that begins in clear and of IMAP over TLS, ``chain`` is the certificate's file, and of
    the ``addresses`` the last one has no TLS.
    """
    options = {
        "addresses": ", ".join(addresses),
        "without_tls": addresses[-1],
        "directory": directory,
        "imap": ports[0],
        "imaps": ports[1],
        "chain": chain,
    }
    logins = _logins(syntax, directory, users, "plain login cram-md5")
    return _HEAD[syntax] + logins + (_MAILBOXES[syntax] + _MAILBOXES_HERE).format(**options)


def _logins(syntax: str, directory: Path, users: Path, mechanisms: str) -> str:
    return (_LOGINS_HERE + _LOGINS[syntax]).format(directory=directory, users=users, mechanisms=mechanisms)
