# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about the way to an SMTP server: its name, its addresses, its port, and what speaks there."""

from __future__ import annotations

import errno
import os
import re
import typing as t

from .._mail.library_words import protocol_of
from .._mail.reply_text import CONNECT, EHLO, STARTTLS
from .._mail.smtp_session import Encryption, Failure, Observation, Session, Step
from .._mail.tls import WANTS_A_CERTIFICATE
from .encryption import encryption_findings, other_mode
from .facts import Configuration, Facts, Finding
from .replies import judged, refusal
from .unoffered import refused_unoffered

if t.TYPE_CHECKING:
    from .._mail.smtp_reader import Reply

_USUAL: t.Final[t.Mapping[int, tuple[Encryption, ...]]] = {
    465: (Encryption.TLS,),
    587: (Encryption.STARTTLS, Encryption.STARTTLS_IF_OFFERED),
}
# What the system says where this host has no IPv6, or no IPv4. The server is not to blame then.
_NO_WAY: t.Final = {os.strerror(code) for code in (errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)}
# The same, and what a firewall of its own says.
_OF_THIS_HOST: t.Final = {*_NO_WAY, *map(os.strerror, (errno.EPERM, errno.EACCES, errno.ENETDOWN))}
_NOTHING_SAID = "it says nothing of the server, or of the product"
_CHECK_HOST = "check that an SMTP server listens there"
_LATE = f"{_CHECK_HOST}, and give more timeout where it greets late on purpose; the product waits no longer"
_NEW_TLS = "look at the TLS settings of the server; 1.2 or newer is needed, with ciphers and keys of today"
_NO_CERTIFICATE = "let the server take clients without a certificate of their own, or use another port of it"
# What an SMTP server says that was not ready yet: a part of its greeting, or a refusal of a client that cannot wait.
_OF_SMTP = re.compile(r"(?:2|22|220)\Z|220[ -]|[45]\d\d[ -]")
_REFUSAL = 400
_NNTP_GREETS = (200, 201)  # RFC 3977, 5.1.


def link_findings(settings: Configuration, facts: Facts) -> t.Iterator[Finding]:
    """What is wrong on the way to the server, as far as it was found."""
    words = settings.words
    if facts.host_problem:
        message = f"this host finds no address of {settings.host} ({settings.quote(facts.host_problem)})"
        advice = f"correct {words.server}, or the DNS"
        if facts.host_problem_is_here:
            advice = f"look at the name servers that this host asks: {_NOTHING_SAID}"
        yield Finding("host_unknown", "error", words.server, message, advice)
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
    broken_off = list(_broken_off(settings, observation))
    # What is no SMTP at all needs no other encryption.
    if not any(finding.code in ("another_protocol", "no_smtp") for finding in broken_off):
        yield from other_mode(settings, observation)
    yield from broken_off
    yield from encryption_findings(settings, observation)


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
    words = settings.words
    reasons = ", ".join(f"{address.text}: {reason}" for address, reason in facts.unreachable.items())
    if _OF_THIS_HOST.issuperset(facts.unreachable.values()):
        message = f"this host has no way to port {settings.port} of {settings.host} ({reasons})"
        advice = f"look at the network of this host, and at what may connect from it: {_NOTHING_SAID}"
    else:
        message = f"nothing takes a connection on port {settings.port} of {settings.host} ({reasons})"
        advice = f"correct {words.server} and {words.port}, or let this host through the firewall"
    return Finding("unreachable", "error", words.server, message, advice)


def _unusual_port(settings: Configuration) -> t.Iterator[Finding]:
    """A guess, for where the server itself said nothing better."""
    usual = _USUAL.get(settings.port)
    if usual is not None and settings.encryption not in usual:
        message = f"port {settings.port} is unusual where {settings.says}"
        advice = f"if the port is right, {settings.change_to(usual[0])}"
        yield Finding("unusual_port", "info", settings.words.port, message, advice)


