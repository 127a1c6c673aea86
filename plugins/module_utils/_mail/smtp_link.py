# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An SMTP connection whose every step ends in time, with answers as they came."""

from __future__ import annotations

import base64
import hmac
import re
import smtplib
import socket
import ssl
import typing as t
from dataclasses import dataclass

from .addresses import Address, reason_of
from .password import Password, revealed
from .smtp_reader import FIRST_WORDS, BoundedSmtp, Reply
from .tls import Strictness, Tls, Trust, describe, reason_of_tls

MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5")
"""How this client can log in, in the order in which it would choose by itself."""

_ANSWER_TO_EARLY_WORDS = 2.0
_ANSWER_TO_LEAVE = 1.0
_SIZE = re.compile(r"[0-9]{1,20}")  # As long as RFC 1870 lets a size be.
_QUESTION = 334
_MOST_QUESTIONS = 10
_COMMAND_NOT_KNOWN = (500, 501, 502, 504)


class LinkFailed(Exception):
    """A connection that cannot go on; the text says why.

    `heard` is what the server said in place of SMTP, `cause` one of `CAUSES` where the kind of failure tells it.
    """

    def __init__(self, reason: str = "", *, heard: bytes = b"", cause: str | None = None) -> None:
        super().__init__(reason)
        self.heard = heard
        self.cause = cause


@dataclass(frozen=True)
class Offer:
    """What a server offers in its answer to EHLO; nothing where it knows HELO alone, and then it is not `extended`."""

    extensions: tuple[str, ...]
    mechanisms: tuple[str, ...]
    size: int | None
    starttls: bool
    extended: bool = True


