# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""MX and SPF records, asked of a real DNS server."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import dns.rcode
import pytest
from dns.exception import DNSException, Timeout

from ansible_collections.mailfleet.email.plugins.module_utils._mail import mail_domain
from ansible_collections.mailfleet.email.plugins.module_utils._mail.mail_domain import (
    DnsServer,
    MailDomain,
    dns_server,
    look_up,
)
from ansible_collections.mailfleet.email.plugins.module_utils._mail.spf import SpfUnanswered
from tests.unit.plugins.module_utils._mail.dns_server import DnsZone, serve_dns


def looked_up(zone: DnsZone, domain: str, timeout: float = 5.0) -> MailDomain:
    with serve_dns(zone):
        return look_up(domain, [dns_server(zone.address)], timeout)


def test_both_kinds_of_records() -> None:
    zone = DnsZone(
        {
            ("example.com", "MX"): ["20 second.example.com.", "10 first.example.com."],
            ("example.com", "TXT"): [
                '"google-site-verification=x"',
                '"V=SPF1 include:" "example.net -all"',
                '"v=spf10"',
            ],
        }
    )
    found = looked_up(zone, "example.com")
    assert found == MailDomain(
        "example.com",
        mx=("first.example.com", "second.example.com"),
        spf=("V=SPF1 include:example.net -all",),
        spf_analysis=found.spf_analysis,
    )
    assert found.spf_analysis is not None
    assert found.spf_analysis.dead == ["include:example.net: example.net has no SPF record"]
    assert zone.questions == [("example.com", "MX"), ("example.com", "TXT"), ("example.net", "TXT")]


def test_what_an_spf_record_leads_to_is_asked_for_too() -> None:
    zone = DnsZone(
        {
            ("example.com", "TXT"): ['"v=spf1 include:example.net include:example.org a mx -all"'],
            ("example.net", "TXT"): ['"v=spf1 +" "all"'],
            ("example.com", "A"): ["192.0.2.1"],
        },
        failing={"example.org": dns.rcode.SERVFAIL},
    )
    analysis = looked_up(zone, "example.com").spf_analysis
    assert analysis is not None
    assert (analysis.lookups, analysis.void, analysis.end) == (4, ["example.com"], "-")
    assert analysis.open_to_all == ["example.com", "example.net"]
    assert analysis.unanswered.startswith("example.org: ")
    assert "SERVFAIL" in analysis.unanswered


def test_an_spf_record_whose_servers_are_silent_takes_bounded_time() -> None:
    names = [f"i{number}.example.com" for number in range(9)]
    record = " ".join(f"include:{name}" for name in names)
    zone = DnsZone({("example.com", "TXT"): [f'"v=spf1 {record} -all"']}, failing=dict.fromkeys(names))
    analysis = looked_up(zone, "example.com", timeout=0.2).spf_analysis
    assert analysis is not None
    assert analysis.unanswered == "i0.example.com: no answer within 0.2 seconds"
    # The time of a few questions is enough for all.
    assert 2 <= len({name for name, _kind in zone.questions} & set(names)) < 9


def test_none_of_the_records() -> None:
    found = looked_up(DnsZone({("example.com", "A"): ["192.0.2.1"]}), "example.com.")
    assert (found.exists, found.mx, found.spf, found.unanswered) == (True, (), (), "")


def test_domain_that_takes_no_mail() -> None:
    assert looked_up(DnsZone({("example.com", "MX"): ["0 ."]}), "example.com").mx == (".",)


def test_unknown_domain_is_asked_for_once() -> None:
    zone = DnsZone()
    assert looked_up(zone, "example.com") == MailDomain("example.com", exists=False)
    assert zone.questions == [("example.com", "MX")]


def test_server_that_cannot_answer() -> None:
    found = looked_up(DnsZone(failing={"example.com": dns.rcode.SERVFAIL}), "example.com")
    assert (found.exists, found.mx, found.spf) == (True, None, None)
    assert "SERVFAIL" in found.unanswered


def test_server_that_does_not_answer() -> None:
    found = looked_up(DnsZone(failing={"example.com": None}), "example.com", timeout=0.2)
    assert found == MailDomain("example.com", unanswered="no answer within 0.2 seconds")


@pytest.mark.parametrize("domain", ["a..example.com", f"{'a' * 64}.example.com", "\udcff.example.com"])
def test_name_that_cannot_be_asked_for(domain: str) -> None:
    assert looked_up(DnsZone(), domain).unanswered


def test_name_beyond_ascii() -> None:
    zone = DnsZone({("xn--mller-kva.example", "MX"): ["10 mail.example.com."]})
    assert looked_up(zone, "müller.example").mx == ("mail.example.com",)


@pytest.mark.parametrize(
    ("domain", "asked"),
    [
        # By the rules of 2008, as mail is addressed: those of 2003 make another domain of it.
        ("straße.example", "xn--strae-oqa.example"),
        ("STRAẞE.example", "xn--strae-oqa.example"),
        ("☕.example", "xn--53h.example"),
        ("XN--STRAE-OQA.example.", "xn--strae-oqa.example"),
    ],
)
def test_letters_that_have_two_encodings(domain: str, asked: str) -> None:
    zone = DnsZone({(asked, "MX"): ["10 mail.example.com."]})
    assert looked_up(zone, domain).mx == ("mail.example.com",)


