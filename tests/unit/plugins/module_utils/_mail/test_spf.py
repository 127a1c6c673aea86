# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an SPF record amounts to, with those that it leads to (RFC 7208)."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.spf import Spf, SpfUnanswered, analyse
from ansible_collections.mailfleet.email.plugins.module_utils._mail.spf_terms import is_almost_spf

Zone = dict[tuple[str, str], list[str]]


def found(record: str, zone: Zone | None = None) -> Spf:
    """The analysis of a record of `a.example`; names of the zone that begin with `mute.` are not answered."""

    def ask(name: str, kind: str) -> Sequence[str]:
        if name.startswith("mute."):
            raise SpfUnanswered("no answer within 1 seconds")
        return (zone or {}).get((name, kind), [])

    return analyse("a.example", record, ask)


def including(record: str) -> Zone:
    return {("b.example", "TXT"): ["other", record]}


@pytest.mark.parametrize(
    ("record", "end"),
    [
        ("v=spf1 -all", "-"),
        ("v=spf1 ~all", "~"),
        ("V=SPF1 ?ALL", "?"),
        ("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ip4:192.0.2.1 -all", "-"),
        ("v=spf1", ""),
        ("v=spf1 exp=explain.example.com x-else=1 -all", "-"),
    ],
)
def test_records_that_are_fine(record: str, end: str) -> None:
    assert found(record) == Spf(end=end)


@pytest.mark.parametrize(
    ("record", "zone", "way"),
    [
        ("v=spf1 +all", {}, ["a.example"]),
        ("v=spf1 all", {}, ["a.example"]),
        ("v=spf1 include:b.example -all", including("v=spf1 +all"), ["a.example", "b.example"]),
        ("v=spf1 redirect=b.example", including("v=spf1 all"), ["a.example", "b.example"]),
        (
            "v=spf1 include:b.example -all",
            {**including("v=spf1 redirect=c.example"), ("c.example", "TXT"): ["v=spf1 +all"]},
            ["a.example", "b.example", "c.example"],
        ),
        ("v=spf1 ip4:0.0.0.0/0 -all", {}, ["a.example"]),
        ("v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all", {}, ["a.example"]),
        ("v=spf1 ip6:::/0 -all", {}, ["a.example"]),
        ("v=spf1 a/0 -all", {("a.example", "A"): ["192.0.2.1"]}, ["a.example"]),
        ("v=spf1 mx//0 -all", {("a.example", "MX"): ["10 mail.a.example."]}, ["a.example"]),
        # It asks the same for everybody, and finds something.
        ("v=spf1 exists:b.example -all", {("b.example", "A"): ["192.0.2.1"]}, ["a.example"]),
        ("v=spf1 ip4:0.0.0.0/1 include:b.example -all", including("v=spf1 ip4:128.0.0.0/1 ~all"), ["a.example"]),
    ],
)
def test_everybody_may_send(record: str, zone: Zone, way: list[str]) -> None:
    assert found(record, zone).open_to_all == way


@pytest.mark.parametrize(
    ("record", "zone"),
    [
        ("v=spf1 -include:b.example ~all", including("v=spf1 +all")),
        ("v=spf1 -all +all", {}),
        ("v=spf1 include:b.example -all", including("v=spf1 -all")),
        ("v=spf1 -all redirect=b.example", including("v=spf1 +all")),
        ("v=spf1 ip4:0.0.0.0/1 ip6:8000::/1 -all", {}),
        ("v=spf1 -ip4:0.0.0.0/0 -all", {}),
    ],
)
def test_not_everybody_may_send(record: str, zone: Zone) -> None:
    analysis = found(record, zone)
    assert (analysis.open_to_all, analysis.invalid, analysis.dead) == ([], [], [])


