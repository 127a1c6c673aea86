# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A look at an SMTP server: what it speaks, what it offers, whether it takes a login. It never sends a message.

It tries what a configuration says, and where that does not work, the other way round, so that one look finds all there
is to know. A password goes to a server only over a link that may carry it, see `Login`.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import typing as t
from dataclasses import replace

from .addresses import reason_of
from .smtp_link import LinkFailed, Offer, SmtpLink
from .smtp_reader import Reply
from .smtp_session import Encryption, Failure, Login, NotTried, Observation, Session, Step, Target
from .tls import CertificateProblem, Strictness, Tls, client_hello, is_tls, reason_of_tls

_FIRST_WORDS = b"EHLO [127.0.0.1]\r\n"


def look_at(target: Target, encryption: Encryption, login: Login | None) -> Observation:
    """Look at a server as a configuration reaches it, and where that fails, in the other way that SMTP knows."""
    tls_first = encryption is Encryption.TLS
    session = _session(target, login, tls_first=tls_first, upgrade=encryption is not Encryption.NONE)
    if not session.greeted:
        other = _session(target, login, tls_first=not tls_first, upgrade=True)
        if other.greeted:
            return Observation(other, as_configured=False, old_tls=_old_tls(target, other))
        _listen(target, other if other.tls_first else session)
        return Observation(session, as_configured=True, other=other, old_tls=_old_tls(target, session, other))
    if encryption is Encryption.NONE and session.before_tls is not None and session.before_tls.starttls:
        return Observation(session, as_configured=True, upgraded=_session(target, None, tls_first=False, upgrade=True))
    old_tls = _old_tls(target, session)
    _hear_objection(target, session)
    return Observation(session, as_configured=True, old_tls=old_tls)


def _hear_objection(target: Target, session: Session) -> None:
    """Write into a session that ended right after STARTTLS what the server objects to, where it says so in TLS.

    With TLS 1.3 it turns a client without a certificate of its own away only when the handshake is over, and a client
    that has sent EHLO meanwhile cannot read that any more. So it takes a connection of its own.
    """
    failure = session.failure
    if failure is None or failure.step is not Step.HELLO or failure.reply is not None or session.tls is None:
        return
    with contextlib.suppress(LinkFailed, OSError, ValueError):
        link = SmtpLink.open(target.address, target.timeout)
        link.banner()
        link.hello(target.client_name)
        link.command("STARTTLS")
        link.encrypt(target.trust, Strictness.NONE)
        reason = link.objection()
        if reason:
            session.failure = replace(failure, step=Step.TLS, reason=reason, cause="tls_failed")


def _listen(target: Target, session: Session) -> None:
    """Write into a session with TLS from the first byte, where nobody greeted, what the server says to a first word.

    It takes a connection of its own: OpenSSL keeps to itself what is no TLS, and who waited in vain has hung up.
    """
    failure = session.failure
    if failure is None or failure.heard or failure.step not in (Step.TLS, Step.BANNER):
        return
    in_tls = failure.step is Step.BANNER
    with contextlib.suppress(LinkFailed, OSError, ValueError):
        heard = b"" if in_tls else _provoked(target, client_hello(target.trust.server_name))
        if is_tls(heard):
            session.failure = replace(failure, cause="tls_failed")
        else:
            session.failure = replace(failure, heard=heard or _provoked(target, _FIRST_WORDS, in_tls=in_tls))


def _provoked(target: Target, first_words: bytes, *, in_tls: bool = False) -> bytes:
    link = SmtpLink.open(target.address, target.timeout)
    if in_tls:
        link.encrypt(target.trust, Strictness.NONE)
    return link.provoked(first_words)


def _old_tls(target: Target, *sessions: Session) -> Tls | None:
    """What a client of old comes to agree on with a server, where the handshake failed in one of these sessions."""
    failed = [
        session
        for session in sessions
        if session.failure and session.failure.step is Step.TLS and not session.failure.heard
    ]
    if not failed:
        return None
    session = Session(failed[0].tls_first)
    _Course(target, None, session, Strictness.OLD).run(tls_first=session.tls_first, upgrade=True)
    failure = session.failure
    # With TLS 1.3 the handshake ends for the client before the server has said whether it takes the client. Where it
    # does not, the connection may be gone before that is read.
    taken = failure is None or (failure.step is not Step.TLS and session.tls and session.tls.version != "TLSv1.3")
    return session.tls if taken else None


