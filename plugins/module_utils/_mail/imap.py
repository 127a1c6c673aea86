# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mailbox over IMAP, looked into without leaving a trace: folders opened to read, headers fetched, nothing marked.

IMAPClient speaks the protocol.
"""

from __future__ import annotations

import re
import time
import typing as t
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from . import folder_names
from .headers import Headers
from .imap_account import Account
from .imap_session import hang_up, logged_in, perform
from .imap_step import MailboxError, Result

if t.TYPE_CHECKING:
    from imapclient import IMAPClient

Criteria = t.Sequence[t.Any]

_SEEN, _DELETED = b"\\Seen", b"\\Deleted"
_NOT_TO_BE_OPENED = frozenset((b"\\noselect", b"\\nonexistent"))
# What servers say of a folder's use (RFC 6154; the names of XLIST, which came before it).
_JUNK = frozenset((b"\\junk", b"\\spam"))
_OTHER_USES = frozenset((b"\\all", b"\\allmail", b"\\archive", b"\\drafts", b"\\sent", b"\\trash", b"\\inbox"))
_HEADER, _PARTS = b"BODY[HEADER]", (b"BODY.PEEK[HEADER]", b"INTERNALDATE", b"FLAGS")
_AT_ONCE = 200
_SHORTEST_STEP = 0.1


@dataclass(frozen=True)
class Folder:
    """A folder that can be opened. `is_junk` where spam goes there, as the server says (RFC 6154) or its name."""

    name: str
    is_junk: bool


@dataclass(frozen=True)
class Opened:
    """A folder as it was when it was opened. Messages have numbers below `next_uid` while `uidvalidity` stays."""

    uidvalidity: int
    next_uid: int


@dataclass(frozen=True)
class Message:
    """A message as far as its headers tell. `arrived` is when it came into the mailbox, by the server's clock."""

    uid: int
    arrived: datetime | None
    seen: bool
    deleted: bool
    headers: Headers


class Mailbox:
    """A mailbox that somebody is logged in to. Every method raises `MailboxError` where it cannot be done."""

    def __init__(self, client: IMAPClient, timeout: float) -> None:
        self._client = client
        self._timeout = timeout
        self._until: float | None = None
        self._wire: dict[str, bytes] = {}

    def be_done_by(self, until: float | None) -> None:
        """Let the steps to come end by this moment of the monotonic clock, whatever each of them may take."""
        self._until = until

    def folders(self) -> list[Folder]:
        """All folders that can be opened."""
        found = self._step("list the folders", lambda: _folders(self._client.list_folders()))
        self._wire = {folder.name: wire for folder, wire in found}
        return [folder for folder, _wire in found]

    def open(self, folder: str, *, to_write: bool = False) -> Opened:
        """Open one of the `folders`, as long as not wanted otherwise in a way that marks nothing."""
        # By the name that the server gave. IMAPClient takes bytes of ASCII alone, and bytearrays as they are.
        wire = bytearray(self._wire[folder])
        reported = self._step(
            f"open the folder {folder!r}", lambda: self._client.select_folder(wire, readonly=not to_write)
        )
        uidvalidity, next_uid = reported.get(b"UIDVALIDITY", 0), reported.get(b"UIDNEXT")
        if next_uid is None:
            # Without UIDVALIDITY numbers mean nothing: then everything is new each time.
            last = self.search(["UID", "*"]) if uidvalidity and reported.get(b"EXISTS") else []
            next_uid = max(last, default=0) + 1
        return Opened(uidvalidity, next_uid)

    def search(self, criteria: Criteria) -> list[int]:
        """The numbers of the messages in the open folder that fit all of `criteria`, as IMAPClient takes them."""
        return sorted(self._step("search the folder", lambda: self._search(criteria)))

    def _search(self, criteria: Criteria) -> list[int]:
        from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

        asked = [_longest_ascii(item) for item in criteria]
        if asked == list(criteria):
            found: list[int] = self._client.search(criteria)
            return found
        # Older releases of IMAPClient want to know them before they send a text that is not ASCII.
        self._client.capabilities()
        try:
            found = self._client.search(criteria, "UTF-8")
        except IMAPClientError as exc:
            # A refusal before the text that is not ASCII was sent; IMAPClient takes it for a broken connection.
            refused_early = "while waiting for continuation" in str(exc)
            if isinstance(exc, IMAPClientAbortError) and not refused_early:
                raise
            # It knows no UTF-8 (BADCHARSET), or no such argument. What there is in ASCII finds more.
            found = self._client.search(asked)
        return found

    def read(self, uids: t.Sequence[int]) -> list[Message]:
        """The headers of messages in the open folder, in the order of their numbers. One that is gone is left out."""
        found: list[Message] = []
        for begin in range(0, len(uids), _AT_ONCE):
            found += self._step("read the headers", partial(self._read, uids[begin : begin + _AT_ONCE]))
        return found

    def _read(self, uids: t.Sequence[int]) -> list[Message]:
        fetched = self._client.fetch(uids, _PARTS)
        return [_message(uid, fetched[uid]) for uid in uids if _HEADER in fetched.get(uid, {})]

    def mark_seen(self, uids: t.Sequence[int]) -> None:
        """Mark messages in the open folder as seen."""
        self._step("mark the messages as seen", lambda: self._client.add_flags(uids, [_SEEN], silent=True))

    def delete(self, uids: t.Sequence[int]) -> bool:
        """Delete messages in the open folder, and no others.

        Returns whether they are gone. With a server that can only remove everything that is marked (without the
        extension UIDPLUS) they are marked alone, and go when somebody tidies up.
        """
        self._step("mark the messages as deleted", lambda: self._client.add_flags(uids, [_DELETED], silent=True))
        if not self._step("ask for UIDPLUS", lambda: self._client.has_capability("UIDPLUS")):
            return False
        self._step("remove the messages", lambda: self._client.uid_expunge(uids))
        return True

    def leave(self) -> None:
        """Log out. Whether the server takes leave too does not matter."""
        try:
            self._step("log out", self._client.logout)
        except MailboxError:
            hang_up(self._client)

    def _step(self, step: str, act: t.Callable[[], Result]) -> Result:
        seconds = self._timeout
        if self._until is not None:
            seconds = max(_SHORTEST_STEP, min(seconds, self._until - time.monotonic()))
        try:
            return perform(self._client, step, seconds, act)
        except MailboxError:
            hang_up(self._client)
            raise


