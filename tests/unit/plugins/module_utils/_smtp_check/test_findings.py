# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings from facts that no server on the loopback interface can be made to show."""

from __future__ import annotations

import errno
import os
import socket
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.addresses import Address
from ansible_collections.mailfleet.email.plugins.module_utils._mail.certificate import Certificate
from ansible_collections.mailfleet.email.plugins.module_utils._mail.mail_domain import MailDomain
from ansible_collections.mailfleet.email.plugins.module_utils._mail.smtp_reader import Reply
from ansible_collections.mailfleet.email.plugins.module_utils._mail.smtp_session import (
    Encryption,
    Failure,
    Observation,
    Session,
    Step,
)
from ansible_collections.mailfleet.email.plugins.module_utils._mail.spf import Spf
from ansible_collections.mailfleet.email.plugins.module_utils._mail.tls import CertificateProblem, Tls
from ansible_collections.mailfleet.email.plugins.module_utils._products.itflex.check import _WORDS
from ansible_collections.mailfleet.email.plugins.module_utils._smtp_check.certificate import certificate_findings
from ansible_collections.mailfleet.email.plugins.module_utils._smtp_check.facts import Configuration, Facts, Finding
from ansible_collections.mailfleet.email.plugins.module_utils._smtp_check.link import link_findings
from ansible_collections.mailfleet.email.plugins.module_utils._smtp_check.sender import sender_findings

NOW = datetime(2026, 6, 15, 12, tzinfo=timezone.utc)
DAY = timedelta(days=1)
SETTINGS = Configuration(
    subject="check of an account",
    words=_WORDS,
    host="mail.example.com",
    port=587,
    encryption=Encryption.STARTTLS,
    sender_domain="example.com",
    wants_login=True,
    user="me@example.com",
    password="secret-passw0rd",
)
OWN = Certificate(
    "CN=mail.example.com", "CN=Authority", "mail.example.com", ("mail.example.com",), NOW - 90 * DAY, NOW + 90 * DAY
)
EXPIRED, NOT_YET_VALID = CertificateProblem(10, "has expired"), CertificateProblem(9, "is not yet valid")
OTHER_NAME = CertificateProblem(62, "hostname mismatch")
ADDRESS = Address(socket.AF_INET, ("192.0.2.25", 587))
SIX = Address(socket.AF_INET6, ("2001:db8::25", 587, 0, 0))
OTHER_SIX = Address(socket.AF_INET6, ("2001:db8::26", 587, 0, 0))


def about_certificates(*chain: Certificate, problems: tuple[CertificateProblem, ...] = ()) -> list[Finding]:
    session = Session(tls_first=False, tls=Tls("TLSv1.3", "cipher", ()), certificate_problems=problems)
    return list(certificate_findings(SETTINGS, Facts(NOW, observation=Observation(session, True), chain=chain)))


@pytest.mark.parametrize(
    ("left", "code", "severity", "words"),
    [
        (-30 * DAY, "certificate_expired", "error", "expired 30 days ago, on 2026-05-16"),
        (-1 * DAY, "certificate_expired", "error", "expired 1 day ago"),
        (-DAY / 2, "certificate_expired", "error", "expired less than a day ago"),
        (DAY / 2, "certificate_expires_soon", "warning", "expires in less than a day"),
        (20.5 * DAY, "certificate_expires_soon", "warning", "expires in 20 days, on 2026-07-06"),
        (21 * DAY, None, "", ""),
    ],
)
def test_end_of_a_certificate(left: timedelta, code: str | None, severity: str, words: str) -> None:
    problems = (EXPIRED,) if left < 0 * DAY else ()
    found = about_certificates(replace(OWN, not_after=NOW + left), problems=problems)
    assert [finding.code for finding in found] == ([code] if code else [])
    if code:
        assert found[0].severity == severity
        assert words in found[0].message


def test_certificate_of_tomorrow() -> None:
    (found,) = about_certificates(replace(OWN, not_before=NOW + DAY), problems=(NOT_YET_VALID,))
    assert (found.code, found.severity) == ("certificate_not_yet_valid", "error")


def test_authority_that_expired() -> None:
    authority = replace(OWN, subject="CN=Authority", not_after=NOW - 5 * DAY)
    (found,) = about_certificates(OWN, authority, problems=(EXPIRED,))
    assert found.severity == "error"
    assert found.message.startswith("the certificate of CN=Authority expired 5 days ago")


@pytest.mark.parametrize(
    ("problem", "code", "message"),
    [
        (EXPIRED, "certificate_expired", "the certificate of an authority above the server's own has expired"),
        (
            NOT_YET_VALID,
            "certificate_not_yet_valid",
            "the certificate of an authority above the server's own is not valid yet",
        ),
    ],
)
def test_authority_out_of_its_time_that_the_server_does_not_send(
    problem: CertificateProblem, code: str, message: str
) -> None:
    (found,) = about_certificates(OWN, problems=(problem,))
    assert (found.code, found.severity) == (code, "error")
    assert found.message.startswith(message)


