# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What well-known mail services document about their SMTP servers. It serves findings, and is never applied."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .smtp_session import Encryption


@dataclass(frozen=True)
class Way:
    """A port of a server, and how a connection to it is encrypted."""

    port: int
    encryption: Encryption


@dataclass(frozen=True)
class Preset:
    """A service: its servers, the usual one first, each with the ways to reach it, and what it says about passwords."""

    title: str
    servers: t.Mapping[str, tuple[Way, ...]]
    about_passwords: str

    @property
    def usual_server(self) -> str:
        """The server that the service names first."""
        return next(iter(self.servers))

    def ways_in_words(self, server: str) -> str:
        """The ports of a server, and what each of them speaks."""
        return " or ".join(f"port {way.port} with {_WORDS[way.encryption]}" for way in self.servers[server])


_WORDS = {Encryption.TLS: "TLS from the first byte", Encryption.STARTTLS: "STARTTLS"}

PRESETS: t.Final[t.Mapping[str, Preset]] = {
    # "IMAP, POP, and SMTP" of Gmail at Google for Developers, and "Sign in with app passwords" of Google Account Help.
    # Seen in November 2026.
    "gmail": Preset(
        title="Gmail",
        servers={"smtp.gmail.com": (Way(465, Encryption.TLS), Way(587, Encryption.STARTTLS))},
        about_passwords="Gmail takes an app password here, not the password of the Google account",
    ),
    # "POP, IMAP, and SMTP settings for Outlook.com" of Microsoft Support, which names OAuth2 as the way to log in, and
    # "How to set up a multifunction device or application to send emails using Microsoft 365 or Office 365" of
    # Microsoft Learn. Seen in November 2026.
    "outlook": Preset(
        title="Outlook",
        servers={
            "smtp-mail.outlook.com": (Way(587, Encryption.STARTTLS),),
            "smtp.office365.com": (Way(587, Encryption.STARTTLS), Way(25, Encryption.STARTTLS)),
        },
        about_passwords="Outlook.com documents OAuth2 as its way to log in, and may take no password at all",
    ),
}