@contextmanager
def opened(account: Account) -> t.Iterator[Mailbox]:
    """Connect and log in, and log out in the end. Raises `MailboxError`."""
    with logged_in(account) as client:
        mailbox = Mailbox(client, account.timeout)
        try:
            yield mailbox
        except Exception:
            mailbox.leave()
            raise
        except BaseException:
            # The time of the task is over, and a server that takes its time would be waited for again.
            hang_up(client)
            raise
        mailbox.leave()


def _longest_ascii(item: t.Any) -> t.Any:
    """An argument of a search, or the longest part of it that every server understands."""
    return max(re.split(r"[^ -~]+", item), key=len) if isinstance(item, str) else item


def _folders(listed: t.Iterable[tuple[t.Any, t.Any, t.Any]]) -> list[tuple[Folder, bytes]]:
    """Those that can be opened, each with its name on the wire, of a server's flags, delimiter and name for each."""
    found: dict[str, tuple[Folder, bytes]] = {}
    for reported, delimiter, name in listed:
        flags = _flags(reported)
        # Nothing can be opened that has no name.
        if name is None or flags & _NOT_TO_BE_OPENED:
            continue
        # A name of digits alone comes as text.
        wire = name if isinstance(name, bytes) else str(name).encode()
        text = folder_names.as_text(wire)
        if text in found:
            text = repr(wire)
        found[text] = (Folder(text, _is_junk(flags, wire, delimiter)), wire)
    return list(found.values())


def _is_junk(flags: set[bytes], wire: bytes, delimiter: bytes | None) -> bool:
    if flags & _OTHER_USES:
        return False
    return bool(flags & _JUNK) or folder_names.means_junk(wire, (delimiter or b"").decode("ascii", "replace"))


def _message(uid: int, fetched: t.Mapping[bytes, t.Any]) -> Message:
    flags = _flags(fetched.get(b"FLAGS", ()))
    # Of a message without headers, some servers send none instead of an empty text.
    headers = Headers(fetched[_HEADER] or b"")
    return Message(uid, fetched.get(b"INTERNALDATE"), _SEEN.lower() in flags, _DELETED.lower() in flags, headers)


def _flags(reported: t.Iterable[object]) -> set[bytes]:
    """Flags in small letters. A keyword of digits, which IMAPClient takes for a number, is none of those that count."""
    return {flag.lower() for flag in reported if isinstance(flag, bytes)}