@pytest.mark.parametrize("problems", [(), (OTHER_NAME,)], ids=["good", "of another name"])
@pytest.mark.parametrize(
    ("other", "code"),
    [
        (replace(OWN, subject="CN=Old", not_after=NOW - DAY), "certificate_expired"),
        (replace(OWN, subject="CN=New", not_before=NOW + DAY), "certificate_not_yet_valid"),
    ],
)
def test_certificate_out_of_its_time_that_is_not_needed(
    other: Certificate, code: str, problems: tuple[CertificateProblem, ...]
) -> None:
    """OpenSSL found a way to a trusted authority without it."""
    (found,) = [found for found in about_certificates(OWN, other, problems=problems) if found.code == code]
    assert found.severity == "warning"
    assert "which the server sends, though it is not needed" in found.message
    assert found.advice == "take it out of the chain that the server sends"


def test_other_words_of_openssl() -> None:
    (found,) = about_certificates(OWN, problems=(CertificateProblem(26, "unsuitable certificate purpose"),))
    assert (found.code, found.severity) == ("certificate_refused", "error")
    assert "unsuitable certificate purpose" in found.message


@pytest.mark.parametrize("number", [66, 67, 68])
def test_certificate_that_is_too_weak(number: int) -> None:
    (found,) = about_certificates(OWN, problems=(CertificateProblem(number, "certificate key too weak"),))
    assert (found.code, found.severity, found.evidence) == ("certificate_too_weak", "error", "proved")
    assert "certificate key too weak" in found.message
    assert "2048 bits" in found.advice


def test_authority_of_a_whole_chain() -> None:
    root = replace(OWN, subject="CN=Root", issuer="CN=Root")
    (found,) = about_certificates(OWN, root, problems=(CertificateProblem(19, "self-signed in chain"),))
    assert found.code == "certificate_unknown_authority"
    assert "leads to CN=Root" in found.message


def test_certificates_that_cannot_be_read() -> None:
    codes = {
        10: "certificate_refused",
        18: "certificate_self_signed",
        20: "certificate_unknown_authority",
        62: "certificate_other_name",
    }
    for number, code in codes.items():
        assert [finding.code for finding in about_certificates(problems=(CertificateProblem(number, "x"),))] == [code]


def about_sender(**domain: object) -> list[str]:
    facts = Facts(NOW, domain=MailDomain("example.com", **domain))  # type: ignore[arg-type]
    found = list(sender_findings(SETTINGS, facts))
    informing = ("dns_unanswered", "spf_open_end", "spf_ptr")
    assert all(finding.severity == ("info" if finding.code in informing else "warning") for finding in found)
    assert all(finding.field == "email" and "example.com" in finding.message for finding in found)
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("mx", "spf", "codes"),
    [
        (("mail.example.com",), ("v=spf1 mx -all",), []),
        (("mail.example.com",), ("v=spf1 redirect=_spf.example.net",), []),
        ((".",), ("v=spf1 -all",), ["mx_null"]),
        ((), (), ["mx_missing", "spf_missing"]),
        (("mail.example.com",), ("v=spf1 mx", "v=spf1 a"), ["spf_several"]),
        (("mail.example.com",), ("v=spf1 ?all",), []),
    ],
)
def test_records_of_the_sender_s_domain(mx: tuple[str, ...], spf: tuple[str, ...], codes: list[str]) -> None:
    assert about_sender(mx=mx, spf=spf) == codes


@pytest.mark.parametrize(
    ("analysis", "codes"),
    [
        (Spf(end="-"), []),
        (Spf(end="+", open_to_all=["example.com"]), ["spf_for_all"]),
        (Spf(end="-", lookups=10, void=["a.example", "b.example"]), []),
        (Spf(end="-", lookups=11), ["spf_too_many_lookups"]),
        (Spf(end="-", void=["a.example", "b.example", "c.example"]), ["spf_void_lookups"]),
        (Spf(invalid=["'x' is no mechanism of SPF"], dead=["include:b.example: …"]), ["spf_invalid", "spf_dead_end"]),
        (Spf(end="-", ignored=["'include=b.example' …"]), ["spf_ignored_term"]),
        (Spf(), ["spf_open_end"]),
        (Spf(end="-", ptr=["ptr"]), ["spf_ptr"]),
    ],
)
def test_what_an_spf_record_amounts_to(analysis: Spf, codes: list[str]) -> None:
    found = about_sender(mx=("mail.example.com",), spf=("v=spf1 …",), spf_analysis=analysis)
    assert found == codes


def test_what_lets_everybody_send_is_named() -> None:
    domain = MailDomain(
        "example.com", mx=("m",), spf=("v=spf1 …",), spf_analysis=Spf(end="-", open_to_all=["example.com", "b.net"])
    )
    [finding] = sender_findings(SETTINGS, Facts(NOW, domain=domain))
    assert finding.message == "the SPF record of example.com lets everybody send for it, by way of b.net"


