# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a check of SMTP settings compares: the settings in neutral words, and all that was found about their server."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._engine.secret import Secret
from .._mail.password import Password
from .._mail.smtp_session import USUAL_WAYS, Encryption, LoginWays
from .._resource.mail_server import quote_answer
from .finding_table import Evidence, evidence_of

if t.TYPE_CHECKING:
    from datetime import datetime

    from .._mail.addresses import Address
    from .._mail.certificate import Certificate
    from .._mail.explanation import MailFields
    from .._mail.mail_domain import MailDomain
    from .._mail.presets import Preset
    from .._mail.smtp_session import Observation

Severity = t.Literal["error", "warning", "info"]
SEVERITIES: t.Final[tuple[Severity, ...]] = ("error", "warning", "info")
"""An error: mail cannot be sent like this. A warning: it can, but something is not as it should be."""


@dataclass(frozen=True)
class Finding:
    """One thing that a check found: `code` is one of `FINDINGS`, `field` the option it is about, `advice` what to do.

    `cause` and `decided_by` are those of the judge where it is about a server's reply. `proved` says that the check saw
    it itself where that does not go without saying for the code.
    """

    code: str
    severity: Severity
    field: str
    message: str
    advice: str = ""
    cause: str | None = None
    decided_by: str | None = None
    proved: bool = False

    @property
    def evidence(self) -> Evidence:
        """Whether the check proved it, or read it somewhere."""
        return "proved" if self.proved else evidence_of(self.code)

    @property
    def text(self) -> str:
        """The finding in one line."""
        return f"{self.message}: {self.advice}" if self.advice else self.message


@dataclass(frozen=True)
class Words:
    """The names of a product's options, and how its options say what encryption they want.

    `says` has what the options say now, `change` what to do so that they say something else: from, to. `mail` are the
    names that the advice about a refusal uses. `login_prompts` are the only ones that the product takes in the dialogue
    of LOGIN, in base64; it takes any where there are none.
    """

    server: str
    port: str
    mode: str
    mechanism: str
    user: str
    password: str
    sender: str
    verification: str
    says: t.Mapping[Encryption, str]
    change: t.Callable[[Encryption, Encryption], str]
    mechanism_name: t.Callable[[str], str]
    mail: MailFields
    login_prompts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Configuration:
    """The SMTP settings of one record. `noted` is what there is to say about them before anything is asked.

    `asks_unoffered` is a product that asks for STARTTLS, where it wants it, also from a server that does not offer it.
    `mechanism` is `None` where the product chooses one, as `ways` says; with `plain_in_tls` it sends neither PLAIN nor
    a token in clear, unless to the machine itself. `wants_login` without a `password` is a login that cannot
    be tried here. `sni_option` is the one that makes the product tell the server its name (SNI), where it does not by
    itself and has not been asked to. `secrets` are those beside the password.
    """

    subject: str
    words: Words
    host: str
    port: int
    encryption: Encryption
    sender_domain: str | None
    wants_login: bool
    user: str
    password: Password = field(repr=False)
    asks_unoffered: bool = False
    mechanism: str | None = None
    ways: LoginWays = USUAL_WAYS
    plain_in_tls: bool = False
    verify: bool = True
    server_name: str = ""
    client_name: str = ""
    sni_option: str = ""
    preset: Preset | None = None
    noted: tuple[Finding, ...] = ()
    secrets: tuple[Secret, ...] = field(default=(), repr=False)

    def quote(self, text: object) -> str:
        """Words of a server, fit for a result; they are left out where they repeat a secret in some form."""
        return quote_answer(text, self.user, self.password, self.secrets)

    @property
    def says(self) -> str:
        """What the options say about encryption."""
        return self.words.says[self.encryption]

    def change_to(self, encryption: Encryption) -> str:
        """What to do so that the options want this encryption."""
        return self.words.change(self.encryption, encryption)

    def mechanism_names(self, mechanisms: t.Iterable[str]) -> str:
        """Mechanisms as the product calls them, in one line."""
        return ", ".join(map(self.words.mechanism_name, mechanisms)) or "none"


@dataclass(frozen=True)
class Facts:
    """All that was found out. `chain` are the certificates that the server sent, as far as they could be read.

    `host_problem` is why there are no addresses; `host_problem_is_here` where no name server gave an answer.
    """

    now: datetime
    addresses: tuple[Address, ...] = ()
    host_problem: str = ""
    host_problem_is_here: bool = False
    unreachable: t.Mapping[Address, str] = field(default_factory=dict)
    observation: Observation | None = None
    chain: tuple[Certificate, ...] = ()
    domain: MailDomain | None = None


@dataclass(frozen=True)
class Part:
    """What one look yields: its findings, lines for people about what was seen, and the same as keys of a result."""

    findings: tuple[Finding, ...]
    lines: tuple[str, ...]
    data: t.Mapping[str, t.Any]

    def and_also(self, other: Part) -> Part:
        """Both looks together."""
        return Part((*self.findings, *other.findings), (*self.lines, *other.lines), {**self.data, **other.data})