def _no_smtp(settings: Configuration, observation: Observation) -> Finding:
    """The finding where something takes the connection, and does not turn out to be an SMTP server."""
    port, words = settings.port, settings.words
    failures = [one.failure for one in (observation.session, observation.other) if one and one.failure]
    heard = next((failure.heard for failure in failures if failure.heard), b"").decode("utf-8", "backslashreplace")
    if protocol_of(heard) is not None:
        return _another_protocol(settings, protocol_of(heard), heard)
    if _OF_SMTP.match(heard):
        broken = next((failure for failure in failures if failure.step is Step.BANNER and not failure.cause), None)
        end = f"({broken.reason})" if broken else "in time"
        message = f"port {port} takes connections, and does not end its greeting {end}: it says {settings.quote(heard)}"
        return Finding("no_greeting", "error", words.port, message, _CHECK_HOST if broken else _LATE)
    if heard:
        return _says_something_else(settings, heard)
    handshake = next((failure for failure in failures if failure.step is Step.TLS), None)
    if observation.old_tls is not None:
        return _old_tls(settings, observation, handshake)
    reason = settings.quote(failures[0].reason) if failures else ""
    if all(failure.cause == "no_answer" for failure in failures):
        message = f"port {port} takes connections, and sends no greeting, neither in clear nor in TLS ({reason})"
        return Finding("no_greeting", "error", words.port, message, _LATE)
    if handshake is not None and handshake.cause == "tls_failed":
        message = (
            f"port {port} speaks TLS from the first byte, and TLS with it fails: {settings.quote(handshake.reason)}"
        )
        return Finding("tls_failed", "error", words.port, message, _for_tls(handshake))
    if observation.session.tls_first and handshake is not None:
        message = (
            f"TLS with port {port} fails ({settings.quote(handshake.reason)}), and in clear it does not speak SMTP"
        )
        return Finding("tls_failed", "error", words.port, message, _CHECK_HOST)
    message = f"port {port} takes connections, but speaks SMTP neither in clear nor in TLS ({reason})"
    return Finding("no_smtp", "error", words.port, message, _CHECK_HOST)


def _for_tls(failure: Failure) -> str:
    """What to do where the handshake failed."""
    return _NO_CERTIFICATE if failure.reason.startswith(WANTS_A_CERTIFICATE) else _NEW_TLS


def _another_protocol(settings: Configuration, protocol: str | None, words: str) -> Finding:
    port, field = settings.port, settings.words.port
    message = f"port {port} speaks {protocol}, and not SMTP: it says {settings.quote(words)}"
    return Finding("another_protocol", "error", field, message, f"set {field} to the port for SMTP")


def _says_something_else(settings: Configuration, words: str) -> Finding:
    message = f"port {settings.port} takes connections, and does not speak SMTP: it says {settings.quote(words)}"
    return Finding("no_smtp", "error", settings.words.port, message, _CHECK_HOST)


def _old_tls(settings: Configuration, observation: Observation, failure: Failure | None) -> Finding:
    """The finding where only a client of old comes to agree with the server."""
    tls = observation.old_tls
    agreed = f"{tls.version}, {tls.cipher}" if tls else ""
    reason = settings.quote(failure.reason) if failure else ""
    message = f"the TLS of port {settings.port} is too old ({reason}): it agrees to {agreed} with a client of old"
    return Finding("tls_too_old", "error", settings.words.port, message, _NEW_TLS)


def _broken_off(settings: Configuration, observation: Observation) -> t.Iterator[Finding]:
    """Where the conversation ended before its end. What went wrong at the login is reported elsewhere."""
    session = observation.session
    failure = session.failure
    if failure is None or failure.step is Step.LOGIN or refused_unoffered(session):
        return
    if failure.reply is not None:
        yield _refused(settings, session, failure)
    elif failure.step is Step.TLS and observation.old_tls is not None:
        yield _old_tls(settings, observation, failure)
    elif failure.step is Step.TLS:
        message = f"TLS with port {settings.port} fails: {settings.quote(failure.reason)}"
        yield Finding("tls_failed", "error", settings.words.port, message, _for_tls(failure))
    else:
        message = f"the conversation breaks off at {failure.step.value}: {settings.quote(failure.reason)}"
        yield Finding("broken_off", "error", settings.words.server, message, "let the server's log say why")


def _refused(settings: Configuration, session: Session, failure: Failure) -> Finding:
    """The finding for a reply that ended the conversation."""
    words, answers = settings.words, f"answers {settings.quote(failure.reply)}"
    reply = t.cast("Reply", failure.reply)
    if failure.step is Step.STARTTLS:
        message = f"the server offers STARTTLS, and does not do it: {answers}"
        return refusal(settings, "starttls_refused", words.mode, message, judged(settings, reply, STARTTLS))
    said = "\n".join(dict.fromkeys(map(str, (session.banner, reply))))
    protocol = "NNTP" if failure.step is Step.BANNER and reply.code in _NNTP_GREETS else protocol_of(said)
    if protocol is not None:
        return _another_protocol(settings, protocol, said)
    if failure.step is Step.BANNER and reply.code < _REFUSAL:
        return _says_something_else(settings, said)
    if failure.step is Step.BANNER:
        message = f"the server turns this host away: it {answers}"
        return refusal(settings, "turned_away", words.server, message, judged(settings, reply, CONNECT))
    message = f"the conversation breaks off at {failure.step.value}: {answers}"
    return refusal(settings, "broken_off", words.server, message, judged(settings, reply, EHLO))
