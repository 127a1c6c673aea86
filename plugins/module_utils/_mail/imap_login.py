# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command LOGIN of IMAP with any user and password, as the Go library `go-imap` sends it.

IMAPClient has one too, which leaves a user without quotes and takes ASCII alone.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from imapclient import IMAPClient


def log_in_by_command(client: IMAPClient, user: str, password: str) -> None:
    """Log in. Raises what `imaplib` and IMAPClient raise where they fail, with the server's words."""
    imap, at_once = client._imap, client.has_capability("LITERAL+")
    tag = imap._new_tag()
    imap.send(tag + b" LOGIN")
    for text in (user, password):
        if text.isascii():
            quoted = text.replace("\\", "\\\\").replace('"', '\\"')
            imap.send(f' "{quoted}"'.encode())
        else:
            # No quotes hold such a text (RFC 3501, 4.3).
            client._send_literal(tag, text.encode(), at_once)
    imap.send(b"\r\n")
    client._checkok("login", *imap._command_complete("LOGIN", tag))
    imap.state = "AUTH"
