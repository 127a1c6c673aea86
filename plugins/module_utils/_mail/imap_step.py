# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One step with an IMAP server: ended in time, and reported in words where it fails.

It ends in time also with a server that sends a byte every few seconds, and one that cannot be found: each step is done
in a thread of its own, and given up when its time is over.
"""

from __future__ import annotations

import ast
import imaplib
import re
import socket
import ssl
import threading
import typing as t

from .addresses import is_of_this_machine, reason_of
from .imap_failure import ADVICE, protocol_of
from .tls import WANTS_A_CERTIFICATE, reason_of_tls

Result = t.TypeVar("Result")

# The server's words as imaplib puts them into some of its errors: as bytes in Python's notation, in a list or alone.
_NOTATION = re.compile(
    r"""(?:\w+ command error: BAD \[|unexpected response: |invalid greeting: |socket error: unterminated line: )?"""
    r"""(?P<bytes>b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*")"""
)

# What imaplib says itself of a line that answers nothing, in the middle of a conversation.
_NO_ANSWER = re.compile(r"command: \w+ => unexpected response: ")
# What imaplib says itself where it does not begin TLS.
_NOT_BEGUN = re.compile(r"Couldn't establish TLS session|TLS not supported by server")
# What imaplib says itself of a line that is longer than it reads.
_LONG_LINE = re.compile(r"(?:command: \w+ => )?got more than \d+ bytes")
# How a server takes leave, in a greeting and in answer to a command.
_PARTING = re.compile(r"(?:\* BYE\b|command: \w+ => (?!socket error)) *")
# What imaplib says itself where a connection broke; IMAPClient makes a refused login of it.
_GREETED = "invalid greeting: "
_BROKEN = re.compile(r"(?:command: \w+ => )?socket error: ")


class MailboxError(Exception):
    """A step with a mailbox that failed. `words` are the server's own, which may repeat anything.

    `failed_in_tls` where the handshake failed, and not over a certificate. `is_clear` where the reason leaves one way
    out alone, which the advice says, whatever product it is about.
    """

    failed_in_tls = False
    is_clear = False
    out_of_time = False

    def __init__(self, step: str, reason: str, *, advice: str = "", words: str = "", kind: str = "mailbox") -> None:
        super().__init__(f"{step}: {reason}")
        self.step = step
        self.reason = reason
        self.advice = advice
        self.words = words
        self.kind = kind


class ServerClosed(MailboxError):
    """The server ended the connection by itself, with a reason in its words (BYE)."""

    def __init__(self, step: str, words: str, advice: str = "") -> None:
        super().__init__(step, "the server ended the connection", advice=advice, words=words, kind="closed_by_server")


class AnswerTooLarge(Exception):
    """An answer that is longer than any could need to be."""


def in_time(step: str, seconds: float, act: t.Callable[[], Result], advice: str = "") -> Result:
    """Do one step, and give it up when its time is over. Raises `MailboxError`."""
    results: list[Result] = []
    errors: list[Exception] = []

    def work() -> None:
        try:
            results.append(act())
        except Exception as exc:  # noqa: BLE001  Whatever it is belongs to who waits for it.
            errors.append(exc)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if results:
        return results[0]
    raise _error(step, errors[0] if errors else socket.timeout(), seconds, advice) from None


def _error(step: str, error: Exception, seconds: float, advice: str) -> MailboxError:
    """What became of a step, without numbers and names of Python."""
    if isinstance(error, socket.timeout):
        late = f"no answer within {round(seconds, 1):g} seconds"
        failure = MailboxError(step, late, advice=advice, kind="connection")
        failure.out_of_time = True
        return failure
    if isinstance(error, socket.gaierror) and is_of_this_machine(error):
        reason = f"no name server gave this host the server's address ({reason_of(error).lower()})"
        return MailboxError(step, reason, advice="Check the name servers that this host asks", kind="connection")
    if isinstance(error, socket.gaierror):
        return MailboxError(step, "the name of the server has no address", advice="Check host", kind="connection")
    if isinstance(error, ssl.SSLCertVerificationError):
        trust = "Trust its authority with ca_path, or name the server as its certificate does"
        reason = f"the server's certificate is not accepted: {error.verify_message}"
        return MailboxError(step, reason, advice=trust, kind="connection")
    if isinstance(error, ssl.SSLError):
        reason = reason_of_tls(error)
        wants_more = reason.startswith(WANTS_A_CERTIFICATE)
        advice = "Let the server take clients without a certificate of their own" if wants_more else advice
        failure = MailboxError(step, f"TLS failed: {reason}", advice=advice, kind="connection")
        failure.failed_in_tls, failure.is_clear = not wants_more, wants_more
        return failure
    if isinstance(error, AnswerTooLarge):
        return _too_large(step)
    if isinstance(error, imaplib.IMAP4.readonly):
        # imaplib's own words, not the server's.
        return MailboxError(step, "the server lets nobody write there", kind="read_only")
    if isinstance(error, imaplib.IMAP4.error):
        return _refusal(step, error, advice)
    if isinstance(error, OSError):
        return MailboxError(step, error.strerror or "the connection broke", advice=advice, kind="connection")
    # What IMAPClient or Python cannot make sense of. Its text may hold anything.
    return MailboxError(step, f"the server's answer was not understood ({type(error).__name__})")


def _too_large(step: str) -> MailboxError:
    return MailboxError(step, "the server's answer is too large")


def _refusal(step: str, error: imaplib.IMAP4.error, advice: str) -> MailboxError:
    """What a server said in place of what it was asked for."""
    words = _words(error)
    if _LONG_LINE.match(words):
        return _too_large(step)
    if _NO_ANSWER.match(words):
        return MailboxError(step, "the server's answer is not IMAP", advice=advice, kind="connection")
    parting = _PARTING.match(words)
    if parting:
        return ServerClosed(step, words[parting.end() :], advice)
    # What begins with a plus sign is no greeting for imaplib; of it, older versions keep nothing.
    greeting = "+" if words in ("None", "invalid greeting from server") else words
    protocol = protocol_of(greeting)
    if protocol:
        words = greeting if len(greeting) > 1 else ""
        reason = f"{protocol} speaks there, not IMAP"
        return MailboxError(step, reason, advice=ADVICE["another_protocol"], words=words, kind="another_protocol")
    if isinstance(error, imaplib.IMAP4.abort) or _BROKEN.match(words):
        reason = "the server closed the connection, or does not speak IMAP"
        return MailboxError(step, reason, advice=advice, kind="connection")
    return MailboxError(step, "the server refused it", words="" if _NOT_BEGUN.match(words) else words)


def _words(error: Exception) -> str:
    """The server's words as it said them."""
    words = str(error)
    reported = _NOTATION.match(words)
    if reported:
        try:
            return str(ast.literal_eval(reported["bytes"]).decode("utf-8", "replace"))
        except (SyntaxError, ValueError):
            # A server's own words that only look like bytes of Python.
            return words
    return words.removeprefix(_GREETED)