def test_what_an_spf_record_says_of_its_own_domain_is_asked_by_the_same_rules() -> None:
    own = "xn--strae-oqa.example"
    zone = DnsZone({(own, "TXT"): [f'"v=spf1 a mx include:{own} -all"'], (own, "A"): ["192.0.2.1"]})
    analysis = looked_up(zone, "straße.example").spf_analysis
    assert analysis is not None
    assert analysis.void == [own]
    assert analysis.invalid == [f"include:{own} leads back to where it came from"]
    assert {name for name, _kind in zone.questions} == {own}


def test_a_record_behind_another_name() -> None:
    """A TXT record may be an alias (CNAME) of another; one that leads nowhere is none."""
    zone = DnsZone(
        {
            ("example.com", "TXT"): ['"v=spf1 include:example.net include:example.org -all"'],
            ("example.net", "CNAME"): ["spf.example.net."],
            ("spf.example.net", "TXT"): ['"v=spf1 ip4:192.0.2.1 -all"'],
            ("example.org", "CNAME"): ["gone.example.org."],
        }
    )
    analysis = looked_up(zone, "example.com").spf_analysis
    assert analysis is not None
    assert analysis.dead == ["include:example.org: example.org has no SPF record"]


def test_a_record_that_only_looks_like_spf() -> None:
    zone = DnsZone({("example.com", "TXT"): ['"\\"v=spf1 mx -all\\""', '"x"']})
    found = looked_up(zone, "example.com")
    assert (found.spf, found.almost_spf) == ((), ('"v=spf1 mx -all"',))


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("192.0.2.53", DnsServer("192.0.2.53")),
        ("192.0.2.53:5353", DnsServer("192.0.2.53", 5353)),
        ("192.0.2.53:1", DnsServer("192.0.2.53", 1)),
        ("192.0.2.53:65535", DnsServer("192.0.2.53", 65535)),
        ("2001:db8::53", DnsServer("2001:db8::53")),
        ("[2001:db8::53]:5353", DnsServer("2001:db8::53", 5353)),
    ],
)
def test_servers(text: str, server: DnsServer) -> None:
    assert dns_server(text) == server


@pytest.mark.parametrize(
    "text",
    [
        *("dns.example.com", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:65536", "", "::1:x"),
        *("[2001:db8::53a:53", "a2001:db8::53]:53"),
    ],
)
def test_what_is_no_server(text: str) -> None:
    with pytest.raises(ValueError, match="must be the address of a DNS server"):
        dns_server(text)


NOBODY: Any = SimpleNamespace()


def answering(monkeypatch: pytest.MonkeyPatch, texts: Any) -> None:
    """Let the MX record of each domain be known, and the rest be `texts`, or fail with them."""

    def ask(_resolver: object, _name: str, kind: str) -> Any:
        if kind == "MX":
            return [SimpleNamespace(preference=10, exchange="mail.example.X.")]
        if isinstance(texts, Exception):
            raise texts
        return texts

    monkeypatch.setattr(mail_domain, "_ask", ask)


FAULTS = pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (Timeout, "no answer within 5 seconds"),
        (partial(DNSException, "broken"), "broken"),
        (OSError, "OSError"),
        (UnicodeError, "UnicodeError"),
    ],
)


@FAULTS
def test_what_is_known_by_then_is_reported(monkeypatch: pytest.MonkeyPatch, kind: Any, reason: str) -> None:
    answering(monkeypatch, kind())
    found = look_up("example.com", [DnsServer("192.0.2.53")], 5.0)
    assert found == MailDomain("example.com", mx=("mail.example.X",), unanswered=reason)


@FAULTS
def test_why_a_record_further_on_is_not_known(monkeypatch: pytest.MonkeyPatch, kind: Any, reason: str) -> None:
    answering(monkeypatch, kind())
    with pytest.raises(SpfUnanswered, match=f"^{reason}$"):
        mail_domain._asking(NOBODY, 5.0)("example.com", "TXT")


def test_no_question_is_asked_when_the_time_is_over() -> None:
    with pytest.raises(SpfUnanswered, match=r"^the time for questions is over$"):
        mail_domain._asking(NOBODY, -1.0)("example.com", "TXT")


def test_records_as_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ["192.0.2.1", SimpleNamespace(strings=(b"v=sp", b"f1 \xff"))])
    assert mail_domain._asking(NOBODY, 5.0)("example.com", "A") == ["192.0.2.1", "v=spf1 \ufffd"]


def test_a_domain_loses_its_final_dot_and_nothing_else() -> None:
    assert looked_up(DnsZone({("example.xxx", "MX"): ["10 mail.example.com."]}), "example.XXX.").mx


@pytest.mark.parametrize("servers", [[], [DnsServer("192.0.2.53", 5353)]])
def test_the_system_s_servers_are_asked_where_none_is_given(
    monkeypatch: pytest.MonkeyPatch, servers: list[DnsServer]
) -> None:
    monkeypatch.setattr("dns.resolver.Resolver", lambda configure: SimpleNamespace(configured=bool(configure)))
    resolver: Any = mail_domain._resolver(servers, 5.0)
    assert resolver.configured is not bool(servers)