def test_what_of_an_spf_record_is_not_known() -> None:
    spf = Spf(unanswered="b.example: no answer", macros=["exists:%{i}.example"])
    domain = MailDomain("example.com", mx=("m",), spf=("v=spf1 …",), spf_analysis=spf)
    found = list(sender_findings(SETTINGS, Facts(NOW, domain=domain)))
    assert [(finding.code, finding.severity) for finding in found] == [
        ("spf_unanswered", "info"),
        ("spf_macro", "info"),
    ]


def test_sender_s_domain_that_is_not_there() -> None:
    assert about_sender(exists=False) == ["sender_domain_unknown"]
    assert about_sender(unanswered="SERVFAIL") == ["dns_unanswered"]
    assert about_sender(unanswered="SERVFAIL", mx=()) == ["dns_unanswered", "mx_missing"]
    assert list(sender_findings(SETTINGS, Facts(NOW))) == []


def about_link(session: Session) -> list[Finding]:
    facts = Facts(NOW, addresses=(ADDRESS,), observation=Observation(session, True))
    return list(link_findings(SETTINGS, facts))


def test_tls_that_fails_after_starttls() -> None:
    session = Session(False, banner=Reply(220, "x"), failure=Failure(Step.TLS, "unsupported protocol"))
    (found,) = about_link(session)
    assert (found.code, found.severity, found.field) == ("tls_failed", "error", "smtp_port")
    assert found.message == "TLS with port 587 fails: unsupported protocol"


@pytest.mark.parametrize(
    ("code", "answering", "severity", "words"),
    [
        (errno.ENETUNREACH, ADDRESS, "info", "this host has no way to 2001:db8::25, an address of mail.example.com"),
        (errno.EAFNOSUPPORT, ADDRESS, "info", "this host has no way to 2001:db8::25"),
        (errno.ECONNREFUSED, ADDRESS, "warning", "2001:db8::25, an address of mail.example.com, does not answer"),
        (errno.ENETUNREACH, OTHER_SIX, "warning", "2001:db8::25, an address of mail.example.com, does not answer"),
    ],
)
def test_host_without_ipv6(code: int, answering: Address, severity: str, words: str) -> None:
    """What answers over IPv6 shows that this host has it."""
    session = Session(False, banner=Reply(220, "x"))
    facts = Facts(
        NOW,
        addresses=(SIX, answering),
        unreachable={SIX: os.strerror(code)},
        observation=Observation(session, True),
    )
    (found,) = link_findings(SETTINGS, facts)
    assert (found.code, found.severity) == ("address_unreachable", severity)
    assert found.message.startswith(words)
    assert os.strerror(code) in found.message
    assert bool(found.advice) == (severity == "warning")


@pytest.mark.parametrize("code", [errno.ENETUNREACH, errno.EPERM, errno.EACCES, errno.ENETDOWN])
def test_host_that_has_no_way_at_all(code: int) -> None:
    (found, *_others) = link_findings(SETTINGS, Facts(NOW, addresses=(SIX,), unreachable={SIX: os.strerror(code)}))
    assert (found.code, found.severity) == ("unreachable", "error")
    assert "the network of this host" in found.advice
    both = {SIX: os.strerror(code), ADDRESS: os.strerror(errno.ECONNREFUSED)}
    (found, *_others) = link_findings(SETTINGS, Facts(NOW, addresses=(SIX, ADDRESS), unreachable=both))
    assert found.advice.startswith("correct smtp_server and smtp_port")


def test_host_whose_name_servers_are_silent() -> None:
    problem = "Temporary failure in name resolution"
    (found,) = link_findings(SETTINGS, Facts(NOW, host_problem=problem, host_problem_is_here=True))
    assert (found.code, found.severity) == ("host_unknown", "error")
    assert found.advice.startswith("look at the name servers that this host asks")
    (found,) = link_findings(SETTINGS, Facts(NOW, host_problem="Name or service not known"))
    assert found.advice == "correct smtp_server, or the DNS"


def test_record_that_only_looks_like_spf() -> None:
    domain = MailDomain("example.com", mx=("m",), spf=(), almost_spf=('"v=spf1 -all"',))
    (found,) = sender_findings(SETTINGS, Facts(NOW, domain=domain))
    assert (found.code, found.severity) == ("spf_missing", "warning")
    assert "none to those who check it" in found.message


def test_words_of_the_server_that_repeat_the_password() -> None:
    reply = Reply(454, "4.7.0 not with secret-passw0rd")
    session = Session(False, banner=Reply(220, "x"), failure=Failure(Step.STARTTLS, "", reply))
    (found,) = about_link(session)
    assert "secret-passw0rd" not in found.text
    assert "left out" in found.text
