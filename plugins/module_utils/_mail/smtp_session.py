# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a look at an SMTP server takes and finds: which server, which login, and how far a connection came."""

from __future__ import annotations

import enum
import typing as t
from dataclasses import dataclass, field

from .addresses import Address
from .password import Password
from .smtp_link import MECHANISMS, Offer
from .smtp_reader import Reply
from .tls import CertificateProblem, Tls, Trust


class Encryption(enum.Enum):
    """How a configuration wants the connection to be encrypted."""

    NONE = "none"
    STARTTLS = "starttls"
    STARTTLS_IF_OFFERED = "starttls if offered"
    TLS = "tls"


_LOGGED_IN: t.Final = 235


def usual_mechanism(wanted: str | None, offered: t.Sequence[str]) -> str | None:
    """The mechanism to log in with: the configured one where it is offered, else the first that both sides know."""
    names = (wanted,) if wanted else MECHANISMS
    return next((name for name in names if name in offered and name in MECHANISMS), None)


@dataclass(frozen=True)
class LoginWays:
    """How the library that a product sends with logs in.

    `mechanism_for` says with what, from the mechanism that is configured and those that are offered; nothing where it
    is none of `MECHANISMS`. With `any_success` every reply of 2xx to a password lets it in, and it answers a
    server that asks for more with an empty line.
    """

    mechanism_for: t.Callable[[str | None, t.Sequence[str]], str | None] = usual_mechanism
    any_success: bool = False

    def lets_in(self, mechanism: str, reply: Reply) -> bool:
        """Whether the library takes the reply for a login that succeeded."""
        if not self.any_success:
            return reply.code == _LOGGED_IN
        if mechanism == "CRAM-MD5":
            # It looks for the code and a blank, which a reply of several lines does not begin with.
            return reply.code == _LOGGED_IN and "\n" not in reply.text
        return 200 <= reply.code < 300


USUAL_WAYS: t.Final = LoginWays()
"""Those of a client that keeps to what it is offered."""


@dataclass(frozen=True)
class Login:
    """Who may log in, how, and over which links.

    Always over an encrypted one to a server whose certificate is good. Over one in clear, or to a server of another
    name or authority, only where the configuration says so itself.
    """

    user: str
    password: Password = field(repr=False)
    mechanism: str | None = None
    in_clear: bool = False
    unverified: bool = False
    ways: LoginWays = USUAL_WAYS


@dataclass(frozen=True)
class Target:
    """The server to look at: `address` is where it answers, `client_name` what this client calls itself.

    `asks_unoffered` says to ask for STARTTLS also where it is not offered, as some clients do that want it.
    """

    address: Address
    trust: Trust
    client_name: str
    timeout: float
    asks_unoffered: bool = False


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
    """A step that did not succeed: why, or what the server answered.

    `heard` is what was said in place of SMTP or TLS, `cause` one of `CAUSES` where the kind of failure tells it.
    """

    step: Step
    reason: str
    reply: Reply | None = None
    heard: bytes = b""
    cause: str | None = None


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
    prompts: tuple[str, ...] = ()
    login: Reply | None = None
    accepted: bool = False
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
    `as_configured` tells which. `upgraded` is one with STARTTLS where the configuration wants none. `other` is the
    one the other way round where neither came to a greeting, `old_tls` what a client of old takes where TLS failed.
    """

    session: Session
    as_configured: bool
    upgraded: Session | None = None
    other: Session | None = None
    old_tls: Tls | None = None

    @property
    def encrypted(self) -> Session:
        """The session that knows of TLS, if any does."""
        return self.upgraded or self.session
