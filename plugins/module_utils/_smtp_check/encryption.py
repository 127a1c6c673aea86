# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about how the connection with an SMTP server is encrypted."""

from __future__ import annotations

import typing as t

from .._mail.smtp_session import Encryption, Observation
from .facts import Configuration, Finding
from .login import kept_back
from .masked import masked_in, starttls_masked
from .unoffered import begun_unoffered, is_begun_unoffered, refused_unoffered


def other_mode(settings: Configuration, observation: Observation) -> t.Iterator[Finding]:
    """What is wrong where the server begins in another way than it is configured."""
    if observation.as_configured:
        return
    mode, port, says = settings.words.mode, settings.port, settings.says
    if observation.session.tls_first:
        message = f"port {port} speaks TLS from the first byte, but {says}"
        yield Finding("tls_from_first_byte", "error", mode, message, settings.change_to(Encryption.TLS))
        return
    offer = observation.session.before_tls
    message = f"port {port} begins in clear, but {says}"
    if offer is not None and not offer.starttls:
        message, advice = f"{message}; it does not offer STARTTLS either", "use a port of the server that speaks TLS"
    else:
        advice = settings.change_to(Encryption.STARTTLS)
    yield Finding("clear_at_first", "error", mode, message, advice)


def encryption_findings(settings: Configuration, observation: Observation) -> t.Iterator[Finding]:
    """What there is to say about encryption where the server speaks as configured."""
    session, mode = observation.session, settings.words.mode
    if not observation.as_configured or session.before_tls is None:
        return
    if is_begun_unoffered(settings, session):
        yield from begun_unoffered(settings, session)
        return
    if settings.encryption in (Encryption.STARTTLS, Encryption.STARTTLS_IF_OFFERED) and masked_in(session):
        yield starttls_masked(settings, masked_in(session))
        return
    offer = session.before_tls
    offered = offer.starttls
    carries = "the password" if settings.wants_login and not kept_back(settings, session, offer) else "mail"
    if settings.encryption is Encryption.STARTTLS and not offered:
        answer = refused_unoffered(session)
        answers = f", and where it is asked for all the same, it answers {settings.quote(answer)}" if answer else ""
        message = f"the server offers no STARTTLS, but {settings.says}{answers}"
        advice = "use a port of the server that speaks TLS"
        yield Finding("starttls_not_offered", "error", mode, message, advice, proved=bool(answer))
    elif settings.encryption is Encryption.STARTTLS_IF_OFFERED and not offered:
        message = f"the server offers no STARTTLS, so {carries} crosses the network in clear"
        yield Finding("not_encrypted", "warning", mode, message, "use a port of the server that speaks TLS")
    elif settings.encryption is Encryption.STARTTLS_IF_OFFERED and session.tls is not None:
        message = "TLS is used as long as the server offers it, and nobody on the way takes the offer out"
        yield Finding("tls_not_required", "info", mode, message, settings.change_to(Encryption.STARTTLS))
    elif settings.encryption is Encryption.NONE:
        works = observation.upgraded is not None and observation.upgraded.tls is not None
        message = f"{carries} crosses the network in clear, since {settings.says}"
        if works:
            message, advice = f"{message}, though the server offers STARTTLS", settings.change_to(Encryption.STARTTLS)
        else:
            advice = "use a port of the server that speaks TLS"
        severity: t.Literal["warning", "info"] = "warning" if settings.wants_login or works else "info"
        yield Finding("not_encrypted", severity, mode, message, advice)
