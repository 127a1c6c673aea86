# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about the way to an SMTP server: its name, its addresses, its port, and how the connection is encrypted."""

from __future__ import annotations

import errno
import os
import typing as t

from .._mail.smtp_probe import Encryption, Failure, Observation, Step
from .facts import Configuration, Facts, Finding

_USUAL: t.Final[t.Mapping[int, tuple[Encryption, ...]]] = {
    465: (Encryption.TLS,),
    587: (Encryption.STARTTLS, Encryption.STARTTLS_IF_OFFERED),
}
# What the system says where this host has no IPv6, or no IPv4. The server is not to blame then.
_NO_WAY: t.Final = {os.strerror(code) for code in (errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)}
_CHECK_HOST = "check that an SMTP server listens there"


def link_findings(settings: Configuration, facts: Facts) -> t.Iterator[Finding]:
    """What is wrong on the way to the server, as far as it was found."""
    words = settings.words
    if facts.host_problem:
        message = f"this host finds no address of {settings.host} ({settings.quote(facts.host_problem)})"
        yield Finding("host_unknown", "error", words.server, message, f"correct {words.server}, or the DNS")
        return
    observation = facts.observation
    if observation is None:
        yield _nothing_answers(settings, facts)
        yield from _unusual_port(settings)
        return
    yield from _unreachable(settings, facts)
    if not observation.session.greeted:
        yield _no_smtp(settings, observation)
        yield from _unusual_port(settings)
        return
    yield from _other_mode(settings, observation)
    yield from _broken_off(settings, observation.session.failure)
    yield from _encryption(settings, observation)


def _unreachable(settings: Configuration, facts: Facts) -> t.Iterator[Finding]:
    """The addresses that did not answer, where others did."""
    server = settings.words.server
    families = {address.family for address in facts.addresses if address not in facts.unreachable}
    for address, reason in facts.unreachable.items():
        whose = f"{address.text}, an address of {settings.host}"
        if reason in _NO_WAY and address.family not in families:
            message = f"this host has no way to {whose} ({reason}), while others answer"
            yield Finding("address_unreachable", "info", server, message)
        else:
            message = f"{whose}, does not answer on port {settings.port} ({reason}), while others do"
            advice = "take it out of the DNS, or let the server listen there"
            yield Finding("address_unreachable", "warning", server, message, advice)


def _nothing_answers(settings: Configuration, facts: Facts) -> Finding:
    reasons = ", ".join(f"{address.text}: {reason}" for address, reason in facts.unreachable.items())
    return Finding(
        "unreachable",
        "error",
        settings.words.server,
        f"nothing takes a connection on port {settings.port} of {settings.host} ({reasons})",
        f"correct {settings.words.server} and {settings.words.port}, or let this host through the firewall",
    )


def _unusual_port(settings: Configuration) -> t.Iterator[Finding]:
    """A guess, for where the server itself said nothing better."""
    usual = _USUAL.get(settings.port)
    if usual is not None and settings.encryption not in usual:
        message = f"port {settings.port} is unusual where {settings.says}"
        advice = f"if the port is right, {settings.change_to(usual[0])}"
        yield Finding("unusual_port", "info", settings.words.port, message, advice)


def _no_smtp(settings: Configuration, observation: Observation) -> Finding:
    """The finding where something takes the connection, and does not turn out to be an SMTP server."""
    failure, words = observation.session.failure, settings.words
    reason = failure.reason if failure else ""
    if observation.session.tls_first and failure and failure.step is Step.TLS:
        message = f"TLS with port {settings.port} fails ({settings.quote(reason)}), and in clear it does not speak SMTP"
        return Finding("tls_failed", "error", words.port, message, _CHECK_HOST)
    message = f"port {settings.port} takes connections, but speaks SMTP neither in clear nor in TLS ({reason})"
    return Finding("no_smtp", "error", words.port, message, _CHECK_HOST)


def _other_mode(settings: Configuration, observation: Observation) -> t.Iterator[Finding]:
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


def _broken_off(settings: Configuration, failure: Failure | None) -> t.Iterator[Finding]:
    """Where the conversation ended before its end. What went wrong at the login is told elsewhere."""
    if failure is None or failure.step is Step.LOGIN:
        return
    server, port = settings.words.server, settings.words.port
    reported = f"answers {settings.quote(failure.reply)}" if failure.reply else settings.quote(failure.reason)
    if failure.step is Step.BANNER:
        advice = "let the server's log say why it turns this host away"
        yield Finding("turned_away", "error", server, f"the server turns this host away: it {reported}", advice)
    elif failure.step is Step.TLS:
        message = f"TLS with port {settings.port} fails: {reported}"
        yield Finding(
            "tls_failed", "error", port, message, "look at the TLS settings of the server; 1.2 or newer is needed"
        )
    elif failure.step is Step.STARTTLS:
        message = f"the server offers STARTTLS, and does not do it: {reported}"
        yield Finding("starttls_refused", "error", settings.words.mode, message, "let the server's log say why")
    else:
        message = f"the conversation breaks off at {failure.step.value}: {reported}"
        yield Finding("broken_off", "error", server, message, "let the server's log say why")


def _encryption(settings: Configuration, observation: Observation) -> t.Iterator[Finding]:
    """What there is to say about encryption where the server speaks as configured."""
    session, mode = observation.session, settings.words.mode
    if not observation.as_configured or session.before_tls is None:
        return
    offered, carries = session.before_tls.starttls, "the password" if settings.wants_login else "mail"
    if settings.encryption is Encryption.STARTTLS and not offered:
        message = f"the server offers no STARTTLS, but {settings.says}"
        yield Finding("starttls_not_offered", "error", mode, message, "use a port of the server that speaks TLS")
    elif settings.encryption is Encryption.STARTTLS_IF_OFFERED and not offered:
        message = f"the server offers no STARTTLS, so {carries} crosses the network in clear"
        yield Finding("not_encrypted", "warning", mode, message, "use a port of the server that speaks TLS")
    elif settings.encryption is Encryption.STARTTLS_IF_OFFERED:
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