class SmtpLink:
    """A connection to an SMTP server. Each of its methods raises `LinkFailed` where it gets no answer."""

    def __init__(self, connection: socket.socket, timeout: float) -> None:
        self._timeout = timeout
        self._smtp = BoundedSmtp(connection, timeout)
        self._is_owed_a_reply = False
        self.prompts: list[str] = []
        """What the server asked in the dialogue of a login, in base64 as it came."""

    @classmethod
    def open(cls, address: Address, timeout: float) -> SmtpLink:
        """Connect. Raises `LinkFailed`."""
        connection = socket.socket(address.family, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        try:
            connection.connect(address.socket_address)
        except OSError as exc:
            connection.close()
            raise LinkFailed(reason_of(exc)) from None
        return cls(connection, timeout)

    def encrypt(self, trust: Trust, strictness: Strictness) -> Tls:
        """Go on in TLS. Raises `ssl.SSLCertVerificationError` too, see `Trust`."""
        encrypted = trust.wrap(t.cast(socket.socket, self._smtp.sock), strictness)
        self._smtp.use(encrypted)
        return describe(encrypted)

    def banner(self) -> Reply:
        """The server's first words."""
        return self._reply(self._smtp.getreply)

    def provoked(self, first_words: bytes) -> bytes:
        """What a server that does not greet answers to a first word of the client, empty where it says nothing.

        The connection ends with it.
        """
        connection = t.cast(socket.socket, self._smtp.sock)
        try:
            connection.settimeout(min(self._timeout, _ANSWER_TO_EARLY_WORDS))
            connection.sendall(first_words)
            return connection.recv(FIRST_WORDS)
        except OSError:
            return b""
        finally:
            self._smtp.close()

    def objection(self) -> str:
        """What the server objects to in TLS itself once the handshake is over, empty where it says nothing.

        The connection ends with it.
        """
        connection = t.cast(socket.socket, self._smtp.sock)
        try:
            connection.settimeout(min(self._timeout, _ANSWER_TO_EARLY_WORDS))
            connection.recv(1)
        except ssl.SSLError as exc:
            return "" if isinstance(exc, socket.timeout) else reason_of_tls(exc)
        except OSError:
            return ""
        finally:
            self._smtp.close()
        return ""

    def hello(self, name: str) -> tuple[Reply, Offer]:
        """Say EHLO, and HELO to a server that does not know it. Returns the answer, and what is offered."""
        reply = self._reply(lambda: self._smtp.ehlo(name))
        if reply.code != 250:
            return self._old_hello(name, reply), Offer((), (), None, starttls=False, extended=False)
        features = self._smtp.esmtp_features
        size = features.get("size", "").strip()
        return reply, Offer(
            extensions=tuple(reply.text.splitlines()[1:]),
            mechanisms=tuple(dict.fromkeys(features.get("auth", "").upper().split())),
            size=int(size) if _SIZE.fullmatch(size) else None,
            starttls="starttls" in features,
        )

    def _old_hello(self, name: str, refusal: Reply) -> Reply:
        """Say HELO after a refusal of EHLO, unless the server ended the connection with it. Returns what tells more."""
        if refusal.code == 421:
            return refusal
        try:
            reply = self._reply(lambda: self._smtp.helo(name))
        except LinkFailed:
            return refusal
        return reply if reply.code == 250 or refusal.code in _COMMAND_NOT_KNOWN else refusal

    def command(self, command: str, arguments: str = "") -> Reply:
        """Send one command. Returns the answer."""
        return self._reply(lambda: self._smtp.docmd(command, arguments))

    def log_in(self, mechanism: str, user: str, password: Password, *, goes_on: bool = False) -> Reply:
        """Log in with one of `MECHANISMS`. Returns the server's last word.

        With `goes_on`, a server that asks for more after the password gets an empty line.
        """
        # Not by `auth` of smtplib: it encodes as ASCII, and passwords are UTF-8 (RFC 4954). It also raises where a
        # login is refused, whose words are wanted as they are, and keeps the prompts of LOGIN to itself.
        secret = revealed(password)
        if mechanism == "PLAIN":
            reply = self.command("AUTH", f"PLAIN {_encoded(f'{chr(0)}{user}{chr(0)}{secret}')}")
            return self._asked_for_more(reply) if goes_on else reply
        if mechanism == "LOGIN":
            reply = self._dialogue("AUTH LOGIN", lambda _asked: user, lambda _asked: secret)
            return self._asked_for_more(reply) if goes_on else reply
        return self._dialogue("AUTH CRAM-MD5", lambda challenge: f"{user} {_digest(secret, challenge)}")

    def _dialogue(self, command: str, *answers: t.Callable[[bytes], str]) -> Reply:
        reply = self.command(command)
        for answer in answers:
            if reply.code != _QUESTION:
                break
            self.prompts.append(reply.text)
            reply = self.command(_encoded(answer(_decoded(reply.text))))
        return reply

    def _asked_for_more(self, reply: Reply) -> Reply:
        for _time in range(_MOST_QUESTIONS):
            if reply.code != _QUESTION:
                break
            reply = self.command("")
        return reply

    def close(self) -> None:
        """Take leave; the server's answer to it does not matter. Of one that owes an answer none is taken."""
        if self._is_owed_a_reply:
            # Also where the time of the task is over: to wait for another answer would hold its end up.
            self._smtp.close()
            return
        try:
            self._smtp.timeout = min(self._timeout, _ANSWER_TO_LEAVE)
            self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()

    def _reply(self, act: t.Callable[[], tuple[int, bytes]]) -> Reply:
        self._is_owed_a_reply = True
        try:
            code, text = act()
        except (smtplib.SMTPException, OSError):
            raise self._without_reply() from None
        self._is_owed_a_reply = False
        if code < 0:
            heard = self._smtp.replies.heard
            self._smtp.close()
            raise LinkFailed("the answer is not SMTP", heard=heard)
        return Reply(code, text.decode("utf-8", "replace"))

    def _without_reply(self) -> LinkFailed:
        """Why no answer came."""
        replies = self._smtp.replies
        if replies.waited_in_vain:
            return LinkFailed(f"no answer within {self._timeout:g} seconds", heard=replies.heard, cause="no_answer")
        if replies.had_no_end:
            return LinkFailed("an answer without end")
        if replies.tls_alert:
            return LinkFailed(replies.tls_alert, cause="tls_failed")
        return LinkFailed("the server closed the connection, or does not speak SMTP", heard=replies.heard)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:  # No base64, or not even ASCII.
        return b""


def _digest(password: str, challenge: bytes) -> str:
    try:
        return hmac.new(password.encode(), challenge, "md5").hexdigest()
    except ValueError:
        reason = "this machine allows no MD5, and so no CRAM-MD5"
        raise LinkFailed(reason, cause="digest_unavailable") from None
