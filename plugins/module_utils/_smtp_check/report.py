# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a check of SMTP settings found, as data and as lines for people."""

from __future__ import annotations

import typing as t

from .._mail.certificate import Certificate
from .._mail.smtp_link import Offer
from .._mail.smtp_session import Session
from .facts import Configuration, Facts, Finding

Data = dict[str, t.Any]


def server_data(settings: Configuration, facts: Facts) -> Data:
    """All that is known of the server, as plain data; what the server says itself is quoted."""
    observation = facts.observation
    session = observation.session if observation else None
    encrypted = observation.encrypted if observation else None
    return {
        "host": settings.host,
        "port": settings.port,
        "addresses": [address.text for address in facts.addresses],
        "banner": settings.quote(session.banner) if session and session.banner else None,
        "before_tls": _offer_data(settings, session.before_tls) if session else None,
        "after_tls": _offer_data(settings, encrypted.after_tls) if encrypted else None,
        "tls": _tls_data(encrypted),
        "certificate": _certificate_data(settings, facts, encrypted),
        "login": _login_data(settings, session),
    }


def _offer_data(settings: Configuration, offer: Offer | None) -> Data | None:
    if offer is None:
        return None
    return {
        "extensions": [settings.quote(extension) for extension in offer.extensions[:100]],
        "mechanisms": [settings.quote(mechanism) for mechanism in offer.mechanisms[:100]],
        "size": offer.size,
    }


def _tls_data(session: Session | None) -> Data | None:
    if session is None or session.tls is None:
        return None
    return {"from_first_byte": session.tls_first, "version": session.tls.version, "cipher": session.tls.cipher}


def _certificate_data(settings: Configuration, facts: Facts, session: Session | None) -> Data | None:
    if session is None or not facts.chain:
        return None
    own = facts.chain[0]
    return {
        **_validity(settings, own),
        "names": [settings.quote(name) for name in own.names[:100]],
        "days_left": own.days_left(facts.now),
        "self_signed": own.self_signed,
        "verified": session.verified,
        "problems": [settings.quote(problem.words) for problem in session.certificate_problems],
        "chain": [_validity(settings, certificate) for certificate in facts.chain[:20]],
    }


def _validity(settings: Configuration, certificate: Certificate) -> Data:
    return {
        "subject": settings.quote(certificate.subject),
        "issuer": settings.quote(certificate.issuer),
        "not_before": certificate.not_before.isoformat(),
        "not_after": certificate.not_after.isoformat(),
    }


def _login_data(settings: Configuration, session: Session | None) -> Data:
    reply = session.login if session else None
    return {
        "tried": reply is not None,
        "accepted": session.accepted if session and reply else None,
        "mechanism": session.mechanism if session else None,
        "code": reply.code if reply else None,
        "enhanced_code": reply.enhanced_code if reply else None,
        "reply": settings.quote(reply.text) if reply else None,
    }


def sender_data(settings: Configuration, facts: Facts) -> Data | None:
    """What the DNS says about the sender's domain; nothing where there is no sender."""
    domain = facts.domain
    if domain is None:
        return None
    return {
        "name": domain.name,
        "exists": domain.exists,
        "mx": None if domain.mx is None else [settings.quote(name) for name in domain.mx],
        "spf": None if domain.spf is None else [settings.quote(record) for record in domain.spf],
    }


def finding_line(finding: Finding) -> str:
    """A finding in one line: how much it matters, how the check knows it, what it is and what to do."""
    return f"{finding.severity} ({finding.evidence}): {finding.text}"


def report_lines(settings: Configuration, facts: Facts) -> list[str]:
    """What was seen, in a few lines; what is wrong with it stands elsewhere."""
    lines = []
    server, sender = server_data(settings, facts), sender_data(settings, facts)
    if server["addresses"]:
        lines.append(f"{settings.host} is {', '.join(server['addresses'])}")
    if server["banner"]:
        lines.append(f"port {settings.port} says: {server['banner']}")
    if server["tls"]:
        begin = "from the first byte" if server["tls"]["from_first_byte"] else "after STARTTLS"
        lines.append(f"TLS {begin}: {server['tls']['version']}, {server['tls']['cipher']}")
    certificate = server["certificate"]
    if certificate:
        names = ", ".join(certificate["names"]) or certificate["subject"]
        until, trust = certificate["not_after"][:10], "verified" if certificate["verified"] else "not verified"
        lines.append(f"certificate for {names}, of {certificate['issuer']}, until {until}, {trust}")
    for when, offer in (("before TLS", server["before_tls"]), ("after TLS", server["after_tls"])):
        if offer:
            lines.append(f"{when} it offers: {', '.join(offer['extensions']) or 'nothing'}")
    if server["login"]["accepted"]:
        lines.append(f"login as {settings.user} with {server['login']['mechanism']}: accepted")
    if sender and sender["mx"]:
        lines.append(f"MX of {sender['name']}: {', '.join(sender['mx'])}")
    for record in (sender or {}).get("spf") or ():
        lines.append(f"SPF of {settings.sender_domain}: {record}")
    return lines
