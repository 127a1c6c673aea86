# Copyright (c) 2026, the mailfleet.email authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses in their two spellings."""

from __future__ import annotations

import unicodedata
from typing import NoReturn

import idna
import pytest

from ansible_collections.mailfleet.email.plugins.module_utils._mail.mail_address import comparable, spellings


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("A@Example.com", "a@example.com"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
        (unicodedata.normalize("NFD", "a@bücher.example"), "a@xn--bcher-kva.example"),
        ("a@XN--BCHER-KVA.example", "a@xn--bcher-kva.example"),
        ('"Ü@b"@bücher.example', '"ü@b"@xn--bcher-kva.example'),
        ("a@пример。рф", "a@xn--e1afmkfd.xn--p1ai"),
        # By the rules of 2008 it is no ss.
        ("a@straße.example", "a@xn--strae-oqa.example"),
        # What the rules of 2008 do not know, those before may.
        ("a@☕.example", "a@xn--53h.example"),
        # What stands before the at sign is not touched: neither encoded nor composed.
        ("Müller@bücher.example", "müller@xn--bcher-kva.example"),
        ("u\u0308@example.com", "u\u0308@example.com"),
        ("ﬁ@example.com", "ﬁ@example.com"),
        ("straße@example.com", "straße@example.com"),
        # No domains, or none that can be encoded.
        ("nobody", "nobody"),
        ("", ""),
        ("a@", "a@"),
        ("a@under_score.example", "a@under_score.example"),
        ("a@ü..example", "a@ü..example"),
        ("a@" + "ü" * 300, "a@" + "ü" * 300),
    ],
)
def test_what_is_compared(address: str, same: str) -> None:
    assert comparable(address) == same


@pytest.mark.parametrize(
    ("address", "both"),
    [
        ("a@example.com", ["a@example.com"]),
        ("a@bücher.example", ["a@xn--bcher-kva.example", "a@bücher.example"]),
        ("a@XN--BCHER-KVA.example", ["a@xn--bcher-kva.example", "a@bücher.example"]),
        ("a@xn--.example", ["a@xn--.example"]),
        ('"ü@b"@bücher.example', ['"ü@b"@xn--bcher-kva.example', '"ü@b"@bücher.example']),
        ("a@" + "xn--a." * 100 + "example", ["a@" + "xn--a." * 100 + "example"]),
    ],
)
def test_spellings(address: str, both: list[str]) -> None:
    assert spellings(address) == both


@pytest.mark.parametrize(("length", "called"), [(252, True), (253, True), (254, False), (20_000, False)])
@pytest.mark.parametrize(("start", "name"), [("ü", "encode"), ("xn--a", "decode")])
def test_what_is_too_long_for_a_domain_is_not_encoded(
    monkeypatch: pytest.MonkeyPatch, length: int, called: bool, start: str, name: str
) -> None:
    """It would take long, and it is none."""
    calls = []

    def encoded(domain: str, **_options: bool) -> NoReturn:
        calls.append(domain)
        raise UnicodeError

    monkeypatch.setattr(idna, name, encoded)
    domain = start.ljust(length, "a")
    assert spellings(f"a@{domain}") == [f"a@{domain}"]
    assert bool(calls) is called