def _session(target: Target, login: Login | None, *, tls_first: bool, upgrade: bool) -> Session:
    """One connection from beginning to end; with less strict TLS again where the certificate is not good."""
    problems: list[CertificateProblem] = []
    for strictness in (Strictness.FULL, Strictness.NAME_ASIDE, Strictness.NONE):
        if strictness is Strictness.NAME_ASIDE and not any(problem.is_about_name for problem in problems):
            continue
        session = Session(tls_first, certificate_problems=tuple(problems))
        try:
            _Course(target, login, session, strictness).run(tls_first=tls_first, upgrade=upgrade)
        except ssl.SSLCertVerificationError as exc:
            problems.append(CertificateProblem(exc.verify_code, exc.verify_message))
            continue
        break
    return session


class _Course:
    """The course of one connection, which writes into its session what it finds."""

    def __init__(self, target: Target, login: Login | None, session: Session, strictness: Strictness) -> None:
        self._target = target
        self._login = login
        self._session = session
        self._strictness = strictness

    def run(self, *, tls_first: bool, upgrade: bool) -> None:
        """Go through all steps. Raises `ssl.SSLCertVerificationError` alone; the session has all other failures."""
        step = Step.CONNECT
        link: SmtpLink | None = None
        try:
            link = SmtpLink.open(self._target.address, self._target.timeout)
            if tls_first:
                step = Step.TLS
                self._encrypt(link)
            step = Step.BANNER
            self._expect(step, link.banner(), 220)
            step = Step.HELLO
            offer = self._hello(link)
            asks = offer.starttls or (self._target.asks_unoffered and offer.extended)
            if upgrade and not tls_first and asks:
                step = Step.STARTTLS
                self._expect(step, link.command("STARTTLS"), 220)
                step = Step.TLS
                self._encrypt(link)
                step = Step.HELLO
                offer = self._hello(link)
            step = Step.LOGIN
            self._log_in(link, offer)
        except LinkFailed as exc:
            step = Step.TLS if exc.cause == "tls_failed" else step
            self._session.failure = self._session.failure or Failure(step, str(exc), None, exc.heard, exc.cause)
        finally:
            if link is not None:
                self._session.prompts = tuple(link.prompts)
                link.close()

    def _expect(self, step: Step, reply: Reply, code: int) -> None:
        if step is Step.BANNER:
            self._session.banner = reply
        if reply.code != code:
            self._session.failure = Failure(step, f"the server answers {reply.code}", reply)
            raise LinkFailed

    def _encrypt(self, link: SmtpLink) -> None:
        try:
            self._session.tls = link.encrypt(self._target.trust, self._strictness)
        except ssl.SSLCertVerificationError:
            raise
        except ssl.SSLError as exc:
            raise LinkFailed(reason_of_tls(exc)) from None
        except (OSError, ValueError) as exc:
            cause = "no_answer" if isinstance(exc, socket.timeout) else None
            raise LinkFailed(reason_of(exc), cause=cause) from None

    def _hello(self, link: SmtpLink) -> Offer:
        reply, offer = link.hello(self._target.client_name)
        self._expect(Step.HELLO, reply, 250)
        if self._session.tls is None:
            self._session.before_tls = offer
        else:
            self._session.after_tls = offer
        return offer

    def _log_in(self, link: SmtpLink, offer: Offer) -> None:
        if self._login is None:
            return
        login, ways = self._login, self._login.ways
        mechanism = ways.mechanism_for(login.mechanism, offer.mechanisms)
        self._session.not_tried = self._reason_against(mechanism, offer)
        if mechanism is None or self._session.not_tried is not None:
            return
        self._session.mechanism = mechanism
        reply = link.log_in(mechanism, login.user, login.password, goes_on=ways.any_success)
        self._session.login, self._session.accepted = reply, ways.lets_in(mechanism, reply)

    def _reason_against(self, mechanism: str | None, offer: Offer) -> NotTried | None:
        """Why the password must not be sent over this link, or cannot be.

        In clear, it does not go to a server that offers TLS and no such login before it, whatever the library does.
        """
        login, session = t.cast(Login, self._login), self._session
        if session.tls is None and not login.in_clear:
            return NotTried.IN_CLEAR
        if session.tls is not None and not session.verified and not login.unverified:
            return NotTried.UNVERIFIED
        offered_later = session.tls is None and offer.starttls and mechanism not in offer.mechanisms
        return NotTried.NO_MECHANISM if mechanism is None or offered_later else None
