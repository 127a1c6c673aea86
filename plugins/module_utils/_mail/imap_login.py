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
    if all(_sent(imap, tag, text, at_once=at_once) for text in (user, password)):
        imap.send(b"\r\n")
    client._checkok("login", *imap._command_complete("LOGIN", tag))
    imap.state = "AUTH"


def _sent(imap: t.Any, tag: bytes, text: str, *, at_once: bool) -> bool:
    """Send one text of the command; `False` where the server ended the command before it was there."""
    if text.isascii():
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        imap.send(f' "{quoted}"'.encode())
        return True
    # No quotes hold such a text, so it goes as a literal (RFC 3501, 4.3), which the server asks for (RFC 7888).
    data = text.encode()
    imap.send(f" {{{len(data)}{'+' if at_once else ''}}}\r\n".encode())
    while not at_once and imap._get_response():
        if imap.tagged_commands.get(tag):
            return False
    imap.send(data)
    return True
