# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A look at an IMAP server: what it offers, whether it lets somebody in, and what is in a folder. Marks nothing."""

from __future__ import annotations

import time
import typing as t
from dataclasses import dataclass

from .folder_names import same
from .imap import opened
from .imap_account import Account
from .imap_session import capabilities_of, greeted, hang_up
from .imap_step import MailboxError

NO_LOGIN: t.Final = "LOGINDISABLED"
"""The capability of a server that takes no command LOGIN."""

_UNREAD: t.Final = ["UNSEEN"]
# A server may be slow in one step or two, but not in all.
_STEPS_OF_TIME = 5


@dataclass
class ImapObservation:
    """What was found, as far as the look came.

    `failure` is what ended it. `folder` is the name that the server gives the folder, `None` where it has none such,
    and `unread` how many messages nobody has read. `logged_in` is `None` where no login was tried.
    """

    capabilities: list[str] | None = None
    logged_in: bool | None = None
    folders: list[str] | None = None
    folder: str | None = None
    unread: int | None = None
    failure: MailboxError | None = None


def look_at_imap(account: Account, folder: str, *, log_in: bool) -> ImapObservation:
    """Connect, and with `log_in` log in, if the server lets that happen, and look for the folder.

    The observation has all failures. It ends within the time of five steps, and a moment for each that is left then.
    """
    found, until = ImapObservation(), time.monotonic() + _STEPS_OF_TIME * account.timeout
    try:
        found.capabilities = _offered(account)
        if log_in and not (account.by_command and NO_LOGIN in found.capabilities):
            found.logged_in = False
            _look_inside(account, folder, found, until)
    except MailboxError as exc:
        found.failure = exc
    return found


def _offered(account: Account) -> list[str]:
    client = greeted(account)
    try:
        return capabilities_of(client, account)
    finally:
        hang_up(client)


def _look_inside(account: Account, folder: str, found: ImapObservation, until: float) -> None:
    with opened(account) as mailbox:
        found.logged_in = True
        mailbox.be_done_by(until)
        found.folders = [one.name for one in mailbox.folders()]
        wanted = same(folder)
        found.folder = next((name for name in found.folders if same(name) == wanted), None)
        if found.folder is not None:
            mailbox.open(found.folder)
            found.unread = len(mailbox.search(_UNREAD))