@pytest.mark.parametrize(
    "term",
    [
        "ip:192.0.2.1",
        "ipv4:192.0.2.1",
        "ip4:192.0.2.256",
        "ip4:2001:db8::1",
        "ip6:192.0.2.1",
        "ip4",
        "ip4:192.0.2.0/33",
        "mx/33",
        "a:b.example//129",
        "include",
        "include:",
        "include:b",
        "include:b..example",
        "exists",
        "all:b.example",
        "redirect=",
        "-all;",
        "include:http://b.example/",
        "include:192.0.2.1",
        "a:192.0.2.1.",
        "ip4:192.0.2.0/255.255.255.0",
        "ip4:192.0.2.0/0.0.0.255",
        "ip6:fe80::1%eth0",
        "ip4:192.0.2.1\u00a0ip4:192.0.2.2",
        "ip4:192.0.2.1\tip4:192.0.2.2",
        "exists:%{x}.b.example",
        "exists:%{c}.b.example",
        "include:%b.example",
        "exists:%{i.b.example",
        "a:b.example,c.example",
        '"include:b.example"',
        "a/024",
        "mx:b.example/24//064",
        "exists:%{d0}.b.example",
        "include:%{i00r}.b.example",
    ],
)
def test_terms_that_are_none(term: str) -> None:
    [problem] = found(f"v=spf1 {term}").invalid
    assert repr(term) in problem


@pytest.mark.parametrize(
    ("record", "zone", "where"),
    [
        ("v=spf1 mx:c.example ~ all", {}, ""),
        ("v=spf1 - all", {}, ""),
        ("v=spf1 +all nonsense", {}, ""),
        ("v=spf1 ip4:0.0.0.0/0 ip4:x -all", {}, ""),
        ("v=spf1 include:b.example -all", including("v=spf1 nonsense +all"), " (in the record of b.example)"),
        ("v=spf1 redirect=b.example", including("v=spf1 ip4:0.0.0.0/0 ip4:x"), " (in the record of b.example)"),
    ],
)
def test_a_record_that_is_an_error_lets_nobody_send(record: str, zone: Zone, where: str) -> None:
    """A slip such as `- all` is one thing to correct, not two: no receiver gets as far as what would open it."""
    analysis = found(record, {**zone, ("c.example", "MX"): ["10 mail.c.example."]})
    [problem] = analysis.invalid
    assert problem.endswith(where)
    assert analysis.open_to_all == []


def test_an_error_further_on_leaves_open_what_stands_before_it() -> None:
    zone: Zone = {("b.example", "TXT"): ["v=spf1 +all"], ("c.example", "TXT"): ["v=spf1 nonsense -all"]}
    analysis = found("v=spf1 include:b.example include:c.example -all", zone)
    assert analysis.open_to_all == ["a.example", "b.example"]


def test_what_stands_behind_all() -> None:
    """It matches nobody, and what is wrong with it makes the whole record an error all the same."""
    analysis = found("v=spf1 -all include:b.example ip4:x", including("v=spf1 +all"))
    assert (analysis.end, analysis.open_to_all, analysis.lookups) == ("-", [], 0)
    assert analysis.ignored == ["'include:b.example' has no effect, since it stands behind all"]
    assert analysis.invalid == ["'ip4:x': ip4 takes an address or a network of its kind"]


@pytest.mark.parametrize(
    "term",
    [
        "exists:%{ir}.%{v}._spf.%{d2}",
        "include:%{L1R-}.b.example",
        "exists:%{i10}.%{d02}.b.example",
        "exp=%{c}.%{r}.b.example",
    ],
)
def test_macros_that_there_are(term: str) -> None:
    assert found(f"v=spf1 {term} -all").invalid == []


def test_a_modifier_that_stands_twice_and_one_that_looks_like_a_mechanism() -> None:
    assert found("v=spf1 redirect=b.example redirect=b.example", including("v=spf1 -all")).invalid == [
        "redirect= stands more than once"
    ]
    [ignored] = found("v=spf1 include=b.example -all").ignored
    assert ignored == "'include=b.example' has no effect, since include takes a colon and not ="


@pytest.mark.parametrize(
    ("zone", "problem"),
    [
        ({}, "include:b.example: b.example has no SPF record"),
        (including("v=spf2.0/pra -all"), "include:b.example: b.example has no SPF record"),
        ({("b.example", "TXT"): ["v=spf1 a", "v=spf1 mx"]}, "include:b.example: b.example has 2 SPF records"),
    ],
)
def test_what_leads_to_nothing(zone: Zone, problem: str) -> None:
    assert found("v=spf1 include:b.example -all", zone).dead == [problem]
    assert found("v=spf1 redirect=b.example", zone).dead == [problem.replace("include:", "redirect=")]


def test_what_is_wrong_further_on_says_where() -> None:
    analysis = found("v=spf1 include:b.example -all", including("v=spf1 nonsense include:c.example -all"))
    assert analysis.invalid == ["'nonsense' is no mechanism of SPF (in the record of b.example)"]
    assert analysis.dead == ["include:c.example: c.example has no SPF record (in the record of b.example)"]


