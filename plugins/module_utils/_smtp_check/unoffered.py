# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""STARTTLS that a product asks for although the server does not offer it: what becomes of it."""

from __future__ import annotations

import typing as t

from .._mail.smtp_session import Session, Step
from .facts import Configuration, Finding

if t.TYPE_CHECKING:
    from .._mail.smtp_reader import Reply


def refused_unoffered(session: Session) -> Reply | None:
    """What the server answers where it refuses STARTTLS that it had not offered, which is no broken promise."""
    failure, offer = session.failure, session.before_tls
    if failure is None or failure.step is not Step.STARTTLS or offer is None or offer.starttls:
        return None
    return failure.reply


def is_begun_unoffered(settings: Configuration, session: Session) -> bool:
    """Whether the server did not offer STARTTLS, was asked for it all the same, and did not refuse."""
    offer = session.before_tls
    was_asked = settings.asks_unoffered and offer is not None and offer.extended and not offer.starttls
    return was_asked and refused_unoffered(session) is None


def begun_unoffered(settings: Configuration, session: Session) -> t.Iterator[Finding]:
    """The finding about that. Where TLS then failed, another one says so."""
    if session.tls is not None:
        message = "the server does not offer STARTTLS, and begins TLS where the product asks for it all the same"
        advice = "let the server offer it, since others ask only then"
        yield Finding("starttls_not_offered", "info", settings.words.mode, message, advice, proved=True)
