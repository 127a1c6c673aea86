# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A look at an SMTP server: what it speaks, what it offers, whether it takes a login. It never sends a message.

It tries what a configuration says, and where that does not work, the other way round, so that one look finds all there
is to know. A password goes to a server only over a link that may carry it, see `Login`.
"""

from __future__ import annotations

import enum
import ssl
import typing as t
from dataclasses import dataclass, field

from .addresses import Address, reason_of
from .smtp_link import MECHANISMS, LinkFailed, Offer, Reply, SmtpLink
from .tls import CertificateProblem, Strictness, Tls, Trust


class Encryption(enum.Enum):
    """How a configuration wants the connection to be encrypted."""

    NONE = "none"
    STARTTLS = "starttls"
    STARTTLS_IF_OFFERED = "starttls if offered"
    TLS = "tls"


@dataclass(frozen=True)
class Login:
    """Who may log in, and over which links.

    Always over an encrypted one to a server whose certificate is good. Over one in clear, or to a server of another
    name or authority, only where the configuration says so itself.
    """

    user: str
    password: str = field(repr=False)
    mechanism: str | None = None
    in_clear: bool = False
    unverified: bool = False

    def mechanism_for(self, offered: t.Sequence[str]) -> str | None:
        """The mechanism to use: the configured one, else the first that both sides know."""
        wanted = (self.mechanism,) if self.mechanism else MECHANISMS
        return next((name for name in wanted if name in offered and name in MECHANISMS), None)


@dataclass(frozen=True)
class Target:
    """The server to look at: `address` is where it answers, `client_name` what this client calls itself."""

    address: Address
    trust: Trust
    client_name: str
    timeout: float


class NotTried(enum.Enum):
    """Why a login was not tried."""

    IN_CLEAR = "the link is not encrypted"
    UNVERIFIED = "the server's certificate does not verify"
    NO_MECHANISM = "the server does not offer the mechanism"
    NO_LINK = "the connection did not get that far"


class Step(enum.Enum):
    """Where a connection ended."""

    CONNECT = "connection"
    TLS = "TLS handshake"
    BANNER = "banner"
    HELLO = "EHLO"
    STARTTLS = "STARTTLS"
    LOGIN = "login"


@dataclass(frozen=True)
class Failure:
    """A step that did not succeed: why, or what the server answered."""

    step: Step
    reason: str
    reply: Reply | None = None


@dataclass
class Session:
    """All that one connection found out, as far as it came."""

    tls_first: bool
    banner: Reply | None = None
    before_tls: Offer | None = None
    after_tls: Offer | None = None
    tls: Tls | None = None
    certificate_problems: tuple[CertificateProblem, ...] = ()
    mechanism: str | None = None
    login: Reply | None = None
    not_tried: NotTried | None = NotTried.NO_LINK
    failure: Failure | None = None

    @property
    def verified(self) -> bool:
        """Whether the connection is encrypted, and the server the one it should be."""
        return self.tls is not None and not self.certificate_problems

    @property
    def greeted(self) -> bool:
        """Whether an SMTP server answered at all."""
        return self.banner is not None


@dataclass(frozen=True)
class Observation:
    """What a look at a server found.

    `session` is the connection as configured, or the other way round where the server speaks only that;
    `as_configured` tells which. `upgraded` is one with STARTTLS where the configuration wants none.
    """

    session: Session
    as_configured: bool
    upgraded: Session | None = None

    @property
    def encrypted(self) -> Session:
        """The session that knows of TLS, if any does."""
        return self.upgraded or self.session


def look_at(target: Target, encryption: Encryption, login: Login | None) -> Observation:
    """Look at a server as a configuration reaches it, and where that fails, in the other way that SMTP knows."""
    tls_first = encryption is Encryption.TLS
    session = _session(target, login, tls_first=tls_first, upgrade=encryption is not Encryption.NONE)
    if not session.greeted:
        other = _session(target, login, tls_first=not tls_first, upgrade=True)
        if other.greeted:
            return Observation(other, as_configured=False)
    elif encryption is Encryption.NONE and session.before_tls is not None and session.before_tls.starttls:
        return Observation(session, as_configured=True, upgraded=_session(target, None, tls_first=False, upgrade=True))
    return Observation(session, as_configured=True)


def _session(target: Target, login: Login | None, *, tls_first: bool, upgrade: bool) -> Session:
    """One connection from beginning to end; with less strict TLS again where the certificate is not good."""
    problems: list[CertificateProblem] = []
    for strictness in Strictness:
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
            if upgrade and not tls_first and offer.starttls:
                step = Step.STARTTLS
                self._expect(step, link.command("STARTTLS"), 220)
                step = Step.TLS
                self._encrypt(link)
                step = Step.HELLO
                offer = self._hello(link)
            step = Step.LOGIN
            self._log_in(link, offer)
        except LinkFailed as exc:
            self._session.failure = self._session.failure or Failure(step, str(exc))
        finally:
            if link is not None:
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
            raise LinkFailed((exc.reason or str(exc)).replace("_", " ").lower()) from None
        except (OSError, ValueError) as exc:
            raise LinkFailed(reason_of(exc)) from None

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
        mechanism = self._login.mechanism_for(offer.mechanisms)
        self._session.not_tried = self._reason_against(mechanism)
        if mechanism is None or self._session.not_tried is not None:
            return
        self._session.mechanism = mechanism
        self._session.login = link.log_in(mechanism, self._login.user, self._login.password)

    def _reason_against(self, mechanism: str | None) -> NotTried | None:
        """Why the password must not be sent over this link, or cannot be."""
        login, session = t.cast(Login, self._login), self._session
        if session.tls is None and not login.in_clear:
            return NotTried.IN_CLEAR
        if session.tls is not None and not session.verified and not login.unverified:
            return NotTried.UNVERIFIED
        return NotTried.NO_MECHANISM if mechanism is None else None
