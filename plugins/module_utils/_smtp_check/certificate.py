# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about the certificate of an SMTP server."""

from __future__ import annotations

import typing as t

from .._mail.certificate import Certificate
from .._mail.smtp_session import Encryption
from .._mail.tls import CertificateProblem
from .facts import Configuration, Facts, Finding, Severity

SOON_DAYS = 21
"""How many days before its end a certificate is worth a warning."""

# The numbers that OpenSSL gives to what may be wrong with a certificate (X509_V_ERR_...).
_NOT_YET_VALID, _EXPIRED = 9, 10
_SELF_SIGNED, _UNKNOWN_ROOT = 18, 19
_UNKNOWN_ISSUER = (20, 21)
_TOO_WEAK = (66, 67, 68)
_CHECK_CLOCKS = "check the clocks of this host and the server"
_STRONGER = "get one of RSA with 2048 bits or more, or of an elliptic curve, signed with SHA-256, as all above it are"
_ON_ITS_OWN = "let the server send a certificate of an authority that is trusted"


def certificate_findings(settings: Configuration, facts: Facts) -> t.Iterator[Finding]:
    """What is wrong with the certificate: all of it at once, in terms that name what to change."""
    session = facts.observation.encrypted if facts.observation else None
    if session is None or session.tls is None:
        return
    judge = _Judge(settings, facts, session.certificate_problems)
    yield from judge.dates()
    yield from judge.name()
    yield from judge.trust()
    if not settings.verify and not session.certificate_problems and settings.words.verification:
        message = f"the certificate is good, but {settings.words.verification} is false, so any other would do as well"
        advice = f"set {settings.words.verification} to true"
        yield Finding("verification_off", "warning", settings.words.verification, message, advice)


class _Judge:
    def __init__(self, settings: Configuration, facts: Facts, problems: t.Sequence[CertificateProblem]) -> None:
        self._settings = settings
        self._facts = facts
        self._problems = problems

    def _finding(self, code: str, message: str, advice: str) -> Finding:
        """A problem that ends the connection, unless the settings do not care about it."""
        settings = self._settings
        severity: Severity = "error"
        if settings.encryption is Encryption.NONE:
            severity = "warning"
        elif not settings.verify:
            severity, message = "warning", f"{message}, which counts for nothing while {self._switch} is false"
        return Finding(code, severity, settings.words.server, message, advice)

    @property
    def _switch(self) -> str:
        return self._settings.words.verification

    def _words(self, text: str) -> str:
        return self._settings.quote(text)

    def dates(self) -> t.Iterator[Finding]:
        """What is wrong with the time for which the certificates are valid."""
        now = self._facts.now
        for position, certificate in enumerate(self._facts.chain):
            whose = "the certificate" if position == 0 else f"the certificate of {self._words(certificate.subject)}"
            days, end = certificate.days_left(now), f"{certificate.not_after:%Y-%m-%d}"
            if certificate.not_after <= now:
                message = f"{whose} expired {_days((now - certificate.not_after).days)} ago, on {end}"
                yield self._out_of_time("certificate_expired", message, "renew it on the server")
            elif certificate.not_before > now:
                message = f"{whose} is not valid before {certificate.not_before:%Y-%m-%d}"
                yield self._out_of_time("certificate_not_yet_valid", message, _CHECK_CLOCKS)
            elif days < SOON_DAYS:
                message = f"{whose} expires in {_days(days)}, on {end}"
                server = self._settings.words.server
                yield Finding("certificate_expires_soon", "warning", server, message, "renew it on the server")

    def _out_of_time(self, code: str, message: str, advice: str) -> Finding:
        """A certificate that ends the connection, unless OpenSSL found a way to an authority without it."""
        if any(not problem.is_about_name for problem in self._problems):
            return self._finding(code, message, advice)
        message = f"{message}, which the server sends, though it is not needed"
        server = self._settings.words.server
        return Finding(code, "warning", server, message, "take it out of the chain that the server sends")

    def trust(self) -> t.Iterator[Finding]:
        """What else OpenSSL found wrong."""
        for problem in self._problems:
            if problem.code == _SELF_SIGNED:
                yield self._finding("certificate_self_signed", "the certificate is signed by itself alone", _ON_ITS_OWN)
            elif problem.code == _UNKNOWN_ROOT or problem.code in _UNKNOWN_ISSUER:
                yield self._unknown_authority()
            elif problem.code in (_NOT_YET_VALID, _EXPIRED) and self._facts.chain:
                yield from self._authority_out_of_time(problem.code)
            elif problem.code in _TOO_WEAK:
                message = f"the certificate is too weak for this host ({self._words(problem.words)})"
                yield self._finding("certificate_too_weak", message, _STRONGER)
            elif not problem.is_about_name:
                message = f"the certificate does not verify ({self._words(problem.words)})"
                yield self._finding("certificate_refused", message, _ON_ITS_OWN)

    def _authority_out_of_time(self, code: int) -> t.Iterator[Finding]:
        """The finding where none of the certificates that were seen is to blame."""
        now = self._facts.now
        if any(certificate.not_after <= now or certificate.not_before > now for certificate in self._facts.chain):
            return
        authority = "the certificate of an authority above the server's own"
        if code == _EXPIRED:
            advice = "renew it, on the server and in what this host and the product trust"
            yield self._finding("certificate_expired", f"{authority} has expired", advice)
        else:
            yield self._finding("certificate_not_yet_valid", f"{authority} is not valid yet", _CHECK_CLOCKS)

    def name(self) -> t.Iterator[Finding]:
        """Whether it is another server's. OpenSSL says nothing of it where it stumbled over the authority before."""
        host = self._settings.server_name or self._settings.host
        own = self._facts.chain[0] if self._facts.chain else None
        if any(problem.is_about_name for problem in self._problems) or (
            self._problems and own is not None and not own.is_for(host)
        ):
            yield self._other_name(host, own)

    def _other_name(self, host: str, own: Certificate | None) -> Finding:
        names = own and (", ".join(own.names[:10]) or own.common_name)
        message = f"the certificate is for {self._words(names or 'nobody')}, not for {host}"
        advice = f"set {self._settings.words.server} to a name that it is for, or get one for {host}"
        if self._settings.sni_option:
            advice = (
                f"{advice}; where the server has several, give {self._settings.sni_option}, without which the product "
                "does not say which one it wants (SNI)"
            )
        return self._finding("certificate_other_name", message, advice)

    def _unknown_authority(self) -> Finding:
        chain = self._facts.chain
        if not chain:
            message = "this host does not know the authority of the certificate"
            return self._finding("certificate_unknown_authority", message, _ON_ITS_OWN)
        authority = self._words(chain[-1].issuer)
        if len(chain) == 1:
            message = (
                f"the certificate is signed by {authority}, which this host does not know, and whose own certificate "
                "the server does not send"
            )
            advice = "let the server send the whole chain; for an authority of your own, give ca_path"
        else:
            message = f"the certificate leads to {authority}, an authority that this host does not know"
            advice = "for an authority of your own, give ca_path, and let the product trust it too"
        return self._finding("certificate_unknown_authority", message, advice)


def _days(count: int) -> str:
    if count < 1:
        return "less than a day"
    return "1 day" if count == 1 else f"{count} days"
