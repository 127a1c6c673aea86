# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What became of a step, whatever a server puts into its words."""

from __future__ import annotations

import errno
import imaplib
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.imap_step import (
    AnswerTooLarge,
    MailboxError,
    ServerClosed,
    in_time,
)

OWN = "Look there"


def failure_of(error: Exception) -> MailboxError:
    """What is said of a step that this error ended, whose own advice is `OWN`."""

    def ended() -> NoReturn:
        raise error

    with pytest.raises(MailboxError) as failure:
        in_time("log in", 5, ended, OWN)
    assert str(failure.value) == f"log in: {failure.value.reason}"
    assert failure.value.step == "log in"
    # Nothing of Python's is left to be shown with it.
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__
    return failure.value


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("b'wrong password'", "wrong password"),
        (r"b'caf\xc3\xa9'", "café"),
        (r"b'\xe9t\xe9'", "\ufffdt\ufffd"),
        (r"b'\x'", r"b'\x'"),
        (r"b'\xzz' and more", r"b'\xzz' and more"),
        ("b'café'", "b'café'"),
        ('b"\0"', 'b"\0"'),
        ("b'a", "b'a"),
        ('LIST command error: BAD [b"it\'s late"]', "it's late"),
        (r"LIST command error: BAD [b'it\'s late', b'x']", "it's late"),
        ("invalid greeting: b'go away'", "go away"),
        ("invalid greeting: go away", "go away"),
        ("Couldn't establish TLS session", ""),
        ("TLS not supported by server", ""),
    ],
)
def test_words_that_look_like_bytes_of_python(words: str, said: str) -> None:
    failure = failure_of(imaplib.IMAP4.error(words))
    assert (failure.words, failure.kind, failure.reason) == (said, "mailbox", "the server refused it")


@pytest.mark.parametrize("error", [imaplib.IMAP4.abort, imaplib.IMAP4.error])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("b'* BYE [UNAVAILABLE] not now'", "[UNAVAILABLE] not now"),
        ("* BYE", ""),
        ("command: SELECT => [INUSE] not now", "[INUSE] not now"),
    ],
)
def test_a_server_that_takes_leave(error: type[Exception], words: str, said: str) -> None:
    failure = failure_of(error(words))
    assert isinstance(failure, ServerClosed)
    assert (failure.words, failure.kind, failure.advice) == (said, "closed_by_server", OWN)
    assert failure.reason == "the server ended the connection"


@pytest.mark.parametrize(
    ("words", "protocol", "said"),
    [
        ("None", "POP3", ""),
        ("invalid greeting from server", "POP3", ""),
        ("b'+OK ready'", "POP3", "+OK ready"),
        ("b'+x'", "POP3", "+x"),
        ("invalid greeting: b'SSH-2.0-x'", "SSH", "SSH-2.0-x"),
        (r"socket error: unterminated line: b'SSH-2.0-x'", "SSH", "SSH-2.0-x"),
        ("unexpected response: b'-ERR no'", "POP3", "-ERR no"),
    ],
)
def test_another_protocol_speaks_there(words: str, protocol: str, said: str) -> None:
    failure = failure_of(imaplib.IMAP4.abort(words))
    assert (failure.kind, failure.reason) == ("another_protocol", f"{protocol} speaks there, not IMAP")
    assert (failure.words, "143 without" in failure.advice) == (said, True)


BROKEN = "the server closed the connection, or does not speak IMAP"
NOT_IMAP = "the server's answer is not IMAP"
TOO_LARGE = "the server's answer is too large"


