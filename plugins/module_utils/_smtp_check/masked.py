# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An offer of STARTTLS that a firewall in between has written over."""

from __future__ import annotations

import re

from .._mail.smtp_session import Encryption, Session
from .facts import Configuration, Finding

# What firewalls write over an offer that they do not let through, or over all of a greeting, such as Cisco's inspection
# of SMTP. Of a greeting, digits that it takes for harmless stay.
_MASKED = re.compile(r"(?:X{4}|\*{4})[X* ]{0,500}\w?", re.IGNORECASE)
_MASKED_GREETING = re.compile(r"\*{4}[*\d ]{0,500}")


def masked_in(session: Session) -> str:
    """What something in between wrote over what the server said before TLS; empty where nothing did."""
    offer = session.before_tls
    if offer is None or offer.starttls:
        return ""
    banner = session.banner.text if session.banner else ""
    masked = (name.strip() for name in offer.extensions if _MASKED.fullmatch(name.strip()))
    return next(masked, banner if _MASKED_GREETING.fullmatch(banner) else "")


def starttls_masked(settings: Configuration, masked: str) -> Finding:
    """The finding about it."""
    required = settings.encryption is Encryption.STARTTLS
    message = f"the offer of STARTTLS does not arrive: the server's words come as {settings.quote(masked)}"
    advice = "let the firewall in between leave SMTP alone (Cisco: inspect esmtp), or use a port that speaks TLS"
    return Finding("starttls_masked", "error" if required else "warning", settings.words.mode, message, advice)
