# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A mailbox over IMAP, looked into without leaving a trace: folders opened to read, headers fetched, nothing marked.

IMAPClient speaks the protocol.
"""

from __future__ import annotations

import logging
import re
import socket
import ssl
import time
import typing as t
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from .headers import Headers
from .imap_step import MailboxError, Result, in_time
from .tls import Strictness, context_for

if t.TYPE_CHECKING:
    from imapclient import IMAPClient

Criteria = t.Sequence[t.Any]

PORTS: t.Final = {"tls": 993, "starttls": 143, "none": 143}
_SEEN, _DELETED = b"\\Seen", b"\\Deleted"
_NOT_TO_BE_OPENED = frozenset((b"\\noselect", b"\\nonexistent"))
_HEADER, _PARTS = b"BODY[HEADER]", (b"BODY.PEEK[HEADER]", b"INTERNALDATE", b"FLAGS")
# A login that was refused for another reason than who it is (RFC 5530).
_LATER = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT)\]", re.IGNORECASE)
_AT_ONCE = 200
_SHORTEST_STEP = 0.1


@dataclass(frozen=True)
class Account:
    """Where a mailbox is, and who opens it. `ca_path` is a file or a directory; else the system's authorities count.

    `timeout` is how many seconds each step may take.
    """

    host: str
    port: int
    encryption: str
    username: str
    password: str = field(repr=False)
    validate_certs: bool
    ca_path: str | None
    timeout: float


@dataclass(frozen=True)
class Folder:
    """A folder that can be opened. `is_junk` where the server itself says that spam goes there (RFC 6154)."""

    name: str
    delimiter: str
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

    def be_done_by(self, until: float | None) -> None:
        """Let the steps to come end by this moment of the monotonic clock, whatever each of them may take."""
        self._until = until

    def folders(self) -> list[Folder]:
        """All folders that can be opened."""
        return self._step("list the folders", lambda: _folders(self._client.list_folders()))

    def open(self, folder: str, *, to_write: bool = False) -> Opened:
        """Open a folder, as long as not wanted otherwise in a way that marks nothing."""
        reported = self._step(
            f"open the folder {folder!r}", lambda: self._client.select_folder(folder, readonly=not to_write)
        )
        uidvalidity, next_uid = reported.get(b"UIDVALIDITY", 0), reported.get(b"UIDNEXT")
        if next_uid is None:
            # Without UIDVALIDITY numbers mean nothing: then everything is new each time.
            last = self.search(["UID", "*"]) if uidvalidity and reported.get(b"EXISTS") else []
            next_uid = max(last, default=0) + 1
        return Opened(uidvalidity, next_uid)

    def search(self, criteria: Criteria) -> list[int]:
        """The numbers of the messages in the open folder that fit all of `criteria`, as IMAPClient takes them."""
        charset = None if all(str(item).isascii() for item in criteria) else "UTF-8"
        return sorted(self._step("search the folder", lambda: self._client.search(criteria, charset)))

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
            _hang_up(self._client)

    def _step(self, step: str, act: t.Callable[[], Result]) -> Result:
        seconds = self._timeout
        if self._until is not None:
            seconds = max(_SHORTEST_STEP, min(seconds, self._until - time.monotonic()))
        try:
            return in_time(step, seconds, act)
        except MailboxError:
            _hang_up(self._client)
            raise


@contextmanager
def opened(account: Account) -> t.Iterator[Mailbox]:
    """Connect and log in, and log out in the end. Raises `MailboxError`."""
    # What goes over the wire would be logged at the level of debugging, and a password goes over it too.
    logging.getLogger("imapclient").setLevel(logging.ERROR)
    client = in_time("connect", account.timeout, lambda: _connected(account), _advice_for(account))
    try:
        if account.encryption == "starttls":
            _start_tls(client, account)
        _log_in(client, account)
    except MailboxError:
        # To take leave would be one more step, with a server that may not answer.
        _hang_up(client)
        raise
    mailbox = Mailbox(client, account.timeout)
    try:
        yield mailbox
    finally:
        mailbox.leave()


def _connected(account: Account) -> IMAPClient:
    from imapclient import IMAPClient

    try:
        account.host.encode("idna")
    except UnicodeError as exc:
        # A part of the name is empty or too long.
        raise socket.gaierror(str(exc)) from exc
    tls = account.encryption == "tls"
    client = IMAPClient(
        account.host,
        account.port,
        ssl=tls,
        ssl_context=_context(account) if tls else None,
        timeout=account.timeout,
    )
    # Points in time, whatever the time zone of this machine is.
    client.normalise_times = False
    return client


def _start_tls(client: IMAPClient, account: Account) -> None:
    offered = in_time("ask for STARTTLS", account.timeout, lambda: client.has_capability("STARTTLS"))
    if not offered:
        raise MailboxError(
            "begin TLS",
            "the server does not offer STARTTLS on this port",
            advice="Nobody has logged in. Try encryption: tls, whose usual port is 993",
            kind="connection",
        )
    in_time("begin TLS", account.timeout, lambda: client.starttls(_context(account)), _advice_for(account))


def _log_in(client: IMAPClient, account: Account) -> None:
    able = in_time("ask how to log in", account.timeout, client.capabilities)
    if b"LOGINDISABLED" in able:
        advice = "Set encryption to starttls or tls"
        raise MailboxError(
            "log in", "the server allows no login over this connection", advice=advice, kind="connection"
        )
    # PLAIN takes every character; LOGIN takes those of ASCII, and a name without spaces.
    plain = b"AUTH=PLAIN" in able
    if not plain and (" " in account.username or not f"{account.username}{account.password}".isascii()):
        raise MailboxError("log in", "the server does not offer the mechanism PLAIN, which this user or password needs")
    act = client.plain_login if plain else client.login
    try:
        in_time("log in", account.timeout, lambda: act(account.username, account.password))
    except MailboxError as exc:
        if not exc.words:
            raise
        reason = f"the server did not let {account.username} in"
        if _LATER.search(exc.words):
            advice = "Try again later; the server's log tells more"
            raise MailboxError("log in", reason, advice=advice, words=exc.words, kind="connection") from None
        advice = "Check username and password; some services want a password made for programs"
        raise MailboxError("log in", reason, advice=advice, words=exc.words, kind="credentials") from None


def _context(account: Account) -> ssl.SSLContext:
    return context_for(account.ca_path, Strictness.FULL if account.validate_certs else Strictness.NONE)


def _advice_for(account: Account) -> str:
    """What to look at where a connection does not come about."""
    check = "Check host and port"
    if account.encryption == "tls":
        return f"{check}; where TLS begins later on this port, set encryption to starttls"
    return f"{check}; where the port speaks TLS from the first byte, set encryption to tls"


def _hang_up(client: IMAPClient) -> None:
    """End a connection at once; a thread that still waits for an answer ends too."""
    try:
        client.socket().shutdown(socket.SHUT_RDWR)
        # It may have to wait for that thread.
        in_time("hang up", _SHORTEST_STEP, client.shutdown)
    except (OSError, MailboxError):
        # It is gone already.
        return


def _folders(listed: t.Iterable[tuple[t.Any, t.Any, t.Any]]) -> list[Folder]:
    """Those that can be opened, of a server's flags, delimiter and name for each."""
    return [
        Folder(name, (delimiter or b"").decode("ascii", "replace"), b"\\junk" in _flags(flags))
        for flags, delimiter, name in listed
        # Nothing can be opened that has no name.
        if name is not None and not _flags(flags) & _NOT_TO_BE_OPENED
    ]


def _message(uid: int, fetched: t.Mapping[bytes, t.Any]) -> Message:
    flags = _flags(fetched.get(b"FLAGS", ()))
    # Of a message without headers, some servers send none instead of an empty text.
    headers = Headers(fetched[_HEADER] or b"")
    return Message(uid, fetched.get(b"INTERNALDATE"), _SEEN.lower() in flags, _DELETED.lower() in flags, headers)


def _flags(reported: t.Iterable[object]) -> set[bytes]:
    """Flags in small letters. A keyword of digits, which IMAPClient takes for a number, is none of those that count."""
    return {flag.lower() for flag in reported if isinstance(flag, bytes)}