@pytest.mark.parametrize(
    ("new_error", "reason", "kind", "advice"),
    [
        (lambda: imaplib.IMAP4.abort("secret"), BROKEN, "connection", OWN),
        (lambda: imaplib.IMAP4.error("socket error: secret"), BROKEN, "connection", OWN),
        (lambda: imaplib.IMAP4.error("command: LOGIN => socket error: secret"), BROKEN, "connection", OWN),
        (lambda: imaplib.IMAP4.abort("command: LIST => unexpected response: b'secret'"), NOT_IMAP, "connection", OWN),
        (lambda: imaplib.IMAP4.error("got more than 1000000 bytes"), TOO_LARGE, "mailbox", ""),
        (lambda: imaplib.IMAP4.error("command: LIST => got more than 1000000 bytes"), TOO_LARGE, "mailbox", ""),
        (lambda: AnswerTooLarge("secret"), TOO_LARGE, "mailbox", ""),
        (lambda: imaplib.IMAP4.readonly("secret"), "the server lets nobody write there", "read_only", ""),
        (
            lambda: ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
            "Connection reset by peer",
            "connection",
            OWN,
        ),
        (lambda: OSError("secret"), "the connection broke", "connection", OWN),
        (
            lambda: socket.gaierror(socket.EAI_NONAME, "secret"),
            "the name of the server has no address",
            "connection",
            "Check host",
        ),
        (
            lambda: socket.gaierror(socket.EAI_AGAIN, "Temporary failure"),
            "no name server gave this host the server's address (temporary failure)",
            "connection",
            "Check the name servers that this host asks",
        ),
        # Its text may hold anything, so only its kind is said.
        (lambda: ValueError("secret"), "the server's answer was not understood (ValueError)", "mailbox", ""),
    ],
)
def test_a_failure_that_is_not_in_the_servers_words(
    new_error: Callable[[], Exception], reason: str, kind: str, advice: str
) -> None:
    failure = failure_of(new_error())
    assert (failure.reason, failure.kind, failure.advice, failure.words) == (reason, kind, advice, "")
    assert (failure.failed_in_tls, failure.is_clear, failure.out_of_time) == (False, False, False)


def _in_tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError()
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("reason", "said", "own"),
    [
        ("WRONG_VERSION_NUMBER", "wrong version number", True),
        (
            "TLSV13_ALERT_CERTIFICATE_REQUIRED",
            "the server wants a certificate of the client (tlsv13 alert certificate required)",
            False,
        ),
    ],
)
def test_a_handshake_that_failed(reason: str, said: str, own: bool) -> None:
    failure = failure_of(_in_tls(reason))
    assert (failure.reason, failure.kind, failure.words) == (f"TLS failed: {said}", "connection", "")
    assert failure.advice == (OWN if own else "Let the server take clients without a certificate of their own")
    assert (failure.failed_in_tls, failure.is_clear) == (own, not own)


def test_a_certificate_that_is_not_accepted() -> None:
    error = ssl.SSLCertVerificationError("secret")
    error.verify_message = "certificate has expired"
    failure = failure_of(error)
    assert (failure.reason, failure.kind) == (
        "the server's certificate is not accepted: certificate has expired",
        "connection",
    )
    assert failure.advice == "Trust its authority with ca_path, or name the server as its certificate does"
    assert not failure.failed_in_tls


@pytest.mark.parametrize("late", [True, False])
def test_a_step_without_an_answer(late: bool) -> None:
    """Whether the step is given up, or the socket says it first."""
    over = threading.Event()

    def silent() -> None:
        if not late:
            raise socket.timeout
        over.wait(60)

    with pytest.raises(MailboxError) as failure:
        in_time("log in", 0.25, silent, OWN)
    over.set()
    assert (str(failure.value), failure.value.kind) == ("log in: no answer within 0.2 seconds", "connection")
    assert (failure.value.out_of_time, failure.value.advice) == (True, OWN)


def test_a_step_that_is_given_up_keeps_no_program_from_its_end() -> None:
    threads: list[threading.Thread] = []
    assert in_time("log in", 5, lambda: threads.append(threading.current_thread())) is None
    assert [thread.daemon for thread in threads] == [True]


@pytest.mark.parametrize("brought", [None, [], b"x"])
def test_what_a_step_brings_may_be_nothing(brought: object) -> None:
    assert in_time("look", 5, lambda: brought) == brought


def test_advice_is_given_where_there_is_some() -> None:
    assert ServerClosed("look", "not now").advice == ""
    with pytest.raises(MailboxError) as failure:
        in_time("look", 5, Path("/no/such/file").stat)
    assert (failure.value.reason, failure.value.advice) == ("No such file or directory", "")