def test_records_that_include_each_other_end() -> None:
    zone = {("b.example", "TXT"): ["v=spf1 include:A.example -all"]}
    assert found("v=spf1 include:b.example -all", zone).invalid == [
        "include:A.example leads back to where it came from (in the record of b.example)"
    ]


def test_look_ups_are_counted_with_those_further_on() -> None:
    zone: Zone = {(f"i{number}.example", "TXT"): ["v=spf1 a mx exists:%{i}.x.example -all"] for number in range(3)}
    zone |= {(f"i{number}.example", kind): ["192.0.2.1"] for number in range(3) for kind in ("A", "MX")}
    analysis = found("v=spf1 include:i0.example include:i1.example include:i2.example ptr -all", zone)
    assert analysis.lookups == 3 + 3 * 3 + 1
    assert len(analysis.macros) == 3
    assert analysis.void == []


def test_look_ups_that_find_nothing() -> None:
    zone: Zone = {("b.example", "AAAA"): ["2001:db8::1"], ("a.example", "MX"): ["10 mail.a.example."]}
    analysis = found("v=spf1 a a:b.example mx mx:c.example exists:d.example -all", zone)
    assert analysis.void == ["a.example", "c.example", "d.example"]


def test_too_many_mail_servers() -> None:
    zone: Zone = {("a.example", "MX"): [f"10 mail{number}.a.example." for number in range(11)]}
    assert found("v=spf1 mx -all", zone).invalid == ["mx: a.example has 11 mail servers, and more than 10 are an error"]


def test_what_depends_on_the_message_is_named_and_not_asked() -> None:
    analysis = found("v=spf1 include:%{d}.b.example exists:%{ir}.c.example redirect=%{d2}.d.example")
    assert len(analysis.macros) == 3
    assert (analysis.dead, analysis.void, analysis.lookups) == ([], [], 3)


def test_a_silent_server_leaves_it_open() -> None:
    analysis = found("v=spf1 include:mute.example a:mute.example -all")
    assert analysis.unanswered == "mute.example: no answer within 1 seconds"
    assert (analysis.dead, analysis.void) == ([], [])


def test_a_record_that_branches_without_end_is_left() -> None:
    """Each record includes two others: the questions are bounded."""
    asked: list[str] = []

    def ask(name: str, _kind: str) -> Sequence[str]:
        asked.append(name)
        return [f"v=spf1 include:l.{name} include:r.{name} -all"]

    analysis = analyse("a.example", "v=spf1 include:b.example -all", ask)
    assert len(asked) == 30
    assert analysis.lookups > 10


def test_a_redirect_beside_all_is_without_effect() -> None:
    for record in ("v=spf1 mx:b.example redirect=c.example -all", "v=spf1 -all REDIRECT=c.example"):
        analysis = found(record, {("b.example", "MX"): ["10 mail.b.example."]})
        [ignored] = analysis.ignored
        assert ignored.endswith("has no effect, since the record has all")
        assert (analysis.dead, analysis.end) == ([], "-")


def test_a_ptr_is_named() -> None:
    zone = including("v=spf1 ptr:%{d}.c.example ~all")
    analysis = found("v=spf1 PTR include:b.example -all", zone)
    assert analysis.ptr == ["PTR", "ptr:%{d}.c.example (in the record of b.example)"]
    assert (analysis.macros, analysis.lookups) == ([], 3)


@pytest.mark.parametrize(
    ("text", "nearly"),
    [
        ('"v=spf1 mx -all"', True),
        (" v=spf1 mx -all", True),
        ("v=spf1; mx -all", True),
        ("v=spf1,mx -all", True),
        ("v=spf1\u00a0mx -all", True),
        ("v=spf1\tmx", True),
        ("v = spf1 mx", True),
        ("spf1 mx -all", True),
        ("V=SPF 1 mx", True),
        ("v:spf1 mx", True),
        ("v=spf1", False),
        ("V=SPF1 mx", False),
        ("v=spf10", False),
        ("spf2.0/pra mx", False),
        ("google-site-verification=spf1", False),
        ("we use spf1", False),
    ],
)
def test_what_only_looks_like_a_record(text: str, nearly: bool) -> None:
    assert is_almost_spf(text) is nearly
