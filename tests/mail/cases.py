# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One way to send and how it has to end, told to both products in their own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.integration.playbook import Task
from tests.mail.certificates import HOST

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.mail.certificates import Certificate
    from tests.mail.conftest import User
    from tests.mail.postfix import Encryption, Postfix, Variant

Product = Literal["itflex", "webitel"]
CRYPT = {"none": "none", "starttls": "starttls", "tls": "ssl-tls"}
_TRANSPORT: dict[Encryption, dict[str, bool]] = {
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
    has one. ``port`` overrules the server's.
    """

    name: str
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
    to_email: str = "inbox@example.com"
    host: str = HOST
    port: int | None = None
    products: tuple[Product, ...] = ("itflex", "webitel")
    changes: Mapping[str, Any] = field(default_factory=dict)

    def port_at(self, postfix: Postfix) -> int:
        """The port that the record names."""
        return self.port or postfix.port(self.spoken or self.encryption, self.certificate, self.variant)

    def settings(self, postfix: Postfix, user: User) -> dict[str, Any]:
        """The case as a record of Webitel."""
        options: dict[str, Any] = {"host": self.host, "port": self.port_at(postfix), **_TRANSPORT[self.encryption]}
        if self.login:
            options["auth"] = {"user": user.address, "pass": self.password or user.password}
        if self.mechanism:
            options["authMethod"] = self.mechanism.upper()
        if not self.verify:
            options["tls"] = {"rejectUnauthorized": False}
        return {"provider": "smtp", "from": self.sender or user.address, "options": {**options, **self.changes}}

    def settings_task(self, domain: str) -> Task:
        """The task that tries it on Webitel, once the record is stored for ``domain``."""
        return Task(self.name, "email_settings_test", {"domain": domain, "to_email": self.to_email})

    def account_task(self, postfix: Postfix, user: User) -> Task:
        """The task that tries it on iTFLEX, where the record is not stored. The user name is the sender there."""
        login = {"password": self.password or user.password, "smtp_auth_mechanism": self.mechanism or "plain"}
        account = {
            "email": self.sender or user.address,
            "service": "other",
            "has_auth": self.login,
            "smtp_server": self.host,
            "smtp_port": self.port_at(postfix),
            "smtp_crypt": CRYPT[self.encryption],
            "to_email": self.to_email,
            **(login if self.login else {}),
        }
        return Task(self.name, "email_account_test", account)
