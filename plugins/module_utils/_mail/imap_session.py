# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection with an IMAP server on which somebody is logged in, and why there is none.

IMAPClient speaks the protocol.
"""

from __future__ import annotations

import logging
import re
import socket
import threading
import typing as t
from contextlib import contextmanager
from functools import partial

from .imap_account import Account, advice_for, context_of
from .imap_answers import bound_answers
from .imap_failure import ADVICE, kind_at_login, kind_later
from .imap_login import log_in_by_command
from .imap_mechanisms import offered, wants_token
from .imap_port import named
from .imap_step import MailboxError, Result, ServerClosed, in_time
from .password import revealed
from .tls import noting_handshakes

if t.TYPE_CHECKING:
    from imapclient import IMAPClient

_HANG_UP_SECONDS = 0.1
_MAY_BE_THE_PASSWORD = frozenset(("credentials", "login_refused", "mechanism_not_offered"))
_ALERT = re.compile(rb"\[(?:WEB)?ALERT\b", re.IGNORECASE)
_NOT_PERMITTED = "the server lets nobody log in with a password"


def greeted(account: Account) -> IMAPClient:
    """Connect, and begin TLS; who uses the connection hangs up. Raises `MailboxError`."""
    # What goes over the wire would be logged at the level of debugging, and a password goes over it too.
    logging.getLogger("imapclient").setLevel(logging.ERROR)
    encrypted = threading.Event()
    try:
        client = in_time("connect", account.timeout, lambda: _connected(account, encrypted), advice_for(account))
    except MailboxError as exc:
        if exc.out_of_time and encrypted.is_set():
            raise _silent(account) from None
        if exc.failed_in_tls:
            raise named(exc, account.host, account.port, account.timeout) from None
        raise _without_connection(exc) from None
    if account.encryption == "starttls":
        try:
            _start_tls(client, account)
        except MailboxError:
            hang_up(client)
            raise
    return client


@contextmanager
def logged_in(account: Account) -> t.Iterator[IMAPClient]:
    """Connect and log in; who uses the connection takes leave. Raises `MailboxError`."""
    client = greeted(account)
    try:
        _log_in(client, account)
    except MailboxError:
        # To take leave would be one more step, with a server that may not answer.
        hang_up(client)
        raise
    yield client


def capabilities_of(client: IMAPClient, account: Account) -> list[str]:
    """What a server offers those who have not logged in yet. Raises `MailboxError`."""
    able = _before_login(client, account, "ask how to log in", client.capabilities)
    return sorted(name.decode("ascii", "replace") for name in able)


def perform(client: IMAPClient, step: str, seconds: float, act: t.Callable[[], Result]) -> Result:
    """Do one step of somebody who is logged in, as `in_time` does. Its errors say what kind of failure it is."""
    bound_answers(client)
    try:
        return in_time(step, seconds, act)
    except MailboxError as exc:
        failure = _parting(client, exc)
        raise _with_kind(failure, _reported_kind(client, failure, kind_later)) from None


def hang_up(client: IMAPClient) -> None:
    """End a connection at once; a thread that still waits for an answer ends too."""
    try:
        client.socket().shutdown(socket.SHUT_RDWR)
        # It may have to wait for that thread.
        in_time("hang up", _HANG_UP_SECONDS, client.shutdown)
    except (OSError, MailboxError):
        # It is gone already.
        return


def _connected(account: Account, encrypted: threading.Event) -> IMAPClient:
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
        ssl_context=noting_handshakes(context_of(account), encrypted) if tls else None,
        timeout=account.timeout,
    )
    # Names of folders as the server gives them: not all can be decoded, and some are in UTF-8.
    client.folder_encode = False
    # Points in time, whatever the time zone of this machine is.
    client.normalise_times = False
    bound_answers(client)
    return client


def _silent(account: Account) -> MailboxError:
    """The failure where TLS came about, and then nothing came in time."""
    reason = f"TLS comes about, and the server sends no greeting within {round(account.timeout, 1):g} seconds"
    advice = "Check that an IMAP server listens there, and give more timeout where it greets late on purpose"
    failure = MailboxError("connect", reason, advice=advice, kind="connection")
    failure.is_clear = True
    return failure


def _start_tls(client: IMAPClient, account: Account) -> None:
    _check_greeting(client)
    if not _before_login(client, account, "ask for STARTTLS", lambda: client.has_capability("STARTTLS")):
        raise MailboxError(
            "begin TLS",
            "the server does not offer STARTTLS on this port",
            advice="Nobody has logged in. Try encryption: tls, whose usual port is 993",
            kind="connection",
        )
    _before_login(client, account, "begin TLS", lambda: client.starttls(context_of(account)))
    # What was said in clear may be anybody's (RFC 3501, 6.2.1), and IMAPClient 3 believes it still.
    client._imap.untagged_responses.clear()


def _before_login(client: IMAPClient, account: Account, step: str, act: t.Callable[[], Result]) -> Result:
    try:
        return in_time(step, account.timeout, act, advice_for(account))
    except MailboxError as exc:
        raise _without_connection(_parting(client, exc)) from None


def _without_connection(failure: MailboxError) -> MailboxError:
    """What was refused before the login leaves no connection to log in on."""
    unknown = "connection" if failure.kind == "mailbox" else failure.kind
    known = kind_at_login(failure.words) if unknown != "another_protocol" else None
    return _with_kind(failure, known or unknown)


def _log_in(client: IMAPClient, account: Account) -> None:
    able = set(_before_login(client, account, "ask how to log in", client.capabilities))
    plain = b"AUTH=PLAIN" in able and not account.by_command
    _check_greeting(client)
    _check_login(able, account, plain=plain)
    act = client.plain_login if plain else client.login
    if account.by_command:
        act = partial(log_in_by_command, client)
    try:
        in_time("log in", account.timeout, lambda: act(account.username, revealed(account.password)))
    except MailboxError as exc:
        raise _login_failure(client, _parting(client, exc), able, account) from None


def _check_greeting(client: IMAPClient) -> None:
    """Raise `MailboxError` where nobody can log in, nor begin TLS, since the server says that it is done already."""
    if client.welcome.startswith(b"* PREAUTH"):
        reason = "the server has logged in somebody by itself (PREAUTH), and does not say whom"
        raise _with_kind(MailboxError("log in", reason), "login_not_offered")


def _login_failure(
    client: IMAPClient, failure: MailboxError, able: t.Collection[bytes], account: Account
) -> MailboxError:
    """Why nobody was let in, where the server said something at all."""
    if not failure.words:
        return failure
    unknown = failure.kind
    if not isinstance(failure, ServerClosed):
        unknown = "login_refused"
        failure.reason = f"the server did not let {account.username} in"
    kind = _reported_kind(client, failure, kind_at_login) or unknown
    if kind in _MAY_BE_THE_PASSWORD and wants_token(able):
        failure.reason += f", and takes a token in place of a password ({offered(able)})"
        kind = "login_switched_off"
    return _with_kind(failure, kind)


def _check_login(able: t.Collection[bytes], account: Account, *, plain: bool) -> None:
    """Raise `MailboxError` where the server says beforehand that no password is taken, or none of these characters."""
    if b"LOGINDISABLED" in able:
        if account.encryption == "none":
            reason = "the server allows no login over this connection"
            raise _with_kind(MailboxError("log in", reason), "encryption_required")
        # It is about the command LOGIN alone (RFC 3501, 6.2.3).
        if not plain:
            kind = "login_switched_off" if wants_token(able) else "login_not_offered"
            raise _with_kind(MailboxError("log in", f"{_NOT_PERMITTED} ({offered(able)})"), kind)
    # PLAIN takes every character; IMAPClient's LOGIN takes those of ASCII, and a name without spaces.
    if not (plain or account.by_command) and (
        " " in account.username or not f"{account.username}{revealed(account.password)}".isascii()
    ):
        reason = "the server does not offer the mechanism PLAIN, which this user or password needs"
        raise _with_kind(MailboxError("log in", reason), "mechanism_not_offered")


def _parting(client: IMAPClient, error: MailboxError) -> MailboxError:
    """The error with the words in which the server took leave, where it did. imaplib gives them away in some cases."""
    words = client._imap.untagged_responses.get("BYE") if error.kind == "connection" else None
    return ServerClosed(error.step, words[-1].decode("utf-8", "replace"), error.advice) if words else error


def _reported_kind(client: IMAPClient, failure: MailboxError, kind_of: t.Callable[[str], str | None]) -> str | None:
    """Why a server refuses a step, from its words; where they do not say why, from those that it sent before them.

    Such warnings and alerts become part of its words: a user has to be shown alerts (RFC 3501, 7.1). What came with an
    earlier step is none of them, since imaplib forgets it with each command.
    """
    if not failure.words:
        return None
    untagged = client._imap.untagged_responses
    lines = [*untagged.get("NO", ()), *(line for line in untagged.get("OK", ()) if _ALERT.match(line))]
    # A literal within a line comes as a pair.
    before = " ".join(line.decode("utf-8", "replace") for line in lines if isinstance(line, bytes) and line)
    kind = kind_of(failure.words) or kind_of(before)
    if before:
        failure.words = f"{failure.words} ({before})"
    return kind


def _with_kind(error: MailboxError, kind: str | None) -> MailboxError:
    """The error with its kind, and with what to do about it."""
    error.kind = kind or error.kind
    error.advice = ADVICE.get(error.kind, error.advice)
    return error
