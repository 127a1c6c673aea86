# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One way to send and how it has to end, given to both products in their own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.mail.certificates import HOST

if TYPE_CHECKING:
    from tests.integration.playbook import Document
    from tests.mail.certificates import Certificate
    from tests.mail.conftest import User
    from tests.mail.postfix import Encryption, Postfix, Variant

CRYPT = {"none": "none", "starttls": "starttls", "tls": "ssl-tls"}
TRANSPORT: dict[Encryption, dict[str, bool]] = {
    "none": {"ignoreTLS": True},
    "starttls": {"requireTLS": True},
    "tls": {"secure": True},
}


@dataclass(frozen=True)
class Refusal:
    """What the result has to say: how far it came, why it ended, the server's codes."""

    stage: str
    cause: str
    code: int | None = None
    enhanced_code: str | None = None


@dataclass(frozen=True)
class Case:
    """A way to send a message, with the server that it meets.

    ``spoken`` is what the port speaks where that differs from what the record says. ``login`` is whether the record
    has one. What is ``None`` is what works: the user's password and address, a mailbox, the server's port.
    """

    encryption: Encryption
    refusal: Refusal | None = None
    mechanism: str | None = None
    login: bool = True
    password: str | None = None
    certificate: Certificate = "good"
    variant: Variant = "usual"
    spoken: Encryption | None = None
    verify: bool = True
    sender: str | None = None
    to_email: str | None = None
    host: str = HOST
    port: int | None = None

    def port_at(self, postfix: Postfix) -> int:
        """The port that the record names."""
        return self.port or postfix.port(self.spoken or self.encryption, self.certificate, self.variant)

    def settings(self, postfix: Postfix, user: User) -> Document:
        """The case as a record of Webitel."""
        options: Document = {"host": self.host, "port": self.port_at(postfix), **TRANSPORT[self.encryption]}
        if self.login:
            options["auth"] = {"user": user.address, "pass": self.password or user.password}
        if self.mechanism:
            options["authMethod"] = self.mechanism.upper()
        if not self.verify:
            options["tls"] = {"rejectUnauthorized": False}
        return {"provider": "smtp", "from": self.sender or user.address, "options": options}

    def account(self, postfix: Postfix, user: User) -> Document:
        """The case as an account of iTFLEX, where the user name is the sender and certificates are always checked."""
        login = {"password": self.password or user.password, "smtp_auth_mechanism": self.mechanism or "plain"}
        return {
            "email": self.sender or user.address,
            "default": False,
            "service": "other",
            "has_auth": self.login,
            "smtp_server": self.host,
            "smtp_port": self.port_at(postfix),
            "smtp_crypt": CRYPT[self.encryption],
            **(login if self.login else {}),
        }
